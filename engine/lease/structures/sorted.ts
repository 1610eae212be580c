// An array in the order of deadlines. The first lease is always at hand, but a renewal shifts every
// lease between its old place and its new one.

import type { ExpiryStructure } from './operations'
import { Operations, Times } from './operations'

export class SortedArray implements ExpiryStructure {
  readonly operations = new Operations()
  readonly #times = new Times()
  /** Latest deadline first, so that due entries leave at the end. */
  #entries = new Int32Array(16)
  #size = 0
  readonly #in: boolean[] = []

  set(entry: number, at: number): void {
    this.delete(entry)
    this.#times.write(entry, at)
    if (this.#size === this.#entries.length) this.#grow()
    const place = this.#place(entry)
    this.#entries.copyWithin(place + 1, place, this.#size)
    this.#entries[place] = entry
    this.operations.moves += this.#size - place + 1
    this.#size++
    this.#in[entry] = true
  }

  delete(entry: number): void {
    if (this.#in[entry] !== true) return
    const place = this.#place(entry)
    this.#entries.copyWithin(place, place + 1, this.#size)
    this.#size--
    this.operations.moves += this.#size - place
    this.#in[entry] = false
  }

  pass(now: number): number[] {
    const due: number[] = []
    for (; this.#size > 0; this.#size--) {
      const entry = this.#entries[this.#size - 1]!
      this.operations.comparisons++
      if (this.#times.at(entry) > now) break
      this.#in[entry] = false
      due.push(entry)
    }
    return due
  }

  /** The place of an entry, present or new. Each comparison halves the search range. */
  #place(entry: number): number {
    let [from, to] = [0, this.#size]
    while (from < to) {
      const middle = (from + to) >> 1
      const other = this.#entries[middle]!
      if (other !== entry && this.#times.isBefore(entry, other, this.operations)) from = middle + 1
      else to = middle
    }
    return from
  }

  #grow(): void {
    const grown = new Int32Array(this.#entries.length * 2)
    grown.set(this.#entries)
    this.#entries = grown
  }
}
