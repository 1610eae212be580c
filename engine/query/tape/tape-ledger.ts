// All lanes of one run, kept in step with its trace. Events are only taken in at the end; where the trace is not the one it was, because a future was cut off or
// another branch stands there now, the lanes are read anew from its start.

import type { TraceEvent } from '../../base/trace'
import { LeaseNames } from '../../text/names'
import { BeliefLives } from './beliefs'
import { Faults } from './faults'
import { KeyLives } from './keys'
import { Leaders } from './leaders'
import { Lives } from './lives'
import { Locks } from './locks'
import type { LaneName } from './rows'
import { EventSpacing } from './spacing'
import type { Lane } from './track'

type Told = Exclude<LaneName, 'invariants'>
type Noting = Lane & { note(event: TraceEvent): boolean }

export class TapeLedger {
  readonly #names = new LeaseNames()
  #lanes = emptyLanes(this.#names)
  #list: Noting[] = Object.values(this.#lanes)
  #spacing = new EventSpacing()
  #noted = 0
  #last: TraceEvent | undefined
  #version = 0

  /** Those that the trace tells: what the checks found is none of them. */
  get lanes(): { readonly [name in Told]: Lane } {
    return this.#lanes
  }

  get lives(): Lives {
    return this.#lanes.leases
  }

  get beliefs(): BeliefLives {
    return this.#lanes.beliefs
  }

  get spacing(): EventSpacing {
    return this.#spacing
  }

  /** Counts up whenever the tape would look different. */
  get version(): number {
    return this.#version
  }

  /** Takes in what the trace has beyond what it knows. */
  follow(trace: readonly TraceEvent[]): void {
    if (trace.length < this.#noted || trace[this.#noted - 1] !== this.#last) this.#forget()
    for (; this.#noted < trace.length; this.#noted++) this.#note(trace[this.#noted]!)
    this.#last = trace[this.#noted - 1]
  }

  #forget(): void {
    this.#names.truncate(0)
    this.#lanes = emptyLanes(this.#names)
    this.#list = Object.values(this.#lanes)
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
    for (const lane of this.#list) if (lane.note(event)) changed = true
    if (changed) this.#version++
  }
}

function emptyLanes(names: LeaseNames) {
  const leases = new Lives(names)
  const beliefs = new BeliefLives(leases, names)
  return {
    leader: new Leaders(),
    leases,
    keys: new KeyLives(),
    // Before the locks, which name holders after what was granted to whom.
    beliefs,
    locks: new Locks(names, (lease) => beliefs.ownerOf(lease)),
    faults: new Faults(),
  } satisfies { [name in Told]: Noting }
}
