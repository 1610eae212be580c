import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from './rate'
import { grainMs, isTrue, shownAt, TRUE_CLOCK, turned, virtualOf } from './rate'

const rate = fc.integer({ min: 10, max: 1000 })
const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), rate), { maxLength: 8 })

/** The clock after those changes, and the time of the last change. */
function after(steps: [number, number][]): { clock: Clock; now: number } {
  let [clock, now] = [TRUE_CLOCK, 0]
  for (const [ms, percent] of steps) {
    now += ms
    clock = turned(clock, percent, now)
  }
  return { clock, now }
}

test('a clock never goes back, and a time is reached at the first millisecond that shows it', () => {
  fc.assert(
    fc.property(changes, fc.integer({ min: 0, max: 100_000 }), (steps, ms) => {
      const { clock, now } = after(steps)
      expect(shownAt(clock, now + ms)).toBeGreaterThanOrEqual(shownAt(clock, now))
      const shown = shownAt(clock, now) + ms
      const at = virtualOf(clock, shown)
      expect(shownAt(clock, at)).toBeGreaterThanOrEqual(shown)
      if (at > now) expect(shownAt(clock, at - 1)).toBeLessThan(shown)
    }),
  )
})

test('a clock does not drift: between two changes it runs at exactly its rate, to the millisecond', () => {
  fc.assert(
    fc.property(changes, (steps) => {
      let exact = 0
      let [clock, now] = [TRUE_CLOCK, 0]
      for (const [ms, percent] of steps) {
        exact += Math.floor((ms * clock.percent) / 100)
        now += ms
        clock = turned(clock, percent, now)
      }
      expect(shownAt(clock, now)).toBe(exact)
      expect(shownAt(clock, now + 1000)).toBe(exact + clock.percent * 10)
    }),
  )
})

test('setting the rate that a clock already has shifts it by at most the milliseconds between the calls', () => {
  const [once, often] = [
    turned(TRUE_CLOCK, 150, 1000),
    after(Array.from({ length: 500 }, () => [2, 150] as [number, number])).clock,
  ]
  expect(shownAt(once, 2000)).toBe(2500)
  expect(shownAt(often, 2000)).toBe(2 + 998 * 1.5 + 1500)
})

test('a true clock shows virtual time; a clock that was ever changed stays off; never stays never', () => {
  expect(isTrue(TRUE_CLOCK)).toBe(true)
  expect(isTrue(turned(turned(TRUE_CLOCK, 200, 0), 100, 1000))).toBe(false)
  expect(virtualOf(turned(TRUE_CLOCK, 150, 0), Number.MAX_SAFE_INTEGER)).toBe(
    Number.MAX_SAFE_INTEGER,
  )
  expect(virtualOf(turned(TRUE_CLOCK, 150, 0), Number.POSITIVE_INFINITY)).toBe(
    Number.POSITIVE_INFINITY,
  )
  expect([50, 100, 101, 250].map((percent) => grainMs(turned(TRUE_CLOCK, percent, 0)))).toEqual([
    1, 1, 2, 3,
  ])
})
