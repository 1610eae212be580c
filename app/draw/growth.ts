// The number of operations as the leases grow: lines on two logarithmic axes.

import type { GrowthRow, StructureName } from '../../engine/worker/protocol'

export interface PlotSize {
  width: number
  height: number
}

export interface PlotLine {
  name: StructureName
  /** The points counted so far, in px. */
  points: [x: number, y: number][]
  /**
   * The position of the label: right of the last point, clear of its neighbours. Null before the
   * first point.
   */
  label: { x: number; y: number; text: string } | null
}

export interface Plot {
  lines: PlotLine[]
  /** Grid lines and their labels. */
  across: { y: number; text: string }[]
  down: { x: number; text: string }[]
}

/** The text of a label. */
export const STRUCTURE_WORDS: Record<StructureName, string> = {
  scan: 'scan of all',
  sorted: 'sorted array',
  heap: 'heap (etcd)',
  wheel: 'timing wheel',
}

const ORDER: readonly StructureName[] = ['sorted', 'scan', 'heap', 'wheel']
const TOP_POWER = 9
const MARGIN = { left: 36, right: 124, top: 10, bottom: 24 }
const LABEL_STEP = 16

/** Positions for all rows. A row may have only some of its counts. */
export function plotOf(rows: readonly GrowthRow[], { width, height }: PlotSize): Plot {
  const [first = 1, last = 10] = [rows[0]?.leases, rows.at(-1)?.leases]
  const [left, right] = [MARGIN.left, width - MARGIN.right]
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom]
  const x = (leases: number): number =>
    left + (Math.log10(leases / first) / Math.log10(last / first)) * (right - left)
  const y = (operations: number): number =>
    bottom - (Math.log10(Math.max(1, operations)) / TOP_POWER) * (bottom - top)
  const lines = ORDER.map((name): PlotLine => {
    const counted = rows.flatMap((row): [number, number][] =>
      row[name] === null ? [] : [[row.leases, row[name]]],
    )
    const end = counted.at(-1)
    return {
      name,
      points: counted.map(([leases, operations]) => [x(leases), y(operations)]),
      label:
        end === undefined
          ? null
          : {
              x: x(end[0]) + 8,
              y: y(end[1]),
              text: `${STRUCTURE_WORDS[name]} ${shortCount(end[1])}`,
            },
    }
  })
  spread(lines, bottom)
  return {
    lines,
    across: [0, 3, 6, 9].map((power) => ({ y: y(10 ** power), text: shortCount(10 ** power) })),
    down: rows.map(({ leases }) => ({ x: x(leases), text: shortCount(leases) })),
  }
}

/** Labels do not overlap: the upper ones move up, and the lowest stays above the axis. */
function spread(lines: readonly PlotLine[], bottom: number): void {
  const labels = lines.flatMap(({ label }) => label ?? []).sort((a, b) => b.y - a.y)
  let below = bottom + LABEL_STEP / 2
  for (const label of labels) {
    label.y = Math.min(label.y, below - LABEL_STEP)
    below = label.y
  }
}

/** `764 M`, `93 k`, `5.1`: two or three digits. */
export function shortCount(count: number): string {
  const [unit, word] = count >= 999_500 ? [1e6, ' M'] : count >= 999.5 ? [1e3, ' k'] : [1, '']
  const value = count / unit
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${word}`
}

/** `764,494,100`, `5.1`: every significant digit, for the table. */
export function longCount(count: number): string {
  const text = count < 100 ? String(Math.round(count * 10) / 10) : String(Math.round(count))
  return text.replace(/\B(?=(\d{3})+$)/g, ',')
}
