// A lease's dial: it starts full at 12 o'clock and drains clockwise. Angles are in degrees from 12
// o'clock, clockwise; the centre of the dial is 0, 0.

import type { LeaseRow } from '../../engine/worker/protocol'
import { ttlText } from './figures'

/** The words beside a dial's number. Their weight grows as the end comes near. */
export type DialPhase = 'live' | 'low' | 'soon' | 'due' | 'uncounted' | 'gone'

/** Virtual ms before the deadline in which the dial says *expires in*. */
export const SOON_MS = 2000

type Counted = Pick<LeaseRow, 'state' | 'deadline' | 'ttlSeconds'>

/** `due` after the deadline: the next expiry pass ends the lease. */
export function dialPhase({ state, deadline, ttlSeconds }: Counted, now: number): DialPhase {
  if (state === 'gone') return 'gone'
  if (deadline === null) return 'uncounted'
  const left = deadline - now
  if (left <= 0) return 'due'
  if (left <= SOON_MS) return 'soon'
  return left < ttlSeconds * 250 ? 'low' : 'live'
}

/**
 * The words below the number. A new leader gives more than the TTL; the words name the extra
 * seconds (`gift`) while that deadline holds. `small`: only two words fit.
 */
export function dialCaption(
  lease: Counted,
  now: number,
  small: boolean,
  gift: number | null = null,
): string {
  switch (dialPhase(lease, now)) {
    case 'gone':
      return 'gone'
    case 'uncounted':
      return small ? 'not counted' : 'no countdown'
    case 'due':
      return 'due, not yet'
    case 'soon':
      return 'expires in'
    default: {
      const beyond = Math.max(
        gift ?? 0,
        Math.ceil(((lease.deadline ?? now) - now) / 1000 - lease.ttlSeconds),
      )
      return beyond > 0 ? `of ${lease.ttlSeconds} + ${beyond} s` : `of ${ttlText(lease.ttlSeconds)}`
    }
  }
}

/** The share of the TTL that is left, 0–1. More than the TTL is a full dial. */
export function dialShare(deadline: number | null, ttlSeconds: number, now: number): number {
  if (deadline === null || ttlSeconds <= 0) return 0
  return Math.min(1, Math.max(0, (deadline - now) / (ttlSeconds * 1000)))
}

/** The position of the edge of the remaining time. */
export function edgeAngle(share: number): number {
  return (1 - share) * 360
}

/** The centre line of the remaining time, from its edge to 12 o'clock. Empty at 0. */
export function arcPath(share: number, radius: number): string {
  if (share <= 0) return ''
  if (share >= 1)
    return `M0 ${-radius}A${radius} ${radius} 0 1 1 0 ${radius}A${radius} ${radius} 0 1 1 0 ${-radius}`
  const { x, y } = onCircle(edgeAngle(share), radius)
  return `M${x.toFixed(2)} ${y.toFixed(2)}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 0 ${-radius}`
}

export interface Graduation {
  angle: number
  /** In pixels. */
  length: number
}

const steps = [1, 5, 15, 60, 300, 1800, 3600, 21_600, 86_400]
const MOST_GRADUATIONS = 24

/**
 * The marks around a dial: seconds, and fifths of a second on a large dial. Above a TTL of 12 s the
 * marks are every five seconds, and so on.
 */
export function graduations(ttlSeconds: number, radius: number): Graduation[] {
  if (radius < 40 || ttlSeconds <= 0) return []
  const step =
    ttlSeconds <= 12
      ? 1
      : (steps.find((each) => each > 1 && ttlSeconds / each <= MOST_GRADUATIONS) ?? ttlSeconds)
  const fifths = radius >= 80 ? 5 : 1
  const count = Math.floor((ttlSeconds / step) * fifths)
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i * step) / fifths / ttlSeconds) * 360
    return { angle, length: fifths === 1 ? 4 : i === 0 ? 12 : i % fifths === 0 ? 8 : 4 }
  })
}

/** Pixels from a dial's centre line to its graduations. */
export function graduationGap(radius: number): number {
  return radius >= 80 ? 13 : 8.5
}

/** Thickness of a dial's arc, in pixels. */
export function arcWidth(radius: number): number {
  return radius >= 80 ? 10 : radius >= 36 ? 7 : 4
}

export function onCircle(angle: number, radius: number): { x: number; y: number } {
  const turn = ((angle - 90) * Math.PI) / 180
  return { x: Math.cos(turn) * radius, y: Math.sin(turn) * radius }
}
