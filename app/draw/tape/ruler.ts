import { momentText } from '../figures'
import type { Scale } from './scale'

/** Pixels that a figure of the ruler needs. */
const FIGURE_WIDTH = 84
const STEPS = [1, 2, 5]

export interface Tick {
  x: number
  text: string
}

/** Round times at equal distances in true time; where the tape is bent, the time at every so many pixels. */
export function ticksOf(scale: Scale, even: boolean): Tick[] {
  const most = Math.max(1, Math.floor(scale.width / FIGURE_WIDTH))
  const from = scale.at(0)
  const to = scale.at(scale.width)
  if (!even) {
    const ticks: Tick[] = []
    for (let i = 0; i <= most; i++) {
      const x = (i / most) * scale.width
      const at = Math.round(scale.at(x))
      const text = momentText(at)
      // Beyond the end of a run nothing more comes.
      if (ticks.at(-1)?.text !== text) ticks.push({ x, text })
    }
    return ticks
  }
  const step = stepOf((to - from) / most)
  const ticks: Tick[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push({ x: scale.x(at), text: momentText(at) })
  return ticks
}

function stepOf(least: number): number {
  let power = 1
  while (power * 10 < least) power *= 10
  for (const step of STEPS) if (step * power >= least) return step * power
  return 10 * power
}
