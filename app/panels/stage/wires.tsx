import type { ClientView, MemberView } from '../../../engine/worker/protocol'
import { type Link, linkPath, pointAt } from '../../draw/message-path'
import { isCut } from '../../draw/partition'
import type { StageLayout } from '../../draw/stage-layout'
import { STORAGE } from '../../draw/stage-links'
import { useRun } from '../parts/app-context'
import { anchor } from './anchor'
import type { Drawn } from './link-marks'
import './wires.css'

/**
 * Up to this number of members, every link between members is drawn. With more members, only the
 * links of the card under the pointer are drawn.
 */
const MOST_LINKED = 5

/** The least length of a wire with room for its latency, in pixels. */
const LABELLED = 60

interface WiresProps {
  layout: StageLayout
  links: Map<string, Link>
  drawn: readonly Drawn[]
  /** Wires with their own words about their trouble. */
  marked: ReadonlySet<string>
  clients: readonly ClientView[]
  members: readonly MemberView[]
  /**
   * The string of each dial: `live` leads to an existing key, `gone` to a deleted key, `ended` to a
   * key deleted with its lease.
   */
  strings: readonly string[]
  /** The only member counts the only lease. */
  counted: boolean
}

/**
 * The layer under the cards: hairlines of the columns, links, and strings of the keys. A link opens
 * its menu.
 */
export function Wires({
  layout,
  links,
  drawn,
  marked,
  clients,
  members,
  strings,
  counted,
}: WiresProps) {
  const partition = useRun((state) => state.partition)
  const config = useRun((state) => state.config)
  const { columns, truth } = layout
  const down = new Set(
    members.filter(({ role, paused }) => role === 'down' || paused).map(({ name }) => name),
  )
  const stopped = new Set(clients.filter(({ state }) => state !== 'up').map(({ id }) => id))
  const isOff = (a: string, b: string) =>
    isCut(partition, a, b) || [a, b].some((end) => down.has(end) || stopped.has(end))
  const lone =
    members.length === 1 && truth.dials[0] !== undefined && layout.clients.boxes.length === 1
  return (
    <svg className="wires" aria-label="Links" width={columns.width} height={columns.height}>
      <path
        className="hairline"
        d={`M${columns.agree + 0.5} 0V${columns.height}M${columns.truth + 0.5} 0V${columns.height}`}
      />
      {drawn.map(({ name, a, b, link }) => (
        <Wire
          key={name}
          a={a}
          b={b}
          link={link}
          off={isOff(a, b)}
          label={
            a === clients[0]?.id && lone && config && !marked.has(name)
              ? `${config.latencyMs} ms`
              : null
          }
        />
      ))}
      {config &&
        members.length === 3 &&
        layout.members.form === 'log' &&
        !isOff('m2', 'm3') &&
        !marked.has(`${members[1]?.name} ${members[2]?.name}`) && (
          <PeerLatency
            link={links.get(`${members[1]?.name} ${members[2]?.name}`)}
            ms={config.peerLatencyMs ?? config.latencyMs}
          />
        )}
      {counted && <Lead layout={layout} />}
      {truth.form === 'dials' &&
        truth.dials.map(({ x, y, r, tags }, i) => {
          const look = strings[i]
          if (look === undefined || look === 'none') return null
          const from = x + r + (look === 'ended' ? 1 : r >= 76 ? 22 : r >= 36 ? 12 : 6)
          return (
            <path
              key={`${x} ${y}`}
              className="string"
              data-gone={look !== 'live' || undefined}
              d={`M${from} ${y + 0.5}H${tags.x}`}
            />
          )
        })}
    </svg>
  )
}

/**
 * A wire from each client to its member, from each of `writers` to the storage, and between
 * members. With many members, only the links of `looked` are drawn.
 */
export function wiresOf(
  clients: readonly ClientView[],
  members: readonly MemberView[],
  writers: readonly string[],
  links: Map<string, Link>,
  looked: string | null,
): Drawn[] {
  const drawn: Drawn[] = []
  const add = (a: string, b: string) => {
    const link = links.get(`${a} ${b}`)
    if (link) drawn.push({ name: `${a} ${b}`, a, b, link })
  }
  for (const client of clients) {
    add(client.id, client.member)
    if (writers.includes(client.id)) add(client.id, STORAGE)
  }
  const all = members.length <= MOST_LINKED
  for (const [i, a] of members.entries())
    for (const b of members.slice(i + 1))
      if (all || looked === a.name || looked === b.name) add(a.name, b.name)
  return drawn
}

function Wire({
  a,
  b,
  link,
  off,
  label,
}: {
  a: string
  b: string
  link: Link
  off: boolean
  label: string | null
}) {
  const d = linkPath(link)
  const middle = pointAt(link, 0.5)
  return (
    <g
      {...anchor(
        `link ${a} ${b}`,
        `Link between ${a} and ${b}${off ? ', nothing gets through' : ''}`,
      )}
      className="wire-group"
    >
      <path className="wire-hit" d={d} />
      <path className="wire" data-off={off || undefined} d={d} />
      {label !== null && Math.abs(link.to.x - link.from.x) >= LABELLED && (
        <text className="stage-text" x={middle.x} y={middle.y + 20} textAnchor="middle">
          {label}
        </text>
      )}
    </g>
  )
}

function PeerLatency({ link, ms }: { link: Link | undefined; ms: number }) {
  if (!link) return null
  const { x, y } = pointAt(link, 0.5)
  return (
    <text className="stage-text halo" x={x + 12} y={y + 4}>
      {ms} ms
    </text>
  )
}

/** A line from the only member to the only dial: the member counts this lease. */
function Lead({ layout: { members, truth, columns } }: { layout: StageLayout }) {
  const [box] = members.boxes
  const [dial] = truth.dials
  if (!box || !dial || Math.abs(dial.y - columns.middle) > 40) return null
  return (
    <path
      className="lead-line"
      d={`M${box.x + box.width} ${dial.y}H${dial.x - dial.r - (dial.r >= 76 ? 22 : 12)}`}
    />
  )
}
