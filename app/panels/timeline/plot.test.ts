import { expect, test } from 'vitest'
import { TRUE_AXIS } from '../../draw/timeline/scale'
import { cursorPlace, Plot, type Wanted } from './plot'

const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  opened: 1,
  window: null,
  spacing: 'true',
  axis: TRUE_AXIS,
  place: 0,
  playing: false,
  future: 10_000,
  explains: false,
  left: 168,
  right: 1356,
  calm: false,
  ...change,
})

test('the first window is there at once, and the plot glides to the next window', () => {
  const plot = new Plot()
  expect(plot.move(wanted(), 0).moves).toBe(false)
  expect(plot.shown).toEqual({ from: 0, to: 14_000 })
  const near = wanted({ window: { from: 0, to: 7000 } })
  expect(plot.move(near, 16).moves).toBe(true)
  expect(plot.shown.to).toBeGreaterThan(7000)
  expect(plot.shown.to).toBeLessThan(14_000)
  for (let at = 32; plot.move(near, at).moves; at += 16) expect(at).toBeLessThan(2000)
  expect(plot.shown).toEqual({ from: 0, to: 7000 })
})

test('the plot jumps with reduced motion, for another spacing, for another run and from far away', () => {
  const plot = new Plot()
  plot.move(wanted(), 0)
  expect(plot.move(wanted({ window: { from: 0, to: 7000 }, calm: true }), 16).moves).toBe(false)
  expect(plot.move(wanted({ window: { from: 0, to: 70 }, spacing: 'event' }), 32).moves).toBe(false)
  expect(plot.move(wanted({ window: { from: 90_000, to: 97_000 } }), 48).moves).toBe(false)
  expect(plot.shown).toEqual({ from: 90_000, to: 97_000 })
  expect(plot.move(wanted({ opened: 2, window: { from: 91_000, to: 98_000 } }), 64).moves).toBe(
    false,
  )
})

test('the future keeps its length while no lease lives', () => {
  const plot = new Plot()
  plot.move(wanted({ calm: true }), 0)
  plot.move(wanted({ future: null, calm: true }), 16)
  expect(plot.shown).toEqual({ from: 0, to: 14_000 })
  plot.move(wanted({ future: null, opened: 2, calm: true }), 32)
  expect(plot.shown.to).toBeLessThan(14_000)
})

test("the reader's own window follows a cursor that leaves it, and stays where the reader moves it", () => {
  const plot = new Plot()
  const window = { from: 1000, to: 2000 }
  expect(plot.move(wanted({ window, place: 1500 }), 0).window).toBe(window)
  expect(plot.move(wanted({ window, place: 1990, playing: true }), 16).window).toEqual({
    from: 1590,
    to: 2590,
  })
  expect(plot.move(wanted({ window, place: 5000 }), 32).window).toEqual({ from: 4500, to: 5500 })
  const away = { from: 9000, to: 10_000 }
  expect(plot.move(wanted({ window: away, place: 5000 }), 48).window).toBe(away)
})

test('the plot requests a window once, and again for other rows, another width and another run', () => {
  const plot = new Plot()
  plot.move(wanted(), 0)
  const first = plot.ask('rows')
  expect(first?.widthPx).toBeGreaterThan(1356 - 168)
  expect(plot.ask('rows')).toBeNull()
  expect(plot.ask('other rows')).not.toBeNull()
  plot.move(wanted({ right: 1000 }), 16)
  expect(plot.ask('other rows')).not.toBeNull()
  plot.move(wanted({ right: 1000, opened: 2 }), 32)
  expect(plot.ask('other rows')).not.toBeNull()
})

test('every frame places each element on the axis, until the element is removed', () => {
  const plot = new Plot()
  plot.move(wanted(), 0)
  const seen: number[] = []
  const remove = plot.add((scale, now) => seen.push(Math.round(scale.x(now))))
  plot.place(7000)
  remove()
  plot.place(14_000)
  expect(seen).toEqual([168 + (1356 - 168) / 2])
})

test("a cursor outside the window of a bent axis is at the worker's place", () => {
  const axis = {
    times: Float64Array.of(0, 1000, 5000),
    places: Float64Array.of(0, 1, 5),
    tailPerMs: 0.001,
    tailMost: 3,
  }
  expect(cursorPlace(axis, 3000, 99)).toBe(3)
  expect(cursorPlace(axis, 9000, 99)).toBe(99)
  expect(cursorPlace(TRUE_AXIS, 9000, 99)).toBe(9000)
})
