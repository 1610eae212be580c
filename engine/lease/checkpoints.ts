// The queue of leases to checkpoint (etcd: lessor.go: leaseCheckpointHeap). The queue may hold a
// lease more than once, as etcd's heap does. Every entry is due one interval after it was added, so
// the queue is first in, first out.

import type { LeaseId } from '../base/rpc'

/**
 * Milliseconds (lessor.go: defaultLeaseCheckpointInterval). A lease with no more time left than
 * this is not checkpointed.
 */
export const CHECKPOINT_INTERVAL_MS = 300_000
/**
 * The maximum of leases in one log entry and of entries in one pass (lessor.go:
 * maxLeaseCheckpointBatchSize, leaseCheckpointRate).
 */
export const CHECKPOINTS_AN_ENTRY = 1000
export const CHECKPOINT_ENTRIES_A_PASS = 500

export type SavedCheckpoints = [LeaseId, number][]

export class CheckpointQueue {
  readonly #intervalMs: number
  #entries: SavedCheckpoints = []

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /**
   * Schedules the checkpoint of a lease one interval from now, if the lease has more time left than
   * that (lessor.go: scheduleCheckpointIfNeeded).
   */
  schedule(id: LeaseId, leftMs: number, now: number): void {
    if (leftMs > this.#intervalMs) this.#entries.push([id, now + this.#intervalMs])
  }

  /** Removes and returns the next due lease; undefined when no lease is due. */
  take(now: number): LeaseId | undefined {
    const [first] = this.#entries
    return first !== undefined && first[1] <= now ? this.#entries.shift()![0] : undefined
  }

  /** The time when the next lease is due; Infinity for never. */
  nextAt(): number {
    return this.#entries[0]?.[1] ?? Number.POSITIVE_INFINITY
  }

  clear(): void {
    this.#entries = []
  }

  save(): SavedCheckpoints {
    return this.#entries.map(([id, at]) => [id, at])
  }

  load(saved: SavedCheckpoints): void {
    this.#entries = saved.map(([id, at]) => [id, at])
  }
}
