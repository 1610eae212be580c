import { memo } from 'react'
import { visible } from '../../../engine/text/visible'
import type { KeyRow, LeaseRow, LockView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { giftOf } from '../../draw/member-words'
import type { Rect } from '../../draw/message-path'
import type { DialPlace, TruthLayout } from '../../draw/stage-truth'
import { useApp, useRun } from '../parts/app-context'
import { Remaining } from '../parts/figure'
import { Foreign } from '../parts/foreign'
import { useMoment } from '../parts/moment'
import { boxStyle } from './box'
import { DialOption, Dials, useTabStop } from './dial-option'
import { isOfLock, isSeen, KeyTag, keysLeft, LockLine } from './keys'

/** Pixels of a key's tag with the gap below, and of a line of words. */
const TAG = 38
const LINE = 22

interface TruthProps {
  layout: TruthLayout
  leases: readonly LeaseRow[]
  keys: readonly KeyRow[]
  locks: readonly LockView[]
}

/**
 * The truth: a dial for each lease, with its keys on a string. Enter or a click chooses a lease.
 */
export function Truth({ layout, leases, keys, locks }: TruthProps) {
  const stop = useTabStop(leases)
  const members = useRun((state) => state.members)
  // The note is below its dial when there is room for all dials, else beside the keys.
  const beside = layout.dials.some(
    ({ y, r }) => y + r + noteGap(r) + 16 > layout.area.y + layout.area.height + 8,
  )
  if (layout.form === 'none') return <NoLease area={layout.area} />
  return (
    <>
      <Dials name="Leases">
        {leases.map((lease, i) => {
          const place = layout.dials[i]
          if (!place) return null
          const { x, y, r } = place
          const style = { left: x - r, top: y - r, width: 2 * r, height: 2 * r }
          return (
            <DialOption
              key={lease.id}
              lease={lease}
              r={r}
              gift={giftOf(lease, members)}
              stop={lease.id === stop}
              style={style}
            />
          )
        })}
      </Dials>
      {leases.map((lease, i) => {
        const place = layout.dials[i]
        if (!place) return null
        const mine = keys.filter((key) => key.lease === lease.id || key.gone?.lease === lease.id)
        const held = locks.filter(({ holder }) => holder?.lease === lease.id)
        return layout.form === 'dots' ? (
          <DotWords key={lease.id} lease={lease} place={place} keys={mine} />
        ) : (
          <Holding
            key={lease.id}
            lease={lease}
            place={place}
            keys={mine}
            locks={held}
            allLocks={locks}
            beside={beside}
          />
        )
      })}
      {layout.dials.length === 1 && leases[0] && layout.dials[0] && !beside && (
        <StoppedNote lease={leases[0]} place={layout.dials[0]} />
      )}
    </>
  )
}

interface HoldingProps {
  lease: LeaseRow
  place: DialPlace
  keys: readonly KeyRow[]
  locks: readonly LockView[]
  allLocks: readonly LockView[]
  /** The note about the remaining time at the stop of the count is here. */
  beside: boolean
}

/** The keys of a lease, and the words about the keys. */
const Holding = memo(function Holding({
  lease,
  place: { tags, r },
  keys,
  locks,
  allLocks,
  beside,
}: HoldingProps) {
  const lines = locks.length > 0 ? locks.length : 1
  const room = Math.max(1, Math.floor((tags.height - lines * LINE) / TAG))
  // A struck tag disappears after two seconds. The words below then move up to the dial.
  const marks = useMoment((now) => keys.map((row) => (isSeen(row, now) ? '+' : '-')).join(''))
  const seen = keys.filter((_, i) => marks[i] === '+')
  const shown = seen.slice(0, seen.length > room ? Math.max(1, room - 1) : room)
  const more = keysLeft(lease, seen, shown)
  const [only] = shown
  const narrow = r >= 76 && tags.width < 200
  return (
    <div className="holding" style={boxStyle(tags)}>
      {shown.map((row) => (
        <KeyTag
          key={row.key}
          row={row}
          token={isOfLock(row.key, allLocks)}
          width={narrow ? Math.min(tags.width, 120) : tags.width}
        />
      ))}
      {more > 0 && (
        <p className="small muted">
          and {more} more {more === 1 ? 'key' : 'keys'}
        </p>
      )}
      {seen.length === 0 && lease.keyCount === 0 && lease.state !== 'gone' && (
        <PutKey lease={lease} />
      )}
      {locks.map((lock) => (
        <LockLine key={lock.name} lock={lock} />
      ))}
      {locks.length === 0 && tags.height >= TAG + 16 && (
        <p className="small muted">
          {narrow && only && only.gone === null && (
            <>
              <Foreign text={only.value} />
              <br />
            </>
          )}
          {beside && stoppedText(lease) !== '' ? (
            stoppedText(lease)
          ) : (
            <HoldingNote lease={lease} keys={shown.length} />
          )}
        </p>
      )}
    </div>
  )
})

/** The words of a lease without a key. */
export function PutKey({ lease: { id, name } }: { lease: LeaseRow }) {
  const { commands } = useApp()
  return (
    <p className="key-none">
      <button type="button" className="text-link" onClick={() => commands.putKeyOn(id)}>
        Put a key…<span className="sr-only"> on {name}</span>
      </button>
    </p>
  )
}

function HoldingNote({ lease, keys }: { lease: LeaseRow; keys: number }) {
  const { name, ended, expiredAt } = lease
  if (ended !== null)
    return expiredAt === null
      ? `${name} was revoked at ${clockText(ended.at)}`
      : `${name} was due at ${clockText(expiredAt)}, deleted at ${clockText(ended.at)}`
  return keys === 0 ? null : keys === 1 ? `lives as long as ${name}` : `live as long as ${name}`
}

/** The line of a lease when the dials are dots. */
function DotWords({
  lease,
  place: { tags },
  keys,
}: {
  lease: LeaseRow
  place: DialPlace
  keys: readonly KeyRow[]
}) {
  return (
    <p className="dot-words" style={boxStyle(tags)}>
      <b>{lease.name}</b>
      {lease.state === 'gone' ? (
        <span className="muted">gone</span>
      ) : lease.deadline === null ? (
        <span className="muted">not counted</span>
      ) : (
        <Remaining until={lease.deadline} />
      )}
      {tags.width >= 150 && keys[0] && (
        <code className="muted">
          {keys[0].gone ? <del>{visible(keys[0].key)}</del> : visible(keys[0].key)}
        </code>
      )}
    </p>
  )
}

/** Pixels from a dial to the note below the dial. */
function noteGap(r: number): number {
  return r >= 76 ? 30 : 14
}

/** `4.0 s were left when m1 crashed`. Empty while a primary counts the lease. */
function stoppedText({ stopped, deadline, state }: LeaseRow): string {
  if (stopped === null || deadline !== null || state === 'gone') return ''
  return `${(Math.floor(stopped.left / 100) / 10).toFixed(1)} s were left when ${stopped.because}`
}

function StoppedNote({ lease, place: { x, y, r } }: { lease: LeaseRow; place: DialPlace }) {
  return (
    <p
      className="stopped-note small muted"
      style={{ left: x - 120, top: y + r + noteGap(r), width: 240 }}
    >
      {stoppedText(lease)}
    </p>
  )
}

/** The note when no lease lives. */
export function NoLease({ area }: { area?: Rect }) {
  const ended = useRun((state) => state.ended)
  const { commands } = useApp()
  return (
    <div className="no-lease" style={area && { left: area.x, top: area.y + area.height / 2 }}>
      <p className="strong">{ended === 0 ? 'No lease yet' : `No lease is live. ${ended} ended.`}</p>
      <p className="muted">
        {ended === 0
          ? 'A lease has a TTL. Keys on it end with it.'
          : ended === 1
            ? 'Its row stays on the timeline.'
            : 'Their rows stay on the timeline.'}
      </p>
      <button type="button" className="text-link" onClick={() => commands.grant(10)}>
        Grant a lease
      </button>
    </div>
  )
}
