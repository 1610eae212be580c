import { arc } from 'd3'

const FULL = 2 * Math.PI
/** Virtual ms for which a renewal's tick mark stands at the top of a ring. */
const TICK_MS = 200

const shape = arc<unknown, { radius: number; width: number; from: number; to: number }>()
  .innerRadius((ring) => ring.radius - ring.width)
  .outerRadius((ring) => ring.radius)
  .startAngle((ring) => ring.from)
  .endAngle((ring) => ring.to)

/** The share that is left, 0–1. A deadline beyond the TTL (a belief that came late) is still a full ring. */
export function ringShare(deadline: number | null, ttlSeconds: number, now: number): number {
  if (deadline === null || ttlSeconds <= 0) return 0
  return Math.min(1, Math.max(0, (deadline - now) / (ttlSeconds * 1000)))
}

/** The path of what is left: it begins to drain at 12 o'clock and drains clockwise. Empty when nothing is left. */
export function ringPath(share: number, radius: number, width: number): string {
  if (share <= 0) return ''
  return shape({ radius, width, from: (1 - Math.min(1, share)) * FULL, to: FULL }) ?? ''
}

/** How strongly the tick mark of a renewal at `at` shows: 1 at that instant, 0 before it and 200 virtual ms after. */
export function tickShare(at: number | null, now: number): number {
  if (at === null || now < at) return 0
  return Math.max(0, 1 - (now - at) / TICK_MS)
}
