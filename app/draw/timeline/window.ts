// The stretch of time on the timeline. The page chooses it so that past and future share the width,
// and keeps it as long as possible. A window changes in steps and not with every event.

import type { Stretch } from './scale'

/** A window that the page chose, as positions, and the least share of it right of *now*. */
export interface Natural extends Stretch {
  future: number
}

export interface Need {
  /** The position of the cursor. */
  now: number
  /** How far the picture must extend right of the cursor. */
  future: number
  /** The most that the picture shows left of the cursor. */
  past: number
}

/** The past grows in steps of this share of the future. */
const STEP = 0.2
/** The least past, in steps. */
const LEAST_STEPS = 2
/** A future shorter than this share of the one in the window causes a new window. */
const SHRINK = 0.55
/** The shortest window that zooming reaches, in positions. */
const SHORTEST = { true: 20, event: 4 }
const LONGEST = { true: 40 * 86_400_000, event: 1e6 }

export type Spacing = keyof typeof SHORTEST

/** The window for a cursor. The previous window is kept while it still fits. */
export function natural(before: Natural | null, { now, future, past }: Need): Natural {
  const kept =
    before !== null && future <= before.future && future > SHRINK * before.future
      ? before.future
      : future
  const step = STEP * kept
  if (
    before !== null &&
    kept === before.future &&
    now >= before.from &&
    fits(before, now, step, past)
  )
    return before
  const from = now <= past ? 0 : Math.floor((now - past) / step) * step + step
  const steps = Math.max(LEAST_STEPS, Math.ceil((now - from) / step))
  return { from, to: from + steps * step + kept, future: kept }
}

/** Whether a window suits a cursor: the future fits, and at most two steps of space are unused. */
function fits({ from, to, future }: Natural, now: number, step: number, past: number): boolean {
  if (now + future > to + 1e-6 || now - from > past + step) return false
  const spare = to - future - now
  return spare <= 2.5 * step || to - from <= LEAST_STEPS * step + future + 1e-6
}

/**
 * `by` 0.5 shows half as much. The position `around` keeps its pixel. A window does not begin
 * before 0.
 */
export function zoomed(window: Stretch, by: number, around: number, spacing: Spacing): Stretch {
  const length = Math.min(
    LONGEST[spacing],
    Math.max(SHORTEST[spacing], (window.to - window.from) * by),
  )
  const share = (around - window.from) / (window.to - window.from)
  const at = share < 0 || share > 1 ? 0.5 : share
  const from = Math.max(0, around - at * length)
  return { from, to: from + length }
}

/** Moves a window by a share of its length, not before 0. */
export function panned(window: Stretch, share: number): Stretch {
  const length = window.to - window.from
  const from = Math.max(0, window.from + length * share)
  return { from, to: from + length }
}

/** A frame of a glide between two windows; `aim` itself when the glide is over. */
export function glided(shown: Stretch, aim: Stretch, wallMs: number): Stretch {
  const share = 1 - 0.5 ** (wallMs / 45)
  const from = shown.from + (aim.from - shown.from) * share
  const to = shown.to + (aim.to - shown.to) * share
  const length = aim.to - aim.from
  const isThere = Math.abs(from - aim.from) < length * 2e-4 && Math.abs(to - aim.to) < length * 2e-4
  return isThere ? aim : { from, to }
}

/**
 * The window that the page requests from the worker. It is wider than the visible one, and does not
 * change with small moves.
 */
export function asked({ from, to }: Stretch): Stretch {
  const length = to - from
  let grid = 2 ** Math.ceil(Math.log2(Math.max(length, 1)))
  grid /= 2
  return {
    from: Math.max(0, Math.floor(from / grid) * grid - grid),
    to: Math.ceil(to / grid) * grid + grid,
  }
}
