import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware'
import { createStore, type StoreApi } from 'zustand/vanilla'
/** A person's choices for this browser, kept between visits. */
export interface Prefs {
  theme: 'system' | 'light' | 'dark'
  /** Single-key shortcuts. Shortcuts with Ctrl or inside a field are not affected. */
  shortcuts: boolean
  consoleMode: 'guided' | 'strict'
  /** Leave a console line in flight while paused. */
  hold: boolean
  logFilter: 'all' | 'lease'
  /** True time, or a gap for every instant. */
  spacing: 'true' | 'event'
  /** The size of one step of the transport. */
  stepBy: StepBy
  /** The names of the stories seen to their end, and of those passed. */
  seen: string[]
  passed: string[]
}

/**
 * `event`, `lease` and `fault` stop at the next event of that kind. `move` lets the reader choose
 * the next move. `difference` needs a comparison.
 */
export type StepBy = (typeof STEPS)[number]

export const STEPS = ['event', 'lease', 'fault', 'move', '100ms', '1s', 'difference'] as const

export type PrefsStore = StoreApi<Prefs>

const VERSION = 1
const MOST_SEEN = 500

export const defaultPrefs: Prefs = {
  theme: 'system',
  shortcuts: true,
  consoleMode: 'guided',
  hold: false,
  logFilter: 'all',
  spacing: 'true',
  stepBy: 'event',
  seen: [],
  passed: [],
}

/**
 * Kept under `leasescope-prefs`; not kept without a storage. Values of other versions, or
 * unreadable ones, become the defaults.
 */
export function createPrefsStore(storage?: () => StateStorage): PrefsStore {
  if (storage === undefined) return createStore<Prefs>()(() => defaultPrefs)
  return createStore<Prefs>()(
    persist(() => defaultPrefs, {
      name: 'leasescope-prefs',
      version: VERSION,
      storage: createJSONStorage(() => forgiving(storage())),
      merge: (kept, current) => ({ ...current, ...readPrefs(kept) }),
    }),
  )
}

/**
 * A full or blocked storage refuses the write. The choices still hold for this visit. The page
 * reports the refusal when it keeps a run.
 */
function forgiving(storage: StateStorage): StateStorage {
  return {
    getItem: (name) => storage.getItem(name),
    setItem(name, value) {
      try {
        storage.setItem(name, value)
      } catch {
        // The keeper reports this.
      }
    },
    removeItem: (name) => storage.removeItem(name),
  }
}

/** The valid fields of `kept`; the others are left out. */
export function readPrefs(kept: unknown): Partial<Prefs> {
  if (typeof kept !== 'object' || kept === null) return {}
  const found: Partial<Prefs> = {}
  const from = kept as Record<string, unknown>
  if (from.theme === 'system' || from.theme === 'light' || from.theme === 'dark')
    found.theme = from.theme
  if (typeof from.shortcuts === 'boolean') found.shortcuts = from.shortcuts
  if (from.consoleMode === 'guided' || from.consoleMode === 'strict')
    found.consoleMode = from.consoleMode
  if (typeof from.hold === 'boolean') found.hold = from.hold
  if (from.logFilter === 'all' || from.logFilter === 'lease') found.logFilter = from.logFilter
  if (from.spacing === 'true' || from.spacing === 'event') found.spacing = from.spacing
  const stepBy = STEPS.find((each) => each === from.stepBy)
  if (stepBy) found.stepBy = stepBy
  if (Array.isArray(from.seen)) found.seen = names(from.seen)
  if (Array.isArray(from.passed)) found.passed = names(from.passed)
  return found
}

function names(kept: readonly unknown[]): string[] {
  return kept.filter((name): name is string => typeof name === 'string').slice(0, MOST_SEEN)
}
