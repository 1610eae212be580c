import { Fragment } from 'react'
import type { MemberView, MessageView } from '../../../engine/worker/protocol'
import { bundles, doomedFlightAt, flightAt, flightShare, type Link, labelX } from '../../draw/message-path'
import { countsByPair, trafficOf, trafficText } from '../../draw/traffic'
import { isCut } from '../../draw/walls'
import { usePainter, useRun } from '../parts/app-context'
import { useCalm } from '../parts/media'
import { setAttribute, setText } from '../parts/write'

/** Above this many on one link they are counted instead of drawn. */
const MOST_ON_A_LINK = 12
const MOST_NAMES = 4
/** Pixels, about, of the longest RPC's name. */
const LABEL_WIDTH = 118
/** Where a message that will not arrive meets its end: at a wall or for no reason in the middle of its link, or at the door of somebody who is down. */
const AT_THE_WALL = 0.5
const AT_THE_DOOR = 0.85

interface FlightsProps {
  links: Map<string, Link>
  width: number
  height: number
  /** Those between members are drawn too. */
  heartbeats: boolean
}

/** The messages on the links between clients and members, and between members. */
export function Flights({ links, width, height, heartbeats }: FlightsProps) {
  const members = useRun((state) => state.members)
  const messages = useRun((state) => state.messages)
  const partition = useRun((state) => state.partition)
  const playing = useRun((state) => state.playing)
  const calm = useCalm()
  if (width === 0) return null
  const { byLink, crowded, named } = trafficOf(messages, heartbeats, (name) => links.has(name))
  return (
    <svg className="flights" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={trafficText(messages)}>
      {crowded
        ? [...countsByPair(byLink)].map(([name, count]) => <Crowd key={name} link={links.get(name)} count={count} />)
        : [...byLink].map(([name, flying]) => {
            const link = links.get(name)
            if (!link) return null
            if (flying.length > MOST_ON_A_LINK) return <Crowd key={name} link={link} count={flying.length} />
            const between = isBetween(members, name)
            if (calm) return <Progress key={name} link={link} messages={flying} short={between} />
            const [a = '', b = ''] = name.split(' ')
            const down = [a, b].some((end) => members.some(({ name: other, role }) => other === end && role === 'down'))
            const end = isCut(partition, a, b) || !down ? AT_THE_WALL : AT_THE_DOOR
            return (
              <Fragment key={name}>
                {bundles(flying).map((bundle) => (
                  <Bundle key={bundle[0]?.id} messages={bundle} link={link} heading={!playing} end={end} named={!between || named} />
                ))}
              </Fragment>
            )
          })}
    </svg>
  )
}

function isBetween(members: MemberView[], link: string): boolean {
  return link.split(' ').every((end) => members.some(({ name }) => name === end))
}

interface BundleProps {
  messages: MessageView[]
  link: Link
  /** Shows which way it goes. */
  heading: boolean
  /** The share of its link at which what is doomed meets its end. */
  end: number
  named: boolean
}

/** Messages that were sent together and will arrive together: a dot each, and their names beyond the outermost. */
function Bundle({ messages, link, heading, end, named }: BundleProps) {
  const upright = Math.abs(link.to.y - link.from.y) > Math.abs(link.to.x - link.from.x)
  const paint = usePainter<SVGGElement>((group, now) => {
    messages.forEach((message, rank) => {
      const share = flightShare(message, now)
      const doomed = message.doomed ? doomedFlightAt(link, message.kind, share, end, rank) : null
      const flight = doomed ?? flightAt(link, message.kind, share, rank)
      const dot = group.children[rank]
      setAttribute(dot, 'transform', `translate(${flight.x.toFixed(1)} ${flight.y.toFixed(1)})`)
      setAttribute(dot, 'data-dead', doomed?.dead ? 'yes' : 'no')
      setAttribute(dot?.querySelector('.message-head'), 'transform', `rotate(${flight.heading.toFixed(0)})`)
      if (rank === messages.length - 1) {
        const x = upright ? flight.x : labelX(link, flight.x, LABEL_WIDTH)
        setAttribute(group.lastElementChild, 'transform', `translate(${x.toFixed(1)} ${flight.y.toFixed(1)})`)
      }
    })
  })
  const [first] = messages
  if (!first) return null
  // The name stands beyond the dot, on the side of its lane.
  const above = first.kind === 'request' ? link.to.x >= link.from.x : link.to.x < link.from.x
  const right = first.kind === 'request' ? link.to.y >= link.from.y : link.to.y < link.from.y
  const place: { x: number; y: number; textAnchor: 'start' | 'middle' | 'end' } = upright
    ? { x: right ? 14 : -14, y: 4, textAnchor: right ? 'start' : 'end' }
    : { x: 0, y: above ? -14 : 24, textAnchor: 'middle' }
  const line = upright || !above ? 15 : -15
  return (
    <g ref={paint} className={`message message-${first.kind}`}>
      {messages.map((message) => (
        <g
          key={message.id}
          data-bad={message.bad || undefined}
          data-doomed={message.doomed || undefined}
          data-beat={message.machinery || undefined}
        >
          <circle r={message.machinery ? 3 : 6.5} />
          {message.bad && <path className="message-bad" d="M-3-3 3 3M3-3-3 3" />}
          {heading && !message.machinery && <path className="message-head" d="M10-4 17 0 10 4z" />}
          {message.doomed && <path className="message-end" d="M-6-6 6 6M6-6-6 6" />}
        </g>
      ))}
      <g>
        {named &&
          messages
            .filter(({ machinery }) => !machinery)
            .slice(0, MOST_NAMES)
            .map((message, index) => (
              <text key={message.id} {...place} y={place.y + index * line}>
                {nameOf(message)}
              </text>
            ))}
      </g>
    </g>
  )
}

function nameOf({ label, kind, bad, doomed }: MessageView): string {
  const answer = kind === 'reply' && !label.startsWith('Msg') ? (bad ? ' −' : ' +') : ''
  return `${label}${answer}${doomed ? ' ✕' : ''}`
}

/** Without motion: the link says what is on it and how far it has come; a link between members has room for one line. */
function Progress({ link, messages, short }: { link: Link; messages: MessageView[]; short: boolean }) {
  const [x, y] = [(link.from.x + link.to.x) / 2, (link.from.y + link.to.y) / 2]
  const lines = short ? messages.slice(-1) : messages
  const more = messages.length > lines.length ? `, +${messages.length - lines.length}` : ''
  const paint = usePainter<SVGGElement>((group, now) => {
    lines.forEach((message, index) => {
      const share = Math.round(flightShare(message, now) * 100)
      const fate = message.doomed ? '✕ will not arrive' : `${share} %`
      setText(group.children[index], `${message.kind === 'request' ? '→' : '←'} ${message.label} ${fate}${more}`)
    })
  })
  return (
    <g ref={paint} className="message-progress">
      {lines.map((message, index) => (
        <text key={message.id} x={x} y={y - 10 - index * 16} textAnchor="middle" />
      ))}
    </g>
  )
}

function Crowd({ link, count }: { link: Link | undefined; count: number }) {
  if (!link) return null
  return (
    <text className="message-crowd" x={(link.from.x + link.to.x) / 2} y={(link.from.y + link.to.y) / 2 - 10} textAnchor="middle">
      {count} messages
    </text>
  )
}
