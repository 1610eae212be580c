// Decides which runs to remove of those that were put aside. The reader's own work is removed last,
// and pinned runs never.

import type { Earlier, Kept } from './kept'

/** The maximum of runs that are not pinned. */
export const MOST_EARLIER = 20

/** Whether a run is worth keeping when another replaces it. A link without acts is its own copy. */
export function isKeptAside({
  worked,
  pinned,
  name,
  foreign,
}: Pick<Kept, 'worked' | 'pinned' | 'name' | 'foreign'>): boolean {
  return worked || pinned || name !== null || foreign === 'file'
}

/**
 * Whether a reader loses a run that is not put aside: stories, and clusters without a command,
 * start again from the library.
 */
export function isMissed(kept: Kept): boolean {
  return !isKeptAside(kept) && kept.foreign === 'link'
}

/**
 * The surplus runs of a list with the oldest first: those without acts, then those without a name,
 * then the others; of each group the oldest.
 */
export function surplus(earlier: readonly Earlier[]): Earlier[] {
  const loose = earlier.filter(({ kept }) => !kept?.pinned)
  const count = loose.length - MOST_EARLIER
  return count <= 0 ? [] : loose.toSorted((a, b) => worth(a) - worth(b)).slice(0, count)
}

/** An unreadable run may be the work of any reader. */
function worth({ kept }: Earlier): number {
  if (kept === null) return 1
  return kept.name !== null ? 2 : kept.worked ? 1 : 0
}
