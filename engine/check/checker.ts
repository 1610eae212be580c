// Everything a run may never do, watched while it runs: events as they happen, states after each
// step. Looks only at the members that a step touched, and at everything now and then, for what a
// look at the touched could miss.

import { hash } from '../base/hash'
import type { EventId, MemberName, TraceEvent } from '../base/trace'
import type { Server, Simulation } from '../sim/simulation'
import { LeaseSafety } from './lease-safety'
import { Progress } from './progress'
import { RaftSafety } from './raft-safety'
import { StoreSafety } from './store-safety'
import type { Property, Violation } from './violation'
import { WatchSafety } from './watch-safety'

/** Steps between two looks at everything. */
const ROUND = 100
/**
 * Keys and leases of one member from which on a bounded checker leaves the looks at everything out:
 * they would take longer than a frame.
 */
const MOST_TO_LOOK_AT = 1_000

/** Steps between the turns of two members, and the turn of the clients. */
const STAGGER = 10
const CLIENTS_TURN = 95

function isSmall({ member }: Server): boolean {
  return member.lessor.size + member.store.size <= MOST_TO_LOOK_AT
}

/**
 * A look at everything reads all revisions and the whole log. The longer they are, the rarer it is:
 * a step of a long run costs what one of a short run does.
 */
function roundsBetween({ member: { store, consensus } }: Server): number {
  const history =
    store.revision - Math.max(0, store.compacted) + consensus.commit - consensus.firstIndex
  return 1 + Math.floor(history / MOST_TO_LOOK_AT)
}

export class Checker {
  /** What was found, in the order in which it was. */
  readonly violations: Violation[] = []
  #now = 0
  #event: EventId = 0
  readonly #bounded: boolean
  #looks = 0
  readonly #raft: RaftSafety
  readonly #stores: StoreSafety
  readonly #leases: LeaseSafety
  /** What the fuzzers also ask by themselves after a heal. */
  readonly watches: WatchSafety
  readonly progress: Progress

  /** `bounded`: for looking on while somebody watches; what it looks at in one go has an end. */
  constructor({ bounded = false } = {}) {
    this.#bounded = bounded
    const report = (property: Property, members: MemberName[], text: string): void => {
      const found = { property, at: this.#now, event: this.#event, text }
      this.violations.push({
        ...found,
        members: members.filter((name, i) => members.indexOf(name) === i),
      })
    }
    this.#raft = new RaftSafety(report)
    this.#stores = new StoreSafety(report, bounded ? hash : (text) => text)
    this.#leases = new LeaseSafety(report)
    this.watches = new WatchSafety(report)
    this.progress = new Progress(report)
  }

  /** To be given every event, from the first on. */
  see(event: TraceEvent): void {
    this.#now = event.at
    this.#event = event.id
    this.#leases.see(event)
    this.watches.see(event)
    this.progress.see(event)
  }

  /**
   * To be called after each step and each command. A member that is down is looked at too: its disk
   * is there.
   */
  look(sim: Simulation): void {
    const turn = ++this.#looks % ROUND
    this.#now = sim.now
    this.watches.look(sim)
    if (turn === CLIENTS_TURN) this.#lookAtClients(sim)
    // Somebody watches: the members take turns, so that no frame has to wait for all of them.
    if (this.#bounded)
      this.#look(sim, (place) => turn === place * STAGGER && this.#isDue(sim.servers[place]!))
    else this.#look(sim, () => turn === 0)
  }

  #isDue(server: Server): boolean {
    return isSmall(server) && Math.floor(this.#looks / ROUND) % roundsBetween(server) === 0
  }

  /** Looks at everything, as at the end of a run. */
  lookAtAll(sim: Simulation): void {
    this.#look(sim, () => true)
    this.#lookAtClients(sim)
  }

  /** What no client may lack, once everything has been whole for long enough. */
  #lookAtClients(sim: Simulation): void {
    this.progress.look(sim)
    const { healedAt } = this.progress
    const bound = this.progress.boundMs(sim)
    if (healedAt !== null && bound !== null && sim.now - healedAt >= bound)
      this.watches.lookForMissing(sim, sim.now - bound)
  }

  /** `wholly`: whether the member at that place is looked at with all it holds. */
  #look(sim: Simulation, wholly: (place: number) => boolean): void {
    this.#now = sim.now
    for (const [place, { member, state }] of sim.servers.entries()) {
      if (state === 'down') continue
      const everything = wholly(place)
      this.#raft.look(member.options.name, member, everything)
      this.#stores.look(member.options.name, member, everything)
    }
  }
}
