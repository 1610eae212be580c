// Paints the timeline: the backgrounds of past and future, the axis, every row in view, *now*, and
// the numbers of the answer to "why?".

import type { Tape, TapeAxis } from '../../../engine/worker/protocol'
import { bentTicks, paintTicks, type Tick, ticksOf } from './axis'
import { barsOf } from './bars'
import type { Link } from './chain'
import { Labels, paintLabels } from './labels'
import { RULER_HEIGHT } from './layout'
import {
  type KeyDeadline,
  paintFaults,
  paintHeartbeat,
  paintKey,
  paintLeader,
  paintTerminal,
} from './paint-bars'
import { paintLease } from './paint-lease'
import { paintLoad, paintRates } from './paint-load'
import { paintLock } from './paint-locks'
import type { Colours, Fonts, Measure, Pen } from './pen'
import { fillBox, strokeLine } from './pen'
import type { Placed } from './placed'
import type { Scale, Stretch } from './scale'
import { timeOf } from './scale'
import type { Sheet } from './sheet'

export interface Picture {
  width: number
  height: number
  scale: Scale
  /** The axis of the scale. */
  axis: TapeAxis
  even: boolean
  now: number
  lines: readonly Placed[]
  pinned: number
  here: Tape
  there: Tape | null
  /** During a comparison: the time when the branches diverge, and the lines that differ since. */
  parts: { at: number; differ: ReadonlySet<string> } | null
  /** The line under the pointer, or with the focus. */
  hovered: string | null
  forks: readonly number[]
  links: readonly Link[]
  /** The reader's answer and the true one, as times; null without an answer. */
  flags: { answer: number | null; truth: number | null }
  /** How far the run has been played. */
  end: number
  keyDeadline: KeyDeadline
}

export function paintTimeline(
  pen: Pen,
  picture: Picture,
  colours: Colours,
  fonts: Fonts,
  measure: Measure,
): void {
  const { width, height, scale, now } = picture
  const edge = edgeOf(picture)
  fillBox(pen, colours.bg, { x: 0, y: 0, w: width, h: height })
  fillBox(pen, colours.past, { x: 0, y: 0, w: edge, h: height })
  const ticks = picture.even ? ticksOf(scale, now) : bentTicks(scale, now)
  const grid = [...ticks.past, ...ticks.future]
  paintGrid(pen, grid, RULER_HEIGHT, height, colours)
  paintAxis(pen, picture, grid, colours, fonts, measure)
  pen.save()
  pen.beginPath()
  pen.rect(0, RULER_HEIGHT + picture.pinned, width, height)
  pen.clip()
  for (const line of picture.lines)
    if (!line.over) paintLine(pen, picture, line, colours, fonts, measure)
  pen.restore()
  for (const line of picture.lines) {
    if (!line.over) continue
    const top = line.y + RULER_HEIGHT
    fillBox(pen, colours.bg, { x: edge, y: top, w: width - edge, h: line.height })
    fillBox(pen, colours.past, { x: 0, y: top, w: edge, h: line.height })
    paintGrid(pen, grid, top, top + line.height, colours)
    paintLine(pen, picture, line, colours, fonts, measure)
  }
  paintNow(pen, picture, colours)
  paintChain(pen, picture.links, colours, fonts)
}

/** The right edge of the past's background. The headers always have this background. */
function edgeOf({ scale, now, width }: Picture): number {
  return Math.max(scale.left, Math.min(width, scale.x(now)))
}

function paintGrid(
  pen: Pen,
  ticks: readonly Tick[],
  from: number,
  to: number,
  colours: Colours,
): void {
  for (const { x } of ticks)
    strokeLine(pen, colours.line, 1, Math.round(x) + 0.5, from, Math.round(x) + 0.5, to)
}

function paintAxis(
  pen: Pen,
  picture: Picture,
  ticks: readonly Tick[],
  colours: Colours,
  fonts: Fonts,
  measure: Measure,
): void {
  const { scale, now, width, flags, parts, forks, end } = picture
  strokeLine(pen, colours.line, 1, 0, RULER_HEIGHT - 0.5, width, RULER_HEIGHT - 0.5)
  const pill = scale.x(now)
  const taken = [
    { from: pill - 22, to: pill + 22 },
    { from: width - 48, to: width + 99 },
  ]
  for (const at of [flags.answer, flags.truth])
    if (at !== null) taken.push({ from: scale.x(at) - 46, to: scale.x(at) + 46 })
  for (const link of picture.links)
    if (link.y < RULER_HEIGHT) taken.push({ from: link.x - 10, to: link.x + 10 })
  if (parts !== null) taken.push({ from: scale.x(parts.at) - 54, to: scale.x(parts.at) + 54 })
  paintTicks(pen, ticks, RULER_HEIGHT, taken, colours, fonts, measure)
  for (const at of forks) {
    const x = scale.x(at)
    if (x > scale.left && x < scale.right)
      strokeLine(pen, colours.lock, 1.5, x, RULER_HEIGHT - 6, x, RULER_HEIGHT)
  }
  // How far the run has been played: a thin line. The events beyond the cursor are not drawn.
  if (end > now)
    strokeLine(
      pen,
      colours.edge,
      2,
      Math.min(scale.right, pill),
      RULER_HEIGHT - 1,
      Math.min(scale.right, scale.x(end)),
      RULER_HEIGHT - 1,
    )
}

function paintLine(
  pen: Pen,
  picture: Picture,
  line: Placed,
  colours: Colours,
  fonts: Fonts,
  measure: Measure,
): void {
  const { scale, now, width, parts } = picture
  const y = line.y + RULER_HEIGHT
  const h = line.height
  const edge = edgeOf(picture)
  if (picture.hovered === line.id) fillBox(pen, colours.surface, { x: 0, y, w: width, h })
  if (parts?.differ.has(line.id) === true) {
    const from = Math.max(scale.left, scale.x(parts.at))
    if (edge > from) fillBox(pen, colours.diff, { x: from, y: y + 1, w: edge - from, h: h - 1 })
  }
  const waiting: (() => void)[] = []
  const labels = new Labels(measure, fonts, { x: 4, y, w: width - 8, h }, scale.x(now) - 3)
  labels.block({ x: 0, y, w: scale.left - 2, h })
  for (const link of picture.links) labels.block({ x: link.x - 9, y: link.y - 9, w: 18, h: 18 })
  // Text never overlaps a line that marks a time.
  for (const at of [picture.flags.answer, picture.flags.truth, parts?.at ?? null])
    if (at !== null) labels.blockLine({ x1: scale.x(at), y1: y, x2: scale.x(at), y2: y + h })
  const tape = line.side === 'there' && picture.there !== null ? picture.there : picture.here
  const later = (what: () => void) => void waiting.push(what)
  const insideWithout = (client: string, from: number, to: number) =>
    isInsideWithout(tape, client, from, Math.min(to, now))
  const sheet: Sheet = {
    pen,
    scale,
    even: picture.even,
    now,
    colours,
    fonts,
    measure,
    labels,
    later,
    insideWithout,
  }
  const { row } = line
  if (row !== null) {
    if (line.kind === 'leader') paintLeader(sheet, row, y, h)
    else if (line.kind === 'lease' || line.kind === 'thin') paintLease(sheet, row, y, h)
    else if (line.kind === 'key') paintKey(sheet, row, y, h, picture.keyDeadline)
    else if (line.kind === 'store' || line.kind === 'inside')
      paintLock(sheet, picture.lines, line, y, width)
    else if (line.kind === 'heartbeat') paintHeartbeat(sheet, row, y, h)
    else if (line.kind === 'terminal') paintTerminal(sheet, row, y, h)
    else if (line.kind === 'faults' || line.kind === 'rules') paintFaults(sheet, row, y, h)
  } else if (tape.load !== null) {
    const window: Stretch = { from: timeOf(tape.axis, tape.from), to: timeOf(tape.axis, tape.to) }
    if (line.kind === 'load') paintLoad(sheet, tape.load, window, tape.live, y, h)
    else if (line.kind === 'rates') paintRates(sheet, tape.load, y, h)
  }
  for (const what of waiting) what()
  paintLabels(pen, labels.placed, colours, fonts)
  if (endsGroup(picture.lines, line))
    strokeLine(pen, colours.line, 1, 0, y + h - 0.5, width, y + h - 0.5)
}

function isInsideWithout(tape: Tape, client: string, from: number, to: number): boolean {
  const rows = tape.lanes.find(({ lane }) => lane === 'locks')?.rows ?? []
  return rows.some(
    (row) =>
      row.id === `${row.group} ${client}` &&
      barsOf(row, 'lost', to).some((bar) => bar.from < to && bar.to > from),
  )
}

function endsGroup(lines: readonly Placed[], line: Placed): boolean {
  // During a comparison a single line separates the two sides.
  if (lines.some(({ side }) => side === 'there'))
    return lines.findLast(({ side }) => side === 'here') === line
  if (line.kind === 'thin') return false
  if (line.kind !== 'store' && line.kind !== 'inside') return true
  const group = lines.filter(
    (other) =>
      other.side === line.side && other.row?.group === line.row?.group && other.row?.group != null,
  )
  return group.at(-1) === line
}

function paintNow(pen: Pen, { scale, now, height, parts, flags }: Picture, colours: Colours): void {
  const line = (at: number, dash: number[]): void => {
    const x = scale.x(at)
    if (x >= scale.left - 1 && x <= scale.right + 20)
      strokeLine(pen, colours.ink, 1.5, x, RULER_HEIGHT - 4, x, height, dash)
  }
  if (parts !== null) line(parts.at, [5, 3])
  if (flags.answer !== null) line(flags.answer, [4, 3])
  if (flags.truth !== null) line(flags.truth, [1, 3])
  line(now, [])
}

function paintChain(pen: Pen, links: readonly Link[], colours: Colours, fonts: Fonts): void {
  for (const { number, x, y } of links.toReversed()) {
    const isAsked = number === 1
    pen.fillStyle = isAsked ? colours.ink : colours.bg
    pen.strokeStyle = isAsked ? colours.bg : colours.edge
    pen.lineWidth = 1
    pen.beginPath()
    pen.arc(x, y, 9, 0, 2 * Math.PI)
    pen.fill()
    pen.stroke()
    pen.font = fonts.label
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillStyle = isAsked ? colours['on-ink'] : colours.ink
    pen.fillText(String(number), x, y + 0.5)
  }
  pen.textAlign = 'left'
}
