// Positions for labels: no text overlaps a line, a mark or another text. A label without a free
// position is left out; hover names everything.

import { visibleLine } from '../../../engine/text/visible'
import type { Box, Colours, Fonts, Measure, Pen } from './pen'

export interface Segment {
  x1: number
  y1: number
  x2: number
  y2: number
}

export interface Wish {
  text: string
  font: keyof Fonts
  colour: keyof Colours
  /** Positions in order of preference: the left end and the middle of the text's height. */
  at: readonly { x: number; y: number; end?: boolean; ground?: keyof Colours }[]
  /** The background of the text, for its halo. Null: none, because the text is in a bar. */
  ground: keyof Colours | null
}

export interface Label {
  text: string
  font: keyof Fonts
  colour: keyof Colours
  ground: keyof Colours | null
  x: number
  /** The middle of its height. */
  y: number
}

const HEIGHT = 14
/** Pixels between a label and everything else. */
const AIR = 3

export class Labels {
  readonly #measure: Measure
  readonly #fonts: Fonts
  readonly #bounds: Box
  readonly #now: number
  #boxes: Box[] = []
  #segments: Segment[] = []
  readonly placed: Label[] = []

  /** `bounds`: no label leaves this area. `now`: no label of the past goes right of it. */
  constructor(measure: Measure, fonts: Fonts, bounds: Box, now = Number.POSITIVE_INFINITY) {
    this.#now = now
    this.#measure = measure
    this.#fonts = fonts
    this.#bounds = bounds
  }

  /** No label may overlap this area. */
  block(box: Box): void {
    this.#boxes.push(box)
  }

  blockLine(segment: Segment): void {
    this.#segments.push(segment)
  }

  /** Whether a label found a position. */
  place(wish: Wish): boolean {
    // A canvas cannot isolate a text, so the text must not reorder its neighbours.
    const text = visibleLine(wish.text)
    const width = this.#measure(text, this.#fonts[wish.font])
    for (const { x, y, end, ground } of wish.at) {
      const left = end === true ? x - width : x
      const box = { x: left, y: y - HEIGHT / 2, w: width, h: HEIGHT }
      if (((ground ?? wish.ground) === 'past' && left + width > this.#now) || !this.#isFree(box))
        continue
      this.#boxes.push(box)
      this.placed.push({
        text,
        font: wish.font,
        colour: wish.colour,
        ground: ground ?? wish.ground,
        x: left,
        y,
      })
      return true
    }
    return false
  }

  #isFree(box: Box): boolean {
    const { x, y, w, h } = this.#bounds
    if (box.x < x || box.y < y || box.x + box.w > x + w || box.y + box.h > y + h) return false
    const aired = { x: box.x - AIR, y: box.y - 1, w: box.w + 2 * AIR, h: box.h + 2 }
    return (
      this.#boxes.every((other) => !overlap(aired, other)) &&
      this.#segments.every((segment) => !crosses(aired, segment))
    )
  }
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

/** Whether a segment touches a box (Liang and Barsky's clipping). */
export function crosses({ x, y, w, h }: Box, { x1, y1, x2, y2 }: Segment): boolean {
  let from = 0
  let to = 1
  const edges: [number, number][] = [
    [x1 - x2, x1 - x],
    [x2 - x1, x + w - x1],
    [y1 - y2, y1 - y],
    [y2 - y1, y + h - y1],
  ]
  for (const [p, q] of edges) {
    if (p === 0) {
      if (q < 0) return false
    } else if (p < 0) from = Math.max(from, q / p)
    else to = Math.min(to, q / p)
    if (from > to) return false
  }
  return true
}

/** Paints labels with a halo in the colour of their background. */
export function paintLabels(
  pen: Pen,
  labels: readonly Label[],
  colours: Colours,
  fonts: Fonts,
): void {
  pen.textBaseline = 'middle'
  pen.textAlign = 'left'
  pen.lineJoin = 'round'
  for (const { text, font, colour, ground, x, y } of labels) {
    pen.font = fonts[font]
    if (ground !== null) {
      pen.strokeStyle = colours[ground]
      pen.lineWidth = 4
      pen.strokeText(text, x, y + 0.5)
    }
    pen.fillStyle = colours[colour]
    pen.fillText(text, x, y + 0.5)
  }
}
