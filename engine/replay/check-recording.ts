// Replays a recording against every check: the rules of Raft, of stores and of leases at each step,
// then linearizability, convergence and the locks.

import { unreachable } from '../base/assert'
import type { TraceEvent } from '../base/trace'
import { Checker } from '../check/checker'
import { begunBy, Convergence, isHealed, TROUBLED_CONVERGES_WITHIN_MS } from '../check/convergence'
import { belongsToHistory, historiesOf, judge } from '../check/histories'
import { judgedKeys } from '../check/judged-keys'
import type { Broken, LockPromise } from '../check/lock-promises'
import { LockPromises, PEACE_MS } from '../check/lock-promises'
import type { Violation } from '../check/violation'
import { isKnown } from '../check/violation'
import type { Recording } from '../sim/recording'
import { Timeline } from './timeline'

export interface RecordingVerdict {
  /** Breaches that etcd is not known for, the first one first; empty for a run without any. */
  violations: Violation[]
  /** Breaches that this version of etcd is known for. */
  known: Violation[]
  /** The first breach of each promise of a lock. */
  locks: ReadonlyMap<LockPromise, Broken>
  /**
   * Keys by the outcome of their histories: linearizable, too long to judge, or changed by requests
   * that the model does not know.
   */
  keys: { judged: number; unknown: number; skipped: number }
  /** Whether the run ends with enough time without faults that the cluster must have converged. */
  convergenceJudged: boolean
  /** Whether any client ever entered a critical section or wrote to the guarded resource. */
  hasLocks: boolean
  events: number
  steps: number
}

/** Positions that the search for a linear order may visit, for each key. */
const JUDGE_STEPS = 50_000
/** Virtual milliseconds between two checks whether the cluster has converged. */
const LOOK_MS = 100

/**
 * Plays a recording from the start to `until` (virtual ms) with all checks. After `mostEvents`
 * events it throws.
 */
export function checkRecording(
  recording: Recording,
  until: number,
  mostEvents = Number.POSITIVE_INFINITY,
): RecordingVerdict {
  return new Check(recording, until, mostEvents).play()
}

class Check {
  readonly #timeline: Timeline
  readonly #checker = new Checker()
  readonly #convergence = new Convergence()
  readonly #locks = new LockPromises()
  readonly #until: number
  readonly #mostEvents: number
  #writes = 0

  constructor(recording: Recording, until: number, mostEvents: number) {
    this.#until = until
    this.#mostEvents = mostEvents
    this.#timeline = new Timeline(recording, undefined, Number.POSITIVE_INFINITY, mostEvents)
    this.#stepped(0, this.#timeline.lastEvent)
    this.#timeline.onStep = (before, after) => this.#stepped(before, after)
  }

  play(): RecordingVerdict {
    let convergenceJudged = false
    try {
      convergenceJudged = this.#play()
    } catch (problem) {
      if (problem instanceof TooLong) throw problem
      this.#report('state machine safety', `the run stopped: ${stackOf(problem)}`)
    }
    const keys = this.#judge()
    const { sim, trace } = this.#timeline
    const { violations } = this.#checker
    const known = violations.filter((violation) => isKnown(violation, sim.config.etcd))
    return {
      violations: violations.filter((violation) => !known.includes(violation)),
      known,
      locks: this.#locks.broken,
      keys,
      convergenceJudged,
      hasLocks: this.#locks.entered > 0 || this.#writes > 0,
      events: trace.length,
      steps: sim.steps,
    }
  }

  #play(): boolean {
    const timeline = this.#timeline
    while (timeline.commandsAhead > 0 && timeline.nextAt() <= this.#until) this.#step()
    const quietMs = this.#until - timeline.now
    const judged =
      timeline.commandsAhead === 0 &&
      quietMs >= TROUBLED_CONVERGES_WITHIN_MS &&
      isHealed(timeline.sim)
    const begun = begunBy(timeline.sim)
    let missing = judged ? this.#convergence.missing(timeline.sim, begun) : null
    for (
      let at = timeline.now;
      missing !== null && at < this.#until;
      missing = this.#convergence.missing(timeline.sim, begun)
    ) {
      at = Math.min(at + LOOK_MS, this.#until)
      this.#advance(at)
    }
    this.#advance(this.#until)
    if (missing !== null)
      this.#report('convergence', `${quietMs} ms after the last command, ${missing}`)
    this.#checker.checkAll(timeline.sim)
    if (timeline.commandsAhead === 0 && quietMs >= PEACE_MS) this.#locks.checkTheDead(timeline.sim)
    return judged
  }

  #advance(to: number): void {
    while (this.#timeline.nextAt() <= to) this.#step()
    this.#timeline.advance(to)
  }

  #step(): void {
    if (this.#timeline.lastEvent >= this.#mostEvents)
      throw new TooLong(`the run has more than ${this.#mostEvents} events`)
    this.#timeline.step()
  }

  #stepped(before: number, after: number): void {
    const { sim, trace } = this.#timeline
    for (let id = before; id < after; id++) this.#see(trace[id]!)
    this.#checker.check(sim)
    this.#locks.check(sim)
  }

  #see(event: TraceEvent): void {
    this.#checker.see(event)
    this.#convergence.see(event)
    this.#locks.see(event)
    if (event.type === 'write-sent') this.#writes++
  }

  #judge(): RecordingVerdict['keys'] {
    const history = this.#timeline.trace.filter(belongsToHistory)
    const { judged, skipped } = judgedKeys(history)
    let unknown = 0
    for (const { key, verdict } of judge(historiesOf(history, judged), JUDGE_STEPS)) {
      switch (verdict) {
        case 'yes':
          break
        case 'unknown':
          unknown++
          break
        case 'no':
          this.#report(
            'linearizability',
            `no order of what clients did with key ${key} explains what they saw`,
          )
          break
        default:
          unreachable(verdict)
      }
    }
    return { judged: judged.length - unknown, unknown, skipped: skipped.length }
  }

  #report(property: Violation['property'], text: string): void {
    const { now, lastEvent } = { now: this.#timeline.now, lastEvent: this.#timeline.lastEvent }
    this.#checker.violations.push({ property, at: now, event: lastEvent, members: [], text })
  }
}

class TooLong extends Error {}

/** The first lines of an error's stack, in one line. */
export function stackOf(problem: unknown): string {
  return problem instanceof Error
    ? (problem.stack ?? problem.message).split('\n').slice(0, 4).join(' · ')
    : String(problem)
}
