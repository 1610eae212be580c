// One etcd server: its log, its lessor, its store, its API. A machine: an input and the time go in,
// its outputs come out, and its events go to the trace. It reads no clock and keeps no closure.
//
//   request → validate → read                            → reply
//                      → propose → commit → apply        → reply, events to the watchers, and to
//                                                          the calls that wait
//                      → a Lock or Election call         → its requests, which go the same way, one
//                                                          after the other
//   timer 'expiry' (every 500 ms) → due leases → propose LeaseRevoke → commit → apply → keys gone
//
// A lone member commits its proposals at once. Only apply.ts changes the state machine on a commit.

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
import { handleOutputs } from './requests'
import { leadsAlone } from './ticker'

export type { MemberOutput, MemberTimer, MemberTrace } from './context'
export type { MemberInput } from './inputs'
export type { MemberOptions } from './member-options'
export type { PeerMessage } from './messages'
export type { SavedMember } from './parts'

export class Member {
  readonly #parts: MemberParts

  /**
   * A new member, a member restarted from a crashed one's disk, or a member loaded from a saved
   * state.
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

  /** The members of the cluster, as far as this member has applied. */
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
   * Virtual milliseconds of the pass of the expiry loop that handles everything due at `at`, if
   * every pass is on time.
   */
  passAfter(at: number): number {
    const first = this.#parts.expiry.nextPassAt
    const shown = this.#parts.ownClock.shown(at)
    return this.#parts.ownClock.virtual(
      first + Math.max(0, Math.ceil((shown - first) / EXPIRY_LOOP_MS)) * EXPIRY_LOOP_MS,
    )
  }

  /**
   * The time (virtual ms) when a pass of the expiry loop would find a lease; Infinity for never.
   */
  get nextDueAt(): number {
    return this.#parts.ownClock.virtual(this.#parts.lessor.nextDueAt())
  }

  /**
   * Every lease, the shortest remaining time first, in virtual time. `FOREVER` is the deadline of
   * leases that it does not count down.
   */
  leases(): LeaseInfo[] {
    const leases = this.#parts.lessor.leases()
    return this.#parts.ownClock.isTrue
      ? leases
      : leases.map((info) => this.#parts.ownClock.leaseOutward(info))
  }

  /** A lease in virtual time; undefined for an unknown ID. */
  lease(id: LeaseId): LeaseInfo | undefined {
    const info = this.#parts.lessor.lookup(id)
    return info === undefined ? undefined : this.#parts.ownClock.leaseOutward(info)
  }

  /** The rate of its clock in percent; 100 is true. */
  get clockPercent(): number {
    return this.#parts.ownClock.percent
  }

  /**
   * Its process is joining a running cluster and its Raft has not started: it serves neither
   * clients nor members.
   */
  get isJoining(): boolean {
    return this.#parts.joining.isAsking
  }

  /** Whether it waits for another member's answer about a lease. */
  forwardsTo(member: MemberId): boolean {
    return this.#parts.leases.forwardsTo(member)
  }

  /** Seconds by which its wall clock was set forward, in all. */
  get wallSeconds(): number {
    return this.#parts.ownClock.wallMs / 1000
  }

  /**
   * From `now` (virtual ms) on its clock runs at this rate in percent. Returns the deadlines of the
   * leases that it counts down, in virtual time.
   */
  setClock(percent: number, now: number): [LeaseId, number][] {
    this.#parts.ownClock.change(percent, now)
    return this.#parts.lessor.isPrimary
      ? this.leases().map(({ id, deadline }) => [id, deadline])
      : []
  }

  /**
   * The virtual ms of a timer; undefined for a timer that is not set or that does not use the
   * clock.
   */
  dueAt(timer: MemberTimer): number | undefined {
    return this.#parts.ownClock.dueAt(timer)
  }

  /** Sets its wall clock forward by these seconds, or back if negative. */
  stepWall(seconds: number): void {
    this.#parts.ownClock.stepWall(seconds * 1000)
    this.#parts.tellWall()
  }

  /** From the next write on each disk write takes this many milliseconds; 0 for none. */
  setDisk(ms: number): void {
    this.#parts.options = { ...this.#parts.options, diskMs: ms }
    this.#parts.consensus.setDisk(ms)
  }

  /** Handles one input at the virtual time `now`. `cause` is the event that caused the input. */
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
      handleOutputs(parts, context, services.answer(answer.call, answer.reply, parts), answer.cause)
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

/** The next deadline or retry of a call; Infinity for none. */
function nextLook({ reads, leases, expiry, calls }: MemberParts): number {
  return Math.min(reads.nextAt, leases.nextAt, expiry.nextAt, calls.nextAt)
}
