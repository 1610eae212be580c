// Which lease is to be checkpointed next (etcd: lessor.go: leaseCheckpointHeap). A lease may stand
// here more than once, as in etcd's heap. Every entry is one interval from when it was made, so the
// first to come is the first to be due.

import type { LeaseId } from '../base/rpc'

/**
 * Milliseconds (lessor.go: defaultLeaseCheckpointInterval); a lease that has no more than that left
 * is not checkpointed.
 */
export const CHECKPOINT_INTERVAL_MS = 300_000
/**
 * Leases in one log entry, and entries that one pass makes at most (lessor.go:
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
   * A lease with so much left is checkpointed an interval from now, if more is left than that
   * (lessor.go: scheduleCheckpointIfNeeded).
   */
  schedule(id: LeaseId, leftMs: number, now: number): void {
    if (leftMs > this.#intervalMs) this.#entries.push([id, now + this.#intervalMs])
  }

  /** The next lease that is due, taken out; undefined when none is. */
  take(now: number): LeaseId | undefined {
    const [first] = this.#entries
    return first !== undefined && first[1] <= now ? this.#entries.shift()![0] : undefined
  }

  /** When the next one is due, Infinity for never. */
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
