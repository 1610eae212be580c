import type { TraceEvent } from '../base/trace'
import { Situation } from '../replay/situation'
import { readCondition } from '../text/condition'

/** Virtual ms of every event that the condition (text/condition.ts) matches, in their order. Throws for a condition that is none. */
export function timesOf(events: readonly TraceEvent[], text: string): number[] {
  const condition = readCondition(text, text)
  const situation = new Situation()
  return events
    .filter((event) => {
      situation.note(event)
      return situation.matches(condition, event)
    })
    .map(({ at }) => at)
}
