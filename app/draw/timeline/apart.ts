/** A label on the axis: the middle of its position, and half of its width, in pixels. */
export interface AxisPlace {
  x: number
  half: number
}

/** Pixels between two labels. */
const AIR = 4

/**
 * The position nearest to the wanted one without an overlap. It is inside the edges if that is
 * possible.
 */
export function apart(
  wanted: AxisPlace,
  others: readonly AxisPlace[],
  left: number,
  right: number,
): number {
  const { x, half } = wanted
  const gap = (other: AxisPlace) => other.half + half + AIR
  const isFree = (at: number) => others.every((other) => Math.abs(at - other.x) >= gap(other) - 0.5)
  const places = [
    x,
    ...others.flatMap((other) => [other.x - gap(other), other.x + gap(other)]),
  ].filter(isFree)
  const inside = places.filter((at) => at - half >= left && at + half <= right)
  const best = (inside.length > 0 ? inside : places).toSorted(
    (a, b) => Math.abs(a - x) - Math.abs(b - x),
  )
  return best[0] ?? x
}
