// How clientv3 keeps leases alive (etcd: client/v3/lease.go; semantics §7.1): one stream for all leases of a client; a loop that asks for every lease whose time
// has come; a loop that gives up on leases for which no answer came. Until an answer arrives it asks again at every turn.

import { assert } from '../base/assert'
import type { LeaseId } from '../base/rpc'
import type { EventId } from '../base/trace'

/**
 * Milliseconds between two turns of the sending loop. etcd waits 500 ms in a timer, and a timer never fires early: measured against a real client a turn
 * takes a little longer, which is why a lease of 6 s is renewed after 2.00, 4.01 and 6.01 s. With exactly 500 here every renewal would miss its turn by the
 * round trip and come half a second late.
 */
export const SEND_LOOP_MS = 501
/** Milliseconds between two turns of the loop that looks for leases without an answer: a second, and what its timer is late. */
export const DEADLINE_LOOP_MS = 1001

/** Milliseconds between the end of a stream and the next one (lease.go: retryConnWait). */
const RECONNECT_MS = 500

/** A lease being kept alive. Times are virtual milliseconds. */
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
  /** Its channel closes as soon as the stream is ended for want of a leader. */
  requireLeader?: boolean
}

export interface SavedKeepAliver {
  startedAt: number | null
  sendFrom?: number
  kept: KeptLease[]
}

/** Which leases a client keeps alive and when it does what about them. It sends nothing itself. */
export class KeepAliver {
  // The loops start with the first lease and keep their phase from then on, whether there is anything to do or not.
  #startedAt: number | null = null
  /** A stream that was opened again has a sending loop of its own, from then on. */
  #sendFrom: number | null = null
  #kept: KeptLease[] = []

  get kept(): readonly KeptLease[] {
    return this.#kept
  }

  has(lease: LeaseId): boolean {
    return this.#kept.some((kept) => kept.lease === lease)
  }

  /** Begins to keep a lease alive; one that is kept already is left as it is. `firstTimeoutMs` is how long the first answer may take. */
  add(
    { lease, line, cause, requireLeader = false }: Pick<KeptLease, 'lease' | 'line' | 'cause' | 'requireLeader'>,
    now: number,
    firstTimeoutMs: number,
  ): void {
    this.#startedAt ??= now
    if (!this.has(lease))
      this.#kept.push({ lease, nextAt: now, deadlineAt: now + firstTimeoutMs, line, cause, ...(requireLeader ? { requireLeader } : {}) })
  }

  /** Stops keeping a lease alive and answers with what was kept; undefined for one that was not. */
  remove(lease: LeaseId): KeptLease | undefined {
    const kept = this.#kept.find((other) => other.lease === lease)
    this.#kept = this.#kept.filter((other) => other !== kept)
    return kept
  }

  /** An answer with that TTL arrived. Undefined for a lease that is no longer kept. */
  answered(lease: LeaseId, ttlSeconds: number, now: number): KeptLease | undefined {
    const kept = this.#kept.find((other) => other.lease === lease)
    if (kept === undefined) return undefined
    kept.nextAt = now + Math.floor((ttlSeconds * 1000) / 3)
    kept.deadlineAt = now + ttlSeconds * 1000
    return kept
  }

  /** The leases to ask for at a turn of the sending loop. */
  toSend(now: number): KeptLease[] {
    return this.#kept.filter(({ nextAt }) => nextAt <= now)
  }

  /** The stream broke: it is opened again half a second later, maybe at another endpoint (lease.go: recvKeepAliveLoop). */
  broken(now: number): void {
    this.#sendFrom = now + RECONNECT_MS
  }

  /** The stream is open: its sending loop begins. */
  opened(now: number): void {
    this.#sendFrom = now
  }

  /** Takes out the leases whose sessions want a leader. */
  takeRequireLeader(): KeptLease[] {
    const taken = this.#kept.filter(({ requireLeader }) => requireLeader === true)
    this.#kept = this.#kept.filter(({ requireLeader }) => requireLeader !== true)
    return taken
  }

  /** Takes out the leases for which no answer came in time. */
  takeOverdue(now: number): KeptLease[] {
    const overdue = this.#kept.filter(({ deadlineAt }) => deadlineAt < now)
    this.#kept = this.#kept.filter(({ deadlineAt }) => deadlineAt >= now)
    return overdue
  }

  /** The next turn of the sending loop at which there is something to ask; null when nothing is kept. A turn at `now` itself counts. */
  nextSendAt(now: number): number | null {
    if (this.#kept.length === 0) return null
    const due = Math.min(...this.#kept.map(({ nextAt }) => nextAt))
    return this.#turnFrom(Math.max(now, due, this.#sendFrom ?? 0), SEND_LOOP_MS, this.#sendFrom)
  }

  /** The next turn of the other loop at which it could find something. */
  nextDeadlineAt(now: number): number | null {
    if (this.#kept.length === 0) return null
    const due = Math.min(...this.#kept.map(({ deadlineAt }) => deadlineAt)) + 1
    return this.#turnFrom(Math.max(now, due), DEADLINE_LOOP_MS)
  }

  save(): SavedKeepAliver {
    return {
      startedAt: this.#startedAt,
      ...(this.#sendFrom === null ? {} : { sendFrom: this.#sendFrom }),
      kept: this.#kept.map((kept) => ({ ...kept })),
    }
  }

  static load(saved: SavedKeepAliver): KeepAliver {
    const keepAliver = new KeepAliver()
    keepAliver.#startedAt = saved.startedAt
    keepAliver.#sendFrom = saved.sendFrom ?? null
    keepAliver.#kept = saved.kept.map((kept) => ({ ...kept }))
    return keepAliver
  }

  #turnFrom(at: number, periodMs: number, startedAt = this.#startedAt): number {
    const from = startedAt ?? this.#startedAt
    assert(from !== null, 'a loop that never started has no turns')
    return from + Math.ceil((at - from) / periodMs) * periodMs
  }
}
