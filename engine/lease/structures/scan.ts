// No order at all: a renewal writes one number, and a pass reads every lease (etcd until pull
// request 9418 of 2018).

import type { ExpiryStructure } from './operations'
import { Operations, Times } from './operations'

const ABSENT = -1

export class ScanOfAll implements ExpiryStructure {
  readonly operations = new Operations()
  readonly #times = new Times()
  readonly #entries: number[] = []
  readonly #places: number[] = []

  set(entry: number, at: number): void {
    this.#times.write(entry, at)
    this.operations.moves++
    if ((this.#places[entry] ?? ABSENT) !== ABSENT) return
    this.#places[entry] = this.#entries.length
    this.#entries.push(entry)
  }

  delete(entry: number): void {
    const place = this.#places[entry] ?? ABSENT
    if (place === ABSENT) return
    const last = this.#entries.pop()!
    this.#places[entry] = ABSENT
    if (last === entry) return
    this.#entries[place] = last
    this.#places[last] = place
    this.operations.moves++
  }

  pass(now: number): number[] {
    this.operations.comparisons += this.#entries.length
    const due = this.#entries.filter((entry) => this.#times.at(entry) <= now)
    for (const entry of due) this.delete(entry)
    return this.#times.sort(due, this.operations)
  }
}
