import { expect, test } from 'vitest'
import type { Miniature } from '../../engine/worker/protocol'
import { MINIATURE, miniaturePicture } from './miniature'

const one: Miniature = {
  end: 10_000,
  asksAt: 5000,
  leaders: [{ from: 0, to: 10_000 }],
  leases: [
    [
      [0, 0],
      [0, 1],
      [10_000, 0],
    ],
  ],
  granted: 1,
  inside: [],
}

test('one lease is a saw-tooth over the whole picture, and the question is a line at its time', () => {
  const { saws, leaders, asksAt } = miniaturePicture(one, 1)
  const { width, height, margin } = MINIATURE
  expect(saws).toEqual([{ line: `M12 68L12 12L308 68`, fill: `M12 68L12 12L308 68L308 68Z` }])
  expect([width - margin, height - margin]).toEqual([308, 68])
  expect(asksAt).toBe(width / 2)
  // A single member always leads: no bar.
  expect(leaders).toEqual([])
})

test('a cluster has its leaders above, many leases are bars, and clients inside take the place of leases', () => {
  expect(miniaturePicture(one, 3).leaders).toEqual([{ x: 12, y: 12, width: 296, height: 8 }])
  const many = { ...one, granted: 3, leases: [one.leases[0]!, one.leases[0]!, one.leases[0]!] }
  expect(miniaturePicture(many, 1).lives).toHaveLength(3)
  const inside = miniaturePicture(
    { ...many, inside: [[{ from: 0, to: 5000 }], [{ from: 5000, to: 10_000 }]] },
    1,
  )
  expect(inside.inside.map(({ x, width }) => [x, width])).toEqual([
    [12, 148],
    [160, 148],
  ])
  expect([inside.lives, inside.saws]).toEqual([[], []])
})

test('every bar stays within the picture', () => {
  const rows = Array.from({ length: 10 }, () => one.leases[0]!)
  for (const { y, height } of miniaturePicture({ ...one, granted: 99, leases: rows }, 3).lives)
    expect(y + height).toBeLessThanOrEqual(MINIATURE.height - MINIATURE.margin)
})
