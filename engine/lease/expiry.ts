// The expiry queue: which lease is due next (etcd: lease/lease_queue.go, LeaseExpiredNotifier). One
// entry a lease, moved in place by a renewal. The entry's time is not always the lease's deadline:
// a lease that has been handed out for revoking comes back after the retry interval, should the
// revoke fail (semantics §1.7). A revoked lease leaves at once; etcd leaves its entry to be dropped
// when it surfaces, which nobody can see.

import { Heap } from '../base/heap'

export class ExpiryQueue {
  #heap = new Heap()

  get size(): number {
    return this.#heap.size
  }

  /** Registers a lease's slot, or moves it. `at` is virtual milliseconds. */
  set(slot: number, at: number): void {
    this.#heap.set(slot, at)
  }

  /** A slot that is not registered is ignored. */
  delete(slot: number): void {
    this.#heap.delete(slot)
  }

  clear(): void {
    this.#heap.clear()
  }

  /** When a slot surfaces next; undefined where it is not registered. */
  timeOf(slot: number): number | undefined {
    return this.#heap.has(slot) ? this.#heap.timeOf(slot) : undefined
  }

  /** The earliest entry's time, Infinity when there is none. */
  nextAt(): number {
    return this.#heap.peekTime()
  }

  /**
   * The slot of the earliest entry if it is due, pushed back to `retryAt`; −1 when nothing is due.
   * Equal times come out in slot order.
   */
  takeDue(now: number, retryAt: number): number {
    if (this.#heap.size === 0 || now < this.#heap.peekTime()) return -1
    const slot = this.#heap.peek()
    this.#heap.set(slot, retryAt)
    return slot
  }
}
