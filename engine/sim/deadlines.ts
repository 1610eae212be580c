// When leases are due, read from a trace. Grants, renewals, promotions and clock changes set
// deadlines. The primary of the highest term counts.

import type { LeaseId } from '../base/rpc'
import type { MemberName, TraceEvent } from '../base/trace'
import { FOREVER } from '../lease/lessor'

interface Primary {
  term: number
  deadlines: Map<LeaseId, number>
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

export class Deadlines {
  readonly #ttls = new Map<LeaseId, number>()
  readonly #primaries = new Map<MemberName, Primary>()
  #counting: Primary | null = null
  /** The last deadlines that a primary had, and since when no member counts. */
  #kept: { deadlines: Map<LeaseId, number>; since: number } | null = null

  /** Takes in the next event of a trace; whether it may have moved a deadline. */
  note(event: TraceEvent): boolean {
    switch (event.type) {
      case 'lease-granted':
        this.#ttls.set(event.lease, event.ttlSeconds * 1000)
        if (event.deadline !== FOREVER)
          this.#primaries.get(event.member)?.deadlines.set(event.lease, event.deadline)
        return true
      case 'lease-renewed':
        this.#primaries.get(event.member)?.deadlines.set(event.lease, event.deadline)
        return true
      case 'lease-revoked':
        this.#ttls.delete(event.lease)
        for (const { deadlines } of this.#primaries.values()) deadlines.delete(event.lease)
        return true
      case 'promoted':
        this.#promote(event)
        return true
      case 'member-clock-changed':
        return this.#recount(event)
      case 'demoted':
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
        if (!this.#primaries.delete(event.member)) return false
        this.#choose(event.at)
        return true
      default:
        return false
    }
  }

  /** Virtual ms; Infinity for an unknown lease, and while no member counts. */
  dueAt(lease: LeaseId): number {
    return (
      (this.#ttls.has(lease) ? this.#counting?.deadlines.get(lease) : undefined) ??
      Number.POSITIVE_INFINITY
    )
  }

  /** Whether the lease was granted and has not ended. */
  has(lease: LeaseId): boolean {
    return this.#ttls.has(lease)
  }

  /**
   * Milliseconds left at a virtual time; 0 for an unknown lease. While no member counts: the time
   * left when the last primary stopped.
   */
  left(lease: LeaseId, at: number): number {
    if (!this.#ttls.has(lease)) return 0
    const deadline = (this.#counting ?? this.#kept)?.deadlines.get(lease)
    if (deadline === undefined) return 0
    return Math.max(0, deadline - (this.#counting === null ? (this.#kept?.since ?? at) : at))
  }

  /**
   * Every lease has its whole TTL again, and the election timeout as an extension. The event names
   * the leases with another deadline.
   */
  #promote({ member, term, at, extendMs, otherwise = [] }: Of<'promoted'>): void {
    const deadlines = new Map([...this.#ttls].map(([lease, ttl]) => [lease, at + extendMs + ttl]))
    for (const [lease, deadline] of otherwise)
      if (this.#ttls.has(lease)) deadlines.set(lease, deadline)
    this.#primaries.set(member, { term, deadlines })
    this.#choose(at)
  }

  /** The clock of a primary changed, so its leases are due at other times. */
  #recount({ member, deadlines }: Of<'member-clock-changed'>): boolean {
    const known = this.#primaries.get(member)
    if (known === undefined) return false
    for (const [lease, deadline] of deadlines)
      if (this.#ttls.has(lease)) known.deadlines.set(lease, deadline)
    return true
  }

  #choose(at: number): void {
    const before = this.#counting
    this.#counting = null
    for (const primary of this.#primaries.values())
      if (primary.term > (this.#counting?.term ?? -1)) this.#counting = primary
    if (this.#counting === null && before !== null)
      this.#kept = { deadlines: before.deadlines, since: at }
  }
}
