import type { TraceEvent } from '../base/trace'
import { Situation } from '../replay/situation'
import { readCondition } from '../text/condition'

/**
 * Virtual ms of every event that the condition (text/condition.ts) matches, in order. Throws for an
 * invalid condition.
 */
export function timesOf(events: readonly TraceEvent[], text: string): number[] {
  const condition = readCondition(text, text)
  // No condition on an event depends on the version: only the order inside the expiry heap does.
  const situation = new Situation('3.6')
  return events
    .filter((event) => {
      situation.note(event)
      return situation.matches(condition, event)
    })
    .map(({ at }) => at)
}
