// A small stage of one branch at the cursor. What is otherwise on the other side says so in words, behind a sign.

import { memo, type ReactNode, useId } from 'react'
import type { Belief, Beside, PaneClient, PaneLease, PaneLock, PaneMember, PaneView } from '../../../engine/worker/protocol'
import { clockText, shortId, ttlText } from '../../draw/figures'
import { usePainter } from '../parts/app-context'
import { Remaining } from '../parts/figure'
import { CandidateIcon, CrownIcon, HeartIcon, PauseSign } from '../parts/icons'
import { setAttribute } from '../parts/write'
import { Ring } from '../stage/ring'

interface PaneProps {
  name: string
  standing: string
  pane: PaneView
  /** Where the two part, as it was on this side. */
  children: ReactNode
}

export function Pane({ name, standing, pane, children }: PaneProps) {
  const { members, leases, keys, clients, locks, broken } = pane
  const id = useId()
  return (
    <article className="pane" aria-labelledby={id}>
      <h3 id={id}>
        {name} <span className="muted">{standing}</span>
      </h3>
      {children}
      <Part title="Members">
        {members.map((each) => (
          <Item key={each.id} of={each}>
            <MemberLine name={each.id} member={each.is} />
          </Item>
        ))}
      </Part>
      {pane.nobodyCounts && <p className="pane-note">◌ No lessor is primary: nobody counts the leases down.</p>}
      <Part title="Leases and their keys" empty="No lease.">
        {leases.map((each) => (
          <Item key={each.id} of={each}>
            <Lease id={each.id} lease={each.is} />
          </Item>
        ))}
      </Part>
      {keys.length > 0 && (
        <Part title="Keys on no lease">
          {keys.map((each) => (
            <Item key={each.id} of={each}>
              <Chip name={each.id} value={each.is} />
            </Item>
          ))}
        </Part>
      )}
      <Part title="Clients and what they believe" empty="No client.">
        {clients.map((each) => (
          <Item key={each.id} of={each}>
            <Client id={each.id} client={each.is} />
          </Item>
        ))}
      </Part>
      {locks.length > 0 && (
        <Part title="Locks">
          {locks.map((each) => (
            <Item key={each.id} of={each}>
              <Lock name={each.id} lock={each.is} />
            </Item>
          ))}
        </Part>
      )}
      {broken.length > 0 && (
        <Part title="Broken by now">
          {broken.map((each) => (
            <Item key={each.id} of={each}>
              <span className="pane-words">
                <b>✕ {each.is.sentence}</b> since {clockText(each.is.at)} s: {each.is.because}
              </span>
            </Item>
          ))}
        </Part>
      )}
    </article>
  )
}

function Part({ title, empty, children }: { title: string; empty?: string; children: ReactNode[] }) {
  const id = useId()
  return (
    <section className="pane-part">
      <h4 id={id}>{title}</h4>
      {children.length === 0 ? <p className="muted">{empty}</p> : <ul aria-labelledby={id}>{children}</ul>}
    </section>
  )
}

function Item({ of: { differs }, children }: { of: Beside<unknown>; children: ReactNode }) {
  return (
    <li data-differs={differs === null ? 'alone' : differs.length > 0 ? 'otherwise' : undefined}>
      {children}
      {differs === null && (
        <span className="differs">
          <span aria-hidden="true">＋ </span>only here
        </span>
      )}
      {differs !== null && differs.length > 0 && (
        <span className="differs">
          <span aria-hidden="true">≠ </span>differs: {differs.join(', ')}
        </span>
      )}
    </li>
  )
}

function MemberLine({ name, member: { role, standing, paused, term, primary } }: { name: string; member: PaneMember }) {
  return (
    <span className="pane-words">
      <b>{name}</b> {standing === 'voter' ? <Role role={role} paused={paused} /> : `${standing.replace('-', ' ')}, ${role}`}
      {standing === 'unstarted' || standing === 'unstarted-learner' ? '' : `, term ${term}`}
      {primary && ', ● primary'}
    </span>
  )
}

function Role({ role, paused }: Pick<PaneMember, 'role' | 'paused'>) {
  if (role === 'down') return <>✕ DOWN</>
  return (
    <>
      {paused && (
        <>
          <PauseSign /> FROZEN{' '}
        </>
      )}
      {role === 'leader' ? (
        <>
          <CrownIcon /> LEADER
        </>
      ) : role === 'candidate' || role === 'pre-candidate' ? (
        <>
          <CandidateIcon /> {role.toUpperCase()}
        </>
      ) : (
        role
      )}
    </>
  )
}

const Lease = memo(function Lease({ id, lease: { ttlSeconds, deadline, renewedAt, keys, keyCount } }: { id: string; lease: PaneLease }) {
  return (
    <span className="pane-lease">
      <Ring size={52} ttlSeconds={ttlSeconds} deadline={deadline} renewedAt={renewedAt} look="truth" caption="" />
      <span className="pane-words">
        <span>
          lease <code>{shortId(id)}</code>{' '}
          <span className="muted">
            {deadline === null ? (
              'nobody counts'
            ) : (
              <span className="sr-only">
                <Remaining until={deadline} />
              </span>
            )}{' '}
            of {ttlText(ttlSeconds)}
          </span>
        </span>
        <span className="chips">
          {keys.map(({ key, value }) => (
            <Chip key={key} name={key} value={value} />
          ))}
          {keyCount === 0 && <span className="muted">no key hangs on it</span>}
          {keyCount > keys.length && <span className="muted">and {keyCount - keys.length} more</span>}
        </span>
      </span>
    </span>
  )
})

function Chip({ name, value }: { name: string; value: string }) {
  return (
    <span className="chip">
      {name} <span className="chip-value">{value}</span>
    </span>
  )
}

const stateWords: Record<PaneClient['state'], string> = { up: '', paused: ' ❚❚ PAUSED', down: ' ✕ CRASHED' }
const MOST_BELIEFS = 3

function Client({ id, client: { kind, state, beliefs, section } }: { id: string; client: PaneClient }) {
  const shown = [...beliefs].sort((a, b) => Number(a.lost) - Number(b.lost)).slice(0, MOST_BELIEFS)
  return (
    <span className="pane-words">
      <span>
        <b>{id}</b>
        {kind === 'terminal' && <span className="muted"> terminal</span>}
        {stateWords[state]}
        {section !== null && <> ▣ in the critical section {section}</>}
      </span>
      {shown.map((belief) => (
        <BeliefLine key={belief.lease} belief={belief} />
      ))}
      {beliefs.length > shown.length && <span className="muted">and {beliefs.length - shown.length} more</span>}
    </span>
  )
}

/** Where a client believes in a lease that is gone, that is said as long as it does. */
function BeliefLine({ belief: { lease, until, lost, heartbeat, truth } }: { belief: Belief }) {
  const beats = heartbeat && !lost
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    setAttribute(element, 'data-over', until !== null && now >= until ? 'yes' : 'no')
  })
  return (
    <span className="pane-belief" ref={paint}>
      <HeartIcon on={beats} /> {beats ? 'heartbeat on' : 'heartbeat off'}:{' '}
      {lost ? (
        'knows that it is gone, '
      ) : until === null ? (
        'waits for '
      ) : (
        <>
          <span className="belief-holds">
            believes for <Remaining until={until} /> in{' '}
          </span>
          <span className="belief-ended">thinks it has run out, </span>
        </>
      )}
      <code>{shortId(lease)}</code>
      {truth.goneAt !== null && !lost && until !== null && (
        <b className="belief-holds"> ✕ gone since {clockText(truth.goneAt)} s, yet believed</b>
      )}
    </span>
  )
}

const verdictWords: Record<PaneLock['verdict'], string> = {
  broken: '✕ BROKEN: two are inside',
  wrong: '✕ WRONG: who is inside does not hold it',
  stuck: '◼ STUCK',
  held: '● held',
  free: '○ free',
}

function Lock({ name, lock: { verdict, inside, holder, token } }: { name: string; lock: PaneLock }) {
  return (
    <span className="pane-words">
      <span>
        <code>{name}</code> {verdictWords[verdict]}
      </span>
      <span>
        {holder === null ? 'nobody holds it' : `by ${holder}, token ${token}`}
        {inside.length > 0 && `; in the section: ${inside.join(' and ')}`}
      </span>
    </span>
  )
}
