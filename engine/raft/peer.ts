// The state of one peer and its changes of role, with etcd-io/raft's names (raft.go). Plain data,
// except for the choice that draws election timeouts. election.ts, replication.ts, leader.ts and
// follower.ts are functions on it, and raft.ts is the public class.

import { assert } from '../base/assert'
import type { Choice } from '../base/choice'
import type { MemberId } from '../base/rpc'
import { membersOf } from './conf'
import type { RaftLog } from './log'
import type {
  Conf,
  HardState,
  Message,
  MessageBody,
  Proposed,
  ReadState,
  Role,
  SoftState,
} from './message'
import type { Progress } from './progress'
import { becomeReplicate, newProgress } from './progress'
import type { ReadOnly, ReadRequest } from './read-only'
import { newReadOnly } from './read-only'

export interface RaftConfig {
  readonly id: MemberId
  /**
   * Ticks without a message from a leader before an election. Each timeout is drawn from this value
   * up to twice this value minus one.
   */
  readonly electionTick: number
  /** Ticks between a leader's heartbeats. */
  readonly heartbeatTick: number
  /** Requests pre-votes before raising the term (dissertation §9.6). */
  readonly preVote: boolean
  /**
   * A leader steps down if no majority answers within an election timeout. A peer that hears a
   * leader votes for no other one (dissertation §4.2.3).
   */
  readonly checkQuorum: boolean
  /**
   * Whether a leader steps down as soon as it applies its own removal. In etcd this is off: the
   * removed server stops a second later. By then the others know the removal and do not need its
   * vote, which it may deny because of its longer log.
   */
  readonly stepDownOnRemoval: boolean
  /** The maximum of entries in one MsgApp. etcd limits the size to 1 MiB instead. */
  readonly maxEntriesPerMessage: number
  /** The maximum of messages with entries in flight to one peer. */
  readonly maxInflight: number
}

/** etcd 3.4's values (semantics §6.1, §6.2, §6.3, §9); from 3.5 on `preVote` is true. */
export const DEFAULT_RAFT_CONFIG: Omit<RaftConfig, 'id'> = {
  electionTick: 10,
  heartbeatTick: 1,
  preVote: false,
  checkQuorum: true,
  stepDownOnRemoval: false,
  maxEntriesPerMessage: 1024,
  maxInflight: 512,
}

export interface Vote {
  readonly id: MemberId
  readonly granted: boolean
}

export interface Peer {
  readonly config: RaftConfig
  readonly choice: Choice
  readonly log: RaftLog
  term: number
  vote: MemberId | null
  role: Role
  lead: MemberId | null
  /** The target of a leadership transfer; proposals are dropped meanwhile. */
  transferee: MemberId | null
  /** As of the last applied change. */
  conf: Conf
  /** One for each member of the group, by ascending ID. Only a leader uses it. */
  progress: Progress[]
  votes: Vote[]
  readOnly: ReadOnly
  /** Reads that wait for the first commit of this leader's term. */
  postponedReads: ReadRequest[]
  readStates: ReadState[]
  /** No membership change is accepted before this index is applied. */
  pendingConfIndex: number
  /** Ticks since the last message from a leader; on a leader, ticks since the last quorum check. */
  electionElapsed: number
  heartbeatElapsed: number
  randomizedElectionTimeout: number
  msgs: Message[]
  /**
   * Answers that promise that something is on disk. Those to the peer itself count like those from
   * others.
   */
  msgsAfterAppend: Message[]
  /** Messages that wait for the current write. */
  held: Message[]
  /** Messages whose write is complete. */
  released: Message[]
  /** A write is in progress. */
  saving: boolean
  lastSoftState: SoftState
  lastHardState: HardState
}

export function hardStateOf(r: Peer): HardState {
  return { term: r.term, vote: r.vote, commit: r.log.committed }
}

export function softStateOf(r: Peer): SoftState {
  return { lead: r.lead, role: r.role }
}

export function progressOf(r: Peer, id: MemberId): Progress | undefined {
  return r.progress.find((pr) => pr.id === id)
}

/**
 * Whether this peer may become a leader: a voter whose application is up to date with its snapshot.
 */
export function isPromotable(r: Peer): boolean {
  return r.conf.voters.includes(r.config.id) && r.log.incoming === 'none'
}

/**
 * Sends a message. Answers to a vote and to an append wait until the promised state is on disk
 * (dissertation §3.8). Rejections wait too: they may depend on unwritten entries.
 */
export function send(r: Peer, to: MemberId, body: MessageBody, term: number = r.term): void {
  const message: Message = { ...body, from: r.config.id, to, term }
  if (body.type === 'MsgAppResp' || body.type === 'MsgVoteResp' || body.type === 'MsgPreVoteResp')
    r.msgsAfterAppend.push(message)
  else {
    assert(to !== r.config.id, `raft: ${to} sends itself ${body.type}`)
    r.msgs.push(message)
  }
}

export function becomeFollower(r: Peer, term: number, lead: MemberId | null): void {
  reset(r, term)
  r.lead = lead
  r.role = 'follower'
}

/**
 * Requests votes without raising the term, so that a peer without a chance does not disturb the
 * group. The election timeout is not drawn again.
 */
export function becomePreCandidate(r: Peer): void {
  assert(r.role !== 'leader', `raft: leader ${r.config.id} becomes a pre-candidate`)
  r.votes = []
  r.lead = null
  r.role = 'pre-candidate'
}

export function becomeCandidate(r: Peer): void {
  assert(r.role !== 'leader', `raft: leader ${r.config.id} becomes a candidate`)
  reset(r, r.term + 1)
  r.vote = r.config.id
  r.role = 'candidate'
}

export function becomeLeader(r: Peer): void {
  assert(r.role === 'candidate', `raft: ${r.role} ${r.config.id} becomes the leader`)
  reset(r, r.term)
  r.lead = r.config.id
  r.role = 'leader'
  const own = progressOf(r, r.config.id)
  assert(own !== undefined, `raft: ${r.config.id} leads a group it does not belong to`)
  becomeReplicate(own)
  own.recentActive = true
  // The inherited entries may contain a membership change. Instead of a search, the leader waits
  // until all of them are applied.
  r.pendingConfIndex = r.log.lastIndex
  // Entries of earlier terms are committed only with an entry of this term (§5.4.2), so the leader
  // appends one.
  appendEntry(r, { type: 'normal', data: null })
}

/**
 * The leader's own append. It counts once it is on disk, as on any other peer (dissertation
 * §10.2.1).
 */
export function appendEntry(r: Peer, proposed: Proposed): void {
  const index = r.log.lastIndex + 1
  r.log.append([{ ...proposed, index, term: r.term }])
  send(r, r.config.id, { type: 'MsgAppResp', index, reject: false, hint: 0, logTerm: 0 })
}

/**
 * Adopts a group. The progress of remaining members is kept. New members count as active, so that
 * the next quorum check does not depose the leader.
 */
export function switchConf(r: Peer, conf: Conf): void {
  r.conf = conf
  r.progress = membersOf(conf).map((id) => {
    const isLearner = conf.learners.includes(id)
    const known = progressOf(r, id)
    if (known !== undefined) return { ...known, isLearner }
    return { ...newProgress(id, isLearner, 0, Math.max(r.log.lastIndex, 1)), recentActive: true }
  })
}

function reset(r: Peer, term: number): void {
  if (r.term !== term) {
    r.term = term
    r.vote = null
  }
  r.lead = null
  r.electionElapsed = 0
  r.heartbeatElapsed = 0
  r.randomizedElectionTimeout = r.config.electionTick + r.choice.below(r.config.electionTick)
  r.transferee = null
  r.votes = []
  const last = r.log.lastIndex
  r.progress = r.progress.map(({ id, isLearner }) =>
    newProgress(id, isLearner, id === r.config.id ? last : 0, last + 1),
  )
  r.pendingConfIndex = 0
  r.readOnly = newReadOnly()
  r.postponedReads = []
}
