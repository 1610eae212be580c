// How far a run has come towards a goal: which parts are done, and the acts of the reader. Read
// from the trace, from the goal's stop on.

import type { EventId, TraceEvent } from '../base/trace'
import type { Condition, Goal } from '../sim/stops'
import type { GoalView } from './story-view'

interface Cursor {
  now: number
  lastEvent: EventId
}

export class GoalProgress {
  readonly #goal: Goal
  /** The events of the parts that are done, in their order. */
  readonly #done: { event: EventId; at: number }[] = []
  /** The acts in the run since the goal was set. */
  readonly #acts: EventId[] = []

  constructor(goal: Goal) {
    this.#goal = goal
  }

  /** Takes in the next event after the goal's stop. */
  note(event: TraceEvent, happens: (condition: Condition) => boolean): void {
    if (event.type === 'command' && event.kind !== 'start') this.#acts.push(event.id)
    const next = this.#goal.parts[this.#done.length]
    if (next !== undefined && happens(next.when)) this.#done.push({ event: event.id, at: event.at })
  }

  /** Virtual ms when the run reached the goal, beyond the cursor too; null where it did not. */
  get reachedAt(): number | null {
    return this.#done.length < this.#goal.parts.length ? null : (this.#done.at(-1)?.at ?? null)
  }

  isReached(cursor: Cursor): boolean {
    return this.#doneAt(cursor) === this.#goal.parts.length
  }

  /** `shown`: the solution was shown. */
  view(cursor: Cursor, hints: string[], shown: boolean): Omit<GoalView, 'text'> {
    const { parts, may, solution } = this.#goal
    const done = this.#doneAt(cursor)
    const isReached = done === parts.length
    return {
      state: isReached ? 'reached' : 'open',
      parts: parts.map((part, i) => ({ text: part.text, done: i < done })),
      used: this.#acts.filter((act) => act <= cursor.lastEvent).length,
      par: solution.length,
      may: [...may],
      hints,
      shown,
      event: isReached ? (this.#done.at(-1)?.event ?? null) : null,
    }
  }

  #doneAt({ now, lastEvent }: Cursor): number {
    return this.#done.filter(({ event, at }) => event <= lastEvent && at <= now).length
  }
}
