// The expiry queue: the next lease to expire (etcd: lease/lease_queue.go, LeaseExpiredNotifier).
// Each lease has one entry, and a renewal moves it in place. The time of an entry is not always the
// deadline: after a lease is handed out for revoking, its entry moves by the retry interval, in
// case the revoke fails (semantics §1.7). A revoked lease leaves the queue at once. etcd drops the
// entry later, when the entry is first in the queue; no client can see the difference.

import { Heap } from '../base/heap'

export class ExpiryQueue {
  #heap = new Heap()

  get size(): number {
    return this.#heap.size
  }

  /** Adds the slot of a lease, or moves it. `at` is virtual milliseconds. */
  set(slot: number, at: number): void {
    this.#heap.set(slot, at)
  }

  /** Removes a slot. Unknown slots are ignored. */
  delete(slot: number): void {
    this.#heap.delete(slot)
  }

  clear(): void {
    this.#heap.clear()
  }

  /** The time of a slot in the queue; undefined for an unknown slot. */
  timeOf(slot: number): number | undefined {
    return this.#heap.has(slot) ? this.#heap.timeOf(slot) : undefined
  }

  /** The earliest time; Infinity for an empty queue. */
  nextAt(): number {
    return this.#heap.peekTime()
  }

  /**
   * The slot of the earliest entry if it is due, or −1. The entry moves to `retryAt`. Slots with
   * equal times come out in slot order.
   */
  takeDue(now: number, retryAt: number): number {
    if (this.#heap.size === 0 || now < this.#heap.peekTime()) return -1
    const slot = this.#heap.peek()
    this.#heap.set(slot, retryAt)
    return slot
  }
}
