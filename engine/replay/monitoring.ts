// The checks of a run that the reader seeks in. They follow the run while it is played for the
// first time. Their memory is useless where a future was cut off, or where the cursor jumped to an
// unchecked place. Then they start over on a run of their own, which is played from the start, a
// little in each frame.

import { Monitor } from '../check/monitor'
import type { Violation } from '../check/violation'
import { Timeline } from './timeline'

export class Monitoring {
  readonly #timeline: Timeline
  #monitor = new Monitor()
  #cuts: number
  /** The checked events are no longer part of this run. */
  #behind = false
  /** The run that is played for the checks alone. */
  #own: { timeline: Timeline; monitor: Monitor } | null = null

  constructor(timeline: Timeline) {
    this.#timeline = timeline
    this.#cuts = timeline.cuts
    this.#behind = !lookOn(timeline, this.#monitor)
    timeline.onStep = (before, after) => this.#stepped(before, after)
  }

  /** Up to which event the run has been checked; 0 while the checks start over. */
  get seen(): number {
    return this.#behind ? 0 : this.#monitor.seen
  }

  /** Every breach so far, those after the cursor too; none while the checks start over. */
  get violations(): readonly Violation[] {
    return this.#behind ? [] : this.#monitor.violations
  }

  /** Whether `catchUp` has something to do. */
  get isBehind(): boolean {
    return this.#behind
  }

  /**
   * Plays the checks' own run on while `goOn` says so. Its results count once it has reached the
   * run.
   */
  catchUp(goOn: () => boolean): void {
    if (!this.#behind) return
    this.#own ??= begin(this.#timeline)
    const { timeline, monitor } = this.#own
    const wanted = this.#timeline.trace.length
    while (timeline.lastEvent < wanted && goOn()) if (!timeline.step()) break
    if (timeline.lastEvent < wanted) return
    this.#monitor = monitor
    this.#behind = false
    this.#own = null
  }

  #stepped(before: number, after: number): void {
    const { sim, trace, cuts } = this.#timeline
    if (cuts !== this.#cuts) {
      this.#cuts = cuts
      // Only an unchecked part has been cut off.
      if (this.#behind || this.#monitor.seen > before) return this.#fallBehind()
    }
    if (!this.#behind && !this.#monitor.stepped(sim, trace, before, after)) this.#fallBehind()
  }

  #fallBehind(): void {
    this.#behind = true
    this.#own = null
  }
}

function begin(run: Timeline): { timeline: Timeline; monitor: Monitor } {
  const timeline = new Timeline(run.recording())
  const monitor = new Monitor()
  lookOn(timeline, monitor)
  timeline.onStep = (before, after) => monitor.stepped(timeline.sim, timeline.trace, before, after)
  return { timeline, monitor }
}

/**
 * Checks the events before time passes. False where the trace has more, as in a branch that begins
 * later.
 */
function lookOn(timeline: Timeline, monitor: Monitor): boolean {
  const { sim, trace, lastEvent, now } = timeline
  return now === 0 && trace.length === lastEvent && monitor.stepped(sim, trace, 0, lastEvent)
}
