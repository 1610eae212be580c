import { expect, test } from 'vitest'
import type { Point } from './message-path'
import { isCut } from './partition'
import { middleOf, wallAcross, wallPath, wallsBetween } from './walls'

const square: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 200, y: 0 },
  { x: 200, y: 200 },
  { x: 0, y: 200 },
]

const gapOf = (i: number, j: number): Point => middleOf({ from: square[i]!, to: square[j]! })

test('members of different groups are cut off; a member of no group reaches every other', () => {
  const groups = [
    ['m1', 'svc'],
    ['m2', 'm3'],
  ]
  expect(isCut(groups, 'm1', 'm2')).toBe(true)
  expect(isCut(groups, 'm3', 'svc')).toBe(true)
  expect(isCut(groups, 'm2', 'm3')).toBe(false)
  expect(isCut(groups, 'm2', 't1')).toBe(false)
  expect(isCut(null, 'm1', 'm2')).toBe(false)
})

test('two groups have one wall between them, from side to side through every gap', () => {
  expect(wallsBetween([0, 0, 1, 1], gapOf)).toEqual([
    [
      { x: 226, y: 100 },
      { x: 200, y: 100 },
      { x: 100, y: 100 },
      { x: 0, y: 100 },
      { x: -26, y: 100 },
    ],
  ])
})

test('a single member has its corner walled off', () => {
  const [wall] = wallsBetween([0, 1, 1, 1], gapOf) ?? []
  expect(wall?.[1]).toEqual({ x: 100, y: 0 })
  expect(wall?.[3]).toEqual({ x: 0, y: 100 })
  // The wall bends around the corner, because the gap opposite has a wall too.
  expect(wall?.[2]?.x).toBeCloseTo(66.7, 1)
})

test('more groups have spokes from the middle', () => {
  const walls = wallsBetween([0, 1, 2, 3], gapOf) ?? []
  expect(walls).toHaveLength(4)
  expect(walls.map(([from]) => from)).toEqual(Array(4).fill({ x: 100, y: 100 }))
  expect(walls[0]?.[2]).toEqual({ x: 100, y: -26 })
})

test('mixed groups, and members of no group, have no wall of their own', () => {
  expect(wallsBetween([0, 1, 0, 1], gapOf)).toBeNull()
  expect(wallsBetween([0, -1, 1, 1], gapOf)).toBeNull()
  expect(wallsBetween([0, 0, 0, 0], gapOf)).toBeNull()
})

test('a wall across a link stands square on its middle', () => {
  const wall = wallAcross({ from: { x: 0, y: 50 }, to: { x: 100, y: 50 } })
  expect(wall).toEqual([
    { x: 50, y: 37 },
    { x: 50, y: 63 },
  ])
  expect(wallPath(wall)).toBe('M50,37L50,63')
})
