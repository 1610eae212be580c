// One Raft peer without IO, as etcd uses it, with the structure and names of etcd-io/raft. The peer
// reads no clock, sends nothing and writes nothing. Messages, ticks and reports come in, and
// `ready` returns the data to write, send and apply.
//
//   step · tick · propose · readIndex … ─▶ Raft ─▶ ready()
//                                      ▲        ├─ save: to the disk; then ─▶ persisted()
//                                      │        ├─ messages: to the network
//                                      │        ├─ snapshot, committed: to the application
//                                      │        │  then ─▶ applied(index)
//                                      └────────┴─ readStates, softState

import { assert } from '../base/assert'
import type { Choice } from '../base/choice'
import type { MemberId } from '../base/rpc'
import { NO_CONF } from './conf'
import { applyConfChange } from './leader'
import type { SavedLog } from './log'
import { RaftLog } from './log'
import type {
  Conf,
  ConfChange,
  Entry,
  HardState,
  Message,
  Outcome,
  Proposed,
  Role,
  Snapshot,
  SoftState,
} from './message'
import type { Peer, RaftConfig } from './peer'
import {
  becomeFollower,
  DEFAULT_RAFT_CONFIG,
  hardStateOf,
  progressOf,
  softStateOf,
  switchConf,
} from './peer'
import type { Progress } from './progress'
import { newReadOnly } from './read-only'
import type { Ready } from './ready'
import { reportPersisted, takeReady } from './ready'
import { step, stepLocal, tick } from './step'
import type { Persistent } from './storage'
import { emptyPersistent } from './storage'

/** The visible state of a peer. */
export interface RaftStatus extends HardState, SoftState {
  readonly id: MemberId
  readonly conf: Conf
  readonly applied: number
  readonly firstIndex: number
  readonly lastIndex: number
  /** The term of the last entry, compacted or not. */
  readonly lastTerm: number
  readonly transferee: MemberId | null
  /**
   * Ticks since the last message from a leader (on a leader: since the last quorum check), and the
   * election timeout of a follower or candidate.
   */
  readonly electionElapsed: number
  readonly randomizedElectionTimeout: number
  /** The leader's knowledge of each member's log, by ascending ID; empty on other peers. */
  readonly progress: readonly Readonly<Progress>[]
}

/**
 * A peer as plain data, without its configuration. Entries and messages in it are shared, not
 * copied.
 */
export type SavedRaft = Omit<Peer, 'config' | 'choice' | 'log'> & { log: SavedLog }

/** A configuration; etcd 3.4's values are the defaults. */
export function raftConfig(
  id: MemberId,
  options: Partial<Omit<RaftConfig, 'id'>> = {},
): RaftConfig {
  const config = { ...DEFAULT_RAFT_CONFIG, ...options, id }
  const { electionTick, heartbeatTick, maxEntriesPerMessage, maxInflight } = config
  assert(
    heartbeatTick >= 1 && electionTick > heartbeatTick,
    `raft: election tick ${electionTick} is not more than heartbeat tick ${heartbeatTick}`,
  )
  assert(
    maxEntriesPerMessage >= 1 && maxInflight >= 1,
    `raft: ${maxEntriesPerMessage} entries a message, ${maxInflight} messages in flight`,
  )
  return config
}

export class Raft<P = unknown, S = unknown> {
  readonly #peer: Peer

  private constructor(peer: Peer) {
    this.#peer = peer
  }

  /**
   * The first start of a group. The log begins with one committed change for each voter, in term 1,
   * so that the group needs no majority to agree on itself (etcd-io/raft: bootstrap.go). Every
   * member must receive the same list in the same order.
   */
  static bootstrap<P, S>(
    config: RaftConfig,
    voters: readonly { peer: MemberId; context: P | null }[],
    choice: Choice,
  ): Raft<P, S> {
    const raft = Raft.restart<P, S>(config, emptyPersistent(), choice)
    const r = raft.#peer
    becomeFollower(r, 1, null)
    r.log.append(
      voters.map((voter, i) => ({
        type: 'conf-change',
        index: i + 1,
        term: 1,
        data: { type: 'add-voter', ...voter },
      })),
    )
    r.log.commitTo(voters.length)
    switchConf(r, { voters: voters.map(({ peer }) => peer).sort(), learners: [] })
    return raft
  }

  /**
   * A restart with the data on disk, as a follower; all other state is lost. A peer with an empty
   * disk waits to be added. The application receives everything after the disk's snapshot again. If
   * it has kept its own state, it passes `applied` and the group at that index.
   */
  static restart<P, S>(
    config: RaftConfig,
    disk: Persistent<P, S>,
    choice: Choice,
    applied: { index: number; conf: Conf } = disk.snapshot,
  ): Raft<P, S> {
    const { term, vote } = disk.hardState
    const r = newPeer(config, choice, RaftLog.restart(disk, applied.index), { term, vote })
    switchConf(r, applied.conf)
    becomeFollower(r, term, null)
    return new Raft(r)
  }

  /** The peer that `save` described; `choice` continues at its place. */
  static load<P, S>(config: RaftConfig, saved: SavedRaft, choice: Choice): Raft<P, S> {
    const r = newPeer(config, choice, RaftLog.load(saved.log), saved)
    return new Raft(Object.assign(r, copied(saved)))
  }

  save(): SavedRaft {
    return { ...copied(this.#peer), log: this.#peer.log.save() }
  }

  get id(): MemberId {
    return this.#peer.config.id
  }

  get term(): number {
    return this.#peer.term
  }

  get role(): Role {
    return this.#peer.role
  }

  /** The leader that this peer knows; null for none. */
  get lead(): MemberId | null {
    return this.#peer.lead
  }

  /** The highest index that this peer knows to be committed. */
  get commit(): number {
    return this.#peer.log.committed
  }

  /** The highest index that the application has reported as applied. */
  get appliedIndex(): number {
    return this.#peer.log.applied
  }

  get firstIndex(): number {
    return this.#peer.log.firstIndex
  }

  get lastIndex(): number {
    return this.#peer.log.lastIndex
  }

  /** The group as of the applied entries. */
  get conf(): Conf {
    return this.#peer.conf
  }

  /**
   * A write is in progress: there is no output before its report. etcd does not tick meanwhile
   * either.
   */
  get isSaving(): boolean {
    return this.#peer.saving
  }

  status(): RaftStatus {
    const r = this.#peer
    const { applied, firstIndex, lastIndex, lastTerm } = r.log
    const { conf, transferee, electionElapsed, randomizedElectionTimeout } = r
    const progress = r.role === 'leader' ? r.progress.map(copiedProgress) : []
    const log = { applied, firstIndex, lastIndex, lastTerm }
    const seen = { conf, transferee, electionElapsed, randomizedElectionTimeout, progress }
    return { id: this.id, ...hardStateOf(r), ...softStateOf(r), ...log, ...seen }
  }

  /**
   * The entries from `from` to `to`, both included; throws outside the log (status: firstIndex,
   * lastIndex).
   */
  entries(from: number, to: number): readonly Entry<P>[] {
    return this.#peer.log.slice(from, to) as Entry<P>[]
  }

  /** Takes a message from another peer. Answers from outside the group are dropped. */
  step(message: Message<P, S>): Outcome {
    assert(message.to === this.id, `raft: ${this.id} received a message for ${message.to}`)
    if (isAnswer(message) && progressOf(this.#peer, message.from) === undefined) return 'dropped'
    return step(this.#peer, message)
  }

  /** One tick of the logical clock (etcd: a heartbeat interval, 100 ms). */
  tick(): void {
    tick(this.#peer)
  }

  /**
   * Starts an election now, with a pre-vote first if enabled. No effect on a leader or a learner,
   * or before a possible membership change is applied.
   */
  campaign(): void {
    stepLocal(this.#peer, { type: 'MsgHup' })
  }

  /**
   * Proposes data. A proposal may be lost on its way to the leader or in an election. Only entries
   * in `committed` are certain.
   */
  propose(data: P): Outcome {
    return this.#propose({ type: 'normal', data })
  }

  /**
   * Proposes a membership change. It becomes an entry without data while an earlier change is not
   * applied.
   */
  proposeConfChange(data: ConfChange<P>): Outcome {
    return this.#propose({ type: 'conf-change', data })
  }

  /**
   * Requests an index for a linearizable read. The index comes in `readStates` with `context`, or
   * never; the caller repeats the request (etcd: after 500 ms).
   */
  readIndex(context: string): Outcome {
    return step(this.#peer, {
      type: 'MsgReadIndex',
      requester: this.id,
      context,
      from: this.id,
      to: this.id,
      term: 0,
    })
  }

  /**
   * Transfers leadership to `transferee` if that is a voter. The transfer ends after an election
   * timeout. Proposals are dropped meanwhile.
   */
  transferLeader(transferee: MemberId): Outcome {
    return step(this.#peer, {
      type: 'MsgTransferLeader',
      transferee,
      from: this.id,
      to: this.id,
      term: 0,
    })
  }

  /** The network could not deliver a message to `peer`. */
  reportUnreachable(peer: MemberId): void {
    stepLocal(this.#peer, { type: 'MsgUnreachable' }, peer)
  }

  /**
   * The result of a MsgSnap to `peer`. A lost snapshot must be reported: the peer gets no entries
   * until the report, or until it answers.
   */
  reportSnapshot(peer: MemberId, arrived: boolean): void {
    stepLocal(this.#peer, { type: 'MsgSnapStatus', reject: !arrived }, peer)
  }

  /**
   * Applies a membership change. The application calls this when it applies the entry, unless it
   * refuses the change.
   */
  applyConfChange(change: ConfChange<P>): Conf {
    return applyConfChange(this.#peer, change)
  }

  /**
   * A snapshot of the application's state, as of the applied entries. As in etcd, a MsgSnap should
   * carry a fresh snapshot: it is newer than the kept one, and has every member. Throws while a
   * leader's snapshot is on its way to the application.
   */
  createSnapshot(data: S): Snapshot<S> {
    const { log, conf } = this.#peer
    const term = log.term(log.applied)
    assert(term !== undefined, `raft: ${this.id} has no entry ${log.applied} to make a snapshot at`)
    return { index: log.applied, term, conf, data }
  }

  /**
   * Removes the entries more than `keep` before `snapshot`. Peers that need them get a snapshot
   * from now on (etcd: keep 5000).
   */
  compact(snapshot: Snapshot<S>, keep: number): void {
    this.#peer.log.compact(snapshot, keep)
  }

  /**
   * The next bundle of work. Call it until it returns null: no work is left, or a write is in
   * progress.
   */
  ready(): Ready<P, S> | null {
    return takeReady(this.#peer) as Ready<P, S> | null
  }

  /** The writes of the last bundle with `mustSync` are on disk. */
  persisted(): void {
    reportPersisted(this.#peer)
  }

  /** The application has applied all received entries up to `index`. */
  applied(index: number): void {
    this.#peer.log.appliedTo(index)
  }

  #propose(entry: Proposed<P>): Outcome {
    return step(this.#peer, { type: 'MsgProp', entry, from: this.id, to: this.id, term: 0 })
  }
}

function isAnswer(m: Message): boolean {
  switch (m.type) {
    case 'MsgAppResp':
    case 'MsgVoteResp':
    case 'MsgPreVoteResp':
    case 'MsgHeartbeatResp':
    case 'MsgReadIndexResp':
      return true
    default:
      return false
  }
}

/** A follower without a known leader and without pending work. */
function newPeer(
  config: RaftConfig,
  choice: Choice,
  log: RaftLog,
  { term, vote }: Pick<Peer, 'term' | 'vote'>,
): Peer {
  const role = 'follower'
  return {
    config,
    choice,
    log,
    term,
    vote,
    role,
    lead: null,
    transferee: null,
    conf: NO_CONF,
    progress: [],
    votes: [],
    readOnly: newReadOnly(),
    postponedReads: [],
    readStates: [],
    pendingConfIndex: 0,
    electionElapsed: 0,
    heartbeatElapsed: 0,
    randomizedElectionTimeout: 0,
    msgs: [],
    msgsAfterAppend: [],
    held: [],
    released: [],
    saving: false,
    lastSoftState: { lead: null, role },
    lastHardState: { term, vote, commit: log.committed },
  }
}

/**
 * Every field by name: copies made with rest and spread take four times the memory and have slower
 * field access.
 */
function copied(r: Omit<SavedRaft, 'log'>): Omit<SavedRaft, 'log'> {
  const { readOnly } = r
  return {
    term: r.term,
    vote: r.vote,
    role: r.role,
    lead: r.lead,
    transferee: r.transferee,
    conf: r.conf,
    progress: r.progress.map(copiedProgress),
    votes: [...r.votes],
    readOnly: { ...readOnly, pending: [...readOnly.pending], acks: [...readOnly.acks] },
    postponedReads: [...r.postponedReads],
    readStates: [...r.readStates],
    pendingConfIndex: r.pendingConfIndex,
    electionElapsed: r.electionElapsed,
    heartbeatElapsed: r.heartbeatElapsed,
    randomizedElectionTimeout: r.randomizedElectionTimeout,
    msgs: [...r.msgs],
    msgsAfterAppend: [...r.msgsAfterAppend],
    held: [...r.held],
    released: [...r.released],
    saving: r.saving,
    lastSoftState: r.lastSoftState,
    lastHardState: r.lastHardState,
  }
}

function copiedProgress(pr: Progress): Progress {
  return {
    id: pr.id,
    state: pr.state,
    isLearner: pr.isLearner,
    match: pr.match,
    next: pr.next,
    sentCommit: pr.sentCommit,
    pendingSnapshot: pr.pendingSnapshot,
    recentActive: pr.recentActive,
    msgAppFlowPaused: pr.msgAppFlowPaused,
    inflights: [...pr.inflights],
  }
}
