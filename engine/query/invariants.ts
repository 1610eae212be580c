// Which rules hold at the instant on the screen, which were broken by then, and where in the whole
// run they were.

import { INVARIANTS } from '../check/invariants'
import type { Violation } from '../check/violation'
import { visibleLine } from '../text/visible'

export interface InvariantRow {
  name: string
  sentence: string
  /** The first breach up to the cursor; null where it holds. */
  broken: { at: number; event: number; because: string; members: string[] } | null
  /** How many breaches up to the cursor. */
  times: number
}

export interface InvariantsView {
  /**
   * False while the run has not been checked up to the cursor: the results hold only for the
   * checked part.
   */
  checked: boolean
  /**
   * Whether etcd keeps all its rules up to the cursor. Mutual exclusion is a rule of the programs,
   * not of etcd: `Frame.exclusion`.
   */
  kept: boolean
  rows: InvariantRow[]
}

/** A breach anywhere in the run, for a line along all of it. */
export interface ViolationMark {
  at: number
  event: number
  name: string
}

/** `seen`: the last event that was checked; `last`: the last before the cursor. */
export function invariantsView(
  violations: readonly Violation[],
  seen: number,
  last: number,
): InvariantsView {
  const rows = INVARIANTS.map(({ name, sentence, properties }): InvariantRow => {
    const breaches = violations.filter(
      ({ property, event }) => event <= last && properties.includes(property),
    )
    const [first] = breaches
    const broken =
      first === undefined
        ? null
        : {
            at: first.at,
            event: first.event,
            because: visibleLine(first.text),
            members: [...first.members],
          }
    return { name, sentence, broken, times: breaches.length }
  })
  return { checked: seen >= last, kept: rows.every(({ broken }) => broken === null), rows }
}

export function violationMarks(violations: readonly Violation[]): ViolationMark[] {
  return violations.flatMap(({ at, event, property }) => {
    const invariant = INVARIANTS.find(({ properties }) => properties.includes(property))
    return invariant === undefined ? [] : [{ at, event, name: invariant.name }]
  })
}
