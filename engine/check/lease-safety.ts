// What leases promise, read off the trace: who may count them down, and that none ends before the
// time a client was told of.

import { leaseName } from '../base/lease-name'
import type { LeaseId } from '../base/rpc'
import type { EventId, LeaseEnd, MemberName, TraceEvent } from '../base/trace'
import type { Clock } from '../clock/rate'
import { shownAt, TRUE_CLOCK, turned } from '../clock/rate'
import { MOST_PENDING_REVOKES } from '../member/expiry-loop'
import type { Report } from './violation'
import { seconds } from './violation'

/** A grant or a renewal, and for how long the lease lives by it. */
interface Promised {
  lease: LeaseId
  ttlMs: number
  at: number
  member: MemberName
  /**
   * The primary of a later term had renewed it before, or was there and nothing told this one in
   * time.
   */
  superseded: boolean
  /** How often that member had been promoted. */
  promotions: number
}

interface Ended {
  at: number
  end: LeaseEnd
  /** Who let it expire; null for an end by hand. */
  by: MemberName | null
  /** Whether that was primary no more when the revoke was applied. */
  byDeposed: MemberName | null
  /** That member had just woken, or the revoke waited for a place. */
  isLate: boolean
  /** How often that member had been promoted when it let it expire. */
  promotions: number
}

export class LeaseSafety {
  readonly #report: Report
  readonly #primaryOf = new Map<number, MemberName>()
  /** Who is primary now, and since when. */
  readonly #primaries = new Map<MemberName, number>()
  #newestTerm = 0
  readonly #promotions = new Map<MemberName, number>()
  /** Clocks that are not true, or were not: how each went on from every change of its rate. */
  readonly #clocks = new Map<MemberName, Clock[]>()
  /**
   * Whether something was done to disks, clocks or links that can keep a deposed leader from
   * noticing within an election timeout, on which the extension of a promotion rests (semantics
   * §1.10): ticks stand still while a write is under way, a slow clock ticks late, and an answer
   * that was long on its way counts as one of now.
   */
  #timingIsOff = false
  readonly #resumedAt = new Map<MemberName, number>()
  /** The renewal that an event tells of, from the renewal itself to the client that hears of it. */
  readonly #tellsOf = new Map<EventId, Promised>()
  /** When a lease was granted last (virtual ms). */
  readonly #grantedAt = new Map<LeaseId, number>()
  /** The newest term in which a lease was renewed. */
  readonly #renewedIn = new Map<LeaseId, number>()
  readonly #told = new Map<LeaseId, Promised>()
  /** The number of each lease's latest grant, from 1, and how many grants there were. */
  readonly #grants = new Map<LeaseId, number>()
  #granted = 0
  readonly #ended = new Map<LeaseId, Ended>()
  /**
   * By the event of a lease that ran out: who proposed the revoke, and in which term it was
   * primary.
   */
  readonly #expiredBy = new Map<
    EventId,
    { member: MemberName; term: number; promotions: number; isLate: boolean }
  >()
  /** How many leases a pass of an expiry loop has found so far. Only the last pass counts. */
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

  /**
   * Only the primary counts down, and takes no lease for expired before its deadline (semantics
   * §1.7).
   */
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
   * Whether the revoke of a lease that this pass finds is late: its member wakes in this instant,
   * or all places are taken by those before it.
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
    // What a leader says in the instant in which it wakes it says in good faith; it has not heard
    // yet that it was deposed (semantics §1.13).
    if (this.#resumedAt.get(promised.member) === promised.at) return
    // A renewal sets the deadline to the TTL from now, and so takes back what the promotion put on
    // top. Where a client renews with the new primary and then with the old one, which is cut off
    // and does not know yet, the lease ends before the time that the old one named: etcd promises
    // no more than the newest primary's renewal.
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
   * No lease ends before its TTL, counted from the last renewal that a client was told of, on the
   * clock of the primary that let it expire: members' clocks need not run alike, and nobody else's
   * counts (semantics §1.10, §1.14). Who revokes by hand may do so at any
   * time.
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

/** What a clock showed at a virtual time, by the rate that it had then. */
function shownAmong(clocks: readonly Clock[], at: number): number {
  return shownAt(clocks.findLast(({ virtual }) => virtual <= at) ?? TRUE_CLOCK, at)
}
