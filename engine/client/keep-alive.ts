// How a client keeps leases alive, as clientv3 does (etcd: client/v3/lease.go; semantics §7.1): one
// stream for all leases of a client; a loop that asks for every lease whose time has come; a loop
// that gives up on leases for which no answer came. Until an answer arrives it asks again at every
// turn. Other libraries have the same loops with other numbers (libraries/).

import { assert } from '../base/assert'
import type { LeaseId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { KeepAlivePolicy } from './libraries/policy'

/** A lease being kept alive. Times are milliseconds on the client's monotonic clock. */
export interface KeptLease {
  lease: LeaseId
  /** When to ask next. */
  nextAt: number
  /** When to conclude that the lease is lost: the last answer's arrival plus the TTL. */
  deadlineAt: number
  /** The program line that waits for every answer; −1 for none. */
  line: number
  /** The event that started it: the cause of every keep-alive. */
  cause: EventId
  /** Its channel closes as soon as the stream ends because there is no leader. */
  requireLeader?: boolean
  /**
   * By how much its wall clock was set since the last answer, and the event that last did it;
   * absent where the library does not read it.
   */
  set?: { ms: number; cause: EventId }
}

export interface SavedKeepAliver {
  startedAt: number | null
  sendFrom?: number
  kept: KeptLease[]
}

/** Which leases a client keeps alive and when it does what about them. It sends nothing itself. */
export class KeepAliver {
  protected readonly policy: KeepAlivePolicy
  // The loops start with the first lease and keep their phase from then on, whether there is
  // anything to do or not.
  #startedAt: number | null = null
  /** A stream that was opened again has a sending loop of its own, from then on. */
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
   * Begins to keep a lease alive; one that is kept already is left as it is. `firstTimeoutMs` is
   * how long the first answer may take, `ttlMs` the TTL where the client knows it.
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

  /** Stops keeping a lease alive and answers with what was kept; undefined for one that was not. */
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

  /** The leases to ask for at a turn of the sending loop. */
  toSend(now: number): KeptLease[] {
    return this.list.filter(({ nextAt }) => nextAt <= now)
  }

  /**
   * A stream broke: it is opened again half a second later, maybe at another endpoint (lease.go:
   * recvKeepAliveLoop). `lease`: whose stream; null for one that all share.
   */
  broken(now: number, _lease: LeaseId | null): void {
    this.#sendFrom = now + this.policy.reconnectMs
  }

  /** The stream is open: its sending loop begins. */
  opened(now: number): void {
    this.#sendFrom = now
  }

  /**
   * The wall clock was set ahead by so many milliseconds (back where negative): times that are read
   * off it come sooner.
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
   * A member said that it knows no leader: takes out the leases whose keep-alive ends with that.
   */
  takeRequireLeader(): KeptLease[] {
    if (!this.policy.endsWithoutLeader) return []
    const taken = this.list.filter(({ requireLeader }) => requireLeader === true)
    this.list = this.list.filter(({ requireLeader }) => requireLeader !== true)
    return taken
  }

  /** The leases whose streams the client ends, as no answers come. clientv3 never does. */
  silent(_now: number): LeaseId[] {
    return []
  }

  /**
   * Whether a lease that was taken out is overdue only because the clock on the wall was set ahead.
   */
  isOverdueByClock({ deadlineAt, set }: KeptLease, now: number): boolean {
    return set !== undefined && deadlineAt + set.ms >= now
  }

  /** Takes out the leases for which no answer came in time. */
  takeOverdue(now: number): KeptLease[] {
    const overdue = this.list.filter(({ deadlineAt }) => deadlineAt < now)
    this.list = this.list.filter(({ deadlineAt }) => deadlineAt >= now)
    return overdue
  }

  /**
   * The next turn of the sending loop with a lease to renew; null when nothing is
   * kept. A turn at `now` itself counts.
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

  /** The turn that gives a lease up if no answer comes; null for one that is not kept. */
  givesUpAt(lease: LeaseId): number | null {
    const kept = this.list.find((other) => other.lease === lease)
    return kept === undefined
      ? null
      : this.#turnFrom(kept.deadlineAt + 1, this.policy.deadlineLoopMs)
  }

  /** The next turn of the other loop that could find something. */
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

  /** Takes the state over that `save` gave. */
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
