// Saved states of a run, to seek back to. Each costs time and memory. The engine takes them by cost
// and thins them with age, because users seek within the last minutes most often.
//
// Two simple rules fail. One keyframe every so many events needs memory without end. A fixed number
// spread evenly makes every step back at the end of a long run slow. Here the keyframe whose gap is
// smallest beside its age is dropped when there is one too many. The gaps then grow in proportion
// to the age.

import type { EventId } from '../base/trace'
import type { SavedSimulation } from '../sim/saved-simulation'
import type { Simulation } from '../sim/simulation'

export interface Keyframe {
  /** The last event before it. */
  last: EventId
  /** How many recorded commands lie before it. */
  taken: number
  saved: SavedSimulation
}

/** The fewest events between two keyframes: some 20 µs each to play again. */
const LEAST_EVENTS = 800
/**
 * The most keyframes: a run of 100,000 events keeps the least distance. A longer run is thinned.
 */
const MOST = 128

export class Keyframes {
  /** In the order of their events. */
  #frames: Keyframe[] = []
  readonly #leastEvents: number

  constructor(leastEvents = LEAST_EVENTS) {
    this.#leastEvents = leastEvents
  }

  get size(): number {
    return this.#frames.length
  }

  list(): readonly Keyframe[] {
    return this.#frames
  }

  /**
   * Whether enough has happened since the newest keyframe to be worth the cost of saving. Replaying
   * a known part of a run takes no keyframe again.
   */
  wants(last: EventId, sim: Simulation): boolean {
    const since = last - (this.#frames.at(-1)?.last ?? 0)
    return since >= this.#leastEvents && since >= weight(sim)
  }

  add(frame: Keyframe): void {
    this.#frames.push(frame)
    if (this.#frames.length > MOST) this.#thin()
  }

  /**
   * The latest match, or undefined. The predicate must be monotonic: true for every earlier
   * keyframe of a match.
   */
  latest(isBefore: (frame: Keyframe) => boolean): Keyframe | undefined {
    let low = 0
    let high = this.#frames.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(this.#frames[middle]!)) low = middle + 1
      else high = middle
    }
    return this.#frames[low - 1]
  }

  /** The keyframes of a run that is cut after an event and a step; the same objects. */
  until(last: EventId, steps: number): Keyframes {
    const kept = new Keyframes(this.#leastEvents)
    kept.#frames = this.#frames.filter((frame) => frame.last <= last && frame.saved.steps <= steps)
    return kept
  }

  #thin(): void {
    const end = this.#frames.at(-1)!.last
    let worst = 0
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#frames.length - 1; i++) {
      const gap = this.#frames[i + 1]!.last - (this.#frames[i - 1]?.last ?? 0)
      const age = end - this.#frames[i]!.last + this.#leastEvents
      if (gap / age >= least) continue
      least = gap / age
      worst = i
    }
    this.#frames.splice(worst, 1)
  }
}

/**
 * About as many events as can be played in the time that saving takes: a third of the rows of
 * state.
 */
function weight({ members }: Simulation): number {
  return members.reduce((rows, { lessor, store }) => rows + lessor.size + store.size, 0) / 3
}
