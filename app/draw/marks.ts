import { pathRound } from 'd3'
import type { Mark } from '../../engine/worker/protocol'

export type MarkKind = Mark['kind']

/** In the order in which they are painted, so that an end is never under a renewal. */
export const markKinds: readonly MarkKind[] = ['renewed', 'granted', 'fault', 'expired', 'revoked']

export const markWords: Record<MarkKind, string> = {
  granted: 'lease granted',
  renewed: 'lease renewed',
  expired: 'lease expired',
  revoked: 'lease revoked',
  fault: 'fault',
}

/** Every mark of a kind as one path: five elements however many marks. `x` gives pixels for virtual ms; the shapes are centred on y = 0, `r` pixels wide each way. */
export function markPath(marks: readonly Mark[], kind: MarkKind, x: (at: number) => number, r: number): string {
  const pen = pathRound(2)
  let last = Number.NEGATIVE_INFINITY
  for (const mark of marks) {
    if (mark.kind !== kind) continue
    const at = Math.round(x(mark.at) * 10) / 10
    // Two of a kind on one pixel are one mark.
    if (at - last < 1) continue
    last = at
    shapes[kind](pen, at, r)
  }
  return pen.toString()
}

type Pen = ReturnType<typeof pathRound>

const shapes: Record<MarkKind, (pen: Pen, x: number, r: number) => void> = {
  granted: (pen, x, r) => {
    pen.moveTo(x + r, 0)
    pen.arc(x, 0, r, 0, 2 * Math.PI)
    pen.closePath()
  },
  renewed: (pen, x, r) => {
    pen.rect(x - 0.75, -r, 1.5, 2 * r)
    pen.rect(x - r, -0.75, 2 * r, 1.5)
  },
  expired: (pen, x, r) => {
    pen.moveTo(x, -r * 1.45)
    pen.lineTo(x + r * 1.45, 0)
    pen.lineTo(x, r * 1.45)
    pen.lineTo(x - r * 1.45, 0)
    pen.closePath()
  },
  revoked: (pen, x, r) => {
    // Small enough to lie inside the diamond of an expiry that it follows closely.
    pen.rect(x - r * 0.65, -r * 0.65, 1.3 * r, 1.3 * r)
  },
  fault: (pen, x, r) => {
    const w = 1.2
    for (const turn of [1, -1]) {
      pen.moveTo(x - r, -turn * r - w)
      pen.lineTo(x - r, -turn * r + w)
      pen.lineTo(x + r, turn * r + w)
      pen.lineTo(x + r, turn * r - w)
      pen.closePath()
    }
  },
}

/** The last mark at or before an instant: what the slider says it stands on. Null before the first. */
export function markBefore(marks: readonly Mark[], at: number): Mark | null {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((marks[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return marks[low - 1] ?? null
}
