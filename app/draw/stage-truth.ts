// The third column. One dial per lease with its keys beside it, as large as fits; cells for many
// leases; the storage at the bottom.

import type { Rect } from './message-path'
import type { Columns, LeaseShape } from './stage-shapes'

/** A lease's dial, and the area for its keys at the right. */
export interface DialPlace {
  x: number
  y: number
  r: number
  tags: Rect
}

export interface TruthLayout {
  form: 'none' | 'dials' | 'dots' | 'cells'
  /** In the order of the leases; empty for cells. */
  dials: DialPlace[]
  /** The area of the cells, and of the note that no lease lives. */
  area: Rect
  /** For keys without a lease; null if there are none. */
  loose: Rect | null
  storage: Rect | null
}

interface TruthInput {
  leases: readonly LeaseShape[]
  cells: boolean
  writes: number | null
  loose: boolean
}

/** Pixels outside a dial for its graduations. */
export const OUTSIDE = 12
const LARGE = 92
const [MEDIUM, SMALL, DOT] = [50, 30, 9]
/** How much the rows of dials may shrink before the next smaller size is used. */
const LEAST_SCALE = 0.7
const DOT_ROW = 28
/** Pixels between two dials: graduations, or the tick at a dial's edge, and a gap. */
const [GAP_GRADUATED, GAP_PLAIN] = [30, 14]
/** The number of writes on the storage card: enough to see one client overtake another. */
const MOST_WRITES = 2
/** The most pixels of a key's tag. */
const MOST_TAG = 300

export function layoutTruth(
  columns: Columns,
  { leases, cells, writes, loose }: TruthInput,
): TruthLayout {
  const { top, bottom, margin, truth, width } = columns
  const whole: Rect = {
    x: truth + margin,
    y: top,
    width: width - truth - 2 * margin,
    height: bottom - top,
  }
  const storage = writes === null ? null : storageBox(whole, columns.height, writes)
  const room = storage === null ? whole : { ...whole, height: storage.y - 12 - whole.y }
  if (cells) return { form: 'cells', dials: [], area: room, loose: null, storage }
  if (leases.length === 1) {
    const [dial, below] = lone(room, storage === null ? columns.middle : null, loose)
    return { form: 'dials', dials: [dial], area: room, loose: below, storage }
  }
  const bar: Rect | null = loose ? { ...room, y: room.y + room.height - 32, height: 32 } : null
  const area = bar === null ? room : { ...room, height: room.height - 40 }
  if (leases.length === 0) return { form: 'none', dials: [], area, loose: bar, storage }
  for (const [radius, ended] of [
    [MEDIUM, SMALL],
    [SMALL, SMALL],
  ] as const) {
    for (const across of area.width >= 440 && radius === SMALL ? [1, 2] : [1]) {
      const dials = rows(area, leases, radius, ended, across)
      if (dials !== null) return { form: 'dials', dials, area, loose: bar, storage }
    }
  }
  return { form: 'dots', dials: dots(area, leases.length), area, loose: bar, storage }
}

/** Whether only one line fits in the head of a storage card. */
export function isLow(height: number): boolean {
  return height < 90
}

/** The number of writes on a storage card of that height. */
export function storageRows(height: number): number {
  return Math.max(
    1,
    isLow(height) ? Math.floor((height - 32) / 24) : Math.floor((height - 40) / 28),
  )
}

function storageBox(whole: Rect, height: number, writes: number): Rect {
  const [head, row] = height >= 380 ? [64, 28] : [32, 24]
  // A low card keeps its height, because its dials cannot move.
  const shown = height >= 380 ? Math.min(MOST_WRITES, Math.max(1, writes)) : MOST_WRITES
  const tall = head + row * shown
  return { ...whole, y: whole.y + whole.height - tall, height: tall }
}

/**
 * One lease with its keys beside it; below them, items without a lease. `middle`: the height of the
 * wire. Null if the storage takes its room.
 */
function lone(room: Rect, middle: number | null, loose: boolean): [DialPlace, Rect | null] {
  const across = (room.width - 2 * OUTSIDE - 130) / 2
  const r = Math.round(Math.max(SMALL, Math.min(LARGE, room.height / 2 - 2 * OUTSIDE, across)))
  const [x, y] = [room.x + r + OUTSIDE + 10, middle ?? Math.round(room.y + room.height / 2)]
  const [left, bottom] = [x + r + 46, room.y + room.height]
  const width = Math.min(228, room.x + room.width - left)
  const bar = loose
    ? { x: left, y: Math.min(y + 100, bottom - 32), width: room.x + room.width - left, height: 32 }
    : null
  return [
    {
      x,
      y,
      r,
      tags: { x: left, y: y - 16, width, height: (bar === null ? bottom : bar.y - 8) - y + 16 },
    },
    bar,
  ]
}

/** One dial per row, in one or two columns; null if they would be too small. */
function rows(
  area: Rect,
  leases: readonly LeaseShape[],
  live: number,
  ended: number,
  across: number,
): DialPlace[] | null {
  const per = Math.ceil(leases.length / across)
  const radii = leases.map((lease) => (lease.live ? live : ended))
  const gapOf = (r: number): number => (r > SMALL ? GAP_GRADUATED : GAP_PLAIN)
  const sum = (list: readonly number[]): number => list.reduce((all, each) => all + each, 0)
  const columns = Array.from({ length: across }, (_, c) => radii.slice(c * per, (c + 1) * per))
  // The dials shrink, their spacing does not.
  const scaleOf = (column: readonly number[]): number =>
    (area.height - sum(column.map(gapOf))) / (2 * sum(column))
  const scale = Math.min(1, ...columns.filter((column) => column.length > 0).map(scaleOf))
  if (scale < LEAST_SCALE) return null
  const heightOf = (radius: number): number => 2 * radius * scale + gapOf(radius)
  const width = area.width / across
  const tallest = Math.max(...columns.map((column) => sum(column.map(heightOf))))
  const slack = Math.min(16, (area.height - tallest) / per)
  return columns.flatMap((column, c) => {
    let y = area.y + (area.height - sum(column.map(heightOf)) - slack * column.length) / 2
    return column.map((radius) => {
      const [r, height] = [Math.round(radius * scale), heightOf(radius) + slack]
      const [x, cy] = [area.x + c * width + live * scale + 10, Math.round(y + height / 2)]
      y += height
      const left = x + live * scale + 34
      const room = area.x + (c + 1) * width - left - (c + 1 < across ? 16 : 0)
      const tags = { x: left, y: cy - 16, width: Math.min(MOST_TAG, room), height: height / 2 + 12 }
      return { x: Math.round(x), y: cy, r, tags: rounded(tags) }
    })
  })
}

/** Up to twelve leases as dots, with a name and a number beside each. */
function dots(area: Rect, count: number): DialPlace[] {
  const rowsThere = Math.max(1, Math.floor(area.height / DOT_ROW))
  const across = Math.max(1, Math.ceil(count / rowsThere))
  const per = Math.ceil(count / across)
  const width = area.width / across
  const from = area.y + (area.height - per * DOT_ROW) / 2
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [area.x + Math.floor(i / per) * width, from + (i % per) * DOT_ROW + DOT_ROW / 2]
    return {
      x: Math.round(x + DOT + 4),
      y: Math.round(y),
      r: DOT,
      tags: rounded({ x: x + 32, y: y - 12, width: width - 40, height: 24 }),
    }
  })
}

function rounded({ x, y, width, height }: Rect): Rect {
  return {
    x: Math.round(x),
    y: Math.round(y),
    width: Math.round(width),
    height: Math.round(height),
  }
}
