import { visible } from '../../../engine/text/visible'
import type { LeaseRow, StorageView } from '../../../engine/worker/protocol'
import { dialCaption, dialPhase } from '../../draw/dial'
import { shortenMiddle, shortRemainingText } from '../../draw/figures'
import { giftOf } from '../../draw/member-words'
import type { StageLayout } from '../../draw/stage-layout'
import { usePainter, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { useMoment } from '../parts/moment'
import { setText } from '../parts/write'
import { boxStyle } from './box'
import { DialOption, Dials, useTabStop } from './dial-option'
import { isSeen } from './keys'
import { fateWord } from './storage-card'
import type { Cast } from './use-stage'

interface TruthProps {
  cast: Cast
  shown: readonly LeaseRow[]
  layout: StageLayout
}

/** The truth for an audience: each lease is a dial or a row. */
export function PresentTruth({ cast, shown, layout }: TruthProps) {
  const stop = useTabStop(shown)
  const members = useRun((state) => state.members)
  const { area } = layout.truth
  if (shown.length === 0)
    return (
      <p className="present-note present-none" style={boxStyle(area)}>
        No lease
      </p>
    )
  const lone = shown.length === 1
  return (
    <>
      <Dials name="Leases">
        {shown.map((lease, i) => {
          const place = layout.truth.dials[i]
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
      {shown.map((lease, i) => {
        const place = layout.truth.dials[i]
        return (
          place && <Lease key={lease.id} lease={lease} cast={cast} lone={lone} box={place.tags} />
        )
      })}
    </>
  )
}

interface LeaseProps {
  lease: LeaseRow
  cast: Cast
  lone: boolean
  box: Parameters<typeof boxStyle>[0]
}

/**
 * The words of a lease: the lock that the lease holds, else its first key. Among other leases, a
 * lease shows its countdown here too.
 */
function Lease({ lease, cast: { keys, locks, members }, lone, box }: LeaseProps) {
  const caption = useMoment((now) => dialCaption(lease, now, !lone, giftOf(lease, members)))
  const [held] = locks.filter(({ holder }) => holder?.lease === lease.id)
  const mine = keys.filter((key) => key.lease === lease.id || key.gone?.lease === lease.id)
  const marks = useMoment((now) => mine.map((row) => (isSeen(row, now) ? '+' : '-')).join(''))
  const [key] = mine.filter((_, i) => marks[i] === '+')
  const most = Math.max(6, Math.floor((box.width - (lone ? 4 : 70)) / 8.6))
  return (
    <div className="present-lease" data-lone={lone || undefined} style={boxStyle(box)}>
      {!lone && <Left lease={lease} />}
      <div className="present-words">
        <p>
          <b>{lease.name}</b>
          {!lone && <span className="present-note"> {caption}</span>}
        </p>
        {lone && <p className="present-note">{caption}</p>}
        {held !== undefined ? (
          <p className="present-lock">
            <Icon name="hex" small />
            <span>held by {visible(held.holder?.client ?? '')}</span>
          </p>
        ) : (
          key !== undefined && (
            <p>
              <code>
                {key.gone !== null ? (
                  <del>{shortenMiddle(visible(key.key), most)}</del>
                ) : (
                  shortenMiddle(visible(key.key), most)
                )}
              </code>
            </p>
          )
        )}
      </div>
    </div>
  )
}

/** The countdown of a lease among other leases. */
function Left({ lease }: { lease: LeaseRow }) {
  const phase = useMoment((now) => dialPhase(lease, now))
  const paint = usePainter<HTMLElement>((element, now) => {
    const counts = phase !== 'gone' && phase !== 'uncounted' && lease.deadline !== null
    setText(
      element,
      counts ? shortRemainingText((lease.deadline ?? 0) - now) : phase === 'uncounted' ? '?' : '–',
    )
  })
  return <span ref={paint} className="present-left" data-phase={phase} />
}

/** With more leases than dials: the number of living and of ended leases. */
export function PresentMany({ layout: { truth } }: { layout: StageLayout }) {
  const live = useRun((state) => state.live)
  const ended = useRun((state) => state.ended)
  return (
    <div className="present-many" style={boxStyle(truth.area)}>
      <p>
        <span className="present-left">{live.toLocaleString('en')}</span> leases live
      </p>
      <p>
        <span className="present-left">{ended.toLocaleString('en')}</span> ended
      </p>
    </div>
  )
}

/** The last write and its outcome. */
export function PresentStorage({ storage, layout }: { storage: StorageView; layout: StageLayout }) {
  const box = layout.truth.storage
  const [last] = storage.writes
  if (box === null) return null
  return (
    <section className="stage-card present-storage" aria-label="Storage" style={boxStyle(box)}>
      <b>storage</b>
      {last === undefined ? (
        <span className="present-note">no write yet</span>
      ) : (
        <>
          <code>{shortenMiddle(visible(last.value), 9)}</code>
          <span className={!last.taken || last.stale ? 'bad' : 'good'}>{fateWord(last)}</span>
        </>
      )}
    </section>
  )
}
