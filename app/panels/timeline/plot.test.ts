import { expect, test } from 'vitest'
import { TRUE_AXIS } from '../../draw/timeline/scale'
import { cursorPlace, Plot, type Wanted } from './plot'

const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  window: null,
  spacing: 'true',
  need: { now: 0, future: 10_000, past: 14_000 },
  axis: TRUE_AXIS,
  left: 168,
  right: 1356,
  calm: false,
  ...change,
})

test('the first window is there at once, and the next one is glided to', () => {
  const plot = new Plot()
  expect(plot.move(wanted(), 0)).toBe(false)
  expect(plot.shown).toEqual({ from: 0, to: 14_000 })
  const near = wanted({ window: { from: 0, to: 7000 } })
  expect(plot.move(near, 16)).toBe(true)
  expect(plot.shown.to).toBeGreaterThan(7000)
  expect(plot.shown.to).toBeLessThan(14_000)
  for (let at = 32; plot.move(near, at); at += 16) expect(at).toBeLessThan(2000)
  expect(plot.shown).toEqual({ from: 0, to: 7000 })
})

test('with reduced motion, for another spacing and from far away there is no glide', () => {
  const plot = new Plot()
  plot.move(wanted(), 0)
  expect(plot.move(wanted({ window: { from: 0, to: 7000 }, calm: true }), 16)).toBe(false)
  expect(plot.move(wanted({ window: { from: 0, to: 70 }, spacing: 'event' }), 32)).toBe(false)
  expect(plot.move(wanted({ window: { from: 90_000, to: 97_000 } }), 48)).toBe(false)
  expect(plot.shown).toEqual({ from: 90_000, to: 97_000 })
})

test('the worker is asked once for a window, and again for other rows and another run', () => {
  const plot = new Plot()
  plot.move(wanted(), 0)
  expect(plot.ask('rows')).not.toBeNull()
  expect(plot.ask('rows')).toBeNull()
  expect(plot.ask('other rows')).not.toBeNull()
  plot.forget()
  expect(plot.ask('other rows')).not.toBeNull()
})

test('every frame places what stands on the axis, until it is taken off', () => {
  const plot = new Plot()
  plot.move(wanted(), 0)
  const seen: number[] = []
  const remove = plot.add((scale, now) => seen.push(Math.round(scale.x(now))))
  plot.place(7000)
  remove()
  plot.place(14_000)
  expect(seen).toEqual([168 + (1356 - 168) / 2])
})

test('a cursor outside of the window of a bent axis stands where the worker told', () => {
  const axis = { times: Float64Array.of(0, 1000, 5000), places: Float64Array.of(0, 1, 5), tailPerMs: 0.001, tailMost: 3 }
  expect(cursorPlace(axis, 3000, 99)).toBe(3)
  expect(cursorPlace(axis, 9000, 99)).toBe(99)
  expect(cursorPlace(TRUE_AXIS, 9000, 99)).toBe(9000)
})
