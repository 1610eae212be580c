// A partition as walls between the groups. The members stand around a convex shape: where each group stands together, walls run between the groups; groups that are
// mixed have a wall on each of their links instead.

import type { Link, Point } from './message-path'

export interface Wall {
  from: Point
  to: Point
}

/** Pixels by which a wall is longer than the members that it parts are apart. */
const BEYOND = 34
/** Half the length, in pixels, of a wall across one link. */
const BAR = 13

/** Whether two of a run's names cannot reach each other: who is in no group reaches everybody. */
export function isCut(groups: readonly (readonly string[])[] | null, a: string, b: string): boolean {
  if (groups === null) return false
  const [own, other] = [a, b].map((name) => groups.findIndex((group) => group.includes(name)))
  return own !== other && own !== -1 && other !== -1
}

/**
 * Walls between groups that each stand together: one straight wall where there are two groups, spokes from the middle where there are more. Null where the groups
 * are mixed or somebody is in none. `centres` go around; `groups[i]` is the group of the i-th, -1 for none.
 */
export function wallsBetween(centres: readonly Point[], groups: readonly number[]): Wall[] | null {
  const count = centres.length
  const gaps: Point[] = []
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count
    if (groups[i] !== groups[next]) gaps.push(middle(centres[i]!, centres[next]!))
  }
  if (groups.includes(-1) || gaps.length !== new Set(groups).size || gaps.length < 2) return null
  const [a, b] = gaps
  if (a && b && gaps.length === 2) return [{ from: beyond(b, a), to: beyond(a, b) }]
  const centre = { x: mean(centres.map(({ x }) => x)), y: mean(centres.map(({ y }) => y)) }
  return gaps.map((gap) => ({ from: centre, to: beyond(centre, gap) }))
}

/** A wall across the middle of one link. */
export function wallAcross({ from, to }: Link): Wall {
  const { x, y } = middle(from, to)
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [nx, ny] = [(-(to.y - from.y) / length) * BAR, ((to.x - from.x) / length) * BAR]
  return { from: { x: x - nx, y: y - ny }, to: { x: x + nx, y: y + ny } }
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** The point a little further than `to`, seen from `from`. */
function beyond(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return { x: to.x + ((to.x - from.x) / length) * BEYOND, y: to.y + ((to.y - from.y) / length) * BEYOND }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
