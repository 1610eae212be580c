import { useMemo, useState } from 'react'
import { visible } from '../../../engine/text/visible'
import type { ClientView, LeaseRow, MemberView } from '../../../engine/worker/protocol'
import { beliefState, beliefWords, shownBelief } from '../../draw/belief'
import { shortenMiddle } from '../../draw/figures'
import { memberLabel, memberWords } from '../../draw/member-words'
import { libraryName } from '../../draw/notice'
import { layoutPresent, roomForLeases } from '../../draw/present-layout'
import { rangeText } from '../../draw/stage-cast'
import type { StageLayout } from '../../draw/stage-layout'
import type { StageSize } from '../../draw/stage-shapes'
import { useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { useMoment } from '../parts/moment'
import { anchor } from './anchor'
import { BeliefRing } from './belief-ring'
import { boxStyle } from './box'
import { Flights } from './flights'
import { LinkMarks, useLinkMarks } from './link-marks'
import { roleIcons } from './member-card'
import { useNetworkWords } from './network-note'
import { PresentMany, PresentStorage, PresentTruth } from './present-truth'
import { Silence } from './silence'
import { useSessions } from './use-sessions'
import { type Cast, useLinks, useObstacles } from './use-stage'
import { Wires, wiresOf } from './wires'
import './present-stage.css'

const walls = lazyComponent('The walls of the network', () => import('./walls'))

/**
 * Pixels by which a wire bends around a member. The columns of the stage are wider, so wires bend
 * more there.
 */
const BEND = 24

/** The stage for an audience: belief, cluster and truth. present-stage.css enlarges the pixels. */
export default function PresentStage({ cast, size }: { cast: Cast; size: StageSize }) {
  const { clients, members, leases, storage } = cast
  const chosen = useUi((state) => state.lease)
  const isCutUp = useRun((state) => state.partition !== null || state.network.cuts.length > 0)
  const [looked] = useState(null)
  const stores = storage !== null
  const shown = presentLeases(leases, chosen, roomForLeases(size, stores))
  const layout = useMemo(
    () =>
      layoutPresent({
        size,
        clients: clients.length,
        members: members.length,
        leases: shown.length,
        storage: stores,
      }),
    [size, clients.length, members.length, shown.length, stores],
  )
  const links = useLinks(clients, members, layout, BEND)
  const writers = storage?.writers.join(' ') ?? ''
  const drawn = useMemo(
    () => wiresOf(clients, members, writers.split(' '), links, looked),
    [clients, members, writers, links, looked],
  )
  const { cards, names } = useObstacles(layout, members)
  const marks = useLinkMarks(drawn, names, cards)
  const { columns } = layout
  const titles = [
    believeTitle(clients),
    null,
    shown.length < leases.length && !cast.cells
      ? `is true: ${shown.length} of ${leases.length} leases`
      : 'is true',
  ]
  return (
    <>
      <Wires
        layout={layout}
        links={links}
        drawn={drawn}
        marked={new Set(marks.map(({ name }) => name))}
        clients={clients}
        members={members}
        strings={[]}
        counted={false}
      />
      {[columns.believe, columns.agree, columns.truth].map((start, i) => {
        const title = titles[i]
        const style = { left: start + size.margin, top: 8 }
        return title == null ? (
          <AgreeTitle
            key={start}
            left={style.left}
            width={columns.truth - columns.agree - 2 * size.margin}
          />
        ) : (
          <h2 key={start} className="column-title" style={style}>
            {title}
          </h2>
        )
      })}
      {layout.clients.form === 'count' ? (
        <Counted clients={clients} layout={layout} />
      ) : (
        clients.map((client, i) => (
          <Client key={client.id} client={client} layout={layout} at={i} />
        ))
      )}
      {members.map((member, i) => (
        <Member key={member.name} member={member} layout={layout} at={i} />
      ))}
      {cast.cells ? (
        <PresentMany layout={layout} />
      ) : (
        <PresentTruth cast={cast} shown={shown} layout={layout} />
      )}
      {storage !== null && <PresentStorage storage={storage} layout={layout} />}
      {isCutUp && <Part of={walls} props={{ layout, links, members }} />}
      <LinkMarks marks={marks} width={size.width} height={size.height} />
      <Flights
        links={links}
        members={members}
        taken={cards}
        width={size.width}
        height={size.height}
      />
    </>
  )
}

/**
 * The leases that fit: first the chosen lease, then living leases, then the leases that ended last.
 * The result keeps the order of the leases.
 */
function presentLeases(
  leases: readonly LeaseRow[],
  chosen: string | null,
  most: number,
): LeaseRow[] {
  const rank = ({ id, state }: LeaseRow): number => (id === chosen ? 0 : state === 'gone' ? 2 : 1)
  const order = [...leases.entries()].sort(
    ([i, a], [j, b]) => rank(a) - rank(b) || (a.state === 'gone' ? j - i : i - j),
  )
  const kept = new Set(order.slice(0, most).map(([i]) => i))
  return leases.filter((_, i) => kept.has(i))
}

function believeTitle(clients: readonly ClientView[]): string {
  const [only] = clients
  const verb =
    only !== undefined && clients.every(({ kind }) => kind === 'terminal') ? 'know' : 'believe'
  if (clients.length !== 1 || only === undefined) return `clients ${verb}`
  return `${shortenMiddle(visible(only.id), 12)} ${verb}s`
}

/** The number of characters of a program's line when there are several clients. */
const LINE = { cards: 19, rows: 13 }

function shortLine(line: string, form: 'cards' | 'rows' | 'count'): string {
  return shortenMiddle(
    visible(line).replace(/^etcdctl /, ''),
    LINE[form === 'rows' ? 'rows' : 'cards'],
  )
}

/** Trouble in the network replaces the title. */
function AgreeTitle({ left, width }: { left: number; width: number }) {
  const { trouble, quorum, few } = useNetworkWords()
  const [first] = trouble
  const text = few ? quorum.replace(/^.*, /, '') : (first ?? 'members agree')
  return (
    <h2
      className="column-title present-agree"
      data-bad={few || undefined}
      title={text}
      style={{ left, top: 8, width }}
    >
      {text}
    </h2>
  )
}

function Client({ client, layout, at }: { client: ClientView; layout: StageLayout; at: number }) {
  const box = layout.clients.boxes[at]
  const library = libraryName(client)
  const belief = shownBelief(useSessions(client))
  const state = useMoment((now) => (belief === null ? null : beliefState(belief, client, now)))
  const words = belief !== null && state !== null ? beliefWords(belief, state, client) : null
  const line = useRun(
    (run) => run.console.findLast(({ terminal }) => terminal === client.id)?.line ?? null,
  )
  if (!box) return null
  const { form } = layout.clients
  const alone = layout.clients.boxes.length === 1
  const ring = alone
    ? Math.min(box.height - 24, 104)
    : form === 'rows'
      ? 24
      : Math.min(box.height - 10, 64)
  return (
    <section
      {...anchor(
        `client ${client.id}`,
        [`Client ${visible(client.id)}`, library, words?.head].filter(Boolean).join(', '),
      )}
      className="stage-card present-client"
      data-form={alone ? 'alone' : form}
      data-state={client.state}
      style={boxStyle(box)}
    >
      {belief !== null && state !== null && (
        <BeliefRing
          belief={belief}
          state={state}
          size={ring}
          frozenAt={client.state === 'paused' ? client.since : null}
        />
      )}
      <div className="present-words">
        <p className="present-name">
          <b>{shortenMiddle(visible(client.id), alone ? 9 : 6)}</b>
          {client.state !== 'up' && (
            <Icon name={client.state === 'paused' ? 'pause' : 'down'} small />
          )}
          {client.program?.section != null && (
            <>
              <Icon name="inside" small />
              {form !== 'rows' && <span>inside</span>}
            </>
          )}
          {library !== null && form !== 'rows' && <span className="present-note">{library}</span>}
        </p>
        {words !== null && alone && (
          <>
            <p className="present-note">{state === 'holds' ? 'until' : words.lead}</p>
            <p className={state === 'acts' ? 'bad' : undefined}>{words.main}</p>
          </>
        )}
        {words !== null && !alone && (
          <p className={state === 'acts' ? 'bad' : 'present-note'}>{words.brief}</p>
        )}
        {words === null && (
          <p className="present-note">
            {line === null ? (
              'has no lease'
            ) : (
              <code>{alone ? visible(line) : shortLine(line, form)}</code>
            )}
          </p>
        )}
      </div>
    </section>
  )
}

function Counted({ clients, layout }: { clients: readonly ClientView[]; layout: StageLayout }) {
  const [box] = layout.clients.boxes
  const kept = clients.reduce(
    (sum, { sessions }) =>
      sum + sessions.filter(({ heartbeat, lost }) => heartbeat && !lost).length,
    0,
  )
  return (
    box && (
      <section className="stage-card present-client" data-form="count" style={boxStyle(box)}>
        <div className="present-words">
          <b>{rangeText(clients.map(({ id }) => id))}</b>
          <p>{clients.length} clients</p>
          <p className="present-note">{kept} leases kept alive</p>
        </div>
      </section>
    )
  )
}

function Member({ member, layout, at }: { member: MemberView; layout: StageLayout; at: number }) {
  const box = layout.members.boxes[at]
  const voters = useRun(
    (state) =>
      state.members.filter(({ status }) => status === 'voter' || status === 'unstarted').length,
  )
  const words = memberWords(member, voters)
  if (!box) return null
  const { form } = layout.members
  const icon = roleIcons[words.look]
  const silent = member.silentSince !== null && words.look === 'follower'
  const wide = form !== 'tiny'
  return (
    <section
      {...anchor(`member ${member.name}`, memberLabel(member, words, ''))}
      className="stage-card member-card present-member"
      data-look={words.look}
      data-form={form}
      style={boxStyle(box)}
    >
      <p className="present-name">
        <b>{member.name}</b>
        {icon !== null && <Icon name={icon} small />}
        {silent && wide && <span className="present-note">silent</span>}
      </p>
      {wide && !silent && (
        <p className="present-note">{words.look === 'candidate' ? 'candidate' : words.brief}</p>
      )}
      {wide && silent && member.silentSince !== null && (
        <Silence member={member} since={member.silentSince} width={box.width - 16} words={false} />
      )}
      {!wide && box.height >= 34 && (silent || words.look === 'candidate') && (
        <p className="present-note">{silent ? 'silent' : 'candidate'}</p>
      )}
    </section>
  )
}
