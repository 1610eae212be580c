import type { LaneName, Tape, TapeLane, TapeRow } from '../../../engine/worker/protocol'

export const ROW_HEIGHT = 24
export const OPENED_HEIGHT = 60
export const SUMMARY_HEIGHT = 28
export const RULER_HEIGHT = 20

/** A row and where it stands: pixels from the top. */
export interface Placed {
  lane: LaneName
  row: TapeRow
  summary: boolean
  /** The first of its lane, where the lane's name stands. */
  first: boolean
  top: number
  height: number
}

export interface Layout {
  rows: Placed[]
  height: number
  lanes: TapeLane[]
}

/** Lanes with nothing in them take no room. */
export function layoutOf(tape: Pick<Tape, 'lanes'> | null): Layout {
  const rows: Placed[] = []
  let top = RULER_HEIGHT
  const lanes = tape?.lanes.filter(({ total }) => total > 0) ?? []
  for (const { lane, rows: some, summary } of lanes) {
    const all = summary === null ? some : [summary, ...some]
    all.forEach((row, i) => {
      const height = row === summary ? SUMMARY_HEIGHT : row.teeth !== null ? OPENED_HEIGHT : ROW_HEIGHT
      rows.push({ lane, row, summary: row === summary, first: i === 0, top, height })
      top += height
    })
  }
  return { rows, height: top, lanes }
}

/** The row at a height, if there is one. */
export function rowAt({ rows }: Layout, y: number): Placed | undefined {
  return rows.find(({ top, height }) => y >= top && y < top + height)
}
