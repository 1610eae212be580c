// A member's part in Raft: its peer, its disk, and who waits for what. Everything that changes the
// store goes through here, alone or not; a lone member's majority is itself, so its entries commit
// in the step that proposes them.
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
 * What an entry carries. `proposal` is null for what changes nothing here: the cluster's version,
 * the name of a member that all know.
 */
export interface LogEntry {
  /**
   * The member that proposed it, and its number there: who is to be answered when that member
   * applies it.
   */
  from: MemberId
  id: number
  proposal: Proposal | MemberAttributes | MembershipChange | null
  cause: EventId
}

export type RaftMessage = Message<LogEntry, MachineState>
export type NormalEntry = Extract<Entry<LogEntry>, { type: 'normal' }>
/** One without `context` is of those that a cluster begins with. */
export type ConfChangeEntry = Extract<Entry<LogEntry>, { type: 'conf-change' }>
export type Disk = Persistent<LogEntry, MachineState>

/** What consensus asks of its member while it works. */
export interface ConsensusHost {
  /** Virtual ms. */
  readonly now: number
  /** Role or leader changed. */
  roleChanged(state: SoftState, term: number): void
  apply(entry: NormalEntry): void
  /** A change of the group is applied. False refuses it: then the group stays as it is. */
  change(entry: ConfChangeEntry): boolean
  /** A leader's snapshot takes the place of all that is applied. */
  restore(state: MachineState): void
  /** All that is applied, for a snapshot. */
  state(): MachineState
  /** A read asked for with `context` may be answered: everything up to its index is applied. */
  readable(context: string): void
  send(message: RaftMessage): void
  /** A write has begun that takes time; `persisted` is to be called when it is there. */
  writing(): void
}

export interface ConsensusOptions {
  /** Milliseconds that a write takes; 0: it is there at once. */
  readonly diskMs: number
  /**
   * How many entries are applied from one snapshot to the next, and how many before it are kept for
   * who is slow.
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
 * Milliseconds for which a member that took a snapshot may ask for what follows it before the log
 * is shortened again (server.go: releaseDelayAfterSnapshot).
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
  /** Snapshots to others of which it is not known what became of them. */
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
   * The first start: of a cluster, where every member is given the same voters in the same order;
   * without voters it waits to be added to one that runs.
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
   * After a crash: what the disk holds, and nothing else. The store is built again from the log.
   * The numbers of proposals and reads go on: what the process before had under way may still be
   * committed or answered, and must not be taken for this one's (etcd puts the time of the start
   * into them; pkg/idutil). One that crashed before its first write was done begins anew: it has
   * promised nobody anything.
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

  /** Its disk holds nothing: no vote, no entry, no snapshot. */
  get isBlank(): boolean {
    return isBlank(this.#disk)
  }

  /** Up to where it is applied. */
  get applied(): number {
    return this.#raft.appliedIndex
  }

  /** Where its log begins: what lies before is in the snapshot. */
  get firstIndex(): number {
    return this.#raft.firstIndex
  }

  /** Null where none is known. */
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

  /** What a crash leaves: a write that is not finished is not there. */
  get disk(): Disk {
    return this.#disk
  }

  status(): RaftStatus {
    return this.#raft.status()
  }

  /** Entries from `from` to `to`, both included, as far as the log holds them. */
  entries(from: number, to: number): readonly Entry<LogEntry>[] {
    const { firstIndex, lastIndex } = this.#raft
    return from > lastIndex || to < firstIndex
      ? []
      : this.#raft.entries(Math.max(from, firstIndex), Math.min(to, lastIndex))
  }

  /**
   * Offers an entry and answers with its number here; what became of it is told by `apply`, or
   * never.
   */
  propose(
    proposal: Proposal | MemberAttributes | null,
    cause: EventId,
  ): { id: number; outcome: Outcome } {
    const id = this.#nextId++
    return { id, outcome: this.#raft.propose({ from: this.#id, id, proposal, cause }) }
  }

  /**
   * Offers a change of the group. One change at a time: while an earlier one is not applied, this
   * one becomes an entry that says nothing.
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

  /**
   * Asks for a point at which a linearizable read may be made; `readable` names it with the context
   * answered here.
   */
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

  /** Answers whether it ticked: while a write is under way it does not. */
  tick(): boolean {
    if (this.#raft.isSaving) return false
    this.#raft.tick()
    return true
  }

  campaign(): void {
    this.#raft.campaign()
  }

  /** From the next write on; 0: it is there at once. */
  setDisk(ms: number): void {
    this.#options = { ...this.#options, diskMs: ms }
  }

  transferLeader(to: MemberId): Outcome {
    return this.#raft.transferLeader(to)
  }

  /**
   * What became of a snapshot that was sent to `peer`, as the connection that it went over tells
   * (rafthttp/snapshot_sender.go: send).
   */
  reportSnapshot(peer: MemberId, arrived: boolean, now: number): void {
    // Of a process before this one.
    if (this.#snapshotsOut === 0) return
    this.#snapshotsOut--
    if (arrived) this.#logKeptUntil = now + KEEPS_LOG_AFTER_SNAPSHOT_MS
    this.#raft.reportSnapshot(peer, arrived)
  }

  /** The write under way is on the disk. */
  persisted(): void {
    assert(this.#writing !== null, `${this.#id} has nothing under way to its disk`)
    this.#disk = written(this.#disk, this.#writing)
    this.#writing = null
    this.#raft.persisted()
  }

  /**
   * Does what there is to do, until there is nothing more or a write is under way. Mostly there is
   * nothing: the host is made when it is wanted.
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
    // etcd makes a snapshot as it leaves: it is newer than the one that was kept, and knows every
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
   * Every `snapshotCount` entries the state is written down whole, and the log before it is
   * forgotten but for `catchUpEntries` (server.go: triggerSnapshot, snapshot). While a snapshot is
   * on its way, and for a while after, nothing is forgotten: whoever takes it needs what follows
   * it, and would else need a snapshot again.
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
