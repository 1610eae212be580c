import { expect, test } from 'vitest'
import { longCount, plotOf, shortCount } from './growth'

const row = (
  leases: number,
  scan: number | null,
  sorted: number | null,
  heap: number | null,
  wheel: number | null,
) => ({
  leases,
  seconds: 1,
  scan,
  sorted,
  heap,
  wheel,
})
const rows = [
  row(10, 21, 16, 6.3, 5.1),
  row(100, 210, 823, 94, 19),
  row(1000, 2110, 80_000, 1208, 215),
]
const size = { width: 400, height: 240 }

test('ten times as much is one step along each axis', () => {
  const { lines, down, across } = plotOf(
    [
      row(10, 1, null, null, null),
      row(100, 1000, null, null, null),
      row(1000, 1e6, null, null, null),
    ],
    size,
  )
  const [a, b, c] = lines.find(({ name }) => name === 'scan')!.points
  expect(b![0] - a![0]).toBeCloseTo(c![0] - b![0])
  expect(a![1] - b![1]).toBeCloseTo(b![1] - c![1])
  expect(down.map(({ text }) => text)).toEqual(['10', '100', '1 k'])
  expect(across.map(({ text }) => text)).toEqual(['1', '1 k', '1 M', '1000 M'])
})

test('a line ends where its count ends, with its label there; without a count it has none', () => {
  const { lines } = plotOf([rows[0]!, row(100, 210, null, null, null)], size)
  expect(lines.map(({ name, points }) => [name, points.length])).toEqual([
    ['sorted', 1],
    ['scan', 2],
    ['heap', 1],
    ['wheel', 1],
  ])
  expect(
    plotOf([row(10, null, null, null, null)], size).lines.every(({ label }) => label === null),
  ).toBe(true)
})

test('labels overlap neither each other nor the axis', () => {
  for (const part of [rows, rows.slice(0, 1), rows.slice(0, 2)]) {
    const ys = plotOf(part, size)
      .lines.map(({ label }) => label!.y)
      .sort((a, b) => a - b)
    for (const [i, y] of ys.entries()) if (i > 0) expect(y - ys[i - 1]!).toBeGreaterThanOrEqual(16)
    expect(ys.at(-1)!).toBeLessThan(240 - 24)
  }
})

test('counts are short on the plot and whole in the table', () => {
  expect([5.1455, 16.02, 823.4, 999.6, 9120, 93_426, 999_600, 764_494_100].map(shortCount)).toEqual(
    ['5.1', '16', '823', '1 k', '9.1 k', '93 k', '1 M', '764 M'],
  )
  expect([5.1455, 823.4, 9120.7, 764_494_100].map(longCount)).toEqual([
    '5.1',
    '823',
    '9,121',
    '764,494,100',
  ])
})
