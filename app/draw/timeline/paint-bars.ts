// Rows of bars and dots: leaders, keys, heartbeats, terminals, faults.

import type { TapeRow } from '../../../engine/worker/protocol'
import { type Bar, barsOf, edges } from './bars'
import type { Wish } from './labels'
import { dot, faultSign, fillBox, hatch, strokeLine } from './pen'
import type { Sheet } from './sheet'

export function paintLeader(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { pen, colours, labels, scale, now } = sheet
  const h = Math.min(16, height - 6)
  const levels = new Map<string, number>()
  const all = (['leads', 'cut-off', 'deposed'] as const).flatMap((kind) =>
    barsOf(row, kind, now).map((bar) => ({ ...bar, kind })),
  )
  all.sort((a, b) => a.from - b.from)
  for (const { text, from } of all) {
    if (levels.has(text)) continue
    // If a leader begins while another member still believes it leads, the new bar is below the old
    // one.
    const above = all.some(
      (other) =>
        other.text !== text &&
        other.from <= from &&
        other.to > from &&
        levels.get(other.text) === 0,
    )
    levels.set(text, above ? 1 : 0)
  }
  const two = [...levels.values()].includes(1) && height >= 46
  const topOf = (text: string): number =>
    y + (two ? (height - 2 * h - 6) / 2 + (levels.get(text) ?? 0) * (h + 6) : (height - h) / 2)
  for (const text of levels.keys()) {
    const parts = all.filter((bar) => bar.text === text)
    const whole = edges(sheet, { from: parts[0]?.from ?? 0, to: parts.at(-1)?.to ?? 0 })
    if (whole === null) continue
    const box = { x: whole.a, y: topOf(text) + 0.5, w: whole.b - whole.a, h: h - 1 }
    fillBox(pen, colours.surface, box, 3)
    for (const part of parts) {
      const at = part.kind === 'leads' ? null : edges(sheet, part)
      if (at !== null) hatch(pen, { ...box, x: at.a, w: at.b - at.a }, colours.edge, 7, 1.2)
    }
    pen.strokeStyle = colours.edge
    pen.lineWidth = 1
    pen.beginPath()
    pen.roundRect(box.x + 0.5, box.y, Math.max(1, box.w - 1), box.h, Math.min(3, box.w / 2))
    pen.stroke()
    sheet.later(() => {
      const middle = box.y + box.h / 2
      const hatched = parts.find(({ kind }) => kind !== 'leads')
      const room =
        (hatched === undefined ? whole.b : Math.max(whole.a, scale.x(hatched.from))) - whole.a
      const width = sheet.measure(text, sheet.fonts.label)
      if (room > width + 10)
        labels.place({
          text,
          font: 'label',
          colour: 'ink',
          ground: null,
          at: [{ x: whole.a + Math.min(10, (room - width) / 2), y: middle }],
        })
      else
        labels.place({
          text,
          font: 'label',
          colour: 'ink',
          ground: 'past',
          at: [{ x: whole.a - 8, y: middle, end: true }],
        })
    })
  }
  gaps(sheet, all, y + height / 2)
  falls(sheet, row, topOf, all, h)
}

/** No leader: a dotted line. */
function gaps({ pen, colours, scale, now }: Sheet, bars: readonly Bar[], middle: number): void {
  let until = Number.NaN
  for (const { from, to } of [...bars, { from: now, to: now }]) {
    const a = Math.max(scale.left, scale.x(until))
    const b = Math.min(scale.right, scale.x(from))
    if (from > until && b > a) strokeLine(pen, colours.edge, 1.5, a, middle, b, middle, [2, 4])
    until = Number.isNaN(until) ? to : Math.max(until, to)
  }
}

function falls(
  sheet: Sheet,
  row: TapeRow,
  topOf: (text: string) => number,
  bars: readonly Bar[],
  h: number,
): void {
  const { scale, now, labels, pen, colours } = sheet
  for (const { kind, at, texts } of row.marks) {
    if (kind !== 'fell') continue
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const x = scale.x(at[i] ?? 0)
      if (x < scale.left || x > scale.right) continue
      const bar = bars.find(({ to }) => to === at[i])
      const y = topOf(bar?.text ?? '') + h / 2
      faultSign(pen, colours, x, y)
      labels.block({ x: x - 10, y: y - 9, w: 20, h: 18 })
      labels.place({
        text: texts[i / 3] ?? '',
        font: 'label',
        colour: 'fault',
        ground: 'surface',
        at: [
          { x: x - 16, y, end: true },
          { x: x + 16, y },
        ],
      })
    }
  }
}

/** The deadline of a key's lease. Null for a key without a lease, Infinity if no primary counts. */
export type KeyDeadline = (key: string) => number | null

export function paintKey(
  sheet: Sheet,
  row: TapeRow,
  y: number,
  height: number,
  deadlineOf: KeyDeadline,
): void {
  const { pen, colours, labels, now } = sheet
  const h = Math.min(16, height - 6)
  const middle = y + height / 2
  for (const kind of ['leased', 'plain'] as const) {
    for (const bar of barsOf(row, kind, now)) {
      const at = edges(sheet, bar)
      if (at === null) continue
      const box = {
        x: at.a + 0.5,
        y: middle - h / 2 + 0.5,
        w: Math.max(1, at.b - at.a - 1),
        h: h - 1,
      }
      fillBox(pen, kind === 'leased' ? colours['live-tint'] : colours.surface, box, 3)
      pen.strokeStyle = kind === 'leased' ? colours.live : colours.edge
      pen.lineWidth = 1
      pen.stroke()
      if (sheet.measure(bar.text, sheet.fonts.mono) < at.b - at.a - 18)
        labels.place({
          text: bar.text,
          font: 'mono',
          colour: 'ink',
          ground: null,
          at: [{ x: at.a + 10, y: middle }],
        })
      if (bar.to > now) living(sheet, deadlineOf(row.id), middle, h)
    }
  }
  ends(sheet, row, ['expired', 'revoked', 'deleted'], middle)
}

/**
 * A living key may continue. Its bar continues as dashes, with a question mark where its lease is
 * due.
 */
function living(
  { pen, colours, labels, scale, now }: Sheet,
  deadline: number | null,
  middle: number,
  h: number,
): void {
  const x = scale.x(now)
  if (x < scale.left || x > scale.right) return
  for (const dy of [-h / 2 + 0.5, h / 2 - 0.5])
    strokeLine(pen, colours.edge, 1, x, middle + dy, scale.right, middle + dy, [3, 4])
  if (deadline === null) return
  const due = Math.max(x + 8, Math.min(scale.x(deadline), scale.right - 18))
  labels.place({
    text: '?',
    font: 'number',
    colour: 'ink',
    ground: 'bg',
    at: [{ x: due, y: middle }],
  })
}

function ends(
  { pen, colours, scale, now }: Sheet,
  row: TapeRow,
  kinds: readonly string[],
  middle: number,
): void {
  for (const { kind, at } of row.marks) {
    if (!kinds.includes(kind)) continue
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const x = scale.x(at[i] ?? 0)
      if (x >= scale.left && x <= scale.right)
        fillBox(pen, colours.ink, { x: x - 1, y: middle - 9, w: 2, h: 18 })
    }
  }
}

export function paintHeartbeat(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { pen, colours, scale, now, labels } = sheet
  const middle = y + height / 2
  for (const bar of barsOf(row, 'beats', now)) {
    const at = edges(sheet, bar)
    if (at === null) continue
    strokeLine(pen, colours.ink, 1.25, at.a, middle, at.b, middle)
    if (bar.to > now) continue
    const next = barsOf(row, 'beats', now).find(({ from }) => from > bar.from)
    strokeLine(
      pen,
      colours.edge,
      1.5,
      at.b,
      middle,
      Math.min(scale.right, scale.x(next?.from ?? now)),
      middle,
      [2, 4],
    )
  }
  for (const { kind, at, texts } of row.marks) {
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const x = scale.x(at[i] ?? 0)
      if (x < scale.left || x > scale.right) continue
      if (kind === 'beat') {
        dot(pen, colours.ink, x, middle, 4)
        labels.block({ x: x - 4, y: middle - 4, w: 8, h: 8 })
      } else if (kind === 'stopped') {
        strokeLine(pen, colours.ink, 2, x, middle - 8, x, middle + 8)
        // The word covers part of the dotted line.
        if (i === at.length - 3 || (at[i + 3] ?? 0) > now)
          labels.place({
            text: texts[i / 3] ?? '',
            font: 'label',
            colour: 'ink',
            ground: 'past',
            at: [{ x: x + 9, y: middle }],
          })
      }
    }
  }
}

export function paintTerminal(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { pen, colours, scale, now, labels } = sheet
  const middle = y + height / 2
  const bars = barsOf(row, 'runs', now)
  for (const bar of bars) {
    const at = edges(sheet, bar)
    if (at !== null) strokeLine(pen, colours.ink, 1.25, at.a, middle, at.b, middle)
  }
  for (const { kind, at } of row.marks) {
    if (kind !== 'command') continue
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const x = scale.x(at[i] ?? 0)
      if (x < scale.left || x > scale.right) continue
      dot(pen, colours.ink, x, middle, 3.5)
      labels.block({ x: x - 4, y: middle - 4, w: 8, h: 8 })
    }
  }
  const last = bars.at(-1)
  if (last === undefined) return
  const text = last.text.length > 48 ? `${last.text.slice(0, 47)}…` : last.text
  const at = [
    { x: scale.x(Math.min(last.to, now)) + 9, y: middle },
    { x: scale.x(last.from) - 9, y: middle, end: true },
  ]
  // A running command has its name beside its line. The name is right of now if it does not fit on
  // the left.
  labels.place({
    text,
    font: 'mono',
    colour: 'ink',
    ground: 'past',
    at: last.to > now ? [{ x: scale.x(now) + 9, y: middle, ground: 'bg' as const }] : at,
  })
}

export function paintFaults(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { pen, colours, scale, now, labels } = sheet
  const middle = y + height / 2
  // An open fault always shows its name. Its position is the left edge of the window if the fault
  // began earlier, or right of now if it does not fit on the left.
  const lasting: { x: number; text: string }[] = []
  for (const kind of ['crashed', 'paused', 'cut', 'link'] as const) {
    for (const bar of barsOf(row, kind, now)) {
      const at = edges(sheet, bar)
      if (at === null) continue
      if (bar.to > now && bar.text !== '')
        lasting.push({ x: Math.max(scale.left - 6, scale.x(bar.from)), text: bar.text })
      strokeLine(pen, colours.fault, 2, at.a, middle, at.b, middle)
      labels.block({ x: at.a, y: middle - 1, w: at.b - at.a, h: 2 })
    }
  }
  const past: { x: number; text: string }[] = []
  for (const { at, texts } of row.marks) {
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const x = scale.x(at[i] ?? 0)
      if (x < scale.left || x > scale.right) continue
      faultSign(pen, colours, x, middle)
      labels.block({ x: x - 10, y: middle - 9, w: 20, h: 18 })
      const text = texts[i / 3] ?? ''
      if (!lasting.some((each) => each.text.includes(text))) past.push({ x, text })
    }
  }
  sheet.later(() => {
    const put = (text: string, at: Wish['at']): boolean =>
      labels.place({ text, font: 'label', colour: 'fault', ground: 'past', at })
    const beside = (x: number) => [
      { x: x - 15, y: middle, end: true },
      { x: x + 15, y: middle },
      { x: x + 13, y: middle - 9 },
    ]
    for (const { x, text } of lasting.toReversed())
      put(text, [...beside(x), { x: scale.x(now) + 9, y: middle, ground: 'bg' }])
    for (const { x, text } of past.toReversed()) put(text, beside(x))
  })
}
