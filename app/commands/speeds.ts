/** Virtual seconds per wall second. */
export const speeds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

/** The next speed up or down; the last one stays where it is. A speed between two steps goes to the nearer end in that direction. */
export function nextSpeed(speed: number, up: boolean): number {
  const next = up ? speeds.find((other) => other > speed) : speeds.findLast((other) => other < speed)
  return next ?? speed
}
