import { useEffect, useMemo, useRef, useState } from 'react'
import type { CellsView } from '../../../engine/worker/protocol'
import {
  type Cell,
  type CellGrid,
  cellGrid,
  cellsAt,
  cellUnder,
  highestColumn,
  lastSeconds,
} from '../../draw/cells'
import { remainingText, ttlText } from '../../draw/figures'
import type { Rect } from '../../draw/message-path'
import { useApp, usePainter, useRun, useUi } from '../parts/app-context'
import { useMedia } from '../parts/media'
import { useMoment } from '../parts/moment'
import { setAttribute, setText } from '../parts/write'
import { boxStyle } from './box'
import { type CellInk, readInk } from './cell-ink'
import './cells.css'

/** Pixels of the numbers above the cells, and of the axis and the legend below the cells. */
const HEAD = 60
const FOOT = 56

/**
 * When there are more leases than dials, each lease is a cell, placed by its remaining time. A
 * click chooses a lease.
 */
export default function Cells({ box }: { box: Rect }) {
  const cells = useRun((state) => state.cells)
  return (
    <div className="cells" style={boxStyle(box)}>
      <Counts cells={cells} />
      {cells !== null && (
        <CellChart cells={cells} width={box.width} height={box.height - HEAD - FOOT} />
      )}
      <p className="cells-legend small muted">
        <span data-look="live">live</span>
        <span data-look="renewed">renewed in the last 0.5 s</span>
        <span data-look="soon">last 2 s</span>
      </p>
    </div>
  )
}

function Counts({ cells }: { cells: CellsView | null }) {
  const live = useRun((state) => state.live)
  const ended = useRun((state) => state.ended)
  const { renewals, revokes } = useRun((state) => state.rates)
  const last = useMoment((now) => (cells === null ? 0 : lastSeconds(cells, now)))
  const numbers: [number, string][] = [
    [live, 'live'],
    [ended, 'ended'],
    [last, 'in their last 2 s'],
    [renewals, 'renewals in 1 s'],
    [revokes, 'revokes in 1 s'],
  ]
  return (
    <dl className="cells-counts">
      {numbers.map(([count, word]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  )
}

interface ChartProps {
  cells: CellsView
  width: number
  height: number
}

function CellChart({ cells, width, height }: ChartProps) {
  const { run } = useApp()
  const lease = useUi((state) => state.lease)
  const rows = useRun((state) => state.leases.rows)
  const dark = useMedia('(prefers-color-scheme: dark)')
  const forced = useMedia('(forced-colors: active)')
  const now = run.getState().now
  const grid = useGrid(cells, now, width, height)
  const chosen = Number(rows.find(({ id }) => id === lease)?.name.slice(1) ?? Number.NaN)
  const placed = useRef<Cell[]>([])
  const paint = usePainter<HTMLCanvasElement>((canvas, at) => {
    placed.current = cellsAt(cells, at, grid)
    draw(canvas, placed.current, grid, { width, height }, readInk(canvas, forced, dark), chosen)
  })
  const mark = usePainter<SVGSVGElement>((svg, at) => {
    const i = cells.numbers.indexOf(chosen)
    const cell =
      i < 0 ? undefined : cellsAt(cells, at, grid).find(({ number }) => number === chosen)
    const [line, text] = [svg.querySelector('.cell-line'), svg.querySelector('.cell-name')]
    setAttribute(line, 'd', cell ? `M${cell.x + grid.step / 2} ${cell.y - 2}V26` : '')
    setAttribute(text, 'x', cell ? String(Math.min(width - 150, Math.max(0, cell.x - 4))) : '0')
    setText(
      text,
      cell
        ? `L${chosen}, ${remainingText(cells.deadlines[i]! - at).replace(/ s$/, '')} of ${ttlText(cells.ttls[i]!)}`
        : '',
    )
  })
  const chooseNumber = useChoiceByNumber()
  const choose = (x: number, y: number) => {
    const cell = cellUnder(placed.current, x, y, grid)
    if (cell) chooseNumber(cell.number)
  }
  const labels = Array.from(
    { length: Math.floor(grid.last / grid.every) + 1 },
    (_, i) => i * grid.every,
  )
  return (
    <div className="cells-chart">
      <canvas
        ref={paint}
        style={{ width, height }}
        role="img"
        aria-label={`${cells.total} living leases, each a cell, placed by the time it has left. The rows of the timeline list them.`}
        onClick={({ nativeEvent: { offsetX, offsetY } }) => choose(offsetX, offsetY)}
      />
      <svg ref={mark} className="cells-axis" width={width} height={height + 28} aria-hidden="true">
        <path className="hairline-strong" d={`M8 ${height + 0.5}H${width}`} />
        {labels.map((seconds) => {
          const x = grid.zero + (seconds * 1000 * grid.step) / 500
          return (
            <g key={seconds}>
              <path className="hairline-strong" d={`M${x} ${height}v6`} />
              <text className="stage-text" x={x} y={height + 21} textAnchor="middle">
                {seconds === 0 ? '0 s left' : seconds}
              </text>
            </g>
          )
        })}
        <path className="sweep" d={`M${grid.zero} -4V${height + 5}`} />
        <path className="sweep-mark" d={`M${grid.zero - 5} -8h10l-5 7z`} />
        <text className="stage-text sweep-word" x={grid.zero + 10} y="4">
          the expiry pass takes what is left of this line
        </text>
        <path className="cell-line" />
        <text className="cell-name halo" y="22" />
      </svg>
    </div>
  )
}

/**
 * Chooses Ln. The page requests the rows around Ln, and chooses the lease when its row has arrived.
 */
function useChoiceByNumber(): (number: number) => void {
  const { commands, ui } = useApp()
  const rows = useRun((state) => state.leases.rows)
  const [wanted, setWanted] = useState<number | null>(null)
  useEffect(() => {
    if (wanted === null) return
    const row = rows.find(({ name }) => name === `L${wanted}`)
    if (row === undefined) return
    if (ui.getState().lease !== row.id) commands.chooseLease(row.id)
    setWanted(null)
  }, [rows, wanted, commands, ui])
  return (number) => {
    commands.changeInterest({ leases: { ...ui.getState().interest.leases, around: number } })
    setWanted(number)
  }
}

/**
 * The grid does not change while the cells move. The grid changes with the size, and when the cells
 * would not fit.
 */
function useGrid(cells: CellsView, now: number, width: number, height: number): CellGrid {
  const longest = cells.ttls.reduce((most, ttl) => Math.max(most, ttl), 10) * 1000
  const highest = Math.max(12, Math.ceil(highestColumn(cells, now) / 8) * 8)
  return useMemo(
    () => cellGrid(width, height, Math.min(longest, 3_600_000), highest),
    [width, height, longest, highest],
  )
}

function draw(
  canvas: HTMLCanvasElement,
  cells: readonly Cell[],
  { step, row }: CellGrid,
  { width, height }: { width: number; height: number },
  ink: CellInk,
  chosen: number,
): void {
  const pen = canvas.getContext('2d')
  if (!pen) return
  const ratio = window.devicePixelRatio || 1
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, width, height)
  const gap = step > 4 ? 1 : 0
  for (const { number, x, y, look } of cells) {
    if (look === 'due') {
      pen.strokeStyle = ink.ink
      pen.lineWidth = 1.5
      pen.strokeRect(x + 1, y + 1, step - 3, Math.max(1, row - 3))
    } else {
      pen.fillStyle = ink[look]
      pen.fillRect(x, y, step - gap, Math.max(0.5, row - (row > 3 ? 1 : 0)))
    }
    if (number === chosen) {
      pen.strokeStyle = ink.ink
      pen.lineWidth = 2
      pen.strokeRect(x - 1, y - 1, step + 1, row + 1)
    }
  }
}
