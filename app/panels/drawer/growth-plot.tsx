import { useEffect } from 'react'
import type { GrowthRow, GrowthView } from '../../../engine/worker/protocol'
import { longCount, type PlotSize, plotOf, STRUCTURE_WORDS } from '../../draw/growth'
import { useApp, useRun } from '../parts/app-context'
import './growth-plot.css'

export const NAMES = ['sorted', 'scan', 'heap', 'wheel'] as const

/** The count, requested while it is drawn. `hidden`: the picture would answer the open question. */
export function useGrowth(): { hidden: boolean; growth: GrowthView | null } {
  const { commands } = useApp()
  const hidden = useRun(
    ({ story }) => story?.ask?.state === 'open' && story.ask.kind === 'choose' && story.ask.atOnce,
  )
  const growth = useRun((state) => state.growth)
  useEffect(() => {
    if (!hidden) commands.changeInterest({ growth: true })
  }, [commands, hidden])
  useEffect(() => () => commands.changeInterest({ growth: undefined }), [commands])
  return { hidden, growth }
}

export function GrowthWait() {
  return (
    <p className="growth-wait">
      Answer first. Then the four are counted, from 10 leases to 100,000.
    </p>
  )
}

export function GrowthStatus({ growth: { rows, counting } }: { growth: GrowthView }) {
  const { leases, seconds } = rows.at(-1)!
  return (
    <p role="status" className="growth-status">
      {counting === null
        ? `Counted up to ${longCount(leases)} leases. The last count took ${seconds === 1 ? 'one virtual second' : `${seconds} virtual seconds`}.`
        : `Counting ${longCount(counting)} leases…`}
    </p>
  )
}

/** One line per structure, on two logarithmic axes. */
export function GrowthPlot({ rows, size }: { rows: readonly GrowthRow[]; size: PlotSize }) {
  const { lines, across, down } = plotOf(rows, size)
  return (
    <svg
      className="growth"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={summary(rows)}
    >
      <g>
        {across.map(({ y, text }) => (
          <g key={text}>
            <line className="growth-grid" x1={36} x2={size.width - 124} y1={y} y2={y} />
            <text x={30} y={y + 4} textAnchor="end">
              {text}
            </text>
          </g>
        ))}
        {down.map(({ x, text }) => (
          <text key={text} x={x} y={size.height - 6} textAnchor="middle">
            {text}
          </text>
        ))}
        {lines.map(({ name, points, label }) => (
          <g key={name} data-structure={name}>
            <polyline points={points.map((point) => point.join(',')).join(' ')} />
            {points.map(([x, y]) => (
              <circle key={x} cx={x} cy={y} r={3} />
            ))}
            {label !== null && (
              <text className="growth-word" x={label.x} y={label.y + 4}>
                {label.text}
              </text>
            )}
          </g>
        ))}
      </g>
    </svg>
  )
}

function summary(rows: readonly GrowthRow[]): string {
  const last = rows.findLast((row) => NAMES.every((name) => row[name] !== null))
  if (last === undefined) return 'Operations as leases grow'
  const each = NAMES.map((name) => `${STRUCTURE_WORDS[name]} ${longCount(last[name]!)}`)
  return `Operations in one virtual second at ${longCount(last.leases)} leases: ${each.join(', ')}`
}
