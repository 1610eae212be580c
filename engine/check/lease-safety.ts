// What leases promise, read off the trace: who may count them down, and that none ends before the time a client was told of.

import type { LeaseId } from '../base/rpc'
import type { EventId, LeaseEnd, MemberName, TraceEvent } from '../base/trace'
import type { Clock } from '../clock/rate'
import { shownAt, TRUE_CLOCK, turned } from '../clock/rate'
import type { Report } from './violation'
import { seconds } from './violation'

/** A grant or a renewal, and for how long the lease lives by it. */
interface Promised {
  lease: LeaseId
  ttlMs: number
  at: number
  member: MemberName
  /** The primary of a later term had renewed it before. */
  superseded: boolean
}

interface Ended {
  at: number
  end: LeaseEnd
  /** Who let it expire; null for an end by hand. */
  by: MemberName | null
  /** Whether that was primary no more when the revoke was applied. */
  byDeposed: MemberName | null
}

export class LeaseSafety {
  readonly #report: Report
  readonly #primaryOf = new Map<number, MemberName>()
  /** Who is primary now, and since when. */
  readonly #primaries = new Map<MemberName, number>()
  #newestTerm = 0
  /** Clocks that are not true, or were not. */
  readonly #clocks = new Map<MemberName, Clock>()
  readonly #resumedAt = new Map<MemberName, number>()
  /** The renewal that an event tells of, from the renewal itself to the client that hears of it. */
  readonly #tellsOf = new Map<EventId, Promised>()
  /** The newest term in which a lease was renewed. */
  readonly #renewedIn = new Map<LeaseId, number>()
  readonly #told = new Map<LeaseId, Promised>()
  readonly #ended = new Map<LeaseId, Ended>()
  /** By the event of a lease that ran out: who proposed the revoke, and in which term it was primary. */
  readonly #expiredBy = new Map<EventId, { member: MemberName; term: number }>()

  constructor(report: Report) {
    this.#report = report
  }

  see(event: TraceEvent): void {
    switch (event.type) {
      case 'promoted':
        this.#onePrimaryATerm(event.member, event.term)
        this.#primaries.set(event.member, event.term)
        this.#newestTerm = Math.max(this.#newestTerm, event.term)
        return
      case 'demoted':
      case 'member-crashed':
      case 'member-left':
      case 'member-restarted':
        this.#primaries.delete(event.member)
        return
      case 'member-resumed':
        this.#resumedAt.set(event.member, event.at)
        return
      case 'lease-granted':
      case 'lease-renewed':
        return this.#promised(event)
      case 'member-clock-changed':
        this.#clocks.set(event.member, turned(this.#clocks.get(event.member) ?? TRUE_CLOCK, event.percent, event.at))
        return
      case 'peer-sent':
      case 'peer-received':
      case 'reply-sent': {
        const promised = this.#tellsOf.get(event.causes[0] ?? 0)
        if (promised !== undefined) this.#tellsOf.set(event.id, promised)
        return
      }
      case 'reply-received':
        return this.#reply(event)
      case 'lease-expired':
        this.#onlyAPrimaryExpires(event.member, event.lease, event.deadline, event.at)
        this.#expiredBy.set(event.id, { member: event.member, term: this.#primaries.get(event.member) ?? 0 })
        return
      case 'lease-revoked':
        return this.#revoked(event)
      default:
    }
  }

  #promised({ id, lease, at, member, ttlSeconds }: TraceEvent & { type: 'lease-granted' | 'lease-renewed' }): void {
    const [term, newest] = [this.#primaries.get(member) ?? 0, this.#renewedIn.get(lease) ?? 0]
    this.#renewedIn.set(lease, Math.max(term, newest))
    this.#tellsOf.set(id, { lease, ttlMs: ttlSeconds * 1000, at, member, superseded: term < newest })
  }

  /** One primary lessor a term: it is the leader's, and a term has one leader (semantics §1.10). */
  #onePrimaryATerm(member: MemberName, term: number): void {
    const known = this.#primaryOf.get(term)
    this.#primaryOf.set(term, known ?? member)
    if (known !== undefined && known !== member)
      this.#report('one primary a term', [known, member], `${known} and ${member} are both primary in term ${term}`)
  }

  /** Only the primary counts down, and takes no lease for expired before its deadline (semantics §1.7). */
  #onlyAPrimaryExpires(member: MemberName, lease: LeaseId, deadline: number, at: number): void {
    if (!this.#primaries.has(member))
      this.#report('only a primary expires', [member], `${member} lets lease ${lease} expire and is not primary`)
    if (deadline > at)
      this.#report(
        'only a primary expires',
        [member],
        `${member} lets lease ${lease} expire at ${seconds(at)}, its deadline is ${seconds(deadline)}`,
      )
  }

  #reply(event: TraceEvent & { type: 'reply-received' }): void {
    const promised = this.#tellsOf.get(event.causes[0] ?? 0)
    const { reply } = event
    if (
      promised === undefined ||
      (reply.type !== 'LeaseKeepAlive' && reply.type !== 'LeaseGrant') ||
      reply.ID !== promised.lease ||
      reply.TTL <= 0
    )
      return
    // What a leader says in the instant in which it wakes it says in good faith; it has not heard yet that it was deposed (semantics §1.13).
    if (this.#resumedAt.get(promised.member) === promised.at) return
    // A renewal sets the deadline to the TTL from now, and so takes back what the promotion put on top. Where a client renews with the new primary and then with the old
    // one, which is cut off and does not know yet, the lease ends before the time that the old one named: etcd promises no more than the newest primary's renewal.
    if (promised.superseded) return
    const known = this.#told.get(promised.lease)
    if (known !== undefined && known.at + known.ttlMs >= promised.at + promised.ttlMs) return
    this.#told.set(promised.lease, promised)
    this.#noLeaseEndsEarly(promised.lease)
  }

  #revoked({ id: _id, at, lease, end, keys, member, causes }: TraceEvent & { type: 'lease-revoked' }): void {
    for (let i = 1; i < keys.length; i++) {
      if (keys[i - 1]! < keys[i]!) continue
      this.#report('revokes in key order', [member], `${member} revokes lease ${lease} and deletes ${keys[i - 1]} before ${keys[i]}`)
    }
    const proposer = this.#expiredBy.get(causes[0] ?? 0)
    const byDeposed = proposer !== undefined && proposer.term < this.#newestTerm ? proposer.member : null
    this.#ended.set(lease, { at, end, by: proposer?.member ?? null, byDeposed })
    this.#noLeaseEndsEarly(lease)
  }

  /**
   * No lease ends before its TTL, counted from the last renewal that a client was told of, on the clock of the primary that let it expire: members' clocks need not run
   * alike, and nobody else's counts (semantics §1.10: why a promotion extends; §1.14). Who revokes by hand may do so at any time.
   */
  #noLeaseEndsEarly(lease: LeaseId): void {
    const [promised, ended] = [this.#told.get(lease), this.#ended.get(lease)]
    if (promised === undefined || ended === undefined || ended.end !== 'expired') return
    const { member, at, ttlMs } = promised
    const clock = this.#clocks.get(ended.by ?? member) ?? TRUE_CLOCK
    const lived = shownAt(clock, ended.at) - shownAt(clock, at)
    if (lived >= ttlMs) return
    const onWhose = lived === ended.at - at ? '' : ` (${seconds(lived)} later on the clock of ${ended.by ?? member})`
    const text = `lease ${lease} ended at ${seconds(ended.at)}${onWhose}; ${member} renewed it at ${seconds(at)} for ${seconds(ttlMs)}, and a client was told`
    if (ended.byDeposed === null) this.#report('no lease ends early', [member], text)
    else
      this.#report(
        'no lease ends by a deposed leader',
        [member, ended.byDeposed],
        `${text}; ${ended.byDeposed}, which led an earlier term, proposed the revoke`,
      )
  }
}
