// Why an event did not happen: no renewal before an expiry, no answer before a client gave its
// lease up.

import type { LeaseId } from '../../base/rpc'
import { speakerOf } from '../../base/speaker'
import type { TraceEvent } from '../../base/trace'
import { seconds } from '../../text/describe'
import { heldUp, MOST_SEARCHED } from './in-the-way'

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

export interface Absence {
  words: string
  /** Virtual ms: the end of the wait for it. */
  at: number
  /** The faults that prevented it, the latest first. */
  reasons: TraceEvent[]
  /** The event after which it was missing. */
  since: TraceEvent | undefined
}

/**
 * Why nothing renewed a lease after its deadline was set. Only events of this lease and of the
 * clients that kept it are reasons.
 */
export function absence(trace: readonly TraceEvent[], expired: Of<'lease-expired'>): Absence {
  const { member, id } = expired
  const { since, keepers, lost, asked, late, stops } = lookBack(trace, expired)
  const stopped = stops.filter(
    (event) => !('client' in event) || 'lease' in event || keepers.has(event.client),
  )
  const unanswered = asked.at(-1)
  const held = unanswered === undefined ? undefined : heldUp(trace, unanswered, member, id)
  const kept = [...late, ...stopped, ...lost.slice(-1), ...(held === undefined ? [] : [held])]
  const fate = lost[0]?.type === 'message-held' ? 'waited for the end of a cut' : 'were lost'
  const times = lost.length > 1 ? ` (${lost.length} keep-alive messages ${fate})` : ''
  // A new leader sets a new deadline. Its leadership is a reason for the time of the end, whatever
  // fault stopped the keep-alives.
  if (since?.type === 'promoted' && late.length === 0) {
    const words = `${member} counts the lease to a new deadline since ${seconds(since.at)} s, and no keep-alive came`
    return { words: `${words}${times}`, at: expired.deadline, reasons: [...kept, since], since }
  }
  const after =
    since === undefined ? '' : ` ${late.length > 0 ? 'after' : 'since'} ${seconds(since.at)} s`
  const words =
    late.length > 0
      ? `The keep-alives${after} did not reach ${member} in time`
      : asked.length === 0 && kept.length === 0
        ? `No client has sent a keep-alive${after}`
        : `No keep-alive has reached ${member}${after}`
  return { words: `${words}${times}`, at: expired.deadline, reasons: kept, since }
}

/**
 * Why no answer reached a client that gives its lease up; null where an answer said that the lease
 * is gone.
 */
export function silence(
  trace: readonly TraceEvent[],
  lost: Of<'lease-believed-lost'>,
): Absence | null {
  if (lost.why !== 'no-answer') return null
  const { client, lease, id } = lost
  const reasons: TraceEvent[] = []
  let asked: Of<'request-sent'> | undefined
  let since: TraceEvent | undefined
  for (let i = id - 2; i >= 0 && i > id - MOST_SEARCHED && since === undefined; i--) {
    const event = trace[i]!
    if (
      (event.type === 'message-lost' || event.type === 'message-held') &&
      reasons.length === 0 &&
      keepsAlive(trace, event, lease)
    )
      reasons.push(event)
    else if (event.type === 'client-paused' && event.client === client) reasons.push(event)
    else if (
      event.type === 'request-sent' &&
      event.client === client &&
      event.request.type === 'LeaseKeepAlive' &&
      event.request.ID === lease
    )
      asked = event
    else if (
      event.type === 'reply-received' &&
      event.client === client &&
      'ID' in event.reply &&
      event.reply.ID === lease
    )
      since = event
  }
  const held =
    asked === undefined || reasons.length > 0 ? undefined : heldUp(trace, asked, asked.member, id)
  if (held !== undefined) reasons.push(held)
  const after = since === undefined ? '' : ` since ${seconds(since.at)} s`
  return {
    words: `No answer about the lease has reached ${speakerOf(client)}${after}`,
    at: lost.at,
    reasons,
    since: since ?? trace[(lost.causes[0] ?? 0) - 1],
  }
}

interface LookedBack {
  since: TraceEvent | undefined
  /** Clients that were granted the lease or sent a keep-alive for it. */
  keepers: Set<string>
  /**
   * After its deadline was set, the latest first: keep-alive messages that were lost or held by a
   * cut, and requests.
   */
  lost: TraceEvent[]
  asked: Of<'request-sent'>[]
  /** Renewals that came too late, or at another member that still took itself for the primary. */
  late: TraceEvent[]
  /** The fault that stopped a client after its last renewal. */
  stops: TraceEvent[]
}

function lookBack(
  trace: readonly TraceEvent[],
  { lease, member, id: expired }: Of<'lease-expired'>,
): LookedBack {
  const found: LookedBack = {
    since: undefined,
    keepers: new Set(),
    lost: [],
    asked: [],
    late: [],
    stops: [],
  }
  let heard = false
  for (let i = expired - 2; i >= 0 && i > expired - MOST_SEARCHED; i--) {
    const event = trace[i]!
    switch (event.type) {
      case 'lease-granted':
        if (event.lease !== lease) break
        found.since ??= event
        return found
      case 'lease-renewed':
        if (event.lease !== lease) break
        if (event.member === member) found.since ??= event
        else if (found.since === undefined) found.late.push(event)
        heard = true
        break
      case 'renewal-waits':
        if (event.lease === lease && found.since === undefined) found.late.push(event)
        break
      case 'promoted':
        // A new primary gives every lease its TTL again. A client that had stopped before is still
        // the reason.
        if (event.member === member) found.since ??= event
        break
      case 'reply-received':
        if (event.reply.type === 'LeaseGrant' && event.reply.ID === lease)
          found.keepers.add(event.client)
        break
      case 'request-sent':
        if (event.request.type !== 'LeaseKeepAlive' || event.request.ID !== lease) break
        found.keepers.add(event.client)
        if (found.since === undefined) found.asked.push(event)
        break
      case 'message-lost':
      case 'message-held':
        if (found.since === undefined && keepsAlive(trace, event, lease)) found.lost.push(event)
        break
      case 'heartbeat-stopped':
        if (event.lease === lease && !heard) found.stops.push(event)
        break
      case 'client-paused':
      case 'client-crashed':
        if (!heard) found.stops.push(event)
        break
    }
  }
  return found
}

/** Whether a lost message was a keep-alive of that lease or its answer, on any part of its way. */
function keepsAlive(trace: readonly TraceEvent[], lost: TraceEvent, lease: LeaseId): boolean {
  const queue = [...lost.causes]
  for (let looked = 0; looked < 6 && queue.length > 0; looked++) {
    const cause = trace[queue.shift()! - 1]
    if (cause === undefined) continue
    if (cause.type === 'request-sent')
      return cause.request.type === 'LeaseKeepAlive' && cause.request.ID === lease
    queue.push(...cause.causes)
  }
  return false
}
