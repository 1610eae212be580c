import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SpacetimeInterest, SpacetimeMessage, SpacetimeView } from '../../../engine/worker/protocol'
import { clockText, shortId, ttlText } from '../../draw/figures'
import { type Axis, nameOf, type Placed, type PlacedBand, type PlacedLease, type PlacedMessage, placeSpacetime } from '../../draw/spacetime'
import { useApp, usePainter, useRun } from '../parts/app-context'
import { setAttribute } from '../parts/write'

const windows = [
  { ms: 1000, word: '1 s' },
  { ms: 5000, word: '5 s' },
  { ms: 15_000, word: '15 s' },
  { ms: 60_000, word: '1 min' },
]

/** Clients, members and storage as lanes, and what passes between them as slanted lines. */
export function Spacetime() {
  const { commands } = useApp()
  const [ms, setMs] = useState(15_000)
  const [peers, setPeers] = useState(false)
  const [axis, setAxis] = useState<Axis>('spaced')
  const many = useRun((state) => state.members.length > 1)
  const view = useRun((state) => state.spacetime)
  useEffect(() => {
    const spacetime: SpacetimeInterest = { from: 'tail', ms, ...(peers ? { peers } : {}) }
    commands.look({ spacetime })
    return () => commands.look({ spacetime: undefined })
  }, [commands, ms, peers])
  return (
    <div className="spacetime">
      <div className="lab-options">
        <label>
          Window{' '}
          <select value={ms} onChange={(event) => setMs(Number(event.target.value))}>
            {windows.map(({ ms: length, word }) => (
              <option key={length} value={length}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={axis === 'true'} onChange={(event) => setAxis(event.target.checked ? 'true' : 'spaced')} />
          True time
        </label>
        {many && (
          <label className="check">
            <input type="checkbox" checked={peers} onChange={(event) => setPeers(event.target.checked)} />
            Between members
          </label>
        )}
        <Legend />
      </div>
      {view === null ? <p className="empty">Nothing has been said yet.</p> : <Diagram view={view} axis={axis} />}
    </div>
  )
}

function Legend() {
  return (
    <p className="spacetime-legend" aria-hidden="true">
      <span>
        <svg width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
          <path className="st-line st-request" d="M1 1 23 10" />
        </svg>{' '}
        request
      </span>
      <span>
        <svg width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
          <path className="st-line st-reply" d="M1 10 23 1" />
        </svg>{' '}
        reply
      </span>
      <span>✕ lost</span>
      <span>
        <i className="st-key st-key-belief" /> believes
      </span>
      <span>
        <i className="st-key st-key-stale" /> believes, but gone
      </span>
    </p>
  )
}

function Diagram({ view, axis }: { view: SpacetimeView; axis: Axis }) {
  const [width, setWidth] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const placed = useMemo(() => (width === 0 ? null : placeSpacetime(view, Math.max(280, width), axis)), [view, width, axis])
  return (
    <>
      <div ref={box} className="spacetime-box">
        {placed && <Figure placed={placed} view={view} />}
      </div>
      <Honesty view={view} />
      <Twin view={view} />
    </>
  )
}

/** What is on the diagram, for who does not see it. */
function labelOf({ lanes, total, messages, bands, from, to }: SpacetimeView): string {
  const lost = messages.filter((message) => message.lost !== null).length
  const stale = bands.filter(({ kind }) => kind === 'stale').length
  const parts = [
    `Space-time diagram from ${clockText(from)} to ${clockText(to)} seconds`,
    `lanes ${lanes.map(({ id }) => id).join(', ')}`,
    `${total} messages${lost > 0 ? `, ${lost} lost` : ''}`,
    ...(stale > 0 ? [`${stale === 1 ? 'a client believes' : 'clients believe'} in a lease that is gone`] : []),
  ]
  return `${parts.join('; ')}. The table below says the same.`
}

function Figure({ placed, view }: { placed: Placed; view: SpacetimeView }) {
  const { width, height, left, lanes, ticks, x } = placed
  const paint = usePainter<SVGSVGElement>((svg, now) => {
    const at = x(now)
    const veil = svg.querySelector('.st-veil')
    setAttribute(veil, 'x', at.toFixed(1))
    setAttribute(veil, 'width', Math.max(0, width - at).toFixed(1))
    setAttribute(svg.querySelector('.st-past'), 'width', at.toFixed(1))
    setAttribute(svg.querySelector('.st-now'), 'transform', `translate(${at.toFixed(1)} 0)`)
  })
  return (
    <svg
      ref={paint}
      className="spacetime-figure"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={labelOf(view)}
    >
      <defs>
        <pattern id="st-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="st-hatch" width="2" height="5" />
        </pattern>
        <clipPath id="st-past">
          <rect className="st-past" x={0} y={0} height={height} />
        </clipPath>
      </defs>
      {ticks.map((tick) => (
        <g key={tick.at}>
          <line className="st-tick" x1={tick.x} x2={tick.x} y1={18} y2={height - 8} />
          <text className="st-time" x={tick.x} y={12} textAnchor="middle">
            {tick.at / 1000} s
          </text>
        </g>
      ))}
      {lanes.map(({ id, kind, y }) => (
        <g key={id}>
          <line className={`st-lane st-lane-${kind}`} x1={left} x2={width - 6} y1={y} y2={y} />
          <text className="st-name" x={left - 8} y={y + 4} textAnchor="end">
            {id}
          </text>
        </g>
      ))}
      {placed.leases.map((lease) => (
        <LeaseLife key={lease.lease.id + lease.lease.grantedAt} placed={lease} left={left} />
      ))}
      {placed.bands.map((band) => (
        <Band key={`${band.band.lane} ${band.band.kind} ${band.band.lease} ${band.band.from}`} placed={band} />
      ))}
      {placed.bundles.map(({ bundle, points, x: textX, y }) => (
        <g key={`${bundle.from} ${bundle.to} ${bundle.label} ${bundle.first}`}>
          <polygon className={`st-bundle st-bundle-${bundle.kind}`} points={points} />
          {(bundle.count > 1 || bundle.lost > 0) && (
            <text className="st-count" x={textX} y={y} textAnchor="middle">
              {bundle.count}×{bundle.lost > 0 ? ` (${bundle.lost} ✕)` : ''}
            </text>
          )}
        </g>
      ))}
      {placed.messages.map((message) => (
        <Message key={message.message.event} placed={message} />
      ))}
      <rect className="st-veil" y={16} height={height - 16} width={0} />
      <g className="st-now">
        <line y1={16} y2={height - 4} />
        <path d="M-5 16h10l-5 7z" />
      </g>
    </svg>
  )
}

const Message = memo(function Message({ placed: { message, x1, y1, x2, y2, label } }: { placed: PlacedMessage }) {
  const lost = message.lost !== null
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI
  return (
    <g className="st-message" data-bad={message.bad || undefined} data-lost={lost || undefined}>
      <title>{`${clockText(message.sent)} ${message.from} → ${message.to}: ${message.text}`}</title>
      <line className={`st-line st-${message.kind}`} x1={x1} y1={y1} x2={x2} y2={y2} />
      <g transform={`translate(${x2.toFixed(1)} ${y2.toFixed(1)})`}>
        {lost ? (
          <path className="st-cross" d="M-5-5 5 5M5-5-5 5" />
        ) : (
          <path className={`st-head st-head-${message.kind}`} transform={`rotate(${angle.toFixed(0)})`} d="M0 0-9-4v8z" />
        )}
      </g>
      {label && (
        <text className="st-label" x={label.x} y={label.y}>
          {nameOf(message)}
        </text>
      )}
    </g>
  )
})

const bandWords: Record<PlacedBand['band']['kind'], string> = {
  belief: '',
  stale: 'believes, but gone',
  section: 'in the section',
  paused: 'paused',
  down: '✕ down',
}

function Band({ placed: { band, x, width, y, height } }: { placed: PlacedBand }) {
  const word = [band.text, bandWords[band.kind]].find((text) => bandWords[band.kind] !== '' && text.length * 6 < width - 4)
  const above = band.kind === 'belief' || band.kind === 'stale'
  return (
    // Of what goes on nobody knows how long.
    <g className={`st-band st-band-${band.kind}`} clipPath={band.to === null ? 'url(#st-past)' : undefined}>
      <title>{band.text}</title>
      <rect x={x} y={y} width={width} height={height} />
      {word !== undefined && (
        <text x={x + 4} y={above ? y - 3 : y + height / 2 + 4}>
          {word}
        </text>
      )}
    </g>
  )
}

function LeaseLife({ placed: { lease, y, x1, x2, renewals, expired, ended }, left }: { placed: PlacedLease; left: number }) {
  return (
    <g className="st-lease" data-ended={ended !== null || undefined}>
      <title>{leaseText(lease)}</title>
      <text className="st-lease-name" x={left - 8} y={y + 4} textAnchor="end">
        {shortId(lease.id)}
      </text>
      <line x1={x1} x2={x2} y1={y} y2={y} />
      <path className="st-granted" d={`M${x1} ${y - 5}v10`} />
      {renewals.map((at, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: renewals have no other identity than their order
        <path key={i} className="st-renewed" d={`M${at - 4} ${y}h8M${at} ${y - 4}v8`} />
      ))}
      {expired !== null && <path className="st-expired" d={`M${expired} ${y - 5}l5 5-5 5-5-5z`} />}
      {ended !== null && <path className="st-ended" d={`M${ended - 4} ${y - 4}l8 8M${ended + 4} ${y - 4}l-8 8`} />}
    </g>
  )
}

function leaseText({ id, ttlSeconds, grantedAt, deadline, expiredAt, ended }: SpacetimeView['leases'][number]): string {
  const begin = `lease ${shortId(id)} of ${ttlText(ttlSeconds)}, granted at ${clockText(grantedAt)}`
  if (ended === null) return `${begin}, ${deadline === null ? 'nobody counts' : `due at ${clockText(deadline)}`}`
  return `${begin}${expiredAt === null ? '' : `, expired at ${clockText(expiredAt)}`}, revoked at ${clockText(ended.at)} (revision ${ended.revision})`
}

/** What the figure does not show one by one. */
function Honesty({ view }: { view: SpacetimeView }) {
  const counted = view.bundles.reduce((sum, { count }) => sum + count, 0)
  if (counted === 0 && !view.cut) return null
  const kinds = [...new Set(view.bundles.map(({ label }) => label))]
  const what = kinds.length === 1 && kinds[0] === 'LeaseKeepAlive' ? 'renewals and their answers' : kinds.join(', ')
  return (
    <p className="muted spacetime-note">
      {view.total} messages: {counted} of them ({what}) are counted, not drawn one by one.
      {view.cut && ' Only the latest events of this window were looked at.'}
    </p>
  )
}

/** The figure in words. */
function Twin({ view }: { view: SpacetimeView }) {
  const { commands } = useApp()
  return (
    <details className="spacetime-twin">
      <summary>The same as a table</summary>
      <div className="table-box">
        <table>
          <caption className="sr-only">Messages of the space-time diagram</caption>
          <thead>
            <tr>
              <th scope="col">sent</th>
              <th scope="col">from → to</th>
              <th scope="col">what</th>
              <th scope="col">fate</th>
            </tr>
          </thead>
          <tbody>
            {view.messages.map((message) => (
              <tr key={message.event}>
                <td>
                  <button type="button" className="link-button figure" onClick={() => commands.seekEvent(message.event)}>
                    {clockText(message.sent)}
                    <span className="sr-only"> Go there</span>
                  </button>
                </td>
                <td>
                  {message.from} → {message.to}
                </td>
                <td>{message.text}</td>
                <td>{fateOf(message)}</td>
              </tr>
            ))}
            {view.bundles.map((bundle) => (
              <tr key={`${bundle.from} ${bundle.to} ${bundle.label} ${bundle.first}`}>
                <td className="figure">
                  {clockText(bundle.first)} – {clockText(bundle.last)}
                </td>
                <td>
                  {bundle.from} → {bundle.to}
                </td>
                <td>
                  {bundle.count} × {bundle.label} ({bundle.kind})
                </td>
                <td>{bundle.lost > 0 ? `${bundle.lost} lost` : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <ul className="spacetime-spans" aria-label="Spans of the space-time diagram">
          {view.bands.map((band) => (
            <li key={`${band.lane} ${band.kind} ${band.lease} ${band.from}`}>
              <span className="figure">
                {clockText(band.from)} – {band.to === null ? '…' : clockText(band.to)}
              </span>{' '}
              {band.text.startsWith(band.lane) ? '' : `${band.lane}: `}
              {band.text}
              {band.lease !== null && ` ${shortId(band.lease)}`}
            </li>
          ))}
          {view.leases.map((lease) => (
            <li key={lease.id + lease.grantedAt}>{leaseText(lease)}</li>
          ))}
        </ul>
      </div>
    </details>
  )
}

function fateOf({ received, lost, due }: SpacetimeMessage): string {
  if (lost !== null) return `lost at ${clockText(lost)}`
  if (received !== null) return `arrives at ${clockText(received)}`
  return due === null ? 'on its way' : `on its way, due at ${clockText(due)}`
}
