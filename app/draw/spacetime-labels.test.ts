import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Box,
  crosses,
  type LabelWish,
  overlap,
  placeLabels,
  type Segment,
} from './spacetime-labels'

const measure = (text: string): number => text.length * 6
const bounds: Box = { x: 0, y: 0, width: 400, height: 200 }
const spot = (x: number, y: number) => ({ x, y, anchor: 'start' as const, hair: null })
const wish = (of: Partial<LabelWish>): LabelWish => ({
  id: 1,
  weight: 1,
  texts: ['label'],
  bold: false,
  spots: [spot(10, 20)],
  ...of,
})

const place = fc.record({
  x: fc.integer({ min: -20, max: 420 }),
  y: fc.integer({ min: -20, max: 220 }),
  anchor: fc.constantFrom('start' as const, 'middle' as const, 'end' as const),
  withHair: fc.boolean(),
})
const wishes = fc.array(
  fc.record({
    weight: fc.integer({ min: 0, max: 5 }),
    texts: fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 2 }),
    spots: fc.array(place, { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 25 },
)
const point = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 200 }))
const segments = fc.array(
  fc.tuple(point, point).map(([[x1, y1], [x2, y2]]): Segment => ({ x1, y1, x2, y2 })),
  { maxLength: 8 },
)
const boxes = fc.array(
  point.map(([x, y]): Box => ({ x, y, width: 60, height: 6 })),
  { maxLength: 4 },
)

/** Answers the same question by testing many points of the line. */
function touches({ x1, y1, x2, y2 }: Segment, box: Box): boolean {
  return Array.from({ length: 501 }, (_, i) => i / 500).some((part) => {
    const [x, y] = [x1 + (x2 - x1) * part, y1 + (y2 - y1) * part]
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height
  })
}

test('no label lies on another, on an arrow, on a bar, on the hair of another, or outside', () => {
  fc.assert(
    fc.property(wishes, segments, boxes, (drafts, lines, bars) => {
      const placed = placeLabels(
        drafts.map(({ weight, texts, spots }, id) => ({
          id,
          weight,
          texts,
          bold: false,
          spots: spots.map(({ x, y, anchor, withHair }) => ({
            x,
            y,
            anchor,
            hair: withHair ? { x1: x, y1: y + 4, x2: x, y2: y + 40 } : null,
          })),
        })),
        { boxes: bars, segments: lines, bounds },
        measure,
      )
      for (const [i, { box, hair }] of placed.entries()) {
        expect(
          box.x >= 0 && box.y >= 0 && box.x + box.width <= 400 && box.y + box.height <= 200,
        ).toBe(true)
        expect(lines.filter((line) => touches(line, box))).toEqual([])
        expect(bars.filter((bar) => overlap(bar, box))).toEqual([])
        for (const other of placed.slice(i + 1)) {
          expect(overlap(box, other.box)).toBe(false)
          if (hair !== null) expect(touches(hair, other.box)).toBe(false)
          if (other.hair !== null) expect(touches(other.hair, box)).toBe(false)
        }
      }
    }),
  )
})

describe('a label', () => {
  test('takes the first spot that is free, and its short text where the long one has no room', () => {
    const free = { boxes: [], segments: [{ x1: 0, y1: 15, x2: 400, y2: 15 }], bounds }
    expect(
      placeLabels([wish({ spots: [spot(10, 20), spot(10, 60)] })], free, measure),
    ).toMatchObject([{ x: 10, y: 60 }])
    const narrow = { boxes: [], segments: [], bounds: { ...bounds, width: 60 } }
    expect(
      placeLabels([wish({ texts: ['a long label', 'short'] })], narrow, measure),
    ).toMatchObject([{ text: 'short' }])
  })
  test('gives way to a weightier one, and to an earlier one of the same weight', () => {
    const open = { boxes: [], segments: [], bounds }
    const ids = (list: LabelWish[]) => placeLabels(list, open, measure).map(({ id }) => id)
    expect(ids([wish({ id: 1 }), wish({ id: 2, weight: 2 })])).toEqual([2])
    expect(ids([wish({ id: 1 }), wish({ id: 2 })])).toEqual([1])
  })
  test('is left out if no position is free', () => {
    expect(placeLabels([wish({})], { boxes: [bounds], segments: [], bounds }, measure)).toEqual([])
  })
})

test('a segment crosses a box where it runs through it, lies in it or touches it', () => {
  const box = { x: 10, y: 10, width: 10, height: 10 }
  const line = (x1: number, y1: number, x2: number, y2: number) => crosses({ x1, y1, x2, y2 }, box)
  expect(line(0, 0, 30, 30)).toBe(true)
  expect(line(12, 12, 13, 13)).toBe(true)
  expect(line(15, 0, 15, 30)).toBe(true)
  expect(line(0, 20, 30, 20)).toBe(true)
  // The bounding box overlaps, but the line passes beside the label.
  expect(line(0, 15, 15, 30)).toBe(false)
  expect(line(5, 0, 5, 30)).toBe(false)
})
