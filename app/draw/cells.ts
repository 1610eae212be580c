// Many leases: a column is half a second of remaining time, a cell is a lease. Cells move with the
// clock. Leases with 0 s left wait for the next expiry pass.

import type { CellsView } from '../../engine/worker/protocol'
import { SOON_MS } from './dial'

/** Virtual ms of a column. */
const COLUMN_MS = 500
/** Virtual ms for which a renewed cell is marked. */
const RENEWED_MS = 500

export interface CellGrid {
  /**
   * Pixels: the position of 0 s left, the base line, the width of a column and the height of a row.
   */
  zero: number
  base: number
  step: number
  row: number
  /** Seconds between the axis' labels, and the last of them. */
  every: number
  last: number
}

export type CellLook = 'live' | 'soon' | 'renewed' | 'due'

export interface Cell {
  /** The n of Ln. */
  number: number
  x: number
  y: number
  look: CellLook
}

/**
 * The grid for a width and a height in pixels, from the longest remaining time in ms and the count
 * of the fullest column.
 */
export function cellGrid(
  width: number,
  height: number,
  longest: number,
  highest: number,
): CellGrid {
  const zero = 48
  const seconds = Math.max(10, Math.ceil(longest / 10_000) * 10)
  const step = Math.max(1, Math.min(10, (width - zero - 16) / (seconds * 2)))
  const row = Math.min(step, (height - 8) / Math.max(1, highest))
  const every = seconds <= 60 ? 10 : seconds <= 300 ? 60 : Math.ceil(seconds / 6 / 60) * 60
  return { zero, base: height, step, row, every, last: Math.floor(seconds / every) * every }
}

/** The column of a remaining time. -1: waits for the expiry pass. */
export function columnOf(left: number): number {
  return left <= 0 ? -1 : Math.floor(left / COLUMN_MS)
}

/** How many cells the fullest column has. */
export function highestColumn({ deadlines }: Pick<CellsView, 'deadlines'>, now: number): number {
  let [highest, count, column] = [0, 0, Number.NaN]
  for (const deadline of deadlines) {
    const at = columnOf(deadline - now)
    count = at === column ? count + 1 : 1
    column = at
    highest = Math.max(highest, count)
  }
  return highest
}

/** Every cell, earliest deadline first. Leases without a running countdown have no cell. */
export function cellsAt(cells: CellsView, now: number, grid: CellGrid): Cell[] {
  const placed: Cell[] = []
  let [height, column] = [0, Number.NaN]
  for (let i = 0; i < cells.deadlines.length; i++) {
    const left = cells.deadlines[i]! - now
    if (!Number.isFinite(left)) continue
    const at = columnOf(left)
    height = at === column ? height + 1 : 0
    column = at
    const renewed = now - cells.renewedAt[i]!
    const look =
      left <= 0
        ? 'due'
        : left <= SOON_MS
          ? 'soon'
          : renewed >= 0 && renewed <= RENEWED_MS
            ? 'renewed'
            : 'live'
    placed.push({
      number: cells.numbers[i]!,
      x: grid.zero + at * grid.step,
      y: grid.base - (height + 1) * grid.row,
      look,
    })
  }
  return placed
}

/** The cell under a point, or null. */
export function cellUnder(
  cells: readonly Cell[],
  x: number,
  y: number,
  { step, row }: CellGrid,
): Cell | null {
  return (
    cells.find((cell) => x >= cell.x && x < cell.x + step && y >= cell.y && y < cell.y + row) ??
    null
  )
}

/** How many leases are in their last two seconds. */
export function lastSeconds({ deadlines }: Pick<CellsView, 'deadlines'>, now: number): number {
  let count = 0
  for (const deadline of deadlines) if (deadline - now <= SOON_MS && deadline > now) count++
  return count
}
