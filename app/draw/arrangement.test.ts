import { expect, test } from 'vitest'
import { arrange } from './arrangement'

// As app/styles/cluster.css has them, in pixels: a card, the gaps between rows, and the least width of each arrangement.
const CARD = { width: 168, height: 108 }
const gaps = { wide: 22, narrow: 36 }
const least = { wide: { 3: 448, 5: 512, 7: 620 }, narrow: { 3: 336, 5: 336, 7: 336 } } as const

function cards(count: 3 | 5 | 7, shape: 'wide' | 'narrow') {
  const { places, rows } = arrange(count, shape)
  const area = { width: least[shape][count], height: rows * CARD.height + (rows - 1) * gaps[shape] }
  const width = Math.min(CARD.width, (area.width - 20) / 2)
  return places.map(({ x, y }) => ({ x: x * (area.width - width), y: y * (area.height - CARD.height), width, height: CARD.height }))
}

const cases = ([3, 5, 7] as const).flatMap((count) => (['wide', 'narrow'] as const).map((shape) => ({ count, shape })))

test.each(cases)('$count members, $shape: each has a place and none covers another', ({ count, shape }) => {
  const all = cards(count, shape)
  expect(all).toHaveLength(count)
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(i + 1)) {
      const apartX = Math.max(a.x, b.x) - Math.min(a.x, b.x) - a.width
      const apartY = Math.max(a.y, b.y) - Math.min(a.y, b.y) - a.height
      expect(Math.max(apartX, apartY), JSON.stringify([a, b])).toBeGreaterThanOrEqual(12)
    }
  }
})

test.each(cases)('$count members, $shape: they stand around a convex shape', ({ count, shape }) => {
  const { places } = arrange(count, shape)
  const turns = places.map((a, i) => {
    const [b, c] = [places[(i + 1) % count]!, places[(i + 2) % count]!]
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x)
  })
  expect(Math.min(...turns)).toBeGreaterThanOrEqual(0)
})

test('any other number stands in two columns', () => {
  expect(arrange(1, 'wide').places).toEqual([{ x: 0, y: 0 }])
  expect(arrange(4, 'narrow')).toEqual({
    rows: 2,
    places: [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
      { x: 1, y: 1 },
    ],
  })
})
