import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countWhile } from './search'

test('countWhile counts as a filter does, in an ordered list', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 })),
      fc.integer({ min: -1, max: 21 }),
      (list, limit) => {
        const sorted = list.toSorted((a, b) => a - b)
        expect(countWhile(sorted, (item) => item <= limit)).toBe(
          sorted.filter((item) => item <= limit).length,
        )
      },
    ),
  )
})
