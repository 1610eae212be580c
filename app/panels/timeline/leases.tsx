import { memo, useMemo, useState } from 'react'
import type { Interest, LeaseRow } from '../../../engine/worker/protocol'
import { barOf, clipOf, type TimeScale, timeScale } from '../../draw/bar'
import { clockText, remainingText, shortId, ttlText } from '../../draw/figures'
import { lookOf, lookWords } from '../../draw/look'
import { useApp, usePainter, useRun, useUi } from '../parts/app-context'
import { CopyId } from '../parts/copy-id'
import { Remaining } from '../parts/figure'
import { Pager } from '../parts/pager'
import { setAttribute, setText } from '../parts/write'

/** Above this many, rows out of sight are left out of layout and paint. */
const LONG = 25

export function Leases() {
  const rows = useRun((state) => state.leases.rows)
  const total = useRun((state) => state.leases.total)
  const interest = useUi((state) => state.interest.leases)
  const { commands } = useApp()
  const longest = rows.reduce((most, row) => Math.max(most, row.ttlSeconds * 1000), 0)
  const keepers = useKeepers()
  const scale = useMemo(() => timeScale(longest), [longest])
  return (
    <section className="panel leases" aria-labelledby="leases-title">
      <header className="panel-head">
        <h2 id="leases-title">Leases</h2>
        <span className="count">{total}</span>
        {total > 1 && (
          <label>
            <span className="sr-only">Order </span>
            <select
              value={interest.sort}
              onChange={(event) => commands.look({ leases: { ...interest, sort: event.target.value as Interest['leases']['sort'] } })}
            >
              <option value="remaining">by time left</option>
              <option value="granted">by grant</option>
              <option value="id">by ID</option>
            </select>
          </label>
        )}
        <GrantForm />
      </header>
      <div className="panel-body">
        {rows.length > 0 && <Axis scale={scale} />}
        <ul className="rows" aria-label="Leases" data-long={rows.length > LONG || undefined}>
          {rows.map((lease) => (
            <Row key={lease.id} lease={lease} scale={scale} job={keepers.get(lease.id)} />
          ))}
        </ul>
        {rows.length === 0 && <p className="empty">No lease yet. Grant one above, or type a line in the console.</p>}
        <Pager
          what="leases"
          from={interest.from}
          count={interest.count}
          total={total}
          onTurn={(from) => commands.look({ leases: { ...interest, from } })}
        />
      </div>
    </section>
  )
}

/** The console's job that keeps a lease alive, by lease; the latest where there are several. */
function useKeepers(): Map<string, number> {
  const entries = useRun((state) => state.console)
  return useMemo(() => {
    const keepers = new Map<string, number>()
    for (const { line, job, state } of entries) {
      const lease = state !== 'done' ? /keep-alive\s+([0-9a-f]+)/.exec(line)?.[1] : undefined
      if (lease !== undefined) keepers.set(lease, job)
    }
    return keepers
  }, [entries])
}

function GrantForm() {
  const { commands } = useApp()
  const [ttl, setTtl] = useState('10')
  const seconds = Number(ttl)
  const good = ttl.trim() !== '' && Number.isInteger(seconds)
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (good) commands.grant(seconds)
      }}
    >
      <label>
        TTL{' '}
        <input
          type="number"
          inputMode="numeric"
          step={1}
          value={ttl}
          onChange={(event) => setTtl(event.target.value)}
          className="field-short"
        />{' '}
        s
      </label>
      <button type="submit" className="button small" disabled={!good}>
        Grant lease
      </button>
    </form>
  )
}

/** The bars all start at one line, which is now; the ticks say how far away the rest is. */
function Axis({ scale }: { scale: TimeScale }) {
  return (
    <div className="axis" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <span key={tick} style={{ left: `${scale(tick) * 100}%` }} data-edge={scale(tick) > 0.93 || undefined}>
          {tick === 0 ? 'now' : `+${ttlText(tick / 1000)}`}
        </span>
      ))}
    </div>
  )
}

const Row = memo(function Row({ lease, scale, job }: { lease: LeaseRow; scale: TimeScale; job: number | undefined }) {
  const gone = lease.state === 'gone'
  const look = usePainter<HTMLLIElement>((row, now) => {
    const next = lookOf(lease, now)
    if (row.dataset.look === next) return
    row.dataset.look = next
    const [glyph, word] = [row.querySelector('.look-glyph'), row.querySelector('.look-word')]
    if (glyph) glyph.textContent = lookWords[next].glyph
    if (word) word.textContent = lookWords[next].word
  })
  return (
    <li className="row lease-row" ref={look}>
      <div className="row-head">
        <span className="look">
          <span className="look-glyph" aria-hidden="true" /> <span className="look-word" />
        </span>
        <CopyId id={lease.id} />
        <span className="row-figures">
          {gone || lease.deadline === null ? (
            <span>{gone ? '' : 'nobody is counting'}</span>
          ) : (
            <>
              <Remaining until={lease.deadline} className="big" /> of {ttlText(lease.ttlSeconds)}
            </>
          )}
        </span>
      </div>
      <Bars lease={lease} scale={scale} />
      {gone ? <Fate lease={lease} /> : <Beliefs lease={lease} />}
      <dl className="row-facts">
        <div>
          <dt>keys</dt>
          <dd>
            {lease.keys.length === 0 ? (
              lease.keyCount === 0 ? (
                'none'
              ) : (
                lease.keyCount
              )
            ) : gone ? (
              <del>{lease.keys.join(', ')}</del>
            ) : (
              lease.keys.join(', ')
            )}
            {lease.keyCount > lease.keys.length && lease.keys.length > 0 && ` and ${lease.keyCount - lease.keys.length} more`}
          </dd>
        </div>
        <div>
          <dt>granted</dt>
          <dd>{clockText(lease.grantedAt)}</dd>
        </div>
        <div>
          <dt>renewed</dt>
          <dd>{lease.renewedAt === null ? 'never' : clockText(lease.renewedAt)}</dd>
        </div>
        {lease.checkpoint !== null && (
          <div title="The members have noted how much was left: a new leader gives the lease this much instead of its whole time.">
            <dt>checkpoint</dt>
            <dd>⚑ {ttlText(lease.checkpoint)}</dd>
          </div>
        )}
      </dl>
      {!gone && <Actions lease={lease} job={job} />}
    </li>
  )
})

/** The truth above, what the clients believe below, and hatched what they believe beyond the truth. */
function Bars({ lease, scale }: { lease: LeaseRow; scale: TimeScale }) {
  const until = latestBelief(lease)
  const deadline = lease.state === 'gone' ? null : lease.deadline
  const paint = usePainter<HTMLDivElement>((element, now) => {
    const bar = barOf(deadline, until, now, scale)
    const spans = [bar.truth, bar.belief, bar.band ?? { from: 0, to: 0 }]
    spans.forEach((span, index) => {
      const part = element.children[index]
      setAttribute(part, 'style', `clip-path: ${clipOf(span)}`)
    })
  })
  return (
    <div ref={paint} className="bars" aria-hidden="true">
      <span className="bar bar-truth" />
      <span className="bar bar-belief" />
      <span className="bar bar-band" />
    </div>
  )
}

/** Null when no client believes that it holds the lease. */
function latestBelief(lease: LeaseRow): number | null {
  return lease.holders.reduce<number | null>(
    (latest, { until, lost }) => (lost || until === null || (latest !== null && latest >= until) ? latest : until),
    null,
  )
}

function Beliefs({ lease }: { lease: LeaseRow }) {
  if (lease.holders.length === 0) return <p className="beliefs muted">no client holds it</p>
  return (
    <p className="beliefs">
      <span>server: {lease.deadline === null ? 'not counting' : <Remaining until={lease.deadline} />}</span>
      <Holders lease={lease} />
    </p>
  )
}

function Holders({ lease }: { lease: LeaseRow }) {
  return lease.holders.map((holder) => (
    <span key={holder.client} className="holder" data-beats={(holder.heartbeat && !holder.lost) || undefined}>
      {holder.lost ? (
        `${holder.client} knows it is gone`
      ) : holder.until === null ? (
        `${holder.client} waits for an answer`
      ) : (
        <Thinks client={holder.client} until={holder.until} />
      )}
    </span>
  ))
}

function Thinks({ client, until }: { client: string; until: number }) {
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    setText(element, now < until ? `${client} thinks: ${remainingText(until - now)}` : `${client} thinks that it ran out`)
  })
  return <span ref={paint} className="figure" />
}

function Fate({ lease }: { lease: LeaseRow }) {
  const { commands } = useApp()
  const { ended } = lease
  if (!ended) return null
  return (
    <p className="fate">
      {lease.expiredAt !== null && (
        <>
          expired at <Moment at={lease.expiredAt} />,{' '}
        </>
      )}
      revoked at <Moment at={ended.at} />, revision {ended.revision}{' '}
      <button type="button" className="link-button" onClick={() => commands.seekEvent(ended.event)}>
        Go there
      </button>
      {lease.holders.some((holder) => !holder.lost && holder.until !== null) && (
        <span className="beliefs">
          <Holders lease={lease} />
        </span>
      )}
    </p>
  )
}

function Moment({ at }: { at: number }) {
  return <span className="figure">{clockText(at)} s</span>
}

function Actions({ lease, job }: { lease: LeaseRow; job: number | undefined }) {
  const { commands } = useApp()
  const name = <span className="sr-only"> lease {shortId(lease.id)}</span>
  return (
    <div className="row-actions">
      <button type="button" className="button small" onClick={() => commands.renewOnce(lease.id)}>
        Renew once{name}
      </button>
      {job === undefined ? (
        <button type="button" className="button small" onClick={() => commands.keepAlive(lease.id)}>
          Keep alive{name}
        </button>
      ) : (
        <button type="button" className="button small" onClick={() => commands.interrupt(job)}>
          Stop keep-alive{name}
        </button>
      )}
      <button type="button" className="button small" onClick={() => commands.revoke(lease.id)}>
        Revoke{name}
      </button>
    </div>
  )
}
