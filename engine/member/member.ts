// One etcd server: its log, its lessor, its store, its API. A machine: an input and the time go in,
// its outputs come out; what happened goes to the trace. It reads no clock and keeps no
// closure.
//
//   request → validate → read                            → reply
//                      → propose → commit → apply        → reply, events to the watchers, news to
//                                                        the calls that wait
//                      → a recipe of Lock or Election    → its requests, which go the same way, one
//                                                        after the other
//   timer 'expiry' (every 500 ms) → due leases → propose LeaseRevoke → commit → apply → keys gone
//
// A lone member commits what it proposes at once; what a commit does to the state machine is
// apply.ts alone.

import type { LeaseId, MemberId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { LeaseInfo, Lessor } from '../lease/lessor'
import type { Store } from '../mvcc/store'
import type { Consensus } from './consensus'
import { Host } from './consensus-host'
import type { MemberOutput, MemberTimer, MemberTrace } from './context'
import { EXPIRY_LOOP_MS } from './expiry-loop'
import type { MemberInput } from './inputs'
import { take } from './inputs'
import type { MemberOptions } from './member-options'
import type { Membership } from './membership'
import type { SavedMember } from './parts'
import { MemberParts } from './parts'
import { serve } from './requests'
import { leadsAlone } from './ticker'

export type { MemberOutput, MemberTimer, MemberTrace } from './context'
export type { MemberInput } from './inputs'
export type { MemberOptions } from './member-options'
export type { PeerMessage } from './messages'
export type { SavedMember } from './parts'

export class Member {
  readonly #parts: MemberParts

  /**
   * A member that begins, one that comes back with what the disk of the crashed one held, or one
   * that goes on from a saved state.
   */
  constructor(options: MemberOptions, from: { crashed?: Member; saved?: SavedMember } = {}) {
    const { crashed, saved } = from
    this.#parts = new MemberParts(options, {
      ...(crashed === undefined ? {} : { crashed: crashed.#parts }),
      ...(saved === undefined ? {} : { saved }),
    })
  }

  get options(): MemberOptions {
    return this.#parts.options
  }

  get store(): Store {
    return this.#parts.store
  }

  get lessor(): Lessor {
    return this.#parts.lessor
  }

  /** Who belongs to the cluster, as far as it has applied. */
  get membership(): Membership {
    return this.#parts.membership
  }

  get term(): number {
    return this.#parts.consensus.term
  }

  /** The commit index, as far as this member knows. */
  get raftIndex(): number {
    return this.#parts.consensus.commit
  }

  get consensus(): Consensus {
    return this.#parts.consensus
  }

  /** Virtual milliseconds of the next pass of the expiry loop. */
  get nextPassAt(): number {
    return this.#parts.ownClock.virtual(this.#parts.expiry.nextPassAt)
  }

  /**
   * Virtual milliseconds of the pass of the expiry loop after which nothing due at `at` is left;
   * every pass comes on time.
   */
  passAfter(at: number): number {
    const first = this.#parts.expiry.nextPassAt
    const shown = this.#parts.ownClock.shown(at)
    return this.#parts.ownClock.virtual(
      first + Math.max(0, Math.ceil((shown - first) / EXPIRY_LOOP_MS)) * EXPIRY_LOOP_MS,
    )
  }

  /** When (virtual ms) a pass of the expiry loop would find a lease, Infinity for never. */
  get nextDueAt(): number {
    return this.#parts.ownClock.virtual(this.#parts.lessor.nextDueAt())
  }

  /**
   * Every lease by what remains, least first, in virtual time; `FOREVER` is the deadline of those
   * that it does not count.
   */
  leases(): LeaseInfo[] {
    const leases = this.#parts.lessor.leases()
    return this.#parts.ownClock.isTrue
      ? leases
      : leases.map((info) => this.#parts.ownClock.leaseOutward(info))
  }

  /** A lease in virtual time, undefined for an unknown ID. */
  lease(id: LeaseId): LeaseInfo | undefined {
    const info = this.#parts.lessor.lookup(id)
    return info === undefined ? undefined : this.#parts.ownClock.leaseOutward(info)
  }

  /** How fast its clock runs; 100 is true. */
  get clockPercent(): number {
    return this.#parts.ownClock.percent
  }

  /**
   * Its process joins a running cluster and has not started its Raft: it serves neither clients nor
   * members.
   */
  get isJoining(): boolean {
    return this.#parts.joining.isAsking
  }

  /** Whether it waits for another member's answer about a lease. */
  forwardsTo(member: MemberId): boolean {
    return this.#parts.leases.forwardsTo(member)
  }

  /** Seconds by which its wall clock was put forward, in all. */
  get wallSeconds(): number {
    return this.#parts.ownClock.wallMs / 1000
  }

  /**
   * From `now` (virtual ms) on its clock runs at so many percent. Answers with the deadlines of the
   * leases that it counts down, in virtual time.
   */
  setClock(percent: number, now: number): [LeaseId, number][] {
    this.#parts.ownClock.change(percent, now)
    return this.#parts.lessor.isPrimary
      ? this.leases().map(({ id, deadline }) => [id, deadline])
      : []
  }

  /**
   * When a timer that is set is due, in virtual ms; undefined for one that is not set, and for
   * those that no clock drives.
   */
  dueAt(timer: MemberTimer): number | undefined {
    return this.#parts.ownClock.dueAt(timer)
  }

  /** Puts its wall clock forward by so many seconds, or back. */
  stepWall(seconds: number): void {
    this.#parts.ownClock.stepWall(seconds * 1000)
    this.#parts.tellWall()
  }

  /** From its next write on its disk takes so many milliseconds; 0 for none. */
  setDisk(ms: number): void {
    this.#parts.options = { ...this.#parts.options, diskMs: ms }
    this.#parts.consensus.setDisk(ms)
  }

  /** Takes one input at the virtual time `now`. `cause` is the event that it comes from. */
  step(input: MemberInput, now: number, trace: MemberTrace, cause: EventId): MemberOutput[] {
    const parts = this.#parts
    const { ownClock, consensus, leases, services, options } = parts
    const context = ownClock.context(now, trace, cause)
    const looksAt = nextLook(parts)
    const wasAlone = leadsAlone(consensus)
    take(parts, context, input, cause)
    for (;;) {
      consensus.work(() => new Host(parts, context))
      leases.progressed(parts, context)
      const answer = context.answers.shift()
      if (answer === undefined) break
      serve(parts, context, services.answer(answer.call, answer.reply, parts), answer.cause)
    }
    if (wasAlone && !leadsAlone(consensus)) parts.ticker.goOn(options, context)
    const next = nextLook(parts)
    if (next !== looksAt)
      context.timer('calls', next === Number.POSITIVE_INFINITY ? null : next, cause)
    return ownClock.outputs(context, now)
  }

  save(): SavedMember {
    return this.#parts.save()
  }

  static load(options: MemberOptions, saved: SavedMember): Member {
    return new Member(options, { saved })
  }
}

/** When a call has to be looked at; Infinity for never. */
function nextLook({ reads, leases, expiry, calls }: MemberParts): number {
  return Math.min(reads.nextAt, leases.nextAt, expiry.nextAt, calls.nextAt)
}
