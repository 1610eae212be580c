import { expect, test } from 'vitest'
import { differing } from './compare'
import { layoutOf } from './layout'
import { lease, marks, tapeOf } from './test-tape'

const linesOf = (...there: ReturnType<typeof lease>[]) =>
  layoutOf(
    {
      here: tapeOf({ leases: [lease('1'), lease('2')] }),
      there: tapeOf({ leases: there }),
      programs: new Set(),
    },
    { width: 1376, height: 302 },
  ).lines
const names = (differ: ReadonlySet<string>): string[] => [...differ].sort()

test('rows that are the same on both sides do not differ', () => {
  expect(names(differing(linesOf(lease('1'), lease('2')), 9000))).toEqual([])
})

test('a row differs on both sides from its first difference on', () => {
  const other = lease('2', { marks: [marks('granted', [20]), marks('renewed', [5000])] })
  expect(names(differing(linesOf(lease('1'), other), 3000))).toEqual([])
  expect(names(differing(linesOf(lease('1'), other), 6000))).toEqual([
    'here leases 2 20',
    'there leases 2 20',
  ])
})

test('a row that only one side has differs', () => {
  expect(names(differing(linesOf(lease('1')), 3000))).toEqual(['here leases 2 20'])
})
