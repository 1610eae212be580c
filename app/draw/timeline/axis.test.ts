import { expect, test } from 'vitest'
import { ticksOf } from './axis'
import { scaleOf, TRUE_AXIS } from './scale'

test('left of now are times, right of it distances from now, with equal steps', () => {
  const scale = scaleOf(TRUE_AXIS, { from: 0, to: 16_400 }, 168, 1356)
  const { past, future } = ticksOf(scale, 6000)
  expect(past.map(({ text }) => text)).toEqual(['0 s', '2', '4', '6'])
  expect(future.map(({ text }) => text)).toEqual(['+2 s', '+4', '+6', '+8', '+10'])
  expect(future[0]?.x).toBeCloseTo(scale.x(8000))
})

test('a window that begins late begins with a whole step', () => {
  const scale = scaleOf(TRUE_AXIS, { from: 31_300, to: 60_000 }, 168, 1356)
  const { past } = ticksOf(scale, 40_000)
  expect(past[0]?.text).toBe('35 s')
  const zoomed = scaleOf(TRUE_AXIS, { from: 100, to: 150 }, 168, 1356)
  expect(ticksOf(zoomed, 120).past.map(({ text }) => text)).toEqual([
    '0.1 s',
    '0.105',
    '0.11',
    '0.115',
    '0.12',
  ])
})
