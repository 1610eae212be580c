// A member's parts: its state and its machines, created once when it starts, and saved and loaded
// as one. member.ts and the files of each kind of input use them.

import { Random } from '../base/random'
import type { SavedLessor } from '../lease/lessor'
import { Lessor } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import { Store } from '../mvcc/store'
import type { SavedCalls } from './calls'
import { Calls } from './calls'
import type { SavedConsensus } from './consensus'
import { Consensus } from './consensus'
import { Core } from './core'
import type { SavedExpiryLoop } from './expiry-loop'
import { ExpiryLoop } from './expiry-loop'
import type { SavedJoining } from './joining'
import { Joining } from './joining'
import type { SavedLeaderStreams } from './leader-streams'
import { LeaderStreams } from './leader-streams'
import type { SavedLeaseServer } from './lease-server'
import { LeaseServer } from './lease-server'
import type { SavedLeaving } from './leaving'
import { Leaving } from './leaving'
import type { MemberOptions } from './member-options'
import { checkpointingOf, derivedOf, infoOf } from './member-options'
import type { SavedMembership } from './membership'
import { Membership } from './membership'
import type { SavedOwnClock } from './own-clock'
import { OwnClock } from './own-clock'
import type { SavedReadLoop } from './read-loop'
import { ReadLoop } from './read-loop'
import { RequestIds } from './request-ids'
import type { SavedServices } from './services'
import { Services } from './services'
import type { MachineState } from './snapshot'
import { StorageVersion } from './storage-version'
import type { SavedTicker } from './ticker'
import { Ticker } from './ticker'
import type { Differences } from './versions'
import { mutexRules } from './versions'
import type { SavedWatchLoop } from './watch-loop'
import { WatchLoop } from './watch-loop'

export interface SavedMember {
  ownClock: SavedOwnClock
  consensus: SavedConsensus
  calls: SavedCalls
  reads: SavedReadLoop
  joining: SavedJoining
  requestIds: number
  expiry: SavedExpiryLoop
  ticker: SavedTicker
  leaving: SavedLeaving
  checkpointsKnownTo: number
  writtenTo: number
  storageVersionAt: number
  store: SavedStore
  lessor: SavedLessor
  watch: SavedWatchLoop
  services: SavedServices
  membership: SavedMembership
  leases: SavedLeaseServer
  leaderStreams: SavedLeaderStreams
}

/** All parts of one member, passed on as they are: `(parts, context, …)`. */
export class MemberParts extends Core {
  override options: MemberOptions
  override readonly ids: RequestIds
  override readonly differences: Differences
  override readonly ownClock: OwnClock
  override readonly consensus: Consensus
  override readonly reads: ReadLoop
  override readonly ticker: Ticker
  override store: Store
  override lessor: Lessor
  override membership: Membership
  readonly calls: Calls
  readonly joining: Joining
  readonly watch: WatchLoop
  readonly services: Services
  readonly leases: LeaseServer
  readonly leaderStreams: LeaderStreams
  readonly expiry: ExpiryLoop
  readonly leaving: Leaving
  readonly storageVersion: StorageVersion
  /**
   * Entries up to this index are not applied again by a new process: their checkpoints are on disk
   * or lost.
   */
  checkpointsKnownTo = 0
  /**
   * The last entry that wrote to the backend. A checkpoint that is not persisted writes nothing, so
   * the index in the backend stays before it (etcdserver/cindex; semantics §1.12).
   */
  writtenTo = 0

  /**
   * The parts of a new member, of a member restarted from a crashed one's disk, or of a member
   * loaded from a saved state.
   */
  constructor(options: MemberOptions, from: { crashed?: MemberParts; saved?: SavedMember } = {}) {
    super()
    const { crashed, saved } = from
    const { raft, differences } = derivedOf(options)
    this.options = options
    this.differences = differences
    this.ids = new RequestIds(options.ID, options.startedAtMs)
    const checkpointing = checkpointingOf(options, differences)
    if (saved !== undefined) {
      this.ownClock = OwnClock.load(saved.ownClock)
      this.consensus = Consensus.load(raft, saved.consensus, options)
      this.calls = Calls.load(saved.calls)
      this.reads = ReadLoop.load(saved.reads)
      this.joining = Joining.load(saved.joining)
      this.ids.load(saved.requestIds)
      this.expiry = ExpiryLoop.load(saved.expiry)
      this.ticker = Ticker.load(saved.ticker)
      this.leaving = Leaving.load(saved.leaving)
      this.checkpointsKnownTo = saved.checkpointsKnownTo
      this.writtenTo = saved.writtenTo
      this.storageVersion = StorageVersion.load(saved.storageVersionAt)
      this.store = Store.load(saved.store)
      this.lessor = Lessor.load(saved.lessor, checkpointing)
      this.watch = WatchLoop.load(differences, saved.watch)
      this.services = Services.load(mutexRules(differences), saved.services)
      this.membership = Membership.load(saved.membership)
      this.leases = LeaseServer.load(saved.leases)
      this.leaderStreams = LeaderStreams.load(saved.leaderStreams)
      this.tellWall()
      return
    }
    const random = new Random(options.seed, `${options.name}/election`)
    const voters = options.joins === undefined ? options.cluster.map(({ ID }) => ID) : null
    this.consensus =
      crashed === undefined
        ? Consensus.begin(raft, voters, random, options)
        : Consensus.restart(raft, voters, crashed.consensus, options)
    this.ownClock = crashed === undefined ? new OwnClock() : OwnClock.of(crashed.ownClock)
    this.calls = new Calls()
    this.reads = new ReadLoop()
    this.joining = new Joining()
    this.leases = new LeaseServer()
    if (crashed !== undefined) {
      this.leases.goOnFrom(crashed.leases)
      this.calls.goOnFrom(crashed.calls)
      this.checkpointsKnownTo = Math.max(crashed.checkpointsKnownTo, crashed.writtenTo)
    }
    this.storageVersion = new StorageVersion(
      crashed === undefined ? undefined : crashed.storageVersion,
    )
    this.store = new Store()
    this.lessor = new Lessor(options.minTtlSeconds, checkpointing)
    this.watch = new WatchLoop(differences)
    this.services = new Services(mutexRules(differences))
    this.membership = new Membership(options.cluster.map(infoOf))
    this.leaderStreams = new LeaderStreams()
    this.expiry =
      crashed === undefined
        ? ExpiryLoop.begin(options.seed, options.name)
        : ExpiryLoop.restart(crashed.expiry.save())
    this.ticker = new Ticker()
    this.leaving = new Leaving()
    const state = this.consensus.disk.snapshot.data
    if (state !== null) this.restore(state)
    this.tellWall()
  }

  save(): SavedMember {
    return {
      ownClock: this.ownClock.save(),
      consensus: this.consensus.save(),
      calls: this.calls.save(),
      reads: this.reads.save(),
      joining: this.joining.save(),
      requestIds: this.ids.save(),
      expiry: this.expiry.save(),
      ticker: this.ticker.save(),
      leaving: this.leaving.save(),
      checkpointsKnownTo: this.checkpointsKnownTo,
      writtenTo: this.writtenTo,
      storageVersionAt: this.storageVersion.save(),
      store: this.store.save(),
      lessor: this.lessor.save(),
      watch: this.watch.save(),
      services: this.services.save(),
      membership: this.membership.save(),
      leases: this.leases.save(),
      leaderStreams: this.leaderStreams.save(),
    }
  }

  /** Whether a checkpoint is written to disk with its lease. */
  get persistsCheckpoints(): boolean {
    return this.options.checkpoint === 'persist' || this.differences.checkpointPersists
  }

  /** All applied state, for a snapshot. */
  state(): MachineState {
    return {
      store: this.store.save(),
      lessor: this.lessor.saveForSnapshot(),
      membership: this.membership.save(),
    }
  }

  /** A snapshot replaces all applied state. */
  restore({ store, lessor, membership }: MachineState): void {
    this.store = Store.load(store)
    this.lessor = Lessor.load(lessor, checkpointingOf(this.options, this.differences))
    this.tellWall()
    this.membership = Membership.load(membership)
  }

  /** Passes the wall clock on to the lessor, which uses it in some versions. */
  tellWall(): void {
    this.lessor.setWall(this.differences.expiryQueueOnWallClock ? this.ownClock.wallMs : 0)
  }
}
