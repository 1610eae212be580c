import { expect, test } from 'vitest'
import type { Rect } from './message-path'
import { layoutPresent, type PresentInput } from './present-layout'

/** The stage of 1280 × 720 and of 1920 × 1080, before Present enlarges it. */
const sizes = [
  { width: 731, height: 146, margin: 18 },
  { width: 1097, height: 268, margin: 18 },
]
const around = ({ x, y, r }: { x: number; y: number; r: number }): Rect => ({
  x: x - r,
  y: y - r,
  width: 2 * r,
  height: 2 * r,
})

function boxes(input: PresentInput): Rect[] {
  const { clients, members, truth } = layoutPresent(input)
  const dials = truth.dials.flatMap((dial) => [around(dial), dial.tags])
  return [
    ...clients.boxes,
    ...members.boxes,
    ...dials,
    ...(truth.storage === null ? [] : [truth.storage]),
  ]
}

function apart(a: Rect, b: Rect): boolean {
  return (
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
  )
}

const cases = sizes.flatMap((size) =>
  [1, 2, 3, 4, 5, 7].flatMap((members) =>
    [0, 1, 2, 4, 9].flatMap((clients) =>
      [0, 1, 2, 3, 8].flatMap((leases) =>
        [true, false].map((storage) => ({ size, members, clients, leases, storage })),
      ),
    ),
  ),
)

test('nothing lies on anything else, or leaves the stage', () => {
  for (const input of cases) {
    const all = boxes(input)
    for (const [i, a] of all.entries()) {
      const { x, y, width, height } = a
      const isIn =
        x >= 0 &&
        y >= 0 &&
        x + width <= input.size.width &&
        y + height <= input.size.height &&
        width > 0 &&
        height > 0
      expect(isIn, JSON.stringify({ input, a })).toBe(true)
      for (const b of all.slice(i + 1))
        expect(apart(a, b), JSON.stringify({ input, a, b })).toBe(true)
    }
  }
})

test('a member has room for its name, and up to five for what it does; a lease for its number', () => {
  for (const input of cases) {
    const { members, truth } = layoutPresent(input)
    for (const { width, height } of members.boxes) {
      expect(width).toBeGreaterThanOrEqual(72)
      expect(height).toBeGreaterThanOrEqual(input.members > 5 ? 20 : 30)
    }
    if (truth.dials.length > 1)
      for (const { tags } of truth.dials) expect(tags.height).toBeGreaterThanOrEqual(28)
    if (truth.dials.length === 1 && !input.storage)
      expect(truth.dials[0]?.r).toBeGreaterThanOrEqual(36)
  }
})
