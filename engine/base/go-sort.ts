// Go's sort.Sort, with which etcd orders a Range. The sort is not stable. Where keys tie (versions
// nearly always do), this very algorithm decides their order. Up to twelve elements it is an
// insertion sort, which is stable; above, it is a pattern-defeating quicksort (Orson Peters), as in
// Go 1.19. The sequence of swaps is part of the result, so do not simplify this code.

/** Insertion sort up to this number of elements. */
const INSERTION_MOST = 12
/**
 * From this number of elements on, the pivot is chosen among nine, and out-of-order pairs are
 * shifted.
 */
const LONG = 50
/** The swaps of choosing among nine when all are in descending order. */
const ALL_SWAPPED = 12
/** The number of out-of-order pairs to fix before a run counts as unsorted. */
const SHIFTS = 5

/**
 * Sorts in place, as Go's sort.Sort does. `less` tells whether its first argument comes before its
 * second.
 */
export function goSort<T>(items: T[], less: (a: T, b: T) => boolean): void {
  new Sorter(items, less).sort(0, items.length, bitLength(items.length))
}

class Sorter<T> {
  readonly #items: T[]
  readonly #comesBefore: (a: T, b: T) => boolean

  constructor(items: T[], less: (a: T, b: T) => boolean) {
    this.#items = items
    this.#comesBefore = less
  }

  /** Sorts [a, b). `limit` is the number of bad pivots allowed before heapsort. */
  sort(a: number, b: number, limit: number): void {
    let balanced = true
    let partitioned = true
    for (;;) {
      const length = b - a
      if (length <= INSERTION_MOST) return this.#insertion(a, b)
      if (limit === 0) return this.#heap(a, b)
      if (!balanced) {
        this.#breakPatterns(a, b)
        limit--
      }
      let { pivot, hint } = this.#choosePivot(a, b)
      if (hint === 'falling') {
        this.#reverse(a, b)
        pivot = b - 1 - (pivot - a)
        hint = 'rising'
      }
      if (balanced && partitioned && hint === 'rising' && this.#nearlySorted(a, b)) return
      // Many elements equal the pivot: they are grouped and not sorted further.
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot)
        continue
      }
      const cut = this.#partition(a, b, pivot)
      partitioned = cut.already
      const left = cut.at - a
      const right = b - cut.at
      if (left < right) {
        balanced = left >= Math.floor(length / 8)
        this.sort(a, cut.at, limit)
        a = cut.at + 1
      } else {
        balanced = right >= Math.floor(length / 8)
        this.sort(cut.at + 1, b, limit)
        b = cut.at
      }
    }
  }

  #less(i: number, j: number): boolean {
    return this.#comesBefore(this.#items[i]!, this.#items[j]!)
  }

  #swap(i: number, j: number): void {
    const item = this.#items[i]!
    this.#items[i] = this.#items[j]!
    this.#items[j] = item
  }

  #insertion(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) {
      for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1)
    }
  }

  #heap(a: number, b: number): void {
    const length = b - a
    for (let i = Math.floor((length - 1) / 2); i >= 0; i--) this.#siftDown(i, length, a)
    for (let i = length - 1; i >= 0; i--) {
      this.#swap(a, a + i)
      this.#siftDown(0, i, a)
    }
  }

  #siftDown(from: number, end: number, first: number): void {
    for (let root = from; ; ) {
      let child = 2 * root + 1
      if (child >= end) return
      if (child + 1 < end && this.#less(first + child, first + child + 1)) child++
      if (!this.#less(first + root, first + child)) return
      this.#swap(first + root, first + child)
      root = child
    }
  }

  #choosePivot(a: number, b: number): { pivot: number; hint: 'rising' | 'falling' | 'none' } {
    const length = b - a
    const quarter = Math.floor(length / 4)
    const swaps = { count: 0 }
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3]
    if (length >= LONG) {
      i = this.#median(i - 1, i, i + 1, swaps)
      j = this.#median(j - 1, j, j + 1, swaps)
      k = this.#median(k - 1, k, k + 1, swaps)
    }
    const pivot = this.#median(i, j, k, swaps)
    return {
      pivot,
      hint: swaps.count === 0 ? 'rising' : swaps.count === ALL_SWAPPED ? 'falling' : 'none',
    }
  }

  #median(a: number, b: number, c: number, swaps: { count: number }): number {
    ;[a, b] = this.#inOrder(a, b, swaps)
    ;[b, c] = this.#inOrder(b, c, swaps)
    ;[a, b] = this.#inOrder(a, b, swaps)
    return b
  }

  #inOrder(a: number, b: number, swaps: { count: number }): [number, number] {
    if (!this.#less(b, a)) return [a, b]
    swaps.count++
    return [b, a]
  }

  #partition(a: number, b: number, pivot: number): { at: number; already: boolean } {
    this.#swap(a, pivot)
    let i = a + 1
    let j = b - 1
    let already = true
    for (;;) {
      while (i <= j && this.#less(i, a)) i++
      while (i <= j && !this.#less(j, a)) j--
      if (i > j) break
      this.#swap(i, j)
      i++
      j--
      already = false
    }
    this.#swap(j, a)
    return { at: j, already }
  }

  /**
   * Moves elements equal to the pivot before the greater ones, and returns the index of the first
   * greater one.
   */
  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot)
    let i = a + 1
    let j = b - 1
    for (;;) {
      while (i <= j && !this.#less(a, i)) i++
      while (i <= j && this.#less(a, j)) j--
      if (i > j) return i
      this.#swap(i, j)
      i++
      j--
    }
  }

  /** Fixes a few out-of-order pairs. True if the range is sorted now. */
  #nearlySorted(a: number, b: number): boolean {
    let i = a + 1
    for (let shifts = 0; shifts < SHIFTS; shifts++) {
      while (i < b && !this.#less(i, i - 1)) i++
      if (i === b) return true
      if (b - a < LONG) return false
      this.#swap(i, i - 1)
      if (i - a >= 2) {
        for (let j = i - 1; j >= 1 && this.#less(j, j - 1); j--) this.#swap(j, j - 1)
      }
      if (b - i >= 2) {
        for (let j = i + 1; j < b && this.#less(j, j - 1); j++) this.#swap(j, j - 1)
      }
    }
    return false
  }

  /** Swaps three elements at random places. The generator's seed is the length alone. */
  #breakPatterns(a: number, b: number): void {
    const length = b - a
    const random = new Xorshift(length)
    const first = a + Math.floor(length / 4) * 2 - 1
    const mask = (1 << bitLength(length)) - 1
    for (let i = 0; i < 3; i++) {
      let other = random.low() & mask
      if (other >= length) other -= length
      this.#swap(first + i, a + other)
    }
  }

  #reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.#swap(i, j)
  }
}

/** The 64-bit generator of Go's sort, as two halves of 32 bits. */
class Xorshift {
  #high = 0
  #low: number

  constructor(seed: number) {
    this.#low = seed | 0
  }

  /** The lower half of the next draw. */
  low(): number {
    this.#xor((this.#high << 13) | (this.#low >>> 19), this.#low << 13)
    this.#xor(this.#high >>> 17, (this.#low >>> 17) | (this.#high << 15))
    this.#xor((this.#high << 5) | (this.#low >>> 27), this.#low << 5)
    return this.#low
  }

  #xor(high: number, low: number): void {
    this.#high ^= high
    this.#low ^= low
  }
}

/** Bits of a number below 2^32; 0 has none. */
function bitLength(n: number): number {
  return 32 - Math.clz32(n)
}
