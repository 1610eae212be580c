import type { ClientView, MessageView } from '../../engine/worker/protocol'
import { bundles, flightAt, flightShare, glowShare, type Link, labelX } from '../draw/message-path'
import { usePainter, useRun } from './app-context'
import { useCalm } from './media'
import { setAttribute, setText } from './write'

/** Above this many on one link they are counted instead of drawn. */
const MOST_ON_A_LINK = 12
const MOST_NAMES = 4
/** Pixels, about, of the longest RPC's name. */
const LABEL_WIDTH = 118

/** The links between clients and members, and the messages on them. */
export function Flights({ links, width, height }: { links: Map<string, Link>; width: number; height: number }) {
  const clients = useRun((state) => state.clients)
  const messages = useRun((state) => state.messages)
  const playing = useRun((state) => state.playing)
  const calm = useCalm()
  if (width === 0) return null
  const busy = new Map<string, MessageView[]>()
  for (const message of messages) {
    const name = links.has(`${message.from} ${message.to}`) ? `${message.from} ${message.to}` : `${message.to} ${message.from}`
    if (links.has(name)) busy.set(name, [...(busy.get(name) ?? []), message])
  }
  return (
    <svg className="flights" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary(messages)}>
      {clients.map((client) => {
        const link = links.get(`${client.id} ${client.member}`)
        return link ? <LinkLine key={client.id} client={client} link={link} busy={busy.has(`${client.id} ${client.member}`)} /> : null
      })}
      {[...busy].map(([name, flying]) => {
        const link = links.get(name)
        if (!link) return null
        if (flying.length > MOST_ON_A_LINK) return <Crowd key={name} link={link} count={flying.length} />
        if (calm) return <Progress key={name} link={link} messages={flying} />
        return bundles(flying).map((bundle) => <Bundle key={bundle[0]?.id} messages={bundle} link={link} heading={!playing} />)
      })}
    </svg>
  )
}

function LinkLine({ client, link, busy }: { client: ClientView; link: Link; busy: boolean }) {
  const answered = client.sessions.reduce<number | null>(
    (last, { lastAnswerAt: at }) => (at !== null && (last === null || at > last) ? at : last),
    null,
  )
  const paint = usePainter<SVGLineElement>((line, now) => setAttribute(line, 'opacity', glowShare(answered, now).toFixed(2)))
  const ends = { x1: link.from.x, y1: link.from.y, x2: link.to.x, y2: link.to.y }
  return (
    <g>
      <line className="link" data-busy={busy || undefined} {...ends} />
      <line ref={paint} className="link-glow" {...ends} opacity="0" />
    </g>
  )
}

/** Messages that were sent together and will arrive together: a dot each, and their names beyond the outermost. */
function Bundle({ messages, link, heading }: { messages: MessageView[]; link: Link; heading: boolean }) {
  const upright = Math.abs(link.to.y - link.from.y) > Math.abs(link.to.x - link.from.x)
  const paint = usePainter<SVGGElement>((group, now) => {
    messages.forEach((message, rank) => {
      const flight = flightAt(link, message.kind, flightShare(message, now), rank)
      const dot = group.children[rank]
      setAttribute(dot, 'transform', `translate(${flight.x.toFixed(1)} ${flight.y.toFixed(1)})`)
      setAttribute(dot?.querySelector('.message-head'), 'transform', `rotate(${flight.heading.toFixed(0)})`)
      if (rank === messages.length - 1) {
        const x = upright ? flight.x : labelX(link, flight.x, LABEL_WIDTH)
        setAttribute(group.lastElementChild, 'transform', `translate(${x.toFixed(1)} ${flight.y.toFixed(1)})`)
      }
    })
  })
  const [first] = messages
  if (!first) return null
  const reply = first.kind === 'reply'
  const place: { x: number; y: number; textAnchor: 'start' | 'middle' | 'end' } = upright
    ? { x: reply ? -14 : 14, y: 4, textAnchor: reply ? 'end' : 'start' }
    : { x: 0, y: reply ? 24 : -14, textAnchor: 'middle' }
  const line = upright || reply ? 15 : -15
  return (
    <g ref={paint} className={`message message-${first.kind}`}>
      {messages.map((message) => (
        <g key={message.id} data-bad={message.bad || undefined}>
          <circle r="6.5" />
          {message.bad && <path className="message-bad" d="M-3-3 3 3M3-3-3 3" />}
          {heading && <path className="message-head" d="M10-4 17 0 10 4z" />}
        </g>
      ))}
      <g>
        {messages.slice(0, MOST_NAMES).map((message, index) => (
          <text key={message.id} {...place} y={place.y + index * line}>
            {message.label}
            {reply ? (message.bad ? ' −' : ' +') : ''}
          </text>
        ))}
      </g>
    </g>
  )
}

/** Without motion: the link says what is on it and how far it has come. */
function Progress({ link, messages }: { link: Link; messages: MessageView[] }) {
  const [x, y] = [(link.from.x + link.to.x) / 2, (link.from.y + link.to.y) / 2]
  const paint = usePainter<SVGGElement>((group, now) => {
    messages.forEach((message, index) => {
      const share = Math.round(flightShare(message, now) * 100)
      setText(group.children[index], `${message.kind === 'request' ? '→' : '←'} ${message.label} ${share} %`)
    })
  })
  return (
    <g ref={paint} className="message-progress">
      {messages.map((message, index) => (
        <text key={message.id} x={x} y={y - 10 - index * 16} textAnchor="middle" />
      ))}
    </g>
  )
}

function Crowd({ link, count }: { link: Link; count: number }) {
  return (
    <text className="message-crowd" x={(link.from.x + link.to.x) / 2} y={(link.from.y + link.to.y) / 2 - 10} textAnchor="middle">
      {count} messages
    </text>
  )
}

function summary(messages: MessageView[]): string {
  if (messages.length === 0) return 'No message in flight'
  const named = messages.slice(0, 4).map(({ label, kind, from, to }) => `${label} ${kind} from ${from} to ${to}`)
  return `${messages.length} in flight: ${named.join(', ')}${messages.length > 4 ? ' and others' : ''}`
}
