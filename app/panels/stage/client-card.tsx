import { memo } from 'react'
import type { Belief, ClientView, ScriptView } from '../../../engine/worker/protocol'
import { barOf, clipOf, timeScale } from '../../draw/bar'
import { clockText, shortId, ttlText } from '../../draw/figures'
import { useApp, usePainter } from '../parts/app-context'
import { Remaining } from '../parts/figure'
import { HeartIcon } from '../parts/icons'
import { setAttribute, setText } from '../parts/write'
import { Ring } from './ring'

/** Sessions that a card shows; the rest is left to the list. */
const MOST = 5
const MOST_SMALL = 2

/** `small` where there is less room. */
export const ClientCard = memo(function ClientCard({ client, small }: { client: ClientView; small: boolean }) {
  // What was lost is the first to go.
  const shown = [...client.sessions].sort((a, b) => Number(a.lost) - Number(b.lost)).slice(0, small ? MOST_SMALL : MOST)
  return (
    <article className="card client" data-end="client" data-id={client.id} aria-label={`Client ${client.id}`}>
      <header className="card-head">
        <h4>{client.id}</h4>
        <span className="tag">
          {client.kind === 'terminal' ? 'terminal' : stateWords[client.state]}
          <OwnClock client={client} />
        </span>
      </header>
      {shown.map((belief) => (
        <BeliefView key={belief.lease} client={client} belief={belief} small={small} />
      ))}
      {client.sessions.length > shown.length && (
        <p className="muted">and {client.sessions.length - shown.length} more in the list of leases</p>
      )}
      {client.script && <ScriptLine script={client.script} />}
      {client.program.length > 0 && (small ? <SmallProgram client={client} /> : <ProgramView client={client} />)}
    </article>
  )
})

const stateWords: Record<ClientView['state'], string> = { up: 'program', paused: '❚❚ PAUSED', down: '✕ CRASHED' }

/** How fast its clock runs and how far it is off at the instant on the screen; nothing for a clock that is right. */
export function OwnClock({ client: { clockPercent, clockAhead } }: { client: ClientView }) {
  const { at, ahead } = clockAhead
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    const off = ahead + ((now - at) * (clockPercent - 100)) / 100
    setText(element, `${(Math.abs(off) / 1000).toFixed(1)} s ${off < 0 ? 'behind' : 'ahead'}`)
  })
  if (ahead === 0 && clockPercent === 100) return null
  return (
    <>
      , clock {clockPercent !== 100 && `at ${clockPercent} %, `}
      <span className="figure" ref={paint} />
    </>
  )
}

/** Where its program stands; the lock lab shows the whole of it. */
function ScriptLine({ script: { source, line, ended, section } }: { script: ScriptView }) {
  const text = line === null ? null : source.split('\n')[line - 1]?.replace(/#.*$/, '').trim()
  return (
    <>
      {section !== null && (
        <p className="script-section">
          <span aria-hidden="true">▣</span> in the critical section {section}
        </p>
      )}
      {text != null && (
        <p className="script-line">
          <span aria-hidden="true">▶</span> line {line}: <code>{text}</code>
        </p>
      )}
      {ended && <p className="muted">{ended.failed ? `stopped at an error: ${ended.why}` : 'its program has ended'}</p>}
    </>
  )
}

/** One of many clients, in a line. */
export const ClientLine = memo(function ClientLine({ client }: { client: ClientView }) {
  const [belief] = client.sessions
  return (
    <li className="client-line" data-end="client" data-id={client.id}>
      <b>{client.id}</b>
      {belief ? <BriefBelief belief={belief} /> : <span className="muted">{client.kind === 'terminal' ? 'terminal' : 'no session'}</span>}
      {client.sessions.length > 1 && <span className="muted">+{client.sessions.length - 1}</span>}
    </li>
  )
})

function BriefBelief({ belief }: { belief: Belief }) {
  const beats = belief.heartbeat && !belief.lost
  return (
    <>
      <span className="heart" data-on={beats || undefined}>
        <HeartIcon on={beats} />
        <span className="sr-only">{beats ? 'heartbeat on,' : 'heartbeat off,'}</span>
      </span>
      {belief.lost ? 'lost ' : belief.until === null ? 'waits for ' : 'holds '}
      <code>{shortId(belief.lease)}</code>
      {!belief.lost && belief.until !== null && <Remaining until={belief.until} className="push" />}
    </>
  )
}

export function BeliefView({ client, belief, small }: { client: ClientView; belief: Belief; small: boolean }) {
  const { commands } = useApp()
  const beats = belief.heartbeat && !belief.lost
  return (
    <div className="belief">
      <Ring
        size={small || client.sessions.length > 1 || client.kind === 'terminal' ? 64 : 88}
        ttlSeconds={belief.ttlSeconds}
        deadline={belief.lost ? null : belief.until}
        renewedAt={belief.lastAnswerAt}
        look={belief.lost ? 'gone' : beats ? 'belief' : 'idle'}
        caption={belief.lost ? 'lost' : `of ${ttlText(belief.ttlSeconds)}`}
      />
      <div className="belief-words">
        <p className="belief-line">
          <BeliefSentence belief={belief} />
        </p>
        <p className="heart" data-on={beats || undefined}>
          <HeartIcon on={beats} />
          {beats ? 'heartbeat on' : 'heartbeat off'}
        </p>
        {client.kind === 'program' && !belief.lost && (
          <button type="button" className="button small" onClick={() => commands.heartbeat(client.id, belief.lease, !belief.heartbeat)}>
            {belief.heartbeat ? 'Stop heartbeat' : 'Start heartbeat'}
            <span className="sr-only"> of {client.id}</span>
          </button>
        )}
      </div>
      <TruthLine belief={belief} />
    </div>
  )
}

/** The server's countdown beside the client's own; and where the lease is gone, how wrong the client is. */
function TruthLine({ belief }: { belief: Belief }) {
  const { until, lost, truth } = belief
  const paint = usePainter<HTMLDivElement>((element, now) => {
    const wrong = truth.goneAt !== null && !lost && until !== null && now < until
    setAttribute(element, 'data-wrong', wrong ? 'yes' : 'no')
    const scale = timeScale(belief.ttlSeconds * 1000)
    const bar = barOf(truth.goneAt === null ? truth.deadline : null, lost ? null : until, now, scale)
    const spans = [bar.truth, bar.belief, bar.band ?? { from: 0, to: 0 }]
    const bars = element.lastElementChild
    spans.forEach((span, index) => {
      setAttribute(bars?.children[index], 'style', `clip-path: ${clipOf(span)}`)
    })
  })
  return (
    <div ref={paint} className="truth">
      {truth.goneAt === null ? (
        <p className="truth-right">server: {truth.deadline === null ? 'nobody counts' : <Remaining until={truth.deadline} />}</p>
      ) : (
        <>
          <p className="truth-right">server: gone since {clockText(truth.goneAt)} s</p>
          <p className="truth-wrong">
            <span aria-hidden="true">✕</span> <b>gone</b> since {clockText(truth.goneAt)} s, yet believed
          </p>
        </>
      )}
      <div className="bars" aria-hidden="true">
        <span className="bar bar-truth" />
        <span className="bar bar-belief" />
        <span className="bar bar-band" />
      </div>
    </div>
  )
}

function BeliefSentence({ belief }: { belief: Belief }) {
  const { until } = belief
  const id = <code>{shortId(belief.lease)}</code>
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    element.dataset.over = until !== null && now >= until ? 'yes' : 'no'
  })
  if (belief.lost) return <>knows that lease {id} is gone</>
  if (until === null) return <>waits for lease {id}</>
  return (
    <span ref={paint} className="belief-over">
      <span className="belief-holds">
        thinks it holds {id} for <Remaining until={until} />
      </span>
      <span className="belief-ended">thinks that {id} has run out</span>
    </span>
  )
}

/** A program that has ended is there on demand. */
function SmallProgram({ client }: { client: ClientView }) {
  if (client.line < client.program.length) return <ProgramView client={client} />
  return (
    <details className="program-ended">
      <summary>the program has ended</summary>
      <ProgramView client={client} />
    </details>
  )
}

function ProgramView({ client }: { client: ClientView }) {
  const ended = client.line >= client.program.length
  return (
    <ol className="program" aria-label={`Program of ${client.id}`}>
      {client.program.map((text, line) => (
        // A program's lines have no other identity than their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={line} aria-current={line === client.line ? 'step' : undefined} data-done={line < client.line || undefined}>
          <code>{text}</code>
        </li>
      ))}
      {ended && <li className="program-end">the program has ended</li>}
    </ol>
  )
}
