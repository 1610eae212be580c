import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from './random'

const draws = (random: Random, count: number, n = 0x1_0000_0000) =>
  Array.from({ length: count }, () => random.below(n))

/**
 * sfc32 as in its author's C code: 32-bit additions, written here with remainders instead of bit
 * operators.
 */
function sfc32(state: readonly number[]): number[] {
  const u = (x: number) => ((x % 2 ** 32) + 2 ** 32) % 2 ** 32
  let [a, b, c, counter] = state.map(u) as [number, number, number, number]
  return Array.from({ length: 200 }, () => {
    const drawn = u(a + b + counter)
    counter = u(counter + 1)
    a = u(b ^ Math.floor(b / 512))
    b = u(c + u(c * 8))
    c = u(u(u(c * 2 ** 21) + Math.floor(c / 2 ** 11)) + drawn)
    return drawn
  })
}

test('the generator is sfc32', () => {
  const random = new Random(7, 'latency')
  expect(draws(Random.load(random.save()), 200)).toEqual(sfc32(random.save()))
})

describe('the first draws of a stream do not change', () => {
  // Recordings hold a seed and depend on these draws.
  test.each([
    [0, '', [2694762588, 2871297783, 906360521, 907781138]],
    [1, 'latency', [659847092, 865244074, 163162235, 2702026888]],
    [-12345678901, 'election', [644247079, 1876844150, 803008972, 2765173665]],
  ])('the first draws of seed %d, stream %j do not change', (seed, stream, expected) => {
    expect(draws(new Random(seed, stream), 4)).toEqual(expected)
  })
})

test('a saved state continues with the same draws, and survives JSON', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), fc.nat({ max: 50 }), (seed, stream, before) => {
      const random = new Random(seed, stream)
      draws(random, before)
      const loaded = Random.load(JSON.parse(JSON.stringify(random.save())))
      expect(loaded.save()).toEqual(random.save())
      expect(draws(loaded, 20, 1000)).toEqual(draws(random, 20, 1000))
    }),
    { seed: 1 },
  )
})

test('saving changes nothing', () => {
  const random = new Random(3, 'a')
  const watched = new Random(3, 'a')
  const seen = Array.from({ length: 10 }, () => {
    watched.save()
    return watched.below(1000)
  })
  expect(seen).toEqual(draws(random, 10, 1000))
})

test('streams and seeds are independent', () => {
  const starts = new Set<string>()
  for (let seed = -50; seed < 50; seed++) {
    for (const stream of ['', 'a', 'b', 'ab', 'latency', 'loss', '1'])
      starts.add(draws(new Random(seed, stream), 2).join())
  }
  expect(starts.size).toBe(100 * 7)
  // The name and the seed are separated.
  expect(draws(new Random(1, '1/a'), 3)).not.toEqual(draws(new Random(11, '/a'), 3))
})

test('all outcomes are about equally frequent', () => {
  const random = new Random(11, 'counts')
  for (const n of [2, 3, 10, 100]) {
    const counts = Array<number>(n).fill(0)
    for (let i = 0; i < 1000 * n; i++) counts[random.below(n)]!++
    // Five standard deviations around 1000.
    expect(Math.min(...counts)).toBeGreaterThan(1000 - 160)
    expect(Math.max(...counts)).toBeLessThan(1000 + 160)
  }
})

test('below discards the draws that would favour small outcomes', () => {
  // 3·2^30 leaves a quarter of all words over. Taken modulo n, they would double the lowest third.
  const n = 3 * 2 ** 30
  const random = new Random(5, 'large')
  const low = draws(random, 3000, n).filter((x) => x < 2 ** 30).length
  expect(low).toBeGreaterThan(870)
  expect(low).toBeLessThan(1130)
})

test('below(1) is 0, and invalid counts are refused', () => {
  const random = new Random(1, 'x')
  expect(random.below(1)).toBe(0)
  for (const n of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN])
    expect(() => random.below(n)).toThrow('cannot draw below')
  expect(() => new Random(0.5, 'x')).toThrow('seed')
})
