// Which of the runs that were put aside have to go. The reader's own work goes last, and what is
// pinned never.

import type { Earlier, Kept } from './kept'

/** Of the runs that are not pinned so many stay. */
export const MOST_EARLIER = 20

/**
 * Whether a run is worth keeping when another takes its place. A link in which nothing was done is
 * its own copy.
 */
export function isKeptAside({
  worked,
  pinned,
  name,
  foreign,
}: Pick<Kept, 'worked' | 'pinned' | 'name' | 'foreign'>): boolean {
  return worked || pinned || name !== null || foreign === 'file'
}

/**
 * Whether a run that is not put aside is gone for its reader: stories, and clusters without a
 * command, start again from the library.
 */
export function isMissed(kept: Kept): boolean {
  return !isKeptAside(kept) && kept.foreign === 'link'
}

/**
 * The runs that are too many, in a list with the oldest first: those in which nothing was done,
 * then those without a name, then the others; of each the oldest.
 */
export function surplus(earlier: readonly Earlier[]): Earlier[] {
  const loose = earlier.filter(({ kept }) => !kept?.pinned)
  const count = loose.length - MOST_EARLIER
  return count <= 0 ? [] : loose.toSorted((a, b) => worth(a) - worth(b)).slice(0, count)
}

/** What cannot be read here may be anybody's work. */
function worth({ kept }: Earlier): number {
  if (kept === null) return 1
  return kept.name !== null ? 2 : kept.worked ? 1 : 0
}
