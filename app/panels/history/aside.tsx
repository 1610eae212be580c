// Two ways of looking closer at what happened: why an event did, and what is different on another branch.

import { useEffect, useRef } from 'react'
import type { Compared, ComparedLease, CompareView, LogLine, Reason, WhyView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, usePainter, useRun } from '../app-context'
import { setText } from '../write'

export default function Aside() {
  const why = useRun((state) => state.why)
  const compare = useRun((state) => state.compare)
  if (why === null && compare === null) return null
  return (
    <div className="aside">
      {why && <Why why={why} />}
      {compare && <Compare compare={compare} />}
    </div>
  )
}

function Why({ why }: { why: WhyView }) {
  const { commands } = useApp()
  const title = useRef<HTMLHeadingElement>(null)
  // Whoever asked is at the answer; another question brings them back to its head.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is what changes
  useEffect(() => title.current?.focus({ preventScroll: true }), [why.event])
  return (
    <section className="panel why" aria-labelledby="why-title">
      <header className="panel-head">
        <h2 id="why-title" tabIndex={-1} ref={title}>
          Why?
        </h2>
        <button type="button" className="button small push" onClick={() => commands.why(null)}>
          Close
        </button>
      </header>
      <ol className="reasons" aria-label="From the event back to its causes">
        {why.reasons.map((reason, i) => (
          <ReasonRow key={reason.line?.id ?? `missing-${i}`} reason={reason} first={i === 0} />
        ))}
      </ol>
    </section>
  )
}

function ReasonRow({ reason: { depth, missing, line }, first }: { reason: Reason; first: boolean }) {
  return (
    <li style={{ '--depth': Math.min(depth, 8) } as React.CSSProperties}>
      {!first && (
        <span className="because" title="because">
          <span aria-hidden="true">←</span>
          <span className="sr-only">because</span>
        </span>
      )}
      {missing !== null && <span className="missing">{missing}</span>}
      {line && <EventButton line={line} />}
    </li>
  )
}

function EventButton({ line }: { line: LogLine }) {
  const { commands } = useApp()
  return (
    <button type="button" className="log-line" data-level={line.level} data-type={line.type} onClick={() => commands.seekEvent(line.id)}>
      <span className="figure log-at">{clockText(line.at)}</span> <span className="log-text">{line.text}</span>
    </button>
  )
}

function Compare({ compare }: { compare: CompareView }) {
  const { commands } = useApp()
  const here = useRun((state) => state.branches.find(({ current }) => current)?.name ?? '')
  const { parting, name } = compare
  const different = [...compare.leases, ...compare.keys, ...compare.locks].filter(({ same }) => !same).length
  return (
    <section className="panel compare" aria-labelledby="compare-title">
      <header className="panel-head">
        <h2 id="compare-title">
          {here} beside {name}
        </h2>
        <span className="count">{different === 0 ? 'nothing differs now' : `${different} differ${different === 1 ? 's' : ''} now`}</span>
        <button type="button" className="button small push" onClick={() => commands.compare(null)}>
          Close
        </button>
      </header>
      <div className="parting">
        {parting === null ? (
          <p>They have not parted yet.</p>
        ) : (
          <>
            <p>They part here:</p>
            <dl>
              <dt>{here}</dt>
              <dd>{parting.here ? <EventButton line={parting.here} /> : 'nothing more happens'}</dd>
              <dt>{name}</dt>
              <dd>
                {parting.there ? (
                  <span className="log-line">
                    <span className="figure log-at">{clockText(parting.there.at)}</span>{' '}
                    <span className="log-text">{parting.there.text}</span>
                  </span>
                ) : (
                  'nothing more happens'
                )}
              </dd>
            </dl>
          </>
        )}
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">At the cursor</th>
            <th scope="col">{here}</th>
            <th scope="col">{name}</th>
          </tr>
        </thead>
        <tbody>
          {compare.leases.map((lease) => (
            <LeaseRow key={lease.id} lease={lease} />
          ))}
          {compare.keys.map((row) => (
            <Row key={`key ${row.what}`} kind="key" row={row} />
          ))}
          {compare.locks.map((row) => (
            <Row key={`lock ${row.what}`} kind="lock" row={row} />
          ))}
        </tbody>
      </table>
      {compare.leases.length + compare.keys.length + compare.locks.length === 0 && (
        <p className="empty">No lease, no key, no lock on either.</p>
      )}
      {compare.more > 0 && <p className="empty">And {compare.more} more.</p>}
    </section>
  )
}

function Mark({ same }: { same: boolean }) {
  return same ? (
    <span className="same">= </span>
  ) : (
    <span className="differs">
      <span aria-hidden="true">≠ </span>
      <span className="sr-only">differs: </span>
    </span>
  )
}

function Row({ kind, row }: { kind: string; row: Compared }) {
  return (
    <tr data-same={row.same}>
      <th scope="row">
        <Mark same={row.same} />
        {kind} <code>{row.what}</code>
      </th>
      <td>{row.here ?? <i>not there</i>}</td>
      <td>{row.there ?? <i>not there</i>}</td>
    </tr>
  )
}

function LeaseRow({ lease: { id, here, there, same } }: { lease: ComparedLease }) {
  return (
    <tr data-same={same}>
      <th scope="row">
        <Mark same={same} />
        lease <code>…{id.slice(-4)}</code>
      </th>
      <td>{here ? <Left lease={here} /> : <i>not there</i>}</td>
      <td>{there ? <Left lease={there} /> : <i>not there</i>}</td>
    </tr>
  )
}

/** What is left of a lease at the instant on the screen, from its deadline. */
function Left({ lease: { ttlSeconds, deadline, keys } }: { lease: NonNullable<ComparedLease['here']> }) {
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    setText(element, deadline === null ? 'nobody counts it' : `${(Math.max(0, deadline - now) / 1000).toFixed(1)} s of ${ttlSeconds} s`)
  })
  return (
    <>
      <span className="figure" ref={paint} />, {keys} {keys === 1 ? 'key' : 'keys'}
    </>
  )
}
