// A show of hands: the number of hands for each answer, and the share of right ones.

import type { QuestionView } from '../../engine/worker/protocol'
import { clockText } from '../draw/figures'

export const LETTERS = 'ABCDEF'

/** An answer that the room can choose. `answer` is the engine's value. */
export interface Choice {
  letter: string
  word: string
  answer: number | string
  /** Null before the verdict. */
  right: boolean | null
}

/** The tolerance for a right time, as in the engine; virtual ms. */
const NEAR_MS = 1000

/**
 * The answers of a question with their letters. `times`: the choices for a question about a time.
 * Empty if the room has nothing to choose from.
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

/** The answer with the most hands; null without hands, and for a tie. */
export function leading(
  choices: readonly Choice[],
  hands: readonly number[],
): number | string | null {
  const most = Math.max(0, ...choices.map((_, at) => hands[at] ?? 0))
  const first = choices.filter((_, at) => (hands[at] ?? 0) === most)
  return most === 0 || first.length > 1 ? null : (first[0]?.answer ?? null)
}

/** `6 of 20 hands were right.` after the verdict; null without hands. */
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
 * The text of a field after a key pressed in another window, with the selection replaced. Null for
 * a key that types nothing.
 */
export function typedText(text: string, from: number, to: number, key: string): string | null {
  if (key === 'Backspace')
    return text.slice(0, from === to ? Math.max(0, from - 1) : from) + text.slice(to)
  return /^\d$/.test(key) ? text.slice(0, from) + key + text.slice(to) : null
}

/** A typed number of hands; null for other text. */
export function readHands(text: string): number | null {
  return /^\d{0,3}$/.test(text) ? Number(text) : null
}
