// Positions for the words of a link and of a message: beside their wire, on no card and on no other
// words.

import { type Link, type Point, pointAt, type Rect } from './message-path'

/** The largest width of a 12 px character and height of a line, in pixels, approximately. */
const CHARACTER = 6.6
const LINE = 14
/** Pixels between a wire and its words. */
const OFF = 6

export interface StageLabel {
  lines: readonly string[]
  /** The middle of the lines, and the top of the first. */
  x: number
  top: number
  box: Rect
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function labelAt(lines: readonly string[], { x, y }: Point): StageLabel {
  const width = Math.max(...lines.map((line) => line.length)) * CHARACTER
  return { lines, x, top: y, box: { x: x - width / 2, y, width, height: lines.length * LINE } }
}

type Side = 'above' | 'below' | 'right' | 'left'

/** The words on one side of a point of a wire. */
function beside(lines: readonly string[], { x, y }: Point, side: Side): StageLabel {
  const half = (Math.max(...lines.map((line) => line.length)) * CHARACTER) / 2 + 2 * OFF
  const height = lines.length * LINE
  switch (side) {
    case 'above':
      return labelAt(lines, { x, y: y - OFF - height })
    case 'below':
      return labelAt(lines, { x, y: y + OFF })
    case 'right':
      return labelAt(lines, { x: x + half, y: y - height / 2 })
    case 'left':
      return labelAt(lines, { x: x - half, y: y - height / 2 })
  }
}

const isUpright = ({ from, to }: Link): boolean => Math.abs(to.y - from.y) > Math.abs(to.x - from.x)

/**
 * The words of a message at its position on a wire: above or below, or along the wire if there is
 * room. Null if no position is free. `taken`: cards and other words.
 */
export function messageLabel(
  link: Link,
  at: Point,
  text: string,
  taken: readonly Rect[],
): StageLabel | null {
  const upright = isUpright(link)
  const width = text.length * CHARACTER
  const [left, right] = [
    Math.min(link.from.x, link.to.x) + width / 2,
    Math.max(link.from.x, link.to.x) - width / 2,
  ]
  const x = upright
    ? at.x
    : left >= right
      ? (left + right) / 2
      : Math.min(right, Math.max(left, at.x))
  const sides: Side[] = upright
    ? ['right', 'left', 'above', 'below']
    : ['above', 'below', 'right', 'left']
  const labels = sides.map((side) => beside([text], { x, y: at.y }, side))
  return labels.find(({ box }) => !taken.some((other) => overlaps(box, other))) ?? null
}

/**
 * The words of a link, which always appear. They are beside its middle if that is free, in short
 * lines in a narrow gap.
 */
export function linkLabel(
  link: Link,
  lines: readonly string[],
  taken: readonly Rect[],
): StageLabel {
  // The link's own words are below a wire, the words of its messages above.
  const sides: Side[] = isUpright(link)
    ? ['right', 'left', 'below', 'above']
    : ['below', 'above', 'right', 'left']
  const broken = lines.flatMap(wrapped)
  for (const words of [lines, broken])
    for (const share of [0.5, 0.35, 0.65, 0.2, 0.8])
      for (const side of sides) {
        const label = beside(words, pointAt(link, share), side)
        if (!taken.some((other) => overlaps(label.box, other))) return label
      }
  // The gap between two cards of a pile is too small. The words go beside the pile, at the height
  // of the wire.
  const { x, y } = pointAt(link, 0.5)
  for (let out = 0; out <= MOST_OUT; out += 4)
    for (const words of [lines, broken])
      for (const at of [x + out, x - out]) {
        const label = labelAt(words, { x: at, y: y - (words.length * LINE) / 2 })
        if (!taken.some((other) => overlaps(label.box, other))) return label
      }
  return beside(broken, { x, y }, 'below')
}

/** Pixels that the words of a link may move away from its middle. */
const MOST_OUT = 200

/** The number of characters of a line in a gap between two cards. */
const NARROW = 7

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < NARROW)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
