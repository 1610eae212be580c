import type { LockView, Waiter } from '../../../engine/worker/protocol'
import { clockText, shortId } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { Remaining } from '../parts/figure'

const NONE: LockView[] = []

/** Who holds, who believes so, who is in the critical section: for each lock one line that cannot be misread. */
export function LockStrip() {
  const locks = useRun((state) => state.lab?.locks ?? NONE)
  return (
    <section className="locks" aria-label="Locks">
      {locks.map((lock) => (
        <Lock key={lock.name} lock={lock} />
      ))}
      {locks.length === 0 && <p className="muted">No program names a lock.</p>}
    </section>
  )
}

type Verdict = LockView['verdict']

const glyphs: Record<Verdict, string> = { broken: '✕✕', wrong: '✕', stuck: '◌', held: '⬢', free: '○' }

function Lock({ lock }: { lock: LockView }) {
  const { commands } = useApp()
  const { name, verdict, because, holder, inside, believers, waiting } = lock
  return (
    <div className="lock" data-verdict={verdict}>
      {because !== null && (
        <button type="button" className="button small" onClick={() => commands.why(because)}>
          Why?<span className="sr-only"> lock {name}</span>
        </button>
      )}
      <p className="lock-head" role="status">
        <b>
          <span aria-hidden="true">{glyphs[verdict]}</span> {name}
        </b>{' '}
        <VerdictWords lock={lock} />
      </p>
      <dl className="lock-facts">
        <div>
          <dt>by the store</dt>
          <dd>
            {holder === null ? (
              'nobody'
            ) : (
              <>
                <b>{holder.client ?? 'somebody unknown'}</b>, token {holder.token}
                {holder.lease === null ? ', no lease' : `, lease ${shortId(holder.lease)}`}
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>believes</dt>
          <dd>
            <Names names={believers} />
          </dd>
        </div>
        <div>
          <dt>in the section</dt>
          <dd>
            <Names names={inside} />
          </dd>
        </div>
        <div>
          <dt>waits</dt>
          <dd>
            <Waiters waiting={waiting} />
          </dd>
        </div>
      </dl>
    </div>
  )
}

function Names({ names }: { names: readonly string[] }) {
  if (names.length === 0) return 'nobody'
  if (names.length === 1) return <b>{names[0]}</b>
  return (
    <b>
      <span aria-hidden="true">✕</span> {names.join(' and ')}
    </b>
  )
}

/** Those in the queue have their places. */
function Waiters({ waiting }: { waiting: readonly Waiter[] }) {
  if (waiting.length === 0) return 'nobody'
  const queued = waiting.filter(({ how }) => how === 'queued').length
  return waiting.map(({ who, how }, i) => (
    <span key={who}>
      {i > 0 && ', '}
      <b>{who}</b> {how === 'queued' ? (queued > 1 ? `(${i + 1} in the queue)` : '(in the queue)') : `(${how})`}
    </span>
  ))
}

const deaths = { down: 'has crashed', paused: 'is paused', gone: 'is gone' }

function VerdictWords({ lock: { verdict, inside, holder, waiting } }: { lock: LockView }) {
  switch (verdict) {
    case 'broken':
      return <>{inside.join(' and ')} are in the critical section at once.</>
    case 'wrong':
      return (
        <>
          {inside[0]} is in the critical section, but by the store {holder?.client ? `${holder.client} holds` : 'nobody holds'} the lock.
        </>
      )
    case 'stuck': {
      const who = holder?.client ?? 'its holder'
      const others = waiting.map((waiter) => waiter.who)
      return (
        <>
          Nobody works, {others.join(' and ')} {others.length === 1 ? 'waits' : 'wait'}: {who} {deaths[holder?.dead ?? 'gone']}
          {holder?.lease === null ? (
            '; its key has no lease and stays for ever.'
          ) : holder?.deadline == null ? (
            '; nobody counts its lease.'
          ) : (
            <>
              {' '}
              and its lease has <Remaining until={holder.deadline} /> left
              {holder.revokedAt !== null && <>; the expiry loop finds it at {clockText(holder.revokedAt)} s</>}.
            </>
          )}
        </>
      )
    }
    case 'held':
      if (holder?.dead) return <>{`${holder.client ?? 'Somebody'} holds it and ${deaths[holder.dead]}.`}</>
      return <>{inside.length === 1 ? `${inside[0]} holds it and works.` : `${holder?.client ?? 'Somebody'} holds it.`}</>
    case 'free':
      return <>Nobody holds it.</>
  }
}
