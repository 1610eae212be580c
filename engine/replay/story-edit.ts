// A change of a run's story, in a form that undo can revert: from one place on, some stops become
// others.
//
//   before   1  2  3  4          at: 1, before: [2, 3], after: [5]
//   after    1  5     4

import { assert } from '../base/assert'
import type { Answer, Stop } from '../sim/stops'

export interface StoryEdit {
  /** Index of the first stop that changes. */
  at: number
  before: readonly Stop[]
  after: readonly Stop[]
}

/** The change from the first story to the second; null where both are the same. */
export function editBetween(before: readonly Stop[], after: readonly Stop[]): StoryEdit | null {
  const same = (a: Stop | undefined, b: Stop | undefined): boolean =>
    JSON.stringify(a) === JSON.stringify(b)
  const most = Math.min(before.length, after.length)
  let at = 0
  while (at < most && same(before[at], after[at])) at++
  let behind = 0
  while (behind < most - at && same(before.at(-1 - behind), after.at(-1 - behind))) behind++
  const edit = {
    at,
    before: before.slice(at, before.length - behind),
    after: after.slice(at, after.length - behind),
  }
  return edit.before.length + edit.after.length === 0 ? null : edit
}

/** The story after a change. A change that does not fit is refused. */
export function edited(stops: readonly Stop[], { at, before, after }: StoryEdit): Stop[] {
  const there = stops.slice(at, at + before.length)
  assert(JSON.stringify(there) === JSON.stringify(before), 'expected a change of this story')
  return [...stops.slice(0, at), ...after, ...stops.slice(at + before.length)]
}

/** The change that reverts another one. */
export function reversed({ at, before, after }: StoryEdit): StoryEdit {
  return { at, before: after, after: before }
}

/**
 * The answers after a change, each at the new index of its stop. Answers to changed stops are
 * dropped.
 */
export function answersAfter(
  answers: ReadonlyMap<number, Answer>,
  { at, before, after }: StoryEdit,
): Map<number, Answer> {
  const kept = [...answers].flatMap(([stop, answer]): [number, Answer][] => {
    if (stop < at) return [[stop, answer]]
    return stop < at + before.length ? [] : [[stop + after.length - before.length, answer]]
  })
  return new Map(kept)
}

/** The change in words, for undo. */
export function describeEdit({ at, before, after }: StoryEdit): string {
  const which =
    before.length === 1 || after.length === 1
      ? `stop ${at + 1}`
      : `${Math.max(before.length, after.length)} stops`
  if (before.length === 0) return `add ${which}`
  if (after.length === 0) return `delete ${which}`
  return isReordered(before, after) ? `move ${which}` : `edit ${which}`
}

/** The same stops in another order. */
function isReordered(before: readonly Stop[], after: readonly Stop[]): boolean {
  const [a, b] = [before, after].map((stops) => stops.map((stop) => JSON.stringify(stop)).sort())
  return JSON.stringify(a) === JSON.stringify(b)
}
