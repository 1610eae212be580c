// Draws the lanes of a window. What moves while a run plays (the playhead, what is ahead of it, what has not been played) lies over this picture and is no
// part of it: the picture is drawn when there are news, not for every frame.

import type { MarkKind, SpanKind, Spans, TapeRow } from '../../../engine/worker/protocol'
import type { Fork } from './forks'
import type { Layout, Placed } from './layout'
import { RULER_HEIGHT } from './layout'
import type { Colours, Pen } from './pen'
import { SANS } from './pen'
import { ticksOf } from './ruler'
import type { Scale, Stretch } from './scale'
import { markOrder, markShapes } from './shapes'

export interface Picture {
  layout: Layout
  scale: Scale
  /** The window that the rows were counted for: the columns of `counts` divide it evenly. */
  counted: Stretch
  /** Where other branches part: shown in the ruler. */
  forks: readonly Fork[]
  /** The tape is in true time: its ruler is even. */
  even: boolean
  colours: Colours
}

/** Of a row's height: where its bar stands. */
const BAR = { top: 6, height: 12 }

export function paintTape(pen: Pen, { layout, scale, counted, forks, even, colours }: Picture): void {
  pen.clearRect(0, 0, scale.width, layout.height)
  pen.font = SANS
  pen.textBaseline = 'middle'
  pen.setLineDash([])
  pen.globalAlpha = 1
  paintRuler(pen, layout, scale, even, colours)
  paintForks(pen, layout, scale, forks, colours)
  for (const placed of layout.rows) {
    pen.fillStyle = colours.hairline
    if (placed.first) pen.fillRect(0, placed.top, scale.width, 1)
    if (placed.row.counts !== null) paintCounts(pen, placed, placed.row.counts, scale, counted, colours)
    if (placed.row.teeth !== null) paintTeeth(pen, placed, placed.row.teeth, scale, even, colours)
    for (const spans of inOrder(placed.row)) paintSpans(pen, placed, spans, scale, colours)
    paintMarks(pen, placed, scale, colours)
  }
}

function paintRuler(pen: Pen, layout: Layout, scale: Scale, even: boolean, colours: Colours): void {
  const ticks = ticksOf(scale, even)
  pen.fillStyle = colours.hairline
  for (const { x } of ticks) pen.fillRect(Math.round(x), RULER_HEIGHT - 5, 1, layout.height)
  pen.fillStyle = colours.muted
  ticks.forEach(({ x, text }, i) => {
    pen.textAlign = x < 20 ? 'left' : i === ticks.length - 1 && x > scale.width - 30 ? 'right' : 'center'
    pen.fillText(text, x, RULER_HEIGHT / 2 - 1)
  })
  pen.textAlign = 'left'
}

/** A stem that parts in two, and a dashed line down through the lanes. */
function paintForks(pen: Pen, layout: Layout, scale: Scale, forks: readonly Fork[], colours: Colours): void {
  if (forks.length === 0) return
  pen.strokeStyle = colours.held
  pen.lineWidth = 1.5
  pen.beginPath()
  for (const { at } of forks) {
    const x = scale.x(at)
    pen.moveTo(x, RULER_HEIGHT)
    pen.lineTo(x, RULER_HEIGHT - 7)
    pen.lineTo(x - 4, RULER_HEIGHT - 13)
    pen.moveTo(x, RULER_HEIGHT - 7)
    pen.lineTo(x + 4, RULER_HEIGHT - 13)
  }
  pen.stroke()
  pen.lineWidth = 1
  pen.setLineDash([2, 3])
  pen.beginPath()
  for (const { at } of forks) {
    pen.moveTo(Math.round(scale.x(at)) + 0.5, RULER_HEIGHT)
    pen.lineTo(Math.round(scale.x(at)) + 0.5, layout.height)
  }
  pen.stroke()
  pen.setLineDash([])
}

const SPAN_ORDER: readonly SpanKind[] = [
  'leads',
  'deposed',
  'plain',
  'leased',
  'live',
  'uncounted',
  'overdue',
  'held',
  'believes',
  'unsure',
  'wrong',
  'broken',
  'cut',
  'paused',
  'crashed',
]

function inOrder(row: TapeRow): Spans[] {
  return [...row.spans].sort((a, b) => SPAN_ORDER.indexOf(a.kind) - SPAN_ORDER.indexOf(b.kind))
}

interface Box {
  x: number
  y: number
  w: number
  h: number
}

/** A span's place in its row, cut to just outside the picture; never narrower than a pixel and a half. */
function boxOf(placed: Placed, kind: SpanKind, from: number, to: number, scale: Scale): Box {
  const x = Math.max(-4, scale.x(from))
  const end = Math.min(scale.width + 4, scale.x(to))
  const { top, height } = kind === 'leads' ? { top: 4, height: 15 } : kind === 'deposed' ? { top: 19, height: 4 } : BAR
  return { x, y: placed.top + top, w: Math.max(1.5, end - x), h: height }
}

function paintSpans(pen: Pen, placed: Placed, { kind, at, texts }: Spans, scale: Scale, colours: Colours): void {
  const boxes: Box[] = []
  for (let i = 0; i < at.length; i += 3) boxes.push(boxOf(placed, kind, at[i] ?? 0, at[i + 1] ?? 0, scale))
  switch (kind) {
    case 'live':
    case 'leased':
      fill(pen, boxes, colours.live)
      break
    case 'plain':
      fill(pen, boxes, colours.sunk)
      outline(pen, boxes, colours.edge)
      break
    case 'uncounted':
      outline(pen, boxes, colours.live, [3, 3])
      break
    case 'overdue':
      fill(pen, boxes, colours.soonTint)
      hatch(pen, boxes, colours.soon, 6)
      outline(pen, boxes, colours.soon)
      break
    case 'leads':
      fill(pen, boxes, colours.sunk)
      outline(pen, boxes, colours.text)
      break
    case 'deposed':
      outline(pen, boxes, colours.text, [3, 2])
      break
    case 'held':
      fill(pen, boxes, colours.held)
      break
    // A belief is thinner than the truth, as it is everywhere on the page.
    case 'believes':
      fill(pen, boxes.map(thin), colours.text)
      break
    case 'unsure':
      outline(pen, boxes.map(thin), colours.text, [2, 2])
      break
    case 'wrong':
      hatch(pen, boxes, colours.fault, 5)
      outline(pen, boxes, colours.fault)
      break
    case 'cut':
    case 'broken':
      hatch(pen, boxes, colours.fault, 8)
      outline(pen, boxes, colours.fault)
      break
    case 'paused':
      outline(pen, boxes, colours.fault, [4, 2])
      break
    case 'crashed':
      fill(pen, boxes, colours.fault)
      break
  }
  paintTexts(pen, placed, kind, boxes, texts, colours)
}

/** A word in every span that has room for it. */
function paintTexts(pen: Pen, placed: Placed, kind: SpanKind, boxes: readonly Box[], texts: readonly string[], colours: Colours): void {
  if (kind === 'deposed' || placed.summary) return
  const words = kind === 'crashed' ? 'down' : kind === 'paused' ? 'frozen' : null
  boxes.forEach((box, i) => {
    const text = texts[i] || words
    if (!text) return
    const x = Math.max(0, box.x) + (kind === 'leads' ? 9 : 5)
    const room = Math.min(box.x + box.w, 1e6) - x - 3
    const wide = text.length * 6.6
    if (room < wide) return
    pen.fillStyle = kind === 'held' || kind === 'crashed' ? colours.card : colours.text
    if (kind === 'cut' || kind === 'broken' || kind === 'paused') {
      pen.fillStyle = colours.card
      pen.fillRect(x - 2, box.y + 1, wide + 4, box.h - 2)
      pen.fillStyle = colours.text
    }
    pen.fillText(text, x, box.y + box.h / 2 + 0.5)
  })
}

function thin({ x, y, w, h }: Box): Box {
  return { x, y: y + h / 2 - 1.5, w, h: 3 }
}

function fill(pen: Pen, boxes: readonly Box[], colour: string): void {
  pen.fillStyle = colour
  pen.beginPath()
  for (const { x, y, w, h } of boxes) pen.rect(x, y, w, h)
  pen.fill()
}

function outline(pen: Pen, boxes: readonly Box[], colour: string, dash: number[] = []): void {
  pen.strokeStyle = colour
  pen.lineWidth = 1
  pen.setLineDash(dash)
  pen.beginPath()
  for (const { x, y, w, h } of boxes) pen.rect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.max(1, Math.round(w) - 1), Math.round(h) - 1)
  pen.stroke()
  pen.setLineDash([])
}

/** Slanted lines, cut at the edges of each box. */
function hatch(pen: Pen, boxes: readonly Box[], colour: string, every: number): void {
  pen.strokeStyle = colour
  pen.lineWidth = 1.5
  pen.beginPath()
  for (const { x, y, w, h } of boxes) {
    // The pattern hangs on the picture and not on the box, so that it does not crawl.
    for (let at = Math.floor(x / every) * every - h; at < x + w; at += every) {
      const left = Math.max(at, x)
      const right = Math.min(at + h, x + w)
      if (right <= left) continue
      pen.moveTo(left, y + h - (left - at))
      pen.lineTo(right, y + h - (right - at))
    }
  }
  pen.stroke()
}

function paintMarks(pen: Pen, placed: Placed, scale: Scale, colours: Colours): void {
  const { row, top } = placed
  const y = top + BAR.top + BAR.height / 2
  for (const kind of markOrder) {
    const marks = row.marks.find((each) => each.kind === kind)
    if (marks === undefined) continue
    // What should not be is never made small.
    const isLoud = kind === 'violation' || kind === 'fault'
    if (placed.summary && !isLoud) paintBand(pen, placed, kind, marks.at, scale, colours)
    else paintShapes(pen, kind, marks.at, y, scale, colours)
  }
}

function paintShapes(pen: Pen, kind: MarkKind, at: Float64Array, y: number, scale: Scale, colours: Colours): void {
  const { strokes, role } = markShapes[kind]
  const colour = colours[role]
  pen.lineWidth = 2
  for (const { points, filled } of strokes) {
    // A rim in the colour of the card sets a mark off from the bar that it stands on.
    pen.beginPath()
    for (let i = 0; i < at.length; i += 3) {
      const x = scale.x(at[i] ?? 0)
      points.forEach(([dx, dy], j) => {
        if (j === 0) pen.moveTo(x + dx, y + dy)
        else pen.lineTo(x + dx, y + dy)
      })
    }
    pen.strokeStyle = colours.card
    pen.lineWidth = filled ? 3 : 4
    pen.stroke()
    if (filled) {
      pen.fillStyle = colour
      pen.fill()
    } else {
      pen.strokeStyle = colour
      pen.lineWidth = 2
      pen.stroke()
    }
  }
}

/** In a summary the kinds stand one below the other, so that none hides another: how high, in thirds of the row. */
const BANDS: Partial<Record<MarkKind, number>> = {
  expired: 0,
  deleted: 0,
  revoked: 1,
  granted: 2,
  created: 2,
}

function paintBand(pen: Pen, placed: Placed, kind: MarkKind, at: Float64Array, scale: Scale, colours: Colours): void {
  const band = BANDS[kind]
  if (band === undefined) return
  const third = (placed.height - 6) / 3
  const y = placed.top + 3 + band * third
  pen.fillStyle = colours[markShapes[kind].role]
  pen.beginPath()
  for (let i = 0; i < at.length; i += 3) {
    const x = scale.x(at[i] ?? 0)
    // Squares for what ran out, slim uprights for what was cut off, low dashes for what began.
    if (band === 0) pen.rect(x - 2, y, 4, 4)
    else if (band === 1) pen.rect(x - 0.75, y, 1.5, third)
    else pen.rect(x - 1, y + third - 2, 2, 2)
  }
  pen.fill()
}

/** How many there were, column by column, as high as the most there were in this window. */
function paintCounts(pen: Pen, placed: Placed, counts: Uint32Array, scale: Scale, counted: Stretch, colours: Colours): void {
  const base = placed.top + placed.height - 1
  const columns = columnsOf(counts, scale, counted, placed.height - 4)
  pen.fillStyle = colours.liveTint
  pen.beginPath()
  for (const { x, w, h } of columns) if (h > 0) pen.rect(x, base - h, w + 0.3, h)
  pen.fill()
  pen.strokeStyle = colours.live
  pen.lineWidth = 1.5
  pen.beginPath()
  columns.forEach(({ x, w, h }, i) => {
    if (i === 0) pen.moveTo(x, base - h)
    else pen.lineTo(x, base - h)
    pen.lineTo(x + w, base - h)
  })
  pen.stroke()
}

/** The columns of a count as pixels, the highest as high as `height`. */
function columnsOf(counts: Uint32Array, scale: Scale, { from, to }: Stretch, height: number): { x: number; w: number; h: number }[] {
  const most = counts.reduce((a, b) => Math.max(a, b), 1)
  const w = (scale.xOfPlace(to) - scale.xOfPlace(from)) / counts.length
  const left = scale.xOfPlace(from)
  // What was counted last goes on: the picture is covered from where the run has not been played.
  const rest = Math.max(w, scale.width - left - (counts.length - 1) * w)
  return Array.from(counts, (count, i) => ({ x: left + i * w, w: i === counts.length - 1 ? rest : w, h: (count / most) * height }))
}

/** What remains, falling with time and set up again: the highest tooth is as high as its row. */
function paintTeeth(pen: Pen, placed: Placed, teeth: Float64Array, scale: Scale, even: boolean, colours: Colours): void {
  const top = placed.top + BAR.top + BAR.height + 8
  const base = placed.top + placed.height - 3
  const most = mostOf(teeth)
  const y = (left: number): number => base - (left / most) * (base - top)
  pen.fillStyle = colours.hairline
  pen.fillRect(0, base, scale.width, 1)
  // `closed` for the area below, which stands on the ground; the line itself only falls and is set up again.
  const trace = (closed: boolean): void => {
    let before = Number.NaN
    for (let i = 0; i < teeth.length; i += 3) {
      const [from = 0, to = 0, deadline = 0] = [teeth[i], teeth[i + 1], teeth[i + 2]]
      const begin = scale.x(from)
      const end = scale.x(to)
      if (closed || from !== before) pen.moveTo(begin, base)
      before = to
      pen.lineTo(begin, y(deadline - from))
      // A bent axis bends the line too: it is drawn a few pixels at a time there, within the picture.
      const last = Math.min(scale.width, end)
      if (!even) for (let x = Math.max(0, Math.ceil(begin)) + BEND; x < last; x += BEND) pen.lineTo(x, y(deadline - scale.at(x)))
      pen.lineTo(end, y(deadline - to))
      if (closed) pen.lineTo(end, base)
    }
  }
  pen.fillStyle = colours.liveTint
  pen.beginPath()
  trace(true)
  pen.fill()
  pen.strokeStyle = colours.live
  pen.lineWidth = 1.5
  pen.beginPath()
  trace(false)
  pen.stroke()
}

/** Pixels of a straight piece of a bent line. */
const BEND = 8

/** Virtual ms: the most that remained at any moment. */
export function mostOf(teeth: Float64Array): number {
  let most = 1
  for (let i = 0; i < teeth.length; i += 3) most = Math.max(most, (teeth[i + 2] ?? 0) - (teeth[i] ?? 0))
  return most
}

/** The overview: every lane in a thin line, enough to see where something happened. */
export function paintOverview(pen: Pen, { layout, scale, counted, colours }: Picture, height: number): void {
  pen.clearRect(0, 0, scale.width, height)
  pen.setLineDash([])
  const lanes = layout.lanes
  const each = Math.min(8, height / Math.max(1, lanes.length))
  const top = (height - each * lanes.length) / 2
  lanes.forEach((lane, i) => {
    const row = lane.summary ?? lane.rows[0]
    if (row === undefined) return
    const y = top + i * each
    for (const spans of row.spans) {
      const colour = overviewColour(spans.kind, colours)
      pen.fillStyle = colour
      pen.beginPath()
      for (let j = 0; j < spans.at.length; j += 3) {
        const x = Math.max(0, scale.x(spans.at[j] ?? 0))
        const end = Math.min(scale.width, scale.x(spans.at[j + 1] ?? 0))
        if (end >= 0 && x <= scale.width) pen.rect(x, y + each * 0.2, Math.max(1, end - x), Math.max(1, each * 0.6))
      }
      pen.fill()
    }
    if (row.counts !== null) {
      pen.fillStyle = colours.live
      pen.beginPath()
      for (const { x, w, h } of columnsOf(row.counts, scale, counted, each - 1)) if (h > 0) pen.rect(x, y + each - h, w + 0.3, h)
      pen.fill()
    }
    for (const { kind, at } of row.marks) {
      if (!OVERVIEW_MARKS.has(kind)) continue
      pen.fillStyle = colours[markShapes[kind].role]
      pen.beginPath()
      for (let j = 0; j < at.length; j += 3) pen.rect(scale.x(at[j] ?? 0) - 1, y, 2, each)
      pen.fill()
    }
  })
}

const OVERVIEW_MARKS: ReadonlySet<MarkKind> = new Set<MarkKind>(['expired', 'revoked', 'fault', 'violation'])

function overviewColour(kind: SpanKind, colours: Colours): string {
  switch (kind) {
    case 'leads':
      return colours.edge
    case 'held':
      return colours.held
    case 'wrong':
    case 'crashed':
    case 'paused':
    case 'cut':
    case 'broken':
      return colours.fault
    case 'overdue':
      return colours.soon
    case 'live':
    case 'leased':
      return colours.live
    default:
      return colours.gone
  }
}
