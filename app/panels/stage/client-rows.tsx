import { memo } from 'react'
import { visible } from '../../../engine/text/visible'
import type { Belief, ClientView } from '../../../engine/worker/protocol'
import { beliefState, beliefWords, shownBelief } from '../../draw/belief'
import type { Rect } from '../../draw/message-path'
import { programWindow, shortenWords } from '../../draw/program-lines'
import { rangeText } from '../../draw/stage-cast'
import { useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { useMoment } from '../parts/moment'
import { anchor } from './anchor'
import { BeliefRing } from './belief-ring'
import { boxStyle } from './box'
import { useSessions } from './use-sessions'

/** A client as a row, when there are many clients. */
export const ClientRow = memo(function ClientRow({
  client,
  box,
}: {
  client: ClientView
  box: Rect
}) {
  const sessions = useSessions(client)
  const belief = shownBelief(sessions)
  const state = useMoment((now) => (belief === null ? null : beliefState(belief, client, now)))
  const words = belief !== null && state !== null ? beliefWords(belief, state, client) : null
  const [line] =
    client.program === null ? [] : programWindow(client.program.source, client.program.line, 1, 60)
  const label = [
    `Client ${visible(client.id)}`,
    words?.head,
    line && `line ${line.number}: ${line.text}`,
  ]
    .filter(Boolean)
    .join(', ')
  const most = Math.floor((box.width - 110) / 7.4)
  return (
    <section
      {...anchor(`client ${client.id}`, label)}
      className="client-row"
      data-state={client.state}
      style={boxStyle(box)}
    >
      <b>{visible(client.id)}</b>
      {belief !== null && state !== null && (
        <BeliefRing
          belief={belief}
          state={state}
          size={24}
          frozenAt={client.state === 'paused' ? client.since : null}
        />
      )}
      {client.program?.section != null && <Icon name="inside" small />}
      {client.state !== 'up' && <Icon name={client.state === 'paused' ? 'pause' : 'down'} small />}
      <span className={state === 'acts' ? 'bad' : 'muted'}>
        {state !== 'acts' && line !== undefined ? (
          <code>{shortenWords(line.text, most)}</code>
        ) : (
          briefly(sessions, words?.brief)
        )}
      </span>
    </section>
  )
})

function briefly(sessions: readonly Belief[], brief: string | undefined): string {
  return sessions.length > 1 ? `${sessions.length} leases` : (brief ?? 'has no lease')
}

/** A summary when there are more clients than rows. */
export function ClientCount({ clients, box }: { clients: readonly ClientView[]; box: Rect }) {
  const live = useRun((state) => state.live)
  const kept = clients.reduce(
    (sum, { sessions }) =>
      sum + sessions.filter(({ heartbeat, lost }) => heartbeat && !lost).length,
    0,
  )
  return (
    <section
      className="stage-card client-count"
      style={boxStyle(box)}
      aria-label={`${clients.length} clients`}
    >
      <header>
        <b>{rangeText(clients.map(({ id }) => visible(id)))}</b>
      </header>
      <p>{clients.length} clients</p>
      <p className="muted small">{kept} leases kept alive</p>
      <p className="muted small">{Math.max(0, live - kept)} left to run out</p>
    </section>
  )
}
