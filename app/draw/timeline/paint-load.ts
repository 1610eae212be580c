// Above the rows of many leases: the number of living leases, and the renewals and revokes in each
// time bin.

import type { TapeLoad } from '../../../engine/worker/protocol'
import { fillBox, strokeLine } from './pen'
import type { Stretch } from './scale'
import type { Sheet } from './sheet'

/** `window`: the times of the edges of `counts`. */
export function paintLoad(
  sheet: Sheet,
  { counts }: TapeLoad,
  window: Stretch,
  live: number,
  y: number,
  height: number,
): void {
  const { pen, colours, scale, now, labels } = sheet
  const most = Math.max(
    1,
    counts.reduce((a, b) => Math.max(a, b), 0),
  )
  const top = y + 10
  const base = y + height - 8
  const heightOf = (count: number): number => base - (count / most) * (base - top)
  const each = (window.to - window.from) / counts.length
  const edge = Math.min(scale.x(now), scale.right)
  strokeLine(pen, colours.line2, 1, scale.left, top + 0.5, scale.right, top + 0.5, [1, 4])
  const trace = (): void => {
    let x = scale.left
    for (let i = 0; i < counts.length; i++) {
      const at = scale.x(window.from + i * each)
      const next = Math.min(edge, scale.x(window.from + (i + 1) * each))
      if (next < scale.left || at > edge) continue
      x = Math.max(scale.left, at)
      const high = heightOf(counts[i] ?? 0)
      pen.lineTo(x, high)
      pen.lineTo(next, high)
    }
  }
  pen.fillStyle = colours['live-tint']
  pen.beginPath()
  pen.moveTo(scale.left, base)
  trace()
  pen.lineTo(edge, base)
  pen.fill()
  pen.strokeStyle = colours.live
  pen.lineWidth = 1.5
  pen.beginPath()
  trace()
  pen.stroke()
  pen.font = sheet.fonts.label
  pen.fillStyle = colours.muted
  pen.textAlign = 'right'
  pen.textBaseline = 'middle'
  pen.fillText(most.toLocaleString('en'), scale.left - 10, top + 0.5)
  pen.textAlign = 'left'
  labels.place({
    text: live.toLocaleString('en'),
    font: 'number',
    colour: 'ink',
    ground: 'bg',
    at: [{ x: edge + 10, y: top + 4 }],
  })
}

const BAR = 5

export function paintRates(
  sheet: Sheet,
  { from, binMs, renewals, revokes }: TapeLoad,
  y: number,
  height: number,
): void {
  const { pen, colours, scale, now, labels } = sheet
  const base = y + height - 8
  const most = Math.max(1, ...renewals, ...revokes)
  const high = (count: number): number =>
    Math.max(count > 0 ? 1 : 0, (count / most) * (height - 20))
  for (let i = 0; i < renewals.length; i++) {
    const at = from + i * binMs
    if (at > now) break
    const x = scale.x(at)
    if (x < scale.left - 2 || x > scale.right) continue
    const w = Math.min(BAR, Math.max(1, (scale.x(at + binMs) - x) / 2 - 1))
    fillBox(pen, colours.renew, {
      x: x + 1,
      y: base - high(renewals[i] ?? 0),
      w,
      h: high(renewals[i] ?? 0),
    })
    fillBox(pen, colours.ink, {
      x: x + 1 + w,
      y: base - high(revokes[i] ?? 0),
      w,
      h: high(revokes[i] ?? 0),
    })
  }
  const x = Math.min(scale.x(now), scale.right) + 10
  labels.place({
    text: 'renewals',
    font: 'label',
    colour: 'renew',
    ground: 'bg',
    at: [{ x, y: base - 22 }],
  })
  labels.place({
    text: 'revokes',
    font: 'label',
    colour: 'ink',
    ground: 'bg',
    at: [{ x, y: base - 5 }],
  })
}
