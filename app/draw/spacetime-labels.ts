// Where the words of the space-time diagram stand: never on a line, an arrow, the edge of a bar or
// another word. What finds no place is left out; hover and focus tell it. Numbers only: nothing
// here knows what a label says.

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
 * A place that a label may take. `hair`: a line from there to its mark, drawn where the label is
 * not right beside it.
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
  /** The higher, the sooner it is placed; among equals the earlier wish. */
  weight: number
  /** The first that fits is taken. */
  texts: readonly string[]
  bold: boolean
  /** The best first. */
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
  /** Labels stay inside. */
  bounds: Box
}

/** Pixels between a label and everything else. */
const MARGIN = 3
/** Of a line of 12 px around its baseline. */
const ASCENT = 10
const DESCENT = 3

/** Greedy, by weight. `measure` is a text's width in pixels. */
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
 * Whether a segment has a point in a box: what is left of it between the box's edges, one axis
 * after the other (Liang and Barsky).
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
