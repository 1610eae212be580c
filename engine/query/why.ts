// Why did this happen? An event's causes, back to what a person did: without the machinery in between, and with what did not happen, where that is the reason. A lease
// does not expire because of the pass that finds it, but because no keep-alive came: and that has causes of its own.
//
//   deletes key /svc/a ← revokes L1 ← finds that L1 has expired ← no keep-alive has reached m1 since 3.6 s ← a keep-alive is lost ← the network splits

import { text } from '../base/bytes'
import type { LeaseId } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { EventId, TraceEvent } from '../base/trace'
import { seconds } from '../text/describe'
import type { LeaseNames } from '../text/names'
import type { LogLine } from './rows'
import type { TapePlace } from './tape/place'
import { tapePlaceOf } from './tape/place'
import { logLine } from './views'

export interface WhyView {
  /** The event in question, and the question itself: `Why does L1 end?` */
  event: EventId
  title: string
  /** From it backwards; what is `deeper` explains the line before that is less deep. */
  reasons: Reason[]
}

export interface Reason {
  depth: number
  /** What did not happen, in words; null where the line's own event is the reason. */
  missing: string | null
  /** Virtual ms: when the event was, or when what is missing was missed. Null where that has no moment. */
  at: number | null
  /** Null for what has no event. */
  line: LogLine | null
  /** Where the line's event belongs on the tape; null where it belongs to no row of it. */
  place: TapePlace | null
}

const MOST_REASONS = 40
/** Lines of programs that one chain tells, the nearest first; then only what the program did not do itself. */
const MOST_LINES = 3
/** Events before an expiry that are searched for what kept the renewal away. */
const MOST_SEARCHED = 20_000

/** The chain of an event's causes; null for an event that is not there. */
export function why(trace: readonly TraceEvent[], event: EventId, names: LeaseNames): WhyView | null {
  const first = trace[event - 1]
  if (first === undefined) return null
  const reasons: Reason[] = []
  explain(trace, names, first, 0, new Set(), reasons)
  return { event, title: questionOf(first, names), reasons }
}

function explain(
  trace: readonly TraceEvent[],
  names: LeaseNames,
  event: TraceEvent,
  depth: number,
  told: Set<EventId>,
  reasons: Reason[],
  /** How many lines of programs the chain has told already. */
  lines = 0,
): void {
  if (told.has(event.id) || reasons.length >= MOST_REASONS) return
  told.add(event.id)
  reasons.push({ depth, missing: null, at: event.at, line: logLine(event, names), place: tapePlaceOf(event) })
  const kept = event.type === 'lease-expired' ? absence(trace, event) : event.type === 'lease-believed-lost' ? silence(trace, event) : null
  if (kept !== null) {
    reasons.push({ depth: depth + 1, missing: kept.words, at: kept.at, line: null, place: null })
    for (const reason of kept.reasons) explain(trace, names, reason, depth + 2, told, reasons)
    if (kept.reasons.length === 0 && kept.since !== undefined) explain(trace, names, kept.since, depth + 2, told, reasons)
    return
  }
  if (event.type === 'promoted') {
    const before = deposed(trace, event)
    if (before !== undefined) {
      reasons.push({ depth: depth + 1, missing: before.words, at: null, line: null, place: null })
      explain(trace, names, before.fault, depth + 2, told, reasons, lines)
      return
    }
  }
  // Who works on though its lease is gone: that is the reason, whatever else led here.
  for (const gone of endsOf(trace, event)) explain(trace, names, gone, depth + 1, told, reasons, lines)
  const way = event.type === 'message-lost' ? inTheWay(trace, event) : undefined
  const causes = way === undefined ? shownCauses(trace, event, lines >= MOST_LINES) : [way]
  for (const cause of causes) explain(trace, names, cause, depth + 1, told, reasons, event.type === 'program-line' ? lines + 1 : lines)
}

/** Where two are in a critical section or a stale holder writes: how the leases ended that they go on without. */
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

/** The lease that a writer was granted last before it wrote. */
function lastGrant(trace: readonly TraceEvent[], { client, causes }: Of<'write-taken' | 'write-bounced'>): LeaseId[] {
  for (let i = (causes[0] ?? 0) - 1; i >= 0; i--) {
    const before = trace[i]!
    if (before.type === 'reply-received' && before.client === client && before.reply.type === 'LeaseGrant') return [before.reply.ID]
  }
  return []
}

/** The nearest causes worth telling: through the machinery, and without the clockwork that only says when. `brief` leaves out how a program came here. */
function shownCauses(trace: readonly TraceEvent[], event: TraceEvent, brief: boolean): TraceEvent[] {
  const found: TraceEvent[] = []
  const seen = new Set<EventId>()
  const queue = [...event.causes]
  while (queue.length > 0) {
    const id = queue.shift()!
    if (seen.has(id)) continue
    seen.add(id)
    const cause = trace[id - 1]
    if (cause === undefined || CLOCKWORK.has(cause.type)) continue
    if (cause.level === 'machinery' || PASSED_ON.has(cause.type) || isRoutine(event, cause, brief)) queue.push(...cause.causes)
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

/** What a program or a shell did before its line, once enough of its lines are told; and the renewals before a renewal. */
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
  // A pasted text is done line by line whatever the lines before came to.
  if (event.type === 'console-line') return cause.type !== 'command'
  return brief && OWN_STEPS.has(cause.type)
}

/** What a person asks about an event. */
function questionOf(event: TraceEvent, names: LeaseNames): string {
  const nameOf = (lease: LeaseId): string => names.nameOf(lease, event.id)
  switch (event.type) {
    case 'lease-granted':
      return `Why is ${nameOf(event.lease)} granted?`
    case 'lease-renewed':
      return `Why is ${nameOf(event.lease)} renewed?`
    case 'renewal-waits':
    case 'renewal-refused':
      return `Why is ${nameOf(event.lease)} not renewed?`
    case 'lease-expired':
      return `Why does ${nameOf(event.lease)} expire?`
    case 'lease-revoked':
      return `Why does ${nameOf(event.lease)} end?`
    case 'lease-believed-lost':
      return `Why does ${speakerOf(event.client)} take ${nameOf(event.lease)} for lost?`
    case 'key-put':
      return `Why is ${text(event.kv.key)} written?`
    case 'key-deleted':
      return `Why is ${text(event.key)} deleted?`
    case 'exclusion-broken':
      return `Why are ${event.others.length === 1 ? 'two' : event.others.length + 1} clients inside ${event.section}?`
    case 'section-entered':
      return `Why does ${event.client} enter ${event.section}?`
    case 'write-taken':
      return `Why does the storage take ${event.value}?`
    case 'write-bounced':
      return `Why does the storage refuse ${event.value}?`
    case 'promoted':
      return `Why does ${event.member} become leader?`
    case 'demoted':
      return `Why does ${event.member} step down?`
    case 'request-refused':
      return `Why does ${event.member} refuse ${event.request}?`
    case 'message-lost':
      return 'Why is this message lost?'
    default:
      return 'Why does this happen?'
  }
}

interface Absence {
  words: string
  /** When the wait for it was over. */
  at: number
  /** What kept a renewal away, the latest first. */
  reasons: TraceEvent[]
  /** What set the deadline that ran out. */
  since: TraceEvent | undefined
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

/** Between what set a lease's deadline and its expiry: why nothing renewed it. Only what touched this lease and those who kept it is a reason. */
function absence(trace: readonly TraceEvent[], expired: Of<'lease-expired'>): Absence {
  const { member, id } = expired
  const { since, keepers, lost, asked, late, stops } = lookBack(trace, expired)
  const stopped = stops.filter((event) => !('client' in event) || 'lease' in event || keepers.has(event.client))
  const unanswered = asked.at(-1)
  const held = unanswered === undefined ? undefined : heldUp(trace, unanswered, member, id)
  const reasons = [...late, ...stopped, ...lost.slice(-1), ...(held === undefined ? [] : [held])]
  const after = since === undefined ? '' : ` ${late.length > 0 ? 'after' : 'since'} ${seconds(since.at)} s`
  const words =
    late.length > 0
      ? `The keep-alives${after} did not reach ${member} in time`
      : asked.length === 0 && reasons.length === 0
        ? `No client has sent a keep-alive${after}`
        : `No keep-alive has reached ${member}${after}`
  const times = lost.length > 1 ? ` (${lost.length} keep-alive messages were lost)` : ''
  return { words: `${words}${times}`, at: expired.deadline, reasons, since }
}

/** Why a client heard nothing of a lease that it gives up; null for a client to which an answer said so. */
function silence(trace: readonly TraceEvent[], lost: Of<'lease-believed-lost'>): Absence | null {
  if (lost.why !== 'no-answer') return null
  const { client, lease, id } = lost
  const reasons: TraceEvent[] = []
  let asked: Of<'request-sent'> | undefined
  let since: TraceEvent | undefined
  for (let i = id - 2; i >= 0 && i > id - MOST_SEARCHED && since === undefined; i--) {
    const event = trace[i]!
    if (event.type === 'message-lost' && reasons.length === 0 && keepsAlive(trace, event, lease)) reasons.push(event)
    else if (event.type === 'client-paused' && event.client === client) reasons.push(event)
    else if (
      event.type === 'request-sent' &&
      event.client === client &&
      event.request.type === 'LeaseKeepAlive' &&
      event.request.ID === lease
    )
      asked = event
    else if (event.type === 'reply-received' && event.client === client && 'ID' in event.reply && event.reply.ID === lease) since = event
  }
  const held = asked === undefined || reasons.length > 0 ? undefined : heldUp(trace, asked, asked.member, id)
  if (held !== undefined) reasons.push(held)
  const after = since === undefined ? '' : ` since ${seconds(since.at)} s`
  return {
    words: `No answer about the lease has reached ${speakerOf(client)}${after}`,
    at: lost.at,
    reasons,
    since: since ?? trace[(lost.causes[0] ?? 0) - 1],
  }
}

/** What kept a keep-alive that was not lost from being answered by the primary: who was asked is frozen, or cannot reach it. */
function heldUp(trace: readonly TraceEvent[], asked: Of<'request-sent'>, primary: string, until: EventId): TraceEvent | undefined {
  const frozen = frozenAt(trace, asked.member, asked.id, until)
  if (frozen !== undefined) return frozen
  const slow = slowed(trace, asked, until)
  if (slow !== undefined || asked.member === primary) return slow
  return inTheWay(trace, { id: until, from: asked.member, to: primary })
}

/** A hand that held a message of that client back meanwhile, or a link that was made slow: what a connection loses it sends again. */
function slowed(trace: readonly TraceEvent[], { client, member, id }: Of<'request-sent'>, until: EventId): TraceEvent | undefined {
  for (let i = until - 2; i >= 0 && i > until - MOST_SEARCHED; i--) {
    const event = trace[i]!
    if (event.type === 'message-handled' && event.fate === 'delay' && event.id > id && event.from === client && event.to === member)
      return event
    if (event.type === 'healed') return undefined
    if (event.type === 'link-changed' && event.dial !== 'duplicate' && event.value > 0 && isOn(event.link, client, member)) return event
  }
  return undefined
}

/** Whether a link, as the trace writes it, carries what the one says to the other. */
function isOn(link: string, from: string, to: string): boolean {
  return ['all', `${from}-${to}`, `${to}-${from}`, `${from} to ${to}`].includes(link)
}

interface LookedBack {
  since: TraceEvent | undefined
  /** Clients that hold the lease or ever renewed it. */
  keepers: Set<string>
  /** Since its deadline was set, the latest first: keep-alives that were lost on the way, and those that were sent. */
  lost: TraceEvent[]
  asked: Of<'request-sent'>[]
  /** Renewals that came when the time was up, or to another member that took itself for the primary. */
  late: TraceEvent[]
  /** What stops a client from asking, since it last was heard. */
  stops: TraceEvent[]
}

function lookBack(trace: readonly TraceEvent[], { lease, member, id: expired }: Of<'lease-expired'>): LookedBack {
  const found: LookedBack = { since: undefined, keepers: new Set(), lost: [], asked: [], late: [], stops: [] }
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
        // A new primary gives every lease its time again; who had stopped asking before is still the reason.
        if (event.member === member) found.since ??= event
        break
      case 'reply-received':
        if (event.reply.type === 'LeaseGrant' && event.reply.ID === lease) found.keepers.add(event.client)
        break
      case 'request-sent':
        if (event.request.type !== 'LeaseKeepAlive' || event.request.ID !== lease) break
        found.keepers.add(event.client)
        if (found.since === undefined) found.asked.push(event)
        break
      case 'message-lost':
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

/** What befell the leader before, where a member became leader because it was heard no more; undefined where that is not why. */
function deposed(trace: readonly TraceEvent[], { id, member }: Of<'promoted'>): { words: string; fault: TraceEvent } | undefined {
  const faults: TraceEvent[] = []
  for (let i = id - 2; i >= 0; i--) {
    const event = trace[i]!
    if (event.level === 'fault') faults.push(event)
    // Somebody asked it to lead.
    if (event.type === 'command' && event.text.includes('MoveLeader')) return undefined
    if (event.type !== 'promoted') continue
    if (event.member === member) return undefined
    const old = event.member
    const fault = faults.find((each) => silences(each, old))
    return fault === undefined ? undefined : { words: `The other members did not hear ${old}, the leader before, in time`, fault }
  }
  return undefined
}

/** Whether a fault keeps the others from hearing a leader: it ends, stands still, waits for its disk, or is behind a wall. */
function silences(fault: TraceEvent, leader: string): boolean {
  switch (fault.type) {
    case 'member-crashed':
    case 'member-stopped':
    case 'member-paused':
      return fault.member === leader
    case 'disk-changed':
      return fault.member === leader && fault.ms > 0
    case 'cut-one-way':
      return fault.from.includes(leader)
    case 'link-changed':
      return fault.value > 0 && (fault.dial === 'loss' || fault.dial === 'delay')
    default:
      return fault.type === 'partitioned'
  }
}

/** Whether a lost message was a keep-alive of that lease or its answer, on whichever part of its way. */
function keepsAlive(trace: readonly TraceEvent[], lost: TraceEvent, lease: LeaseId): boolean {
  const queue = [...lost.causes]
  for (let looked = 0; looked < 6 && queue.length > 0; looked++) {
    const cause = trace[queue.shift()! - 1]
    if (cause === undefined) continue
    if (cause.type === 'request-sent') return cause.request.type === 'LeaseKeepAlive' && cause.request.ID === lease
    queue.push(...cause.causes)
  }
  return false
}

/** The freezing of a member that was frozen at an event or between it and a later one; undefined where it was not. */
function frozenAt(trace: readonly TraceEvent[], member: string, from: EventId, until: EventId): TraceEvent | undefined {
  for (let i = until - 2; i >= 0 && i > until - MOST_SEARCHED; i--) {
    const event = trace[i]!
    if (event.type === 'member-resumed' && event.member === member && event.id < from) return undefined
    if (event.type === 'member-paused' && event.member === member) return event
  }
  return undefined
}

/** What stood in a lost message's way: the wall between the two, one that only this way is closed by, a lossy link, a hand, or that one of them was down. */
function inTheWay(
  trace: readonly TraceEvent[],
  { id, from, to, causes = [] }: Pick<Of<'message-lost'>, 'id' | 'from' | 'to'> & { causes?: readonly EventId[] },
): TraceEvent | undefined {
  // Only what was done to it on its way.
  const [sent = id] = causes
  let healed = false
  const up = new Set<string>()
  for (let i = id - 2; i >= 0; i--) {
    const event = trace[i]!
    if (event.type === 'healed') healed = true
    else if (event.type === 'cut-one-way' && !healed && event.from.includes(from) && event.to.includes(to)) return event
    else if (event.type === 'link-changed' && event.dial === 'loss' && !healed && isOn(event.link, from, to)) {
      if (event.value > 0) return event
    } else if (event.type === 'message-handled' && event.fate === 'drop' && event.id > sent && event.from === from && event.to === to)
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
    else if (event.type === 'client-crashed' && (event.client === to || event.client === from) && !up.has(event.client)) return event
  }
  return undefined
}
