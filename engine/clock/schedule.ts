// What is due later, in one order: by time, and at one time by the order of scheduling. The sequence number that says so is also the entry's name, so that
// it can be cancelled or taken before its time. Entries are data, not callbacks: the schedule is saved with the run.

import { assert } from '../base/assert'
import { Heap } from '../base/heap'

/** One entry: `seq` names it, `at` is virtual milliseconds. */
export interface Scheduled<T> {
  seq: number
  at: number
  entry: T
}

/** A schedule as plain data, its entries in order. */
export interface SavedSchedule<T> {
  nextSeq: number
  entries: Scheduled<T>[]
}

/** What is due later, ordered by (time, sequence). */
export class Schedule<T> {
  #nextSeq = 1
  readonly #heap = new Heap({ ordered: true })
  /** By slot; undefined where the slot is free. Freed slots are used again, so the columns are as long as the schedule ever was. */
  readonly #rows: (Scheduled<T> | undefined)[] = []
  readonly #free: number[] = []
  readonly #slots = new Map<number, number>()

  get size(): number {
    return this.#heap.size
  }

  /** Schedules `entry` and returns its sequence number, which is never used again. */
  add(at: number, entry: T): number {
    const seq = this.#nextSeq++
    this.#insert({ seq, at, entry })
    return seq
  }

  /** Forgets an entry; false if it is not (or no longer) scheduled. */
  cancel(seq: number): boolean {
    return this.take(seq) !== undefined
  }

  /** When the first entry is due; Infinity when there is none. */
  nextAt(): number {
    return this.#heap.peekTime()
  }

  /** Takes the first entry out; undefined when there is none. */
  next(): Scheduled<T> | undefined {
    const slot = this.#heap.pop()
    return slot < 0 ? undefined : this.#released(slot)
  }

  /** The first entry, which stays scheduled; undefined when there is none. */
  peek(): Scheduled<T> | undefined {
    const slot = this.#heap.peek()
    return slot < 0 ? undefined : { ...this.#rows[slot]! }
  }

  /** Takes one entry out, whenever it is due; undefined if it is not (or no longer) scheduled. */
  take(seq: number): Scheduled<T> | undefined {
    const slot = this.#slots.get(seq)
    if (slot === undefined) return undefined
    this.#heap.delete(slot)
    return this.#released(slot)
  }

  /** Whether the entry is still scheduled. */
  has(seq: number): boolean {
    return this.#slots.has(seq)
  }

  /** All entries in order. */
  list(): Scheduled<T>[] {
    const entries: Scheduled<T>[] = []
    for (const row of this.#rows) if (row !== undefined) entries.push({ ...row })
    return entries.sort((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1))
  }

  save(): SavedSchedule<T> {
    return { nextSeq: this.#nextSeq, entries: this.list() }
  }

  /** The schedule that `save` described. Throws where two entries have one number, or one that is yet to be given. */
  static load<T>(saved: SavedSchedule<T>): Schedule<T> {
    const schedule = new Schedule<T>()
    for (const { seq, at, entry } of saved.entries) {
      assert(!schedule.has(seq) && seq < saved.nextSeq, `schedule: entry ${seq} cannot be, the next one is ${saved.nextSeq}`)
      schedule.#insert({ seq, at, entry })
    }
    schedule.#nextSeq = saved.nextSeq
    return schedule
  }

  #insert(row: Scheduled<T>): void {
    const slot = this.#free.pop() ?? this.#rows.length
    this.#heap.set(slot, row.at, row.seq)
    this.#rows[slot] = row
    this.#slots.set(row.seq, slot)
  }

  #released(slot: number): Scheduled<T> {
    const row = this.#rows[slot]!
    this.#rows[slot] = undefined
    this.#free.push(slot)
    this.#slots.delete(row.seq)
    return row
  }
}
