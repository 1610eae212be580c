import { expect, test } from 'vitest'
import { Growth } from './growth'
import { GROWTH, STRUCTURES } from './names'

test('counting in portions gives the same result as counting at once, and small numbers come first', () => {
  const sizes = [10, 100, 1000]
  const whole = new Growth(sizes)
  const parts = new Growth(sizes)
  whole.go(() => true)
  const seen: (number | null)[] = []
  for (let portions = 0; !parts.isDone && portions < 100_000; portions++) {
    parts.go(() => false)
    if (seen.at(-1) !== parts.counting) seen.push(parts.counting)
    expect(parts.extreme('most', 1000) === null).toBe(parts.counting !== null)
  }
  expect(parts.rows).toEqual(whole.rows)
  expect(seen).toEqual([...sizes, null])
})

test('the four structures grow as textbooks say', () => {
  const growth = new Growth()
  growth.go(() => true)
  for (const { leases, scan, sorted, heap, wheel } of growth.rows) {
    // Two passes a second read every lease, and about a tenth of the leases are renewed.
    expect(scan! / leases).toBeGreaterThan(2)
    expect(scan! / leases).toBeLessThan(2.2)
    // A renewal shifts many of the other leases.
    expect(sorted! / leases).toBeGreaterThan(0.03 * leases)
    expect(sorted! / leases).toBeLessThan(2 * Math.log2(leases) + 0.12 * leases)
    // A renewal goes down one branch at most, with two comparisons and two moves a level.
    expect(heap! / leases).toBeLessThan(0.12 * 4 * Math.log2(leases) + 0.3)
    // A renewal costs three moves. A pass reads two slots, and each lease is in such a slot about
    // once in its TTL.
    expect(wheel! / leases).toBeLessThan(0.6)
  }
  expect(
    GROWTH.map((leases) => [growth.extreme('fewest', leases), growth.extreme('most', leases)]),
  ).toEqual([
    ['wheel', 'scan'],
    ['wheel', 'sorted'],
    ['wheel', 'sorted'],
    ['wheel', 'sorted'],
    ['wheel', 'sorted'],
  ])
  expect(growth.extreme('most', 7)).toBeNull()
  expect(STRUCTURES.every((name) => growth.rows.every((row) => row[name] !== null))).toBe(true)
})
