import type { TapeAxis } from '../../../engine/worker/protocol'

/** Places on the tape: milliseconds in true time, gaps between instants where it is spaced by events. */
export interface Stretch {
  from: number
  to: number
}

/** Between virtual milliseconds and pixels from the left edge of a window. */
export interface Scale {
  x(at: number): number
  xOfPlace(place: number): number
  at(x: number): number
  width: number
}

/** The place of an instant. */
export function placeOf({ times, places, tailPerMs, tailMost }: TapeAxis, at: number): number {
  const i = lastUntil(times, at)
  const time = times[i] ?? 0
  const place = places[i] ?? 0
  if (i >= times.length - 1) return place + Math.min(tailMost, Math.max(0, at - time) * tailPerMs)
  return place + ((at - time) / ((times[i + 1] ?? time) - time)) * ((places[i + 1] ?? place) - place)
}

/** The instant of a place, not before 0. */
export function timeOf({ times, places, tailPerMs, tailMost }: TapeAxis, place: number): number {
  const i = lastUntil(places, place)
  const time = times[i] ?? 0
  const from = places[i] ?? 0
  if (i >= times.length - 1) return Math.max(0, time + Math.min(tailMost, place - from) / tailPerMs)
  return Math.max(0, time + ((place - from) / ((places[i + 1] ?? from) - from)) * ((times[i + 1] ?? time) - time))
}

/** A window of that axis, `width` pixels wide. Infinity stands far to the right of everything. */
export function scaleOf(axis: TapeAxis, { from, to }: Stretch, width: number): Scale {
  const pixels = width / Math.max(to - from, Number.EPSILON)
  return {
    x: (at) => (at === Number.POSITIVE_INFINITY ? 2 * width + 1e6 : (placeOf(axis, at) - from) * pixels),
    xOfPlace: (place) => (place - from) * pixels,
    at: (x) => timeOf(axis, from + x / pixels),
    width,
  }
}

function lastUntil(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
