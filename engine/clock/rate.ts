// A clock that runs at a rate of its own. What it shows is a pure function of virtual time: whole
// milliseconds, counted from the last change of its rate, so that nothing drifts however often it
// is asked. Virtual time is the schedule's; a machine with such a clock keeps its own times on it.

/** At virtual time `virtual` the clock showed `local`; since then it has run at so many percent. */
export interface Clock {
  virtual: number
  local: number
  percent: number
}

export const TRUE_CLOCK: Clock = { virtual: 0, local: 0, percent: 100 }
/** A time that never comes, on every clock. */
const NEVER = Number.MAX_SAFE_INTEGER

/**
 * Whether it shows virtual time itself. One that has ever run otherwise is behind or ahead for
 * good.
 */
export function isTrue({ virtual, local, percent }: Clock): boolean {
  return percent === 100 && virtual === local
}

/** What it shows at a virtual time. */
export function shownAt({ virtual, local, percent }: Clock, at: number): number {
  return at >= NEVER ? at : local + Math.floor(((at - virtual) * percent) / 100)
}

/** The first virtual millisecond at which it shows that much. */
export function virtualOf({ virtual, local, percent }: Clock, shown: number): number {
  return shown >= NEVER ? shown : virtual + Math.ceil(((shown - local) * 100) / percent)
}

/** The same clock, running at so many percent from `now` (virtual) on. */
export function turned(clock: Clock, percent: number, now: number): Clock {
  return { virtual: now, local: shownAt(clock, now), percent }
}

/**
 * Milliseconds of its own that the clock may move on within one of virtual time: what is less late
 * than that is on time.
 */
export function grainMs({ percent }: Clock): number {
  return Math.max(1, Math.ceil(percent / 100))
}
