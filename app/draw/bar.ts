import { scaleLinear, scaleSymlog } from 'd3'

/** Virtual ms to a share of the bar's width, 0–1; both ends are clamped. */
export interface TimeScale {
  (ms: number): number
  max: number
  ticks: number[]
}

/** Beyond this span a linear bar would make a lease of ten seconds a hair. */
const LINEAR_UP_TO_MS = 150_000

/** One scale for all the bars of a list, from now (0) to the longest TTL in it. */
export function timeScale(maxMs: number): TimeScale {
  const max = Math.max(1000, maxMs)
  if (max <= LINEAR_UP_TO_MS) {
    const scale = scaleLinear([0, max], [0, 1]).clamp(true)
    return Object.assign((ms: number) => scale(ms), { max, ticks: scale.ticks(5).filter((tick) => tick % 1000 === 0) })
  }
  const scale = scaleSymlog([0, max], [0, 1]).constant(10_000).clamp(true)
  const ticks = [0, 10_000, 60_000, 600_000, 3_600_000, 86_400_000, 864_000_000].filter((tick) => tick <= max)
  return Object.assign((ms: number) => scale(ms), { max, ticks })
}

/** Shares of the width, from the common now line. */
export interface Span {
  from: number
  to: number
}

export interface Bar {
  /** What the lease has left. */
  truth: Span
  /** What a client believes it has left. */
  belief: Span
  /** The part of the belief that the truth does not cover: drawn hatched. Null where there is none. */
  band: Span | null
}

/** `deadline` null and a lease that is gone both leave nothing; `until` is the latest instant up to which any client believes it has the lease. */
export function barOf(deadline: number | null, until: number | null, now: number, scale: TimeScale): Bar {
  const truth = deadline === null ? 0 : scale(Math.max(0, deadline - now))
  const belief = until === null ? 0 : scale(Math.max(0, until - now))
  return { truth: { from: 0, to: truth }, belief: { from: 0, to: belief }, band: belief > truth ? { from: truth, to: belief } : null }
}

/** A `clip-path` that shows that span of an element and nothing else: the pattern beneath stays where it is. */
export function clipOf(span: Span): string {
  return `inset(0 ${percent(1 - span.to)} 0 ${percent(span.from)})`
}

function percent(share: number): string {
  // A tenth of a percent is less than half a pixel: finer steps would only be repainted.
  return `${Math.round(share * 1000) / 10}%`
}
