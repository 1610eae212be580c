// The keyboard shortcuts. A pure function, so that the help dialog and the handler agree.

export type Shortcut =
  | 'toggle'
  | 'next-event'
  | 'previous-event'
  | 'next-lease'
  | 'previous-lease'
  | 'next-fault'
  | 'previous-fault'
  | 'why'
  | 'branches'
  | 'slower'
  | 'faster'
  | 'start'
  | 'end'
  | 'console'
  | 'library'
  | 'stops'
  | 'present'
  | 'help'

export interface Pressed {
  key: string
  shift: boolean
  /** Ctrl, Alt or Meta is down: the browser handles the key. */
  modified: boolean
}

/**
 * The element with the focus. A field takes every key; a control keeps the keys that operate it.
 */
export type Focus = 'field' | 'button' | 'slider' | 'choice' | 'none'

export const keyTable: readonly { keys: string; what: string }[] = [
  { keys: 'Space', what: 'Play or pause' },
  { keys: '→ / ←', what: 'Next or previous event' },
  { keys: 'Shift + → / ←', what: 'Next or previous lease event' },
  { keys: '. / ,', what: 'Next or previous fault' },
  { keys: 'W', what: 'Why? Asks about the focused log line, else about the last event' },
  { keys: 'B', what: 'Branches' },
  { keys: 'Ctrl + Z, Ctrl + Shift + Z', what: 'Undo or redo' },
  { keys: '[ / ]', what: 'Slower or faster' },
  { keys: 'Home / End', what: 'Go to the start, or to the end of the played run' },
  { keys: '+ / −', what: 'Zoom the timeline in or out' },
  { keys: '0', what: 'Fit the timeline' },
  { keys: 'F', what: 'Timeline in full height' },
  { keys: 'L', what: 'Library of stories' },
  { keys: 'S', what: 'Stop here: write what the run says or asks' },
  { keys: 'P', what: 'Present: large, for a room. P or Escape leaves' },
  { keys: '/', what: 'Open the console; in the library, search' },
  { keys: '?', what: 'This help' },
]

const arrows: Record<string, Shortcut> = { ArrowRight: 'next-event', ArrowLeft: 'previous-event' }
const shifted: Record<string, Shortcut> = { ArrowRight: 'next-lease', ArrowLeft: 'previous-lease' }
const ends: Record<string, Shortcut> = { Home: 'start', End: 'end' }
const characters: Record<string, Shortcut> = {
  '[': 'slower',
  ']': 'faster',
  '.': 'next-fault',
  ',': 'previous-fault',
  w: 'why',
  b: 'branches',
  l: 'library',
  s: 'stops',
  p: 'present',
  '/': 'console',
  '?': 'help',
}

/**
 * The shortcuts of an embedded page: timeline, transport and Why?. The others lead to parts that it
 * lacks.
 */
const inEmbed: ReadonlySet<Shortcut> = new Set<Shortcut>([
  'toggle',
  'next-event',
  'previous-event',
  'next-lease',
  'previous-lease',
  'next-fault',
  'previous-fault',
  'why',
  'slower',
  'faster',
  'start',
  'end',
])

/** The key on an embedded page, as `shortcutFor` answers on the full page. */
export function embeddedShortcut(
  pressed: Pressed,
  focus: Focus,
  shortcuts: boolean,
): Shortcut | null {
  const found = shortcutFor(pressed, focus, shortcuts)
  return found !== null && inEmbed.has(found) ? found : null
}

/**
 * Null if the page does not use the key. `shortcuts` false leaves every key to the browser (WCAG
 * 2.1.4).
 */
export function shortcutFor(
  { key, shift, modified }: Pressed,
  focus: Focus,
  shortcuts: boolean,
): Shortcut | null {
  if (!shortcuts || modified || focus === 'field') return null
  if (key === ' ') return focus === 'none' || focus === 'slider' ? 'toggle' : null
  if (Object.hasOwn(characters, key)) return characters[key] ?? null
  if (focus === 'slider' || focus === 'choice') return null
  if (Object.hasOwn(ends, key)) return ends[key] ?? null
  const steps = shift ? shifted : arrows
  return Object.hasOwn(steps, key) ? (steps[key] ?? null) : null
}

/** From an element's tag, type and role in the document. */
export function focusOf(
  tag: string,
  type: string | null,
  role: string | null,
  editable: boolean,
): Focus {
  // A list also takes letters: they choose an entry.
  if (editable || tag === 'TEXTAREA' || tag === 'SELECT') return 'field'
  if (role === 'tab' || role === 'radio' || role === 'menuitem') return 'choice'
  if (tag === 'INPUT') {
    if (type === 'range') return 'slider'
    if (type === 'checkbox') return 'button'
    return type === 'radio' ? 'choice' : 'field'
  }
  return tag === 'BUTTON' || tag === 'A' || tag === 'SUMMARY' ? 'button' : 'none'
}
