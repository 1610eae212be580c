import type { ClientView } from '../../../engine/worker/protocol'
import { isSilenced } from '../../commands/faults'
import { glowShare, type Link } from '../../draw/message-path'
import { isCut } from '../../draw/walls'
import { usePainter, useRun } from '../parts/app-context'
import { setAttribute } from '../parts/write'
import { STORAGE } from './storage-card'

const NONE: string[] = []

interface LinksProps {
  links: Map<string, Link>
  width: number
  height: number
}

/** The lines under the cards: from each client to the member it asks, and between all members. */
export function Links({ links, width, height }: LinksProps) {
  const clients = useRun((state) => state.clients)
  const members = useRun((state) => state.members)
  const partition = useRun((state) => state.partition)
  const { cuts } = useRun((state) => state.network)
  const writers = useRun((state) => state.storage?.writers ?? NONE)
  if (width === 0) return null
  const stateOf = (a: string, b: string) => {
    if (isCut(partition, a, b) || isSilenced(cuts, a, b) || isSilenced(cuts, b, a)) return 'cut'
    return members.some(({ name, role }) => (name === a || name === b) && role === 'down') ? 'down' : undefined
  }
  return (
    <svg className="links" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {members.flatMap(({ name }, i) =>
        members.slice(i + 1).map((other) => {
          const link = links.get(`${name} ${other.name}`)
          if (!link) return null
          return <line key={`${name} ${other.name}`} className="link link-peer" data-state={stateOf(name, other.name)} {...endsOf(link)} />
        }),
      )}
      {clients.map((client) => {
        const link = links.get(`${client.id} ${client.member}`)
        return link ? <ClientLink key={client.id} client={client} link={link} state={stateOf(client.id, client.member)} /> : null
      })}
      {writers.map((client) => {
        const link = links.get(`${client} ${STORAGE}`)
        return link ? <line key={client} className="link link-storage" data-state={stateOf(client, STORAGE)} {...endsOf(link)} /> : null
      })}
    </svg>
  )
}

function ClientLink({ client, link, state }: { client: ClientView; link: Link; state: string | undefined }) {
  const answered = client.sessions.reduce<number | null>(
    (last, { lastAnswerAt: at }) => (at !== null && (last === null || at > last) ? at : last),
    null,
  )
  const paint = usePainter<SVGLineElement>((line, now) => setAttribute(line, 'opacity', glowShare(answered, now).toFixed(2)))
  return (
    <g>
      <line className="link" data-state={state} {...endsOf(link)} />
      <line ref={paint} className="link-glow" {...endsOf(link)} opacity="0" />
    </g>
  )
}

function endsOf({ from, to }: Link) {
  return { x1: from.x, y1: from.y, x2: to.x, y2: to.y }
}
