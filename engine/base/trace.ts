// The events of a run, each with the events that caused it. The union of all events is here, below
// every machine, so that a machine can emit events without knowing who reads them.

import type { Room } from './room'
import type { Bytes, KeyValue, LeaseId, MemberId, Reply, Request, StreamCall } from './rpc'

/** Counts up from 1 within a run; 0 is no event. */
export type EventId = number
/** A client's name, as the console and the page show it. */
export type ClientId = string
/** A member's name: m1, m2, … */
export type MemberName = string

/**
 * The importance of an event to the viewer. "Next event" skips `machinery` (ticks, empty passes).
 * `lease` and `fault` have steps of their own.
 */
export type Level = 'lease' | 'fault' | 'story' | 'machinery'

/**
 * The reason why a lease ended: the primary proposed the revoke of an expired lease, or a client
 * revoked it.
 */
export type LeaseEnd = 'expired' | 'revoked'

/** What happened. Times and deadlines are virtual milliseconds. */
export type EventBody =
  // Commands of a person or a script. The only events without a cause.
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
   * No process listens at the client's endpoints. The client waits for its own deadline, if it has
   * one.
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
   * An attempt to connect fails: no process listens, or no answer arrives in time. The next attempt
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
   * A broken or awaited connection is established. A connection that succeeds at once has no event.
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
   * Every lease got its whole TTL again and `extendMs` on top. `otherwise` lists the deadlines of
   * the exceptions: checkpointed leases and delayed ones.
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
  /** `lead` is the leader that this member knows now; null for none. */
  | {
      type: 'role-changed'
      member: MemberName
      role: 'follower' | 'pre-candidate' | 'candidate' | 'leader'
      term: number
      lead: MemberName | null
    }
  /** The member applies an entry whose effect another member's event has already reported. */
  | { type: 'entry-applied'; member: MemberName; index: number }
  /**
   * A membership change is applied. `voters` is the new number of voters; a `learner` has no vote.
   */
  | {
      type: 'cluster-changed'
      member: MemberName
      change: 'MemberAdd' | 'MemberPromote' | 'MemberRemove' | 'MemberUpdate'
      peer: MemberId
      learner: boolean
      voters: number
    }
  /** The member has started and published its name. */
  | { type: 'member-named'; member: MemberName; peer: MemberId; name: string }
  /** The process of an added member starts; the process of a removed member ends. */
  | { type: 'member-joined'; member: MemberName; peer: MemberId }
  /** Before its Raft starts, the member checks with a peer whether a downgrade is in progress. */
  | { type: 'join-waits'; member: MemberName; peer: MemberName }
  | { type: 'member-left'; member: MemberName }
  /** The leader's log did not go back far enough: the member installs a snapshot. */
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
  /** A lost message: its link is cut, or its receiver is down. */
  | { type: 'message-lost'; from: string; to: string; what: string }
  /**
   * A message of a client's connection is held by a cut. TCP sends it again until the cut ends or
   * the connection breaks.
   */
  | { type: 'message-held'; from: string; to: string; what: string }
  // Faults of members and links.
  | { type: 'member-crashed'; member: MemberName }
  | { type: 'member-restarted'; member: MemberName }
  | { type: 'member-paused'; member: MemberName }
  | { type: 'member-resumed'; member: MemberName }
  | { type: 'partitioned'; groups: string[][] }
  | { type: 'healed' }
  /** From now on, messages in this direction do not arrive. */
  | { type: 'cut-one-way'; from: string[]; to: string[] }
  /**
   * A setting of a link, in the words of the console (`m1-m2`, `m1 to m2`, `all`): milliseconds for
   * `delay` and `jitter`, percent for the others.
   */
  | {
      type: 'link-changed'
      link: string
      dial: 'delay' | 'jitter' | 'loss' | 'duplicate' | 'reorder'
      value: number
    }
  /** A fault on one message in flight; `ms` is its extra delay. */
  | {
      type: 'message-handled'
      message: number
      from: string
      to: string
      fate: 'deliver' | 'drop' | 'delay'
      ms: number
    }
  /** Milliseconds that a disk write of this member takes from now on. */
  | { type: 'disk-changed'; member: MemberName; ms: number }
  /**
   * The member's own clock runs at this rate in percent from now on. `deadlines` are the new
   * deadlines, in virtual time, of the leases that it counts down.
   */
  | {
      type: 'member-clock-changed'
      member: MemberName
      percent: number
      deadlines: [LeaseId, number][]
    }
  | { type: 'wall-clock-stepped'; member: MemberName; seconds: number }
  /** The member is stopping. A leader first transfers its leadership. */
  | { type: 'member-stopping'; member: MemberName }
  /** A stopping leader asks another member to start an election at once. */
  | { type: 'leadership-offered'; member: MemberName; to: MemberName }
  | { type: 'member-stopped'; member: MemberName }
  /** A request makes etcd panic; the crash of the process follows. */
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
  /** The lease was revoked while its renewal waited, but the client receives the whole TTL. */
  | { type: 'renewal-in-vain'; member: MemberName; lease: LeaseId; ttlSeconds: number }
  /**
   * The remaining TTLs, in seconds, that a new primary would give from now on; 0 for the whole TTL.
   */
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
  /** A member without a known leader for three checks ends a stream that requires a leader. */
  | { type: 'stream-ended'; member: MemberName; client: ClientId; message: string }
  | { type: 'watch-synced'; member: MemberName; responses: number }
  // A client.
  | { type: 'program-line'; client: ClientId; line: number; text: string }
  | { type: 'program-ended'; client: ClientId; failed: boolean }
  /**
   * The context of a program's call ended before its answer arrived: its deadline passed, or its
   * session ended.
   */
  | { type: 'context-ended'; client: ClientId; why: 'deadline' | 'session' }
  /**
   * The critical section. A client in the section reports it; whether the client is allowed there
   * is another question.
   */
  /**
   * `room` is the number of clients that may share the section; absent for a client that needs it
   * alone.
   */
  | { type: 'section-entered'; client: ClientId; section: string; room?: Room }
  | { type: 'section-left'; client: ClientId; section: string }
  /**
   * Two clients are in the section. `gone` lists those whose lease no longer exists on the primary.
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
  /** The client's clock runs at this rate in percent from now on. */
  | { type: 'clock-changed'; client: ClientId; percent: number }
  /**
   * The client's clock is set forward by `ms`, or back if negative. From now on it shows `ahead`
   * more than the true time.
   */
  | { type: 'clock-set'; client: ClientId; ms: number; ahead: number }
  // The guarded resource. A token is the create revision of the writer's lock key; null for a write
  // without one.
  | { type: 'write-sent'; client: ClientId; value: string; token: number | null }
  /**
   * `stale` means that all leases of the writer are gone. `highest` is the highest token that the
   * resource had seen.
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
  // A terminal. `job` numbers the lines of a terminal from 1.
  | { type: 'console-line'; terminal: ClientId; job: number; line: string }
  | {
      type: 'console-output'
      terminal: ClientId
      job: number
      stream: 'stdout' | 'stderr' | 'note'
      text: string
    }
  | { type: 'console-exit'; terminal: ClientId; job: number; exit: number }

/** The kinds of events, such as `lease-expired`. */
export type EventType = EventBody['type']

/** An event of a run, with its place in it. */
export type TraceEvent = EventBody & {
  id: EventId
  /** Virtual milliseconds. */
  at: number
  level: Level
  /** The events that caused this one. Only commands and the boot have no cause. */
  causes: EventId[]
}

/**
 * The sink of events. `emit` returns the ID of the new event, so that later events can name it as
 * their cause.
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

/** The level of an event, which depends only on its type. */
export function levelOf(type: EventType): Level {
  return LEVELS[type]
}
