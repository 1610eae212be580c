// Which answers fit a stop, as far as the stop alone decides it. The moves of `what-next` depend on
// the run.

import type { Answer, Question, Stop } from '../sim/stops'
import { LARGEST_ANSWER, LONGEST_WORDS, MOST_CHOICES } from '../sim/stops'

/** The answer that is kept for a goal whose solution was shown. */
export const SHOWN = 'shown'

/**
 * The answer that the stop expects; null for an answer that fits. Undefined: there is no such stop.
 */
export function answerFault(stop: Stop | undefined, answer: Answer): string | null {
  if (stop?.goal !== undefined)
    return answer === SHOWN ? null : `"${SHOWN}", as the answer to a goal`
  if (stop?.ask === undefined) return 'a stop with a question or a goal'
  return answer === null ? null : questionFault(stop.ask, answer)
}

function questionFault(ask: Question, answer: number | string): string | null {
  switch (ask.kind) {
    case 'choose':
      return isWhole(answer, 0, ask.choices.length - 1) ? null : 'the index of a choice'
    case 'what-next':
      return isWhole(answer, 0, MOST_CHOICES - 1) ? null : 'the index of a choice'
    case 'when':
      return typeof answer === 'number' && answer >= 0 ? null : 'a time in virtual ms'
    case 'which':
      return typeof answer === 'string' && answer !== '' && answer.length <= LONGEST_WORDS
        ? null
        : 'a name'
    case 'how-much':
      return isWhole(answer, -1, LARGEST_ANSWER) ? null : `a whole number, -1 to ${LARGEST_ANSWER}`
  }
}

function isWhole(answer: number | string, least: number, most: number): boolean {
  return typeof answer === 'number' && Number.isInteger(answer) && answer >= least && answer <= most
}
