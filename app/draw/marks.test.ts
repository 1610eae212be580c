import { expect, test } from 'vitest'
import type { Mark } from '../../engine/worker/protocol'
import { markBefore, markPath } from './marks'

const marks: Mark[] = [
  { at: 30, kind: 'granted', event: 1 },
  { at: 90, kind: 'renewed', event: 2 },
  { at: 10_194, kind: 'expired', event: 3 },
  { at: 10_194, kind: 'revoked', event: 4 },
]

test('a path holds the marks of one kind, at their places', () => {
  expect(markPath(marks, 'revoked', (at) => at / 100, 4)).toMatch(/^M99\.3,/)
  expect(markPath(marks, 'fault', (at) => at, 4)).toBe('')
})

test('two of a kind on one pixel are drawn once', () => {
  const crowd: Mark[] = Array.from({ length: 50 }, (_, at) => ({ at, kind: 'renewed', event: at }))
  const once = markPath(crowd.slice(0, 1), 'renewed', () => 7, 4)
  expect(markPath(crowd, 'renewed', () => 7, 4)).toBe(once)
})

test('the slider stands after the last mark that is not ahead', () => {
  expect(markBefore(marks, 29)).toBeNull()
  expect(markBefore(marks, 30)?.event).toBe(1)
  expect(markBefore(marks, 10_193)?.event).toBe(2)
  expect(markBefore(marks, 10_194)?.event).toBe(4)
  expect(markBefore([], 5)).toBeNull()
})
