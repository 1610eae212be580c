import { useEffect, useState } from 'react'
import type { MemberView, MessageView } from '../../../engine/worker/protocol'
import {
  bundles,
  flightAt,
  flightShare,
  type Link,
  pointAt,
  type Rect,
  tailShare,
} from '../../draw/message-path'
import { isCut } from '../../draw/partition'
import { messageLabel } from '../../draw/stage-labels'
import { countsByPair, trafficOf, trafficText } from '../../draw/traffic'
import { usePainter, useRun, useUi } from '../parts/app-context'
import { useCalm } from '../parts/media'
import { setAttribute, setText } from '../parts/write'
import { anchor } from './anchor'

/** A link with more messages shows their number instead of drawing the messages. */
const MOST_ON_A_LINK = 12
const MOST_NAMES = 3
/**
 * The place on a link where a lost message disappears. A partition or a random loss stops the
 * message in the middle. A process that is down stops the message near the end.
 */
const AT_THE_WALL = 0.5
const AT_THE_DOOR = 0.85
/** Half the length of a pulse, as a share of its link. */
const PULSE = 0.09

interface FlightsProps {
  links: Map<string, Link>
  members: readonly MemberView[]
  /** Rectangles of the cards and words. The name of a message covers none of the rectangles. */
  taken: readonly Rect[]
  width: number
  height: number
}

/**
 * Messages of clients are drawn as messages. The members' own traffic is pulses on their links,
 * unless the reader chose to see these messages too.
 */
export function Flights({ links, members, taken, width, height }: FlightsProps) {
  const messages = useRun((state) => state.messages)
  const partition = useRun((state) => state.partition)
  const drawn = useUi((state) => state.heartbeats)
  const calm = useCalm()
  const [said] = useState(() => new Map<string, Rect>())
  const names = new Set(members.map(({ name }) => name))
  const isBetween = ({ from, to }: MessageView) => names.has(from) && names.has(to)
  const { byLink, crowded, named } = trafficOf(
    messages.filter((message) => drawn || !isBetween(message)),
    drawn,
    (name) => links.has(name),
  )
  const down = new Set(members.filter(({ role }) => role === 'down').map(({ name }) => name))
  const endOf = (a: string, b: string) =>
    isCut(partition, a, b) || !(down.has(a) || down.has(b)) ? AT_THE_WALL : AT_THE_DOOR
  return (
    <svg className="flights" width={width} height={height} aria-label={trafficText(messages)}>
      {!drawn &&
        !calm &&
        messages.filter(isBetween).map((message) => {
          const link = links.get(`${message.from} ${message.to}`)
          return link ? (
            <Pulse
              key={message.id}
              message={message}
              link={link}
              end={endOf(message.from, message.to)}
            />
          ) : null
        })}
      {crowded
        ? [...countsByPair(byLink)].map(([name, count]) => (
            <Crowd key={name} link={links.get(name)} count={count} />
          ))
        : [...byLink].map(([name, flying]) => {
            const link = links.get(name)
            if (!link) return null
            if (flying.length > MOST_ON_A_LINK)
              return <Crowd key={name} link={link} count={flying.length} />
            const [a = '', b = ''] = name.split(' ')
            const between = names.has(a) && names.has(b)
            if (calm) return <Progress key={name} link={link} messages={flying} short={between} />
            return bundles(flying).map((bundle) => (
              <Bundle
                key={bundle[0]?.id}
                messages={bundle}
                link={link}
                end={endOf(a, b)}
                named={!between || named}
                taken={taken}
                said={said}
              />
            ))
          })}
    </svg>
  )
}

interface BundleProps {
  messages: MessageView[]
  link: Link
  /** The share of its link where a doomed message ends and a held one waits. */
  end: number
  named: boolean
  taken: readonly Rect[]
  /** The rectangles of the names of the other messages, by message. */
  said: Map<string, Rect>
}

/**
 * Messages with the same times of sending and arrival. Each message is a dot with a tail, and the
 * names are beside the line.
 */
function Bundle({ messages, link, end, named, taken, said }: BundleProps) {
  const speed = useRun((state) => state.held ?? state.speed)
  const [first] = messages
  if (!first) return null
  return messages.map((message, rank) => (
    <Message
      key={message.id}
      message={message}
      link={link}
      end={end}
      rank={rank}
      speed={speed}
      named={named && rank < MOST_NAMES}
      taken={taken}
      said={said}
    />
  ))
}

interface MessageProps {
  message: MessageView
  link: Link
  end: number
  rank: number
  speed: number
  named: boolean
  taken: readonly Rect[]
  said: Map<string, Rect>
}

function Message({ message, link, end, rank, speed, named, taken, said }: MessageProps) {
  const { id, kind, doomed, machinery, bad } = message
  const own = String(id)
  const label = `${message.label} ${kind} from ${message.from} to ${message.to}${doomed ? ', will not arrive' : message.held ? ', waits for the end of the cut' : ''}`
  const paint = usePainter<SVGGElement>((group, now) => {
    const share = flightShare(message, now)
    const shown = doomed || message.held ? Math.min(share, end) : share
    const held = now > message.due || (message.held && share >= end)
    const flight = flightAt(link, kind, shown, rank)
    const back = flightAt(link, kind, Math.min(shown, tailShare(message, now, speed)), rank)
    const [tail, dot, text] = [group.children[0], group.children[1], group.children[2]]
    setAttribute(
      tail,
      'd',
      `M${back.x.toFixed(1)} ${back.y.toFixed(1)}L${flight.x.toFixed(1)} ${flight.y.toFixed(1)}`,
    )
    setAttribute(
      dot,
      'transform',
      `translate(${flight.x.toFixed(1)} ${flight.y.toFixed(1)}) rotate(${flight.heading.toFixed(0)})`,
    )
    setAttribute(group, 'data-fate', doomed && share >= end ? 'dead' : held ? 'held' : 'flying')
    const name = named && !machinery ? nameOf(message, doomed && share >= end, held) : ''
    said.delete(own)
    const label =
      name === '' ? null : messageLabel(link, flight, name, [...taken, ...said.values()])
    setText(text, label === null ? '' : name)
    if (label === null) return
    said.set(own, label.box)
    setAttribute(
      text,
      'transform',
      `translate(${label.x.toFixed(1)} ${(label.top + 11).toFixed(1)})`,
    )
  })
  useEffect(() => () => void said.delete(own), [said, own])
  return (
    <g
      {...anchor(`message ${id}`, label)}
      ref={paint}
      className="message"
      tabIndex={machinery ? -1 : 0}
      data-kind={kind}
      data-bad={bad || undefined}
      data-beat={machinery || undefined}
    >
      <path className="message-tail" />
      <g>
        <circle className="message-dot" r={machinery ? 3 : 5} />
        <path className="message-head" d="M9 0H15M11-4 15.5 0 11 4" />
        <path className="message-cross" d="M-5-5 5 5M5-5-5 5" />
        <path className="message-hold" d="M-9-7V7M9-7V7" />
        <circle className="message-hit" r="14" />
      </g>
      <text className="message-name" textAnchor="middle" />
    </g>
  )
}

function nameOf({ label, kind, bad }: MessageView, dead: boolean, held: boolean): string {
  if (dead) return `${label} lost`
  if (held) return `${label} held`
  if (kind === 'request') return label
  return bad && label !== 'refused' ? `${label} refused` : label === 'write' ? 'write ok' : label
}

/** A message between members: a pulse that moves along the link. */
function Pulse({ message, link, end }: { message: MessageView; link: Link; end: number }) {
  const paint = usePainter<SVGPathElement>((path, now) => {
    const share = message.doomed
      ? Math.min(end, flightShare(message, now))
      : flightShare(message, now)
    const [a, b] = [
      pointAt(link, Math.max(0, share - PULSE)),
      pointAt(link, Math.min(1, share + PULSE)),
    ]
    setAttribute(path, 'data-dead', message.doomed && share >= end ? 'yes' : 'no')
    setAttribute(
      path,
      'd',
      `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`,
    )
  })
  return <path ref={paint} className="pulse" />
}

/**
 * With reduced motion, the link names its messages and their progress. A link between members has
 * room for one line.
 */
function Progress({
  link,
  messages,
  short,
}: {
  link: Link
  messages: MessageView[]
  short: boolean
}) {
  const { x, y } = pointAt(link, 0.5)
  const lines = short ? messages.slice(-1) : messages
  const more = messages.length > lines.length ? `, +${messages.length - lines.length}` : ''
  const paint = usePainter<SVGGElement>((group, now) => {
    lines.forEach((message, index) => {
      const share = Math.round(flightShare(message, now) * 100)
      const fate = message.doomed
        ? '✕ will not arrive'
        : message.held
          ? 'held by the cut'
          : `${share} %`
      setText(
        group.children[index],
        `${message.kind === 'request' ? '→' : '←'} ${message.label} ${fate}${more}`,
      )
    })
  })
  return (
    <g ref={paint}>
      {lines.map((message, index) => (
        <text
          key={message.id}
          className="message-name"
          x={x}
          y={y - 10 - index * 16}
          textAnchor="middle"
        />
      ))}
    </g>
  )
}

function Crowd({ link, count }: { link: Link | undefined; count: number }) {
  if (!link) return null
  const { x, y } = pointAt(link, 0.5)
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect className="crowd" x="-19" y="-11" width="38" height="22" rx="11" />
      <text className="crowd-figure" y="4" textAnchor="middle">
        {count}
      </text>
    </g>
  )
}
