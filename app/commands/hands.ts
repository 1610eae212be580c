// A show of hands: how many raise one for each answer, by what the class is right.

import type { QuestionView } from '../../engine/worker/protocol'
import { clockText } from '../draw/figures'

export const LETTERS = 'ABCDEF'

/** An answer that a room chooses from. `answer` is what the engine takes. */
export interface Choice {
  letter: string
  word: string
  answer: number | string
  /** Null before the verdict. */
  right: boolean | null
}

/** How far a moment may be off and is still right, as in the engine; virtual ms. */
const NEAR_MS = 1000

/**
 * The answers of a question with their letters. `times`: those that are offered for a moment. Empty
 * where the room has nothing to choose from.
 */
export function choicesOf(ask: QuestionView | null, times: readonly number[] | null): Choice[] {
  if (ask === null) return []
  const offered =
    ask.kind === 'when'
      ? (times ?? []).map((at) => ({ word: `${clockText(at).slice(0, -2)} s`, answer: at }))
      : ask.choices.map((word, at) => ({ word, answer: ask.kind === 'which' ? word : at }))
  return offered
    .slice(0, LETTERS.length)
    .map((each, at) => ({ ...each, letter: LETTERS[at] ?? '', right: isRight(ask, each.answer) }))
}

function isRight({ kind, truth }: QuestionView, answer: number | string): boolean | null {
  if (truth === null) return null
  return kind === 'when' ? Math.abs(Number(truth) - Number(answer)) <= NEAR_MS : answer === truth
}

/** The answer with the most hands; null without hands, and where two have as many. */
export function leading(
  choices: readonly Choice[],
  hands: readonly number[],
): number | string | null {
  const most = Math.max(0, ...choices.map((_, at) => hands[at] ?? 0))
  const first = choices.filter((_, at) => (hands[at] ?? 0) === most)
  return most === 0 || first.length > 1 ? null : (first[0]?.answer ?? null)
}

/** `6 of 20 hands were right.` once there is a verdict; null without hands. */
export function handsText(choices: readonly Choice[], hands: readonly number[]): string | null {
  const total = choices.reduce((sum, _, at) => sum + (hands[at] ?? 0), 0)
  if (total === 0 || choices.every(({ right }) => right !== true)) return null
  const right = choices.reduce(
    (sum, choice, at) => sum + (choice.right === true ? (hands[at] ?? 0) : 0),
    0,
  )
  return `${right} of ${total} ${total === 1 ? 'hand was' : 'hands were'} right.`
}

/**
 * A field's text after a key that was pressed in another window; null for a key that types nothing.
 * The selection is replaced.
 */
export function typedText(text: string, from: number, to: number, key: string): string | null {
  if (key === 'Backspace')
    return text.slice(0, from === to ? Math.max(0, from - 1) : from) + text.slice(to)
  return /^\d$/.test(key) ? text.slice(0, from) + key + text.slice(to) : null
}

/** What was typed as a number of hands; null for something else. */
export function readHands(text: string): number | null {
  return /^\d{0,3}$/.test(text) ? Number(text) : null
}
