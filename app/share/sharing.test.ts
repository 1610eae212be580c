import { expect, test } from 'vitest'
import type { ToWorker } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import { loadCatalogue } from '../scene/load-catalogue'
import { createPrefsStore } from '../store/prefs'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { createSharing } from './sharing'

function page() {
  const [run, ui] = [createRunStore(), createUiStore()]
  const prefs = createPrefsStore(() => ({ getItem: () => null, setItem: () => {}, removeItem: () => {} }))
  const sent: ToWorker[] = []
  const notices: string[] = []
  const sharing = createSharing({
    run,
    ui,
    prefs,
    commands: { lookAtLog: () => {}, notice: (text: string) => void notices.push(text) } as Partial<Commands> as Commands,
    send: (message) => void sent.push(message),
    copy: async () => true,
    save: () => {},
    address: () => 'http://127.0.0.1/',
  })
  return { run, ui, prefs, sharing, sent, notices }
}

test('the spacing of a link is that of its run, and no preference', () => {
  const { ui, prefs, sharing } = page()
  sharing.opened({ spacing: 'event' }, true)
  expect(ui.getState().timeline.spacing).toBe('event')
  expect(prefs.getState().spacing).toBe('true')
  expect(sharing.view().spacing).toBe('event')
  sharing.opened({}, true)
  expect(ui.getState().timeline.spacing).toBeNull()
})

test('a story that was handed on has its title again, and another run has not', async () => {
  const { ui, sharing } = page()
  const { catalogue } = await loadCatalogue()
  const story = catalogue.find(({ name }) => name === 'too-late')!
  ui.setState({ scenario: story })
  const view = sharing.view()
  expect(view).toEqual({ story: 'too-late' })
  sharing.opened(view, true)
  await loadCatalogue()
  await Promise.resolve()
  expect(ui.getState()).toMatchObject({ foreign: 'link', scenario: { title: story.title } })
  // Who begins another run before the catalogue is there keeps that one's title.
  sharing.opened(view, true)
  ui.setState({ foreign: null, scenario: null })
  await loadCatalogue()
  await Promise.resolve()
  expect(ui.getState().scenario).toBeNull()
  sharing.opened({ story: 'no-such-story' }, true)
  await loadCatalogue()
  await Promise.resolve()
  expect(ui.getState().scenario).toBeNull()
})

test('a limit of events takes the place of what is not true then', () => {
  const { ui, sharing, notices } = page()
  const tidings = () => ui.getState().tidings.map(({ kind }) => kind)
  ui.setState({ tidings: [{ kind: 'restored', text: '' }] })
  sharing.fellShort({ what: 'place', branch: null, at: 1, until: 2 })
  expect(tidings()).toEqual(['restored', 'short'])
  sharing.fellShort({ what: 'future', branch: null, at: 1, until: 2 })
  expect(tidings()).toEqual(['short'])
  sharing.fellShort({ what: 'difference', back: true, lookedTo: null })
  expect(notices).toEqual(['The branches have no earlier difference.'])
})
