// A trace for tests of the searches: the test gives event bodies only; numbers and levels are
// added.

import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'

/** One event a millisecond, from 1, without causes. */
export function traceOf(...bodies: EventBody[]): TraceEvent[] {
  return bodies.map((body, i) => ({
    ...body,
    id: i + 1,
    at: i + 1,
    level: levelOf(body.type),
    causes: [],
  }))
}
