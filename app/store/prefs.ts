import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LaneName } from '../../engine/worker/protocol'

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
  tapeSpacing: 'true' | 'event'
  /** Lanes of the tape that are one row each, and how much room all of them get. */
  tapeFolded: LaneName[]
  tapeSize: 'none' | 'small' | 'tall'
}

export const laneNames: readonly LaneName[] = ['leader', 'leases', 'keys', 'locks', 'beliefs', 'faults', 'invariants']

export type PrefsStore = StoreApi<Prefs>

const VERSION = 1

export const defaultPrefs: Prefs = {
  theme: 'system',
  shortcuts: true,
  consoleMode: 'guided',
  hold: false,
  logFilter: 'all',
  tapeSpacing: 'true',
  tapeFolded: [],
  tapeSize: 'small',
}

/** Kept under `leasescope-prefs`. What another version kept, or what cannot be read, is left for the defaults. */
export function createPrefsStore(storage: () => StateStorage): PrefsStore {
  return createStore<Prefs>()(
    persist(() => defaultPrefs, {
      name: 'leasescope-prefs',
      version: VERSION,
      storage: createJSONStorage(storage),
      merge: (kept, current) => ({ ...current, ...readPrefs(kept) }),
    }),
  )
}

/** The fields of `kept` that are what they should be; the others are left out. */
export function readPrefs(kept: unknown): Partial<Prefs> {
  if (typeof kept !== 'object' || kept === null) return {}
  const found: Partial<Prefs> = {}
  const from = kept as Record<string, unknown>
  if (from.theme === 'system' || from.theme === 'light' || from.theme === 'dark') found.theme = from.theme
  if (typeof from.shortcuts === 'boolean') found.shortcuts = from.shortcuts
  if (from.consoleMode === 'guided' || from.consoleMode === 'strict') found.consoleMode = from.consoleMode
  if (typeof from.hold === 'boolean') found.hold = from.hold
  if (from.logFilter === 'all' || from.logFilter === 'lease') found.logFilter = from.logFilter
  if (from.tapeSpacing === 'true' || from.tapeSpacing === 'event') found.tapeSpacing = from.tapeSpacing
  if (from.tapeSize === 'none' || from.tapeSize === 'small' || from.tapeSize === 'tall') found.tapeSize = from.tapeSize
  const { tapeFolded } = from
  if (Array.isArray(tapeFolded)) found.tapeFolded = laneNames.filter((lane) => tapeFolded.includes(lane))
  return found
}
