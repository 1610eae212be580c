import { expect, test } from 'vitest'
import { isCut, wallAcross, wallsBetween } from './walls'

const square = [
  { x: 0, y: 0 },
  { x: 200, y: 0 },
  { x: 200, y: 200 },
  { x: 0, y: 200 },
]

test('who is in different groups is cut off; who is in none reaches everybody', () => {
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

test('two groups have one wall between them, from side to side', () => {
  expect(wallsBetween(square, [0, 0, 1, 1])).toEqual([{ from: { x: 234, y: 100 }, to: { x: -34, y: 100 } }])
})

test('one alone has its corner walled off', () => {
  const [wall] = wallsBetween(square, [0, 1, 1, 1]) ?? []
  // It crosses the ways to both neighbours, from above the one to the left of the other.
  expect(wall?.from.x).toBeGreaterThan(100)
  expect(wall?.from.y).toBeLessThan(0)
  expect(wall?.to.x).toBeLessThan(0)
  expect(wall?.to.y).toBeGreaterThan(100)
})

test('more groups have spokes from the middle', () => {
  const walls = wallsBetween(square, [0, 1, 2, 3]) ?? []
  expect(walls).toHaveLength(4)
  expect(walls.map(({ from }) => from)).toEqual(Array(4).fill({ x: 100, y: 100 }))
  expect(walls[0]?.to).toEqual({ x: 100, y: -34 })
})

test('mixed groups, and members of no group, have no wall of their own', () => {
  expect(wallsBetween(square, [0, 1, 0, 1])).toBeNull()
  expect(wallsBetween(square, [0, -1, 1, 1])).toBeNull()
  expect(wallsBetween(square, [0, 0, 0, 0])).toBeNull()
})

test('a wall across a link stands square on its middle', () => {
  expect(wallAcross({ from: { x: 0, y: 50 }, to: { x: 100, y: 50 } })).toEqual({ from: { x: 50, y: 37 }, to: { x: 50, y: 63 } })
})
