// The lines of a lock: the holder according to the store, the clients inside, and the times with
// two clients inside.

import type { TapeRow } from '../../../engine/worker/protocol'
import { barsOf, edges } from './bars'
import { Labels, paintLabels } from './labels'
import { RULER_HEIGHT } from './layout'
import { fillBox, redHatch } from './pen'
import type { Placed } from './placed'
import type { Sheet } from './sheet'

/** Extra space above the first line of a lock and below the last. */
export function paintLock(
  sheet: Sheet,
  lines: readonly Placed[],
  line: Placed,
  y: number,
  width: number,
): void {
  const { row } = line
  if (row === null) return
  const group = lines.filter(
    (other) =>
      other.side === line.side && other.row?.group != null && other.row.group === row.group,
  )
  const first = group[0]
  const last = group.at(-1)
  const sub = Math.min(...group.map(({ height }) => height), line.height)
  const pad = line.height - sub
  const inner = line === first && line !== last ? y + pad : y
  if (line === first && last !== undefined) {
    const bottom = last.y + RULER_HEIGHT + last.height
    const inside = group.find(({ kind }) => kind === 'inside')
    const wide = new Labels(sheet.measure, sheet.fonts, { x: 4, y, w: width - 8, h: bottom - y })
    paintTwo({ ...sheet, labels: wide }, row, y, bottom, (inside?.y ?? line.y) + RULER_HEIGHT)
    sheet.later(() => paintLabels(sheet.pen, wide.placed, sheet.colours, sheet.fonts))
  }
  const height = group.length === 1 ? line.height : sub
  if (line.kind === 'store') paintStore(sheet, row, inner, height)
  else paintInside(sheet, row, inner, height)
}

function paintStore(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { pen, colours, labels, now } = sheet
  const middle = y + height / 2
  const h = Math.min(16, height - 4)
  for (const bar of barsOf(row, 'held', now)) {
    const at = edges(sheet, bar)
    if (at === null) continue
    fillBox(
      pen,
      colours.lock,
      { x: at.a, y: middle - h / 2, w: Math.max(1, at.b - at.a - 1), h },
      2,
    )
    if (sheet.measure(bar.text, sheet.fonts.strong) < at.b - at.a - 14)
      labels.place({
        text: bar.text,
        font: 'strong',
        colour: 'bg',
        ground: null,
        at: [{ x: at.a + 8, y: middle }],
      })
  }
}

function paintInside(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { pen, colours, now } = sheet
  const middle = y + height / 2
  const h = Math.min(13, height - 6)
  for (const bar of barsOf(row, 'inside', now)) {
    const at = edges(sheet, bar)
    if (at !== null) fillBox(pen, colours.ink, { x: at.a, y: middle - h / 2, w: at.b - at.a, h }, 1)
  }
  for (const bar of barsOf(row, 'lost', now)) {
    const at = edges(sheet, bar)
    if (at !== null)
      redHatch(pen, { x: at.a, y: middle - h / 2 + 0.5, w: at.b - at.a, h: h - 1 }, colours)
  }
}

/**
 * Times with two clients inside: a red background under the lines of the lock, and a bracket.
 * `from` and `to` are the edges of the group, `inside` is the first line of clients inside.
 */
function paintTwo(sheet: Sheet, row: TapeRow, from: number, to: number, inside: number): void {
  const { pen, colours, scale, now, labels } = sheet
  for (const bar of barsOf(row, 'two', now)) {
    const at = edges(sheet, bar)
    if (at === null) continue
    fillBox(pen, colours['fault-tint'], { x: at.a, y: from, w: at.b - at.a, h: to - from })
    if (bar.to <= now || scale.x(now) > scale.right - 20) continue
    sheet.later(() => {
      const x = at.b + 7
      pen.strokeStyle = colours.fault
      pen.lineWidth = 1.5
      pen.beginPath()
      pen.moveTo(x, inside + 6)
      pen.lineTo(x + 6, inside + 6)
      pen.lineTo(x + 6, to - 12)
      pen.lineTo(x, to - 12)
      pen.stroke()
      const text = `two inside for ${(Math.floor((now - bar.from) / 100) / 10).toFixed(1)} s`
      labels.place({
        text,
        font: 'number',
        colour: 'fault',
        ground: 'bg',
        at: [{ x: x + 14, y: (inside + to - 6) / 2 }],
      })
    })
  }
}
