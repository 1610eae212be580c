// The shared axis: recorded times left of *now*, distances from now right of it.

import type { Colours, Fonts, Measure, Pen } from './pen'
import type { Scale } from './scale'

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 1_800_000,
]
/** The least number of pixels between two ticks. */
const APART = 84

export interface Tick {
  x: number
  text: string
}

/**
 * Round times at equal distances on both sides of *now*. The first label of each side has the unit.
 */
export function ticksOf(scale: Scale, now: number): { past: Tick[]; future: Tick[] } {
  const perMs = (scale.x(now + 1000) - scale.x(now)) / 1000
  const step = stepOf(APART / Math.max(perMs, 1e-9))
  const past: Tick[] = []
  const start = Math.ceil(scale.at(scale.left) / step - 1e-9) * step
  for (let at = start; at <= now; at += step) {
    const x = scale.x(at)
    if (x > scale.right) break
    past.push({ x, text: figure(at, past.length === 0) })
  }
  const future: Tick[] = []
  const first = Math.max(1, Math.ceil((scale.at(scale.left) - now) / step))
  for (let n = first; ; n++) {
    const x = scale.x(now + n * step)
    if (x > scale.right || future.length > 200) break
    // A bent axis ends here: nothing comes closer to the edge.
    if (future.length > 0 && x <= (future.at(-1)?.x ?? 0) + 1) break
    future.push({ x, text: `+${figure(n * step, future.length === 0)}` })
  }
  return { past, future }
}

/** The times at equal pixel distances along the bent part of the axis. */
export function bentTicks(scale: Scale, now: number): { past: Tick[]; future: Tick[] } {
  const past: Tick[] = []
  const most = Math.max(1, Math.floor((scale.right - scale.left) / 84))
  for (let i = 0; i <= most; i++) {
    const x = scale.left + (i / most) * (scale.right - scale.left)
    const at = Math.round(scale.at(x))
    if (at > now) break
    const text = figure(at, past.length === 0)
    if (past.at(-1)?.text !== text) past.push({ x, text })
  }
  return { past, future: [] }
}

function stepOf(least: number): number {
  const known = STEPS_MS.find((step) => step >= least)
  return known ?? Math.ceil(least / 3_600_000) * 3_600_000
}

function figure(ms: number, unit: boolean): string {
  const text = String(Math.round(ms) / 1000)
  return unit ? `${text} s` : text
}

/**
 * Figures too close to *now* or to the previous figure are left out. `taken`: stretches of pixels
 * that something else uses.
 */
export function paintTicks(
  pen: Pen,
  ticks: readonly Tick[],
  height: number,
  taken: readonly { from: number; to: number }[],
  colours: Colours,
  fonts: Fonts,
  measure: Measure,
): void {
  pen.font = fonts.label
  pen.textBaseline = 'middle'
  pen.textAlign = 'center'
  pen.fillStyle = colours.muted
  const busy = [...taken]
  for (const { x, text } of ticks) {
    const half = measure(text, fonts.label) / 2 + 6
    if (busy.some(({ from, to }) => x + half > from && x - half < to)) continue
    pen.fillText(text, x, height / 2 + 1)
    busy.push({ from: x - half, to: x + half })
  }
  pen.textAlign = 'left'
}
