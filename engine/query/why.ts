// Why did this happen? The causes of an event, back to a command, without the internal events in
// between. If the reason is an event that did not happen, the chain says so. A lease does not
// expire because of the pass that finds it, but because no keep-alive came.
//
//   deletes key /svc/a ← revokes L1 ← finds that L1 has expired ← no keep-alive has reached m1
//   since 3.6 s ← a keep-alive is lost ← the network splits

import type { LeaseId } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import type { LeaseNames } from '../text/names'
import { visibleLine } from '../text/visible'
import type { LogLine } from './rows'
import type { TapePlace } from './tape/place'
import { tapePlaceOf } from './tape/place'
import { logLine } from './views'
import { absence, silence } from './why/absence'
import { inTheWay } from './why/in-the-way'
import type { Unheard } from './why/leaders'
import { deposed, lostQuorum, termOf } from './why/leaders'
import { questionOf } from './why/question'
import { twoKeys } from './why/two-keys'

export interface WhyView {
  /** The event in question, and the question itself: `Why does L1 end?` */
  event: EventId
  title: string
  /**
   * From the event backwards. A reason explains the nearest reason before it with a smaller depth.
   */
  reasons: Reason[]
  /**
   * Seconds of TTL in the request for the lease whose end is the answer; null where no lease ends
   * in it.
   */
  ttlSeconds: number | null
}

export interface Reason {
  depth: number
  /** The absent event, in words; null where the line's own event is the reason. */
  missing: string | null
  /**
   * Virtual ms of the event, or of the end of the wait for the absent event. Null where there is no
   * such time.
   */
  at: number | null
  /** The event; null where an event is absent. */
  line: LogLine | null
  /** The row of the timeline to which the event belongs, or null. */
  place: TapePlace | null
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

const MOST_REASONS = 40
/**
 * The most lines of programs in one chain, the nearest first. Further steps of the program are left
 * out.
 */
const MOST_LINES = 3

/** The chain of causes of an event; null for an unknown event. */
export function why(
  trace: readonly TraceEvent[],
  event: EventId,
  names: LeaseNames,
): WhyView | null {
  const first = trace[event - 1]
  if (first === undefined) return null
  const reasons: Reason[] = []
  explain(trace, names, first, 0, new Set(), reasons)
  return {
    event,
    title: questionOf(first, names),
    reasons,
    ttlSeconds: ttlOf(trace, names, reasons),
  }
}

function ttlOf(
  trace: readonly TraceEvent[],
  names: LeaseNames,
  reasons: readonly Reason[],
): number | null {
  for (const { line } of reasons) {
    const event = line === null ? undefined : trace[line.id - 1]
    if (
      event?.type !== 'lease-expired' &&
      event?.type !== 'lease-revoked' &&
      event?.type !== 'lease-believed-lost'
    )
      continue
    const granted = trace[(names.grantOf(event.lease, event.id) ?? 0) - 1]
    return granted?.type === 'lease-granted' ? granted.askedSeconds : null
  }
  return null
}

function explain(
  trace: readonly TraceEvent[],
  names: LeaseNames,
  event: TraceEvent,
  depth: number,
  told: Set<EventId>,
  reasons: Reason[],
  /** How many lines of programs the chain already has. */
  lines = 0,
): void {
  if (told.has(event.id) || reasons.length >= MOST_REASONS) return
  told.add(event.id)
  reasons.push({
    depth,
    missing: null,
    at: event.at,
    line: logLine(event, names),
    place: tapePlaceOf(event),
  })
  const kept =
    event.type === 'lease-expired'
      ? absence(trace, event)
      : event.type === 'lease-believed-lost'
        ? silence(trace, event)
        : null
  if (kept !== null) {
    reasons.push({
      depth: depth + 1,
      missing: visibleLine(kept.words),
      at: kept.at,
      line: null,
      place: null,
    })
    for (const reason of kept.reasons) explain(trace, names, reason, depth + 2, told, reasons)
    if (kept.reasons.length === 0 && kept.since !== undefined)
      explain(trace, names, kept.since, depth + 2, told, reasons)
    return
  }
  const unheard =
    event.type === 'promoted' || event.type === 'role-changed' ? unheardBy(trace, event) : undefined
  if (unheard !== undefined) {
    reasons.push({
      depth: depth + 1,
      missing: visibleLine(unheard.words),
      at: null,
      line: null,
      place: null,
    })
    for (const fault of unheard.faults)
      explain(trace, names, fault, depth + 2, told, reasons, lines)
    return
  }
  const keys = event.type === 'exclusion-broken' ? twoKeys(trace, event) : null
  if (keys !== null)
    reasons.push({
      depth: depth + 1,
      missing: visibleLine(
        `The locks are two keys, ${keys.plain} and ${keys.queue}: no client looks at the other key`,
      ),
      at: null,
      line: null,
      place: null,
    })
  // A client that continues without its lease: the end of the lease is the first reason.
  for (const gone of endsOf(trace, event))
    explain(trace, names, gone, depth + 1, told, reasons, lines)
  const way = wayOf(trace, event)
  const causes = way === undefined ? shownCauses(trace, event, lines >= MOST_LINES) : [way]
  for (const cause of causes)
    explain(
      trace,
      names,
      cause,
      depth + 1,
      told,
      reasons,
      event.type === 'program-line' ? lines + 1 : lines,
    )
}

/**
 * The fault that kept a message from its receiver, or a client from a connection; the election
 * behind a change of role.
 */
function wayOf(trace: readonly TraceEvent[], event: TraceEvent): TraceEvent | undefined {
  switch (event.type) {
    case 'message-lost':
    case 'message-held':
      return inTheWay(trace, event)
    case 'call-waits':
      return inTheWay(trace, { id: event.id, from: event.client, to: event.members[0]! })
    case 'role-changed':
      return termOf(trace, event)
    default:
      return undefined
  }
}

function unheardBy(
  trace: readonly TraceEvent[],
  event: Of<'promoted' | 'role-changed'>,
): Unheard | undefined {
  return event.type === 'promoted' || event.role === 'leader'
    ? deposed(trace, event)
    : lostQuorum(trace, event)
}

/** For two clients in a critical section, or a stale write: the ends of their leases. */
function endsOf(trace: readonly TraceEvent[], event: TraceEvent): TraceEvent[] {
  const leases =
    event.type === 'exclusion-broken'
      ? event.gone.map(({ lease }) => lease)
      : (event.type === 'write-taken' || event.type === 'write-bounced') && event.stale
        ? lastGrant(trace, event)
        : []
  return leases.flatMap((lease) => {
    for (let i = event.id - 2; i >= 0; i--) {
      const before = trace[i]!
      if (before.type === 'lease-revoked' && before.lease === lease) return [before]
    }
    return []
  })
}

/** The last lease that a writer was granted before it wrote. */
function lastGrant(
  trace: readonly TraceEvent[],
  { client, causes }: Of<'write-taken' | 'write-bounced'>,
): LeaseId[] {
  for (let i = (causes[0] ?? 0) - 1; i >= 0; i--) {
    const before = trace[i]!
    if (
      before.type === 'reply-received' &&
      before.client === client &&
      before.reply.type === 'LeaseGrant'
    )
      return [before.reply.ID]
  }
  return []
}

/**
 * The nearest causes that explain the event: through internal events, without loops that only
 * decide the time. `brief` leaves out the program's own steps.
 */
function shownCauses(
  trace: readonly TraceEvent[],
  event: TraceEvent,
  brief: boolean,
): TraceEvent[] {
  const found: TraceEvent[] = []
  const seen = new Set<EventId>()
  const queue = [...event.causes]
  while (queue.length > 0) {
    const id = queue.shift()!
    if (seen.has(id)) continue
    seen.add(id)
    const cause = trace[id - 1]
    if (cause === undefined || CLOCKWORK.has(cause.type)) continue
    if (cause.level === 'machinery' || PASSED_ON.has(cause.type) || isRoutine(event, cause, brief))
      queue.push(...cause.causes)
    else found.push(cause)
  }
  // The start of the cluster is a cause of everything. Beside another cause it explains nothing.
  const telling = found.filter((cause) => cause.type !== 'command' || cause.kind !== 'start')
  return (telling.length > 0 ? telling : found).sort((a, b) => b.id - a.id)
}

/** Loops that always run. */
const CLOCKWORK: ReadonlySet<TraceEvent['type']> = new Set([
  'expiry-pass',
  'watch-synced',
  'booted',
])
/** The cause of a request and the effect of its answer explain more than both messages. */
const PASSED_ON: ReadonlySet<TraceEvent['type']> = new Set(['request-sent', 'reply-received'])

/** Steps of a program itself. */
const OWN_STEPS: ReadonlySet<TraceEvent['type']> = new Set([
  'program-line',
  'section-entered',
  'section-left',
  'write-sent',
  'write-answered',
  'write-taken',
  'write-bounced',
  'key-put',
  'lease-granted',
  'lease-renewed',
])

function isRoutine(event: TraceEvent, cause: TraceEvent, brief: boolean): boolean {
  if (event.type === 'lease-renewed') return cause.type === 'lease-renewed'
  // A pasted script runs line by line, whatever the results of the lines before.
  if (event.type === 'console-line') return cause.type !== 'command'
  return brief && OWN_STEPS.has(cause.type)
}
