// Short names of leases: Ln is the n-th grant of the run, by any client. An ID that is granted
// again gets a new name.

import { leaseName } from '../base/lease-name'
import type { LeaseId } from '../base/rpc'
import { countWhile } from '../base/search'
import type { EventId, TraceEvent } from '../base/trace'

/** One grant: its number in the run, from 1, and its event. */
interface Grant {
  n: number
  event: EventId
}

/**
 * The names that leases have in a trace: `L1` for the first grant.
 *
 * @example
 * const etcd = new Cluster()
 * const { ID } = etcd.grant(10)
 * expect(LeaseNames.of(etcd.events).nameOf(ID)).toBe('L1')
 */
export class LeaseNames {
  #grants = new Map<LeaseId, Grant[]>()
  #count = 0

  /** The names that a whole trace gives. */
  static of(trace: readonly TraceEvent[]): LeaseNames {
    const names = new LeaseNames()
    for (const event of trace) names.note(event)
    return names
  }

  /** Adds the next event of the trace. Events must come in the order of their IDs. */
  note(event: TraceEvent): void {
    if (event.type !== 'lease-granted') return
    const grant = { n: ++this.#count, event: event.id }
    const grants = this.#grants.get(event.lease)
    if (grants === undefined) this.#grants.set(event.lease, [grant])
    else grants.push(grant)
  }

  /** Forgets the grants after an event: the next event follows that one. */
  truncate(last: EventId): void {
    this.#count = 0
    for (const [lease, grants] of this.#grants) {
      const kept = grants.filter(({ event }) => event <= last)
      this.#count += kept.length
      this.#grants.set(lease, kept)
    }
  }

  /**
   * The name of a lease as of an event (default: the end of the trace), by the latest grant of that
   * ID until then. Before the first grant, and for an ID without a grant, the last four digits of
   * the ID: `…6c01`.
   */
  nameOf(lease: LeaseId, at: EventId = Number.POSITIVE_INFINITY): string {
    return leaseName(this.numberOf(lease, at), lease)
  }

  /** The n of its Ln as of an event; 0 before the first grant and for an ID without a grant. */
  numberOf(lease: LeaseId, at: EventId = Number.POSITIVE_INFINITY): number {
    return this.#grantOf(lease, at)?.n ?? 0
  }

  /**
   * The event of the latest grant as of an event; null before the first and for an ID without a
   * grant.
   */
  grantOf(lease: LeaseId, at: EventId): EventId | null {
    return this.#grantOf(lease, at)?.event ?? null
  }

  #grantOf(lease: LeaseId, at: EventId): Grant | undefined {
    const grants = this.#grants.get(lease) ?? []
    return grants[countWhile(grants, ({ event }) => event <= at) - 1]
  }
}
