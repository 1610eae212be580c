// The messages between members: Raft's messages, requests about leases, and the cluster's other
// messages.

import type { Bytes, LeaseId, MemberId, Reply } from '../base/rpc'
import type { RaftMessage } from './consensus'

/** A member's request to the leader about a lease. */
export type Asked =
  | { type: 'renew'; lease: LeaseId }
  | { type: 'time-to-live'; lease: LeaseId; keys: boolean }

/** The leader's answer. */
export type LeaseAnswer =
  | { type: 'renewed'; ttlSeconds: number }
  | { type: 'time-to-live'; TTL: number; grantedTTL: number; keys: Bytes[] }
  | { type: 'not-found' }
  /** Not primary, or not reachable. */
  | { type: 'failed' }
  /** The member leads, but its lessor is not primary: the leadership changed between two checks. */
  | { type: 'demoted' }

/** The messages between members about leases, besides Raft. */
export type LeaseMessage =
  | { type: 'lease-forward'; id: number; asked: Asked }
  | { type: 'lease-answer'; id: number; answer: LeaseAnswer }
  /**
   * Sent by the machine of a member whose process is gone: it refuses the connection, or breaks an
   * open one.
   */
  | { type: 'lease-refused' }

/** Any message between members. */
export type PeerMessage = { type: 'raft'; message: RaftMessage } | LeaseMessage | ClusterMessage

/**
 * `promote-forward`: only the leader knows a learner's progress. `removed`: the receiver is not a
 * member any more (rafthttp: 410 Gone). `snapshot-taken` answers a snapshot (204 of its request).
 * `snapshot-lost` comes from the sender's own transport if there is no such answer.
 */
export type ClusterMessage =
  | { type: 'promote-forward'; id: number; ID: MemberId }
  | { type: 'promote-answer'; id: number; reply: Reply }
  | { type: 'removed' }
  | { type: 'snapshot-taken' }
  | { type: 'snapshot-lost'; to: MemberId }
  /**
   * A joining member asks whether a downgrade is in progress. `isKnown`: the peer could read. The
   * machine of a process that is gone answers false.
   */
  | { type: 'downgrade-ask'; id: number }
  | { type: 'downgrade-answer'; id: number; isKnown: boolean }
