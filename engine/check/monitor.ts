// The checks along a run that can be gone through in any direction. What was checked once is known
// for good: going back and forth over it costs nothing, and what held at an instant is read off the
// list of breaches. Only where the run is played for the first time does anything look.
//
//   events    1 ──────────────────────── seen ─ ─ ─ ─ ─
//             checked, breaches listed     │ looked at as they happen

import type { EventId, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'
import { Checker } from './checker'
import type { Violation } from './violation'

/** Breaches that are kept; a run that has so many is understood. */
const MOST_VIOLATIONS = 500

export class Monitor {
  readonly #checker = new Checker({ bounded: true })
  readonly #violations: Violation[] = []
  /** Of all breaches that the checker found, how many have been taken. */
  #taken = 0
  /** The last event that the checks know. */
  #seen: EventId = 0

  /** Up to which event the run has been checked. */
  get seen(): EventId {
    return this.#seen
  }

  /** Every breach, by event; a property's repetitions in the same words are left out. */
  get violations(): readonly Violation[] {
    return this.#violations
  }

  /**
   * A step or a command of the run was taken, whose events are those after `before` up to `after`.
   * One that is known is passed over. Answers false for one that does not follow on what is known:
   * from then on the checks know nothing of this run.
   */
  stepped(sim: Simulation, trace: readonly TraceEvent[], before: EventId, after: EventId): boolean {
    if (after < this.#seen || (after === this.#seen && before < after)) return true
    if (before !== this.#seen) return false
    for (let id = before; id < after; id++) this.#checker.see(trace[id]!)
    this.#checker.look(sim)
    this.#seen = after
    this.#take()
    return true
  }

  #take(): void {
    const { violations } = this.#checker
    for (; this.#taken < violations.length; this.#taken++) {
      const found = violations[this.#taken]!
      const known = this.#violations.some(
        ({ property, text }) => property === found.property && text === found.text,
      )
      if (!known && this.#violations.length < MOST_VIOLATIONS) this.#violations.push(found)
    }
  }
}
