import { expect, test } from 'vitest'
import type { ToWorker } from '../../engine/worker/protocol'
import { createPrefsStore } from '../store/prefs'
import { createRunStore } from '../store/run'
import { createUiStore, firstInterest, type UiState } from '../store/ui'
import { createCommands } from './commands'

function page(state: Partial<UiState> = {}) {
  const [run, ui, sent] = [createRunStore(), createUiStore(), [] as ToWorker['type'][]]
  ui.setState(state)
  const prefs = createPrefsStore(() => ({ getItem: () => null, setItem() {}, removeItem() {} }))
  const commands = createCommands({
    run,
    ui,
    prefs,
    send: ({ type }) => sent.push(type),
    isCalm: () => false,
    copy: async () => true,
  })
  return { run, ui, sent, commands }
}

test('S asks for a stop at the cursor, as the worker sees it then', () => {
  const { run, ui, sent, commands } = page({ interest: { ...firstInterest, stops: 'write' } })
  run.setState({
    stops: { stops: [], checks: [], now: 2000, until: 0, offered: [], place: 0, known: [] },
  })
  commands.stopHere()
  expect(run.getState().stops).toBeNull()
  expect(sent).toEqual(['pace', 'interest'])
  expect(ui.getState()).toMatchObject({ stopHere: 1, panel: 'stops' })
})

test('S leads back from a try, and asks for no other stop', () => {
  const { ui, sent, commands } = page()
  commands.tryStops()
  expect(ui.getState()).toMatchObject({ trying: true, panel: null })
  commands.stopHere()
  expect(sent).toEqual(['try', 'pace', 'end-try'])
  expect(ui.getState()).toMatchObject({ trying: false, stopHere: 0, panel: 'stops' })
})

test.each([{ embedded: true }, { present: true }])(
  'S does nothing if the run has no editor of stops: %j',
  (state) => {
    const { ui, sent, commands } = page(state)
    commands.stopHere()
    expect(sent).toEqual([])
    expect(ui.getState().panel).toBeNull()
  },
)

test('an embedded page has no library', () => {
  const { ui, commands } = page({ embedded: true })
  commands.openLibrary()
  expect(ui.getState().library).toBe(false)
})

test('a story whose stops are others is no story of the catalogue any more', () => {
  const { ui, commands } = page({ lesson: { name: 'leases', step: 0 } })
  commands.setStops([])
  expect(ui.getState()).toMatchObject({ scenario: null, lesson: null })
})
