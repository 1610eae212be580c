// etcd's structure: a heap by deadline, with one entry for each lease, moved in place
// (lease/lease_queue.go).

import { BinaryHeap } from './binary-heap'
import type { ExpiryStructure } from './operations'
import { Operations, Times } from './operations'

export class ExpiryHeap implements ExpiryStructure {
  readonly operations = new Operations()
  readonly #times = new Times()
  readonly #heap = new BinaryHeap<number>({
    isBefore: (a, b) => this.#times.isBefore(a, b, this.operations),
    swapped: () => {
      this.operations.moves += 2
    },
  })

  set(entry: number, at: number): void {
    this.#times.write(entry, at)
    this.operations.moves++
    if (this.#heap.placeOf(entry) < 0) this.#heap.push(entry)
    else this.#heap.fix(entry)
  }

  delete(entry: number): void {
    this.#heap.remove(entry)
  }

  pass(now: number): number[] {
    const due: number[] = []
    for (let [root] = this.#heap.items; root !== undefined; [root] = this.#heap.items) {
      this.operations.comparisons++
      if (this.#times.at(root) > now) break
      this.#heap.remove(root)
      due.push(root)
    }
    return due
  }
}
