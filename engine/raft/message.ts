// The messages between peers, with the names of etcd-io/raft (raftpb/raft.proto). Entries,
// snapshots and messages are immutable: logs, disks, messages in flight and saved states share
// them.
//
// `P` is the type of proposed data, `S` the content of a snapshot. Both are opaque to a peer.

import type { MemberId } from '../base/rpc'

export type Entry<P = unknown> =
  | {
      readonly type: 'normal'
      readonly index: number
      readonly term: number /* null in the first entry of a new leader. */
      readonly data: P | null
    }
  | {
      readonly type: 'conf-change'
      readonly index: number
      readonly term: number
      readonly data: ConfChange<P>
    }

/** An entry without an index and a term, before a leader assigns them. */
export type Proposed<P = unknown> =
  | { readonly type: 'normal'; readonly data: P | null }
  | { readonly type: 'conf-change'; readonly data: ConfChange<P> }

/**
 * One membership change. Adding an existing learner as a voter promotes it. `update` does not
 * change the group. `context` belongs to the application.
 */
export interface ConfChange<P = unknown> {
  readonly type: 'add-voter' | 'add-learner' | 'remove' | 'update'
  readonly peer: MemberId
  readonly context: P | null
}

/** The members of the group. Both lists ascend and are disjoint. */
export interface Conf {
  readonly voters: readonly MemberId[]
  readonly learners: readonly MemberId[]
}

/**
 * The application's state after the entry at `index`, and the group at that time. Index 0 is the
 * start.
 */
export interface Snapshot<S = unknown> {
  readonly index: number
  readonly term: number
  readonly conf: Conf
  readonly data: S | null
}

/** The state that must survive a crash, besides the log (§5, Figure 2: persistent state). */
export interface HardState {
  readonly term: number
  readonly vote: MemberId | null
  readonly commit: number
}

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader'

/** State that a crash may lose. `lead` is null for an unknown leader. */
export interface SoftState {
  readonly lead: MemberId | null
  readonly role: Role
}

/** The read with `context` may be answered once `index` is applied. */
export interface ReadState {
  readonly index: number
  readonly context: string
}

/** `logTerm` is the term of the sender's entry at `index`. */
export type MessageBody<P = unknown, S = unknown> =
  | { readonly type: 'MsgProp'; readonly entry: Proposed<P> }
  /** `entries` follow the one at `index`. */
  | {
      readonly type: 'MsgApp'
      readonly index: number
      readonly logTerm: number
      readonly entries: readonly Entry<P>[]
      readonly commit: number
    }
  /**
   * `index` is the last matching one. In a rejection it is the one that did not match, and `hint`
   * with `logTerm` suggests one that may.
   */
  | {
      readonly type: 'MsgAppResp'
      readonly index: number
      readonly reject: boolean
      readonly hint: number
      readonly logTerm: number
    }
  /**
   * `transfer`: requested by the leader, so that peers which have just heard from it still vote.
   */
  | {
      readonly type: 'MsgVote' | 'MsgPreVote'
      readonly index: number
      readonly logTerm: number
      readonly transfer: boolean
    }
  | { readonly type: 'MsgVoteResp' | 'MsgPreVoteResp'; readonly reject: boolean }
  | { readonly type: 'MsgSnap'; readonly snapshot: Snapshot<S> }
  /** An answer confirms the reads up to the number `context`; 0 confirms none. */
  | { readonly type: 'MsgHeartbeat'; readonly commit: number; readonly context: number }
  | { readonly type: 'MsgHeartbeatResp'; readonly context: number }
  | { readonly type: 'MsgTransferLeader'; readonly transferee: MemberId }
  | { readonly type: 'MsgTimeoutNow' }
  | { readonly type: 'MsgReadIndex'; readonly requester: MemberId; readonly context: string }
  | { readonly type: 'MsgReadIndexResp'; readonly index: number; readonly context: string }

/**
 * A peer's messages to itself: time for an election, a heartbeat or a quorum check, and the
 * transport's reports about the peer `from`.
 */
export type LocalBody =
  | { readonly type: 'MsgHup' | 'MsgBeat' | 'MsgCheckQuorum' | 'MsgUnreachable' }
  | { readonly type: 'MsgSnapStatus'; readonly reject: boolean }

interface Envelope {
  readonly from: MemberId
  readonly to: MemberId
  /**
   * 0 in local messages, and in MsgProp and MsgReadIndex, which count as the leader's own after
   * forwarding.
   */
  readonly term: number
}

export type Message<P = unknown, S = unknown> = MessageBody<P, S> & Envelope
export type LocalMessage = LocalBody & Envelope
export type MessageType = MessageBody['type']

/**
 * The result of an input: taken here, forwarded to the leader (and perhaps lost there), or dropped,
 * as without a leader.
 */
export type Outcome = 'taken' | 'forwarded' | 'dropped'
