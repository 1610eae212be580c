// Which part of the run the tape shows. A window that fits everything is not as wide as the run, but the next round length: while the run plays, the picture
// stands and the playhead moves, and the picture is only drawn anew when the run has outgrown it.

import type { Stretch } from './scale'

/** Round lengths, each a fraction of a power of ten. */
const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8]
/** Places of the shortest window, and of the shortest that fits everything. */
const SHORTEST = { true: 20, event: 4 }
const LEAST_FIT = { true: 10_000, event: 12 }
/** The share of a window that the playhead keeps clear of while it moves. */
const MARGIN = 0.04

export type Spacing = keyof typeof SHORTEST

/** The window that shows the whole of a run whose end is at that place. */
export function fitting(end: number, spacing: Spacing): Stretch {
  return { from: 0, to: roundUp(Math.max(end, LEAST_FIT[spacing])) }
}

function roundUp(length: number): number {
  let power = 1
  while (power * 10 < length) power *= 10
  for (const round of ROUND) if (round * power >= length) return round * power
  return 10 * power
}

/** `by` 0.5 shows half as much. The place `around` stays where it is on the screen; a window wider than `whole` becomes null, which is the whole. */
export function zoom(window: Stretch, by: number, around: number, whole: Stretch, spacing: Spacing): Stretch | null {
  const length = Math.max(SHORTEST[spacing], (window.to - window.from) * by)
  if (length >= whole.to - whole.from) return null
  const share = (around - window.from) / (window.to - window.from)
  const at = share < 0 || share > 1 ? 0.5 : share
  return within({ from: around - at * length, to: around + (1 - at) * length }, whole)
}

/** Moves a window by a share of its length. */
export function pan(window: Stretch, share: number, whole: Stretch): Stretch {
  const by = (window.to - window.from) * share
  return within({ from: window.from + by, to: window.to + by }, whole)
}

/** A window around a place, of the same length. */
export function centred(window: Stretch, place: number, whole: Stretch): Stretch {
  const half = (window.to - window.from) / 2
  return within({ from: place - half, to: place + half }, whole)
}

/** Where a playhead at that place is out of sight, the window that shows it again: a page on while playing, around it else. Null where it is in sight. */
export function followed(window: Stretch, place: number, playing: boolean, whole: Stretch): Stretch | null {
  const length = window.to - window.from
  const margin = playing ? MARGIN * length : 0
  if (place >= window.from && place <= window.to - margin) return null
  if (!playing) return centred(window, place, whole)
  return { from: Math.max(whole.from, place - 2 * MARGIN * length), to: Math.max(whole.from, place - 2 * MARGIN * length) + length }
}

/** The same length, moved into the whole. One that is longer begins where the whole does. */
function within({ from, to }: Stretch, whole: Stretch): Stretch {
  const length = to - from
  const begin = Math.max(whole.from, Math.min(from, whole.to - length))
  return { from: begin, to: begin + length }
}

/** Between two ends given in either order; null where they are no window. */
export function between(a: number, b: number, whole: Stretch, spacing: Spacing): Stretch | null {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return null
  const from = Math.max(whole.from, Math.min(a, b))
  const to = Math.max(a, b)
  if (to - from >= whole.to - whole.from) return null
  return { from, to: Math.max(to, from + SHORTEST[spacing]) }
}
