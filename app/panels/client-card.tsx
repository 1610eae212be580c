import { memo } from 'react'
import type { Belief, ClientView } from '../../engine/worker/protocol'
import { shortId, ttlText } from '../draw/figures'
import { useApp, usePainter } from './app-context'
import { Remaining } from './figure'
import { HeartIcon } from './icons'
import { Ring } from './ring'

export const ClientCard = memo(function ClientCard({ client }: { client: ClientView }) {
  return (
    <article className="card client" data-end="client" data-id={client.id} aria-label={`Client ${client.id}`}>
      <header className="card-head">
        <h4>{client.id}</h4>
        <span className="tag">{client.kind === 'terminal' ? 'terminal' : 'program'}</span>
      </header>
      {client.sessions.map((belief) => (
        <BeliefView key={belief.lease} client={client} belief={belief} />
      ))}
      {client.program.length > 0 && <ProgramView client={client} />}
    </article>
  )
})

function BeliefView({ client, belief }: { client: ClientView; belief: Belief }) {
  const { commands } = useApp()
  const beats = belief.heartbeat && !belief.lost
  return (
    <div className="belief">
      <Ring
        size={client.sessions.length > 1 || client.kind === 'terminal' ? 64 : 88}
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
