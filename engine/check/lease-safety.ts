// The promises of leases, checked on the trace: only a primary lets leases expire, and no lease
// ends before the time that a client knows.

import { leaseName } from '../base/lease-name'
import type { LeaseId } from '../base/rpc'
import type { EventId, LeaseEnd, MemberName, TraceEvent } from '../base/trace'
import type { Clock } from '../clock/rate'
import { shownAt, TRUE_CLOCK, turned } from '../clock/rate'
import { MOST_PENDING_REVOKES } from '../member/expiry-loop'
import type { Report } from './violation'
import { seconds } from './violation'

/** A grant or a renewal, and the time to live that it promises. */
interface Promised {
  lease: LeaseId
  ttlMs: number
  at: number
  member: MemberName
  /**
   * The primary of a later term had renewed the lease before, or could not inform this one in time.
   */
  superseded: boolean
  /** The number of promotions of that member. */
  promotions: number
}

interface Ended {
  at: number
  end: LeaseEnd
  /** The member that let the lease expire; null for a client's revoke. */
  by: MemberName | null
  /** The member, if it was no longer primary when the revoke was applied. */
  byDeposed: MemberName | null
  /** The member had just resumed, or the revoke waited for one of the 16 places. */
  isLate: boolean
  /** The number of promotions of that member when it let the lease expire. */
  promotions: number
}

export class LeaseSafety {
  readonly #report: Report
  readonly #primaryOf = new Map<number, MemberName>()
  /** The current primaries, and the terms in which they became primary. */
  readonly #primaries = new Map<MemberName, number>()
  #newestTerm = 0
  readonly #promotions = new Map<MemberName, number>()
  /** The clocks that are or were not true: their states after every change of rate. */
  readonly #clocks = new Map<MemberName, Clock[]>()
  /**
   * Whether faults of disks, clocks or links can delay a deposed leader's notice beyond an election
   * timeout. The extension at a promotion rests on this timeout (semantics §1.10). Ticks stop
   * during a disk write, a slow clock ticks late, and a delayed answer counts as recent.
   */
  #timingIsOff = false
  readonly #resumedAt = new Map<MemberName, number>()
  /** The renewal that an event reports, from the renewal itself to the client that receives it. */
  readonly #tellsOf = new Map<EventId, Promised>()
  /** The time of the last grant of each lease (virtual ms). */
  readonly #grantedAt = new Map<LeaseId, number>()
  /** The latest term in which each lease was renewed. */
  readonly #renewedIn = new Map<LeaseId, number>()
  readonly #told = new Map<LeaseId, Promised>()
  /** The number of each lease's latest grant, from 1, and the number of all grants. */
  readonly #grants = new Map<LeaseId, number>()
  #granted = 0
  readonly #ended = new Map<LeaseId, Ended>()
  /**
   * By the event of an expired lease: the member that proposed the revoke, and the term in which it
   * was primary.
   */
  readonly #expiredBy = new Map<
    EventId,
    { member: MemberName; term: number; promotions: number; isLate: boolean }
  >()
  /**
   * The number of leases that the current pass of an expiry loop has found. Only the last pass
   * counts.
   */
  #pass: { event: EventId; found: number } = { event: 0, found: 0 }

  constructor(report: Report) {
    this.#report = report
  }

  see(event: TraceEvent): void {
    switch (event.type) {
      case 'promoted':
        this.#onePrimaryATerm(event.member, event.term)
        this.#primaries.set(event.member, event.term)
        this.#promotions.set(event.member, this.#promotionsOf(event.member) + 1)
        this.#newestTerm = Math.max(this.#newestTerm, event.term)
        return
      case 'demoted':
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
      case 'member-restarted':
        this.#primaries.delete(event.member)
        return
      case 'member-resumed':
        this.#resumedAt.set(event.member, event.at)
        return
      case 'lease-granted':
        this.#grants.set(event.lease, ++this.#granted)
        // The same ID again is another lease.
        this.#grantedAt.set(event.lease, event.at)
        this.#told.delete(event.lease)
        this.#ended.delete(event.lease)
        return this.#promised(event)
      case 'lease-renewed':
        return this.#promised(event)
      case 'disk-changed':
        if (event.ms > 0) this.#timingIsOff = true
        return
      case 'link-changed':
        if (event.value > 0) this.#timingIsOff = true
        return
      case 'message-handled':
        if (event.fate === 'delay') this.#timingIsOff = true
        return
      case 'member-clock-changed':
        this.#timingIsOff = true
        return this.#clockChanged(event.member, event.percent, event.at)
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
        this.#expiredBy.set(event.id, {
          member: event.member,
          term: this.#primaries.get(event.member) ?? 0,
          promotions: this.#promotionsOf(event.member),
          isLate: this.#isLate(event.member, event.at, event.causes[0] ?? 0),
        })
        return
      case 'lease-revoked':
        return this.#revoked(event)
      default:
    }
  }

  #nameOf(lease: LeaseId): string {
    return leaseName(this.#grants.get(lease) ?? 0, lease)
  }

  #promotionsOf(member: MemberName): number {
    return this.#promotions.get(member) ?? 0
  }

  #clockChanged(member: MemberName, percent: number, at: number): void {
    const clocks = this.#clocks.get(member) ?? [TRUE_CLOCK]
    this.#clocks.set(member, [...clocks, turned(clocks.at(-1)!, percent, at)])
  }

  #promised({
    id,
    type,
    lease,
    at,
    member,
    ttlSeconds,
  }: TraceEvent & { type: 'lease-granted' | 'lease-renewed' }): void {
    const [term, renewedIn] = [this.#primaries.get(member) ?? 0, this.#renewedIn.get(lease) ?? 0]
    this.#renewedIn.set(lease, Math.max(term, renewedIn))
    const newest = this.#timingIsOff && type === 'lease-renewed' ? this.#newestTerm : renewedIn
    this.#tellsOf.set(id, {
      lease,
      ttlMs: ttlSeconds * 1000,
      at,
      member,
      superseded: term < newest,
      promotions: this.#promotionsOf(member),
    })
  }

  /** One primary lessor a term: it is the leader's, and a term has one leader (semantics §1.10). */
  #onePrimaryATerm(member: MemberName, term: number): void {
    const known = this.#primaryOf.get(term)
    this.#primaryOf.set(term, known ?? member)
    if (known !== undefined && known !== member)
      this.#report(
        'one primary a term',
        [known, member],
        `${known} and ${member} are both primary in term ${term}`,
      )
  }

  /** Only the primary counts down, and it expires no lease before its deadline (semantics §1.7). */
  #onlyAPrimaryExpires(member: MemberName, lease: LeaseId, deadline: number, at: number): void {
    if (!this.#primaries.has(member))
      this.#report(
        'only a primary expires',
        [member],
        `${member} lets ${this.#nameOf(lease)} expire and is not primary`,
      )
    if (deadline > at)
      this.#report(
        'only a primary expires',
        [member],
        `${member} lets ${this.#nameOf(lease)} expire at ${seconds(at)}, before its deadline at ${seconds(deadline)}`,
      )
  }

  /**
   * Whether the revoke of a lease in this pass is late: its member resumes at this moment, or
   * earlier revokes take all places.
   */
  #isLate(member: MemberName, at: number, pass: EventId): boolean {
    if (this.#pass.event !== pass) this.#pass = { event: pass, found: 0 }
    return ++this.#pass.found > MOST_PENDING_REVOKES || this.#resumedAt.get(member) === at
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
    // A leader that has just resumed renews in good faith: it does not know yet that it was deposed
    // (semantics §1.13).
    if (this.#resumedAt.get(promised.member) === promised.at) return
    // A renewal sets the deadline to the TTL from now, which cancels the promotion's extension. A
    // client may renew with the new primary and then with the old one, which is cut off and does
    // not know it. Then the lease may end before the time that the old one promised: only the
    // newest primary's renewal counts in etcd.
    if (promised.superseded || promised.at < (this.#grantedAt.get(promised.lease) ?? 0)) return
    const known = this.#told.get(promised.lease)
    if (known !== undefined && known.at + known.ttlMs >= promised.at + promised.ttlMs) return
    this.#told.set(promised.lease, promised)
    this.#noLeaseEndsEarly(promised.lease)
  }

  #revoked({
    id: _id,
    at,
    lease,
    end,
    keys,
    member,
    causes,
  }: TraceEvent & { type: 'lease-revoked' }): void {
    for (let i = 1; i < keys.length; i++) {
      if (keys[i - 1]! < keys[i]!) continue
      this.#report(
        'revokes in key order',
        [member],
        `${member} revokes ${this.#nameOf(lease)} and deletes ${keys[i - 1]} before ${keys[i]}`,
      )
    }
    const proposer = this.#expiredBy.get(causes[0] ?? 0)
    const byDeposed =
      proposer !== undefined && proposer.term < this.#newestTerm ? proposer.member : null
    const { member: by = null, promotions = 0, isLate = false } = proposer ?? {}
    this.#ended.set(lease, { at, end, by, byDeposed, promotions, isLate })
    this.#noLeaseEndsEarly(lease)
  }

  /**
   * No lease ends before its TTL, counted from the last renewal that a client knows. The clock of
   * the primary that let it expire counts, because members' clocks may differ (semantics §1.10,
   * §1.14). A client may revoke at any time.
   */
  #noLeaseEndsEarly(lease: LeaseId): void {
    const [promised, ended] = [this.#told.get(lease), this.#ended.get(lease)]
    if (promised === undefined || ended === undefined || ended.end !== 'expired') return
    const { member, at, ttlMs } = promised
    const clocks = this.#clocks.get(ended.by ?? member) ?? [TRUE_CLOCK]
    const lived = shownAmong(clocks, ended.at) - shownAmong(clocks, at)
    if (lived >= ttlMs) return
    const onWhose =
      lived === ended.at - at
        ? ''
        : ` (${seconds(lived)} later on the clock of ${ended.by ?? member})`
    const text = `${this.#nameOf(lease)} ended at ${seconds(ended.at)}${onWhose}. ${member} had renewed it at ${seconds(at)} for ${seconds(ttlMs)}, and a client knew`
    if (ended.byDeposed === null && ended.by === member && ended.promotions < promised.promotions)
      this.#report(
        'no lease ends after a second promotion',
        [member],
        `${text}. ${member} had let it expire before, and then became leader again`,
      )
    else if (ended.byDeposed === null) this.#report('no lease ends early', [member], text)
    else
      this.#report(
        ended.isLate ? 'no lease ends by a late revoke' : 'no lease ends by a deposed leader',
        [member, ended.byDeposed],
        `${text}. ${ended.byDeposed}, the leader of an earlier term, proposed the revoke`,
      )
  }
}

/** The time that a clock showed at a virtual time, at its rate then. */
function shownAmong(clocks: readonly Clock[], at: number): number {
  return shownAt(clocks.findLast(({ virtual }) => virtual <= at) ?? TRUE_CLOCK, at)
}
