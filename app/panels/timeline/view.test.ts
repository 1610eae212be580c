import { expect, test } from 'vitest'
import { lease, row, spans, tapeOf } from '../../draw/timeline/test-tape'
import { futureOf } from './view'

/** A lease that no primary counts at 9 s. */
const uncounted = (ttlSeconds: number) => {
  const { lease: view } = lease('L1')
  return tapeOf({
    leases: [
      row('L1', {
        spans: [spans('uncounted', [8000, 60_000])],
        lease: view && { ...view, ttlSeconds },
      }),
    ],
  })
}

test('a flag can reach the time when a new leader ends a lease, early in a run too', () => {
  // An election of up to 2 s, the extra second of the new leader, and a pass of up to 500 ms.
  for (const ttlSeconds of [5, 10, 15, 30]) {
    const least = ttlSeconds * 1000 + 2000 + 1000 + 500
    expect(futureOf([uncounted(ttlSeconds)], 9000, true)).toBeGreaterThanOrEqual(least)
  }
})

test('a lease of an hour does not push a short past out of the picture', () => {
  expect(futureOf([uncounted(3600)], 9000, false)).toBe(12_000)
  expect(futureOf([uncounted(3600)], 9000, true)).toBe(40_000)
})
