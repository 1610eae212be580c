// The keys that only Present has. Slide remotes send PageDown and PageUp, or `.` and arrows. Pure,
// like commands/keys.ts.

import type { Focus, Pressed, Shortcut } from './keys'

export type PresentAct =
  | 'next'
  | 'previous'
  | 'leave'
  | 'notes'
  | 'code'
  | 'answer'
  | { choice: number }

/**
 * The target of the keys: `hands` is a field for a show of hands, `flag` the answer on the
 * timeline.
 */
export type PresentFocus = Focus | 'hands' | 'flag'

export const presentKeyTable: readonly { keys: string; what: string }[] = [
  { keys: 'PageDown / → / .', what: 'Next stop; at an open question its answer' },
  { keys: 'PageUp / ←', what: 'Previous stop' },
  { keys: 'A, B, C, D', what: 'Type how many hands there are for that answer' },
  { keys: 'Enter', what: 'In such a field: show the answer' },
  { keys: 'N', what: 'Speaker’s notes in a second window' },
  { keys: 'Q', what: 'QR code of this stop' },
  { keys: 'Escape / P', what: 'Leave Present' },
]

const pages: Record<string, PresentAct> = { PageDown: 'next', PageUp: 'previous' }
const arrows: Record<string, PresentAct> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
}
const letters: Record<string, PresentAct> = { '.': 'next', n: 'notes', q: 'code', p: 'leave' }

/**
 * Null if the key has its normal meaning, or none. `choices`: the number of answers with a letter.
 * `shortcuts` false: no single character is a key.
 */
export function presentActFor(
  { key, modified }: Pressed,
  focus: PresentFocus,
  choices: number,
  shortcuts: boolean,
): PresentAct | null {
  if (modified) return null
  if (Object.hasOwn(pages, key)) return pages[key] ?? null
  if (focus === 'field') return null
  if (key === 'Escape') return focus === 'hands' ? null : 'leave'
  if (focus === 'hands' && key === 'Enter') return 'answer'
  if (Object.hasOwn(arrows, key))
    return focus === 'flag' || (focus === 'hands' && /Up|Down/.test(key))
      ? null
      : (arrows[key] ?? null)
  if (!shortcuts) return null
  if (Object.hasOwn(letters, key)) return letters[key] ?? null
  const choice = key.length === 1 ? key.toLowerCase().charCodeAt(0) - 97 : -1
  return choice >= 0 && choice < choices ? { choice } : null
}

/** Shortcuts to parts that Present does not show. */
export const hiddenInPresent: ReadonlySet<Shortcut> = new Set<Shortcut>([
  'why',
  'branches',
  'console',
  'stops',
])

const names: Record<string, string> = {
  ' ': 'Space',
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

/** A key as the room sees it. */
export function keyName(key: string): string {
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

/** The effect of the general keys, in words for a room. */
export const shortcutWords: Record<Shortcut, string> = {
  toggle: 'play or pause',
  'next-event': 'next event',
  'previous-event': 'previous event',
  'next-lease': 'next lease event',
  'previous-lease': 'previous lease event',
  'next-fault': 'next fault',
  'previous-fault': 'previous fault',
  why: 'why?',
  branches: 'branches',
  slower: 'slower',
  faster: 'faster',
  start: 'to the start',
  end: 'to the end',
  console: 'console',
  library: 'library',
  stops: 'stop here',
  present: 'leave',
  help: 'help',
}

export const actWords: Record<Exclude<PresentAct, object>, string> = {
  next: 'next stop',
  previous: 'previous stop',
  leave: 'leave',
  notes: 'speaker’s notes',
  code: 'QR code',
  answer: 'show the answer',
}
