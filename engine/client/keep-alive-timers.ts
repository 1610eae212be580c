// How microsoft/etcd3 keeps a lease alive (lib/lease.js of version 1.1.2). Each lease has its own
// stream and timer. Silence for a TTL ends the stream, and every end opens another stream a little
// later. Only then does the library check whether two TTLs are over by the wall clock.

import type { LeaseId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { KeptLease } from './keep-alive'
import { KeepAliver } from './keep-alive'

/** TTLs after the last answer for which it believes in the lease. */
const BELIEVED_TTLS = 2

/**
 * The other times of a kept lease. `nextAt`: the next turn of its timer. `deadlineAt`: the end of
 * its silence, or the time to open another stream.
 */
interface TimedLease extends KeptLease {
  ttlMs: number
  /** On the wall clock: shifted when that clock is set. */
  lastAnswerAt: number
  reopening?: true
}

export class TimerKeepAliver extends KeepAliver {
  get #timed(): TimedLease[] {
    return this.list as TimedLease[]
  }

  override add(
    lease: Parameters<KeepAliver['add']>[0],
    now: number,
    firstTimeoutMs: number,
    ttlMs: number | null,
  ): void {
    if (this.has(lease.lease)) return
    super.add(lease, now, firstTimeoutMs, ttlMs)
    const added = this.#timed.at(-1)!
    // In this library the client itself always granted the lease, and knows the TTL.
    added.ttlMs = ttlMs ?? firstTimeoutMs
    added.lastAnswerAt = now
    added.deadlineAt = now + added.ttlMs
  }

  override answered(lease: LeaseId, _ttlSeconds: number, now: number): KeptLease | undefined {
    const kept = this.#timed.find((other) => other.lease === lease)
    if (kept === undefined) return undefined
    kept.lastAnswerAt = now
    if (kept.reopening === undefined) kept.deadlineAt = now + kept.ttlMs
    delete kept.set
    return kept
  }

  /** A due timer is set again, with or without an answer. */
  override toSend(now: number): KeptLease[] {
    const due = this.#timed.filter(
      ({ nextAt, reopening }) => reopening === undefined && nextAt <= now,
    )
    for (const kept of due) kept.nextAt = now + Math.floor(kept.ttlMs / 3)
    return due
  }

  override broken(now: number, lease: LeaseId | null): void {
    for (const kept of this.#timed) {
      if (kept.lease !== lease) continue
      kept.reopening = true
      kept.deadlineAt = now + this.policy.reconnectMs
    }
  }

  /** Requests written in the meantime go now. */
  override opened(now: number): void {
    for (const kept of this.#timed) if (kept.reopening === undefined) kept.nextAt = now
  }

  override clockSet(ms: number, cause: EventId): void {
    for (const kept of this.#timed) {
      kept.lastAnswerAt -= ms
      kept.set = { ms: (kept.set?.ms ?? 0) + ms, cause }
    }
  }

  override silent(now: number): LeaseId[] {
    return this.#timed.flatMap(({ lease, deadlineAt, reopening }) =>
      reopening === undefined && deadlineAt <= now ? [lease] : [],
    )
  }

  override takeOverdue(now: number): KeptLease[] {
    const due = this.#timed.filter(
      ({ deadlineAt, reopening }) => reopening === true && deadlineAt <= now,
    )
    const over = due.filter((kept) => isOver(kept, now))
    for (const kept of due) {
      delete kept.reopening
      kept.nextAt = now
      kept.deadlineAt = now + kept.ttlMs
    }
    this.list = this.list.filter((kept) => !over.includes(kept as TimedLease))
    return over
  }

  override isOverdueByClock(kept: KeptLease, now: number): boolean {
    const timed = kept as TimedLease
    return (
      timed.set !== undefined &&
      !isOver({ ...timed, lastAnswerAt: timed.lastAnswerAt + timed.set.ms }, now)
    )
  }

  override nextSendAt(now: number): number | null {
    const waiting = this.#timed.filter(({ reopening }) => reopening === undefined)
    return waiting.length === 0
      ? null
      : Math.max(now, Math.min(...waiting.map(({ nextAt }) => nextAt)))
  }

  override nextDeadlineAt(now: number): number | null {
    return this.list.length === 0
      ? null
      : Math.max(now, Math.min(...this.list.map(({ deadlineAt }) => deadlineAt)))
  }

  override givesUpAt(lease: LeaseId): number | null {
    const kept = this.#timed.find((other) => other.lease === lease)
    if (kept === undefined) return null
    const looks = kept.deadlineAt + (kept.reopening === true ? 0 : this.policy.reconnectMs)
    const left = kept.lastAnswerAt + BELIEVED_TTLS * kept.ttlMs - looks
    const period = kept.ttlMs + this.policy.reconnectMs
    return left < 0 ? looks : looks + (Math.floor(left / period) + 1) * period
  }
}

function isOver({ lastAnswerAt, ttlMs }: TimedLease, now: number): boolean {
  return now - lastAnswerAt > BELIEVED_TTLS * ttlMs
}
