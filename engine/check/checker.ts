// The rules that a run must never break, checked while it runs: events as they happen, states after
// each step. Each step checks the members that it touched. A full check now and then finds what
// this could miss.

import { hash } from '../base/hash'
import type { EventId, MemberName, TraceEvent } from '../base/trace'
import type { Server, Simulation } from '../sim/simulation'
import { LeaseSafety } from './lease-safety'
import { Progress } from './progress'
import { RaftSafety } from './raft-safety'
import { StoreSafety } from './store-safety'
import type { Property, Violation } from './violation'
import { WatchSafety } from './watch-safety'

/** Steps between two full checks. */
const ROUND = 100
/**
 * Keys and leases of one member. Above this number a bounded checker skips the full checks, because
 * they would take longer than a frame.
 */
const MOST_TO_LOOK_AT = 1_000

/** Steps between the full checks of two members, and the step when clients are checked. */
const STAGGER = 10
const CLIENTS_TURN = 95

function isSmall({ member }: Server): boolean {
  return member.lessor.size + member.store.size <= MOST_TO_LOOK_AT
}

/**
 * A full check reads all revisions and the whole log, so it runs less often as they grow. A step of
 * a long run then costs as much as a step of a short run.
 */
function roundsBetween({ member: { store, consensus } }: Server): number {
  const history =
    store.revision - Math.max(0, store.compacted) + consensus.commit - consensus.firstIndex
  return 1 + Math.floor(history / MOST_TO_LOOK_AT)
}

export class Checker {
  /** The breaches, in the order in which they were found. */
  readonly violations: Violation[] = []
  #now = 0
  #event: EventId = 0
  readonly #bounded: boolean
  #checks = 0
  readonly #raft: RaftSafety
  readonly #stores: StoreSafety
  readonly #leases: LeaseSafety
  /** Public because the fuzzers also query it after a heal. */
  readonly watches: WatchSafety
  readonly progress: Progress

  /** `bounded` limits the work of one check, for a run that a person watches. */
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

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    this.#now = event.at
    this.#event = event.id
    this.#leases.see(event)
    this.watches.see(event)
    this.progress.see(event)
  }

  /** Must be called after each step and each command. Members that are down are skipped. */
  check(sim: Simulation): void {
    const turn = ++this.#checks % ROUND
    this.#now = sim.now
    this.watches.check(sim)
    if (turn === CLIENTS_TURN) this.#checkClients(sim)
    // A person watches: the members take turns, so that no frame waits for all of them.
    if (this.#bounded)
      this.#checkMembers(
        sim,
        (place) => turn === place * STAGGER && this.#isDue(sim.servers[place]!),
      )
    else this.#checkMembers(sim, () => turn === 0)
  }

  #isDue(server: Server): boolean {
    return isSmall(server) && Math.floor(this.#checks / ROUND) % roundsBetween(server) === 0
  }

  /** Runs the full check, as at the end of a run. */
  checkAll(sim: Simulation): void {
    this.#checkMembers(sim, () => true)
    this.#checkClients(sim)
  }

  /** Checks that every client makes progress, some time after all faults have ended. */
  #checkClients(sim: Simulation): void {
    this.progress.check(sim)
    const { healedAt } = this.progress
    const bound = this.progress.boundMs(sim)
    if (healedAt !== null && bound !== null && sim.now - healedAt >= bound)
      this.watches.checkMissing(sim, sim.now - bound)
  }

  /** `wholly` tells whether the member at this index gets a full check. */
  #checkMembers(sim: Simulation, wholly: (place: number) => boolean): void {
    this.#now = sim.now
    for (const [place, { member, state }] of sim.servers.entries()) {
      if (state === 'down') continue
      const everything = wholly(place)
      this.#raft.check(member.options.name, member, everything)
      this.#stores.check(member.options.name, member, everything)
    }
  }
}
