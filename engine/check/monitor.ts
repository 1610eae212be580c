// The checks of a run that can be played in any direction. Checked events stay checked: moving over
// them costs nothing, and the breaches at a time are read from the list. The checks run only on
// steps that are played for the first time.
//
//   events    1 ──────────────────────── seen ─ ─ ─ ─ ─
//             checked, breaches listed     │ checked as they happen

import type { EventId, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'
import { Checker } from './checker'
import type { Violation } from './violation'

/** The maximum of kept breaches. A run with so many needs no more. */
const MOST_VIOLATIONS = 500

export class Monitor {
  readonly #checker = new Checker({ bounded: true })
  readonly #violations: Violation[] = []
  /** The number of the checker's breaches already taken over. */
  #taken = 0
  /** The last checked event. */
  #seen: EventId = 0

  /** The last checked event of the run. */
  get seen(): EventId {
    return this.#seen
  }

  /** Every breach, by event, without repetitions of a property in the same words. */
  get violations(): readonly Violation[] {
    return this.#violations
  }

  /**
   * Checks a step or a command, with the events after `before` up to `after`. Checked steps are
   * skipped. Returns false for a step that does not continue the checked events; from then on the
   * checks know nothing of this run.
   */
  stepped(sim: Simulation, trace: readonly TraceEvent[], before: EventId, after: EventId): boolean {
    if (after < this.#seen || (after === this.#seen && before < after)) return true
    if (before !== this.#seen) return false
    for (let id = before; id < after; id++) this.#checker.see(trace[id]!)
    this.#checker.check(sim)
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
