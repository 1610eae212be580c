// A lease's row: left of *now* the saw-tooth of its remaining time with what its clients believed on the same axes, right of it the time that is left.

import type { TapeBelief, TapeRow } from '../../../engine/worker/protocol'
import { clockText } from '../figures'
import type { Wish } from './labels'
import type { Sheet } from './paint'
import { dot, fillBox, hatchLines, redHatch, strokeLine } from './pen'

/** What a row shows of a lease at an instant. */
export interface LeaseNow {
  /** Virtual ms; null while no primary counts, and once the lease has ended. */
  deadline: number | null
  ended: { at: number; kind: 'expired' | 'revoked' } | null
  uncounted: boolean
}

/** In the last ms of a lease its bar is amber. */
const SOON_MS = 2000

export function leaseNow({ marks, spans, lease, from }: TapeRow, now: number): LeaseNow {
  for (const { kind, at } of marks) {
    const end = at[0]
    if ((kind === 'expired' || kind === 'revoked') && end !== undefined && end <= now)
      return { deadline: null, ended: { at: end, kind }, uncounted: false }
  }
  if (from > now || lease === null) return { deadline: null, ended: null, uncounted: false }
  const uncounted = spans.some(({ kind, at }) => kind === 'uncounted' && covers(at, now))
  let deadline: number | null = null
  for (let i = 0; i < lease.teeth.length && (lease.teeth[i] ?? 0) <= now; i += 3) deadline = lease.teeth[i + 2] ?? null
  return { deadline: uncounted ? null : deadline, ended: null, uncounted }
}

function covers(at: Float64Array, now: number): boolean {
  for (let i = 0; i < at.length; i += 3) if ((at[i] ?? 0) <= now && (at[i + 1] ?? 0) > now) return true
  return false
}

/** Until when a client holds a lease by its own reckoning at an instant; null where it believes nothing. */
export function beliefAt({ teeth }: TapeBelief, now: number): number | null {
  for (let i = teeth.length - 3; i >= 0; i -= 3)
    if ((teeth[i] ?? 0) <= now) return (teeth[i + 1] ?? 0) > now ? (teeth[i + 2] ?? null) : null
  return null
}

/** `7.6 s`: rounded down to a tenth, so that 0.0 means due; longer times in minutes and hours. */
export function leftText(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100 + 1e-6)
  if (tenths < 6000) return `${Math.floor(tenths / 10)}.${tenths % 10} s`
  const minutes = Math.floor(tenths / 600)
  return minutes < 60 ? `${minutes} min ${Math.floor((tenths % 600) / 10)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** From this height on a row has its labels and what clients believe; below the other it is one of many, without signs. */
const TALL = 60
const THIN = 28

interface Axes {
  row: TapeRow
  top: number
  base: number
  /** The height of a remaining time. */
  y(left: number): number
  tall: boolean
  thin: boolean
}

export function paintLease(sheet: Sheet, row: TapeRow, y: number, height: number): void {
  const { lease } = row
  if (lease === null) return
  const { pen, colours, scale, now, labels } = sheet
  const tall = height >= TALL
  const thin = height < THIN
  const pads =
    height >= 130 ? { top: 26, bottom: 38 } : tall ? { top: 20, bottom: 28 } : thin ? { top: 6, bottom: 7 } : { top: 8, bottom: 13 }
  const top = y + pads.top
  const base = y + height - pads.bottom
  const ttl = Math.max(1, lease.ttlSeconds * 1000)
  const axes: Axes = { row, top, base, tall, thin, y: (left) => base - (left / ttl) * (base - top) }
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
  if (tall) for (const belief of lease.beliefs.slice(0, 2)) paintBelief(sheet, axes, belief)
  pen.restore()
  paintMarks(sheet, axes)
  for (const belief of lease.beliefs) paintWrong(sheet, axes, belief)
  paintFuture(sheet, axes)
  if (tall) nameMarks(sheet, axes)
}

/** Pixels of a straight piece of a line that a bent axis bends. */
const BEND = 8

/** The stretches of counting, as (from, to, remaining at from, remaining at to) up to the cursor; in short pieces where the axis is bent. */
function stretches({ scale, now, even }: Sheet, teeth: Float64Array): [from: number, to: number, first: number, last: number][] {
  const found: [number, number, number, number][] = []
  for (let i = 0; i < teeth.length; i += 3) {
    const [from = 0, to = 0, deadline = 0] = [teeth[i], teeth[i + 1], teeth[i + 2]]
    if (from > now) break
    const end = Math.min(to, now)
    let before = from
    const add = (at: number): void => {
      found.push([before, at, deadline - before, deadline - at])
      before = at
    }
    if (!even) for (let x = Math.max(scale.left, scale.x(from)) + BEND; x < Math.min(scale.right, scale.x(end)); x += BEND) add(scale.at(x))
    add(end)
  }
  return found
}

function paintTeeth(sheet: Sheet, { row, base, y }: Axes): void {
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
    // The line rises from the base where the lease begins, and after a stretch that no primary counted it starts at its height.
    if (from !== before) pen.moveTo(a, from === row.from ? base : y(first))
    pen.lineTo(a, y(first))
    pen.lineTo(b, y(last))
    before = to
    labels.blockLine({ x1: a, y1: y(first) - 3, x2: b, y2: y(last) - 3 })
    labels.blockLine({ x1: a, y1: y(first), x2: b, y2: y(last) })
  }
  pen.stroke()
}

/** No primary: what was left, hatched. */
function paintUncounted({ pen, colours, scale, now }: Sheet, { row, base, y }: Axes): void {
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

function paintBelief(sheet: Sheet, { base, y }: Axes, belief: TapeBelief): void {
  const { pen, colours, scale } = sheet
  pen.strokeStyle = colours.ink
  pen.lineWidth = 1.25
  pen.lineJoin = 'round'
  pen.beginPath()
  stretches(sheet, belief.teeth).forEach(([from, to, first, last], i) => {
    const height = (left: number): number => Math.min(base, y(Math.max(0, left))) - 3
    if (i === 0) pen.moveTo(scale.x(from), height(first))
    else pen.lineTo(scale.x(from), height(first))
    // The line bends where the client's reckoning runs out.
    if (first > 0 && last < 0) pen.lineTo(scale.x(from + first), height(0))
    pen.lineTo(scale.x(to), height(last))
  })
  pen.stroke()
}

function paintWrong(sheet: Sheet, { base, tall }: Axes, { client, wrong }: TapeBelief): void {
  const { pen, colours, scale, now, labels } = sheet
  for (let i = 0; i < wrong.length; i += 2) {
    const [from = 0, end = 0] = [wrong[i], wrong[i + 1]]
    if (from >= now) break
    const [a, b] = [Math.max(scale.left, scale.x(from) + (tall ? 4 : 0)), Math.min(scale.right, scale.x(Math.min(end, now)))]
    if (b <= a) continue
    const box = { x: a, y: base - 8.5, w: b - a, h: 8 }
    redHatch(pen, box, colours)
    labels.block(box)
    if (tall)
      labels.place({ text: `${client} continues`, font: 'label', colour: 'fault', ground: 'past', at: [{ x: a + 4, y: base - 19 }] })
  }
}

const CROSS = 4.5

function paintMarks(sheet: Sheet, { row, base, y, tall, thin }: Axes): void {
  const { pen, colours, scale, now, labels } = sheet
  const teeth = row.lease?.teeth ?? new Float64Array()
  const rises = (at: number): { low: number; high: number } | null => {
    for (let i = 0; i < teeth.length; i += 3) {
      if (teeth[i] !== at) continue
      const high = y((teeth[i + 2] ?? 0) - at)
      return { high, low: teeth[i - 2] === at ? y((teeth[i - 1] ?? 0) - at) : base }
    }
    return null
  }
  for (const { kind, at } of row.marks) {
    let before = Number.NEGATIVE_INFINITY
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const time = at[i] ?? 0
      const x = scale.x(time)
      if (x < scale.left - 6 || x > scale.right) continue
      const rise = rises(time)
      if (kind === 'granted') {
        if (!thin) dot(pen, colours.live, x, base, tall ? 4 : 3.5)
      } else if (kind === 'renewed' && rise !== null) {
        strokeLine(pen, colours.renew, 2, x, rise.low, x, rise.high)
        // Where they stand too close for their signs, the risers alone are left.
        if (!thin && x - before >= 2 * CROSS) plus(sheet, x, rise.high)
        labels.block({
          x: x - CROSS,
          y: Math.min(rise.low, rise.high) - CROSS,
          w: 2 * CROSS,
          h: Math.abs(rise.low - rise.high) + 2 * CROSS,
        })
      } else if (kind === 'recounted' && rise !== null) {
        strokeLine(pen, colours.renew, 2, x, rise.low, x, rise.high, [3, 3])
        arrow(sheet, x, rise.high)
        labels.block({ x: x - CROSS, y: rise.high - 3, w: 2 * CROSS, h: Math.abs(rise.low - rise.high) + 3 })
      } else if (kind === 'expired') {
        fillBox(pen, colours.ink, { x: x - 4, y: base - 8, w: 8, h: 8 })
        labels.block({ x: x - 4, y: base - 8, w: 8, h: 8 })
      } else if (kind === 'revoked') {
        cross(sheet, x, base - 4)
        labels.block({ x: x - 4, y: base - 8, w: 8, h: 8 })
      } else if (kind === 'frozen' && tall) {
        const height = beliefHeight(row, time, y) ?? base - 14
        strokeLine(pen, colours.ink, 2, x - 2.5, height - 5, x - 2.5, height + 5)
        strokeLine(pen, colours.ink, 2, x + 2.5, height - 5, x + 2.5, height + 5)
        labels.block({ x: x - 5, y: height - 6, w: 10, h: 12 })
      } else continue
      before = x
    }
  }
}

function beliefHeight(row: TapeRow, at: number, y: (left: number) => number): number | null {
  for (const belief of row.lease?.beliefs ?? []) {
    const until = beliefAt(belief, at)
    if (until !== null) return y(Math.max(0, until - at)) - 3
  }
  return null
}

function plus({ pen, colours }: Sheet, x: number, y: number): void {
  pen.strokeStyle = colours.renew
  pen.lineWidth = 1.75
  pen.beginPath()
  pen.moveTo(x - CROSS, y)
  pen.lineTo(x + CROSS, y)
  pen.moveTo(x, y - CROSS)
  pen.lineTo(x, y + CROSS)
  pen.stroke()
}

function arrow({ pen, colours }: Sheet, x: number, y: number): void {
  pen.strokeStyle = colours.renew
  pen.lineWidth = 1.75
  pen.beginPath()
  pen.moveTo(x - 4, y + 3)
  pen.lineTo(x, y - 2)
  pen.lineTo(x + 4, y + 3)
  pen.stroke()
}

function cross({ pen, colours }: Sheet, x: number, y: number): void {
  pen.strokeStyle = colours.ink
  pen.lineWidth = 1.75
  pen.beginPath()
  pen.moveTo(x - 4, y - 4)
  pen.lineTo(x + 4, y + 4)
  pen.moveTo(x + 4, y - 4)
  pen.lineTo(x - 4, y + 4)
  pen.stroke()
}

/** Pixels that the number right of a bar needs. */
const NUMBER_ROOM = 64

function paintFuture(sheet: Sheet, { row, base, y, tall, thin }: Axes): void {
  const { pen, colours, scale, now, labels } = sheet
  const x = scale.x(now)
  if (x > scale.right || x < scale.left || row.lease === null) return
  const { deadline, ended, uncounted } = leaseNow(row, now)
  if (ended !== null) return
  const bar = tall ? 10 : 8
  const belief = row.lease.beliefs.map((each) => ({ client: each.client, until: beliefAt(each, now) })).find(({ until }) => until !== null)
  const until = belief?.until ?? null
  if (uncounted || deadline === null) {
    for (const dy of [0.5, bar + 2.5]) strokeLine(pen, colours.edge, 1, x, base + dy, scale.right, base + dy, [3, 4])
    labels.place({
      text: '?',
      font: 'number',
      colour: 'ink',
      ground: 'bg',
      at: [{ x: scale.right - 18, y: base + bar / 2 + 1.5 }],
    })
    if (tall && until !== null && until > now) {
      const end = Math.min(scale.right, scale.x(until))
      const height = y(until - now) - 3
      strokeLine(pen, colours.ink, 1.25, x, height, end, base, [3, 4])
      labels.blockLine({ x1: x, y1: height, x2: end, y2: base })
      strokeLine(pen, colours.ink, 2, x, base + 18, end, base + 18)
      strokeLine(pen, colours.ink, 2, end, base + 13, end, base + 23)
      labels.block({ x, y: base + 13, w: end - x, h: 10 })
      const text = scale.left > 100 ? `${belief?.client} believes ${leftText(until - now)}` : `${belief?.client}`
      labels.place({ text, font: 'label', colour: 'ink', ground: 'bg', at: [{ x: end + 8, y: base + 19 }] })
      dot(pen, colours.bg, x, height, 4.5, { colour: colours.ink, width: 1.75 })
    }
    return
  }
  const left = Math.max(0, deadline - now)
  const colour = left <= SOON_MS ? colours.soon : colours.live
  const due = scale.x(deadline)
  const isCut = due > scale.right - NUMBER_ROOM
  const end = Math.max(x, isCut ? scale.right - NUMBER_ROOM : due)
  if (thin) {
    const middle = base - 3
    fillBox(pen, colour, { x, y: middle - 4, w: end - x, h: 8 })
    labels.place({ text: leftText(left), font: 'strong', colour: 'ink', ground: 'bg', at: [{ x: end + 8, y: middle }] })
    return
  }
  // The slope is cut off at the edge of the plot.
  const share = due > scale.right ? (scale.right - x) / (due - x) : 1
  strokeLine(pen, colour, 1.25, x, y(left), x + share * (due - x), y(left) + share * (base - y(left)), [3, 4])
  labels.blockLine({ x1: x, y1: y(left), x2: due, y2: base })
  fillBox(pen, colour, { x, y: base, w: end - x, h: bar })
  labels.block({ x, y: base, w: end - x, h: tall ? 18 : bar })
  if (tall && until !== null)
    strokeLine(pen, colours.ink, 2, x, base + 15, Math.max(x, Math.min(scale.right - (isCut ? NUMBER_ROOM : 0), scale.x(until))), base + 15)
  if (tall && !isCut && left > 0) strokeLine(pen, colours.ink, 2, due, base - 5, due, base + 17)
  labels.place({
    text: `${leftText(left)}${isCut && due > scale.right ? ' ›' : ''}`,
    font: 'number',
    colour: 'ink',
    ground: 'bg',
    at: [
      { x: end + 9, y: base + bar / 2 + 1 },
      { x: end + 9, y: base - 12 },
    ],
  })
  if (tall) dot(pen, colour, x, y(left), 5, { colour: colours.bg, width: 2 })
}

/** At most four labels: the last renewal, the last new leader, the first freeze, the end. */
function nameMarks({ labels, scale, now }: Sheet, { row, top, base }: Axes): void {
  const last = (kind: string): { at: number; text: string } | null => {
    const marks = row.marks.find((each) => each.kind === kind)
    if (marks === undefined) return null
    for (let i = marks.at.length - 3; i >= 0; i -= 3) {
      const at = marks.at[i] ?? 0
      if (at <= now) return { at, text: marks.texts[i / 3] ?? '' }
    }
    return null
  }
  const put = (text: string, colour: 'renew' | 'ink' | 'muted', at: Wish['at'][number][]): void => {
    labels.place({ text, font: 'label', colour, ground: 'past', at: at.filter(({ x }) => x > scale.left && x < scale.right) })
  }
  const edge = scale.x(now)
  labels.blockLine({ x1: edge, y1: top - 30, x2: edge, y2: base + 40 })
  const frozen = last('frozen')
  if (frozen !== null) {
    const x = scale.x(frozen.at)
    put(`${frozen.text} at ${clockText(frozen.at)}`, 'ink', [
      { x: x + 12, y: base - 10, ground: 'live-tint' },
      { x: x + 12, y: top - 10 },
      { x: x + 4, y: base + 14 },
    ])
  }
  const { ended } = leaseNow(row, now)
  if (ended !== null) {
    const x = scale.x(ended.at)
    put(`revoked at ${clockText(ended.at)}`, 'muted', [
      { x: x - 10, y: base + 14, end: true },
      { x: x + 10, y: base + 14 },
      { x: x + 12, y: base - 12 },
    ])
  }
  const recounted = last('recounted')
  if (recounted !== null && recounted.text !== '') {
    const x = scale.x(recounted.at)
    put(`${recounted.text} starts with the full TTL again`, 'renew', [
      { x: x - 8, y: top - 13, end: true },
      { x: x + 10, y: top - 13 },
      { x: x - 10, y: base - 12, end: true, ground: 'live-tint' },
    ])
  }
  const renewed = last('renewed')
  if (renewed !== null && renewed.at - row.from > 200) {
    const x = scale.x(renewed.at)
    // One place only: as the run plays the label appears once there is room for it, and does not change sides.
    put(`renewed at ${clockText(renewed.at)}`, 'renew', [{ x: x + 10, y: top - 12 }])
  }
}
