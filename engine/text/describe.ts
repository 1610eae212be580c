// The texts of events, in one place: the page's log, the golden traces and the command line all use
// it. The actor comes first, so every sentence begins with its verb.

import { unreachable } from '../base/assert'
import type { LeaseId } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { EventBody, LeaseEnd, TraceEvent } from '../base/trace'
import type { NameOf } from './calls'
import { count, describeReply, describeRequest } from './calls'
import { LeaseNames } from './names'
import { visible, visibleBytes, visibleLine, visibleLines } from './visible'

type Of<T extends EventBody['type']> = Extract<EventBody, { type: T }>

/** Virtual milliseconds as seconds with three decimals. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/**
 * One line of a trace: time, actor, sentence. `names` must have seen the trace up to the event.
 *
 * @example
 * const etcd = new Cluster()
 * const names = LeaseNames.of(etcd.events)
 * expect(traceLine(etcd.events[0], names)).toBe('   0.000 >    the cluster starts')
 */
export function traceLine(event: TraceEvent, names: LeaseNames): string {
  return `${seconds(event.at).padStart(8)} ${actor(event).padEnd(4)} ${sentence(event, names)}`
}

/** A trace as text, as `leasescope replay` prints it and the page saves it: one line an event. */
export function traceText(events: readonly TraceEvent[]): string {
  const names = LeaseNames.of(events)
  return events.map((event) => `${traceLine(event, names)}\n`).join('')
}

/** The actor: a member, a client, a terminal or the storage; `>` for commands and faults. */
export function actor(event: EventBody): string {
  return visible(actorOf(event))
}

function actorOf(event: EventBody): string {
  switch (event.type) {
    case 'command':
    case 'partitioned':
    case 'healed':
    case 'cut-one-way':
    case 'link-changed':
    case 'message-handled':
      return '>'
    case 'message-lost':
    case 'message-held':
      return speakerOf(event.from)
    case 'request-sent':
    case 'reply-received':
    case 'endpoint-unreachable':
    case 'call-waits':
    case 'connection-failed':
    case 'connection-established':
    case 'connection-broken':
    case 'program-line':
    case 'program-ended':
    case 'context-ended':
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
      return speakerOf(event.client)
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

/**
 * The event in a few words, without actor and time. Leases have the names that they had at the
 * event. Invisible characters in foreign text are escaped; the output of a command keeps its line
 * ends.
 *
 * @example
 * const etcd = new Cluster()
 * etcd.grant(10)
 * const granted = etcd.events.find(({ type }) => type === 'lease-granted')
 * expect(sentence(granted, LeaseNames.of(etcd.events))).toBe('grants L1 for 10 s, due at 10.001')
 */
export function sentence(event: TraceEvent, names: LeaseNames): string {
  const words = said(event, (lease) => names.nameOf(lease, event.id))
  return event.type === 'console-output' || event.type === 'console-line'
    ? visibleLines(words)
    : visibleLine(words)
}

const BROKEN: Record<Of<'connection-broken'>['why'], string> = {
  closed: 'the other end is closed',
  reset: 'it is reset',
  'no answer to a ping': 'a ping had no answer',
  'resent too often': 'a message was lost six times',
}

function said(event: EventBody, nameOf: NameOf): string {
  switch (event.type) {
    case 'command':
      return event.text
    case 'request-sent':
      return `sends ${describeRequest(event.request, nameOf)} to ${event.member}`
    case 'request-received':
      return `receives ${describeRequest(event.request, nameOf)} from ${speakerOf(event.client)}`
    case 'reply-sent':
      return `answers ${speakerOf(event.client)}: ${describeReply(event.reply, nameOf)}`
    case 'reply-received':
      return `receives from ${event.member}: ${describeReply(event.reply, nameOf)}`
    case 'stream-opened':
      return `opens a stream of ${event.call} to ${event.member}`
    case 'stream-closed':
      return `loses a stream: ${speakerOf(event.client)} has closed it`
    case 'endpoint-unreachable':
      return `cannot send ${event.request}: no member listens at ${event.endpoints.join(', ')}`
    case 'call-waits':
      return `has no connection to ${event.members.join(', ')}: ${event.request} waits for one`
    case 'connection-failed': {
      const why = event.why === 'refused' ? 'the connection is refused' : 'no answer came in time'
      return `cannot connect to ${event.member}: ${why}, next attempt at ${seconds(event.retryAt)}`
    }
    case 'connection-established':
      return `is connected to ${event.member}`
    case 'connection-broken':
      return `loses its connection to ${event.member}: ${BROKEN[event.why]}`
    case 'booted':
      return 'is up'
    case 'promoted':
      return `becomes leader in term ${event.term} and counts down ${event.leases === 0 ? 'no lease' : count(event.leases, 'lease')}`
    case 'demoted':
      return `steps down in term ${event.term}${event.leases === 0 ? '' : ` and stops counting down ${count(event.leases, 'lease')}`}`
    case 'role-changed':
      return roleText(event)
    case 'entry-applied':
      return `applies entry ${event.index}`
    case 'cluster-changed':
      return changeText(event)
    case 'member-named':
      return event.member === event.name
        ? `publishes its name ${event.name}`
        : `learns that ${event.peer} is ${event.name}`
    case 'member-joined':
      return `starts as ${event.peer} with an empty disk`
    case 'join-waits':
      return `asks ${event.peer} whether a downgrade is in progress. Its Raft starts after the answer`
    case 'member-left':
      return 'stops: it was removed from the cluster'
    case 'snapshot-restored':
      return `restores a snapshot at revision ${event.revision}: ${count(event.keys, 'key')}, ${count(event.leases, 'lease')}, no deadlines`
    case 'peer-sent':
      return `sends ${event.what} to ${event.to}`
    case 'peer-received':
      return `receives ${event.what} from ${event.from}`
    case 'message-lost':
      return `does not reach ${speakerOf(event.to)}: ${/^[a-z]/.test(event.what) ? `the ${event.what}` : event.what} is lost`
    case 'message-held':
      return `does not reach ${speakerOf(event.to)}: ${/^[a-z]/.test(event.what) ? `the ${event.what}` : event.what} waits for the end of the cut`
    case 'member-crashed':
      return 'crashes: writes that were not on its disk are lost'
    case 'member-restarted':
      return 'restarts from its disk'
    case 'member-paused':
      return 'freezes'
    case 'member-resumed':
      return 'continues and sees that time has passed'
    case 'partitioned':
      return `the network splits: ${event.groups.map((group) => group.join(' ')).join(' | ')}`
    case 'healed':
      return 'the network heals: all links are as at the start'
    case 'cut-one-way':
      return `messages from ${event.from.join(' and ')} no longer reach ${event.to.join(' and ')}`
    case 'link-changed':
      return `${event.link === 'all' ? 'every link' : `the link ${event.link}`} ${dialText(event.dial, event.value)}`
    case 'message-handled':
      return `message ${event.message} from ${speakerOf(event.from)} to ${speakerOf(event.to)} ${
        event.fate === 'deliver'
          ? 'is delivered now'
          : event.fate === 'drop'
            ? 'is dropped'
            : `is delayed by ${event.ms} ms`
      }`
    case 'disk-changed':
      return event.ms === 0
        ? 'needs no time for disk writes from now on'
        : `needs ${event.ms} ms for each disk write from now on`
    case 'member-clock-changed':
    case 'clock-changed':
      return event.percent === 100
        ? 'has a clock that runs true from now on'
        : `has a clock that runs at ${event.percent} % from now on`
    case 'wall-clock-stepped':
      return `has its wall clock set ${Math.abs(event.seconds)} s ${event.seconds < 0 ? 'back' : 'ahead'}`
    case 'member-stopping':
      return 'begins to shut down'
    case 'leadership-offered':
      return `offers its leadership to ${event.to} before it stops`
    case 'member-panicked':
      return `panics: ${event.message}`
    case 'member-stopped':
      return 'stops'
    case 'lease-granted':
      return `grants ${nameOf(event.lease)} for ${event.ttlSeconds} s${
        event.ttlSeconds > event.askedSeconds
          ? `, the minimum (requested: ${event.askedSeconds} s)`
          : ''
      }, due at ${seconds(event.deadline)}`
    case 'lease-renewed':
      return `renews ${nameOf(event.lease)} for ${event.ttlSeconds} s, due at ${seconds(event.deadline)}`
    case 'renewal-refused':
      return `has no lease ${nameOf(event.lease)} to renew and answers TTL 0`
    case 'renewal-waits':
      return `does not renew ${nameOf(event.lease)}: its time is up. The request waits for the revoke`
    case 'renewal-in-vain':
      return `answers that ${nameOf(event.lease)} is renewed for ${event.ttlSeconds} s, but it was revoked while the request waited`
    case 'leases-checkpointed':
      return checkpointText(event.leases, nameOf)
    case 'expiry-pass':
      return event.due === 0
        ? 'looks for expired leases and finds none'
        : `looks for expired leases and finds ${event.due}`
    case 'lease-expired':
      return `finds that ${nameOf(event.lease)} has expired (due at ${seconds(event.deadline)}) and proposes its revoke`
    case 'lease-revoked':
      return `revokes ${nameOf(event.lease)} (${endText(event.end)}) ${
        event.keys.length === 0
          ? 'and deletes no key'
          : `and deletes ${count(event.keys.length, 'key')} at revision ${event.revision}`
      }`
    case 'key-put':
      return putText(event, nameOf)
    case 'key-deleted':
      return `deletes key ${visibleBytes(event.key)} at revision ${event.revision}${
        event.end === 'deleted'
          ? ''
          : `: its lease ${nameOf(event.lease)} ${event.end === 'expired' ? 'has expired' : 'is revoked'}`
      }`
    case 'compacted':
      return `compacts everything before revision ${event.revision}`
    case 'request-refused':
      return `refuses ${event.request}: ${event.message}`
    case 'watch-created':
      return `starts a watch on ${visibleBytes(event.key)} for ${speakerOf(event.client)}`
    case 'stream-ended':
      return `ends a stream of ${speakerOf(event.client)}: ${event.message}`
    case 'watch-synced':
      return `syncs watchers that were behind: ${count(event.responses, 'response')}`
    case 'program-line':
      return `runs line ${event.line + 1}: ${event.text}`
    case 'program-ended':
      return event.failed ? 'ends its program with an error' : 'ends its program'
    case 'context-ended':
      return event.why === 'deadline'
        ? 'gives up its call: context deadline exceeded'
        : 'gives up its call with its session: context canceled'
    case 'section-entered':
      return `enters the critical section ${visible(event.section)}`
    case 'section-left':
      return `leaves the critical section ${visible(event.section)}`
    case 'exclusion-broken':
      return `is in the critical section ${visible(event.section)} together with ${event.others.join(' and ')}: ${clashText(event, nameOf)}`
    case 'client-paused':
      return 'freezes: it sends nothing and does not notice that time passes'
    case 'client-resumed':
      return 'continues, unaware of the pause'
    case 'client-crashed':
      return 'crashes and loses its memory'
    case 'client-restarted':
      return 'restarts its program from the first line'
    case 'clock-set':
      return `has its clock set ${aheadText(event.ms)}${
        event.ahead === event.ms
          ? ''
          : `; it now ${event.ahead === 0 ? 'shows the true time' : `is ${aheadText(event.ahead)}`}`
      }`
    case 'write-sent':
      return `writes ${visible(event.value)} to the storage ${tokenText(event.token)}`
    case 'write-taken':
      return `takes ${visible(event.value)} from ${event.client} ${tokenText(event.token)}${event.stale ? `. STALE: the lease of ${event.client} is gone` : ''}`
    case 'write-bounced':
      return event.token === null
        ? `refuses ${visible(event.value)} from ${event.client}: no token`
        : `refuses ${visible(event.value)} from ${event.client}: token ${event.token} is lower than ${event.highest}`
    case 'write-answered':
      return event.accepted
        ? 'learns that its write was taken'
        : 'learns that its write was refused'
    case 'heartbeat-started':
      return `starts its keep-alive loop for ${nameOf(event.lease)}`
    case 'heartbeat-stopped':
      return `stops its keep-alive loop for ${nameOf(event.lease)}`
    case 'lease-believed-lost':
      return lostText(event, nameOf)
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

/**
 * The new state of a link, as the rest of a sentence. A setting of 0 means that the link is normal
 * again.
 */
export function dialText(dial: Of<'link-changed'>['dial'], value: number): string {
  switch (dial) {
    case 'delay':
      return value === 0 ? 'has no extra delay' : `takes ${value} ms longer`
    case 'jitter':
      return value === 0
        ? 'takes the same time for every message'
        : `takes up to ${value} ms longer, at random`
    case 'loss':
      return value === 0 ? 'loses no message' : `loses ${value} % of its messages`
    case 'duplicate':
      return value === 0 ? 'duplicates no message' : `duplicates ${value} % of the Raft messages`
    case 'reorder':
      return value === 0 ? 'keeps messages in order' : `reorders ${value} % of the Raft messages`
    default:
      return unreachable(dial)
  }
}

/** The lease of an event, if it has one. */
export function leaseOfEvent(event: EventBody): LeaseId | null {
  if (event.type === 'leases-checkpointed')
    return event.leases.length === 1 ? event.leases[0]!.lease : null
  if (event.type === 'key-put') return event.kv.lease === NO_LEASE ? null : event.kv.lease
  return 'lease' in event && event.lease !== NO_LEASE ? event.lease : null
}

function roleText({ role, term, lead }: Of<'role-changed'>): string {
  switch (role) {
    case 'leader':
      return `wins the election in term ${term}`
    case 'candidate':
      return `becomes a candidate in term ${term} and asks for votes`
    case 'pre-candidate':
      return `asks for pre-votes in term ${term}`
    case 'follower':
      return lead === null
        ? `is a follower in term ${term} and knows no leader`
        : `follows ${lead} in term ${term}`
    default:
      return unreachable(role)
  }
}

function changeText({ change, peer, learner, voters }: Of<'cluster-changed'>): string {
  const group = `${count(voters, 'voter')}, quorum ${Math.floor(voters / 2) + 1}`
  switch (change) {
    case 'MemberAdd':
      return learner
        ? `adds ${peer} as a learner without a vote: still ${group}`
        : `adds ${peer} with a vote: ${group}`
    case 'MemberPromote':
      return `promotes ${peer} from learner to voter: ${group}`
    case 'MemberRemove':
      return `removes ${peer}: ${group}`
    case 'MemberUpdate':
      return `changes the peer URLs of ${peer}`
    default:
      return unreachable(change)
  }
}

function checkpointText(
  leases: { lease: LeaseId; remainingSeconds: number }[],
  nameOf: NameOf,
): string {
  const [first] = leases
  if (leases.length !== 1 || first === undefined)
    return `checkpoints the remaining TTL of ${count(leases.length, 'lease')}`
  const left = first.remainingSeconds === 0 ? 'its full TTL' : `${first.remainingSeconds} s`
  return `checkpoints ${nameOf(first.lease)}: a new leader would give it ${left}`
}

function putText({ kv, detachedFrom }: Of<'key-put'>, nameOf: NameOf): string {
  const attached = kv.lease === NO_LEASE ? '' : `, attached to ${nameOf(kv.lease)}`
  const detached = detachedFrom === NO_LEASE ? '' : `, detached from ${nameOf(detachedFrom)}`
  return `${kv.version === 1 ? 'creates' : 'updates'} key ${visibleBytes(kv.key)} at revision ${kv.mod_revision}${attached}${detached}`
}

function lostText({ lease, why }: Of<'lease-believed-lost'>, nameOf: NameOf): string {
  switch (why) {
    case 'gone':
      return `learns from an answer that ${nameOf(lease)} is gone`
    case 'no-leader':
      return `gives up ${nameOf(lease)}: its session needs a leader, and the member that answered knows none`
    case 'clock-set':
      return `gives up ${nameOf(lease)}: its clock was set past the time by which an answer had to come`
    case 'no-answer':
      return `gives up ${nameOf(lease)}: no answer came in time`
    default:
      return unreachable(why)
  }
}

/** The number of clients in the critical section, and the leases that are gone. */
function clashText({ others, gone }: Of<'exclusion-broken'>, nameOf: NameOf): string {
  const many = `${['two', 'three', 'four'][others.length - 1] ?? others.length + 1} at once`
  if (gone.length === 0) return `${many}. None of their leases is gone`
  return `${many}. ${gone.map(({ client, lease }) => `${nameOf(lease)} of ${client}`).join(' and ')} ${gone.length === 1 ? 'is' : 'are'} gone`
}

function endText(end: LeaseEnd): string {
  return end === 'expired' ? 'expired' : 'requested'
}

function aheadText(ms: number): string {
  return `${Math.abs(ms) / 1000} s ${ms < 0 ? 'back' : 'ahead'}`
}

function tokenText(token: number | null): string {
  return token === null ? 'without a token' : `with token ${token}`
}
