// The picture of a run on a library card. Bars: leaders, clients inside a section, many leases.
// Saw-tooth: a few leases.

import type { Miniature } from '../../engine/worker/protocol'

export const MINIATURE = { width: 320, height: 80, margin: 12 } as const

export interface Bar {
  x: number
  y: number
  width: number
  height: number
}

export interface MiniaturePicture {
  leaders: Bar[]
  /** Clients inside a section. If the leases are too many for a saw-tooth, the number of grants. */
  inside: Bar[]
  lives: Bar[]
  /**
   * Outlines of a lease's remaining time, closed at the zero line (`fill`), and their upper edges
   * (`line`).
   */
  saws: { fill: string; line: string }[]
  /** The picture shows answers from this time on. Null if the story asks nothing. */
  asksAt: number | null
}

const MOST_SAWS = 2
const BAR = 8
const GAP = 4

/** Positions in units of the picture, whose corner is at 0, 0. */
export function miniaturePicture(
  { end, asksAt, leaders, leases, granted, inside }: Miniature,
  members: number,
): MiniaturePicture {
  const { width, height, margin } = MINIATURE
  const x = (at: number): number => margin + (Math.min(at, end) / end) * (width - 2 * margin)
  const bar = ({ from, to }: { from: number; to: number }, y: number, thick: number): Bar => ({
    x: x(from),
    y,
    width: Math.max(2, x(to) - x(from)),
    height: thick,
  })
  const hasLeaders = members > 1
  const top = margin + (hasLeaders ? BAR + 2 * GAP : 0)
  const room = height - margin - top
  const picture: MiniaturePicture = {
    leaders: hasLeaders ? leaders.map((span) => bar(span, margin, BAR)) : [],
    inside: [],
    lives: [],
    saws: [],
    asksAt: asksAt === null ? null : x(asksAt),
  }
  const rows = (count: number) => {
    const step = Math.min(BAR + GAP + 2, room / count)
    return { y: (row: number) => top + row * step, thick: Math.min(BAR, step - 2) }
  }
  if (inside.length > 0) {
    const { y, thick } = rows(inside.length)
    picture.inside = inside.flatMap((spans, row) => spans.map((span) => bar(span, y(row), thick)))
  } else if (granted > MOST_SAWS) {
    const { y, thick } = rows(leases.length)
    picture.lives = leases.map((points, row) =>
      bar({ from: points[0]?.[0] ?? 0, to: points.at(-1)?.[0] ?? end }, y(row), thick),
    )
  } else {
    const each = room / Math.max(1, leases.length)
    picture.saws = leases.map((points, row) =>
      saw(points, x, top + row * each, each - (leases.length > 1 ? GAP : 0)),
    )
  }
  return picture
}

function saw(
  points: [number, number][],
  x: (at: number) => number,
  top: number,
  room: number,
): { fill: string; line: string } {
  const zero = round(top + room)
  const line = points
    .map(
      ([at, share], i) =>
        `${i === 0 ? 'M' : 'L'}${round(x(at))} ${round(top + room * (1 - share))}`,
    )
    .join('')
  const last = points.at(-1)?.[0] ?? 0
  return { line, fill: `${line}L${round(x(last))} ${zero}Z` }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
