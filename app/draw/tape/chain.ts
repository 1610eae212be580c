// The answer to "why?" on the picture: every event of the chain where it stands, with the number that its sentence has, and a line from each to the next.

import type { WhyView } from '../../../engine/worker/protocol'
import type { Layout, Placed } from './layout'
import { RULER_HEIGHT } from './layout'
import type { Colours, Pen } from './pen'
import type { Scale } from './scale'

export interface Link {
  /** 1 for the event that was asked about. */
  number: number
  event: number
  at: number
  text: string
  x: number
  y: number
}

/** Pixels of a number's side, and what two of them keep between each other. */
const SIDE = 16
const GAP = 2

/** The number of each reason: those that have an event count up from 1. */
export function numbersOf({ reasons }: WhyView): (number | null)[] {
  let number = 0
  return reasons.map(({ line }) => (line === null ? null : ++number))
}

/** Where each event stands; those of one moment side by side. An event without a row of its own here stands in its lane's summary, else in the ruler. */
export function chainOf(why: WhyView | null, layout: Layout, scale: Scale): Link[] {
  if (why === null) return []
  const links: Link[] = []
  const numbers = numbersOf(why)
  why.reasons.forEach(({ line, place }, i) => {
    const number = numbers[i]
    if (line === null || number == null) return
    const y = place === null ? RULER_HEIGHT / 2 : middleOf(layout.rows, place)
    let x = scale.x(line.at)
    for (const other of links) if (other.y === y && Math.abs(other.x - x) < SIDE + GAP) x = other.x + SIDE + GAP
    links.push({ number, event: line.id, at: line.at, text: line.text, x, y })
  })
  return links
}

function middleOf(rows: readonly Placed[], place: { lane: string; row: string }): number {
  const ofLane = rows.filter(({ lane }) => lane === place.lane)
  const found = ofLane.find(({ row }) => row.id === place.row) ?? ofLane.find(({ summary }) => summary)
  // An opened lease is taller; its bar stands at its top.
  return found === undefined ? RULER_HEIGHT / 2 : found.top + SIDE / 2 + 4
}

/** The number under a pointer. */
export function linkAt(links: readonly Link[], x: number, y: number): Link | undefined {
  return links.find((link) => Math.abs(link.x - x) <= SIDE / 2 && Math.abs(link.y - y) <= SIDE / 2)
}

export function paintChain(pen: Pen, links: readonly Link[], colours: Colours): void {
  if (links.length === 0) return
  for (const [colour, width] of [
    [colours.card, 4],
    [colours.text, 1.5],
  ] as const) {
    pen.strokeStyle = colour
    pen.lineWidth = width
    pen.beginPath()
    links.forEach(({ x, y }, i) => {
      if (i === 0) pen.moveTo(x, y)
      else pen.lineTo(x, y)
    })
    pen.stroke()
  }
  pen.textAlign = 'center'
  pen.lineWidth = 1.5
  // From the last to the first, so that what was asked about lies on top.
  for (const { number, x, y } of links.toReversed()) {
    const isAsked = number === 1
    pen.fillStyle = isAsked ? colours.text : colours.card
    pen.fillRect(x - SIDE / 2, y - SIDE / 2, SIDE, SIDE)
    pen.strokeStyle = isAsked ? colours.card : colours.text
    pen.beginPath()
    pen.rect(x - SIDE / 2, y - SIDE / 2, SIDE, SIDE)
    pen.stroke()
    pen.fillStyle = isAsked ? colours.card : colours.text
    pen.fillText(String(number), x, y + 0.5)
  }
  pen.textAlign = 'left'
}
