// Two ways of looking closer at what happened: why an event did, and what is different on another branch.

import { lazy, Suspense, useEffect, useRef } from 'react'
import type { LogLine, Reason, WhyView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { numbersOf } from '../../draw/timeline/chain'
import { useApp, useRun } from '../parts/app-context'

const Compare = lazy(() => import('../compare/compare'))

export default function Aside() {
  const why = useRun((state) => state.why)
  const compare = useRun((state) => state.compare)
  if (why === null && compare === null) return null
  return (
    <div className="aside">
      {why && <Why why={why} />}
      {compare && (
        <Suspense fallback={null}>
          <Compare compare={compare} />
        </Suspense>
      )}
    </div>
  )
}

function Why({ why }: { why: WhyView }) {
  const { commands } = useApp()
  const title = useRef<HTMLHeadingElement>(null)
  const numbers = numbersOf(why)
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
          <ReasonRow key={reason.line?.id ?? `missing-${i}`} reason={reason} number={numbers[i] ?? null} first={i === 0} />
        ))}
      </ol>
    </section>
  )
}

/** `number`: the event's on the tape. */
function ReasonRow({ reason: { depth, missing, line }, number, first }: { reason: Reason; number: number | null; first: boolean }) {
  return (
    <li style={{ '--depth': Math.min(depth, 8) } as React.CSSProperties}>
      {!first && (
        <span className="because" title="because">
          <span aria-hidden="true">←</span>
          <span className="sr-only">because</span>
        </span>
      )}
      {number !== null && (
        <span className="reason-number" data-asked={first} title="Its number on the tape">
          {number}
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
