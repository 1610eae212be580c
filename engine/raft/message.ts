// What peers say to each other, under the names of etcd-io/raft (raftpb/raft.proto). Entries,
// snapshots and messages are never changed once made: logs, disks, messages in flight and saved
// states share them.
//
// `P` is what the application proposes, `S` what it puts into a snapshot; to a peer both are
// opaque.

import type { MemberId } from '../base/rpc'

export type Entry<P = unknown> =
  | {
      readonly type: 'normal'
      readonly index: number
      readonly term: number /** null in a new leader's first entry. */
      readonly data: P | null
    }
  | {
      readonly type: 'conf-change'
      readonly index: number
      readonly term: number
      readonly data: ConfChange<P>
    }

/** An entry before a leader has given it its place. */
export type Proposed<P = unknown> =
  | { readonly type: 'normal'; readonly data: P | null }
  | { readonly type: 'conf-change'; readonly data: ConfChange<P> }

/**
 * One change of the group; adding a learner as a voter promotes it, `update` changes nothing here.
 * `context` is the application's.
 */
export interface ConfChange<P = unknown> {
  readonly type: 'add-voter' | 'add-learner' | 'remove' | 'update'
  readonly peer: MemberId
  readonly context: P | null
}

/** Who belongs to the group; both lists ascend and have no member in common. */
export interface Conf {
  readonly voters: readonly MemberId[]
  readonly learners: readonly MemberId[]
}

/**
 * The application's state after the entry at `index`, and the group as it was then. Index 0 is the
 * start of time.
 */
export interface Snapshot<S = unknown> {
  readonly index: number
  readonly term: number
  readonly conf: Conf
  readonly data: S | null
}

/** What must survive a crash beside the log (§5, Figure 2: persistent state). */
export interface HardState {
  readonly term: number
  readonly vote: MemberId | null
  readonly commit: number
}

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader'

/** What may be forgotten in a crash. `lead` is null where no leader is known. */
export interface SoftState {
  readonly lead: MemberId | null
  readonly role: Role
}

/** A read asked for with `context` may be answered once `index` is applied. */
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
   * `index` is the last one that matches; in a rejection the one that did not, and `hint` with
   * `logTerm` is the best guess at one that does.
   */
  | {
      readonly type: 'MsgAppResp'
      readonly index: number
      readonly reject: boolean
      readonly hint: number
      readonly logTerm: number
    }
  /** `transfer`: asked for by the leader, so that who has just heard of it votes all the same. */
  | {
      readonly type: 'MsgVote' | 'MsgPreVote'
      readonly index: number
      readonly logTerm: number
      readonly transfer: boolean
    }
  | { readonly type: 'MsgVoteResp' | 'MsgPreVoteResp'; readonly reject: boolean }
  | { readonly type: 'MsgSnap'; readonly snapshot: Snapshot<S> }
  /** `context` counts the reads that an answer confirms; 0 confirms none. */
  | { readonly type: 'MsgHeartbeat'; readonly commit: number; readonly context: number }
  | { readonly type: 'MsgHeartbeatResp'; readonly context: number }
  | { readonly type: 'MsgTransferLeader'; readonly transferee: MemberId }
  | { readonly type: 'MsgTimeoutNow' }
  | { readonly type: 'MsgReadIndex'; readonly requester: MemberId; readonly context: string }
  | { readonly type: 'MsgReadIndexResp'; readonly index: number; readonly context: string }

/**
 * What a peer tells itself: time has come for an election, for a heartbeat, for counting who
 * answered; what the network says of the peer `from`.
 */
export type LocalBody =
  | { readonly type: 'MsgHup' | 'MsgBeat' | 'MsgCheckQuorum' | 'MsgUnreachable' }
  | { readonly type: 'MsgSnapStatus'; readonly reject: boolean }

interface Envelope {
  readonly from: MemberId
  readonly to: MemberId
  /**
   * 0 in MsgProp and MsgReadIndex (forwarded, they are the leader's as if asked there) and in what
   * a peer tells itself.
   */
  readonly term: number
}

export type Message<P = unknown, S = unknown> = MessageBody<P, S> & Envelope
export type LocalMessage = LocalBody & Envelope
export type MessageType = MessageBody['type']

/**
 * What became of an input: kept here, passed on to the leader (and perhaps lost there), or dropped,
 * as without a leader.
 */
export type Outcome = 'taken' | 'forwarded' | 'dropped'
