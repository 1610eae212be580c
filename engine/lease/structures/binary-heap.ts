// The heap of Go's container/heap, which orders etcd's leases (lease/lease_queue.go: LeaseQueue,
// LeaseExpiredNotifier). A parent comes before its two children. The first lease is at the root,
// and a renewal moves one lease along one branch.
//
//   index   0   1   2   3   4   5   6      children of i: 2i+1, 2i+2      parent of i: (i-1) >> 1
//
// The engine's own queue (base/heap.ts) has four children a node and runs faster. Leases leave both
// heaps in the same order.

/** Two neighbours of the heap swapped places: the indexes of the parent and of the child. */
export type Swap = readonly [parent: number, child: number]

/**
 * The comparison that the heap uses, and its notice of swaps. The heap calls each once for every
 * comparison and every swap.
 */
export interface HeapOrder<T> {
  isBefore(a: T, b: T): boolean
  swapped?(parent: number, child: number): void
}

const ABSENT = -1

export class BinaryHeap<T> {
  readonly #order: HeapOrder<T>
  readonly #items: T[] = []
  readonly #places = new Map<T, number>()

  constructor(order: HeapOrder<T>) {
    this.#order = order
  }

  get items(): readonly T[] {
    return this.#items
  }

  /** The index of an item; -1 for an item that is not in the heap. */
  placeOf(item: T): number {
    return this.#places.get(item) ?? ABSENT
  }

  /** heap.Init: any number of items may have changed. */
  init(): void {
    for (let i = (this.#items.length >> 1) - 1; i >= 0; i--) this.#down(i)
  }

  /** heap.Push */
  push(item: T): void {
    this.#places.set(item, this.#items.length)
    this.#items.push(item)
    this.#up(this.#items.length - 1)
  }

  /** heap.Fix: one item in the heap may have changed. */
  fix(item: T): void {
    const place = this.placeOf(item)
    if (place !== ABSENT && !this.#down(place)) this.#up(place)
  }

  /** heap.Remove; for the root this equals heap.Pop. An item that is not in the heap is ignored. */
  remove(item: T): void {
    const place = this.placeOf(item)
    if (place === ABSENT) return
    const last = this.#items.length - 1
    if (place !== last) this.#swap(place, last)
    this.#items.pop()
    this.#places.delete(item)
    if (place !== last && !this.#down(place)) this.#up(place)
  }

  #up(start: number): void {
    for (let child = start; child > 0; ) {
      const parent = (child - 1) >> 1
      if (!this.#isBefore(child, parent)) break
      this.#swap(parent, child)
      child = parent
    }
  }

  /** Whether the item moved. */
  #down(start: number): boolean {
    let parent = start
    for (;;) {
      const left = 2 * parent + 1
      if (left >= this.#items.length) break
      const right = left + 1
      const child = right < this.#items.length && this.#isBefore(right, left) ? right : left
      if (!this.#isBefore(child, parent)) break
      this.#swap(parent, child)
      parent = child
    }
    return parent > start
  }

  #isBefore(a: number, b: number): boolean {
    return this.#order.isBefore(this.#items[a]!, this.#items[b]!)
  }

  #swap(parent: number, child: number): void {
    const [above, below] = [this.#items[parent]!, this.#items[child]!]
    this.#items[parent] = below
    this.#items[child] = above
    this.#places.set(below, parent)
    this.#places.set(above, child)
    this.#order.swapped?.(parent, child)
  }
}
