import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goSort } from './go-sort'

/**
 * The numbers 0 … n−1 ordered by their remainder after division by three, as etcd 3.4.23 answered
 * for such values.
 */
function byRest(n: number, descending: boolean): number[] {
  const items = Array.from({ length: n }, (_, i) => i)
  goSort(items, descending ? (a, b) => b % 3 < a % 3 : (a, b) => a % 3 < b % 3)
  return items
}
const numbers = (text: string): number[] => text.split(' ').map(Number)

describe("equal elements come out in etcd's order", () => {
  test.each([
    [12, false, '0 3 6 9 1 4 7 10 2 5 8 11'],
    [13, false, '6 3 0 9 12 1 4 7 10 2 5 8 11'],
    [14, false, '6 0 12 3 9 4 1 10 7 13 5 8 11 2'],
    [20, false, '9 18 15 3 12 0 6 10 7 4 13 16 1 19 8 5 11 14 2 17'],
    [30, false, '12 27 24 3 21 18 6 0 15 9 7 4 10 13 28 1 16 25 22 19 8 20 5 23 2 17 26 11 14 29'],
    [12, true, '2 5 8 11 1 4 7 10 0 3 6 9'],
    [13, true, '8 2 11 5 1 4 10 7 6 9 0 3 12'],
    [20, true, '8 17 2 14 11 5 10 16 19 1 7 4 13 12 3 15 0 9 18 6'],
  ])('%i elements come out, descending: %s', (n, descending, expected) => {
    expect(byRest(n, descending)).toEqual(numbers(expected))
  })
})

test('any input comes out complete and in order', () => {
  const arrays = fc.oneof(
    fc.array(fc.nat(5), { maxLength: 400 }),
    fc.array(fc.nat(), { maxLength: 400 }),
    fc.array(fc.nat(9), { maxLength: 200 }).map((xs) => [...xs].sort((a, b) => b - a)),
  )
  fc.assert(
    fc.property(arrays, (items) => {
      const sorted = [...items]
      goSort(sorted, (a, b) => a < b)
      expect(sorted).toEqual([...items].sort((a, b) => a - b))
    }),
  )
})
