// A trace for tests of the searches: only what happened is written, numbers and levels come by
// themselves.

import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'

/** One event a millisecond, from 1. Each is the cause of nothing. */
export function traceOf(...bodies: EventBody[]): TraceEvent[] {
  return bodies.map((body, i) => ({
    ...body,
    id: i + 1,
    at: i + 1,
    level: levelOf(body.type),
    causes: [],
  }))
}
