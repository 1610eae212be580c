// The place of an instant on the timeline. In true time a place is a millisecond. Spaced by events,
// a single pass from left to right gives every distinct instant a gap of at least 1 after the
// previous one. A long wait gets a little more, up to a limit (as in Porcupine's warped axis, the
// least that gives every instant its room):
//
//   time   0   30 60 90 120 ················· 3567 3597 3627
//   place  0   1  2  3  4   ···············  7.4   8.4  9.5
//
// Instants are only ever added at the end, so the places of the past never change.

import { countWhile } from '../../base/search'
import type { TapeAxis } from './rows'

const GAP = 1
/** A second of waiting is as wide as a gap, and no wait counts for more than three. */
const PLACES_PER_MS = 1 / 1000
const LONGEST_WAIT = 3

/** Between times and places, both ascending. */
export interface Axis {
  placeOf(at: number): number
  timeOf(place: number): number
  /** The knots of a window, at most two for each of `columns`, and those just outside it. */
  window(from: number, to: number, columns: number): TapeAxis
}

export const trueTime: Axis = {
  placeOf: (at) => at,
  timeOf: (place) => place,
  window: () => ({
    times: Float64Array.of(0),
    places: Float64Array.of(0),
    tailPerMs: 1,
    tailMost: Number.POSITIVE_INFINITY,
  }),
}

export class EventSpacing implements Axis {
  #times: number[] = [0]
  #places: number[] = [0]
  // The index of the last requested instant: the next request is mostly for the same or the next
  // one.
  #hint = 0

  /** Takes in an instant, which is not before the last one. A known instant changes nothing. */
  add(at: number): void {
    const last = this.#times.at(-1)!
    if (at <= last) return
    this.#places.push(this.#places.at(-1)! + GAP + waitOf(at - last))
    this.#times.push(at)
  }

  get instants(): number {
    return this.#times.length
  }

  placeOf(at: number): number {
    const i = this.#indexOf(at)
    if (i < 0) return 0
    const since = at - this.#times[i]!
    const place = this.#places[i]!
    if (i === this.#times.length - 1) return place + waitOf(since)
    return (
      place + (since / (this.#times[i + 1]! - this.#times[i]!)) * (this.#places[i + 1]! - place)
    )
  }

  timeOf(place: number): number {
    const i = Math.max(0, lastUntil(this.#places, place))
    const beyond = Math.max(0, place - this.#places[i]!)
    const time = this.#times[i]!
    if (i === this.#times.length - 1) return time + Math.min(beyond, LONGEST_WAIT) / PLACES_PER_MS
    return (
      time + (beyond / (this.#places[i + 1]! - this.#places[i]!)) * (this.#times[i + 1]! - time)
    )
  }

  window(from: number, to: number, columns: number): TapeAxis {
    const first = Math.max(0, lastUntil(this.#places, from))
    const last = Math.min(this.#places.length - 1, lastUntil(this.#places, to) + 1)
    const width = Math.max(to - from, Number.EPSILON)
    const kept: number[] = []
    // The first and the last knot of every column: the part between them is narrower than a pixel.
    const column = (i: number): number => Math.floor(((this.#places[i]! - from) / width) * columns)
    for (let i = first; i <= last; i++) {
      if (i === first || i === last || column(i) !== column(i - 1) || column(i) !== column(i + 1))
        kept.push(i)
    }
    return {
      times: Float64Array.from(kept, (i) => this.#times[i]!),
      places: Float64Array.from(kept, (i) => this.#places[i]!),
      tailPerMs: PLACES_PER_MS,
      tailMost: LONGEST_WAIT,
    }
  }

  #indexOf(at: number): number {
    for (let i = this.#hint; i < this.#hint + 3; i++) {
      if (this.#times[i]! <= at && (this.#times[i + 1] ?? Number.POSITIVE_INFINITY) > at) {
        this.#hint = i
        return i
      }
    }
    const i = lastUntil(this.#times, at)
    this.#hint = Math.max(0, i)
    return i
  }
}

function waitOf(ms: number): number {
  return Math.min(LONGEST_WAIT, ms * PLACES_PER_MS)
}

/** The index of the last number that is not above `limit`, or −1. */
export function lastUntil(sorted: readonly number[], limit: number): number {
  return countWhile(sorted, (each) => each <= limit) - 1
}
