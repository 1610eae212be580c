// What a run leaves behind: facts, each with the facts that made it. The union of all of them
// stands here, below every machine that emits one, so that a machine can say what happened without
// knowing who listens.

import type { Room } from './room'
import type { Bytes, KeyValue, LeaseId, MemberId, Reply, Request, StreamCall } from './rpc'

/** Counts up from 1 within a run; 0 is no event. */
export type EventId = number
/** A client's name, as the console and the page show it. */
export type ClientId = string
/** A member's name: m1, m2, … */
export type MemberName = string

/**
 * What an event is to somebody watching: `machinery` (ticks, empty passes) is skipped by "next
 * event"; `lease` and `fault` have steps of their own.
 */
export type Level = 'lease' | 'fault' | 'story' | 'machinery'

/**
 * Why a lease ended: its time ran out and the primary proposed the revoke, or somebody asked for
 * it.
 */
export type LeaseEnd = 'expired' | 'revoked'

export type EventBody =
  // What a person or a script did. The only events without a cause.
  | { type: 'command'; text: string; kind: 'start' | 'console' | 'other' }
  // The network.
  | { type: 'request-sent'; client: ClientId; member: MemberName; rpc: number; request: Request }
  | {
      type: 'request-received'
      client: ClientId
      member: MemberName
      rpc: number
      request: Request
    }
  | { type: 'reply-sent'; client: ClientId; member: MemberName; rpc: number; reply: Reply }
  | { type: 'reply-received'; client: ClientId; member: MemberName; rpc: number; reply: Reply }
  /** A client opens a stream without a message. */
  | { type: 'stream-opened'; client: ClientId; member: MemberName; rpc: number; call: StreamCall }
  | { type: 'stream-closed'; client: ClientId; member: MemberName; rpc: number }
  /**
   * Nobody listens where a client's endpoints point; the client waits for its own deadline, if it
   * has one.
   */
  | {
      type: 'endpoint-unreachable'
      client: ClientId
      endpoints: string[]
      request: Request['type']
    }
  /** A call finds no connection and waits for one. */
  | {
      type: 'call-waits'
      client: ClientId
      members: MemberName[]
      rpc: number
      request: Request['type']
    }
  /**
   * An attempt to connect fails: nothing listens, or nothing comes back in time. The next one
   * begins at `retryAt`.
   */
  | {
      type: 'connection-failed'
      client: ClientId
      member: MemberName
      why: 'refused' | 'no answer'
      retryAt: number
    }
  /**
   * A connection that was broken or waited for is established. One that is established at once has
   * no event.
   */
  | { type: 'connection-established'; client: ClientId; member: MemberName }
  | {
      type: 'connection-broken'
      client: ClientId
      member: MemberName
      why: 'closed' | 'reset' | 'no answer to a ping' | 'resent too often'
    }
  // A member. `at`s and deadlines are virtual milliseconds.
  | { type: 'booted'; member: MemberName }
  /**
   * Every lease got its whole TTL again and `extendMs` on top; `otherwise` lists the deadlines of
   * those that did not: checkpointed ones, and those that were put off.
   */
  | {
      type: 'promoted'
      member: MemberName
      term: number
      leases: number
      extendMs: number
      otherwise?: [LeaseId, number][]
    }
  | { type: 'demoted'; member: MemberName; term: number; leases: number }
  /** `lead` is whom it takes for the leader now, null for nobody. */
  | {
      type: 'role-changed'
      member: MemberName
      role: 'follower' | 'pre-candidate' | 'candidate' | 'leader'
      term: number
      lead: MemberName | null
    }
  /** It applies an entry whose effect another member has told already. */
  | { type: 'entry-applied'; member: MemberName; index: number }
  /**
   * A change of the group is applied: from now on so many have a vote. `learner`: whom it is about
   * has none.
   */
  | {
      type: 'cluster-changed'
      member: MemberName
      change: 'MemberAdd' | 'MemberPromote' | 'MemberRemove' | 'MemberUpdate'
      peer: MemberId
      learner: boolean
      voters: number
    }
  /** It is known by its name: it has started. */
  | { type: 'member-named'; member: MemberName; peer: MemberId; name: string }
  /** The process of a member that was added starts; the process of one that was removed ends. */
  | { type: 'member-joined'; member: MemberName; peer: MemberId }
  /** Before its Raft starts, it asks a peer whether a downgrade is in progress. */
  | { type: 'join-waits'; member: MemberName; peer: MemberName }
  | { type: 'member-left'; member: MemberName }
  /** The leader's log did not go back far enough: it takes over a whole state. */
  | {
      type: 'snapshot-restored'
      member: MemberName
      revision: number
      keys: number
      leases: number
    }
  // Between members.
  | { type: 'peer-sent'; member: MemberName; to: MemberName; what: string }
  | { type: 'peer-received'; member: MemberName; from: MemberName; what: string }
  /** A message that nobody gets: its link is cut, or who it was for is down. */
  | { type: 'message-lost'; from: string; to: string; what: string }
  /**
   * A message of a client's connection that a cut keeps from its receiver. TCP sends it again until
   * the cut ends or the connection breaks.
   */
  | { type: 'message-held'; from: string; to: string; what: string }
  // What is done to members and links.
  | { type: 'member-crashed'; member: MemberName }
  | { type: 'member-restarted'; member: MemberName }
  | { type: 'member-paused'; member: MemberName }
  | { type: 'member-resumed'; member: MemberName }
  | { type: 'partitioned'; groups: string[][] }
  | { type: 'healed' }
  /** What the ones say does not reach the others from now on. */
  | { type: 'cut-one-way'; from: string[]; to: string[] }
  /**
   * A dial of a link, in the words of the console (`m1-m2`, `m1 to m2`, `all`); milliseconds for
   * `delay` and `jitter`, of a hundred messages for the others.
   */
  | {
      type: 'link-changed'
      link: string
      dial: 'delay' | 'jitter' | 'loss' | 'duplicate' | 'reorder'
      value: number
    }
  /** Somebody's hand on one message in flight; `ms` is how much later it comes. */
  | {
      type: 'message-handled'
      message: number
      from: string
      to: string
      fate: 'deliver' | 'drop' | 'delay'
      ms: number
    }
  /** Milliseconds that a write to its disk takes from now on. */
  | { type: 'disk-changed'; member: MemberName; ms: number }
  /**
   * Its own clock runs at that many percent from now on. `deadlines`: when, in virtual time, the
   * leases that it counts down are due by it.
   */
  | {
      type: 'member-clock-changed'
      member: MemberName
      percent: number
      deadlines: [LeaseId, number][]
    }
  | { type: 'wall-clock-stepped'; member: MemberName; seconds: number }
  /** It was asked to end: a leader hands its leadership over first. */
  | { type: 'member-stopping'; member: MemberName }
  /** A leader that ends asks another to stand for election at once. */
  | { type: 'leadership-offered'; member: MemberName; to: MemberName }
  | { type: 'member-stopped'; member: MemberName }
  /** A request that etcd does not survive; the crash of the process follows. */
  | { type: 'member-panicked'; member: MemberName; message: string }
  | {
      type: 'lease-granted'
      member: MemberName
      lease: LeaseId
      ttlSeconds: number
      askedSeconds: number
      deadline: number
    }
  | {
      type: 'lease-renewed'
      member: MemberName
      lease: LeaseId
      ttlSeconds: number
      deadline: number
    }
  | { type: 'renewal-refused'; member: MemberName; lease: LeaseId }
  | { type: 'renewal-waits'; member: MemberName; lease: LeaseId }
  /**
   * The lease was revoked while its renewal waited, and the client is told that it has its whole
   * TTL again.
   */
  | { type: 'renewal-in-vain'; member: MemberName; lease: LeaseId; ttlSeconds: number }
  /** What a new primary would give them from now on, in seconds; 0 for the whole TTL. */
  | {
      type: 'leases-checkpointed'
      member: MemberName
      leases: { lease: LeaseId; remainingSeconds: number }[]
    }
  | { type: 'expiry-pass'; member: MemberName; due: number }
  | { type: 'lease-expired'; member: MemberName; lease: LeaseId; deadline: number; keys: number }
  | {
      type: 'lease-revoked'
      member: MemberName
      lease: LeaseId
      end: LeaseEnd
      revision: number
      keys: Bytes[]
    }
  | { type: 'key-put'; member: MemberName; kv: KeyValue; detachedFrom: LeaseId }
  | {
      type: 'key-deleted'
      member: MemberName
      key: Bytes
      revision: number
      lease: LeaseId
      end: LeaseEnd | 'deleted'
    }
  | { type: 'compacted'; member: MemberName; revision: number }
  | {
      type: 'request-refused'
      member: MemberName
      request: Request['type'] | StreamCall
      message: string
    }
  | { type: 'watch-created'; member: MemberName; client: ClientId; watch: number; key: Bytes }
  /** A stream that wants a leader is ended by a member that has known none for three looks. */
  | { type: 'stream-ended'; member: MemberName; client: ClientId; message: string }
  | { type: 'watch-synced'; member: MemberName; responses: number }
  // A client.
  | { type: 'program-line'; client: ClientId; line: number; text: string }
  | { type: 'program-ended'; client: ClientId; failed: boolean }
  /**
   * The context of a program's call ended before its answer came: its deadline passed, or the
   * session that it hangs on ended.
   */
  | { type: 'context-ended'; client: ClientId; why: 'deadline' | 'session' }
  /** The critical section. Who is in one says so; whether they may be is another matter. */
  /** `room`: with how many it shares the section; absent where it is to be alone. */
  | { type: 'section-entered'; client: ClientId; section: string; room?: Room }
  | { type: 'section-left'; client: ClientId; section: string }
  /**
   * There are two in it. `gone`: those of them whose lease is not there any more, by the primary.
   */
  | {
      type: 'exclusion-broken'
      client: ClientId
      section: string
      others: ClientId[]
      gone: { client: ClientId; lease: LeaseId }[]
    }
  | { type: 'client-paused'; client: ClientId }
  | { type: 'client-resumed'; client: ClientId }
  | { type: 'client-crashed'; client: ClientId }
  | { type: 'client-restarted'; client: ClientId }
  /** Its clock runs at that many percent from now on. */
  | { type: 'clock-changed'; client: ClientId; percent: number }
  /**
   * Its clock is set ahead by so many milliseconds, or back where negative; it shows `ahead` more
   * than the true time from now on.
   */
  | { type: 'clock-set'; client: ClientId; ms: number; ahead: number }
  // The guarded resource. A token is the create revision of the writer's lock key; null where it
  // showed none.
  | { type: 'write-sent'; client: ClientId; value: string; token: number | null }
  /**
   * `stale`: none of the leases that the writer ever had is there any more. `highest` is the token
   * that the resource had seen before.
   */
  | {
      type: 'write-taken'
      client: ClientId
      value: string
      token: number | null
      highest: number | null
      stale: boolean
    }
  | {
      type: 'write-bounced'
      client: ClientId
      value: string
      token: number | null
      highest: number | null
      stale: boolean
    }
  | { type: 'write-answered'; client: ClientId; accepted: boolean }
  | { type: 'heartbeat-started'; client: ClientId; lease: LeaseId }
  | { type: 'heartbeat-stopped'; client: ClientId; lease: LeaseId }
  | {
      type: 'lease-believed-lost'
      client: ClientId
      lease: LeaseId
      why: 'gone' | 'no-answer' | 'no-leader' | 'clock-set'
    }
  // A terminal. `job` numbers the lines of one terminal from 1.
  | { type: 'console-line'; terminal: ClientId; job: number; line: string }
  | {
      type: 'console-output'
      terminal: ClientId
      job: number
      stream: 'stdout' | 'stderr' | 'note'
      text: string
    }
  | { type: 'console-exit'; terminal: ClientId; job: number; exit: number }

export type EventType = EventBody['type']

export type TraceEvent = EventBody & {
  id: EventId
  /** Virtual milliseconds. */
  at: number
  level: Level
  /** The events that made this one; empty for a command's (and the boot's) alone. */
  causes: EventId[]
}

/**
 * Where machines put what happened. `emit` answers with the new event's id, so that what follows
 * from it can name it.
 */
export interface Trace {
  emit(body: EventBody, ...causes: EventId[]): EventId
}

const LEVELS: Record<EventType, Level> = {
  command: 'story',
  'request-sent': 'story',
  'request-received': 'machinery',
  'reply-sent': 'machinery',
  'reply-received': 'story',
  'stream-opened': 'story',
  'stream-closed': 'machinery',
  'endpoint-unreachable': 'story',
  'call-waits': 'story',
  'connection-failed': 'machinery',
  'connection-established': 'story',
  'connection-broken': 'story',
  booted: 'machinery',
  promoted: 'lease',
  demoted: 'lease',
  'role-changed': 'story',
  'entry-applied': 'machinery',
  'cluster-changed': 'story',
  'member-named': 'story',
  'member-joined': 'fault',
  'join-waits': 'story',
  'member-left': 'fault',
  'snapshot-restored': 'story',
  'peer-sent': 'machinery',
  'peer-received': 'machinery',
  'message-lost': 'machinery',
  'message-held': 'machinery',
  'member-crashed': 'fault',
  'member-restarted': 'fault',
  'member-paused': 'fault',
  'member-resumed': 'fault',
  partitioned: 'fault',
  healed: 'fault',
  'cut-one-way': 'fault',
  'link-changed': 'fault',
  'message-handled': 'fault',
  'disk-changed': 'fault',
  'member-clock-changed': 'fault',
  'wall-clock-stepped': 'fault',
  'member-stopping': 'fault',
  'leadership-offered': 'story',
  'member-stopped': 'fault',
  'member-panicked': 'fault',
  'lease-granted': 'lease',
  'lease-renewed': 'lease',
  'renewal-refused': 'lease',
  'renewal-waits': 'lease',
  'renewal-in-vain': 'lease',
  'leases-checkpointed': 'lease',
  'expiry-pass': 'machinery',
  'lease-expired': 'lease',
  'lease-revoked': 'lease',
  'key-put': 'story',
  'key-deleted': 'story',
  compacted: 'story',
  'request-refused': 'story',
  'watch-created': 'story',
  'stream-ended': 'story',
  'watch-synced': 'machinery',
  'program-line': 'story',
  'program-ended': 'machinery',
  'context-ended': 'story',
  'section-entered': 'story',
  'section-left': 'story',
  'exclusion-broken': 'fault',
  'client-paused': 'fault',
  'client-resumed': 'fault',
  'client-crashed': 'fault',
  'client-restarted': 'fault',
  'clock-changed': 'fault',
  'clock-set': 'fault',
  'write-sent': 'story',
  'write-taken': 'story',
  'write-bounced': 'story',
  'write-answered': 'story',
  'heartbeat-started': 'story',
  'heartbeat-stopped': 'story',
  'lease-believed-lost': 'lease',
  'console-line': 'story',
  'console-output': 'story',
  'console-exit': 'machinery',
}

/** The level of an event, which its type alone decides. */
export function levelOf(type: EventType): Level {
  return LEVELS[type]
}
