// The problem: future entries must leave in the order of (time, sequence of scheduling). An entry
// can be cancelled or taken early by its sequence number, which is never used again. Entries are
// data, not callbacks: the schedule is saved with the run.
//
// What fails: heap slots numbered by sequence grow without end. So slots are used again, and the
// schedule must find the slot of a number. A Map can do this, but costs more than the whole heap.
//
// What is done: numbers only go up, so an append-only log of (number, slot) is already sorted.
// Removing an entry does not touch the log. A line is live while the heap holds its slot under the
// same number. When most lines are dead, the log is compacted to the live lines.
//
//   line       0  1  2  3  4  5        to find 8: the lines since the last compaction have no gaps,
//   number     2  5  6 |7  8  9        so its line is 5 - (9 - 8); to find 5: binary search in the
//   slot       0  4  1 |2  0  3        lines before; the line of 2 is dead: slot 0 now holds 8

import { assert } from '../base/assert'
import { Heap } from '../base/heap'

/** One entry: `seq` is its sequence number, `at` is virtual milliseconds. */
export interface Scheduled<T> {
  seq: number
  at: number
  entry: T
}

/** A schedule as plain data, with its entries in order. */
export interface SavedSchedule<T> {
  nextSeq: number
  entries: Scheduled<T>[]
}

/** Future entries, ordered by (time, sequence). */
export class Schedule<T> {
  #nextSeq = 1
  readonly #heap = new Heap({ ordered: true })
  /** By slot; undefined for a free slot. */
  readonly #entries: (T | undefined)[] = []
  readonly #free: number[] = []
  #log = newLog(8)
  #lines = 0
  /** The number of lines at the start of the log that may have gaps between their numbers. */
  #sparse = 0

  get size(): number {
    return this.#heap.size
  }

  /** Schedules `entry` and returns its sequence number, which is never used again. */
  add(at: number, entry: T): number {
    const seq = this.#nextSeq++
    this.#insert(seq, at, entry)
    return seq
  }

  /** Removes an entry; false for an entry that is not scheduled (any more). */
  cancel(seq: number): boolean {
    return this.take(seq) !== undefined
  }

  /** The time of the first entry; Infinity for an empty schedule. */
  nextAt(): number {
    return this.#heap.peekTime()
  }

  /** Removes and returns the first entry; undefined for an empty schedule. */
  next(): Scheduled<T> | undefined {
    const at = this.#heap.peekTime()
    const slot = this.#heap.pop()
    return slot < 0 ? undefined : this.#released(slot, at)
  }

  /** The first entry, which stays scheduled; undefined for an empty schedule. */
  peek(): Scheduled<T> | undefined {
    const slot = this.#heap.peek()
    return slot < 0 ? undefined : this.#row(slot)
  }

  /**
   * Removes and returns an entry before or at its time; undefined if it is not scheduled (any
   * more).
   */
  take(seq: number): Scheduled<T> | undefined {
    const slot = this.#slotOf(seq)
    if (slot < 0) return undefined
    const at = this.#heap.timeOf(slot)
    this.#heap.delete(slot)
    return this.#released(slot, at)
  }

  /** Whether the entry is still scheduled. */
  has(seq: number): boolean {
    return this.#slotOf(seq) >= 0
  }

  /** All entries in order. */
  list(): Scheduled<T>[] {
    const rows: Scheduled<T>[] = []
    for (let slot = 0; slot < this.#entries.length; slot++)
      if (this.#heap.has(slot)) rows.push(this.#row(slot))
    return rows.sort((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1))
  }

  save(): SavedSchedule<T> {
    return { nextSeq: this.#nextSeq, entries: this.list() }
  }

  /**
   * The schedule that `save` described. Throws if two entries share a number, or if a number was
   * never given out.
   */
  static load<T>(saved: SavedSchedule<T>): Schedule<T> {
    const schedule = new Schedule<T>()
    // The log needs ascending numbers.
    for (const { seq, at, entry } of saved.entries.toSorted((a, b) => a.seq - b.seq)) {
      const fits =
        seq > (schedule.#lines === 0 ? 0 : schedule.#log.numbers[schedule.#lines - 1]!) &&
        seq < saved.nextSeq
      assert(
        fits,
        `schedule: entry ${seq} is a duplicate or impossible; the next number is ${saved.nextSeq}`,
      )
      schedule.#insert(seq, at, entry)
    }
    schedule.#nextSeq = saved.nextSeq
    schedule.#sparse = schedule.#lines
    return schedule
  }

  #insert(seq: number, at: number, entry: T): void {
    const slot = this.#free.length > 0 ? this.#free.pop()! : this.#entries.length
    this.#heap.set(slot, at, seq)
    this.#entries[slot] = entry
    if (this.#lines === this.#log.slots.length) this.#writeAnew()
    this.#log.numbers[this.#lines] = seq
    this.#log.slots[this.#lines++] = slot
  }

  #row(slot: number): Scheduled<T> {
    return {
      seq: this.#heap.orderOf(slot),
      at: this.#heap.timeOf(slot),
      entry: this.#entries[slot] as T,
    }
  }

  #released(slot: number, at: number): Scheduled<T> {
    const entry = this.#entries[slot] as T
    this.#entries[slot] = undefined
    this.#free.push(slot)
    return { seq: this.#heap.orderOf(slot), at, entry }
  }

  /** The slot of a number; −1 if the number is not scheduled (any more). */
  #slotOf(seq: number): number {
    const { numbers, slots } = this.#log
    let line = this.#lines - (this.#nextSeq - seq)
    if (line < this.#sparse) {
      line = 0
      for (let end = this.#sparse; line < end; ) {
        const middle = (line + end) >> 1
        if (numbers[middle]! < seq) line = middle + 1
        else end = middle
      }
    }
    return line < this.#lines && numbers[line] === seq && this.#counts(line) ? slots[line]! : -1
  }

  #counts(line: number): boolean {
    const slot = this.#log.slots[line]!
    return this.#heap.orderOf(slot) === this.#log.numbers[line] && this.#heap.has(slot)
  }

  /** Compacts the log to its live lines, with room for at least as many again. */
  #writeAnew(): void {
    const old = this.#log
    const log = newLog(Math.max(64, 4 * this.#heap.size))
    let lines = 0
    for (let line = 0; line < this.#lines; line++) {
      if (!this.#counts(line)) continue
      log.numbers[lines] = old.numbers[line]!
      log.slots[lines++] = old.slots[line]!
    }
    this.#log = log
    this.#lines = lines
    this.#sparse = lines
  }
}

function newLog(lines: number): { numbers: Float64Array; slots: Int32Array } {
  return { numbers: new Float64Array(lines), slots: new Int32Array(lines) }
}
