// The shapes of marks: each kind has its own, so that no colour has to tell two of them apart. A shape is strokes in units of a pixel around (0, 0), which the
// canvas traces and the legend writes as a path.

import type { MarkKind } from '../../../engine/worker/protocol'

export interface Stroke {
  points: readonly (readonly [x: number, y: number])[]
  /** Filled; else drawn as a line. */
  filled: boolean
}

export type MarkRole = 'live' | 'renewed' | 'soon' | 'held' | 'fault' | 'text'

const square = (r: number): Stroke => ({
  points: [
    [-r, -r],
    [r, -r],
    [r, r],
    [-r, r],
    [-r, -r],
  ],
  filled: true,
})
const round = (x: number, y: number, r: number, filled: boolean): Stroke => ({
  points: Array.from({ length: 9 }, (_, i) => [x + r * Math.cos((i * Math.PI) / 4), y + r * Math.sin((i * Math.PI) / 4)] as const),
  filled,
})
const line = (...points: [number, number][]): Stroke => ({ points, filled: false })

/** Blades that cross, and a ring at the end of each: cut off by somebody. */
const scissors: readonly Stroke[] = [
  line([-2.5, 2], [5, -5]),
  line([-2.5, -2], [5, 5]),
  round(-4, 3.5, 1.9, false),
  round(-4, -3.5, 1.9, false),
]
const cross: readonly Stroke[] = [line([-3.5, -3.5], [3.5, 3.5]), line([-3.5, 3.5], [3.5, -3.5])]

export const markShapes: Record<MarkKind, { strokes: readonly Stroke[]; role: MarkRole }> = {
  granted: { strokes: [round(0, 0, 3.6, true)], role: 'live' },
  created: { strokes: [round(0, 0, 3.6, true)], role: 'live' },
  renewed: { strokes: [line([0, -6], [0, 6])], role: 'renewed' },
  recounted: { strokes: [line([0, -6], [0, 6]), line([-3, -3], [0, -6], [3, -3])], role: 'renewed' },
  modified: { strokes: [line([0, -4.5], [0, 4.5])], role: 'text' },
  expired: { strokes: [square(4.5)], role: 'soon' },
  revoked: { strokes: scissors, role: 'fault' },
  deleted: { strokes: cross, role: 'text' },
  'handed-over': { strokes: [line([-4, -4], [0, 0], [-4, 4]), line([0, -4], [4, 0], [0, 4])], role: 'held' },
  candidate: { strokes: [line([-4, 4], [0, -4], [4, 4], [-4, 4])], role: 'text' },
  concluded: { strokes: [line([0, -5], [0, 5]), line([-3, 5], [3, 5]), line([-3, -5], [3, -5])], role: 'text' },
  violation: { strokes: [line([-4.5, -4.5], [4.5, 4.5]), line([-4.5, 4.5], [4.5, -4.5]), line([0, -6], [0, 6])], role: 'fault' },
  fault: { strokes: [line([1.5, -5.5], [-2.5, 0.5], [2, 0], [-1.5, 5.5])], role: 'fault' },
}

/** Later ones are drawn over earlier ones, and named before them. */
export const markOrder: readonly MarkKind[] = [
  'modified',
  'renewed',
  'recounted',
  'granted',
  'created',
  'candidate',
  'fault',
  'concluded',
  'handed-over',
  'deleted',
  'expired',
  'revoked',
  'violation',
]

/** A shape as the text of an SVG path. */
export function shapePath(strokes: readonly Stroke[]): string {
  return strokes.map(({ points }) => `M${points.map(([x, y]) => `${round2(x)} ${round2(y)}`).join('L')}`).join('')
}

function round2(n: number): number {
  return Math.round(n * 100) / 100
}
