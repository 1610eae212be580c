import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware'
import { createStore, type StoreApi } from 'zustand/vanilla'
/** What a person chose for this browser, kept from visit to visit. */
export interface Prefs {
  theme: 'system' | 'light' | 'dark'
  /** Single-key shortcuts; the ones with Ctrl or inside a field are not meant. */
  shortcuts: boolean
  consoleMode: 'guided' | 'strict'
  /** Leave a console line in flight while paused. */
  hold: boolean
  logFilter: 'all' | 'lease'
  /** True time, or a gap for every instant. */
  spacing: 'true' | 'event'
  /** What one step of the transport is. */
  stepBy: StepBy
  /** Stories that were seen to their end, and those that were passed, by name. */
  seen: string[]
  passed: string[]
}

/**
 * `event`, `lease` and `fault` stop on the next of that kind; `move` lets the reader choose what
 * happens next; `difference` needs a comparison.
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
 * Kept under `leasescope-prefs`; nowhere without a storage. What another version kept, or what
 * cannot be read, is left for the defaults.
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
 * A storage that is full or blocked refuses: what was chosen holds for this visit all the same. The
 * page says so when it keeps a run.
 */
function forgiving(storage: StateStorage): StateStorage {
  return {
    getItem: (name) => storage.getItem(name),
    setItem(name, value) {
      try {
        storage.setItem(name, value)
      } catch {
        // Said by the keeper.
      }
    },
    removeItem: (name) => storage.removeItem(name),
  }
}

/** The fields of `kept` that are what they should be; the others are left out. */
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
