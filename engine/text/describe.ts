// The one place that turns an event into words: the page's log, the golden traces and the command line all print through it.

import { unreachable } from '../base/assert'
import { text } from '../base/bytes'
import type { LeaseId, Reply, Request } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventBody, LeaseEnd, TraceEvent } from '../base/trace'
import { LeaseNames } from './names'

/** Virtual milliseconds as seconds with three decimals. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** One line of a trace: when, who, what. `names` must have seen the trace up to the event. */
export function traceLine(event: TraceEvent, names: LeaseNames): string {
  return `${seconds(event.at).padStart(8)} ${actor(event).padEnd(4)} ${sentence(event, names)}`
}

/** A trace as text, as `leasescope replay` prints it and the page saves it: one line an event. */
export function traceText(events: readonly TraceEvent[]): string {
  const names = LeaseNames.of(events)
  return events.map((event) => `${traceLine(event, names)}\n`).join('')
}

/** Who did it: a member, a client, a terminal; empty for what a person did. */
export function actor(event: EventBody): string {
  switch (event.type) {
    case 'command':
    case 'partitioned':
    case 'healed':
    case 'cut-one-way':
    case 'link-changed':
    case 'message-handled':
      return '>'
    case 'message-lost':
      return event.from
    case 'request-sent':
    case 'reply-received':
    case 'endpoint-unreachable':
    case 'program-line':
    case 'program-ended':
    case 'section-entered':
    case 'section-left':
    case 'exclusion-broken':
    case 'client-paused':
    case 'client-resumed':
    case 'client-crashed':
    case 'client-restarted':
    case 'clock-changed':
    case 'clock-set':
    case 'write-sent':
    case 'write-answered':
    case 'heartbeat-started':
    case 'heartbeat-stopped':
    case 'lease-believed-lost':
      return event.client
    case 'write-taken':
    case 'write-bounced':
      return 'storage'
    case 'console-line':
    case 'console-output':
    case 'console-exit':
      return event.terminal
    default:
      return event.member
  }
}

/** What happened, in a few words without who and when. Leases are called as they were at the event. */
export function sentence(event: TraceEvent, names: LeaseNames): string {
  return said(event, (lease) => names.nameOf(lease, event.id))
}

/** What a lease is called. */
export type NameOf = (lease: LeaseId) => string

function said(event: EventBody, nameOf: NameOf): string {
  switch (event.type) {
    case 'command':
      return event.text
    case 'request-sent':
      return `asks ${event.member}: ${describeRequest(event.request, nameOf)}`
    case 'request-received':
      return `gets from ${event.client}: ${describeRequest(event.request, nameOf)}`
    case 'reply-sent':
      return `answers ${event.client}: ${describeReply(event.reply, nameOf)}`
    case 'reply-received':
      return `hears from ${event.member}: ${describeReply(event.reply, nameOf)}`
    case 'stream-closed':
      return `sees that ${event.client} closed a stream`
    case 'endpoint-unreachable':
      return `finds nobody at ${event.endpoints.join(', ')} to ask: ${event.request}`
    case 'booted':
      return 'is up'
    case 'promoted':
      return `leads in term ${event.term}; its lessor is primary and counts down ${count(event.leases, 'lease')}`
    case 'demoted':
      return `leads no more in term ${event.term}: its lessor stops counting ${count(event.leases, 'lease')}`
    case 'role-changed':
      return `${ROLES[event.role]} in term ${event.term}${event.role === 'leader' ? '' : event.lead === null ? ', knows no leader' : `, follows ${event.lead}`}`
    case 'entry-applied':
      return `applies entry ${event.index}`
    case 'cluster-changed':
      return changeText(event)
    case 'member-named':
      return event.member === event.name
        ? `is known as ${event.name}: it has started`
        : `knows ${event.peer} as ${event.name}: it has started`
    case 'member-joined':
      return `starts as ${event.peer}, with nothing on its disk`
    case 'member-left':
      return 'was removed: its process ends'
    case 'snapshot-restored':
      return `takes over a snapshot at revision ${event.revision}: ${count(event.keys, 'key')}, ${count(event.leases, 'lease')}, no deadlines`
    case 'peer-sent':
      return `to ${event.to}: ${event.what}`
    case 'peer-received':
      return `from ${event.from}: ${event.what}`
    case 'message-lost':
      return `to ${event.to} is lost: ${event.what}`
    case 'member-crashed':
      return 'crashes: what was not on its disk is gone'
    case 'member-restarted':
      return 'starts again with what its disk holds'
    case 'member-paused':
      return 'is frozen'
    case 'member-resumed':
      return 'goes on, and finds that time has passed'
    case 'partitioned':
      return `the network falls apart: ${event.groups.map((group) => group.join(' ')).join(' | ')}`
    case 'healed':
      return 'the network is whole again'
    case 'cut-one-way':
      return `what ${event.from.join(' and ')} says does not reach ${event.to.join(' and ')} any more`
    case 'link-changed':
      return `${event.link === 'all' ? 'every link' : `the link ${event.link}`} ${dialText(event.dial, event.value)}`
    case 'message-handled':
      return `message ${event.message} from ${event.from} to ${event.to} ${
        event.fate === 'deliver' ? 'arrives now' : event.fate === 'drop' ? 'will not arrive' : `comes ${event.ms} ms later`
      }`
    case 'disk-changed':
      return event.ms === 0 ? 'has a disk that takes no time from now on' : `has a disk that takes ${event.ms} ms for a write from now on`
    case 'member-clock-changed':
      return event.percent === 100 ? 'has a clock that runs true from now on' : `has a clock that runs at ${event.percent} % from now on`
    case 'wall-clock-stepped':
      return `has its wall clock put ${event.seconds < 0 ? 'back' : 'forward'} by ${Math.abs(event.seconds)} s`
    case 'member-stopping':
      return 'is asked to end'
    case 'leadership-offered':
      return `hands its leadership to ${event.to} before it ends`
    case 'member-stopped':
      return 'has ended'
    case 'lease-granted': {
      const raised = event.ttlSeconds > event.askedSeconds ? `, raised from ${event.askedSeconds} s to the minimum` : ''
      return `lease ${nameOf(event.lease)} granted for ${event.ttlSeconds} s${raised}, due at ${seconds(event.deadline)}`
    }
    case 'lease-renewed':
      return `lease ${nameOf(event.lease)} renewed for ${event.ttlSeconds} s, due at ${seconds(event.deadline)}`
    case 'renewal-refused':
      return `knows no lease ${nameOf(event.lease)} to renew: TTL 0`
    case 'renewal-waits':
      return `lease ${nameOf(event.lease)} is not rescued: its time is up, the renewal waits for the revoke`
    case 'renewal-in-vain':
      return `answers that lease ${nameOf(event.lease)} is renewed for ${event.ttlSeconds} s; it was revoked while the renewal waited`
    case 'leases-checkpointed':
      return `checkpoint: ${describeCheckpoint(event.leases, nameOf)}`
    case 'expiry-pass':
      return event.due === 0 ? 'looks for leases whose time is up: none' : `finds ${count(event.due, 'lease')} whose time is up`
    case 'lease-expired':
      return `lease ${nameOf(event.lease)} has expired (it was due at ${seconds(event.deadline)}): proposes its revoke`
    case 'lease-revoked':
      return `lease ${nameOf(event.lease)} is revoked${because(event.end)}: ${
        event.keys.length === 0 ? 'it had no keys' : `${count(event.keys.length, 'key')} deleted at revision ${event.revision}`
      }`
    case 'key-put': {
      const { kv, detachedFrom } = event
      const moved = detachedFrom === NO_LEASE ? '' : `, no longer of lease ${nameOf(detachedFrom)}`
      const lease = kv.lease === NO_LEASE ? '' : `, attached to lease ${nameOf(kv.lease)}`
      return `key ${text(kv.key)} is ${kv.version === 1 ? 'created' : 'changed'} at revision ${kv.mod_revision}${lease}${moved}`
    }
    case 'key-deleted':
      return event.end === 'deleted'
        ? `key ${text(event.key)} is deleted at revision ${event.revision}`
        : `key ${text(event.key)} is deleted by lease ${nameOf(event.lease)}${because(event.end)} at revision ${event.revision}`
    case 'compacted':
      return `everything before revision ${event.revision} is compacted`
    case 'request-refused':
      return `refuses ${event.request}: ${event.message}`
    case 'watch-created':
      return `watches ${text(event.key)} for ${event.client}`
    case 'stream-ended':
      return `ends a stream of ${event.client}: ${event.message}`
    case 'watch-synced':
      return `brings late watchers up to date: ${count(event.responses, 'answer')}`
    case 'program-line':
      return `line ${event.line + 1}: ${event.text}`
    case 'program-ended':
      return event.failed ? 'its program stops at an error' : 'its program has ended'
    case 'section-entered':
      return `enters the critical section ${event.section}`
    case 'section-left':
      return `leaves the critical section ${event.section}`
    case 'exclusion-broken':
      return `is in the critical section ${event.section} together with ${event.others.join(' and ')}: ${clash(event, nameOf)}`
    case 'client-paused':
      return 'is paused: it does nothing, and does not notice that time passes'
    case 'client-resumed':
      return 'goes on as if nothing had been'
    case 'client-crashed':
      return 'crashes: it knows nothing any more'
    case 'client-restarted':
      return 'starts its program from the first line'
    case 'clock-changed':
      return `has a clock that runs at ${event.percent} % from now on`
    case 'clock-set':
      return `has its clock set ${aheadText(event.ms)}${event.ahead === event.ms ? '' : `; it is ${event.ahead === 0 ? 'right' : aheadText(event.ahead)} now`}`
    case 'write-sent':
      return `writes ${event.value} to the storage${tokenText(event.token)}`
    case 'write-taken':
      return `takes ${event.value} from ${event.client}${tokenText(event.token)}${event.stale ? '; STALE: the lease of its writer is gone' : ''}`
    case 'write-bounced':
      return event.token === null
        ? `bounces ${event.value} from ${event.client}: it shows no token`
        : `bounces ${event.value} from ${event.client}: token ${event.token} < ${event.highest}`
    case 'write-answered':
      return event.accepted ? 'hears that its write is taken' : 'hears that its write bounced'
    case 'heartbeat-started':
      return `keeps lease ${nameOf(event.lease)} alive from now on`
    case 'heartbeat-stopped':
      return `stops keeping lease ${nameOf(event.lease)} alive`
    case 'lease-believed-lost':
      return event.why === 'gone'
        ? `learns that lease ${nameOf(event.lease)} is gone`
        : event.why === 'no-leader'
          ? `gives lease ${nameOf(event.lease)} up: its session wants a leader, and the member asked knows none`
          : `gives lease ${nameOf(event.lease)} up: no answer for a whole TTL`
    case 'console-line':
      return `$ ${event.line}`
    case 'console-output':
      return event.stream === 'note' ? `note: ${event.text.trimEnd()}` : event.text.trimEnd()
    case 'console-exit':
      return `exit ${event.exit}`
    default:
      return unreachable(event)
  }
}

/** What a link does from now on, as the rest of a sentence; 0 is said as what it does no more. */
export function dialText(dial: Extract<EventBody, { type: 'link-changed' }>['dial'], value: number): string {
  switch (dial) {
    case 'delay':
      return value === 0 ? 'is delayed no more' : `takes ${value} ms longer`
    case 'jitter':
      return value === 0 ? 'takes the same time for every message' : `takes up to ${value} ms longer, by the dice`
    case 'loss':
      return value === 0 ? 'loses nothing' : `loses ${value} % of its messages`
    case 'duplicate':
      return value === 0 ? 'doubles nothing' : `doubles ${value} % of Raft's messages`
    case 'reorder':
      return value === 0 ? 'keeps the order' : `lets ${value} % of Raft's messages be overtaken`
    default:
      return unreachable(dial)
  }
}

/** How many are in one critical section, and what lets them: a lease that is gone, or else the lock itself. */
function clash({ others, gone }: Extract<EventBody, { type: 'exclusion-broken' }>, nameOf: NameOf): string {
  const many = `${['two', 'three', 'four'][others.length - 1] ?? others.length + 1} at once`
  if (gone.length === 0) return `${many}; no lease of theirs is gone, the lock let ${others.length === 1 ? 'both' : 'all'} in`
  return `${many}; ${gone.map(({ client, lease }) => `lease ${nameOf(lease)} of ${client}`).join(' and ')} ${gone.length === 1 ? 'is' : 'are'} gone`
}

function aheadText(ms: number): string {
  return `${Math.abs(ms) / 1000} s ${ms < 0 ? 'back' : 'ahead'}`
}

function tokenText(token: number | null): string {
  return token === null ? ' without a token' : ` with token ${token}`
}

const ROLES = {
  follower: 'is a follower',
  'pre-candidate': 'asks whether it could win',
  candidate: 'stands for election',
  leader: 'is the leader',
} as const

function describeCheckpoint(leases: { lease: LeaseId; remainingSeconds: number }[], nameOf: NameOf): string {
  const [first] = leases
  if (leases.length !== 1 || first === undefined) return `a new primary would give ${count(leases.length, 'lease')} what is left now`
  const left = first.remainingSeconds === 0 ? 'its whole TTL' : `${first.remainingSeconds} s`
  return `a new primary would give lease ${nameOf(first.lease)} ${left}`
}

/** The lease that an event is about, if it is about one. */
export function leaseOfEvent(event: EventBody): LeaseId | null {
  if (event.type === 'leases-checkpointed') return event.leases.length === 1 ? event.leases[0]!.lease : null
  if (event.type === 'key-put') return event.kv.lease === NO_LEASE ? null : event.kv.lease
  return 'lease' in event && event.lease !== NO_LEASE ? event.lease : null
}

/** A request in etcd's words. */
export function describeRequest(request: Request, nameOf: NameOf): string {
  switch (request.type) {
    case 'LeaseGrant':
      return `LeaseGrant ${request.TTL} s`
    case 'LeaseRevoke':
    case 'LeaseKeepAlive':
    case 'LeaseTimeToLive':
      return `${request.type} ${nameOf(request.ID)}`
    case 'Range':
    case 'DeleteRange':
    case 'Put':
    case 'WatchCreate':
      return `${request.type} ${text(request.key)}`
    default:
      return request.type
  }
}

/** An answer in etcd's words. */
export function describeReply(reply: Reply, nameOf: NameOf): string {
  switch (reply.type) {
    case 'error':
      return reply.message
    case 'LeaseGrant':
      return `lease ${nameOf(reply.ID)}, TTL ${reply.TTL} s`
    case 'LeaseKeepAlive':
      return `lease ${nameOf(reply.ID)}, TTL ${reply.TTL}${reply.TTL > 0 ? ' s' : ': it is gone'}`
    case 'LeaseTimeToLive':
      return reply.grantedTTL === 0
        ? `lease ${nameOf(reply.ID)} is unknown`
        : `lease ${nameOf(reply.ID)}, ${reply.TTL} of ${reply.grantedTTL} s left`
    case 'Range':
      return reply.count === 0 ? 'nothing there' : count(reply.count, 'key')
    case 'DeleteRange':
      return `${count(reply.deleted, 'key')} deleted`
    case 'Put':
    case 'LeaseRevoke':
      return `done at revision ${reply.header.revision}`
    case 'Watch':
      return reply.created
        ? 'the watch stands'
        : reply.canceled
          ? 'the watch is cancelled'
          : reply.events.map(({ type, kv }) => `${type} ${text(kv.key)}`).join(', ')
    default:
      return reply.type
  }
}

function changeText({ change, peer, learner, voters }: EventBody & { type: 'cluster-changed' }): string {
  const group = `${count(voters, 'voter')}, a majority is ${Math.floor(voters / 2) + 1}`
  switch (change) {
    case 'MemberAdd':
      return learner ? `${peer} is added as a learner, without a vote: still ${group}` : `${peer} is added with a vote: ${group}`
    case 'MemberPromote':
      return `${peer} is a learner no more: ${group}`
    case 'MemberRemove':
      return `${peer} is removed: ${group}`
    case 'MemberUpdate':
      return `${peer} has other URLs`
  }
}

function because(end: LeaseEnd): string {
  return end === 'expired' ? ' (expired)' : ' (asked for)'
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
