// The problem: the first of many deadlines must always be known. Renewals move deadlines all the
// time, and few deadlines ever come first.
//
// What fails: a heap of objects costs a pointer chase for each comparison and garbage for each
// move. A queue that cannot find an entry adds a new entry for each renewal and skips stale ones
// later, so it grows with renewals. A heap that searches for an entry scans all of them. A timing
// wheel is faster from 10,000 entries on, but needs a scan to find the next deadline, which "step
// to the next event" needs.
//
// What is done: each entry is a slot (a small integer, the caller's row number). Times and slots
// lie in heap order in typed arrays, and a third column holds the position of each slot. A move
// finds the slot, writes one number and sifts, mostly near the leaves. With four children a node,
// the tree is half as deep as with two, and the four times are adjacent. A slot costs 16 bytes,
// however often it moves.
//
//   index        0     1   2   3   4     5   6   7   8     9 …
//   times       10    30  20  50  40    31  33  90  35    21 …       children of i: 4i+1 … 4i+4
//   slots        7     2   5   0   9    11   4   3   8     6 …       parent of i:   (i-1) >> 2
//   position   [ 3, -1, 1, 7, 6, 2, 9, 0, 8, 4, -1, 5 ]              by slot; -1 is not in the heap
//
// Equal times leave in a fixed order, so that a run does not depend on the history of the heap. The
// order is by slot. An `ordered` heap compares a second number, given with each time, before the
// slot.

import { assert } from './assert'

const ABSENT = -1
// Arrays of 64 bytes are created many times faster than longer ones, and loading a run creates
// several heaps.
const FIRST_CAPACITY = 8

/**
 * A queue of slots by time; each slot is in the queue at most once. Slots are small non-negative
 * integers: memory grows with the largest slot.
 */
export class Heap {
  /** The number of slots in the heap. */
  size = 0
  #times: Float64Array
  #slots: Int32Array
  #position: Int32Array
  #orders: Float64Array | null

  /**
   * `capacity` is preallocated room; the heap grows beyond it. With `ordered`, equal times leave by
   * the `order` given to `set`, then by slot.
   */
  constructor(options: { capacity?: number; ordered?: boolean } = {}) {
    const capacity = Math.max(FIRST_CAPACITY, options.capacity ?? 0)
    this.#times = new Float64Array(capacity)
    this.#slots = new Int32Array(capacity)
    this.#position = new Int32Array(capacity).fill(ABSENT)
    this.#orders = options.ordered ? new Float64Array(capacity) : null
  }

  /**
   * Adds `slot` at `time`, or moves it there. `order` (default 0) has an effect only in an
   * `ordered` heap.
   */
  set(slot: number, time: number, order = 0): void {
    if (!(slot >= 0 && slot < this.#position.length)) this.#growSlots(slot)
    assert(!Number.isNaN(time), 'heap: time is NaN')
    const orders = this.#orders
    if (orders !== null) orders[slot] = order
    const at = this.#position[slot]!
    if (at === ABSENT) {
      if (this.size === this.#times.length) this.#growHeap()
      this.#up(this.size++, slot, time)
      return
    }
    const old = this.#times[at]!
    this.#times[at] = time
    if (time > old) this.#down(at)
    else if (time < old || orders !== null) this.#place(at)
  }

  /** Removes `slot`; false if it was not in the heap. */
  delete(slot: number): boolean {
    if (!this.has(slot)) return false
    const at = this.#position[slot]!
    this.#position[slot] = ABSENT
    const last = --this.size
    if (at === last) return true
    this.#times[at] = this.#times[last]!
    this.#slots[at] = this.#slots[last]!
    // The filler comes from the end of another branch, so its place may be above or below the hole.
    this.#place(at)
    return true
  }

  /** Whether `slot` is in the heap; false for an unknown slot. */
  has(slot: number): boolean {
    return slot >= 0 && slot < this.#position.length && this.#position[slot]! !== ABSENT
  }

  /** The time of `slot`; NaN if it is not in the heap. */
  timeOf(slot: number): number {
    return this.has(slot) ? this.#times[this.#position[slot]!]! : Number.NaN
  }

  /**
   * The last order of `slot`, kept after the slot leaves. 0 in a heap that is not `ordered`, and
   * for unknown slots.
   */
  orderOf(slot: number): number {
    return this.#orders?.[slot] ?? 0
  }

  /** The first slot, which stays in the heap; -1 for an empty heap. */
  peek(): number {
    return this.size === 0 ? ABSENT : this.#slots[0]!
  }

  /** The time of the first slot; Infinity for an empty heap. */
  peekTime(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!
  }

  /** Removes and returns the first slot; -1 for an empty heap. */
  pop(): number {
    if (this.size === 0) return ABSENT
    const slot = this.#slots[0]!
    this.#position[slot] = ABSENT
    const last = --this.size
    if (last > 0) {
      this.#times[0] = this.#times[last]!
      this.#slots[0] = this.#slots[last]!
      this.#down(0)
    }
    return slot
  }

  /** Removes every slot and keeps the capacity. */
  clear(): void {
    this.#position.fill(ABSENT)
    this.size = 0
  }

  /** A heap with the same content that shares nothing with this one. */
  clone(): Heap {
    const copy = new Heap()
    copy.size = this.size
    copy.#times = this.#times.slice()
    copy.#slots = this.#slots.slice()
    copy.#position = this.#position.slice()
    copy.#orders = this.#orders === null ? null : this.#orders.slice()
    return copy
  }

  /** Moves the entry at `at` to its place, up or down. */
  #place(at: number): void {
    if (at > 0 && this.#isBefore(at, (at - 1) >> 2))
      this.#up(at, this.#slots[at]!, this.#times[at]!)
    else this.#down(at)
  }

  #up(start: number, slot: number, time: number): void {
    const times = this.#times
    const slots = this.#slots
    const position = this.#position
    let hole = start
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const above = times[parent]!
      if (above < time) break
      const aboveSlot = slots[parent]!
      if (above === time && !this.#precedes(slot, aboveSlot)) break
      times[hole] = above
      slots[hole] = aboveSlot
      position[aboveSlot] = hole
      hole = parent
    }
    times[hole] = time
    slots[hole] = slot
    position[slot] = hole
  }

  #down(start: number): void {
    const size = this.size
    const time = this.#times[start]!
    const slot = this.#slots[start]!
    const sunk = this.#sink(start, time) | 0
    let hole = sunk < 0 ? ~sunk : sunk
    let child = sunk < 0 ? size : (hole << 2) | 1
    while (child < size) {
      const least = (child + 4 <= size ? this.#leastOfFour(child) : this.#leastOf(child, size)) | 0
      const leastTime = this.#times[least]!
      const leastSlot = this.#slots[least]!
      if (time < leastTime || (time === leastTime && this.#precedes(slot, leastSlot))) break
      this.#times[hole] = leastTime
      this.#slots[hole] = leastSlot
      this.#position[leastSlot] = hole
      hole = least
      child = (hole << 2) | 1
    }
    this.#times[hole] = time
    this.#slots[hole] = slot
    this.#position[slot] = hole
  }

  /**
   * The fast way down for an entry at `time` while no times are equal: moves the least child up
   * into the hole. Returns ~hole if the entry belongs there. Returns the hole at the first tie and
   * at the last, incomplete four children; the caller then continues with ties.
   *
   * The least of four children is unpredictable, and a wrong branch prediction costs more than all
   * six comparisons. So the comparisons are computed as numbers, without a branch. The loop calls
   * no function, and `| 0` keeps the indexes machine integers.
   */
  #sink(start: number, time: number): number {
    const times = this.#times
    const slots = this.#slots
    const position = this.#position
    const limit = (this.size - 3) | 0
    let hole = start | 0
    let child = (hole << 2) | 1
    while (child < limit) {
      const t0 = times[child]!
      const t1 = times[(child + 1) | 0]!
      const t2 = times[(child + 2) | 0]!
      const t3 = times[(child + 3) | 0]!
      const first = +(t1 < t0)
      const second = +(t3 < t2)
      const pair = (+(t2 < t0) & +(t2 < t1)) | (+(t3 < t0) & +(t3 < t1))
      const least = (child + winner(pair, first, second)) | 0
      const leastTime = times[least]!
      if (
        t0 === t1 ||
        t2 === t3 ||
        leastTime === times[(child + winner(pair ^ 1, first, second)) | 0]!
      )
        break
      if (leastTime >= time) return leastTime > time ? ~hole : hole
      const leastSlot = slots[least]!
      times[hole] = leastTime
      slots[hole] = leastSlot
      position[leastSlot] = hole
      hole = least
      child = (hole << 2) | 1
    }
    return hole
  }

  /**
   * The least of the four children from `child` on, with ties. Also without a branch: many equal
   * times would make every step unpredictable.
   */
  #leastOfFour(child: number): number {
    const times = this.#times
    const slots = this.#slots
    const orders = this.#orders
    const t0 = times[child]!
    const t1 = times[child + 1]!
    const t2 = times[child + 2]!
    const t3 = times[child + 3]!
    let o0 = slots[child]!
    let o1 = slots[child + 1]!
    let o2 = slots[child + 2]!
    let o3 = slots[child + 3]!
    if (orders !== null) {
      o0 = orders[o0]!
      o1 = orders[o1]!
      o2 = orders[o2]!
      o3 = orders[o3]!
      if (o0 === o1 || o0 === o2 || o0 === o3 || o1 === o2 || o1 === o3 || o2 === o3)
        return this.#leastOf(child, child + 4)
    }
    const first = +(t1 < t0) | (+(t1 === t0) & +(o1 < o0))
    const second = +(t3 < t2) | (+(t3 === t2) & +(o3 < o2))
    const c20 = +(t2 < t0) | (+(t2 === t0) & +(o2 < o0))
    const c21 = +(t2 < t1) | (+(t2 === t1) & +(o2 < o1))
    const c30 = +(t3 < t0) | (+(t3 === t0) & +(o3 < o0))
    const c31 = +(t3 < t1) | (+(t3 === t1) & +(o3 < o1))
    return child + winner((c20 & c21) | (c30 & c31), first, second)
  }

  #leastOf(from: number, end: number): number {
    let least = from
    for (let i = from + 1; i < end; i++) if (this.#isBefore(i, least)) least = i
    return least
  }

  #isBefore(i: number, j: number): boolean {
    const a = this.#times[i]!
    const b = this.#times[j]!
    return a < b || (a === b && this.#precedes(this.#slots[i]!, this.#slots[j]!))
  }

  /** Whether slot `a` leaves before slot `b` at equal times. */
  #precedes(a: number, b: number): boolean {
    const orders = this.#orders
    if (orders !== null && orders[a] !== orders[b]) return orders[a]! < orders[b]!
    return a < b
  }

  #growHeap(): void {
    const times = new Float64Array(this.#times.length * 2)
    times.set(this.#times)
    this.#times = times
    const slots = new Int32Array(times.length)
    slots.set(this.#slots)
    this.#slots = slots
  }

  #growSlots(slot: number): void {
    assert(Number.isInteger(slot) && slot >= 0 && slot < 0x7fffffff, `heap: not a slot: ${slot}`)
    const old = this.#position.length
    const position = new Int32Array(Math.max(old * 2, slot + 1))
    position.set(this.#position)
    position.fill(ABSENT, old)
    this.#position = position
    if (this.#orders === null) return
    const orders = new Float64Array(position.length)
    orders.set(this.#orders)
    this.#orders = orders
  }
}

/**
 * The index (0 … 3) of the least of four. `pair` selects the pair, `first` and `second` the lesser
 * in each pair. All are 0 or 1.
 */
function winner(pair: number, first: number, second: number): number {
  return (pair << 1) + ((first & ~pair) | (second & pair))
}
