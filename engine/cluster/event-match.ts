import type { EventType, TraceEvent } from '../base/trace'

/** An event's type, fields that it must have, or a test of it. */
export type EventMatch<T extends EventType = EventType> =
  | T
  | ({ type: T } & Partial<Extract<TraceEvent, { type: T }>>)
  | ((event: TraceEvent) => boolean)

/** The same for any type. */
type Wanted = EventType | { type: EventType } | ((event: TraceEvent) => boolean)

/** The test of an event that a match describes. */
export function matcher(wanted: Wanted): (event: TraceEvent) => boolean {
  if (typeof wanted === 'function') return wanted
  const fields = Object.entries(typeof wanted === 'string' ? { type: wanted } : wanted)
  return (event) =>
    fields.every(([field, value]) => (event as unknown as Record<string, unknown>)[field] === value)
}

/** The match in the words of a message. */
export function matchText(wanted: Wanted): string {
  if (typeof wanted === 'function') return 'such event'
  return typeof wanted === 'string' ? wanted : JSON.stringify(wanted)
}
