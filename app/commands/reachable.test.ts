import { expect, test } from 'vitest'
import { createPrefsStore } from '../store/prefs'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { type Commands, createCommands } from './commands'
import { functions } from './functions'
import { shortcutFor } from './keys'

const commands = createCommands({
  run: createRunStore(),
  ui: createUiStore(),
  prefs: createPrefsStore(() => ({ getItem: () => null, setItem() {}, removeItem() {} })),
  send() {},
  isCalm: () => false,
  copy: async () => true,
})

/**
 * Commands without a control of their own: parts of others, internal work of the page, or controls
 * that only some states show.
 */
const inner: ReadonlySet<keyof Commands> = new Set<keyof Commands>([
  'play',
  'pause',
  'changeSpeed',
  'step',
  'seekBy',
  'interrupt',
  'heartbeat',
  'addProgram',
  'choose',
  'letMachineryRun',
  'setMachinery',
  'chooseLease',
  'showProgram',
  'undo',
  'redo',
  'branch',
  'compare',
  'crossTo',
  'why',
  'fault',
  'openOpening',
  'draftAnswer',
  'giveAnswer',
  'skipQuestion',
  'answerWith',
  'openStep',
  'hint',
  'nextHint',
  'showSolution',
  'setStops',
  'tryStops',
  'leaveOut',
  'picture',
  'pictured',
  'nextStory',
  'storySeen',
  'changeInterest',
  'lookAtLog',
  'notice',
  'refuse',
  'exportRecording',
  'deliverRecording',
  'changeForm',
  'closeForm',
  'tryLock',
  'figureTtl',
  'openInForm',
  'beside',
])

test('every command is reached by some function, or is a part of others', () => {
  const named = new Set(functions.map(({ command }) => command))
  const forgotten = (Object.keys(commands) as (keyof Commands)[]).filter(
    (name) => !named.has(name) && !inner.has(name),
  )
  expect(forgotten).toEqual([])
  expect([...inner].filter((name) => named.has(name) || !(name in commands))).toEqual([])
})

test('each function has a name of its own and a way to it', () => {
  expect(new Set(functions.map(({ name }) => name)).size).toBe(functions.length)
  for (const { name, path } of functions) expect(path.length, name).toBeGreaterThan(0)
})

test('a shortcut that a function names is one that a key makes', () => {
  const keys = [' ', 'ArrowRight', 'ArrowLeft', 'Home', 'End', ...'[].,wblsp/?+-0f']
  const made = new Set(
    keys.map((key) => shortcutFor({ key, shift: false, modified: false }, 'none', true)),
  )
  for (const { shortcut } of functions) if (shortcut) expect(made).toContain(shortcut)
})
