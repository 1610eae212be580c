// Animates a deadline that moves forward. A jump through time shows no motion.

/** A gap of more virtual ms than this between two paints is a jump through time. */
const JUMP_MS = 1000

export interface Shown {
  deadline: number | null
  /** The motion has not ended, so the next frame paints again. */
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
      // Starts at the deadline on the screen, or at now if that had run out or was not counted.
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
