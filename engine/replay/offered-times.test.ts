import fc from 'fast-check'
import { expect, test } from 'vitest'
import { offeredTimes } from './offered-times'

const guesses = fc.record({
  seed: fc.integer({ min: 0, max: 100_000 }),
  stop: fc.integer({ min: 0, max: 20 }),
  now: fc.integer({ min: 0, max: 100_000 }),
  span: fc.integer({ min: 0, max: 120_000 }),
  plausible: fc.array(fc.integer({ min: 0, max: 240_000 }), { maxLength: 12 }),
})

test('three times in order; an answer is right for the true time alone', () => {
  fc.assert(
    fc.property(guesses, ({ span, ...rest }) => {
      const truth = rest.now + span
      const times = offeredTimes({ ...rest, truth })
      expect(times).toHaveLength(3)
      expect([...times].sort((a, b) => a - b)).toEqual(times)
      expect(times.filter((at) => Math.abs(at - truth) <= 1000)).toHaveLength(1)
      expect(times.every((at) => at >= rest.now - 50 && at % 100 === 0)).toBe(true)
      expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(2000)
      expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(2000)
      expect(offeredTimes({ ...rest, truth })).toEqual(times)
    }),
  )
})

const offers = (plausible: readonly number[]): number[][] =>
  Array.from({ length: 20 }, (_, seed) =>
    offeredTimes({ seed, stop: 0, now: 10_200, truth: 21_915, plausible }),
  )
const placesOf = (times: readonly number[][]): number[] =>
  [...new Set(times.map((offered) => offered.indexOf(21_900)))].sort()

test('the guess that a deadline suggests is always offered; the right time is not always at the same place', () => {
  const times = offers([14_200, 18_200])
  for (const offered of times) expect(offered).toEqual(expect.arrayContaining([14_200, 21_900]))
  expect(placesOf(times)).toEqual([1, 2])
  expect(placesOf(offers([]))).toEqual([0, 1, 2])
})

test('a guess that would count as right is not offered', () => {
  for (const offered of offers([21_000, 23_000]))
    expect(offered.filter((at) => at === 21_000 || at === 23_000)).toEqual([])
})
