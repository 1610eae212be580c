import type { TapeAxis } from '../../../engine/worker/protocol'

/** Positions on the axis: milliseconds in true time, gaps between instants in event spacing. */
export interface Stretch {
  from: number
  to: number
}

/** Between virtual milliseconds and pixels from the left edge of the timeline. */
export interface Scale {
  /** Infinity maps to a position far to the right. */
  x(at: number): number
  at(x: number): number
  /** The edges of the plot. */
  left: number
  right: number
}

export const TRUE_AXIS: TapeAxis = {
  times: Float64Array.of(0),
  places: Float64Array.of(0),
  tailPerMs: 1,
  tailMost: Number.POSITIVE_INFINITY,
}

/** The position of an instant. */
export function placeOf({ times, places, tailPerMs, tailMost }: TapeAxis, at: number): number {
  const i = lastUntil(times, at)
  const time = times[i] ?? 0
  const place = places[i] ?? 0
  if (i >= times.length - 1) return place + Math.min(tailMost, Math.max(0, at - time) * tailPerMs)
  return (
    place + ((at - time) / ((times[i + 1] ?? time) - time)) * ((places[i + 1] ?? place) - place)
  )
}

/** The instant of a position, never before 0. */
export function timeOf({ times, places, tailPerMs, tailMost }: TapeAxis, place: number): number {
  const i = lastUntil(places, place)
  const time = times[i] ?? 0
  const from = places[i] ?? 0
  if (i >= times.length - 1) return Math.max(0, time + Math.min(tailMost, place - from) / tailPerMs)
  return Math.max(
    0,
    time + ((place - from) / ((places[i + 1] ?? from) - from)) * ((times[i + 1] ?? time) - time),
  )
}

/** A window of that axis between two edges in pixels. */
export function scaleOf(axis: TapeAxis, { from, to }: Stretch, left: number, right: number): Scale {
  const pixels = (right - left) / Math.max(to - from, Number.EPSILON)
  return {
    x: (at) => (at === Number.POSITIVE_INFINITY ? 1e6 : left + (placeOf(axis, at) - from) * pixels),
    at: (x) => timeOf(axis, from + (x - left) / pixels),
    left,
    right,
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
