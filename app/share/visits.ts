// The runs of the entries of the history, as they were left, while the page lives. The acts of a
// run are in the store as well (kept-runs.ts).

import type { SavedRunTree } from '../../engine/worker/protocol'
import type { Kept } from './kept'

type Visit = Omit<Kept, 'version' | 'stamp'>

/** The maximum of entries whose runs are remembered. */
const MOST_VISITS = 30

export interface Visits {
  remember(about: Omit<Visit, 'session'>, tree: SavedRunTree): void
  /** Null for an entry whose run is not remembered. */
  get(entry: string): Visit | null
}

export function createVisits(): Visits {
  const visits = new Map<string, Visit>()
  return {
    remember(about, tree) {
      if (about.entry === null) return
      visits.delete(about.entry)
      visits.set(about.entry, { ...about, session: tree })
      for (const entry of [...visits.keys()].slice(0, -MOST_VISITS)) visits.delete(entry)
    },
    get: (entry) => visits.get(entry) ?? null,
  }
}
