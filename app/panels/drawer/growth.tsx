// Four structures that find expired leases, counted at the same work as leases grow: one plot, and the same as a table.

import { useEffect } from 'react'
import type { GrowthRow, GrowthView } from '../../../engine/worker/protocol'
import { longCount, plotOf, STRUCTURE_WORDS } from '../../draw/growth'
import { useApp, useRun } from '../parts/app-context'
import { PHONE, useMedia } from '../parts/media'
import { PanelHead } from './panel-head'
import './growth.css'

/** Px; the picture is drawn as wide as the panel. The text of a phone stays readable at its narrowest. */
const SIZE = { width: 400, height: 300 }
const PHONE_SIZE = { width: 320, height: 240 }
const NAMES = ['sorted', 'scan', 'heap', 'wheel'] as const

export default function Growth() {
  const { commands } = useApp()
  // The picture would answer the question.
  const hidden = useRun(({ story }) => story?.ask?.state === 'open' && story.ask.kind === 'choose' && story.ask.atOnce)
  const growth = useRun((state) => state.growth)
  useEffect(() => {
    if (!hidden) commands.look({ growth: true })
  }, [commands, hidden])
  useEffect(() => () => commands.look({ growth: undefined }), [commands])
  return (
    <>
      <PanelHead title="As leases grow" />
      {hidden ? (
        <p className="growth-wait">Answer first. Then the four are counted, from 10 leases to 100,000.</p>
      ) : (
        growth !== null && <Counted growth={growth} />
      )}
      <p className="inside-more">
        <button type="button" className="pick" onClick={() => commands.show('inside')}>
          The heap of this run
        </button>
      </p>
    </>
  )
}

function Counted({ growth: { rows, counting } }: { growth: GrowthView }) {
  const size = useMedia(PHONE) ? PHONE_SIZE : SIZE
  const { lines, across, down } = plotOf(rows, size)
  const { leases, seconds } = rows.at(-1)!
  return (
    <>
      <p role="status" className="growth-status">
        {counting === null
          ? `Counted up to ${longCount(leases)} leases, that one in ${seconds === 1 ? 'one virtual second' : `${seconds} virtual seconds`}.`
          : `Counting ${longCount(counting)} leases…`}
      </p>
      <svg className="growth" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={summary(rows)}>
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
      <p className="muted small">Operations in one virtual second, by the number of leases. Both axes are logarithmic.</p>
      <p>etcd uses the heap. Until 2018 it scanned all leases.</p>
      <details>
        <summary>The same as a table, and how it is counted</summary>
        <p className="small">
          Each structure does the same work. A lease has a TTL of 10 to 60 s and is renewed every third of it. A pass looks for expired
          leases every 500 ms. Counted are comparisons and moves of entries.
        </p>
        <table className="growth-table">
          <thead>
            <tr>
              <th scope="col">Leases</th>
              {NAMES.map((name) => (
                <th key={name} scope="col">
                  {STRUCTURE_WORDS[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.leases}>
                <th scope="row">{longCount(row.leases)}</th>
                {NAMES.map((name) => (
                  <td key={name}>{row[name] === null ? '…' : longCount(row[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

function summary(rows: readonly GrowthRow[]): string {
  const last = rows.findLast((row) => NAMES.every((name) => row[name] !== null))
  if (last === undefined) return 'Operations as leases grow'
  const each = NAMES.map((name) => `${STRUCTURE_WORDS[name]} ${longCount(last[name]!)}`)
  return `Operations in one virtual second at ${longCount(last.leases)} leases: ${each.join(', ')}`
}
