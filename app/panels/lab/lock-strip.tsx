import type { LockView } from '../../../engine/worker/protocol'
import { shortId } from '../../draw/figures'
import { useRun } from '../app-context'
import { Remaining } from '../figure'

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

type Verdict = 'broken' | 'wrong' | 'stuck' | 'held' | 'free'

const glyphs: Record<Verdict, string> = { broken: '✕✕', wrong: '✕', stuck: '◌', held: '⬢', free: '○' }

function verdictOf({ inside, holder, waiting }: LockView): Verdict {
  if (inside.length > 1) return 'broken'
  if (inside.length === 1 && holder?.client !== inside[0]) return 'wrong'
  if (inside.length === 0 && holder?.dead && waiting.some((name) => name !== holder.client)) return 'stuck'
  return holder === null && inside.length === 0 ? 'free' : 'held'
}

function Lock({ lock }: { lock: LockView }) {
  const { name, holder, inside, believers, queue, waiting } = lock
  const verdict = verdictOf(lock)
  return (
    <div className="lock" data-verdict={verdict}>
      <p className="lock-head" role="status">
        <b>
          <span aria-hidden="true">{glyphs[verdict]}</span> {name}
        </b>{' '}
        <VerdictWords lock={lock} verdict={verdict} />
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
          <dt>in the queue</dt>
          <dd>{queue.length > 0 ? queue.join(', ') : waiting.filter((other) => other !== holder?.client).join(', ') || 'nobody'}</dd>
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

function VerdictWords({ lock: { inside, holder, waiting }, verdict }: { lock: LockView; verdict: Verdict }) {
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
      const why = { down: 'has crashed', paused: 'is paused', gone: 'is gone' }[holder?.dead ?? 'gone']
      const others = waiting.filter((name) => name !== holder?.client)
      return (
        <>
          Nobody works, {others.join(' and ')} {others.length === 1 ? 'waits' : 'wait'}: {who} {why}
          {holder?.lease === null ? (
            '; its key has no lease and stays for ever.'
          ) : holder?.deadline == null ? (
            '; nobody counts its lease.'
          ) : (
            <>
              {' '}
              and its lease has <Remaining until={holder.deadline} /> left.
            </>
          )}
        </>
      )
    }
    case 'held':
      return <>{inside.length === 1 ? `${inside[0]} holds it and works.` : `${holder?.client ?? 'Somebody'} holds it.`}</>
    case 'free':
      return <>Nobody holds it.</>
  }
}
