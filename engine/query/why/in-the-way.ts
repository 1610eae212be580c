// The faults that kept a message from its receiver, or a member from the others: faults between two
// events of the trace.

import { speakerOf } from '../../base/speaker'
import type { EventId, TraceEvent } from '../../base/trace'

/** The most events that are searched before a given one. */
export const MOST_SEARCHED = 20_000

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

/**
 * Why a request that was not lost has no answer from the primary: its receiver is paused, or cannot
 * reach the primary.
 */
export function heldUp(
  trace: readonly TraceEvent[],
  asked: Of<'request-sent'>,
  primary: string,
  until: EventId,
): TraceEvent | undefined {
  const paused = pausedAt(trace, asked.member, asked.id, until)
  if (paused !== undefined) return paused
  const slow = slowed(trace, asked, until)
  if (slow !== undefined || asked.member === primary) return slow
  return inTheWay(trace, { id: until, from: asked.member, to: primary })
}

/**
 * The fault that delayed a request on its way: a single message held back, or a slow link. A lossy
 * link is slow too, because a connection sends again.
 */
function slowed(
  trace: readonly TraceEvent[],
  { client, member, id }: Of<'request-sent'>,
  until: EventId,
): TraceEvent | undefined {
  for (let i = until - 2; i >= 0 && i > until - MOST_SEARCHED; i--) {
    const event = trace[i]!
    if (
      event.type === 'message-handled' &&
      event.fate === 'delay' &&
      event.id > id &&
      is(event.from, client) &&
      is(event.to, member)
    )
      return event
    if (event.type === 'healed') return undefined
    if (
      event.type === 'link-changed' &&
      event.dial !== 'duplicate' &&
      event.value > 0 &&
      isOn(event.link, client, member)
    )
      return event
  }
  return undefined
}

/** Whether a link, as the trace writes it, carries messages in that direction. */
function isOn(link: string, from: string, to: string): boolean {
  const [a, b] = [speakerOf(from), speakerOf(to)]
  return ['all', `${a}-${b}`, `${b}-${a}`, `${a} to ${b}`].includes(link)
}

/** Whether two names are the same client or member: links know a terminal, not its processes. */
function is(a: string, b: string): boolean {
  return speakerOf(a) === speakerOf(b)
}

/**
 * The pause of a member at an event, if it was paused then or before a later event; else undefined.
 */
function pausedAt(
  trace: readonly TraceEvent[],
  member: string,
  from: EventId,
  until: EventId,
): TraceEvent | undefined {
  for (let i = until - 2; i >= 0 && i > until - MOST_SEARCHED; i--) {
    const event = trace[i]!
    if (event.type === 'member-resumed' && event.member === member && event.id < from)
      return undefined
    if (event.type === 'member-paused' && event.member === member) return event
  }
  return undefined
}

/**
 * The fault that lost a message: a cut, a lossy link, a drop by hand, or a sender or receiver that
 * was down.
 */
export function inTheWay(
  trace: readonly TraceEvent[],
  {
    id,
    from,
    to,
    causes = [],
  }: Pick<Of<'message-lost' | 'message-held'>, 'id' | 'from' | 'to'> & {
    causes?: readonly EventId[]
  },
): TraceEvent | undefined {
  // A drop by hand comes after the sending.
  const [sent = id] = causes
  let healed = false
  const up = new Set<string>()
  for (let i = id - 2; i >= 0; i--) {
    const event = trace[i]!
    if (event.type === 'healed') healed = true
    else if (
      event.type === 'cut-one-way' &&
      !healed &&
      event.from.includes(speakerOf(from)) &&
      event.to.includes(speakerOf(to))
    )
      return event
    else if (
      event.type === 'link-changed' &&
      event.dial === 'loss' &&
      !healed &&
      isOn(event.link, from, to)
    ) {
      if (event.value > 0) return event
    } else if (
      event.type === 'message-handled' &&
      event.fate === 'drop' &&
      event.id > sent &&
      is(event.from, from) &&
      is(event.to, to)
    )
      return event
    else if (event.type === 'partitioned') {
      if (!healed) return event
      healed = true
    } else if (event.type === 'member-restarted') up.add(event.member)
    else if (event.type === 'client-restarted') up.add(event.client)
    else if (
      (event.type === 'member-crashed' || event.type === 'member-stopped') &&
      (event.member === to || event.member === from) &&
      !up.has(event.member)
    )
      return event
    else if (
      event.type === 'client-crashed' &&
      (event.client === to || event.client === from) &&
      !up.has(event.client)
    )
      return event
  }
  return undefined
}
