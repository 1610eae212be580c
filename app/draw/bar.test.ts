import { expect, test } from 'vitest'
import { barOf, clipOf, timeScale } from './bar'

test('the bars of a list share one scale from now to its longest TTL', () => {
  const scale = timeScale(10_000)
  expect(scale(0)).toBe(0)
  expect(scale(5_000)).toBe(0.5)
  expect(scale(10_000)).toBe(1)
  expect(scale(60_000)).toBe(1)
  expect(scale.ticks).toEqual([0, 2000, 4000, 6000, 8000, 10_000])
})

test('an empty list has a scale too', () => {
  expect(timeScale(0)(0)).toBe(0)
})

test('beside an hour, ten seconds are still more than a hair', () => {
  const scale = timeScale(3_600_000)
  expect(scale(10_000)).toBeGreaterThan(0.1)
  expect(scale(3_600_000)).toBe(1)
  expect(scale.ticks).toEqual([0, 10_000, 60_000, 600_000, 3_600_000])
})

test('a bar never goes below zero', () => {
  const scale = timeScale(10_000)
  expect(barOf(4_000, null, 4_500, scale)).toEqual({ truth: { from: 0, to: 0 }, belief: { from: 0, to: 0 }, band: null })
  expect(barOf(null, null, 0, scale).truth.to).toBe(0)
})

test('what a client believes beyond the truth is a band of its own', () => {
  const scale = timeScale(10_000)
  expect(barOf(4_000, 6_000, 2_000, scale).band).toEqual({ from: 0.2, to: 0.4 })
  expect(barOf(6_000, 4_000, 2_000, scale).band).toBeNull()
  // The lease is gone, and somebody still counts on it.
  expect(barOf(null, 6_000, 2_000, scale).band).toEqual({ from: 0, to: 0.4 })
})

test('a clip shows a span of an element and nothing else', () => {
  expect(clipOf({ from: 0.2, to: 0.4 })).toBe('inset(0 60% 0 20%)')
  expect(clipOf({ from: 0, to: 0 })).toBe('inset(0 100% 0 0%)')
})
