// All lanes of one run, kept in step with its trace. Events are only added at the end. If the trace
// is another one, because a future was cut off or another branch is current, the lanes are read
// again from its start.

import type { TraceEvent } from '../../base/trace'
import { LeaseNames } from '../../text/names'
import { Heartbeats, Terminals } from './activity'
import { BeliefLives } from './beliefs'
import { Faults } from './faults'
import { KeyLives } from './keys'
import { Leaders } from './leaders'
import { Lifetimes } from './lifetimes'
import { Locks } from './locks'
import { Sections } from './sections'
import { EventSpacing } from './spacing'

export class TapeLedger {
  readonly #names = new LeaseNames()
  #lanes = emptyLanes(this.#names)
  #order = orderOf(this.#lanes)
  #spacing = new EventSpacing()
  #noted = 0
  #last: TraceEvent | undefined
  #version = 0

  get lanes(): Readonly<ReturnType<typeof emptyLanes>> {
    return this.#lanes
  }

  get spacing(): EventSpacing {
    return this.#spacing
  }

  /** Counts up whenever the timeline would look different. */
  get version(): number {
    return this.#version
  }

  /** Takes in the new events of the trace. */
  follow(trace: readonly TraceEvent[]): void {
    if (trace.length < this.#noted || trace[this.#noted - 1] !== this.#last) this.#forget()
    for (; this.#noted < trace.length; this.#noted++) this.#note(trace[this.#noted]!)
    this.#last = trace[this.#noted - 1]
  }

  #forget(): void {
    this.#names.truncate(0)
    this.#lanes = emptyLanes(this.#names)
    this.#order = orderOf(this.#lanes)
    this.#spacing = new EventSpacing()
    this.#noted = 0
    this.#version++
  }

  #note(event: TraceEvent): void {
    this.#names.note(event)
    let changed = false
    if (event.level !== 'machinery') {
      const before = this.#spacing.instants
      this.#spacing.add(event.at)
      changed = this.#spacing.instants > before
    }
    for (const lane of this.#order) if (lane.note(event)) changed = true
    if (changed) this.#version++
  }
}

function emptyLanes(names: LeaseNames) {
  const leader = new Leaders()
  const leases = new Lifetimes(names)
  const beliefs = new BeliefLives(leases)
  return {
    leader,
    leases,
    beliefs,
    keys: new KeyLives(),
    locks: new Locks(names, (lease) => beliefs.ownerOf(lease)),
    sections: new Sections((client) => beliefs.latestOf(client)),
    heartbeats: new Heartbeats(),
    terminals: new Terminals(),
    faults: new Faults(names, {
      leads: (member) => leader.leads(member),
      holdsLease: (client) => beliefs.latestOf(client) !== null,
    }),
  }
}

/** A lane that reads another lane's state before an event comes before that lane. */
function orderOf(lanes: ReturnType<typeof emptyLanes>): { note(event: TraceEvent): boolean }[] {
  const { faults, sections, leader, leases, keys, beliefs, locks, heartbeats, terminals } = lanes
  return [faults, sections, leader, leases, keys, beliefs, locks, heartbeats, terminals]
}
