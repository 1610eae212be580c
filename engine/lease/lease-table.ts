// Leases as columns. One object for each lease behind a Map<bigint, …> takes several times the
// memory and time of columns (measured with a hundred thousand leases). So a lease is a slot. Its
// 64-bit ID is two int32 columns, found through a hash table with open addressing. Its other fields
// are plain columns.
//
//   slot        0    1    2    3 …     buckets  [ -1 | 2 | -1 | 0 | 1 | … ]
//                                      (hash of the ID → slot, linear probing)
//   idHi,idLo   …    …    …    …
//   ttl         10   60   10   2
//
// The last freed slot is used first. Slots break ties between equal deadlines, so the list of free
// slots is saved too.

import { assert } from '../base/assert'
import { fromHalves, hi, lo } from '../base/int64'
import type { LeaseId } from '../base/rpc'

const EMPTY = -1
// Arrays of 64 bytes are created many times faster than longer ones, and most runs have fewer
// leases.
const FIRST_CAPACITY = 8

function mix(high: number, low: number): number {
  let h = Math.imul(high ^ 0x9e3779b9, 0x85ebca6b) ^ low
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35)
  return (h ^ (h >>> 13)) >>> 0
}

/**
 * Maps IDs to slots and back. The owner of the table keeps the other columns and grows them to
 * `capacity`.
 */
export class LeaseTable {
  size = 0
  capacity = FIRST_CAPACITY
  #idHi = new Int32Array(FIRST_CAPACITY)
  #idLo = new Int32Array(FIRST_CAPACITY)
  #used = new Uint8Array(FIRST_CAPACITY)
  #buckets = new Int32Array(FIRST_CAPACITY * 2).fill(EMPTY)
  #free: number[] = []
  #top = 0

  /** The slot of a lease; −1 for an unknown ID. */
  find(id: LeaseId): number {
    const high = hi(id)
    const low = lo(id)
    const mask = this.#buckets.length - 1
    for (let b = mix(high, low) & mask; ; b = (b + 1) & mask) {
      const slot = this.#buckets[b]!
      if (slot === EMPTY) return EMPTY
      if (this.#idHi[slot] === high && this.#idLo[slot] === low) return slot
    }
  }

  idOf(slot: number): LeaseId {
    return fromHalves(this.#idHi[slot]!, this.#idLo[slot]!)
  }

  /** Adds a new ID and returns its slot. */
  add(id: LeaseId): number {
    assert(this.find(id) === EMPTY, `lease ${id} is already in the table`)
    if (this.#free.length === 0 && this.#top === this.capacity) this.#grow()
    const slot = this.#free.pop() ?? this.#top++
    this.#put(id, slot)
    return slot
  }

  /** Frees the slot of a lease. */
  remove(id: LeaseId): void {
    const slot = this.find(id)
    assert(slot !== EMPTY, `lease ${id} is not in the table`)
    const mask = this.#buckets.length - 1
    let hole = mix(hi(id), lo(id)) & mask
    while (this.#buckets[hole] !== slot) hole = (hole + 1) & mask
    // Linear probing without tombstones: an entry that would be lost behind the hole moves into it.
    for (let b = (hole + 1) & mask; this.#buckets[b] !== EMPTY; b = (b + 1) & mask) {
      const other = this.#buckets[b]!
      const home = mix(this.#idHi[other]!, this.#idLo[other]!) & mask
      if (((b - home) & mask) >= ((b - hole) & mask)) {
        this.#buckets[hole] = other
        hole = b
      }
    }
    this.#buckets[hole] = EMPTY
    this.#used[slot] = 0
    this.#free.push(slot)
    this.size--
  }

  /** Used slots, ascending. */
  slots(): number[] {
    const slots: number[] = []
    for (let slot = 0; slot < this.#top; slot++) if (this.#used[slot]) slots.push(slot)
    return slots
  }

  /** The free slots; the last one is used next. */
  free(): number[] {
    return this.#free.slice()
  }

  /** Puts each ID into the slot that it had when it was saved. */
  static load(ids: readonly (readonly [LeaseId, number])[], free: readonly number[]): LeaseTable {
    const table = new LeaseTable()
    table.#top = ids.length + free.length
    while (table.capacity < table.#top) table.#grow()
    for (const [id, slot] of ids) table.#put(id, slot)
    table.#free = free.slice()
    return table
  }

  #put(id: LeaseId, slot: number): void {
    this.#idHi[slot] = hi(id)
    this.#idLo[slot] = lo(id)
    this.#used[slot] = 1
    this.#insert(slot)
    this.size++
  }

  #insert(slot: number): void {
    const mask = this.#buckets.length - 1
    let b = mix(this.#idHi[slot]!, this.#idLo[slot]!) & mask
    while (this.#buckets[b] !== EMPTY) b = (b + 1) & mask
    this.#buckets[b] = slot
  }

  #grow(): void {
    this.capacity *= 2
    this.#idHi = grown(this.#idHi, new Int32Array(this.capacity))
    this.#idLo = grown(this.#idLo, new Int32Array(this.capacity))
    this.#used = grown(this.#used, new Uint8Array(this.capacity))
    this.#buckets = new Int32Array(this.capacity * 2).fill(EMPTY)
    for (let slot = 0; slot < this.#top; slot++) if (this.#used[slot]) this.#insert(slot)
  }
}

/** A larger column that starts with the numbers of the old one. */
export function grown<T extends Int32Array | Uint8Array | Float64Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
