// Why did this happen? An event's causes, back to what a person did: without the machinery in between, and with what did not happen, where that is the reason. A lease
// does not expire because of the pass that finds it, but because no renewal came: and that has causes of its own.
//
//   key /svc/a is deleted ← lease 7c is revoked ← lease 7c has expired ← no renewal came after 3.6 s ← its keep-alive is lost ← the network falls apart

import type { LeaseId } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import { seconds } from '../text/describe'
import type { LogLine } from './rows'
import { logLine } from './views'

export interface WhyView {
  /** The event that was asked about. */
  event: EventId
  /** From it backwards; what is `deeper` explains the line before that is less deep. */
  reasons: Reason[]
}

export interface Reason {
  depth: number
  /** What did not happen, in words; null where the line's own event is the reason. */
  missing: string | null
  /** Null for what has no event. */
  line: LogLine | null
}

const MOST_REASONS = 40
/** Events before an expiry that are searched for what kept the renewal away. */
const MOST_SEARCHED = 20_000

/** The chain of an event's causes; null for an event that is not there. */
export function why(trace: readonly TraceEvent[], event: EventId): WhyView | null {
  const first = trace[event - 1]
  if (first === undefined) return null
  const reasons: Reason[] = []
  explain(trace, first, 0, new Set(), reasons)
  return { event, reasons }
}

function explain(trace: readonly TraceEvent[], event: TraceEvent, depth: number, told: Set<EventId>, reasons: Reason[]): void {
  if (told.has(event.id) || reasons.length >= MOST_REASONS) return
  told.add(event.id)
  reasons.push({ depth, missing: null, line: logLine(event) })
  if (event.type === 'lease-expired') {
    const kept = absence(trace, event)
    reasons.push({ depth: depth + 1, missing: kept.words, line: null })
    for (const reason of kept.reasons) explain(trace, reason, depth + 2, told, reasons)
    if (kept.reasons.length === 0 && kept.since !== undefined) explain(trace, kept.since, depth + 2, told, reasons)
    return
  }
  const causes = shownCauses(trace, event)
  for (const cause of causes) explain(trace, cause, depth + 1, told, reasons)
}

/** The nearest causes worth telling: through the machinery, and without the clockwork that only says when. */
function shownCauses(trace: readonly TraceEvent[], event: TraceEvent): TraceEvent[] {
  const found: TraceEvent[] = []
  const seen = new Set<EventId>()
  const queue = [...event.causes]
  while (queue.length > 0) {
    const id = queue.shift()!
    if (seen.has(id)) continue
    seen.add(id)
    const cause = trace[id - 1]
    if (cause === undefined || CLOCKWORK.has(cause.type)) continue
    if (cause.level === 'machinery' || PASSED_ON.has(cause.type)) queue.push(...cause.causes)
    else found.push(cause)
  }
  // The start of the cluster is a cause of everything, and tells nothing beside another one.
  const telling = found.filter((cause) => cause.type !== 'command' || cause.kind !== 'start')
  return (telling.length > 0 ? telling : found).sort((a, b) => b.id - a.id)
}

/** Loops that come round whatever happens. */
const CLOCKWORK: ReadonlySet<TraceEvent['type']> = new Set(['expiry-pass', 'watch-synced', 'booted'])
/** A question and its answer are told by who asked and by what came of it. */
const PASSED_ON: ReadonlySet<TraceEvent['type']> = new Set(['request-sent', 'reply-received'])

interface Absence {
  words: string
  /** What kept a renewal away, the latest first. */
  reasons: TraceEvent[]
  /** What set the deadline that ran out. */
  since: TraceEvent | undefined
}

/** Between what set a lease's deadline and its expiry: why nothing renewed it. */
function absence(trace: readonly TraceEvent[], expired: Extract<TraceEvent, { type: 'lease-expired' }>): Absence {
  const { lease, id } = expired
  let since: TraceEvent | undefined
  const between: TraceEvent[] = []
  for (let i = id - 2; i >= 0 && i > id - MOST_SEARCHED; i--) {
    const event = trace[i]!
    if (setsDeadline(event, lease)) {
      since = event
      break
    }
    if (keepsAway(trace, event, lease)) between.push(event)
  }
  const after = since === undefined ? '' : ` after ${seconds(since.at)} s`
  // One lost renewal is like another: the first of them, and what else was the matter.
  const lost = between.filter(({ type }) => type === 'message-lost')
  const others = between.filter(({ type }) => type !== 'message-lost')
  const reasons = [...others, ...lost.slice(-1)]
  const times = lost.length > 1 ? ` (${lost.length} keep-alives were lost)` : ''
  return { words: `no renewal came${after}${times}`, reasons, since }
}

function setsDeadline(event: TraceEvent, lease: LeaseId): boolean {
  if (event.type === 'promoted') return true
  return (event.type === 'lease-granted' || event.type === 'lease-renewed') && event.lease === lease
}

function keepsAway(trace: readonly TraceEvent[], event: TraceEvent, lease: LeaseId): boolean {
  switch (event.type) {
    case 'heartbeat-stopped':
    case 'lease-believed-lost':
      return event.lease === lease
    case 'client-paused':
    case 'client-crashed':
    case 'member-paused':
    case 'member-crashed':
    case 'partitioned':
      return true
    case 'message-lost': {
      const sent = event.causes
        .map((cause) => trace[cause - 1])
        .find((cause) => cause?.type === 'request-sent' || cause?.type === 'reply-sent')
      if (sent?.type === 'request-sent') return sent.request.type === 'LeaseKeepAlive' && sent.request.ID === lease
      return sent?.type === 'reply-sent' && sent.reply.type === 'LeaseKeepAlive' && sent.reply.ID === lease
    }
    default:
      return false
  }
}
