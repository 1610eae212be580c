import { describe, expect, test } from 'vitest'
import { asked, glided, type Natural, natural, panned, zoomed } from './window'

const need = (now: number, future = 10_000) => ({
  now,
  future,
  past: Math.max(12_000, 1.4 * future),
})

describe('the window that the page chooses', () => {
  test('starts at 0 and leaves the future its room', () => {
    expect(natural(null, need(0))).toEqual({ from: 0, to: 14_000, future: 10_000 })
  })

  test('stays while the run plays, and grows in steps', () => {
    let window: Natural | null = null
    const seen = new Set<string>()
    for (let now = 0; now <= 12_000; now += 10) {
      window = natural(window, need(now))
      expect(window.to).toBeGreaterThanOrEqual(now + 10_000)
      expect(window.from).toBe(0)
      seen.add(JSON.stringify(window))
    }
    expect(seen.size).toBeLessThanOrEqual(6)
  })

  test('scrolls in steps once the past is long enough', () => {
    let window: Natural | null = null
    let changes = 0
    for (let now = 0; now <= 100_000; now += 50) {
      const next = natural(window, need(now))
      if (next !== window) changes++
      window = next
      expect(now - window.from).toBeLessThanOrEqual(14_000 + 2_000)
      expect(now).toBeGreaterThanOrEqual(window.from)
      expect(now + 10_000).toBeLessThanOrEqual(window.to)
    }
    expect(changes).toBeLessThanOrEqual(60)
  })

  test('does not change with a future that becomes a little shorter, and does with one that becomes much shorter or longer', () => {
    const window = natural(null, need(6000))
    expect(natural(window, need(6000, 7000))).toBe(window)
    expect(natural(window, need(6000, 2000)).future).toBe(2000)
    expect(natural(window, need(6000, 12_000)).future).toBe(12_000)
  })

  test('follows a cursor that goes back', () => {
    const late = natural(null, need(60_000))
    expect(natural(late, need(3000)).from).toBe(0)
    const window = natural(null, need(11_000))
    // A step back within the same window changes nothing.
    expect(natural(window, need(10_400))).toBe(window)
  })
})

test('zooming keeps the place under the pointer, and neither goes below 0 nor to nothing', () => {
  const window = { from: 2000, to: 12_000 }
  const near = zoomed(window, 0.5, 4000, 'true')
  expect(near).toEqual({ from: 3000, to: 8000 })
  expect(zoomed(window, 4, 4000, 'true').from).toBe(0)
  expect(
    zoomed(window, 1e-9, 4000, 'true').to - zoomed(window, 1e-9, 4000, 'true').from,
  ).toBeCloseTo(20)
})

test('panning moves by a share of the window and stops at 0', () => {
  expect(panned({ from: 2000, to: 12_000 }, 0.1)).toEqual({ from: 3000, to: 13_000 })
  expect(panned({ from: 2000, to: 12_000 }, -1)).toEqual({ from: 0, to: 10_000 })
})

test('a glide gets closer with every frame and ends at its aim', () => {
  const aim = { from: 1000, to: 21_000 }
  let shown = { from: 0, to: 16_000 }
  let frames = 0
  for (; shown !== aim && frames < 100; frames++) {
    const next = glided(shown, aim, 16)
    expect(Math.abs(next.to - aim.to)).toBeLessThan(Math.abs(shown.to - aim.to) + 1e-9)
    shown = next
  }
  expect(shown).toBe(aim)
  // At most the 400 ms of a motion by the viewer's clock, counted after its first half.
  expect(frames).toBeLessThanOrEqual(40)
})

test('the window for the worker is wider than the visible one, and does not change with small moves', () => {
  for (const window of [
    { from: 0, to: 14_000 },
    { from: 33_333, to: 51_000 },
  ]) {
    const wide = asked(window)
    expect(wide.from).toBeLessThanOrEqual(Math.max(0, window.from - 4000))
    expect(wide.to).toBeGreaterThanOrEqual(window.to + 4000)
    expect(asked({ from: window.from + 1, to: window.to + 1 })).toEqual(wide)
  }
})
