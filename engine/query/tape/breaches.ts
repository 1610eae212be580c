// Broken rules: one row with a mark at each breach. The checks report them, because the trace has
// no states.

import type { ViolationMark } from '../invariants'
import type { Mark, Track } from './track'

/** The track of all breaches of a run, also after the cursor; null without a breach. */
export function breaches(violations: readonly ViolationMark[]): Track | null {
  const [first] = violations
  if (first === undefined) return null
  const marks = violations.map(
    ({ name, at, event }): Mark => ({ kind: 'violation', at, event, text: name }),
  )
  return {
    id: 'rules',
    label: 'broken rules',
    from: first.at,
    to: Number.POSITIVE_INFINITY,
    spans: [],
    marks,
  }
}
