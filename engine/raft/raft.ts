// One Raft peer without IO, as etcd uses it, in the outline and with the names of etcd-io/raft. It
// reads no clock, sends nothing and writes nothing: messages, ticks and reports come in, and
// `ready` says what to write, send and apply.
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

/** What can be seen of a peer. */
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
   * Ticks since the last word from a leader (or since a leader last counted who answers), and how
   * many a follower or candidate waits for.
   */
  readonly electionElapsed: number
  readonly randomizedElectionTimeout: number
  /** What a leader knows of each member's log, by ascending id; empty on others. */
  readonly progress: readonly Readonly<Progress>[]
}

/**
 * A peer as plain data, without its configuration. Entries and messages in it are shared, not
 * copied.
 */
export type SavedRaft = Omit<Peer, 'config' | 'choice' | 'log'> & { log: SavedLog }

/** A configuration with etcd 3.4's values where `options` says nothing. */
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
   * The first start of a group: the log begins with one change per voter, in term 1 and committed,
   * so that no majority is needed to agree on the group (etcd-io/raft: bootstrap.go). Every member
   * must be given the same list in the same order.
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
   * What a disk holds comes back as a follower; all else is lost. An empty disk is a peer that
   * waits to be added. The application is handed everything after the disk's snapshot again, or
   * after `applied`, if it has kept its own state, and the group, as of then.
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

  /** The peer that `save` described; `choice` goes on where it was. */
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

  /** The leader as far as this peer knows; null where it knows of none. */
  get lead(): MemberId | null {
    return this.#peer.lead
  }

  /** The highest index that this peer knows to be committed. */
  get commit(): number {
    return this.#peer.log.committed
  }

  /** The highest index that the application has reported applied. */
  get appliedIndex(): number {
    return this.#peer.log.applied
  }

  get firstIndex(): number {
    return this.#peer.log.firstIndex
  }

  get lastIndex(): number {
    return this.#peer.log.lastIndex
  }

  /** The group as of what is applied. */
  get conf(): Conf {
    return this.#peer.conf
  }

  /**
   * A write is under way: nothing comes out before it is reported. etcd does not tick meanwhile
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
   * The entries from `from` to `to`, both included; throws where the log does not reach (status:
   * firstIndex, lastIndex).
   */
  entries(from: number, to: number): readonly Entry<P>[] {
    return this.#peer.log.slice(from, to) as Entry<P>[]
  }

  /** A message from another peer. Answers from who is no member of the group are dropped. */
  step(message: Message<P, S>): Outcome {
    assert(message.to === this.id, `raft: ${this.id} was given a message to ${message.to}`)
    if (isAnswer(message) && progressOf(this.#peer, message.from) === undefined) return 'dropped'
    return step(this.#peer, message)
  }

  /** One tick of the logical clock (etcd: a heartbeat interval, 100 ms). */
  tick(): void {
    tick(this.#peer)
  }

  /**
   * Stands for election now, with a pre-vote first where that is on. Nothing happens on a leader, a
   * learner, or before what may change the group is applied.
   */
  campaign(): void {
    stepLocal(this.#peer, { type: 'MsgHup' })
  }

  /**
   * Offers data. It may be lost on its way to the leader and in an election: only what comes back
   * in `committed` is certain.
   */
  propose(data: P): Outcome {
    return this.#propose({ type: 'normal', data })
  }

  /**
   * Offers a change of the group. While an earlier one is not applied it becomes an entry without
   * data.
   */
  proposeConfChange(data: ConfChange<P>): Outcome {
    return this.#propose({ type: 'conf-change', data })
  }

  /**
   * Asks for an index at which a linearizable read may be made. It comes in `readStates` with
   * `context`, or never: who asks repeats (etcd: after 500 ms).
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
   * Hands leadership to `transferee` if that is a voter; given up after an election timeout.
   * Proposals are dropped meanwhile.
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

  /** The network could not deliver something to `peer`. */
  reportUnreachable(peer: MemberId): void {
    stepLocal(this.#peer, { type: 'MsgUnreachable' }, peer)
  }

  /**
   * What became of a MsgSnap to `peer`. One that was lost must be reported: until then, or until
   * the peer answers, it is sent no entries.
   */
  reportSnapshot(peer: MemberId, arrived: boolean): void {
    stepLocal(this.#peer, { type: 'MsgSnapStatus', reject: !arrived }, peer)
  }

  /**
   * Puts a change of the group into force. The application does so when it applies the entry, and
   * does not if it refuses the change.
   */
  applyConfChange(change: ConfChange<P>): Conf {
    return applyConfChange(this.#peer, change)
  }

  /**
   * A snapshot of the application's state, as of what it has applied. A MsgSnap should be given one
   * on its way out, as etcd does: it is newer than the one that was kept, and knows every member.
   * Throws while a leader's snapshot is on its way to the application.
   */
  createSnapshot(data: S): Snapshot<S> {
    const { log, conf } = this.#peer
    const term = log.term(log.applied)
    assert(term !== undefined, `raft: ${this.id} has no entry ${log.applied} to make a snapshot at`)
    return { index: log.applied, term, conf, data }
  }

  /**
   * Forgets the entries up to `keep` before `snapshot`, in place of which a peer is sent a snapshot
   * from now on (etcd: keep 5000).
   */
  compact(snapshot: Snapshot<S>, keep: number): void {
    this.#peer.log.compact(snapshot, keep)
  }

  /** The next bundle of work. Ask until it is null: there is none, or a write is under way. */
  ready(): Ready<P, S> | null {
    return takeReady(this.#peer) as Ready<P, S> | null
  }

  /** What the last bundle asked to write with `mustSync` is on the disk. */
  persisted(): void {
    reportPersisted(this.#peer)
  }

  /** The application has applied everything up to `index`, of what it has been handed. */
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

/** A follower that knows of nobody and waits for nothing. */
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
 * Every field by name: copies made with rest and spread take four times the memory, and every later
 * look at a field of theirs is slower.
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
