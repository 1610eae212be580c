/** Virtual seconds per wall second. */
export const speeds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

/**
 * The next speed up or down; the last one stays. A speed between two steps goes to the nearer step
 * in that direction.
 */
export function nextSpeed(speed: number, up: boolean): number {
  const next = up
    ? speeds.find((other) => other > speed)
    : speeds.findLast((other) => other < speed)
  return next ?? speed
}

/** The slider's positions: a hundred for each factor of ten. 0.1 is at 0, 1 at 100, 100 at 300. */
export const MOST_PLACE = 300
const PER_TEN = 100
/** Positions on both sides of 1× that count as 1×. */
const SNAP = 7

export function placeOfSpeed(speed: number): number {
  return Math.round(Math.log10(speed) * PER_TEN) + PER_TEN
}

/** The speed at a position of the slider, with two digits; near 1× it is 1×. */
export function speedAtPlace(place: number): number {
  if (Math.abs(place - PER_TEN) <= SNAP) return 1
  const speed = 10 ** (Math.min(MOST_PLACE, Math.max(0, place)) / PER_TEN - 1)
  return Number(speed.toPrecision(2))
}

/** `0.5×`, `20×`: at most two digits. */
export function speedText(speed: number): string {
  return `${Number(speed.toPrecision(2))}×`
}
