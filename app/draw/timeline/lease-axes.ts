// The vertical position of a lease's remaining time in its row.

import type { TapeRow } from '../../../engine/worker/protocol'

/**
 * From this height on, a row has labels and the beliefs of clients. Below the second height it is
 * one of many rows, without signs.
 */
const TALL = 60
const THIN = 28

export interface LeaseAxes {
  row: TapeRow
  top: number
  base: number
  /** The height of a remaining time in pixels. */
  y(left: number): number
  tall: boolean
  thin: boolean
}

/** The axes of a row whose top is `y` and whose height is `height`. */
export function axesOf(row: TapeRow, y: number, height: number): LeaseAxes {
  const tall = height >= TALL
  const thin = height < THIN
  const pads =
    height >= 130
      ? { top: 26, bottom: 38 }
      : tall
        ? { top: 20, bottom: 28 }
        : thin
          ? { top: 6, bottom: 7 }
          : { top: 8, bottom: 13 }
  const top = y + pads.top
  const base = y + height - pads.bottom
  const ttl = Math.max(1, (row.lease?.ttlSeconds ?? 0) * 1000)
  return { row, top, base, tall, thin, y: (left) => base - (left / ttl) * (base - top) }
}
