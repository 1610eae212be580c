import { expect, test } from 'vitest'
import { ringPath, ringShare, tickShare } from './ring'

test('a ring holds the share that is left, never more than all and never less than nothing', () => {
  expect(ringShare(10_000, 10, 0)).toBe(1)
  expect(ringShare(10_000, 10, 7_500)).toBe(0.25)
  expect(ringShare(10_060, 10, 0)).toBe(1)
  expect(ringShare(10_000, 10, 10_001)).toBe(0)
  expect(ringShare(null, 10, 0)).toBe(0)
})

test('a ring drains clockwise from 12 o’clock: half of it is the left half', () => {
  // The outer arc of the left half runs from 6 o'clock (0, r) over the left to 12 o'clock (0, -r).
  const half = ringPath(0.5, 40, 8)
  const numbers = half.match(/-?\d+(\.\d+)?(e-?\d+)?/g)?.map((each) => Math.round(Number(each)) + 0) ?? []
  expect(numbers.slice(0, 2)).toEqual([0, 40])
  expect(half).toContain('A40,40,0,')
  expect(numbers.slice(7, 9)).toEqual([0, -40])
  expect(ringPath(0, 40, 8)).toBe('')
  expect(ringPath(1, 40, 8)).not.toBe('')
})

test('a renewal’s tick mark fades over 200 ms and is not there before it', () => {
  expect(tickShare(1000, 999)).toBe(0)
  expect(tickShare(1000, 1000)).toBe(1)
  expect(tickShare(1000, 1100)).toBe(0.5)
  expect(tickShare(1000, 1300)).toBe(0)
  expect(tickShare(null, 0)).toBe(0)
})
