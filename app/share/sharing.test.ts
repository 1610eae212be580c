import { expect, test } from 'vitest'
import type { ToWorker } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import { loadCatalogue } from '../scene/load-catalogue'
import { createPrefsStore } from '../store/prefs'
import { createRunStore } from '../store/run'
import { createUiStore, type LockForm } from '../store/ui'
import { createSharing, linkIn } from './sharing'

function page() {
  const [run, ui] = [createRunStore(), createUiStore()]
  const prefs = createPrefsStore(() => ({
    getItem: () => null,
    setItem: () => {},
    removeItem: () => {},
  }))
  const sent: ToWorker[] = []
  const notices: string[] = []
  const copied: string[] = []
  const opened: string[] = []
  const refusals: string[] = []
  const sharing = createSharing({
    run,
    ui,
    prefs,
    commands: {
      lookAtLog: () => {},
      notice: (text: string) => void notices.push(text),
      refuse: (why: string) => void refusals.push(why),
      openStory: ({ name }) => void opened.push(name),
      openStep: async ({ name, step }) => void opened.push(`${name} ${step}`),
    } as Partial<Commands> as Commands,
    send: (message) => void sent.push(message),
    copy: async (text) => copied.push(text) > 0,
    save: () => {},
    address: () => 'http://127.0.0.1/',
  })
  return { run, ui, prefs, sharing, sent, notices, copied, opened, refusals }
}

test('the spacing of a link is that of its run, not a preference', () => {
  const { ui, prefs, sharing } = page()
  sharing.opened({ spacing: 'event' }, true)
  expect(ui.getState().timeline.spacing).toBe('event')
  expect(prefs.getState().spacing).toBe('true')
  expect(sharing.view().spacing).toBe('event')
  sharing.opened({}, true)
  expect(ui.getState().timeline.spacing).toBeNull()
})

test('a shared story has its title again, and another run has not', async () => {
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
  // A reader who begins another run before the catalogue is loaded keeps that run's title.
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

test('a run from elsewhere is in no lesson, has no other numbers, and no form covers it', () => {
  const { ui, sharing } = page()
  const form: LockForm = {
    tab: 'lock',
    story: false,
    lock: null,
    tried: null,
    needs: null,
    figured: null,
    opened: null,
  }
  ui.setState({ lesson: { name: 'locks', step: 1 }, numbers: 2, form })
  sharing.opened({}, true)
  expect(ui.getState()).toMatchObject({ lesson: null, numbers: 0, form: null })
})

test('the notice of a limit of events replaces notices that are no longer true', () => {
  const { ui, sharing, notices } = page()
  const shown = () => ui.getState().notices.map(({ kind }) => kind)
  ui.setState({ notices: [{ kind: 'restored', text: '' }] })
  sharing.fellShort({ what: 'place', branch: null, at: 1, until: 2 })
  expect(shown()).toEqual(['restored', 'short'])
  sharing.fellShort({ what: 'future', branch: null, at: 1, until: 2 })
  expect(shown()).toEqual(['short'])
  sharing.fellShort({ what: 'difference', back: true, lookedTo: null })
  expect(notices).toEqual(['The branches have no earlier difference.'])
})

test.each([
  ['#scenario/too-late', 'too-late', null],
  ['#scenario/too-late/2', 'too-late', 1],
  ['#lesson/leases', 'leases 0', null],
  ['#lesson/leases/3', 'leases 2', null],
  ['#lesson/leases/3/1', 'leases 2', 0],
])('the address %s opens a story, at its stop if it names one', async (hash, story, stop) => {
  const { sharing, sent, opened } = page()
  expect(await sharing.follow(hash)).toBe(true)
  await Promise.resolve()
  expect(opened).toEqual([story])
  expect(sent).toEqual(stop === null ? [] : [{ type: 'seek-stop', stop }])
  expect(linkIn(`http://127.0.0.1/${hash}`)).toBe(hash)
})

test.each([
  '#scenario/too-late/0',
  '#scenario/too-late/2/3',
  '#scenario/too-late/x',
  '#lesson/leases/3/1/1',
  '#lesson/leases/99/1',
])('the address %s is refused', async (hash) => {
  expect(await page().sharing.prepare(hash)).toMatchObject({ ok: false })
})

test('a link goes to its requester: another tab, lines of HTML, or the clipboard', async () => {
  const { run, sharing, sent, copied, notices } = page()
  run.setState({ opened: 1 })
  const shared = { type: 'shared', form: 'link', text: '{}', plain: 'seed=1&at=2' } as const
  const link = sharing.link()
  await sharing.deliver(shared)
  expect(await link).toBe('http://127.0.0.1/#r1?seed=1&at=2')
  const embed = sharing.copyEmbed()
  await sharing.deliver(shared)
  await embed
  expect(copied).toEqual([
    expect.stringContaining(
      '<iframe src="http://127.0.0.1/?embed#r1?seed=1&#38;at=2" title="Leasescope: A run of etcd"',
    ),
  ])
  // The answers go to the requesters in order.
  const before = sharing.link()
  sharing.share('link')
  await sharing.deliver(shared)
  expect(await before).toBe('http://127.0.0.1/#r1?seed=1&at=2')
  expect(copied).toHaveLength(1)
  await sharing.deliver(shared)
  expect(copied.at(-1)).toBe('http://127.0.0.1/#r1?seed=1&at=2')
  expect(notices).toEqual(['Lines of HTML copied', 'Link copied'])
  expect(sent).toHaveLength(4)
})

test('each of two requesters gets a link, and a refused or lost one is null', async () => {
  const { run, sharing, copied, refusals } = page()
  run.setState({ opened: 1 })
  const shared = { type: 'shared', form: 'link', text: '{}', plain: 'seed=1' } as const
  const link = sharing.link()
  const embed = sharing.copyEmbed()
  await sharing.deliver(shared)
  await sharing.deliver(shared)
  await embed
  expect(await link).toBe('http://127.0.0.1/#r1?seed=1')
  expect(copied).toHaveLength(1)
  // Refused: the next answer is for the next requester.
  const [refused, next] = [sharing.link(), sharing.link()]
  expect(sharing.refused('vary: no such lease')).toBe(false)
  expect(sharing.refused('share: the run is too long')).toBe(true)
  await sharing.deliver(shared)
  expect([await refused, await next]).toEqual([null, 'http://127.0.0.1/#r1?seed=1'])
  expect(refusals).toEqual(['the run is too long'])
  // The worker ends, is gone, or has no run yet.
  const lost = [sharing.link(), sharing.copyEmbed()]
  sharing.lost()
  expect(await Promise.all(lost)).toEqual([null, undefined])
  run.setState({ stopped: { message: 'out of luck', recording: null, what: 'crashed' } })
  expect(await sharing.link()).toBeNull()
  run.setState({ stopped: null, opened: 0 })
  expect(await sharing.link()).toBeNull()
  expect(copied).toHaveLength(1)
})
