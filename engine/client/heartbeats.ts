// How a client keeps its leases alive: the loops or timers of its library (keep-alive.ts), its
// streams (keep-alive-streams.ts), and the results of their answers.

import { assert } from '../base/assert'
import { errors } from '../base/errors'
import type { Library } from '../base/libraries'
import { DEFAULT_LIBRARY } from '../base/libraries'
import type { LeaseId, Reply } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { Beliefs } from './beliefs'
import type { Calls } from './calls'
import type { ClientContext, ClientTimer } from './context'
import type { KeptLease, SavedKeepAliver } from './keep-alive'
import { KeepAliver } from './keep-alive'
import type { SavedKeepAliveStreams } from './keep-alive-streams'
import { KeepAliveStreams } from './keep-alive-streams'
import { TimerKeepAliver } from './keep-alive-timers'
import type { KeepAlivePolicy } from './libraries/policy'
import { policyOf } from './libraries/table'

/**
 * Milliseconds by which a first keep-alive may take longer than the dial timeout (lease.go:
 * NewLeaseFromLeaseClient).
 */
const BEYOND_DIAL_TIMEOUT_MS = 1000

/** A lease that is no longer kept alive, and the reason. */
export interface Closed {
  kept: KeptLease
  why: 'gone' | 'no-answer' | 'no-leader' | 'clock-set'
}

export interface SavedHeartbeats extends SavedKeepAliveStreams {
  keepAliver: SavedKeepAliver
  timers: [ClientTimer, number][]
  lastTurnAt: number
  waits?: true
  firstTimeoutMs?: number
  /** clientv3 where absent. */
  library?: Library
}

/**
 * `dialTimeoutMs`: clientv3.Config's DialTimeout, none where absent. `library`: clientv3 where
 * absent.
 */
export interface LibraryOptions {
  dialTimeoutMs?: number
  library?: Library
}

function keepAliverOf(policy: KeepAlivePolicy): KeepAliver {
  return policy.timing === 'timers' ? new TimerKeepAliver(policy) : new KeepAliver(policy)
}

export class Heartbeats {
  readonly #id: ClientId
  readonly #kind: 'program' | 'process'
  readonly #policy: KeepAlivePolicy
  #firstTimeoutMs: number
  #streams: KeepAliveStreams
  #waits = false
  #keepAliver: KeepAliver
  // The next turn of each loop.
  #timers = new Map<ClientTimer, number>()
  // The last turn of the sending loop, which has one turn at a time.
  #lastTurnAt = -1

  constructor(
    id: ClientId,
    kind: 'program' | 'process',
    { dialTimeoutMs, library = DEFAULT_LIBRARY }: LibraryOptions = {},
  ) {
    this.#id = id
    this.#kind = kind
    this.#policy = policyOf(library)
    this.#keepAliver = keepAliverOf(this.#policy)
    this.#streams = new KeepAliveStreams(this.#policy.streamPerLease)
    this.#firstTimeoutMs =
      dialTimeoutMs === undefined
        ? this.#policy.firstTimeoutMs
        : dialTimeoutMs + BEYOND_DIAL_TIMEOUT_MS
  }

  get library(): Library {
    return this.#policy.library
  }

  has(lease: LeaseId): boolean {
    return this.#keepAliver.has(lease)
  }

  givesUpAt(lease: LeaseId): number | null {
    return this.#keepAliver.givesUpAt(lease)
  }

  sleepsUntil(lease: LeaseId): number | null {
    return (
      this.#keepAliver.kept.find((kept) => kept.lease === lease && kept.set !== undefined)
        ?.nextAt ?? null
    )
  }

  isStream(rpc: number): boolean {
    return this.#streams.has(rpc)
  }

  /**
   * Whether the client still has the session. A session in a library without a keep-alive ends only
   * by an answer.
   */
  keeps(lease: LeaseId, beliefs: Beliefs): boolean {
    return this.#policy.keepsAlive ? this.has(lease) : !beliefs.isLost(lease)
  }

  /**
   * A lease that is kept already stays as it is. `line` is the program line that waits for every
   * answer, −1 for none.
   */
  start(
    lease: LeaseId,
    line: number,
    beliefs: Beliefs,
    context: ClientContext,
    requireLeader = false,
  ): void {
    if (this.#keepAliver.has(lease)) return
    if (!this.#policy.keepsAlive) return beliefs.expect(lease)
    const cause =
      this.#kind === 'program'
        ? context.emit({ type: 'heartbeat-started', client: this.#id, lease })
        : context.cause
    this.#keepAliver.add(
      { lease, line, cause, requireLeader },
      context.now,
      this.#firstTimeoutMs,
      beliefs.ttlOf(lease),
    )
    beliefs.expect(lease)
  }

  /** An unknown lease is ignored. */
  stop(lease: LeaseId, context: ClientContext): void {
    if (this.#keepAliver.remove(lease) === undefined) return
    this.#streams.forget(lease, context)
    context.emit({ type: 'heartbeat-stopped', client: this.#id, lease })
  }

  /**
   * An answer on a stream (lease.go: recvKeepAlive), and the leases that are no longer kept alive.
   */
  answered(rpc: number, reply: Reply, beliefs: Beliefs, context: ClientContext): Closed[] {
    if (reply.type === 'error') {
      this.#keepAliver.broken(context.now, this.#streams.ended(rpc))
      if (reply.message !== errors.NoLeader.message) return []
      return this.#keepAliver.takeRequireLeader().map((kept) => ({ kept, why: 'no-leader' }))
    }
    assert(
      reply.type === 'LeaseKeepAlive',
      `${this.#id} got ${reply.type} on its keep-alive stream`,
    )
    const isGone = reply.TTL <= 0
    const kept = isGone
      ? this.#keepAliver.remove(reply.ID)
      : this.#keepAliver.answered(reply.ID, reply.TTL, context.now)
    if (isGone) this.#streams.forget(reply.ID, context)
    // The library has given the lease up and drops late answers (lease.go: recvKeepAlive;
    // LeaseImpl.java: handleResponse).
    if (kept === undefined && beliefs.isLost(reply.ID)) return []
    if (isGone) {
      beliefs.lose(reply.ID, 'told')
      return kept === undefined ? [] : [{ kept, why: 'gone' }]
    }
    // An answer to a request from before the heartbeat was stopped still counts.
    beliefs.hold(reply.ID, reply.TTL, context.now)
    if (kept !== undefined && kept.line >= 0)
      context.signal({ type: 'kept', line: kept.line, response: reply })
    return []
  }

  /** Its wall clock was set ahead by so many milliseconds, or back where negative. */
  clockSet(ms: number, context: ClientContext): void {
    this.#keepAliver.clockSet(ms, context.cause)
  }

  /**
   * Its stream finds no connection. The sending loop begins when the stream is open (lease.go:
   * resetRecv).
   */
  waits(): void {
    this.#waits = true
  }

  connected(context: ClientContext): void {
    if (!this.#waits) return
    this.#waits = false
    this.#keepAliver.opened(context.now)
  }

  /** Requests that wait for a connection fail instead (lease.js: handleKeepaliveError). */
  unreachable(context: ClientContext): void {
    if (!this.#waits) return
    this.#waits = false
    for (const lease of this.#streams.restartAll(context))
      this.#keepAliver.broken(context.now, lease)
  }

  /** The loop that gives leases up has its turn. */
  giveUp(context: ClientContext): Closed[] {
    this.#timers.delete('keep-alive-deadline')
    for (const lease of this.#keepAliver.silent(context.now)) {
      this.#streams.restart(lease, context)
      this.#waits = false
      this.#keepAliver.broken(context.now, lease)
    }
    return this.#keepAliver.takeOverdue(context.now).map((kept) => {
      this.#streams.forget(kept.lease, context)
      const isByClock = this.#keepAliver.isOverdueByClock(kept, context.now)
      return { kept, why: isByClock ? 'clock-set' : 'no-answer' }
    })
  }

  /** The sending loop has its turn. */
  send(calls: Calls, context: ClientContext): void {
    this.#timers.delete('keep-alive-send')
    this.#lastTurnAt = context.now
    for (const { lease, cause } of this.#keepAliver.toSend(context.now)) {
      const { rpc, attempt } = this.#streams.open(lease, () => calls.newRpc())
      const { requiresLeader } = this.#policy
      context.send(rpc, { type: 'LeaseKeepAlive', ID: lease }, { attempt, requiresLeader, cause })
    }
  }

  closeStreams(context: ClientContext): void {
    this.#streams.closeAll(context)
    this.#waits = false
  }

  /** The program has ended with an error, so its process keeps no lease alive. */
  exit(context: ClientContext): void {
    for (const lease of this.#keepAliver.kept.map((kept) => kept.lease)) this.stop(lease, context)
    this.closeStreams(context)
  }

  /** Stops keeping all leases alive, and stops the loops. */
  endAll(context: ClientContext): void {
    this.#keepAliver = keepAliverOf(this.#policy)
    this.#setLoop('keep-alive-send', null, context)
    this.#setLoop('keep-alive-deadline', null, context)
  }

  save(): SavedHeartbeats {
    return {
      ...this.#streams.save(),
      keepAliver: this.#keepAliver.save(),
      timers: [...this.#timers].sort(([a], [b]) => (a < b ? -1 : 1)),
      lastTurnAt: this.#lastTurnAt,
      ...(this.#firstTimeoutMs === this.#policy.firstTimeoutMs
        ? {}
        : { firstTimeoutMs: this.#firstTimeoutMs }),
      ...(this.#waits ? { waits: true as const } : {}),
      ...(this.library === DEFAULT_LIBRARY ? {} : { library: this.library }),
    }
  }

  static load(id: ClientId, kind: 'program' | 'process', saved: SavedHeartbeats): Heartbeats {
    const heartbeats = new Heartbeats(
      id,
      kind,
      saved.library === undefined ? {} : { library: saved.library },
    )
    heartbeats.#streams = KeepAliveStreams.load(heartbeats.#policy.streamPerLease, saved)
    heartbeats.#keepAliver.restore(saved.keepAliver)
    heartbeats.#timers = new Map(saved.timers)
    heartbeats.#lastTurnAt = saved.lastTurnAt
    heartbeats.#waits = saved.waits ?? false
    heartbeats.#firstTimeoutMs = saved.firstTimeoutMs ?? heartbeats.#policy.firstTimeoutMs
    return heartbeats
  }

  /**
   * Sets the loops to their next turns with work. An answer delays the next request. A new lease
   * may need a request at once.
   */
  wind(context: ClientContext): void {
    this.#setLoop(
      'keep-alive-send',
      this.#waits
        ? null
        : this.#keepAliver.nextSendAt(
            this.#lastTurnAt === context.now ? context.now + 1 : context.now,
          ),
      context,
    )
    // A turn that is due at this very instant, and has not come yet, is not skipped.
    const isDue = this.#timers.get('keep-alive-deadline') === context.now
    this.#setLoop(
      'keep-alive-deadline',
      this.#keepAliver.nextDeadlineAt(isDue ? context.now : context.now + 1),
      context,
    )
  }

  /**
   * A turn that came due while the client was paused is not delayed. In etcd its timer fires as
   * soon as the client continues.
   */
  #setLoop(timer: ClientTimer, at: number | null, context: ClientContext): void {
    const set = this.#timers.get(timer) ?? null
    if (at === set || (at !== null && set !== null && set < context.now)) return
    if (at === null) this.#timers.delete(timer)
    else this.#timers.set(timer, at)
    context.timer(timer, at)
  }
}
