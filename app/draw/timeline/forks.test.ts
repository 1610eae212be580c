import { expect, test } from 'vitest'
import type { BranchView } from '../../../engine/worker/protocol'
import { forksOf } from './forks'

const branch = (
  id: number,
  parent: number | null,
  forkAt: number,
  current = false,
): BranchView => ({
  id,
  name: `b${id}`,
  parent,
  forkAt,
  end: 20_000,
  commands: 0,
  current,
})

test('a run without branches parts from nothing', () => {
  expect(forksOf([])).toEqual([])
  expect(forksOf([branch(1, null, 0, true)])).toEqual([])
})

test('a child parts where it was made, seen from either side', () => {
  expect(forksOf([branch(1, null, 0, true), branch(2, 1, 6200)])).toEqual([
    { at: 6200, names: ['b2'] },
  ])
  expect(forksOf([branch(1, null, 0), branch(2, 1, 6200, true)])).toEqual([
    { at: 6200, names: ['b1'] },
  ])
})

test('siblings part at the earlier of their forks, and a grandchild where its line does', () => {
  const some = [
    branch(1, null, 0),
    branch(2, 1, 6000, true),
    branch(3, 1, 4000),
    branch(4, 1, 9000),
    branch(5, 2, 8000),
    branch(6, 3, 5000),
  ]
  expect(forksOf(some)).toEqual([
    { at: 4000, names: ['b3', 'b6'] },
    { at: 6000, names: ['b1', 'b4'] },
    { at: 8000, names: ['b5'] },
  ])
})
