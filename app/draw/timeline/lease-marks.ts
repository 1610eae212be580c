// The marks of a lease's row, and the labels of a few of them.

import { clockText } from '../figures'
import type { Wish } from './labels'
import type { LeaseAxes } from './lease-axes'
import { beliefAt, leaseNow } from './lease-now'
import { dot, fillBox, strokeLine } from './pen'
import type { Sheet } from './sheet'

/** Half the width of a sign, in pixels. */
const CROSS = 4.5

export function paintMarks(sheet: Sheet, { row, base, y, tall, thin }: LeaseAxes): void {
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
        // If the signs would be too close, only the risers remain.
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
        labels.block({
          x: x - CROSS,
          y: rise.high - 3,
          w: 2 * CROSS,
          h: Math.abs(rise.low - rise.high) + 3,
        })
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

function beliefHeight(
  row: LeaseAxes['row'],
  at: number,
  y: (left: number) => number,
): number | null {
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

/** The time that a new leader gives: `10 s`, or the TTL and its election timeout, `10 + 1 s`. */
function givenAt({ lease }: LeaseAxes['row'], at: number): string {
  const [teeth, ttl] = [lease?.teeth ?? new Float64Array(), lease?.ttlSeconds ?? 0]
  for (let i = 0; i < teeth.length; i += 3) {
    if (teeth[i] !== at) continue
    const beyond = Math.round(((teeth[i + 2] ?? 0) - at) / 1000 - ttl)
    return beyond > 0 ? `${ttl} + ${beyond} s` : `${ttl} s`
  }
  return `${ttl} s`
}

/** At most four labels: the last renewal, the last new leader, the first freeze, the end. */
export function nameMarks({ labels, scale, now }: Sheet, { row, top, base }: LeaseAxes): void {
  const last = (kind: string): { at: number; text: string } | null => {
    const marks = row.marks.find((each) => each.kind === kind)
    if (marks === undefined) return null
    for (let i = marks.at.length - 3; i >= 0; i -= 3) {
      const at = marks.at[i] ?? 0
      if (at <= now) return { at, text: marks.texts[i / 3] ?? '' }
    }
    return null
  }
  const put = (
    text: string,
    colour: 'renew' | 'ink' | 'muted',
    at: Wish['at'][number][],
  ): boolean =>
    labels.place({
      text,
      font: 'label',
      colour,
      ground: 'past',
      at: at.filter(({ x }) => x > scale.left && x < scale.right),
    })
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
    const before = x < scale.left ? [{ x: scale.left + 10, y: base - 12 }] : []
    put(`revoked at ${clockText(ended.at)}`, 'muted', [
      ...before,
      { x: x - 10, y: base + 14, end: true },
      { x: x + 10, y: base + 14 },
      { x: x + 12, y: base - 12 },
    ])
  }
  const recounted = last('recounted')
  if (recounted !== null && recounted.text !== '') {
    const x = scale.x(recounted.at)
    const given = givenAt(row, recounted.at)
    const places = [
      { x: x - 8, y: top - 13, end: true },
      { x: x + 10, y: top - 13 },
      { x: x - 10, y: base - 12, end: true, ground: 'live-tint' as const },
    ]
    if (!put(`${recounted.text} starts with ${given}`, 'renew', places)) put(given, 'renew', places)
  }
  const renewed = last('renewed')
  if (renewed !== null && renewed.at - row.from > 200) {
    const x = scale.x(renewed.at)
    // The label has a single position. During play it appears when it fits, and does not change
    // sides.
    put(`renewed at ${clockText(renewed.at)}`, 'renew', [{ x: x + 10, y: top - 12 }])
  }
}
