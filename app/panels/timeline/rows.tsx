import { memo, type ReactNode } from 'react'
import { visible } from '../../../engine/text/visible'
import type { TapeRow } from '../../../engine/worker/protocol'
import { ttlText } from '../../draw/figures'
import { beliefAt, leaseNow, leftText } from '../../draw/timeline/lease-now'
import type { Placed } from '../../draw/timeline/placed'
import { useApp, usePainter, useRun, useUi } from '../parts/app-context'
import { setAttribute } from '../parts/write'
import { LeaseActions } from './actions'
import { GrantLease } from './grant'

interface RowProps {
  line: Placed
  left: number
  /** The row shows its actions. */
  active: boolean
  /** There are several rows of this kind. A lone row of heartbeats needs no name. */
  several: boolean
  /** The range of the living leases in view, as text. */
  range: string
  branch: string | null
  /** The visible part when other rows cover this row (CSS clip-path). */
  clip: string | undefined
}

/**
 * A row in the document: its header, and the actions of a lease. The canvas below draws the marks.
 */
export const TimelineRow = memo(function TimelineRow({
  line,
  left,
  active,
  several,
  range,
  branch,
  clip,
}: RowProps) {
  const { commands } = useApp()
  const { kind, row } = line
  const chosen = useUi((state) => row?.lease != null && state.lease === row.id)
  const label = usePainter<HTMLDivElement>((element, now) => {
    if (row?.lease != null) setAttribute(element, 'aria-label', leaseLabel(row, now))
  })
  const isLease = kind === 'lease' || kind === 'thin'
  const narrow = left < 148 ? (left < 100 ? 'phone' : 'small') : null
  const named = line.begins ? branch : null
  return (
    // The row of a lease takes the focus, so that the keyboard reaches the actions.
    // biome-ignore lint/a11y/useSemanticElements: the rows lie over a canvas and are its headers
    <div
      ref={label}
      role="row"
      className="timeline-row"
      data-kind={kind}
      data-line={line.id}
      data-compact={branch !== null || line.height < 60 || undefined}
      data-low={line.height < 76 || undefined}
      data-chosen={chosen || undefined}
      style={{ top: line.y, height: line.height, clipPath: clip }}
      tabIndex={isLease ? 0 : undefined}
      onKeyDown={(event) => {
        if (
          event.target !== event.currentTarget ||
          event.key !== 'Enter' ||
          row === null ||
          !isLease
        )
          return
        event.preventDefault()
        commands.chooseLease(row.id)
      }}
    >
      {kind !== 'grant' && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: Enter on the row does the same from the keyboard
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          role="rowheader"
          className="row-header"
          style={{ width: left }}
          title={isLease && row !== null ? `ID ${row.id}` : undefined}
          onClick={() => isLease && row !== null && commands.chooseLease(row.id)}
        >
          {named !== null && (
            <span className="row-branch" data-side={line.side} title={visible(named)}>
              <span>{visible(named)}</span>
            </span>
          )}
          {/* With room for one name, the header shows the branch. */}
          <span className={named !== null && narrow !== null ? 'sr-only' : 'row-what'}>
            <Header line={line} several={several} compact={branch !== null} narrow={narrow} />
          </span>
        </div>
      )}
      {kind === 'count' && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <span role="cell" className="row-range" style={{ left: left + 8 }}>
          {range}
        </span>
      )}
      {kind === 'grant' && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div role="cell">
          <GrantLease />
        </div>
      )}
      {isLease && active && row !== null && line.side === 'here' && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div role="cell">
          <LeaseActions row={row} />
        </div>
      )}
    </div>
  )
})

interface HeaderProps {
  line: Placed
  several: boolean
  compact: boolean
  /** `small`: no room for the legend. `phone`: no room for the key either. */
  narrow: 'small' | 'phone' | null
}

function Header({
  line: { kind, row, first, height },
  several,
  compact,
  narrow,
}: HeaderProps): ReactNode {
  switch (kind) {
    case 'lease':
      return (
        row !== null && (
          <LeaseHeader row={row} compact={compact} low={height < 60} narrow={narrow} />
        )
      )
    case 'thin':
      return (
        <>
          <span className="row-name">{row?.label}</span>
          <small>{row?.lease != null && ttlText(row.lease.ttlSeconds)}</small>
        </>
      )
    case 'key':
      return (
        <span className="row-key" title={row?.label}>
          {row?.label}
        </span>
      )
    case 'store':
      return (
        <>
          <span className="row-key">{row?.label}</span>
          {narrow !== 'phone' && <small>store</small>}
        </>
      )
    case 'inside':
      return (
        <>
          {first && <span className="row-key">{visible(row?.group ?? '')}</span>}
          <small>{row?.label}</small>
        </>
      )
    case 'heartbeat':
      return (
        <span className="row-word">
          {several
            ? narrow === 'phone'
              ? `♥ ${row?.label}`
              : `heartbeat ${row?.label}`
            : 'heartbeat'}
        </span>
      )
    case 'terminal':
      return (
        <span className="row-word">
          {several ? (narrow === 'phone' ? row?.label : `console ${row?.label}`) : 'console'}
        </span>
      )
    case 'load':
      return <span className="row-word">leases live</span>
    case 'rates':
      return <span className="row-word">per second</span>
    case 'count':
      return <small className="row-sort">rows by time left</small>
    case 'grant':
      return null
    default:
      return <span className="row-word">{row?.label}</span>
  }
}

function LeaseHeader({
  row,
  compact,
  low,
  narrow,
}: {
  row: TapeRow
  compact: boolean
  low: boolean
  narrow: HeaderProps['narrow']
}) {
  const { lease, label } = row
  if (lease === null) return null
  const of =
    narrow === 'phone'
      ? null
      : visible(lease.key ?? (lease.client === null ? '' : `client ${lease.client}`))
  const believers = [...new Set(lease.beliefs.map(({ client }) => client))]
  if (compact) return <small>{label}</small>
  if (low)
    return (
      <>
        <span className="row-name">{label}</span>
        <small>{[ttlText(lease.ttlSeconds), ...believers.slice(0, 1)].join(' · ')}</small>
      </>
    )
  return (
    <>
      <span className="row-name">{label}</span>
      <span className="row-of">
        {ttlText(lease.ttlSeconds)}
        {of && (
          <>
            {' · '}
            <bdi>{of}</bdi>
          </>
        )}
      </span>
      {believers.length > 0 && narrow === null && (
        <span className="row-legend">
          <i aria-hidden="true" />
          <span>
            <bdi>{believers.slice(0, 2).map(visible).join(', ')}</bdi>{' '}
            {believers.length > 1 ? 'believe' : 'believes'}
          </span>
        </span>
      )}
    </>
  )
}

/** `L1, 5.2 of 8 s, /svc/a, svc believes 5.0 s`. */
function leaseLabel(row: TapeRow, now: number): string {
  const { lease, label } = row
  if (lease === null) return label
  const { deadline, ended } = leaseNow(row, now)
  const ttl = ttlText(lease.ttlSeconds)
  const left =
    ended !== null
      ? 'gone'
      : deadline === null
        ? `no member counts it, TTL ${ttl}`
        : `${leftText(deadline - now).replace(/ s$/, '')} of ${ttl}`
  const beliefs = lease.beliefs.flatMap((belief) => {
    const until = beliefAt(belief, now)
    return until === null ? [] : [`${visible(belief.client)} believes ${leftText(until - now)}`]
  })
  return [label, left, visible(lease.key ?? ''), ...beliefs].filter(Boolean).join(', ')
}

/** The names of the compared branches, by side. Null without a comparison. */
export function useBranchNames(): { here: string; there: string } | null {
  const name = useRun((state) => state.compare?.name ?? null)
  const here = useRun((state) => state.branches.find(({ current }) => current)?.name ?? 'main')
  return name === null ? null : { here, there: name }
}
