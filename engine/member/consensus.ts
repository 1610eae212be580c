// A member's part in Raft: its peer, its disk, and the waiting reads. Every change of the store
// goes through here, also on a lone member. A lone member is its own majority, so its entries
// commit in the step that proposes them.
//
//   propose ─▶ raft ─▶ ready ─▶ save ─▶ (the disk) ─▶ persisted
//                         ├──── messages ─▶ the other members
//                         ├──── committed ─▶ host.apply, one entry after the other
//                         └──── readStates ─▶ host.readable

import { assert } from '../base/assert'
import type { Choice } from '../base/choice'
import type { RandomState } from '../base/random'
import { Random } from '../base/random'
import type { MemberId } from '../base/rpc'
import type { EventId } from '../base/trace'
import { lastIndexOf } from '../raft/entries'
import type { Entry, Message, Outcome, SoftState } from '../raft/message'
import type { RaftConfig } from '../raft/peer'
import type { RaftStatus, SavedRaft } from '../raft/raft'
import { Raft } from '../raft/raft'
import type { Ready } from '../raft/ready'
import type { Persistent, Save } from '../raft/storage'
import { emptyPersistent, snapshotWritten, written } from '../raft/storage'
import type { MemberAttributes, MembershipChange } from './membership'
import { confChangeType, idOf } from './membership'
import type { Proposal } from './proposal'
import type { MachineState } from './snapshot'

/**
 * The content of an entry. `proposal` is null for entries without effect here: the cluster's
 * version, or a name that all members know.
 */
export interface LogEntry {
  /**
   * The member that proposed it, and its number there: that member answers the caller when it
   * applies the entry.
   */
  from: MemberId
  id: number
  proposal: Proposal | MemberAttributes | MembershipChange | null
  cause: EventId
}

export type RaftMessage = Message<LogEntry, MachineState>
export type NormalEntry = Extract<Entry<LogEntry>, { type: 'normal' }>
/** An entry without `context` is one of the first entries of a cluster. */
export type ConfChangeEntry = Extract<Entry<LogEntry>, { type: 'conf-change' }>
export type Disk = Persistent<LogEntry, MachineState>

/** The callbacks of consensus to its member. */
export interface ConsensusHost {
  /** Virtual ms. */
  readonly now: number
  /** The role or the leader changed. */
  roleChanged(state: SoftState, term: number): void
  apply(entry: NormalEntry): void
  /** Applies a membership change. False refuses it: then the group does not change. */
  change(entry: ConfChangeEntry): boolean
  /** A leader's snapshot replaces all applied state. */
  restore(state: MachineState): void
  /** All applied state, for a snapshot. */
  state(): MachineState
  /** The read with `context` may be answered: everything up to its index is applied. */
  readable(context: string): void
  send(message: RaftMessage): void
  /** A slow write has begun; call `persisted` when it is on disk. */
  writing(): void
}

export interface ConsensusOptions {
  /** Milliseconds of a write; 0: immediate. */
  readonly diskMs: number
  /**
   * The number of applied entries between two snapshots, and of kept entries before a snapshot for
   * slow followers.
   */
  readonly snapshotCount: number
  readonly catchUpEntries: number
}

export interface SavedConsensus {
  raft: SavedRaft
  random: RandomState
  disk: Disk
  writing: Save<LogEntry, MachineState> | null
  nextId: number
  nextRead: number
  /** Reads whose index is not applied yet. */
  reads: { index: number; context: string }[]
  snapshotsOut: number
  logKeptUntil: number
}

/**
 * Milliseconds during which the log is not compacted after a snapshot was sent, so that its
 * receiver can get the following entries (server.go: releaseDelayAfterSnapshot).
 */
const KEEPS_LOG_AFTER_SNAPSHOT_MS = 30_000

export class Consensus {
  readonly #id: MemberId
  readonly #random: Random
  readonly #raft: Raft<LogEntry, MachineState>
  #disk: Disk
  #writing: Save<LogEntry, MachineState> | null = null
  #nextId = 1
  #nextRead = 1
  #reads: { index: number; context: string }[] = []
  /** The number of sent snapshots without a result. */
  #snapshotsOut = 0
  /** Virtual ms. */
  #logKeptUntil = 0
  #options: ConsensusOptions

  private constructor(
    raft: Raft<LogEntry, MachineState>,
    random: Random,
    disk: Disk,
    options: ConsensusOptions,
  ) {
    this.#id = raft.id
    this.#raft = raft
    this.#random = random
    this.#disk = disk
    this.#options = options
  }

  /**
   * The first start of a member: of a new cluster, for which all members have the same voters in
   * the same order. Without voters the member waits to be added to a running cluster.
   */
  static begin(
    config: RaftConfig,
    voters: readonly MemberId[] | null,
    random: Random,
    options: ConsensusOptions,
  ): Consensus {
    if (voters === null)
      return new Consensus(
        Raft.restart<LogEntry, MachineState>(config, emptyPersistent(), random),
        random,
        emptyPersistent(),
        options,
      )
    const peers = voters.map((peer) => ({ peer, context: null }))
    return new Consensus(
      Raft.bootstrap<LogEntry, MachineState>(config, peers, random satisfies Choice),
      random,
      emptyPersistent(),
      options,
    )
  }

  /**
   * After a crash: only the disk survives, and the store is rebuilt from the log. The numbers of
   * proposals and reads continue. Pending ones of the previous process may still be committed or
   * answered, and must not be taken for this one's (etcd puts the time of the start into them;
   * pkg/idutil). A member that crashed before its first write starts as new: it has made no
   * promise.
   */
  static restart(
    config: RaftConfig,
    voters: readonly MemberId[] | null,
    crashed: Consensus,
    options: ConsensusOptions,
  ): Consensus {
    const { disk } = crashed
    const random = Random.load(crashed.#random.save())
    const consensus = isBlank(disk)
      ? Consensus.begin(config, voters, random, options)
      : new Consensus(Raft.restart(config, disk, random), random, disk, options)
    consensus.#nextId = crashed.#nextId
    consensus.#nextRead = crashed.#nextRead
    return consensus
  }

  get term(): number {
    return this.#raft.term
  }

  get commit(): number {
    return this.#raft.commit
  }

  /** Its disk is empty: no vote, no entry, no snapshot. */
  get isBlank(): boolean {
    return isBlank(this.#disk)
  }

  /** The index up to which entries are applied. */
  get applied(): number {
    return this.#raft.appliedIndex
  }

  /** The first index of its log; earlier entries are in the snapshot. */
  get firstIndex(): number {
    return this.#raft.firstIndex
  }

  /** Null for an unknown leader. */
  get lead(): MemberId | null {
    return this.#raft.lead
  }

  get isLeader(): boolean {
    return this.#raft.role === 'leader'
  }

  /** It is the only voter, and there is no learner. */
  get isAlone(): boolean {
    const { voters, learners } = this.#raft.conf
    return voters.length === 1 && learners.length === 0
  }

  /** The disk after a crash: without an unfinished write. */
  get disk(): Disk {
    return this.#disk
  }

  status(): RaftStatus {
    return this.#raft.status()
  }

  /** Entries from `from` to `to`, both included, as far as they are in the log. */
  entries(from: number, to: number): readonly Entry<LogEntry>[] {
    const { firstIndex, lastIndex } = this.#raft
    return from > lastIndex || to < firstIndex
      ? []
      : this.#raft.entries(Math.max(from, firstIndex), Math.min(to, lastIndex))
  }

  /**
   * Proposes an entry and returns its number here. `apply` reports the result, or the proposal is
   * lost.
   */
  propose(
    proposal: Proposal | MemberAttributes | null,
    cause: EventId,
  ): { id: number; outcome: Outcome } {
    const id = this.#nextId++
    return { id, outcome: this.#raft.propose({ from: this.#id, id, proposal, cause }) }
  }

  /**
   * Proposes a membership change. While an earlier change is not applied, this one becomes an entry
   * without data.
   */
  proposeChange(change: MembershipChange, cause: EventId): { id: number; outcome: Outcome } {
    const id = this.#nextId++
    const context = { from: this.#id, id, proposal: change, cause }
    return {
      id,
      outcome: this.#raft.proposeConfChange({
        type: confChangeType(change),
        peer: idOf(change),
        context,
      }),
    }
  }

  /** Requests an index for a linearizable read. `readable` receives the context returned here. */
  readIndex(): { context: string; outcome: Outcome } {
    const context = `${this.#id}/${this.#nextRead++}`
    return { context, outcome: this.#raft.readIndex(context) }
  }

  /** Whether the index of a read is known and not applied here yet. */
  awaitsApply(context: string): boolean {
    return this.#reads.some((read) => read.context === context)
  }

  step(message: RaftMessage): void {
    this.#raft.step(message)
  }

  /** Returns whether it ticked: it does not during a write. */
  tick(): boolean {
    if (this.#raft.isSaving) return false
    this.#raft.tick()
    return true
  }

  campaign(): void {
    this.#raft.campaign()
  }

  /** From the next write on; 0: immediate. */
  setDisk(ms: number): void {
    this.#options = { ...this.#options, diskMs: ms }
  }

  transferLeader(to: MemberId): Outcome {
    return this.#raft.transferLeader(to)
  }

  /**
   * The result of a snapshot sent to `peer`, as its connection reports it
   * (rafthttp/snapshot_sender.go: send).
   */
  reportSnapshot(peer: MemberId, arrived: boolean, now: number): void {
    // The snapshot was sent by the previous process.
    if (this.#snapshotsOut === 0) return
    this.#snapshotsOut--
    if (arrived) this.#logKeptUntil = now + KEEPS_LOG_AFTER_SNAPSHOT_MS
    this.#raft.reportSnapshot(peer, arrived)
  }

  /** The current write is on disk. */
  persisted(): void {
    assert(this.#writing !== null, `${this.#id} has nothing under way to its disk`)
    this.#disk = written(this.#disk, this.#writing)
    this.#writing = null
    this.#raft.persisted()
  }

  /**
   * Handles work until all is done or a write begins. Most calls find no work, so the host is
   * created only on demand.
   */
  work(makeHost: () => ConsensusHost): void {
    let ready = this.#raft.ready()
    if (ready === null) return
    const host = makeHost()
    for (; ready !== null; ready = this.#raft.ready()) this.#do(ready, host)
  }

  save(): SavedConsensus {
    return {
      raft: this.#raft.save(),
      random: this.#random.save(),
      disk: this.#disk,
      writing: this.#writing,
      nextId: this.#nextId,
      nextRead: this.#nextRead,
      reads: this.#reads.map((read) => ({ ...read })),
      snapshotsOut: this.#snapshotsOut,
      logKeptUntil: this.#logKeptUntil,
    }
  }

  static load(config: RaftConfig, saved: SavedConsensus, options: ConsensusOptions): Consensus {
    const random = Random.load(saved.random)
    const consensus = new Consensus(
      Raft.load(config, saved.raft, random),
      random,
      saved.disk,
      options,
    )
    consensus.#writing = saved.writing
    consensus.#nextId = saved.nextId
    consensus.#nextRead = saved.nextRead
    consensus.#reads = saved.reads.map((read) => ({ ...read }))
    consensus.#snapshotsOut = saved.snapshotsOut
    consensus.#logKeptUntil = saved.logKeptUntil
    return consensus
  }

  #do(ready: Ready<LogEntry, MachineState>, host: ConsensusHost): void {
    if (ready.softState !== null) host.roleChanged(ready.softState, this.#raft.term)
    // etcd creates a snapshot when it sends one: it is newer than the kept one, and has every
    // member (server.go: createMergedSnapshotMessage).
    for (const message of ready.messages) {
      if (message.type === 'MsgSnap') this.#snapshotsOut++
      host.send(
        message.type === 'MsgSnap'
          ? { ...message, snapshot: this.#raft.createSnapshot(host.state()) }
          : message,
      )
    }
    if (ready.snapshot?.data != null) {
      host.restore(ready.snapshot.data)
      this.#raft.applied(ready.snapshot.index)
    }
    for (const entry of ready.committed) {
      if (entry.type === 'normal') host.apply(entry)
      else if (host.change(entry)) this.#raft.applyConfChange(entry.data)
    }
    const last = ready.committed.at(-1)
    if (last !== undefined) {
      this.#raft.applied(last.index)
      this.#compact(host)
    }
    this.#reads.push(...ready.readStates.map(({ index, context }) => ({ index, context })))
    this.#answerReads(host)
    if (ready.save !== null) this.#write(ready.save, host)
  }

  /**
   * Every `snapshotCount` entries a snapshot is saved, and the log keeps only `catchUpEntries`
   * entries before it (server.go: triggerSnapshot, snapshot). While a snapshot is in flight, and
   * for a while after, the log is not compacted: its receiver needs the following entries, and
   * would otherwise need another snapshot.
   */
  #compact(host: ConsensusHost): void {
    const { applied } = this
    if (applied - this.#disk.snapshot.index <= this.#options.snapshotCount) return
    const snapshot = this.#raft.createSnapshot(host.state())
    const isAwaited = this.#snapshotsOut > 0 || host.now < this.#logKeptUntil
    this.#raft.compact(snapshot, isAwaited ? snapshot.index : this.#options.catchUpEntries)
    this.#disk = snapshotWritten(this.#disk, snapshot)
  }

  #answerReads(host: ConsensusHost): void {
    if (this.#reads.length === 0) return
    const { applied } = this
    const ripe = this.#reads.filter(({ index }) => index <= applied)
    this.#reads = this.#reads.filter(({ index }) => index > applied)
    for (const { context } of ripe) host.readable(context)
  }

  #write(save: Save<LogEntry, MachineState>, host: ConsensusHost): void {
    if (!save.mustSync || this.#options.diskMs === 0) {
      this.#disk = written(this.#disk, save)
      if (save.mustSync) this.#raft.persisted()
      return
    }
    this.#writing = save
    host.writing()
  }
}

function isBlank({ hardState, entries, snapshot }: Disk): boolean {
  return hardState.term === 0 && lastIndexOf(entries) === 0 && snapshot.index === 0
}
