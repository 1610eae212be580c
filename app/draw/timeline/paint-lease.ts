// A lease's row. Left of *now*: the saw-tooth of its remaining time, and the beliefs of its clients
// on the same axes. Right of *now*: the remaining time.

import type { TapeBelief, TapeRow } from '../../../engine/worker/protocol'
import { axesOf, type LeaseAxes } from './lease-axes'
import { paintFuture } from './lease-future'
import { nameMarks, paintMarks } from './lease-marks'
import { hatchLines, redHatch, strokeLine } from './pen'
import type { Sheet } from './sheet'

export function paintLease(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { lease } = row
  if (lease === null) return
  const { pen, colours, scale, now, labels } = sheet
  const axes = axesOf(row, y, height)
  const { top, base, tall, thin } = axes
  const edge = Math.min(scale.x(now), scale.right)

  if (!thin) strokeLine(pen, colours.line2, 1, scale.left, base + 0.5, scale.right, base + 0.5)
  if (tall) {
    strokeLine(pen, colours.line2, 1, scale.left, top + 0.5, scale.right, top + 0.5, [1, 4])
    labels.blockLine({ x1: scale.left, y1: base, x2: edge, y2: base })
    if (scale.left > 100) {
      pen.font = sheet.fonts.label
      pen.fillStyle = colours.muted
      pen.textAlign = 'right'
      pen.textBaseline = 'middle'
      pen.fillText(`${lease.ttlSeconds} s`, scale.left - 10, top + 0.5)
      pen.fillText('0', scale.left - 10, base + 0.5)
      pen.textAlign = 'left'
    }
  }
  pen.save()
  pen.beginPath()
  pen.rect(scale.left - 1, y, edge - scale.left + 1, height)
  pen.clip()
  paintUncounted(sheet, axes)
  paintTeeth(sheet, axes)
  if (height >= WITH_BELIEF)
    for (const belief of lease.beliefs.slice(0, 2)) paintBelief(sheet, axes, belief)
  pen.restore()
  paintMarks(sheet, axes)
  for (const belief of lease.beliefs) paintWrong(sheet, axes, belief)
  paintFuture(sheet, axes)
  if (tall) nameMarks(sheet, axes)
}

/** From this height on, a row shows the beliefs of clients. */
const WITH_BELIEF = 44

/** The length in pixels of a straight piece on a bent axis. */
const BEND = 8

/**
 * The stretches of counting up to the cursor, as (from, to, remaining at from, remaining at to). On
 * a bent axis they are short pieces.
 */
function stretches(
  { scale, now, even }: Sheet,
  teeth: Float64Array,
): [from: number, to: number, first: number, last: number][] {
  const found: [number, number, number, number][] = []
  for (let i = 0; i < teeth.length; i += 3) {
    const [from = 0, to = 0, deadline = 0] = [teeth[i], teeth[i + 1], teeth[i + 2]]
    if (from > now) break
    const end = Math.min(to, now)
    if (scale.x(end) < scale.left) continue
    let before = from
    const add = (at: number): void => {
      found.push([before, at, deadline - before, deadline - at])
      before = at
    }
    if (!even)
      for (
        let x = Math.max(scale.left, scale.x(from)) + BEND;
        x < Math.min(scale.right, scale.x(end));
        x += BEND
      )
        add(scale.at(x))
    add(end)
  }
  return found
}

function paintTeeth(sheet: Sheet, { row, base, y, tall }: LeaseAxes): void {
  const { pen, colours, scale, labels } = sheet
  const all = stretches(sheet, row.lease?.teeth ?? new Float64Array())
  pen.fillStyle = colours['live-tint']
  pen.beginPath()
  for (const [from, to, first, last] of all) {
    const [a, b] = [scale.x(from), scale.x(to)]
    pen.moveTo(a, base)
    pen.lineTo(a, y(first))
    pen.lineTo(b, y(last))
    pen.lineTo(b, base)
  }
  pen.fill()
  pen.strokeStyle = colours.live
  pen.lineWidth = 2
  pen.lineJoin = 'round'
  pen.beginPath()
  let before = Number.NaN
  for (const [from, to, first, last] of all) {
    const [a, b] = [scale.x(from), scale.x(to)]
    // The line rises from the base where the lease begins. After a stretch without a primary it
    // starts at its own height.
    if (from !== before) pen.moveTo(a, from === row.from ? base : y(first))
    pen.lineTo(a, y(first))
    pen.lineTo(b, y(last))
    before = to
    if (!tall) continue
    labels.blockLine({ x1: a, y1: y(first) - 3, x2: b, y2: y(last) - 3 })
    labels.blockLine({ x1: a, y1: y(first), x2: b, y2: y(last) })
  }
  pen.stroke()
}

/** No primary: the remaining time is hatched. */
function paintUncounted({ pen, colours, scale, now }: Sheet, { row, base, y }: LeaseAxes): void {
  const { spans, lease } = row
  const teeth = lease?.teeth ?? new Float64Array()
  for (const { kind, at } of spans) {
    if (kind !== 'uncounted') continue
    for (let i = 0; i < at.length; i += 3) {
      const [from = 0, end = 0] = [at[i], at[i + 1]]
      if (from >= now) break
      const to = Math.min(end, now)
      const deadline = deadlineBefore(teeth, from) ?? from + (lease?.ttlSeconds ?? 0) * 1000
      const [a, b] = [scale.x(from), scale.x(to)]
      const [high, low] = [y(Math.max(0, deadline - from)), y(Math.max(0, deadline - to))]
      pen.save()
      pen.beginPath()
      pen.moveTo(a, base)
      pen.lineTo(a, high)
      if (deadline > from && deadline < to) pen.lineTo(scale.x(deadline), base)
      pen.lineTo(b, low)
      pen.lineTo(b, base)
      pen.closePath()
      pen.clip()
      hatchLines(pen, { x: a, y: high, w: b - a, h: base - high }, colours.edge, 7, 1.2)
      pen.restore()
      strokeLine(pen, colours.edge, 1, a, high, a, base)
    }
  }
}

function deadlineBefore(teeth: Float64Array, at: number): number | null {
  let deadline: number | null = null
  for (let i = 0; i < teeth.length && (teeth[i] ?? 0) < at; i += 3) deadline = teeth[i + 2] ?? null
  return deadline
}

function paintBelief(sheet: Sheet, { base, y }: LeaseAxes, belief: TapeBelief): void {
  const { pen, colours, scale } = sheet
  pen.strokeStyle = colours.ink
  pen.lineWidth = 1.25
  pen.lineJoin = 'round'
  pen.beginPath()
  stretches(sheet, belief.teeth).forEach(([from, to, first, last], i) => {
    const height = (left: number): number => Math.min(base, y(Math.max(0, left))) - 3
    if (i === 0) pen.moveTo(scale.x(from), height(first))
    else pen.lineTo(scale.x(from), height(first))
    // The line bends where the lease ends by the client's own clock.
    if (first > 0 && last < 0) pen.lineTo(scale.x(from + first), height(0))
    pen.lineTo(scale.x(to), height(last))
  })
  pen.stroke()
}

function paintWrong(
  sheet: Sheet,
  { row, base, tall }: LeaseAxes,
  { client, wrong }: TapeBelief,
): void {
  const { pen, colours, scale, now, labels } = sheet
  for (let i = 0; i < wrong.length; i += 2) {
    const [from = 0, end = 0] = [wrong[i], wrong[i + 1]]
    if (from >= now) break
    const [a, b] = [
      Math.max(scale.left, scale.x(from) + (tall ? 4 : 0)),
      Math.min(scale.right, scale.x(Math.min(end, now))),
    ]
    if (b <= a) continue
    const box = { x: a, y: base - 8.5, w: b - a, h: 8 }
    redHatch(pen, box, colours)
    labels.block(box)
    if (!tall) continue
    const text = sheet.insideWithout(client, from, end)
      ? `${client} is still inside`
      : `${client} still believes ${row.label}`
    labels.place({
      text,
      font: 'label',
      colour: 'fault',
      ground: 'past',
      at: [{ x: a + 4, y: base - 19 }],
    })
  }
}
