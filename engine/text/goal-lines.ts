// The lines of a goal: goal, part, may, solve.

import { assert } from '../base/assert'
import type { Goal } from '../sim/stops'
import { captionFault, LONGEST_CHOICE, MOST_ACTS, MOST_PARTS } from '../sim/stops'
import { readAct } from './act'
import { readCondition } from './condition'

export class GoalLines {
  #text: string | null = null
  readonly #parts: Goal['parts'] = []
  readonly #may: string[] = []
  readonly #solution: Goal['solution'] = []

  /** Takes a line; false for a line that does not belong to the goal. */
  take(word: string, rest: string, place: string): boolean {
    switch (word) {
      case 'goal': {
        const fault = captionFault(rest)
        assert(this.#text === null, `${place}: a stop has one line goal`)
        assert(fault === null, `${place}: goal: expected ${fault}`)
        this.#text = rest
        return true
      }
      case 'part': {
        const [, words = '', text = ''] = /^(.*\S)\s+=>\s+(.+)$/.exec(rest) ?? []
        assert(
          text !== '' && text.length <= LONGEST_CHOICE,
          `${place}: expected part CONDITION => a few words (at most ${LONGEST_CHOICE} characters)`,
        )
        this.#parts.push({ when: readCondition(words, place), text })
        assert(this.#parts.length <= MOST_PARTS, `${place}: a goal has at most ${MOST_PARTS} parts`)
        return true
      }
      case 'may':
        for (const each of rest.split(';')) this.#may.push(actAt(each, place))
        assert(this.#may.length <= MOST_ACTS, `${place}: at most ${MOST_ACTS} acts`)
        return true
      case 'solve': {
        const [, seconds = '', act = ''] = /^(\d{1,9}(?:\.\d{1,3})?)\s+(.+)$/.exec(rest) ?? []
        assert(seconds !== '', `${place}: expected solve SECONDS ACT, such as: solve 0.5 pause a`)
        this.#solution.push({ at: Math.round(Number(seconds) * 1000), act: actAt(act, place) })
        assert(this.#solution.length <= MOST_ACTS, `${place}: at most ${MOST_ACTS} acts`)
        return true
      }
      default:
        return false
    }
  }

  /** The goal, once all lines are read; null without one. */
  end(place: string): Goal | null {
    const [text, parts, may, solution] = [this.#text, this.#parts, this.#may, this.#solution]
    if (text === null) {
      assert(
        parts.length + may.length + solution.length === 0,
        `${place}: part, may and solve belong to a goal: expected a line goal`,
      )
      return null
    }
    assert(parts.length > 0, `${place}: expected a line part, which says what reaches "${text}"`)
    assert(may.length > 0, `${place}: expected a line may, which says what the reader may do`)
    assert(solution.length > 0, `${place}: expected a line solve, which shows a way`)
    const other = solution.find(({ act }) => !may.includes(act))
    assert(
      other === undefined,
      `${place}: the solution has an act that the lines may do not allow: ${other?.act}`,
    )
    assert(
      solution.every(({ at }, i) => at >= (solution[i - 1]?.at ?? 0)),
      `${place}: expected the acts of the solution in the order of their times`,
    )
    return { text, parts, may, solution }
  }
}

function actAt(text: string, place: string): string {
  const act = readAct(text)
  assert(
    act !== undefined,
    `${place}: expected a fault or heartbeat CLIENT on|off, not "${text.trim()}"`,
  )
  return act
}
