import { memo } from 'react'
import { DEFAULT_LIBRARY } from '../../../engine/text/libraries'
import { visible } from '../../../engine/text/visible'
import type { Belief, ClientView, ProgramView } from '../../../engine/worker/protocol'
import {
  type BeliefState,
  type BeliefWords,
  beliefState,
  beliefWords,
  failureOf,
  heartbeatText,
  isBeating,
  plainMain,
  shownBelief,
  silentMember,
} from '../../draw/belief'
import { clockText, listText } from '../../draw/figures'
import type { Rect } from '../../draw/message-path'
import { libraryName } from '../../draw/notice'
import { charactersOn, programWindow } from '../../draw/program-lines'
import { kindOf } from '../../draw/stage-cast'
import { programLines } from '../../draw/stage-clients'
import type { Density } from '../../draw/stage-shapes'
import { useApp, usePainter, useRun } from '../parts/app-context'
import { Foreign } from '../parts/foreign'
import { Icon } from '../parts/icon'
import { useMoment } from '../parts/moment'
import { OwnClock } from '../parts/own-clock'
import { setText } from '../parts/write'
import { anchor } from './anchor'
import { BeliefRing } from './belief-ring'
import { boxStyle } from './box'
import { useNotice } from './use-notice'
import { useSessions } from './use-sessions'
import './client.css'

/** The card of a terminal names at most this many leases. */
const MOST_KEPT = 4

interface CardProps {
  client: ClientView
  density: Density
  box: Rect
}

/**
 * A client: its belief about its lease, and the place of its program. The card opens the client's
 * menu.
 */
export const ClientCard = memo(function ClientCard({ client, density, box }: CardProps) {
  const sessions = useSessions(client)
  const belief = shownBelief(sessions)
  const state = useMoment((now) => (belief === null ? null : beliefState(belief, client, now)))
  const words = belief !== null && state !== null ? beliefWords(belief, state, client) : null
  const kind = kindOf(client)
  const notice = useNotice(client, belief, kind === 'program' || density !== 'full')
  const library = libraryName(client)
  return (
    <section
      {...anchor(`client ${client.id}`, labelOf(client, belief, words, notice))}
      className="stage-card client-card"
      data-kind={kind}
      data-density={density}
      data-state={client.state}
      style={boxStyle(box)}
    >
      <header>
        <b>{visible(client.id)}</b>
        {library !== null && <small className="client-library">{library}</small>}
        {client.program?.section != null && <SectionChip section={client.program.section} />}
        <Corner
          client={client}
          belief={belief}
          words={words}
          notice={density === 'line' && client.library === 'none' ? '' : notice}
          inside={client.program?.section != null}
        />
      </header>
      <div className="client-body">
        {belief !== null && state !== null && words !== null && (
          <BeliefFigure
            client={client}
            belief={belief}
            state={state}
            words={words}
            density={density}
          />
        )}
        {kind === 'program' && client.program !== null && (
          <ProgramLines
            program={client.program}
            density={density}
            most={charactersOn(box.width, density, belief !== null)}
          />
        )}
        {kind === 'lease' && words !== null && (
          <Words
            words={words}
            main={
              (density === 'tight' || density === 'line') && state !== null
                ? plainMain(words, state)
                : words.main
            }
            notice={notice}
            noted={notice === '' || (density === 'full' && state !== 'acts')}
            sessions={sessions}
            member={client.member}
          />
        )}
        {kind === 'lease' && belief === null && (
          <p className="muted">
            {client.state === 'down' ? 'Its process is down.' : 'has no lease'}
          </p>
        )}
        {kind === 'terminal' && <TerminalWords client={client} belief={belief} />}
      </div>
      {kind === 'lease' && belief !== null && (
        <Footer client={client} belief={belief} brief={density !== 'full' || box.width < 300} />
      )}
    </section>
  )
})

function labelOf(
  client: ClientView,
  belief: Belief | null,
  words: BeliefWords | null,
  notice: string,
): string {
  const { id, kind, state, program } = client
  const library = libraryName(client)
  const parts = [
    `${kind === 'terminal' ? 'Terminal' : 'Client'} ${visible(id)}`,
    ...(library === null ? [] : [library]),
    ...(state === 'up'
      ? []
      : [state === 'paused' ? `frozen at ${clockText(client.since)} s` : 'down']),
    ...(words === null ? [] : [words.head, [words.lead, words.main].filter(Boolean).join(' ')]),
    ...(notice === '' ? [] : [notice]),
    ...(program?.section == null ? [] : [`inside ${visible(program.section)}`]),
    ...(kind === 'terminal' ? [keepsText(client)] : []),
    ...(belief !== null && kindOf(client) === 'lease' ? [heartbeatText(belief, state, false)] : []),
  ]
  return parts.join(', ')
}

/** `inside /job`: the section that the client is in. */
export function SectionChip({ section }: { section: string }) {
  return (
    <span className="stage-chip stage-chip-inside">
      <Icon name="inside" small />
      <span>
        inside <Foreign text={section} />
      </span>
    </span>
  )
}

/**
 * The right end of the head. An unusual state comes first, then the time when the client entered
 * its section, then the client's belief.
 */
function Corner({
  client,
  belief,
  words,
  notice,
  inside,
}: {
  client: ClientView
  belief: Belief | null
  words: BeliefWords | null
  notice: string
  inside: boolean
}) {
  const many = useRun((state) => state.members.length > 1)
  const silent = useRun((state) => silentMember(client.member, state.members))
  if (client.state !== 'up') {
    return (
      <span className="stage-chip stage-chip-still corner">
        <Icon name={client.state === 'paused' ? 'pause' : 'down'} small />
        {client.state === 'paused' ? 'frozen' : 'down'}
      </span>
    )
  }
  if (client.kind === 'terminal') return <small className="corner">terminal</small>
  if (silent !== null && client.program !== null && client.program.ended === null)
    return <small className="corner bad">{silent}</small>
  if (notice !== '' && client.program !== null && client.library !== DEFAULT_LIBRARY)
    return <small className="corner">{notice}</small>
  if (belief?.unansweredSince != null && client.program !== null)
    return <Unanswered className="corner" since={belief.unansweredSince} />
  const clock = <OwnClock client={client} />
  if (client.clockPercent !== 100 || client.clockAhead.ahead !== 0)
    return <small className="corner">{clock}</small>
  if (inside && client.program?.sectionSince != null)
    return <small className="corner">since {clockText(client.program.sectionSince)} s</small>
  if (client.program?.ended)
    return (
      <small className="corner">
        {client.program.ended.failed ? 'stopped at an error' : 'its program ended'}
      </small>
    )
  if (client.program !== null)
    return many ? (
      <small className="corner">
        talks to <Foreign text={client.member} />
      </small>
    ) : null
  return words === null ? null : <small className="corner">{words.head}</small>
}

const ringSizes: Record<Density, { program: number; lease: number }> = {
  full: { program: 64, lease: 88 },
  roomy: { program: 52, lease: 52 },
  tight: { program: 40, lease: 40 },
  line: { program: 36, lease: 36 },
}

function BeliefFigure(props: {
  client: ClientView
  belief: Belief
  state: BeliefState
  words: BeliefWords
  density: Density
}) {
  const { client, belief, state, words, density } = props
  const size =
    ringSizes[density][client.program === null && client.kind === 'program' ? 'lease' : 'program']
  return (
    <div className="belief-figure-box">
      <BeliefRing
        belief={belief}
        state={state}
        size={size}
        frozenAt={client.state === 'paused' ? client.since : null}
      />
      {client.program !== null && (density === 'full' || density === 'roomy') && (
        <p className={state === 'acts' ? 'bad' : undefined}>{words.brief}</p>
      )}
    </div>
  )
}

function Words({
  words,
  main,
  notice,
  noted,
  sessions,
  member,
}: {
  words: BeliefWords
  main: string
  notice: string
  noted: boolean
  sessions: readonly Belief[]
  member: string
}) {
  const others = sessions.filter(({ lost }) => !lost).length - 1
  const silent = useRun((state) =>
    sessions.some(({ unansweredSince }) => unansweredSince !== null)
      ? silentMember(member, state.members)
      : null,
  )
  return (
    <div className="belief-words">
      <p className="muted small belief-lead">{words.lead}</p>
      <p className="belief-main">{main}</p>
      {silent !== null && <p className="small bad">{silent}</p>}
      {noted && (
        <p className="muted small belief-note">
          {others > 0 ? `and ${others} more ${others === 1 ? 'lease' : 'leases'}` : words.note}
        </p>
      )}
      {notice !== '' && <p className="small belief-notice">{notice}</p>}
    </div>
  )
}

function ProgramLines({
  program,
  density,
  most,
}: {
  program: ProgramView
  density: Density
  most: number
}) {
  const { source, line } = program
  return (
    <ol className="stage-program">
      {programWindow(source, line, programLines[density], most).map(({ number, text, current }) => (
        <li key={number} aria-current={current ? 'step' : undefined}>
          <i>{number}</i>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  )
}

/** `keeps L1 and L2 alive` */
function keepsText({ sessions }: ClientView): string {
  const kept = sessions.filter(({ heartbeat, lost }) => heartbeat && !lost).map(({ name }) => name)
  if (kept.length === 0) return 'keeps nothing alive'
  return kept.length > MOST_KEPT
    ? `keeps ${kept.length} leases alive`
    : `keeps ${listText(kept)} alive`
}

function TerminalWords({ client, belief }: { client: ClientView; belief: Belief | null }) {
  const entry = useRun(
    (state) => state.console.findLast(({ terminal }) => terminal === client.id) ?? null,
  )
  const silent = useRun((state) => silentMember(client.member, state.members))
  const trouble =
    entry !== null && entry.state !== 'done'
      ? silent
      : ((entry && failureOf(entry)) ?? silent?.replace(/:.*/, '') ?? null)
  return (
    <div className="terminal-words">
      {entry !== null && (
        <>
          <p className="muted small">{entry.state === 'done' ? 'ran' : 'runs'}</p>
          <p className="terminal-line">
            <code title={entry.line}>{entry.line}</code>
          </p>
        </>
      )}
      {trouble !== null && (
        <p className="small bad terminal-line terminal-trouble" title={trouble}>
          {trouble}
        </p>
      )}
      <p className="muted small terminal-notes">
        {belief?.lastAnswerAt != null && (
          <span>
            last heard of {belief.name} at {clockText(belief.lastAnswerAt)} s
          </span>
        )}
        <span>{keepsText(client)}</span>
      </p>
    </div>
  )
}

function Footer({ client, belief, brief }: { client: ClientView; belief: Belief; brief: boolean }) {
  const { commands } = useApp()
  const beats = isBeating(belief, client.state)
  const waits =
    belief.heartbeat && !belief.lost && client.state === 'up' && belief.unansweredSince !== null
  return (
    <footer className="client-foot">
      <Icon name={beats ? 'heart' : 'heart-off'} small />
      {waits && belief.unansweredSince !== null ? (
        <Unanswered className="client-beat bad" since={belief.unansweredSince} />
      ) : (
        <span className="client-beat">{heartbeatText(belief, client.state, brief)}</span>
      )}
      {!belief.lost && (
        <button
          type="button"
          className="text-link"
          disabled={client.state !== 'up'}
          onClick={() => commands.heartbeat(client.id, belief.lease, !belief.heartbeat)}
        >
          {belief.heartbeat ? 'Stop' : 'Start'}
          <span className="sr-only">
            {' '}
            the heartbeat of <Foreign text={client.id} />
          </span>
        </button>
      )}
    </footer>
  )
}

/** `no answer for 3.0 s` */
function Unanswered({ since, className }: { since: number; className: string }) {
  const paint = usePainter<HTMLElement>((element, now) =>
    setText(element, `no answer for ${(Math.max(0, now - since) / 1000).toFixed(1)} s`),
  )
  return <small ref={paint} className={className} />
}
