// The positions of the lines for a scroll position, and the rows that it needs.

import type { LaneName, Tape } from '../../../engine/worker/protocol'
import type { Layout, Line } from './layout'

/** A line on the screen: `y` counts from the top of the rows' view. */
export interface Placed extends Line {
  y: number
  /** The line does not scroll; the other lines scroll under it. */
  over: boolean
}

/**
 * The lines in view for a scroll position. The scrolling lines come first, then the fixed ones at
 * the top. The row of the chosen lease comes last if it would be out of view. The worker's window
 * may lack that row.
 */
export function inView(
  layout: Layout,
  scrollTop: number,
  height: number,
  chosen: Tape['chosen'],
): Placed[] {
  const { lines, pinned } = layout
  const scrolling: Placed[] = []
  const staying: Placed[] = []
  const all =
    chosen === null || lines.some(({ row }) => row?.lease != null && row.id === chosen.row.id)
      ? lines
      : [...lines, chosenLine(layout, chosen)]
  for (const line of all) {
    if (line === null) continue
    if (line.pinned) {
      staying.push({ ...line, y: line.top, over: true })
      continue
    }
    const y = line.top - scrollTop
    const isChosen =
      chosen !== null &&
      line.row?.lease != null &&
      line.row.id === chosen.row.id &&
      line.side === 'here'
    const kept = isChosen
      ? Math.max(pinned, Math.min(y, Math.max(pinned, height - line.height)))
      : y
    if (kept !== y) staying.push({ ...line, y: kept, over: true })
    else if (y + line.height > pinned && y < height) scrolling.push({ ...line, y, over: false })
  }
  return [...scrolling, ...staying]
}

/**
 * A line for a lease outside of the window that was sent. If the lease has ended while many live,
 * its line is above their rows.
 */
function chosenLine(
  { blocks, pinned }: Layout,
  { row, index }: NonNullable<Tape['chosen']>,
): Line | null {
  const block = blocks.find(({ lane, side }) => lane === 'leases' && side === 'here')
  if (block === undefined) return null
  const top = index === null ? pinned - 1e6 : block.top + index * block.height
  return {
    id: `here leases ${row.id} ${row.from}`,
    kind: block.kind,
    side: 'here',
    row,
    first: false,
    begins: false,
    top,
    height: block.height,
    pinned: false,
  }
}

/**
 * How many pixels at the top and bottom of a line are hidden under fixed lines. Null if nothing is
 * hidden.
 */
export function covered(
  line: Placed,
  lines: readonly Placed[],
): { top: number; bottom: number } | null {
  if (line.over) return null
  const end = line.y + line.height
  let top = 0
  let bottom = 0
  for (const { over, y, height } of lines) {
    if (!over || y >= end || y + height <= line.y) continue
    if (y <= line.y) top = Math.max(top, y + height - line.y)
    else bottom = Math.max(bottom, end - y)
  }
  return top > 0 || bottom > 0 ? { top, bottom } : null
}

/** The rows of each lane for a view, with some rows beyond its edges. */
export function wanted(
  { blocks }: Layout,
  scrollTop: number,
  height: number,
): { lane: LaneName; from: number; count: number }[] {
  const found = new Map<LaneName, { from: number; to: number }>()
  for (const { lane, top, height: each, total } of blocks) {
    if (each <= 0) continue
    const first = Math.floor((scrollTop - top) / each)
    const last = Math.ceil((scrollTop + height - top) / each)
    // In steps, so that scrolling by a pixel requests nothing.
    const from = Math.max(0, Math.min(total, Math.floor(first / GRID) * GRID - GRID))
    const to = Math.max(from + 2 * GRID, Math.ceil(last / GRID) * GRID + GRID)
    found.set(lane, { from, to: Math.min(to, from + 190) })
  }
  return LANES.map((lane) => {
    const { from, to } = found.get(lane) ?? { from: 0, to: 2 * GRID }
    // The lines of a lock stay together, so all of them are requested.
    return lane === 'locks' ? { lane, from: 0, count: 100 } : { lane, from, count: to - from }
  })
}

const GRID = 8
export const LANES: readonly LaneName[] = [
  'leader',
  'leases',
  'keys',
  'locks',
  'heartbeats',
  'terminals',
  'faults',
  'rules',
]
