// The messages between clients, members and the storage, as of the cursor. A message that arrives
// after the cursor is in flight.

import type { LeaseId } from '../../base/rpc'
import { speakerOf } from '../../base/speaker'
import type { ClientId, EventId, TraceEvent } from '../../base/trace'
import { flightOf } from '../../sim/post'
import { RESOURCE } from '../../sim/resource'
import { actor, sentence } from '../../text/describe'
import type { LeaseEndEvent, Ledger, TrafficEvent } from '../ledger'
import type { Scene } from '../scene'
import { countUntil } from '../until'
import type { SpacetimeMessage } from './rows'

type Sending = Extract<
  TrafficEvent,
  {
    type:
      | 'request-sent'
      | 'reply-sent'
      | 'peer-sent'
      | 'write-sent'
      | 'write-taken'
      | 'write-bounced'
  }
>

type RequestSent = Extract<TrafficEvent, { type: 'request-sent' }>

/** A message without its words. */
export interface Flight {
  sending: Sending
  received: number | null
  due: number | null
  lost: number | null
}

/** The latest events that are read. */
const MOST_EVENTS = 6000

/**
 * The latest messages, by the event of sending. `all` adds keep-alives with a good answer, and
 * Raft's messages.
 */
export function flights(
  { sim, ledger, last }: Scene,
  all: boolean,
): { flights: Flight[]; cut: boolean } {
  const { traffic } = ledger
  const end = countUntil(traffic, last)
  const start = Math.max(0, end - MOST_EVENTS)
  const found = new Map<EventId, Flight>()
  const remarkable = new Set<EventId>()
  const hidden = new Set<EventId>()
  // Of keep-alives in a row that are lost, held by a cut or refused, the first is enough.
  const losing = new Set<string>()
  const refusing = new Set<string>()
  const noteRefusal = (answer: Sending): void => {
    const request = requestOf(ledger, answer)
    const way = endsOf(answer).join(' ')
    if (request?.request.type === 'LeaseKeepAlive' && refusing.has(way)) {
      hidden.add(answer.id)
      return
    }
    for (const id of [answer.id, request?.id ?? 0]) remarkable.add(id)
    if (request?.request.type === 'LeaseKeepAlive') refusing.add(way)
  }
  for (let i = start; i < end; i++) {
    const event = traffic[i]!
    if (isSending(event)) {
      found.set(event.id, { sending: event, received: null, due: null, lost: null })
      if (isBad(event)) noteRefusal(event)
      else if (event.type === 'reply-sent' && isRoutine(event))
        refusing.delete(endsOf(event).join(' '))
    }
    const flight = isArrival(event) ? found.get(event.causes[0] ?? 0) : undefined
    if (flight === undefined) continue
    const way = endsOf(flight.sending).join(' ')
    if (event.type === 'message-lost' || event.type === 'message-held') {
      if (event.type === 'message-lost') flight.lost = event.at
      if (!losing.has(way)) remarkable.add(flight.sending.id)
      losing.add(way)
    } else {
      flight.received = event.at
      losing.delete(way)
    }
  }
  const flying = [...sim.moves(), ...sim.held.map((due) => ({ at: flightOf(due)!.dueAt, due }))]
  for (const { at, due } of flying) {
    const cause =
      due.type === 'deliver'
        ? due.message.cause
        : due.type === 'deliver-write'
          ? due.write.cause
          : due.type === 'deliver-peer'
            ? due.delivery.cause
            : 0
    const flight = found.get(cause)
    if (flight !== undefined) flight.due = at
  }
  const shown = [...found.values()].filter(
    ({ sending }) =>
      all ||
      (sending.type !== 'peer-sent' &&
        !hidden.has(sending.id) &&
        (remarkable.has(sending.id) || !isRoutine(sending))),
  )
  return { flights: shown, cut: start > 0 }
}

/** The row of a message. */
export function messageOf(
  { sending, received, due, lost }: Flight,
  ledger: Ledger,
): SpacetimeMessage {
  const [from, to] = endsOf(sending)
  return {
    event: sending.id,
    from,
    to,
    kind: isReply(sending) ? 'reply' : 'request',
    text: `${actor(sending)} ${sentence(sending, ledger.names)}`,
    bad: isBad(sending),
    sent: sending.at,
    received,
    due,
    lost,
  }
}

/** The lanes of its sender and receiver. */
export function endsOf(sending: Sending): [from: string, to: string] {
  switch (sending.type) {
    case 'request-sent':
      return [speakerOf(sending.client), sending.member]
    case 'reply-sent':
      return [sending.member, speakerOf(sending.client)]
    case 'peer-sent':
      return [sending.member, sending.to]
    case 'write-sent':
      return [sending.client, RESOURCE]
    case 'write-taken':
    case 'write-bounced':
      return [RESOURCE, sending.client]
  }
}

function isSending(event: TrafficEvent): event is Sending {
  return /-sent$|^write-(taken|bounced)$/.test(event.type)
}

/** The storage answers a write in the instant in which it arrives: that event is both. */
function isArrival({ type }: TrafficEvent): boolean {
  return !/-sent$/.test(type)
}

function isReply(sending: Sending): boolean {
  if (sending.type === 'peer-sent') return /Resp$|^lease-answer$/.test(sending.what)
  return sending.type !== 'request-sent' && sending.type !== 'write-sent'
}

function isBad(sending: Sending): boolean {
  if (sending.type === 'write-bounced') return true
  return sending.type === 'reply-sent' && (sending.reply.type === 'error' || isGone(sending.reply))
}

function isGone(reply: { type: string; TTL?: number; ID?: LeaseId }): boolean {
  return reply.type === 'LeaseKeepAlive' && (reply.TTL ?? 0) <= 0
}

/** Routine messages without news. */
function isRoutine(sending: Sending): boolean {
  switch (sending.type) {
    case 'request-sent':
      return sending.request.type === 'LeaseKeepAlive'
    case 'reply-sent':
      return sending.reply.type === 'LeaseKeepAlive'
    default:
      return false
  }
}

/** The most causes of an answer that are searched for its request. */
const MOST_CAUSES = 12

/**
 * The request of an answer that was sent or received; undefined where none of its causes is a
 * request.
 */
export function requestOf(ledger: Ledger, answer: TraceEvent): RequestSent | undefined {
  const ids = [...answer.causes]
  for (let i = 0; i < Math.min(ids.length, MOST_CAUSES); i++) {
    const event = eventOf(ledger, ids[i]!)
    if (event?.type === 'request-sent') return event
    if (event !== undefined) ids.push(...event.causes)
  }
  return undefined
}

function eventOf({ traffic, log }: Ledger, id: EventId) {
  const event = traffic[countUntil(traffic, id) - 1]
  if (event?.id === id) return event
  const line = log[countUntil(log, id) - 1]
  return line?.id === id ? line : undefined
}

/** The client that requested the end of a lease; undefined where its time ran out. */
export function revokerOf(ledger: Ledger, event: LeaseEndEvent): ClientId | undefined {
  return event.end === 'revoked' ? requestOf(ledger, event)?.client : undefined
}
