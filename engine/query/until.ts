// "As of the cursor": lists in the order of their events, which count up to a given event.

import { countWhile } from '../base/search'
import type { EventId } from '../base/trace'

/** How many of a list's entries are not after the event `last`. */
export function countUntil(list: readonly { id: EventId }[], last: EventId): number {
  return countWhile(list, ({ id }) => id <= last)
}

/** The last such entry, or undefined. */
export function lastUntil<T extends { id: EventId }>(
  list: readonly T[] | undefined,
  last: EventId,
): T | undefined {
  return list === undefined ? undefined : list[countUntil(list, last) - 1]
}

/** Puts a value at the end of the list of a key. */
export function append<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
