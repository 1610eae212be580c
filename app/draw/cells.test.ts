import { expect, test } from 'vitest'
import { cellGrid, cellsAt, cellUnder, highestColumn, lastSeconds } from './cells'

const cells = {
  total: 6,
  numbers: Int32Array.of(4, 1, 2, 3, 5, 6),
  deadlines: Float64Array.of(9_900, 10_400, 10_450, 13_000, 55_000, Number.POSITIVE_INFINITY),
  ttls: Float64Array.of(10, 10, 10, 10, 60, 60),
  renewedAt: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 9_800, 2_000, Number.NaN),
}

test('a column is half a second, a cell a lease, and leases at 0 s wait left of the line', () => {
  const grid = cellGrid(904, 235, 45_000, 10)
  expect(grid).toMatchObject({ zero: 48, every: 10, last: 50 })
  const placed = cellsAt(cells, 10_000, grid)
  expect(placed.map(({ number, look }) => `${number} ${look}`)).toEqual([
    '4 due',
    '1 soon',
    '2 soon',
    '3 renewed',
    '5 live',
  ])
  const [due, first, second, third] = placed
  expect(due?.x).toBe(grid.zero - grid.step)
  expect([first?.x, second?.x]).toEqual([grid.zero, grid.zero])
  expect(second!.y).toBe(first!.y - grid.row)
  expect(third?.x).toBe(grid.zero + 6 * grid.step)
  expect(cellUnder(placed, first!.x + 1, first!.y + 1, grid)?.number).toBe(1)
  expect(cellUnder(placed, 500, 1, grid)).toBeNull()
})

test('the fullest column and the last two seconds are counted', () => {
  expect(highestColumn(cells, 10_000)).toBe(2)
  expect(lastSeconds(cells, 10_000)).toBe(2)
})

test('a thousand leases in one column stay within the height', () => {
  const grid = cellGrid(904, 200, 60_000, 1000)
  expect(grid.row * 1000).toBeLessThanOrEqual(200)
  expect(cellGrid(904, 200, 60_000, 10).row).toBe(cellGrid(904, 200, 60_000, 10).step)
})
