// How a client keeps leases alive, as clientv3 does (etcd: client/v3/lease.go; semantics §7.1). All
// leases of a client share one stream. One loop sends a request for every due lease, at every turn
// until an answer arrives. Another loop gives up leases without an answer. Other libraries have the
// same loops with other numbers (libraries/).

import { assert } from '../base/assert'
import type { LeaseId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { KeepAlivePolicy } from './libraries/policy'

/** A lease being kept alive. Times are milliseconds on the client's monotonic clock. */
export interface KeptLease {
  lease: LeaseId
  /** The time of the next request. */
  nextAt: number
  /** The time when the client gives the lease up: the last answer's arrival plus the TTL. */
  deadlineAt: number
  /** The program line that waits for every answer; −1 for none. */
  line: number
  /** The event that started it: the cause of every keep-alive. */
  cause: EventId
  /** Its channel closes as soon as the stream ends because there is no leader. */
  requireLeader?: boolean
  /**
   * How far its wall clock was set since the last answer, and the last event that set it. Absent
   * where the library does not read that clock.
   */
  set?: { ms: number; cause: EventId }
}

export interface SavedKeepAliver {
  startedAt: number | null
  sendFrom?: number
  kept: KeptLease[]
}

/**
 * The leases that a client keeps alive, and the times of their requests. It sends nothing itself.
 */
export class KeepAliver {
  protected readonly policy: KeepAlivePolicy
  // The loops start with the first lease and keep their phase from then on, with or without work.
  #startedAt: number | null = null
  /** A stream that was opened again has a new sending loop from then on. */
  #sendFrom: number | null = null
  protected list: KeptLease[] = []

  constructor(policy: KeepAlivePolicy) {
    this.policy = policy
  }

  get kept(): readonly KeptLease[] {
    return this.list
  }

  has(lease: LeaseId): boolean {
    return this.list.some((kept) => kept.lease === lease)
  }

  /**
   * Begins to keep a lease alive; a kept lease stays as it is. `firstTimeoutMs` is how long the
   * first answer may take, `ttlMs` the TTL where the client knows it.
   */
  add(
    {
      lease,
      line,
      cause,
      requireLeader = false,
    }: Pick<KeptLease, 'lease' | 'line' | 'cause' | 'requireLeader'>,
    now: number,
    firstTimeoutMs: number,
    _ttlMs: number | null = null,
  ): void {
    this.#startedAt ??= now
    if (!this.has(lease))
      this.list.push({
        lease,
        nextAt: now,
        deadlineAt: now + firstTimeoutMs,
        line,
        cause,
        ...(requireLeader ? { requireLeader } : {}),
      })
  }

  /** Stops keeping a lease alive and answers with its entry; undefined for an unknown lease. */
  remove(lease: LeaseId): KeptLease | undefined {
    const kept = this.list.find((other) => other.lease === lease)
    this.list = this.list.filter((other) => other !== kept)
    return kept
  }

  /** An answer with that TTL arrived. Undefined for a lease that is no longer kept. */
  answered(lease: LeaseId, ttlSeconds: number, now: number): KeptLease | undefined {
    const kept = this.list.find((other) => other.lease === lease)
    if (kept === undefined) return undefined
    kept.nextAt = now + Math.floor((ttlSeconds * 1000) / 3)
    kept.deadlineAt = now + ttlSeconds * 1000
    delete kept.set
    return kept
  }

  /** The leases to renew at a turn of the sending loop. */
  toSend(now: number): KeptLease[] {
    return this.list.filter(({ nextAt }) => nextAt <= now)
  }

  /**
   * A stream broke. It is opened again half a second later, maybe at another endpoint (lease.go:
   * recvKeepAliveLoop). `lease`: the stream's lease; null for a stream that all share.
   */
  broken(now: number, _lease: LeaseId | null): void {
    this.#sendFrom = now + this.policy.reconnectMs
  }

  /** The stream is open: its sending loop begins. */
  opened(now: number): void {
    this.#sendFrom = now
  }

  /**
   * The wall clock was set ahead by so many milliseconds (back where negative). Times that are read
   * from it come sooner.
   */
  clockSet(ms: number, cause: EventId): void {
    if (!this.policy.readsWallClock) return
    for (const kept of this.list) {
      kept.nextAt -= ms
      kept.deadlineAt -= ms
      kept.set = { ms: (kept.set?.ms ?? 0) + ms, cause }
    }
  }

  /**
   * A member said that it knows no leader. Removes the leases whose keep-alive ends for that
   * reason.
   */
  takeRequireLeader(): KeptLease[] {
    if (!this.policy.endsWithoutLeader) return []
    const taken = this.list.filter(({ requireLeader }) => requireLeader === true)
    this.list = this.list.filter(({ requireLeader }) => requireLeader !== true)
    return taken
  }

  /** The leases whose streams the client ends, because no answers come. clientv3 never does. */
  silent(_now: number): LeaseId[] {
    return []
  }

  /** Whether a removed lease is overdue only because the wall clock was set ahead. */
  isOverdueByClock({ deadlineAt, set }: KeptLease, now: number): boolean {
    return set !== undefined && deadlineAt + set.ms >= now
  }

  /** Removes the leases without an answer in time. */
  takeOverdue(now: number): KeptLease[] {
    const overdue = this.list.filter(({ deadlineAt }) => deadlineAt < now)
    this.list = this.list.filter(({ deadlineAt }) => deadlineAt >= now)
    return overdue
  }

  /**
   * The next turn of the sending loop with a lease to renew; null without a kept lease. A turn at
   * `now` itself counts.
   */
  nextSendAt(now: number): number | null {
    if (this.list.length === 0) return null
    const due = Math.min(...this.list.map(({ nextAt }) => nextAt))
    return this.#turnFrom(
      Math.max(now, due, this.#sendFrom ?? 0),
      this.policy.sendLoopMs,
      this.#sendFrom,
    )
  }

  /** The turn that gives a lease up without an answer; null for an unknown lease. */
  givesUpAt(lease: LeaseId): number | null {
    const kept = this.list.find((other) => other.lease === lease)
    return kept === undefined
      ? null
      : this.#turnFrom(kept.deadlineAt + 1, this.policy.deadlineLoopMs)
  }

  /** The next turn of the other loop that could give a lease up. */
  nextDeadlineAt(now: number): number | null {
    if (this.list.length === 0) return null
    const due = Math.min(...this.list.map(({ deadlineAt }) => deadlineAt)) + 1
    return this.#turnFrom(Math.max(now, due), this.policy.deadlineLoopMs)
  }

  save(): SavedKeepAliver {
    return {
      startedAt: this.#startedAt,
      ...(this.#sendFrom === null ? {} : { sendFrom: this.#sendFrom }),
      kept: this.list.map((kept) => ({ ...kept })),
    }
  }

  /** Restores the state that `save` gave. */
  restore(saved: SavedKeepAliver): void {
    this.#startedAt = saved.startedAt
    this.#sendFrom = saved.sendFrom ?? null
    this.list = saved.kept.map((kept) => ({ ...kept }))
  }

  #turnFrom(at: number, periodMs: number, startedAt = this.#startedAt): number {
    const from = startedAt ?? this.#startedAt
    assert(from !== null, 'a loop that never started has no turns')
    return from + Math.ceil((at - from) / periodMs) * periodMs
  }
}
