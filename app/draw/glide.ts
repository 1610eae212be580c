// A deadline that is moved forward is shown on its way there: one clear motion, and none where time
// itself was moved.

/** Virtual ms between two paintings above which the reader has jumped through time. */
const JUMP_MS = 1000

export interface Shown {
  deadline: number | null
  /** The motion has not ended: paint again. */
  moving: boolean
}

/**
 * Follows one deadline. `wall` is the viewer's time in ms; `ms` is how long a motion takes, 0 for
 * none.
 */
export type Glide = (deadline: number | null, now: number, wall: number, ms: number) => Shown

export function createGlide(): Glide {
  let target: number | null | undefined
  let lastNow = 0
  let from = 0
  let since = Number.NEGATIVE_INFINITY
  let length = 0
  return (deadline, now, wall, ms) => {
    const passed = now - lastNow
    if (
      target !== undefined &&
      deadline !== null &&
      deadline > (target ?? now) &&
      passed >= 0 &&
      passed < JUMP_MS
    ) {
      // From what is shown now, or from nothing where it had run out or was not counted.
      from = target === null ? now : Math.max(now, target)
      since = wall
      length = ms
    } else if (deadline !== target || passed < 0 || passed >= JUMP_MS) length = 0
    target = deadline
    lastNow = now
    if (deadline === null || wall - since >= length) return { deadline, moving: false }
    const rest = 1 - (wall - since) / length
    return { deadline: deadline - (deadline - from) * rest ** 3, moving: true }
  }
}
