// Positions for the words of the space-time diagram: never on a line, an arrow, the edge of a bar
// or another word. A label without a free position is left out; hover and focus show its text. This
// file sees numbers only, never the meaning of a label.

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Segment {
  x1: number
  y1: number
  x2: number
  y2: number
}

/**
 * A position that a label may take. `hair`: a line from there to the label's mark, drawn if the
 * label is not right beside the mark.
 */
export interface Spot {
  x: number
  /** The baseline. */
  y: number
  anchor: 'start' | 'middle' | 'end'
  hair: Segment | null
}

export interface LabelWish {
  id: number
  /** Higher weights are placed first; equal weights in the order of the wishes. */
  weight: number
  /** The first position that fits is taken. */
  texts: readonly string[]
  bold: boolean
  /** The best position first. */
  spots: readonly Spot[]
}

export interface PlacedLabel extends Spot {
  id: number
  text: string
  bold: boolean
  box: Box
}

export interface Obstacles {
  boxes: readonly Box[]
  segments: readonly Segment[]
  /** Labels stay inside this box. */
  bounds: Box
}

/** Pixels between a label and everything else. */
const MARGIN = 3
/** Heights of a 12 px line around its baseline. */
const ASCENT = 10
const DESCENT = 3

/** Greedy, by weight. `measure` returns a text's width in pixels. */
export function placeLabels(
  wishes: readonly LabelWish[],
  { boxes, segments, bounds }: Obstacles,
  measure: (text: string, bold: boolean) => number,
): PlacedLabel[] {
  const placed: PlacedLabel[] = []
  const lines = [...segments]
  for (const wish of wishes.toSorted((a, b) => b.weight - a.weight)) {
    const label = firstThatFits(
      wish,
      (box, hair) => {
        if (!contains(bounds, box)) return false
        const grown = grow(box, MARGIN)
        if (
          boxes.some((other) => overlap(grown, other)) ||
          lines.some((line) => crosses(line, grown))
        )
          return false
        return placed.every(
          (other) =>
            !overlap(grown, other.box) &&
            (hair === null || !crosses(hair, grow(other.box, MARGIN))),
        )
      },
      measure,
    )
    if (label === null) continue
    placed.push(label)
    if (label.hair !== null) lines.push(label.hair)
  }
  return placed
}

function firstThatFits(
  { id, texts, bold, spots }: LabelWish,
  fits: (box: Box, hair: Segment | null) => boolean,
  measure: (text: string, bold: boolean) => number,
): PlacedLabel | null {
  for (const text of texts) {
    const width = measure(text, bold)
    for (const spot of spots) {
      const box = boxOf(spot, width)
      if (fits(box, spot.hair)) return { ...spot, id, text, bold, box }
    }
  }
  return null
}

function boxOf({ x, y, anchor }: Spot, width: number): Box {
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { x: left, y: y - ASCENT, width, height: ASCENT + DESCENT }
}

function grow({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/**
 * Whether a segment has a point in a box. Clips the segment to the box, one axis after the other
 * (Liang and Barsky).
 */
export function crosses({ x1, y1, x2, y2 }: Segment, { x, y, width, height }: Box): boolean {
  let from = 0
  let to = 1
  for (const [start, way, low, high] of [
    [x1, x2 - x1, x, x + width],
    [y1, y2 - y1, y, y + height],
  ] as const) {
    if (way === 0) {
      if (start < low || start > high) return false
      continue
    }
    const [a, b] = [(low - start) / way, (high - start) / way]
    from = Math.max(from, Math.min(a, b))
    to = Math.min(to, Math.max(a, b))
  }
  return from <= to
}
