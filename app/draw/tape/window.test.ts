import { expect, test } from 'vitest'
import { placeOf, scaleOf, timeOf } from './scale'
import { between, centred, fitting, followed, pan, zoom } from './window'

const whole = { from: 0, to: 20_000 }

test('what fits everything is a round length, and seldom another one', () => {
  expect(fitting(0, 'true')).toEqual({ from: 0, to: 10_000 })
  expect([9_999, 10_000, 10_001, 15_001, 44_000, 61_000].map((end) => fitting(end, 'true').to)).toEqual([
    10_000, 10_000, 15_000, 20_000, 50_000, 80_000,
  ])
  const lengths = new Set(Array.from({ length: 100_000 }, (_, i) => fitting(i * 10, 'true').to))
  expect(lengths.size).toBeLessThan(20)
})

test('closer and wider keep the playhead where it is, and the widest is everything', () => {
  const once = zoom(whole, 0.5, 5_000, whole, 'true')!
  expect(once).toEqual({ from: 2_500, to: 12_500 })
  expect(zoom(once, 2, 5_000, whole, 'true')).toBeNull()
  expect(zoom({ from: 0, to: 25 }, 0.5, 0, whole, 'true')).toEqual({ from: 0, to: 20 })
})

test('a window stays within the run', () => {
  expect(pan({ from: 1_000, to: 5_000 }, -0.5, whole)).toEqual({ from: 0, to: 4_000 })
  expect(pan({ from: 15_000, to: 19_000 }, 0.5, whole)).toEqual({ from: 16_000, to: 20_000 })
  expect(centred({ from: 0, to: 4_000 }, 10_000, whole)).toEqual({ from: 8_000, to: 12_000 })
})

test('a playhead that leaves the window is followed, a page on while playing', () => {
  const window = { from: 4_000, to: 8_000 }
  expect(followed(window, 6_000, true, whole)).toBeNull()
  const next = followed(window, 7_900, true, whole)!
  expect(next.to - next.from).toBe(4_000)
  expect(next.from).toBeLessThan(7_900)
  expect(next.from).toBeGreaterThan(7_000)
  expect(followed(window, 7_900, false, whole)).toBeNull()
  expect(followed(window, 1_000, false, whole)).toEqual({ from: 0, to: 4_000 })
})

test('two numbers are a window in either order, and nonsense is none', () => {
  expect(between(8_000, 4_000, whole, 'true')).toEqual({ from: 4_000, to: 8_000 })
  expect(between(Number.NaN, 4_000, whole, 'true')).toBeNull()
  expect(between(0, 20_000, whole, 'true')).toBeNull()
  expect(between(4_000, 4_000, whole, 'true')).toEqual({ from: 4_000, to: 4_020 })
})

test('places lead to times and back, between the knots and beyond the last', () => {
  const axis = { times: Float64Array.of(0, 30, 31, 60_000), places: Float64Array.of(0, 1, 2, 6), tailPerMs: 0.001, tailMost: 3 }
  for (const at of [0, 15, 30, 30.5, 31, 20_000, 60_000, 61_500]) expect(timeOf(axis, placeOf(axis, at))).toBeCloseTo(at, 6)
  expect(placeOf(axis, 1e9)).toBe(9)
  const scale = scaleOf(axis, { from: 0, to: 6 }, 600)
  expect(scale.x(31)).toBe(200)
  expect(scale.at(150)).toBe(30.5)
})
