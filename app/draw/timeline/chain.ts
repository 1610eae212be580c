// The answer to "why?" on the timeline. Every event of the chain carries the number of its
// sentence.

import type { WhyView } from '../../../engine/worker/protocol'
import { RULER_HEIGHT } from './layout'
import type { Placed } from './placed'
import type { Scale } from './scale'

export interface Link {
  /** 1 for the event of the question. */
  number: number
  event: number
  at: number
  text: string
  x: number
  y: number
}

/** The side of a number's box, and the gap between two boxes, in pixels. */
const SIDE = 18
const GAP = 2
/** Half the width of the pill *now*. */
const PILL = 22

/** The number of each reason. Reasons with an event count up from 1. */
export function numbersOf({ reasons }: WhyView): (number | null)[] {
  let number = 0
  return reasons.map(({ line }) => (line === null ? null : ++number))
}

/**
 * The position of each event; simultaneous events are side by side. An event without a row in view
 * is on the axis, left of *now*.
 */
export function chainOf(
  why: WhyView | null,
  lines: readonly Placed[],
  scale: Scale,
  now = Number.NEGATIVE_INFINITY,
): Link[] {
  if (why === null) return []
  const links: Link[] = []
  const numbers = numbersOf(why)
  why.reasons.forEach(({ line, place }, i) => {
    const number = numbers[i]
    if (line === null || number == null) return
    let x = scale.x(line.at)
    if (x < scale.left - SIDE || x > scale.right + SIDE) return
    const y = place === null ? RULER_HEIGHT / 2 : middleOf(lines, place)
    // The pill of *now* covers part of the axis.
    if (y < RULER_HEIGHT && Math.abs(scale.x(now) - x) < PILL + SIDE / 2)
      x = scale.x(now) - PILL - SIDE / 2 - GAP
    for (const other of links)
      if (other.y === y && Math.abs(other.x - x) < SIDE + GAP)
        x = other.x + (y < RULER_HEIGHT && other.x <= scale.x(now) ? -1 : 1) * (SIDE + GAP)
    links.push({ number, event: line.id, at: line.at, text: line.text, x, y })
  })
  return links
}

function middleOf(lines: readonly Placed[], { row }: { row: string }): number {
  const found = lines.find((line) => line.side === 'here' && line.row?.id === row)
  return found === undefined
    ? RULER_HEIGHT / 2
    : found.y + RULER_HEIGHT + Math.min(found.height / 2, 38)
}

/** The number under a pointer. */
export function linkAt(links: readonly Link[], x: number, y: number): Link | undefined {
  return links.find((link) => Math.abs(link.x - x) <= SIDE / 2 && Math.abs(link.y - y) <= SIDE / 2)
}
