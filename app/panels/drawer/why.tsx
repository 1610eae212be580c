// The panel Why?: the causes of an event, from the event back to an act, and the trials that the
// reader may run.

import type { Reason } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { numbersOf } from '../../draw/timeline/chain'
import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { PanelHead } from './panel-head'
import { rootsOf, trialsOf } from './why-chain'
import './why.css'

export default function Why() {
  const why = useRun((state) => state.why)
  if (why === null)
    return (
      <>
        <PanelHead title="Why?" />
        <p className="empty">Choose an event: press W on a line of the log, or on the timeline.</p>
      </>
    )
  const numbers = numbersOf(why)
  const roots = rootsOf(why.reasons)
  return (
    <>
      <PanelHead title={why.title} focusOn={why.event} />
      <ol className="reasons" aria-label="From the event back to its causes">
        {why.reasons.map((reason, i) => (
          <ReasonRow
            key={reason.line?.id ?? `missing ${i}`}
            reason={reason}
            number={numbers[i] ?? null}
            mark={i === 0 && reason.line?.level === 'fault' ? 'bad' : roots.has(i) ? 'root' : null}
          />
        ))}
      </ol>
      <Trials />
    </>
  )
}

function ReasonRow({
  reason: { missing, line, at },
  number,
  mark,
}: {
  reason: Reason
  /** The event's number on the timeline; null for an event that did not happen. */
  number: number | null
  mark: 'bad' | 'root' | null
}) {
  const { commands } = useApp()
  const words = (
    <>
      <span className="reason-at">{at === null ? '' : clockText(at)}</span>
      <span className="reason-number" data-mark={mark ?? undefined} aria-hidden="true">
        {number}
      </span>
      <span className="reason-text">{line?.text ?? missing}</span>
    </>
  )
  return (
    <li>
      {line === null ? (
        <div className="reason">{words}</div>
      ) : (
        <button
          type="button"
          className="reason"
          title="Go to this event"
          onClick={() => commands.seekEvent(line.id)}
        >
          {words}
        </button>
      )}
    </li>
  )
}

/** The same run with other numbers, chosen so that the end differs. */
function Trials() {
  const { commands } = useApp()
  const why = useRun((state) => state.why)
  const ttls = useRun((state) => state.ttls)
  const config = useRun((state) => state.config)
  const storage = useRun((state) => state.storage)
  const asking = useRun((state) => state.story?.ask?.state === 'open')
  if (why === null || config === null) return null
  const { note, trials } = trialsOf(why, { ttls, config, guarded: storage !== null && !asking })
  if (trials.length === 0) return null
  return (
    <section className="trials" aria-label="What you may try">
      <p>
        {note} <br />
        The same run with other numbers:
      </p>
      {trials.map(({ word, change }) => (
        <button key={word} type="button" onClick={() => commands.again(change)}>
          <Icon name="replay" />
          {word}
        </button>
      ))}
    </section>
  )
}
