// The answer to "why?" on the timeline: every event of the chain carries the number that its sentence has.

import type { WhyView } from '../../../engine/worker/protocol'

/** The number of each reason: those that have an event count up from 1. */
export function numbersOf({ reasons }: WhyView): (number | null)[] {
  let number = 0
  return reasons.map(({ line }) => (line === null ? null : ++number))
}
