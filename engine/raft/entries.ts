// A log as immutable data. A log, its disk, a keyframe and a fork of the run each hold one. Copying
// an array for each append takes time in proportion to its length, and an array that changes in
// place cannot be shared.
//
// What is done: chunks of 64, cut at multiples of 64, so that a shift finds the chunk of an index.
// An append copies the last chunk and the list of chunks, and shares the rest:
//
//   offset 60      [61 62 63] [64 … 127] [128 129]
//   append 130 →   [61 62 63] [64 … 127] [128 129 130]
//                    shared     shared     copied

import { assert } from '../base/assert'
import type { Entry } from './message'

const BITS = 6
const CHUNK = 1 << BITS

/** The entries after `offset`, without a gap. */
export interface Entries<P = unknown> {
  readonly offset: number
  readonly chunks: readonly (readonly Entry<P>[])[]
}

export function noEntries<P>(offset: number): Entries<P> {
  return { offset, chunks: [] }
}

/** The index of the last entry; `offset` for an empty list. */
export function lastIndexOf(list: Entries): number {
  return list.chunks.at(-1)?.at(-1)?.index ?? list.offset
}

/** The entry at `index`; undefined outside the list. */
export function entryAt<P>(list: Entries<P>, index: number): Entry<P> | undefined {
  const first = list.chunks[0]?.[0]
  if (first === undefined || index < first.index) return undefined
  const chunk = list.chunks[(index >> BITS) - (first.index >> BITS)]
  return chunk?.[index - chunk[0]!.index]
}

/** The list with `entries` appended. Throws on a gap. */
export function appended<P>(list: Entries<P>, entries: readonly Entry<P>[]): Entries<P> {
  if (entries.length === 0) return list
  const chunks = [...list.chunks]
  let index = lastIndexOf(list)
  let open: Entry<P>[] | undefined
  for (const entry of entries) {
    assert(entry.index === index + 1, `entries: ${entry.index} cannot follow ${index}`)
    index = entry.index
    if (open === undefined || index % CHUNK === 0) {
      const joins = open === undefined && index % CHUNK !== 0 && chunks.length > 0
      open = joins ? [...chunks.pop()!] : []
      chunks.push(open)
    }
    open.push(entry)
  }
  return { offset: list.offset, chunks }
}

/** The list up to `index`, which is at least `offset`. */
export function truncatedAfter<P>(list: Entries<P>, index: number): Entries<P> {
  assert(
    index >= list.offset,
    `entries: cannot cut after ${index}, before the start at ${list.offset}`,
  )
  const first = list.chunks[0]?.[0]
  if (first === undefined || index >= lastIndexOf(list)) return list
  if (index < first.index) return noEntries(list.offset)
  const at = (index >> BITS) - (first.index >> BITS)
  const chunk = list.chunks[at]!
  return {
    offset: list.offset,
    chunks: [...list.chunks.slice(0, at), chunk.slice(0, index - chunk[0]!.index + 1)],
  }
}

/** The list after `index`, which lies between `offset` and the last entry. */
export function withoutThrough<P>(list: Entries<P>, index: number): Entries<P> {
  const last = lastIndexOf(list)
  assert(
    index >= list.offset && index <= last,
    `entries: cannot drop through ${index}, the list is ${list.offset + 1} to ${last}`,
  )
  if (index === last) return noEntries(index)
  const first = list.chunks[0]![0]!
  const at = ((index + 1) >> BITS) - (first.index >> BITS)
  const chunk = list.chunks[at]!
  return {
    offset: index,
    chunks: [chunk.slice(index + 1 - chunk[0]!.index), ...list.chunks.slice(at + 1)],
  }
}

/**
 * The entries from `from` to `to`, both included; empty if `from` is after `to`. Throws outside the
 * list.
 */
export function entriesBetween<P>(list: Entries<P>, from: number, to: number): Entry<P>[] {
  const found: Entry<P>[] = []
  for (let index = from; index <= to; index++) {
    const entry = entryAt(list, index)
    assert(
      entry !== undefined,
      `entries: no entry ${index}, the list is ${list.offset + 1} to ${lastIndexOf(list)}`,
    )
    found.push(entry)
  }
  return found
}
