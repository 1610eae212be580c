// Counts the operations of a lease structure while they run.

/** Counts two kinds of operation. Each costs about one memory access. */
export class Operations {
  /** Two deadlines, or a deadline and the time, were compared; or a slot was read. */
  comparisons = 0
  /** An entry was written to a place. A swap writes two. */
  moves = 0

  get total(): number {
    return this.comparisons + this.moves
  }
}

/** Keeps the deadlines of leases. An entry is a small number, such as the row of a lease. */
export interface ExpiryStructure {
  readonly operations: Operations
  /** Adds an entry, or moves it to another deadline. Milliseconds. */
  set(entry: number, at: number): void
  /** Removes an entry. Unknown entries are ignored. */
  delete(entry: number): void
  /** Removes and returns every entry that is due at `now`, earliest first, equal ones by number. */
  pass(now: number): number[]
}

/** The deadlines by entry. Every structure keeps one besides its order. */
export class Times {
  #times = new Float64Array(16)

  at(entry: number): number {
    return this.#times[entry]!
  }

  write(entry: number, at: number): void {
    if (entry >= this.#times.length) {
      const grown = new Float64Array(Math.max(entry + 1, this.#times.length * 2))
      grown.set(this.#times)
      this.#times = grown
    }
    this.#times[entry] = at
  }

  /** Whether `a` comes before `b`: one comparison. */
  isBefore(a: number, b: number, operations: Operations): boolean {
    operations.comparisons++
    const [left, right] = [this.#times[a]!, this.#times[b]!]
    return left < right || (left === right && a < b)
  }

  /** Sorts a few entries by insertion, and counts every comparison and move. */
  sort(entries: number[], operations: Operations): number[] {
    for (let i = 1; i < entries.length; i++) {
      const entry = entries[i]!
      let hole = i
      for (; hole > 0 && this.isBefore(entry, entries[hole - 1]!, operations); hole--) {
        entries[hole] = entries[hole - 1]!
        operations.moves++
      }
      entries[hole] = entry
    }
    return entries
  }
}
