import { expect, test } from 'vitest'
import type { Lifetimes } from './lifetimes'
import { loadOf } from './load'
import type { MarkKind } from './rows'
import { trueTime } from './spacing'
import { viewOf } from './thinning'

/** Marks of all leases, and how many leases lived after each. */
function lifetimes(...marks: [at: number, kind: MarkKind, living: number][]): Lifetimes {
  return {
    marks: marks.map(([at, kind], event) => ({ at, kind, event, text: '' })),
    living: marks.map(([, , living]) => living),
  } as unknown as Lifetimes
}

const shown = (from: number, to: number, columns: number, of: Lifetimes) => {
  const { counts, renewals, revokes, ...rest } = loadOf(of, viewOf(trueTime, from, to, columns))
  return { ...rest, counts: [...counts], renewals: [...renewals], revokes: [...revokes] }
}

test('a column counts the most leases that lived in it, and continues with the last number', () => {
  const of = lifetimes(
    [0, 'granted', 1],
    [500, 'granted', 2],
    [1500, 'granted', 3],
    [1600, 'expired', 2],
    [4100, 'revoked', 1],
  )
  expect(shown(0, 8000, 16, of).counts).toEqual([2, 3, 2, 2, 2, 1, 1, 1])
  // A window that begins later knows how many leases lived before it.
  expect(shown(2000, 6000, 8, of).counts).toEqual([2, 2, 2, 1])
  expect(shown(5000, 6000, 1, of).counts).toEqual([1])
  expect(shown(0, 1000, 2, lifetimes()).counts).toEqual([0])
})

test('renewals and ends are counted by bins, which are at least twelve pixels wide and begin at a whole bin', () => {
  const of = lifetimes(
    [900, 'renewed', 2],
    [1000, 'renewed', 2],
    [1999, 'renewed', 2],
    [2000, 'expired', 1],
    [5000, 'revoked', 0],
    [5001, 'renewed', 0],
  )
  expect(shown(1500, 5000, 60, of)).toMatchObject({
    from: 1000,
    binMs: 1000,
    renewals: [2, 0, 0, 0, 0],
    revokes: [0, 1, 0, 0, 1],
  })
  expect(shown(1500, 5001, 42, of)).toMatchObject({
    from: 0,
    binMs: 2000,
    renewals: [3, 0, 1],
    revokes: [0, 1, 1],
  })
  // Never more bins than columns: a bin beyond them is left out.
  expect(shown(0, 6000, 72, of)).toMatchObject({ binMs: 1000, renewals: [1, 2, 0, 0, 0, 1, 0] })
  expect(shown(0, 4e7, 1, of)).toMatchObject({ binMs: 3_600_000, renewals: [4], revokes: [2] })
})
