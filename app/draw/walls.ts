// A partition as walls between the groups. The members form a convex shape. If each group is
// contiguous, walls run through the gaps between neighbours of different groups. If groups are
// mixed, each of their links has its own wall.

import { curveCatmullRom, line } from 'd3'
import type { Link, Point } from './message-path'

/** The points of the wall. */
export type Wall = readonly Point[]

/** Pixels by which a wall extends beyond the last gap. */
const BEYOND = 26
/** Half the length, in pixels, of a wall across one link. */
const BAR = 13

/**
 * Walls between contiguous groups. Two groups: one wall from side to side; more groups: spokes from
 * the middle. Null if the groups are mixed or a member is in no group. `groups[i]`: the group of
 * the i-th member around, -1 for none. `gapOf`: the middle of the path between two members.
 */
export function wallsBetween(
  groups: readonly number[],
  gapOf: (i: number, j: number) => Point,
): Wall[] | null {
  const gaps: Point[] = []
  const all: Point[] = []
  for (let i = 0; i < groups.length; i++) {
    const next = (i + 1) % groups.length
    if (groups[i] !== groups[next]) gaps.push(gapOf(i, next))
    for (let j = i + 1; j < groups.length; j++) if (groups[i] !== groups[j]) all.push(gapOf(i, j))
  }
  if (groups.includes(-1) || gaps.length !== new Set(groups).size || gaps.length < 2) return null
  const centre = { x: mean(all.map(({ x }) => x)), y: mean(all.map(({ y }) => y)) }
  const spokes = gaps.map((gap) => [centre, gap, beyond(centre, gap)])
  const [a, b] = spokes
  return a && b && spokes.length === 2 ? [[...a.slice(1).reverse(), ...b]] : spokes
}

/** A wall across the middle of one link. */
export function wallAcross(link: Link): Wall {
  const { from, to } = link
  const { x, y } = middleOf(link)
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [nx, ny] = [(-(to.y - from.y) / length) * BAR, ((to.x - from.x) / length) * BAR]
  return [
    { x: x - nx, y: y - ny },
    { x: x + nx, y: y + ny },
  ]
}

export function middleOf({ from, to }: Link): Point {
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
}

const curve = line<Point>(
  ({ x }) => x,
  ({ y }) => y,
)
  .curve(curveCatmullRom)
  .digits(1)

/** A wall as an SVG path. */
export function wallPath(wall: Wall): string {
  return curve([...wall]) ?? ''
}

/** The point slightly beyond `to`, seen from `from`. */
function beyond(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return {
    x: to.x + ((to.x - from.x) / length) * BEYOND,
    y: to.y + ((to.y - from.y) / length) * BEYOND,
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
