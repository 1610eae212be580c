import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OrderedMap } from './ordered-map'

type Entry = [string, number]
const key = fc.string({ unit: fc.constantFrom('\0', 'a', 'b', '\xff'), maxLength: 5 })
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('set' as const), key, value: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), key }) },
)
const inOrder = (entries: Iterable<Entry>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1))

/** Keys k0000 … in another order. */
const names = (count: number, step: number) =>
  Array.from({ length: count }, (_, i) => `k${String((i * step) % count).padStart(6, '0')}`)

describe('the map equals a sorted array', () => {
  test('any sets and deletes give the same result, and old versions do not change', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400, size: 'max' }), key, (commands, from) => {
        let map = OrderedMap.empty<number>()
        const plain = new Map<string, number>()
        const versions: { map: OrderedMap<number>; entries: Entry[] }[] = []
        for (const c of commands) {
          if (c.type === 'set') {
            map = map.set(c.key, c.value)
            plain.set(c.key, c.value)
          } else {
            const next = map.delete(c.key)
            expect(next === map).toBe(!plain.delete(c.key))
            map = next
          }
          expect(map.get(c.key)).toBe(plain.get(c.key))
          expect(map.has(c.key)).toBe(plain.has(c.key))
          versions.push({ map, entries: inOrder(plain) })
        }
        for (const { map, entries } of versions) {
          expect(map.size).toBe(entries.length)
          expect([...map.entries()]).toEqual(entries)
          expect(map.first()).toEqual(entries[0])
          expect([...map.startingAt(from)]).toEqual(entries.filter(([k]) => k >= from))
        }
      }),
      { seed: 1, numRuns: 10 },
    )
  })

  test.each([
    ['ascending', 1],
    ['descending', 4999],
    ['scattered', 1237],
  ])('thousands of keys are added and most are deleted, %s', (_, step) => {
    let map = OrderedMap.empty<number>()
    const plain = new Map<string, number>()
    for (const [i, k] of names(5000, step).entries()) {
      map = map.set(k, i)
      plain.set(k, i)
    }
    const full = map
    const all = inOrder(plain)
    expect([...map.entries()]).toEqual(all)
    // In order, so that whole leaves become empty one after another.
    for (const [i, k] of names(5000, step).entries()) {
      if (i % 50 === 0) continue
      map = map.delete(k)
      plain.delete(k)
      if (i % 100 !== 1) continue
      const left = inOrder(plain)
      expect([...map.entries()]).toEqual(left)
      expect(map.first()).toEqual(left[0])
    }
    expect(map.size).toBe(100)
    expect([...map.entries()]).toEqual(inOrder(plain))
    for (const k of names(5000, 7)) map = map.delete(k)
    expect([map.size, map.first(), [...map.entries()]]).toEqual([0, undefined, []])
    expect([...map.set('x', 1).entries()]).toEqual([['x', 1]])
    expect([...full.entries()]).toEqual(all)
  })

  test('a map built from sorted entries', () => {
    for (const count of [0, 1, 32, 33, 64, 1024, 1025, 5000]) {
      const entries = inOrder(names(count, 1).map((k, i): Entry => [k, i]))
      let map = OrderedMap.from(entries)
      expect(map.size).toBe(count)
      expect([...map.entries()]).toEqual(entries)
      for (const [k, value] of entries) expect(map.get(k)).toBe(value)
      map = map.set('', -1).set('z', -2)
      expect([...map.entries()]).toEqual([['', -1], ...entries, ['z', -2]])
    }
  })
})

test('entries that do not ascend are refused', () => {
  const from = (...keys: string[]) => OrderedMap.from(keys.map((k) => [k, 0] as const))
  expect(() => from('b', 'a')).toThrow('do not ascend at "a"')
  expect(() => from('a', 'a')).toThrow('do not ascend')
})

test('undefined may be a value', () => {
  const map = OrderedMap.empty<undefined>().set('a', undefined)
  expect([map.has('a'), map.has('b'), map.size, map.delete('a').size]).toEqual([true, false, 1, 0])
})

test('a change copies a few nodes and shares the rest', () => {
  let map = OrderedMap.empty<number>()
  for (const [i, k] of names(20_000, 1237).entries()) map = map.set(k, i)
  const versions = [map]
  const before = process.memoryUsage().heapUsed
  for (const k of names(20_000, 7919).slice(0, 2000)) {
    map = map.set(k, -1)
    versions.push(map)
  }
  // About 1.5 kB a version. Nodes that never split would take 28 MB, a full copy 640 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6)
  const old = versions[0]!.get('k007919')
  expect(versions.map((version) => version.get('k007919'))).toEqual([
    old,
    old,
    ...Array<number>(1999).fill(-1),
  ])
})
