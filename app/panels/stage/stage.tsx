import { type CSSProperties, useLayoutEffect, useRef, useState } from 'react'
import { arrange } from '../../draw/arrangement'
import { type Link, linkAcross, linkBetween, type Rect } from '../../draw/message-path'
import { useRun } from '../parts/app-context'
import { ClientCard, ClientLine } from './client-card'
import { Flights } from './flights'
import { Holdings } from './holdings'
import { Links } from './links'
import { ClusterMemberCard, MemberCard } from './member-card'
import { StageBar } from './stage-bar'
import { STORAGE, StorageCard } from './storage-card'
import { Walls } from './walls'

/** Clients on the stage, at most; and how many of them have room to say all they think. */
const MOST_CLIENTS = 12
const MOST_CARDS = 3

/** The world: clients, members, what the members hold, and what is on its way between them. */
export function Stage() {
  const clients = useRun((state) => state.clients)
  const members = useRun((state) => state.members)
  const [heartbeats, setHeartbeats] = useState(false)
  // A terminal that has said nothing yet would only be clutter.
  const present = clients.filter((client) => client.kind === 'program' || client.sessions.length > 0 || client.program.length > 0)
  const shown = present.slice(0, MOST_CLIENTS)
  const guarded = useRun((state) => state.storage !== null)
  const shape = [...shown.map(({ id }) => id), ...members.map(({ name }) => name), ...(guarded ? [STORAGE] : [])].join(' ')
  const { ref, links, size } = useLinks(shape)
  const cluster = members.length > 1
  return (
    <section className="stage panel" id="stage" aria-labelledby="stage-title" tabIndex={-1}>
      <h2 id="stage-title" className="sr-only">
        Stage
      </h2>
      <StageBar heartbeats={heartbeats} onHeartbeats={setHeartbeats} />
      <div className="stage-grid" ref={ref} data-cluster={cluster || undefined}>
        <Links links={links} width={size.width} height={size.height} />
        {cluster && <Walls links={links} width={size.width} height={size.height} />}
        <div className="stage-column stage-clients">
          <h3 className="column-title">Clients: what they believe</h3>
          {shown.length > MOST_CARDS ? (
            <ul className="client-lines">
              {shown.map((client) => (
                <ClientLine key={client.id} client={client} />
              ))}
            </ul>
          ) : (
            shown.map((client) => <ClientCard key={client.id} client={client} small={cluster} />)
          )}
          {present.length > shown.length && <p className="muted">and {present.length - shown.length} more clients</p>}
        </div>
        <div className="stage-column stage-members">
          <h3 className="column-title">Members: what is true</h3>
          {cluster ? <Cluster /> : members.map((member) => <MemberCard key={member.id} member={member} />)}
          <StorageCard />
        </div>
        <div className="stage-column stage-holdings">
          <h3 className="column-title">Leases and their keys</h3>
          <Holdings small={cluster} />
        </div>
        <Flights links={links} width={size.width} height={size.height} heartbeats={heartbeats} />
      </div>
    </section>
  )
}

/** The members where each can see all others. */
function Cluster() {
  const members = useRun((state) => state.members)
  const [wide, narrow] = [arrange(members.length, 'wide'), arrange(members.length, 'narrow')]
  return (
    <div className="cluster">
      <div className="cluster-ground" data-count={members.length} style={properties({ rows: narrow.rows, wideRows: wide.rows })}>
        {members.map((member, i) => {
          const [a, b] = [narrow.places[i], wide.places[i]]
          return <ClusterMemberCard key={member.id} member={member} style={properties({ x: a?.x, y: a?.y, wideX: b?.x, wideY: b?.y })} />
        })}
      </div>
    </div>
  )
}

/** Numbers for the style sheet, which knows how wide the stage is: `wideX` is `--wideX` there. */
function properties(numbers: Record<string, number | undefined>): CSSProperties {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`--${name}`, value ?? 0]))
}

interface Measured {
  /** By name: `client member`, `client storage`, and both ways between members. */
  links: Map<string, Link>
  size: { width: number; height: number }
}

/** Measures where the cards stand, and again whenever something on the stage changes its size. */
function useLinks(shape: string) {
  const ref = useRef<HTMLDivElement>(null)
  const [measured, setMeasured] = useState<Measured>({ links: new Map(), size: { width: 0, height: 0 } })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other cards are there after a change of shape
  useLayoutEffect(() => {
    const stage = ref.current
    if (!stage) return
    const measure = () => setMeasured(measureLinks(stage))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(stage)
    for (const part of stage.querySelectorAll('[data-end], .stage-column, .cluster-ground')) observer.observe(part)
    return () => observer.disconnect()
  }, [shape])
  return { ref, ...measured }
}

function measureLinks(stage: HTMLElement): Measured {
  const origin = stage.getBoundingClientRect()
  const rectOf = (element: Element): Rect => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return { x: x - origin.x + stage.scrollLeft, y: y - origin.y + stage.scrollTop, width, height }
  }
  const ends = (kind: string) =>
    [...stage.querySelectorAll(`[data-end="${kind}"]`)].map((card) => ({ id: card.getAttribute('data-id') ?? '', rect: rectOf(card) }))
  const [clients, members, storages] = [ends('client'), ends('member'), ends('storage')]
  const links = new Map<string, Link>()
  for (const [i, member] of members.entries()) {
    for (const client of clients) links.set(`${client.id} ${member.id}`, linkBetween(client.rect, member.rect))
    for (const other of members.slice(i + 1)) {
      const { from, to } = linkAcross(member.rect, other.rect)
      links.set(`${member.id} ${other.id}`, { from, to })
      links.set(`${other.id} ${member.id}`, { from: to, to: from })
    }
  }
  for (const storage of storages)
    for (const client of clients) links.set(`${client.id} ${storage.id}`, linkBetween(client.rect, storage.rect))
  return { links, size: { width: stage.scrollWidth, height: stage.scrollHeight } }
}
