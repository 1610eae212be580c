import { LIBRARY_NAMES } from '../../../engine/text/libraries'
import { visible } from '../../../engine/text/visible'
import type {
  Beside,
  CompareView,
  LeaseRow,
  LogLine,
  PaneClient,
  PaneMember,
  PaneView,
} from '../../../engine/worker/protocol'
import { beliefState, heartbeatText, shownBelief } from '../../draw/belief'
import {
  type CompareRows,
  compareRows,
  compareWords,
  leaseDiffers,
  leaseOf,
} from '../../draw/compare-rows'
import { clockText } from '../../draw/figures'
import { libraryName } from '../../draw/notice'
import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { useMoment } from '../parts/moment'
import { BeliefRing } from './belief-ring'
import { SectionChip } from './client-card'
import { DialFace } from './dial'
import { StorageLines } from './storage-card'
import { useNotice } from './use-notice'
import './compare.css'

/**
 * Two branches at the same time of the run, the current branch at the left. Both halves have the
 * same places, and differences have a yellow background.
 */
export default function CompareStage({ compare }: { compare: CompareView }) {
  const name = useRun((state) => state.branches.find(({ current }) => current)?.name ?? 'here')
  const { here, there, parting, different } = compare
  const rows = compareRows(compare)
  return (
    <div className="compare-stage">
      <Half
        name={name}
        pane={here}
        other={there}
        rows={rows}
        parting={parting?.here ?? null}
        current
      />
      <Half
        name={compare.name}
        pane={there}
        other={here}
        rows={rows}
        parting={parting?.there ?? null}
        current={false}
      />
      <p className="sr-only" role="status">
        {different === 0
          ? 'Nothing differs at this time'
          : `${different} ${different === 1 ? 'thing differs' : 'things differ'} at this time`}
      </p>
    </div>
  )
}

interface HalfProps {
  name: string
  pane: PaneView
  other: PaneView
  rows: CompareRows
  parting: LogLine | null
  current: boolean
}

function Half({ name, pane, other, rows, parting, current }: HalfProps) {
  const { commands } = useApp()
  const storage = pane.storage[0]
  return (
    <section className="compare-half" aria-label={`Branch ${visible(name)}`}>
      <header className="compare-name" data-current={current || undefined}>
        <h2>{visible(name)}</h2>
        {parting !== null && (
          <button
            type="button"
            className="text-link compare-parting"
            title={`${current ? 'Go to' : `Change to ${visible(name)}, at`} this event: ${parting.text}`}
            onClick={() =>
              current ? commands.seekEvent(parting.id) : commands.crossTo(parting.id)
            }
          >
            {clockText(parting.at)} s: {parting.text}
          </button>
        )}
      </header>
      {rows.clients.length > 0 && (
        <div className="compare-column">
          {rows.clients.map((id) => (
            <CompareClient key={id} id={id} client={pane.clients.find((each) => each.id === id)} />
          ))}
        </div>
      )}
      <div className="compare-column">
        {rows.members.length > 0 && <CompareMembers names={rows.members} pane={pane} />}
        {rows.leases.length === 0 && <p className="muted">No lease is live.</p>}
        {rows.leases.map((id) => (
          <CompareLeaseRow key={id} id={id} pane={pane} other={other} />
        ))}
        {rows.locks.map((id) => (
          <CompareLock key={id} name={id} pane={pane} />
        ))}
        {rows.storage && (
          <div className="stage-card storage-card compare-storage">
            {storage ? (
              <StorageLines storage={storage.is} rows={2} low={false} differs={differs(storage)} />
            ) : (
              <p className="muted">No write here.</p>
            )}
          </div>
        )}
      </div>
    </section>
  )
}

function differs(each: Beside<unknown> | undefined): boolean {
  return each === undefined || each.differs === null || each.differs.length > 0
}

function isOther(each: Beside<unknown>, facets: readonly string[]): true | undefined {
  return each.differs === null || each.differs.some((facet) => facets.includes(facet)) || undefined
}

function CompareClient({ id, client }: { id: string; client: Beside<PaneClient> | undefined }) {
  if (client === undefined) {
    return (
      <article className="stage-card compare-client">
        <header>
          <b>{visible(id)}</b>
        </header>
        <p className="muted compare-none">is not here</p>
      </article>
    )
  }
  return <LiveClient id={id} client={client} />
}

function LiveClient({ id, client }: { id: string; client: Beside<PaneClient> }) {
  const { is } = client
  const belief = shownBelief(is.beliefs)
  const state = useMoment((now) => (belief === null ? null : beliefState(belief, is, now)))
  const notice = useNotice(is, belief, true)
  return (
    <article className="stage-card compare-client" data-state={is.state}>
      <header>
        <b>{visible(id)}</b>
        <small className="client-library diff-words" data-differs={isOther(client, ['library'])}>
          {libraryName(is) ?? (isOther(client, ['library']) && LIBRARY_NAMES[is.library])}
        </small>
        {is.section !== null && (
          <span className="diff-words" data-differs={isOther(client, ['section'])}>
            <SectionChip section={is.section} />
          </span>
        )}
      </header>
      <div className="client-body">
        {belief !== null && state !== null && (
          <BeliefRing
            belief={belief}
            state={state}
            size={52}
            frozenAt={is.state === 'paused' ? is.since : null}
          />
        )}
        <div className="belief-words">
          <p className="strong">
            <span className="diff-words" data-differs={isOther(client, ['belief', 'truth'])}>
              {belief === null || state === null ? 'has no lease' : compareWords(belief, state)}
            </span>
          </p>
          {(notice === '' || is.section !== null) && (
            <p className="small muted">
              <span
                className="diff-words"
                data-differs={isOther(client, ['process', 'section', 'heartbeat'])}
              >
                {noteOf(is)}
              </span>
            </p>
          )}
          {notice !== '' && (
            <p className="small">
              <span className="diff-words" data-differs={isOther(client, ['library', 'belief'])}>
                {notice}
              </span>
            </p>
          )}
        </div>
      </div>
    </article>
  )
}

function noteOf({ state, since, program, beliefs }: PaneClient): string {
  if (state === 'paused') return `frozen since ${clockText(since)} s`
  if (state === 'down') return 'its process is down'
  if (program?.sectionSince != null) return `inside since ${clockText(program.sectionSince)} s`
  if (program?.ended) return 'its program has ended'
  const belief = shownBelief(beliefs)
  return belief === null ? '' : heartbeatText(belief, state, false)
}

function CompareMembers({ names, pane }: { names: readonly string[]; pane: PaneView }) {
  return (
    <ul className="compare-members">
      {names.map((name) => {
        const member = pane.members.find(({ id }) => id === name)
        return (
          <li key={name} data-differs={differs(member) || undefined}>
            <b>{visible(name)}</b>{' '}
            {member === undefined ? 'is not here' : <Role member={member.is} />}
          </li>
        )
      })}
    </ul>
  )
}

function Role({ member: { role, paused, term } }: { member: PaneMember }) {
  const icon = role === 'down' ? 'down' : paused ? 'pause' : role === 'leader' ? 'crown' : null
  return (
    <>
      {icon !== null && <Icon name={icon} small />}
      <span className="muted">
        {role === 'down' ? 'down' : paused ? 'frozen' : `${role}, term ${term}`}
      </span>
    </>
  )
}

function CompareLeaseRow({ id, pane, other }: { id: string; pane: PaneView; other: PaneView }) {
  const mine = leaseOf(pane, id)
  const isOtherwise = leaseDiffers(mine, leaseOf(other, id))
  return (
    <div className="compare-lease" data-differs={isOtherwise || undefined}>
      {mine === null ? (
        <p className="muted">not granted here</p>
      ) : 'gone' in mine ? (
        <>
          <svg className="compare-gone" viewBox="-26 -26 52 52" aria-hidden="true">
            <circle r="25" />
            <text className="dial-name" y="5" textAnchor="middle">
              {mine.gone.name}
            </text>
          </svg>
          <p>
            <b>{mine.gone.name}</b> is gone since {clockText(mine.gone.at)} s
          </p>
        </>
      ) : (
        <LiveLease id={id} lease={mine.lease.is} />
      )}
    </div>
  )
}

function LiveLease({ id, lease }: { id: string; lease: PaneView['leases'][number]['is'] }) {
  const { name, ttlSeconds, deadline, keys, keyCount } = lease
  const row: LeaseRow = {
    ...lease,
    id,
    state: 'live',
    stopped: null,
    checkpoint: null,
    keys: keys.map(({ key }) => key),
    holders: [],
    expiredAt: null,
    ended: null,
  }
  return (
    <>
      <span className="compare-dial" title={`Lease ${id}`}>
        <DialFace lease={row} r={26} gift={null} />
      </span>
      <div className="compare-words">
        <p>
          <b>{name}</b>{' '}
          {deadline === null ? 'is not counted' : `is due at ${clockText(deadline)} s`}{' '}
          <span className="muted compare-ttl">of {ttlSeconds} s</span>
        </p>
        <p className="small muted compare-keys">
          {keyCount === 0 ? 'no key' : <code>{keys.map(({ key }) => visible(key)).join(' ')}</code>}
          {keyCount > keys.length && ` and ${keyCount - keys.length} more`}
        </p>
      </div>
    </>
  )
}

function CompareLock({ name, pane }: { name: string; pane: PaneView }) {
  const lock = pane.locks.find(({ id }) => id === name)
  const holder = lock?.is.holder ?? null
  return (
    <p className="lock-line compare-lock" data-held={holder !== null || undefined}>
      <Icon name="hex" small />
      <span className="diff-words" data-differs={differs(lock) || undefined}>
        {holder === null ? (
          <>
            <b>{visible(name)}</b> is free
          </>
        ) : (
          <>
            <b>{visible(name)}</b> is held by <b>{visible(holder)}</b>
            {lock?.is.token != null && <span className="muted"> token {lock.is.token}</span>}
          </>
        )}
      </span>
      {(lock?.is.inside.length ?? 0) > 1 && <b className="bad">two are inside</b>}
    </p>
  )
}
