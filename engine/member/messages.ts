// What one member sends to another: Raft's messages, questions about leases, and what the members
// of a cluster ask each other beside both.

import type { Bytes, LeaseId, MemberId, Reply } from '../base/rpc'
import type { RaftMessage } from './consensus'

/** What a member asks the leader about a lease. */
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
  /** It leads, and its lessor does not count: leadership came or went between two looks. */
  | { type: 'demoted' }

/** What members say to each other about leases, beside Raft. */
export type LeaseMessage =
  | { type: 'lease-forward'; id: number; asked: Asked }
  | { type: 'lease-answer'; id: number; answer: LeaseAnswer }
  /**
   * Sent by the machine of a member whose process is gone: it refuses the connection, or breaks one
   * that is open.
   */
  | { type: 'lease-refused' }

/** What one member says to another. */
export type PeerMessage = { type: 'raft'; message: RaftMessage } | LeaseMessage | ClusterMessage

/**
 * `promote-forward`: only the leader knows how far a learner is. `removed`: who is told so is no
 * member any more (rafthttp: 410 Gone). `snapshot-taken` answers a snapshot (204 of the request
 * that it came with); `snapshot-lost` is what the sender's own transport says where there is no
 * such answer.
 */
export type ClusterMessage =
  | { type: 'promote-forward'; id: number; ID: MemberId }
  | { type: 'promote-answer'; id: number; reply: Reply }
  | { type: 'removed' }
  | { type: 'snapshot-taken' }
  | { type: 'snapshot-lost'; to: MemberId }
  /**
   * A member that joins asks whether a downgrade is in progress. `isKnown`: the peer could read.
   * Its machine answers for a process that is gone: false.
   */
  | { type: 'downgrade-ask'; id: number }
  | { type: 'downgrade-answer'; id: number; isKnown: boolean }
