import type { EventType, TraceEvent } from '../base/trace'
import { truth } from './plain'

/** The type of an event, or some of its fields, or a predicate. */
export type EventMatch<T extends EventType = EventType> =
  | T
  | ({ type: T } & Partial<Extract<TraceEvent, { type: T }>>)
  | ((event: TraceEvent) => boolean)

/** The same for any type. */
type Wanted = EventType | { type: EventType } | ((event: TraceEvent) => boolean)

/** The predicate of a match. */
export function matcher(wanted: Wanted): (event: TraceEvent) => boolean {
  if (typeof wanted === 'function') return (event) => truth('advanceTo', wanted(event))
  const fields = Object.entries(typeof wanted === 'string' ? { type: wanted } : wanted)
  return (event) =>
    fields.every(([field, value]) => (event as unknown as Record<string, unknown>)[field] === value)
}

/** A match in the words of an error. */
export function matchText(wanted: Wanted): string {
  if (typeof wanted === 'function') return 'such event'
  return typeof wanted === 'string' ? wanted : JSON.stringify(wanted)
}
