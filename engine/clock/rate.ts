// A clock with a rate of its own. The time it shows is a pure function of virtual time, in whole
// milliseconds since the last change of its rate. So reading the clock often does not make it
// drift. The schedule uses virtual time; a machine with such a clock keeps its own times on that
// clock.

/** At virtual time `virtual` the clock showed `local`. Since then it runs at `percent` percent. */
export interface Clock {
  virtual: number
  local: number
  percent: number
}

export const TRUE_CLOCK: Clock = { virtual: 0, local: 0, percent: 100 }
/** A time that no clock ever reaches. */
const NEVER = Number.MAX_SAFE_INTEGER

/**
 * Whether the clock shows virtual time. A clock that ever had another rate stays ahead or behind.
 */
export function isTrue({ virtual, local, percent }: Clock): boolean {
  return percent === 100 && virtual === local
}

/** The time that the clock shows at a virtual time. */
export function shownAt({ virtual, local, percent }: Clock, at: number): number {
  return at >= NEVER ? at : local + Math.floor(((at - virtual) * percent) / 100)
}

/** The first virtual millisecond when the clock shows `shown` or more. */
export function virtualOf({ virtual, local, percent }: Clock, shown: number): number {
  return shown >= NEVER ? shown : virtual + Math.ceil(((shown - local) * 100) / percent)
}

/** The same clock with a new rate in percent, from `now` (virtual) on. */
export function turned(clock: Clock, percent: number, now: number): Clock {
  return { virtual: now, local: shownAt(clock, now), percent }
}

/**
 * Milliseconds that the clock may advance within one virtual millisecond. A shorter delay counts as
 * on time.
 */
export function grainMs({ percent }: Clock): number {
  return Math.max(1, Math.ceil(percent / 100))
}
