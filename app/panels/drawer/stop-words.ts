// The results of a stop in the run, in words for its author.

import type { Stop, StopCheck } from '../../../engine/worker/protocol'

/** `5.2 s`, or the statement that it never comes. */
export function secondsText(at: number | null): string {
  return at === null ? 'never' : `${Math.round(at / 10) / 100} s`
}

/**
 * The time of a condition, or `In this run that never happens.` with the time up to which the run
 * was checked.
 */
export function comesText(at: number | null, until: number): string {
  return at === null
    ? `In this run that never happens, as far as ${secondsText(until)}.`
    : `At ${secondsText(at)}.`
}

/**
 * The right answer in the run: `Right in this run: yes, at 12.3 s.` Empty for a stop without a
 * question that the run reaches.
 */
export function rightText(
  { ask, goal }: Stop,
  { at, truth, decidedAt, solvedAt }: StopCheck,
): string {
  if (at === null) return ''
  if (goal !== undefined)
    return solvedAt === null
      ? 'The solution does not reach the goal in this run.'
      : `The solution reaches the goal at ${secondsText(solvedAt)}.`
  if (ask === undefined) return ''
  if (truth === null)
    return ask.kind === 'what-next'
      ? 'There are not two moves to choose from here.'
      : 'This run gives no answer.'
  const when = decidedAt === null || decidedAt === at ? '' : `, at ${secondsText(decidedAt)}`
  switch (ask.kind) {
    case 'choose':
      return `Right in this run: ${ask.choices[Number(truth)] ?? ''}${when}.`
    case 'when':
      return `Right in this run: ${secondsText(Number(truth))}.`
    default:
      return `Right in this run: ${truth}${when}.`
  }
}
