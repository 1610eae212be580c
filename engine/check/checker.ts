// Everything a run may never do, watched while it runs: events as they happen, states after each step. Looks only at the members that a step touched, and at everything
// now and then, for what a look at the touched could miss.

import type { MemberName, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'
import { LeaseSafety } from './lease-safety'
import { RaftSafety } from './raft-safety'
import { StoreSafety } from './store-safety'
import type { Property, Violation } from './violation'

/** Steps between two looks at everything. */
const ROUND = 100

export class Checker {
  /** What was found, in the order in which it was. */
  readonly violations: Violation[] = []
  #now = 0
  #looks = 0
  readonly #raft: RaftSafety
  readonly #stores: StoreSafety
  readonly #leases: LeaseSafety

  constructor() {
    const report = (property: Property, members: MemberName[], text: string): void => {
      this.violations.push({ property, at: this.#now, members: members.filter((name, i) => members.indexOf(name) === i), text })
    }
    this.#raft = new RaftSafety(report)
    this.#stores = new StoreSafety(report)
    this.#leases = new LeaseSafety(report)
  }

  /** To be given every event, from the first on. */
  see(event: TraceEvent): void {
    this.#now = event.at
    this.#leases.see(event)
  }

  /** To be called after each step and each command. A member that is down is looked at too: its disk is there. */
  look(sim: Simulation): void {
    this.#look(sim, ++this.#looks % ROUND === 0)
  }

  /** Looks at everything, as at the end of a run. */
  lookAtAll(sim: Simulation): void {
    this.#look(sim, true)
  }

  #look(sim: Simulation, everything: boolean): void {
    this.#now = sim.now
    for (const { member, state } of sim.servers) {
      if (state === 'down') continue
      this.#raft.look(member.options.name, member, everything)
      this.#stores.look(member.options.name, member, everything)
    }
  }
}
