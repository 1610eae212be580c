// A hashed timing wheel (Varghese and Lauck 1987, scheme 6): one slot for each half second. The
// first slot follows the last. A lease lies in the slot of its deadline. A pass reads the slots
// since the last pass. Leases of a later round stay.

import type { ExpiryStructure } from './operations'
import { Operations, Times } from './operations'

/** Milliseconds of a slot: the time between two passes. */
const TICK_MS = 500
/** Slots: a deadline more than 128 s ahead needs another round. */
const SLOTS = 256
const ABSENT = -1

export class TimingWheel implements ExpiryStructure {
  readonly operations = new Operations()
  readonly #times = new Times()
  readonly #slots: number[][] = Array.from({ length: SLOTS }, () => [])
  /** By entry: its slot, and its place in the slot. */
  readonly #slotOf: number[] = []
  readonly #places: number[] = []
  /** The tick of the last pass. That pass may have been too early for some entries of the tick. */
  #tick = 0

  set(entry: number, at: number): void {
    this.delete(entry)
    this.#times.write(entry, at)
    // A late entry goes into the slot that the next pass reads first.
    const slot = Math.max(this.#tick, tickOf(at)) % SLOTS
    this.#slotOf[entry] = slot
    this.#places[entry] = this.#slots[slot]!.length
    this.#slots[slot]!.push(entry)
    this.operations.moves++
  }

  delete(entry: number): void {
    const slot = this.#slots[this.#slotOf[entry] ?? ABSENT]
    if (slot === undefined) return
    const last = slot.pop()!
    const place = this.#places[entry]!
    this.#slotOf[entry] = ABSENT
    if (last === entry) return
    slot[place] = last
    this.#places[last] = place
    this.operations.moves++
  }

  pass(now: number): number[] {
    const due: number[] = []
    const until = tickOf(now)
    // A full round reads every slot.
    const from = Math.max(this.#tick, until - SLOTS + 1)
    for (let tick = from; tick <= until; tick++) {
      const slot = this.#slots[tick % SLOTS]!
      this.operations.comparisons += 1 + slot.length
      due.push(...slot.filter((entry) => this.#times.at(entry) <= now))
    }
    this.#tick = until
    for (const entry of due) this.delete(entry)
    return this.#times.sort(due, this.operations)
  }
}

function tickOf(at: number): number {
  return Math.floor(at / TICK_MS)
}
