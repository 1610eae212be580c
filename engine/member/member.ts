// One etcd server: its log, its lessor, its store, its API. A machine: an input and the time go in, what it wishes done comes out; what happened goes to the
// trace. It reads no clock and keeps no closure.
//
//   request → validate → read                            → reply
//                      → propose → commit → apply        → reply, events to the watchers, news to the calls that wait
//                      → a recipe of Lock or Election    → its requests, which go the same way, one after the other
//   timer 'expiry' (every 500 ms) → due leases → propose LeaseRevoke → commit → apply → keys gone
//
// A lone member commits what it proposes at once; what a commit does to the state machine is apply.ts alone.

import { errors } from '../base/errors'
import { Random } from '../base/random'
import type {
  ConcurrencyRequest,
  Header,
  LeaseId,
  MemberId,
  MemberInfo,
  RangeRequest,
  Reply,
  Request,
  RpcError,
  TxnRequest,
  WatchRequest,
} from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ClientId, EventId, MemberName } from '../base/trace'
import type { Checkpointing, LeaseInfo, SavedLessor } from '../lease/lessor'
import { Lessor } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import { Store } from '../mvcc/store'
import { WATCH_SYNC_MS } from '../mvcc/watch'
import type { SoftState } from '../raft/message'
import type { RaftConfig } from '../raft/peer'
import { raftConfig } from '../raft/raft'
import type { Applier, AskedProposal } from './apply'
import { apply, isReadOnly, read } from './apply'
import type { ConfChangeEntry, ConsensusHost, NormalEntry, RaftMessage, SavedConsensus } from './consensus'
import { Consensus } from './consensus'
import type { ExpiryContext, SavedExpiryLoop } from './expiry-loop'
import { EXPIRY_LOOP_MS, ExpiryLoop } from './expiry-loop'
import type { SavedLeaderStreams } from './leader-streams'
import { LeaderStreams } from './leader-streams'
import type { LeaseContext, SavedLeaseServer } from './lease-server'
import { LeaseServer, requestTimeoutMs } from './lease-server'
import type { MemberAttributes, MembershipChange, MembershipRequest, SavedMembership } from './membership'
import { idOf, Membership } from './membership'
import type { SavedOwnClock } from './own-clock'
import { OwnClock } from './own-clock'
import type { Pending, PendingPromotion, PendingRead } from './pending'
import { nextLook, READ_RETRY_MS, requestOf, timeoutOf } from './pending'
import { judged } from './reconfiguration'
import { RequestIds } from './request-ids'
import type { SavedServices, ServiceWish } from './services'
import { Services } from './services'
import type { MachineState } from './snapshot'
import type { ClusterMessage, MemberOutput, MemberTimer, MemberTrace, Origin, PeerMessage, Turn } from './turn'
import { oversized, refusal, tooLargeToPropose } from './validate'
import type { Differences } from './versions'
import { differencesOf, mutexRules } from './versions'
import type { SavedWatchServer, WatchAnswer } from './watch-server'
import { WatchServer } from './watch-server'

export type { MemberOutput, MemberTimer, MemberTrace, PeerMessage } from './turn'

export type MemberInput =
  /**
   * Its process starts. `hurried`: its election clock begins almost run out, so that a cluster without a leader has one soon (server.go: adjustTicks; semantics
   * §6.1).
   */
  | { type: 'boot'; hurried: boolean }
  /** It stands for election now. */
  | { type: 'campaign' }
  /** It says its name to the cluster, as every member does once it has started. */
  | { type: 'publish' }
  | { type: 'message'; from: MemberId; message: PeerMessage }
  /** `requiresLeader`: its stream is for a member that knows a leader. */
  | { type: 'request'; client: ClientId; rpc: number; request: Request; requiresLeader?: boolean }
  /** The client closed a stream, or gave up on a call. */
  | { type: 'cancel'; client: ClientId; rpc: number }
  | { type: 'timer'; timer: MemberTimer }
  /** It is asked to end (SIGTERM). */
  | { type: 'stop' }

export interface MemberOptions extends MemberInfo {
  name: MemberName
  clusterId: MemberId
  etcdVersion: string
  minTtlSeconds: number
  electionMs: number
  /** 0–499: where in its half second the expiry loop runs. */
  expiryPhaseMs: number
  /** Unix milliseconds at virtual 0; lease IDs are made of it. */
  startedAtMs: number
  /** Everybody the cluster begins with, itself among them, in the same order for all. */
  cluster: readonly MemberInfo[]
  /** Milliseconds of one tick of Raft's clock, and where in it this member's ticks lie. */
  heartbeatMs: number
  tickPhaseMs: number
  /** Milliseconds that a write to its disk takes; 0 for none. */
  diskMs: number
  /** What its election timeouts are drawn from. */
  seed: number
  /** Whether its lessor checkpoints, and writes what a checkpoint says to the disk; and the milliseconds between two (semantics §1.12). */
  checkpoint: 'off' | 'on' | 'persist'
  checkpointIntervalMs: number
  /** How many entries are applied from one snapshot of Raft to the next, and how many before it are kept for who is slow. */
  snapshotCount: number
  catchUpEntries: number
  /** Whom it was told of when it joined a cluster that ran; absent where it was there from the start. */
  joins?: readonly MemberInfo[]
  /** Rows of versions.ts that are set otherwise than the version has them. */
  differences: Partial<Differences>
}

export interface SavedMember {
  ownClock: SavedOwnClock
  consensus: SavedConsensus
  leadElectedAt: number
  pending: Pending[]
  requestIds: number
  watchSyncing: boolean
  expiry: SavedExpiryLoop
  ticks: [number, number]
  leaving: { to: MemberId; until: number } | null
  checkpointsKnownTo: number
  store: SavedStore
  lessor: SavedLessor
  watch: SavedWatchServer
  services: SavedServices
  membership: SavedMembership
  nextPromotion: number
  leases: SavedLeaseServer
  leaderStreams: SavedLeaderStreams
}

/** Bytes of a database that holds next to nothing, and of what of it is in use: 3.4 on a page of 4 KiB. An estimate where there is more in it. */
const DB_SIZE = 20_480
const DB_SIZE_IN_USE = 16_384
/** What a status says from 3.6 on of how the data are stored: under the default quota, and with no downgrade under way. */
const STORAGE = { storageVersion: '3.6.0', dbSizeQuota: 2_147_483_648, downgradeInfo: {} } as const
/** Ticks for which a member trusts that it still leads (server.go: isActive). */
const ACTIVE_TICKS = 3
/** Milliseconds after which a member that was removed ends (server.go: stopWithDelay). */
const REMOVED_STOPS_MS = 1000
/** No deadline: a number, so that it survives JSON. */
const NEVER = Number.MAX_SAFE_INTEGER
/** A leader's ID where none is known. */
const NOBODY = '0000000000000000' as MemberId

export class Member {
  options: MemberOptions
  readonly #ids: RequestIds
  readonly #differences: Differences
  #ownClock = new OwnClock()
  #consensus: Consensus
  /** When the leader that it knows of became known. */
  #leadElectedAt = 0
  #pending: Pending[] = []
  #store = new Store()
  #lessor: Lessor
  #watch: WatchServer
  #services: Services
  #membership: Membership
  #nextPromotion = 1
  #leases = new LeaseServer()
  #leaderStreams = new LeaderStreams()
  #watchSyncing = false
  #expiry = new ExpiryLoop()
  /** When it last ticked, and when the instant before. */
  #ticks: [last: number, before: number] = [0, 0]
  /** While it hands its leadership over before it ends: to whom, and until when it tries. */
  #leaving: { to: MemberId; until: number } | null = null
  /** Up to which index the process before had applied: of those entries, what they say of leases is on the disk or lost. */
  #checkpointsKnownTo = 0

  /** A member that begins, or that comes back with what the disk of the crashed one held. */
  constructor(options: MemberOptions, crashed?: Member) {
    this.options = options
    const config = raftConfigOf(options)
    const random = new Random(options.seed, `${options.name}/election`)
    const voters = options.joins === undefined ? options.cluster.map(({ ID }) => ID) : null
    this.#consensus =
      crashed === undefined
        ? Consensus.begin(config, voters, random, options)
        : Consensus.restart(config, voters, crashed.#consensus, options)
    if (crashed !== undefined) {
      this.#ownClock = OwnClock.of(crashed.#ownClock)
      this.#leases.goOnFrom(crashed.#leases)
      this.#nextPromotion = crashed.#nextPromotion
      this.#checkpointsKnownTo = Math.max(crashed.#checkpointsKnownTo, crashed.#consensus.applied)
    }
    this.#ids = new RequestIds(options.ID, options.startedAtMs)
    this.#differences = differencesOf(options)
    this.#lessor = new Lessor(options.minTtlSeconds, checkpointingOf(options, this.#differences))
    this.#watch = new WatchServer(this.#differences.progressWaitsForSync)
    this.#services = new Services(mutexRules(this.#differences))
    this.#membership = new Membership(options.cluster.map(infoOf))
    const state = this.#consensus.disk.snapshot.data
    if (state !== null) this.#restore(state)
    this.#tellWall()
  }

  get store(): Store {
    return this.#store
  }

  get lessor(): Lessor {
    return this.#lessor
  }

  /** Who belongs to the cluster, as far as it has applied. */
  get membership(): Membership {
    return this.#membership
  }

  get term(): number {
    return this.#consensus.term
  }

  /** The commit index, as far as this member knows. */
  get raftIndex(): number {
    return this.#consensus.commit
  }

  get consensus(): Consensus {
    return this.#consensus
  }

  /** Virtual milliseconds of the next pass of the expiry loop. */
  get nextPassAt(): number {
    return this.#ownClock.virtual(this.#expiry.nextPassAt)
  }

  /** Virtual milliseconds of the pass of the expiry loop after which nothing due at `at` is left; every pass comes on time. */
  passAfter(at: number): number {
    const first = this.#expiry.nextPassAt
    const shown = this.#ownClock.shown(at)
    return this.#ownClock.virtual(first + Math.max(0, Math.ceil((shown - first) / EXPIRY_LOOP_MS)) * EXPIRY_LOOP_MS)
  }

  /** When (virtual ms) a pass of the expiry loop would find a lease, Infinity for never. */
  get nextDueAt(): number {
    return this.#ownClock.virtual(this.#lessor.nextDueAt())
  }

  /** Every lease by what remains, least first, in virtual time; `FOREVER` is the deadline of those that it does not count. */
  leases(): LeaseInfo[] {
    const leases = this.#lessor.leases()
    return this.#ownClock.isTrue ? leases : leases.map((info) => this.#ownClock.leaseOutward(info))
  }

  /** A lease in virtual time, undefined for an unknown ID. */
  lease(id: LeaseId): LeaseInfo | undefined {
    const info = this.#lessor.lookup(id)
    return info === undefined ? undefined : this.#ownClock.leaseOutward(info)
  }

  /** How fast its clock runs; 100 is true. */
  get clockPercent(): number {
    return this.#ownClock.percent
  }

  /** Seconds by which its wall clock was put forward, in all. */
  get wallSeconds(): number {
    return this.#ownClock.wallMs / 1000
  }

  /** Takes one input at the virtual time `now`. `cause` is the event that it comes from. */
  step(input: MemberInput, now: number, trace: MemberTrace, cause: EventId): MemberOutput[] {
    const turn = this.#ownClock.turn(now, trace, cause)
    const looksAt = this.#nextLook()
    const wasAlone = this.#leadsAlone
    this.#take(input, turn, cause)
    for (;;) {
      this.#consensus.work(() => this.#host(turn))
      this.#leases.progressed(() => this.#leaseContext(turn))
      const answer = turn.answers.shift()
      if (answer === undefined) break
      this.#serve(this.#services.answer(answer.call, answer.reply, this.#source), turn, answer.cause)
    }
    if (wasAlone && !this.#leadsAlone) this.#tickAgain(turn)
    const next = this.#nextLook()
    if (next !== looksAt) turn.timer('calls', next === Number.POSITIVE_INFINITY ? null : next, cause)
    return this.#ownClock.wishes(turn, now)
  }

  save(): SavedMember {
    return {
      ownClock: this.#ownClock.save(),
      consensus: this.#consensus.save(),
      leadElectedAt: this.#leadElectedAt,
      pending: this.#pending.map((call) => ({ ...call })),
      requestIds: this.#ids.save(),
      watchSyncing: this.#watchSyncing,
      expiry: this.#expiry.save(),
      ticks: [...this.#ticks],
      leaving: this.#leaving,
      checkpointsKnownTo: this.#checkpointsKnownTo,
      store: this.#store.save(),
      lessor: this.#lessor.save(),
      watch: this.#watch.save(),
      services: this.#services.save(),
      membership: this.#membership.save(),
      nextPromotion: this.#nextPromotion,
      leases: this.#leases.save(),
      leaderStreams: this.#leaderStreams.save(),
    }
  }

  static load(options: MemberOptions, saved: SavedMember): Member {
    const member = new Member(options)
    member.#ownClock = OwnClock.load(saved.ownClock)
    member.#consensus = Consensus.load(raftConfigOf(options), saved.consensus, options)
    member.#leadElectedAt = saved.leadElectedAt
    member.#pending = saved.pending.map((call) => ({ ...call }))
    member.#ids.load(saved.requestIds)
    member.#watchSyncing = saved.watchSyncing
    member.#expiry = ExpiryLoop.load(saved.expiry)
    member.#ticks = [...saved.ticks]
    member.#leaving = saved.leaving
    member.#checkpointsKnownTo = saved.checkpointsKnownTo
    member.#store = Store.load(saved.store)
    member.#lessor = Lessor.load(saved.lessor, checkpointingOf(options, member.#differences))
    member.#tellWall()
    member.#watch = WatchServer.load(member.#differences.progressWaitsForSync, saved.watch)
    member.#services = Services.load(mutexRules(member.#differences), saved.services)
    member.#membership = Membership.load(saved.membership)
    member.#nextPromotion = saved.nextPromotion
    member.#leases = LeaseServer.load(saved.leases)
    member.#leaderStreams = LeaderStreams.load(saved.leaderStreams)
    return member
  }

  #take(input: MemberInput, turn: Turn, cause: EventId): void {
    switch (input.type) {
      case 'boot':
        return this.#boot(input.hurried, turn, cause)
      case 'campaign':
        return this.#consensus.campaign()
      case 'publish':
        this.#consensus.propose(null, cause)
        return
      case 'message':
        return this.#message(input.from, input.message, turn, cause)
      case 'request': {
        const { request } = input
        const origin: Origin = { type: 'client', client: input.client, rpc: input.rpc }
        if (input.requiresLeader === true) {
          if (this.#consensus.lead === null) return this.#refuse(origin, request, errors.NoLeader, turn, cause)
          this.#leaderStreams.open(input.client, input.rpc)
        }
        const refused = oversized(request) ?? this.#refusalOfLearner(request)
        return refused === undefined ? this.#request(origin, request, turn, cause) : this.#refuse(origin, request, refused, turn, cause)
      }
      case 'cancel':
        this.#watch.close(input.client, input.rpc)
        this.#leases.cancel(input.client, input.rpc)
        this.#leaderStreams.close(input.client, input.rpc)
        this.#pending = this.#pending.filter(
          ({ origin }) => origin.type !== 'client' || origin.client !== input.client || origin.rpc !== input.rpc,
        )
        return this.#serve(this.#services.cancel(input.client, input.rpc, this.#source), turn, cause)
      case 'stop':
        return this.#stop(turn, cause)
      case 'timer':
        this.#ownClock.fired(input.timer)
        return this.#timer(input.timer, turn, cause)
    }
  }

  #boot(hurried: boolean, turn: Turn, cause: EventId): void {
    const { now, trace } = turn
    const { name, expiryPhaseMs, tickPhaseMs, electionMs, heartbeatMs } = this.options
    const booted = trace.emit({ type: 'booted', member: name }, cause)
    this.#ids.startAt(this.options.startedAtMs + now + this.#ownClock.wallMs)
    this.#ticks = [now, now]
    this.#leaderStreams.start(now)
    this.#expiry.start(now + expiryPhaseMs, turn, booted)
    turn.timer('tick', now + tickPhaseMs, booted)
    if (this.options.joins !== undefined) this.#publish(turn, booted)
    for (let ticks = hurried ? Math.floor(electionMs / heartbeatMs) - 2 : 0; ticks > 0; ticks--) this.#consensus.tick()
  }

  /** From `now` (virtual ms) on its clock runs at so many percent. Answers with the deadlines of the leases that it counts down, in virtual time. */
  setClock(percent: number, now: number): [LeaseId, number][] {
    this.#ownClock.change(percent, now)
    return this.#lessor.isPrimary ? this.leases().map(({ id, deadline }) => [id, deadline]) : []
  }

  /** When a timer that is set is due, in virtual ms; undefined for one that is not set, and for those that no clock drives. */
  dueAt(timer: MemberTimer): number | undefined {
    return this.#ownClock.dueAt(timer)
  }

  /** Puts its wall clock forward by so many seconds, or back. */
  stepWall(seconds: number): void {
    this.#ownClock.stepWall(seconds * 1000)
    this.#tellWall()
  }

  #tellWall(): void {
    this.#lessor.setWall(this.#differences.expiryQueueOnWallClock ? this.#ownClock.wallMs : 0)
  }

  /** From its next write on its disk takes so many milliseconds; 0 for none. */
  setDisk(ms: number): void {
    this.options = { ...this.options, diskMs: ms }
    this.#consensus.setDisk(ms)
  }

  /**
   * A leader of several hands over to the voter that it has been connected to longest; of those that are equal in that, the first by name. One that is connected to none
   * just ends, as a follower does (server.go: TransferLeadership, longestConnected).
   */
  #stop(turn: Turn, cause: EventId): void {
    const { ID: self, cluster } = this.options
    const order = (id: MemberId): number => cluster.findIndex(({ ID }) => ID === id) + 1 || Number.MAX_SAFE_INTEGER
    const connected = this.#membership.voters.flatMap(({ ID: id }) => {
      const ms = id === self ? null : turn.trace.connectedFor(self, id)
      return ms === null ? [] : [{ id, ms }]
    })
    connected.sort((a, b) => b.ms - a.ms || order(a.id) - order(b.id))
    const to = connected[0]?.id
    if (!this.#consensus.isLeader || to === undefined) {
      turn.outputs.push({ type: 'stopped', cause })
      return
    }
    const offered = turn.trace.emit({ type: 'leadership-offered', member: this.options.name, to: this.#nameOf(to) }, cause)
    this.#consensus.transferLeader(to)
    this.#leaving = { to, until: turn.now + requestTimeoutMs(this.options.electionMs) }
    turn.timer('stop', turn.now + this.options.heartbeatMs, offered)
  }

  #lookAtStop(turn: Turn, cause: EventId): void {
    if (this.#leaving === null) return
    if (this.#consensus.lead === this.#leaving.to || turn.now >= this.#leaving.until) turn.outputs.push({ type: 'stopped', cause })
    else turn.timer('stop', turn.now + this.options.heartbeatMs, cause)
  }

  #timer(timer: MemberTimer, turn: Turn, cause: EventId): void {
    switch (timer) {
      case 'expiry':
        return this.#expiry.pass(this.#expiryContext(turn))
      case 'watch-sync':
        return this.#syncWatches(turn, cause)
      case 'watch-progress':
        this.#tell(this.#watch.tellProgress(turn.now, this.#source), turn, cause)
        return this.#scheduleProgress(turn, cause)
      case 'tick':
        if (this.#consensus.tick() && turn.now > this.#ticks[0]) this.#ticks = [turn.now, this.#ticks[0]]
        // A leader that is alone has nobody to hear from and nobody to tell.
        if (this.#leadsAlone) return
        return turn.timer('tick', turn.onTime(this.#ownClock.firedAt ?? turn.now) + this.options.heartbeatMs, cause)
      case 'disk':
        return this.#consensus.persisted()
      case 'exit':
        return turn.exit(cause)
      case 'stop':
        return this.#lookAtStop(turn, cause)
      case 'revokes':
        return this.#expiry.takeLate(this.#expiryContext(turn))
      case 'leader-look': {
        const ended = this.#leaderStreams.look(this.#consensus.lead !== null, this.options.electionMs, turn.now)
        for (const { client, rpc } of ended) this.#endForWantOfLeader(client, rpc, turn, cause)
        return this.#leaderStreams.schedule(this.#consensus.lead !== null, this.options.electionMs, turn, cause)
      }
      case 'calls':
        this.#leases.look(this.#leaseContext(turn))
        this.#expiry.look(this.#expiryContext(turn))
        return this.#lookAtPending(turn, cause)
    }
  }

  /** What a stream that is ended waits for is not waited for any more. */
  #endForWantOfLeader(client: ClientId, rpc: number, turn: Turn, cause: EventId): void {
    this.#watch.close(client, rpc)
    this.#leases.cancel(client, rpc)
    const { name: member } = this.options
    const ended = turn.trace.emit({ type: 'stream-ended', member, client, message: errors.NoLeader.message }, cause)
    turn.answer({ type: 'client', client, rpc }, errors.NoLeader, ended)
  }

  // Consensus --------------------------------------------------------------------------------------------------------------------------------------

  #host(turn: Turn): ConsensusHost {
    return {
      now: turn.now,
      roleChanged: (state, term) => this.#roleChanged(state, term, turn),
      apply: (entry) => this.#apply(entry, turn),
      change: (entry) => this.#change(entry, turn),
      restore: (state) => this.#restoreFrom(state, turn),
      state: () => this.#state(),
      readable: (context) => this.#readable(context, turn),
      send: (message: RaftMessage) => turn.send(message.to, { type: 'raft', message }, turn.cause),
      writing: () => turn.timer('disk', turn.now + this.options.diskMs, turn.cause),
    }
  }

  #roleChanged(state: SoftState, term: number, turn: Turn): void {
    const { name: member } = this.options
    const lead = state.lead === null ? null : this.#nameOf(state.lead)
    const event = turn.trace.emit({ type: 'role-changed', member, role: state.role, term, lead }, turn.cause)
    if (state.role !== 'leader' && this.#lessor.isPrimary) {
      turn.trace.emit({ type: 'demoted', member, term, leases: this.#lessor.size }, event)
      this.#lessor.demote()
      this.#leases.demoted(this.#leaseContext(turn))
    }
    this.#leaderStreams.schedule(state.lead !== null, this.options.electionMs, turn, event)
    if (state.lead === null) return
    this.#leadElectedAt = turn.now
    this.#leases.leaderChanged(this.#leaseContext(turn))
    this.#expiry.leaderChanged(this.#expiryContext(turn))
    // What waited for a leader is handed to this one; reads that another was asked for are not answered any more (v3_server.go: leaderChanged).
    const reads = this.#pending.filter((call): call is PendingRead => call.type === 'read')
    for (const call of reads) this.#endPending(call, errors.LeaderChanged, turn)
    for (const call of this.#pending) if (call.type === 'proposal' && call.id === null) call.id = this.#offer(call.proposal, call.cause)
    for (const call of this.#pending) if (call.type === 'promotion' && call.asked === null) this.#askToPromote(call, turn)
    for (const call of this.#pending.filter(({ type }) => type === 'transfer')) {
      if (call.type !== 'transfer' || call.to !== state.lead) continue
      this.#pending = this.#pending.filter((other) => other !== call)
      turn.answer(call.origin, { type: 'MoveLeader' }, event)
    }
  }

  /** Its number, or null where there is no leader to hand it to. */
  #offer(proposal: AskedProposal | MembershipChange | MemberAttributes, cause: EventId): number | null {
    const { id, outcome } = isChange(proposal) ? this.#consensus.proposeChange(proposal, cause) : this.#consensus.propose(proposal, cause)
    return outcome === 'dropped' ? null : id
  }

  /** One committed entry, in log order. Who proposed it here is answered; the watchers and the calls that wait are told. */
  #apply(entry: NormalEntry, turn: Turn): void {
    const tells = turn.trace.tells(entry.index)
    if (entry.data === null) return this.#firstOfTerm(turn)
    const { proposal, from, id, cause } = entry.data
    // A change of the group comes as an entry of its own kind.
    if (proposal === null || isChange(proposal)) return
    if (proposal.type === 'MemberAttributes') return this.#named(proposal, from === this.options.ID ? id : null, tells, turn, cause)
    const trace = tells ? turn.trace : this.#silent(turn, entry.index, cause)
    const applied = apply(proposal, this.#applier(turn, cause, trace, entry.index))
    const call = from === this.options.ID ? this.#pending.find((other) => other.type === 'proposal' && other.id === id) : undefined
    if (call !== undefined && applied.reply !== null) {
      this.#pending = this.#pending.filter((other) => other !== call)
      turn.answer(call.origin, applied.reply, applied.event)
    }
    const { changes, event } = applied
    if (proposal.type === 'LeaseCheckpoint' && from === this.options.ID) this.#leases.checkpointed(id, this.#leaseContext(turn), event)
    if (changes.length > 0) this.#tell(this.#watch.notify(this.#store.revision, changes, this.#source.header), turn, event)
    if (proposal.type === 'LeaseRevoke') this.#leases.revoked(proposal.ID, this.#leaseContext(turn), event)
    if (changes.length > 0) this.#serve(this.#services.notify(this.#store.revision, changes, this.#source), turn, event)
  }

  /** A new leader's own first entry: everything before it is applied, and the lessor may count (server.go: applyEntryNormal; semantics §1.10). */
  #firstOfTerm(turn: Turn): void {
    if (!this.#consensus.isLeader) return
    const { name: member, electionMs } = this.options
    const otherwise = this.#ownClock.promised(this.#lessor.promote(turn.now, electionMs), () => this.#lessor.leases())
    const { size: leases } = this.#lessor
    const told = { member, term: this.#consensus.term, leases, extendMs: electionMs, ...(otherwise.length > 0 ? { otherwise } : {}) }
    this.#lessor.setCauses(turn.trace.emit({ type: 'promoted', ...told }, turn.cause))
  }

  /** The trace of a member that applies what another has told already: one event for the whole entry. */
  #silent(turn: Turn, index: number, cause: EventId): Pick<MemberTrace, 'emit'> {
    let event = 0
    return { emit: () => (event ||= turn.trace.emit({ type: 'entry-applied', member: this.options.name, index }, turn.cause, cause)) }
  }

  #readable(context: string, turn: Turn): void {
    const call = this.#pending.find((other): other is PendingRead => other.type === 'read' && other.context === context)
    if (call === undefined) {
      this.#leases.confirmed(context, this.#leaseContext(turn))
      return this.#expiry.confirmed(context, this.#expiryContext(turn))
    }
    this.#pending = this.#pending.filter((other) => other !== call)
    this.#read(call.origin, call.request, turn, call.cause)
  }

  #lookAtPending(turn: Turn, cause: EventId): void {
    for (const call of [...this.#pending]) {
      if (call.deadlineAt <= turn.now && call.type === 'proposal' && call.origin.type === 'self') {
        call.id = this.#offer(call.proposal, call.cause)
        call.deadlineAt = turn.now + requestTimeoutMs(this.options.electionMs)
      } else if (call.deadlineAt <= turn.now) {
        this.#endPending(call, timeoutOf(call, this.#consensus.lead, this.#leadElectedAt, this.options.electionMs, this.#differences), turn)
      } else if (call.type === 'read' && call.retryAt <= turn.now) {
        call.context = this.#consensus.readIndex().context
        call.retryAt = turn.now + READ_RETRY_MS
        call.cause = cause
      }
    }
  }

  #endPending(call: Pending, error: RpcError, turn: Turn): void {
    this.#pending = this.#pending.filter((other) => other !== call)
    const event = turn.trace.emit(
      { type: 'request-refused', member: this.options.name, request: requestOf(call), message: error.message },
      call.cause,
      turn.cause,
    )
    turn.answer(call.origin, error, event)
  }

  #nextLook(): number {
    return Math.min(this.#leases.nextAt, this.#expiry.nextAt, nextLook(this.#pending))
  }

  #nameOf(id: MemberId): MemberName {
    const { cluster, joins = [] } = this.options
    const named = [...cluster, ...this.#membership.members, ...joins].find(({ ID, name }) => ID === id && name !== '')
    return named?.name ?? id
  }

  // Requests ---------------------------------------------------------------------------------------------------------------------------------------

  #request(origin: Origin, request: Request, turn: Turn, cause: EventId): void {
    const refused = refusal(request)
    if (refused !== undefined) return this.#refuse(origin, request, refused, turn, cause)
    switch (request.type) {
      case 'Range':
        if (!request.serializable) this.#ids.skip()
        return this.#answerRead(origin, request, turn, cause)
      case 'Txn':
        if (!isReadOnly(request)) return this.#answerProposal(origin, request, turn, cause)
        if (!isSerializable(request)) this.#ids.skip()
        return this.#answerRead(origin, request, turn, cause)
      case 'Put':
      case 'DeleteRange':
      case 'Compact':
        return this.#answerProposal(origin, request, turn, cause)
      case 'LeaseGrant': {
        const ID = request.ID === undefined || request.ID === NO_LEASE ? this.#ids.nextLeaseId() : request.ID
        return this.#answerProposal(origin, { ...request, ID }, turn, cause)
      }
      case 'LeaseRevoke':
        return this.#answerProposal(origin, { type: 'LeaseRevoke', ID: request.ID, end: 'revoked' }, turn, cause)
      case 'LeaseTimeToLive':
        return this.#leases.timeToLive(origin, request.ID, request.keys ?? false, this.#leaseContext(turn), cause)
      case 'LeaseLeases':
        return turn.answer(
          origin,
          { type: 'LeaseLeases', header: this.#header(), leases: this.#lessor.leases().map(({ id }) => id) },
          cause,
        )
      case 'Status':
        return turn.answer(origin, this.#status(), cause)
      case 'MoveLeader': {
        if (!this.#consensus.isLeader) return this.#refuse(origin, request, errors.NotLeader, turn, cause)
        const target = this.#membership.find(request.targetID)
        if (target === undefined || target.isLearner) return this.#refuse(origin, request, errors.BadLeaderTransferee, turn, cause)
        if (target.ID === this.options.ID) return turn.answer(origin, { type: 'MoveLeader' }, cause)
        const { ID: to } = target
        this.#pending.push({ type: 'transfer', origin, to, deadlineAt: turn.now + requestTimeoutMs(this.options.electionMs), cause })
        this.#consensus.transferLeader(to)
        return
      }
      case 'MemberList':
      case 'MemberAdd':
      case 'MemberRemove':
      case 'MemberPromote':
      case 'MemberUpdate':
        return this.#answerMembership(origin, request, turn, cause)
      default:
        // Streams, and the calls that wait: a client's alone.
        return origin.type === 'client'
          ? this.#open(origin.client, origin.rpc, request, turn, cause)
          : turn.answer(origin, errors.NotModelled, cause)
    }
  }

  #open(
    client: ClientId,
    rpc: number,
    request: WatchRequest | ConcurrencyRequest | Extract<Request, { type: 'LeaseKeepAlive' }>,
    turn: Turn,
    cause: EventId,
  ): void {
    switch (request.type) {
      case 'LeaseKeepAlive':
        return this.#leases.keepAlive(client, rpc, request.ID, this.#leaseContext(turn), cause)
      case 'WatchCreate':
      case 'WatchCancel':
      case 'WatchProgress':
        return this.#watchRequest(client, rpc, request, turn, cause)
      default:
        return this.#serve(this.#services.begin(client, rpc, request, this.#source), turn, cause)
    }
  }

  /** Does what the calls of the services wish. */
  #serve(wishes: ServiceWish[], turn: Turn, cause: EventId): void {
    for (const wish of wishes) {
      if (wish.type === 'request') this.#request({ type: 'service', call: wish.call }, wish.request, turn, cause)
      else turn.answer({ type: 'client', client: wish.client, rpc: wish.rpc }, wish.reply, cause)
    }
  }

  #answerProposal(origin: Origin, proposal: AskedProposal, turn: Turn, cause: EventId): void {
    const refused = tooLargeToPropose(proposal, this.#ids.nextBytes)
    if (refused !== undefined) {
      this.#ids.skip()
      return this.#refuse(origin, proposal, refused, turn, cause)
    }
    this.#ids.skip()
    const id = this.#offer(proposal, cause)
    // Without a leader it waits for one; during a transfer it is lost at once (semantics §4).
    if (id === null && this.#consensus.lead !== null) return this.#refuse(origin, proposal, errors.ProposalDropped, turn, cause)
    const deadlineAt = turn.now + requestTimeoutMs(this.options.electionMs)
    this.#pending.push({ type: 'proposal', id, origin, proposal, startedAt: turn.now, deadlineAt, cause })
  }

  /** A read: here and now where it need not be the newest, else once the leader has said up to where this member must have applied (ReadIndex). */
  #answerRead(origin: Origin, request: RangeRequest | TxnRequest, turn: Turn, cause: EventId): void {
    if (isSerializable(request)) return this.#read(origin, request, turn, cause)
    const { context } = this.#consensus.readIndex()
    const deadlineAt = turn.now + requestTimeoutMs(this.options.electionMs)
    this.#pending.push({ type: 'read', context, origin, request, retryAt: turn.now + READ_RETRY_MS, deadlineAt, cause })
  }

  #read(origin: Origin, request: RangeRequest | TxnRequest, turn: Turn, cause: EventId): void {
    const answer = read(request, this.#source)
    if (answer.type === 'error') return this.#refuse(origin, request, answer, turn, cause)
    turn.answer(origin, answer, cause)
  }

  #answerMembership(origin: Origin, request: MembershipRequest, turn: Turn, cause: EventId): void {
    if (request.type === 'MemberList') {
      return turn.answer(origin, { type: 'MemberList', header: this.#header(0), members: this.#membership.list() }, cause)
    }
    const { ID: self, startedAtMs, electionMs } = this.options
    const connectedFor = (id: MemberId) => turn.trace.connectedFor(self, id)
    const judge = { self, membership: this.#membership, connectedFor, raft: this.#consensus.status() }
    const change = judged(request, judge, Math.floor((startedAtMs + turn.now + this.#ownClock.wallMs) / 1000))
    if (change.type !== 'error') return this.#proposeChange(origin, change, turn, cause)
    if (request.type !== 'MemberPromote' || change !== errors.NotLeader || origin.type === 'peer')
      return this.#refuse(origin, request, change, turn, cause)
    const deadlineAt = turn.now + requestTimeoutMs(electionMs)
    const call: PendingPromotion = { type: 'promotion', id: this.#nextPromotion++, origin, ID: request.ID, asked: null, deadlineAt, cause }
    this.#pending.push(call)
    this.#askToPromote(call, turn)
  }

  /** It has no deadline but the caller's own (server.go: configure). */
  #proposeChange(origin: Origin, change: MembershipChange, turn: Turn, cause: EventId): void {
    this.#ids.skip()
    const id = this.#offer(change, cause)
    if (id === null && this.#consensus.lead !== null) return this.#refuse(origin, change, errors.ProposalDropped, turn, cause)
    this.#pending.push({ type: 'proposal', id, origin, proposal: change, startedAt: turn.now, deadlineAt: NEVER, cause })
  }

  #askToPromote(call: PendingPromotion, turn: Turn): void {
    const { lead } = this.#consensus
    if (lead === null || lead === this.options.ID) return
    call.asked = lead
    turn.send(lead, { type: 'promote-forward', id: call.id, ID: call.ID }, call.cause)
  }

  #message(from: MemberId, message: PeerMessage, turn: Turn, cause: EventId): void {
    switch (message.type) {
      case 'raft':
        // Who was removed is told so instead of being heard (rafthttp: 410 Gone).
        if (this.#membership.wasRemoved(from)) return turn.send(from, { type: 'removed' }, cause)
        this.#consensus.step(message.message)
        if (message.message.type === 'MsgSnap') turn.send(from, { type: 'snapshot-taken' }, cause)
        return
      case 'snapshot-taken':
        return this.#consensus.reportSnapshot(from, true, turn.now)
      case 'snapshot-lost':
        return this.#consensus.reportSnapshot(message.to, false, turn.now)
      case 'promote-forward':
      case 'promote-answer':
      case 'removed':
        return this.#clusterMessage(from, message, turn, cause)
      default:
        return this.#leases.message(from, message, this.#leaseContext(turn), cause)
    }
  }

  #clusterMessage(from: MemberId, message: Exclude<ClusterMessage, { type: `snapshot-${string}` }>, turn: Turn, cause: EventId): void {
    switch (message.type) {
      case 'removed':
        return turn.exit(cause)
      case 'promote-forward':
        return this.#answerMembership(
          { type: 'peer', member: from, id: message.id },
          { type: 'MemberPromote', ID: message.ID },
          turn,
          cause,
        )
      case 'promote-answer': {
        const call = this.#pending.find((other): other is PendingPromotion => other.type === 'promotion' && other.id === message.id)
        if (call === undefined) return
        if (message.reply.type === 'error' && message.reply.message === errors.NotLeader.message) {
          call.asked = null
          return
        }
        const { reply } = message
        this.#pending = this.#pending.filter((other) => other !== call)
        turn.answer(call.origin, reply.type === 'MemberPromote' ? { ...reply, header: this.#header(0) } : reply, cause)
      }
    }
  }

  /** A change of the group is applied: everybody checks it then, so that all refuse the same (semantics §6.7). */
  #change({ index, data: { context } }: ConfChangeEntry, turn: Turn): boolean {
    const tells = turn.trace.tells(index)
    if (context === null || context.proposal === null || !isChange(context.proposal)) return true
    const { proposal: change, from, id, cause } = context
    const { name: member, ID: self } = this.options
    const call = from === self ? this.#pending.find((other) => other.type === 'proposal' && other.id === id) : undefined
    const refused = this.#membership.refusal(change)
    if (refused !== undefined) {
      if (call !== undefined) this.#endPending(call, refused, turn)
      return false
    }
    this.#membership.apply(change)
    const event = tells
      ? turn.trace.emit({ type: 'cluster-changed', member, change: change.type, ...this.#changed(change) }, turn.cause, cause)
      : turn.trace.emit({ type: 'entry-applied', member, index }, turn.cause, cause)
    if (call !== undefined) {
      this.#pending = this.#pending.filter((other) => other !== call)
      const header = this.#header(0)
      const members = this.#membership.list()
      turn.answer(
        call.origin,
        { type: change.type, header, members, ...(change.type === 'MemberAdd' ? { member: change.member } : {}) } as Reply,
        event,
      )
    }
    if (change.type !== 'MemberRemove') return true
    // The others close its streams, and it ends when it wants to open them again; by itself a second later (server.go: applyConfChange, stopWithDelay).
    if (change.ID === self) turn.timer('exit', turn.now + REMOVED_STOPS_MS, event)
    else turn.send(change.ID, { type: 'removed' }, event)
    return true
  }

  #changed(change: MembershipChange): { peer: MemberId; learner: boolean; voters: number } {
    const peer = idOf(change)
    return { peer, learner: this.#membership.find(peer)?.isLearner ?? false, voters: this.#membership.voters.length }
  }

  /** Says its name and its URLs to the cluster, again and again until it is applied (server.go: publish). */
  #publish(turn: Turn, cause: EventId): void {
    const { ID, name, clientURLs, electionMs } = this.options
    const proposal: MemberAttributes = { type: 'MemberAttributes', ID, name, clientURLs: [...clientURLs] }
    const deadlineAt = turn.now + requestTimeoutMs(electionMs)
    this.#pending.push({ type: 'proposal', id: null, origin: { type: 'self' }, proposal, startedAt: turn.now, deadlineAt, cause })
  }

  #named(attributes: MemberAttributes, own: number | null, tells: boolean, turn: Turn, cause: EventId): void {
    this.#membership.setAttributes(attributes)
    const { ID: peer, name } = attributes
    if (tells) turn.trace.emit({ type: 'member-named', member: this.options.name, peer, name }, turn.cause, cause)
    if (own !== null) this.#pending = this.#pending.filter((other) => other.type !== 'proposal' || other.id !== own)
  }

  get #isLearner(): boolean {
    return this.#membership.find(this.options.ID)?.isLearner ?? false
  }

  /** A learner answers for itself and from what it has, and nothing else (v3rpc/interceptor.go: isRPCSupportedForLearner). */
  #refusalOfLearner(request: Request): RpcError | undefined {
    if (!this.#isLearner || request.type === 'Status' || (request.type === 'Range' && request.serializable === true)) return undefined
    return this.#differences.learnerRefusesAsUnavailable ? errors.NotSupportedForLearnerUnavailable : errors.NotSupportedForLearner
  }

  // A state for a snapshot, and from one -----------------------------------------------------------------------------------------------------------

  #state(): MachineState {
    return { store: this.#store.save(), lessor: this.#lessor.saveForSnapshot(), membership: this.#membership.save() }
  }

  #restore({ store, lessor, membership }: MachineState): void {
    this.#store = Store.load(store)
    this.#lessor = Lessor.load(lessor, checkpointingOf(this.options, this.#differences))
    this.#tellWall()
    this.#membership = Membership.load(membership)
  }

  #restoreFrom(state: MachineState, turn: Turn): void {
    this.#restore(state)
    const { name: member } = this.options
    const { revision, size: keys } = this.#store
    turn.trace.emit({ type: 'snapshot-restored', member, revision, keys, leases: this.#lessor.size }, turn.cause)
  }

  /** Raft's clock stands still in a leader that is alone. */
  get #leadsAlone(): boolean {
    return this.#consensus.isLeader && this.#consensus.isAlone
  }

  /** Its clock goes on, in its old phase, when it is alone no more. */
  #tickAgain(turn: Turn): void {
    const { heartbeatMs, tickPhaseMs } = this.options
    const [last, before] = this.#ticks
    const base = last === before ? last + tickPhaseMs : last
    const lastTick = base + Math.floor((turn.now - base) / heartbeatMs) * heartbeatMs
    this.#ticks = [lastTick, lastTick - heartbeatMs]
    turn.timer('tick', lastTick + heartbeatMs, turn.cause)
  }

  #status(): Reply {
    return {
      type: 'Status',
      header: this.#header(),
      version: this.options.etcdVersion,
      dbSize: DB_SIZE,
      dbSizeInUse: DB_SIZE_IN_USE,
      leader: this.#consensus.lead ?? NOBODY,
      raftIndex: this.#consensus.commit,
      raftTerm: this.#consensus.term,
      raftAppliedIndex: this.#consensus.applied,
      errors: this.#consensus.lead === null ? [errors.NoLeader.message] : [],
      isLearner: this.#isLearner,
      ...(this.#differences.statusTellsStorage ? STORAGE : {}),
    }
  }

  // Leases -----------------------------------------------------------------------------------------------------------------------------------------

  #leaseContext(turn: Turn): LeaseContext {
    const { name, ID: self, electionMs } = this.options
    return {
      name,
      self,
      electionMs,
      now: turn.now,
      trace: turn.trace,
      lessor: this.#lessor,
      isLeader: this.#consensus.isLeader,
      lead: this.#consensus.lead,
      differences: this.#differences,
      isActive: this.#isActive(turn.now),
      commit: this.#consensus.commit,
      applied: this.#consensus.applied,
      readIndex: () => this.#consensus.readIndex().context,
      checkpoint: (checkpoints, cause) => {
        this.#ids.skip()
        const { id, outcome } = this.#consensus.propose({ type: 'LeaseCheckpoint', checkpoints }, cause)
        return outcome === 'dropped' ? null : id
      },
      header: () => this.#header(),
      answer: (origin, reply, cause) => turn.answer(origin, reply, cause),
      send: (to, message, cause) => turn.send(to, message, cause),
    }
  }

  #expiryContext(turn: Turn): ExpiryContext {
    return {
      turn,
      name: this.options.name,
      lessor: this.#lessor,
      differences: this.#differences,
      isLeader: this.#consensus.isLeader,
      isActive: this.#isActive(turn.now),
      requestTimeoutMs: requestTimeoutMs(this.options.electionMs),
      readIndex: () => this.#consensus.readIndex().context,
      propose: (proposal, cause) => {
        this.#ids.skip()
        this.#consensus.propose(proposal, cause)
      },
    }
  }

  /**
   * Its last tick is younger than three (server.go: isActive). A tick of this very instant does not count: in a process that wakes, whoever asks may have come before it. A
   * leader that is alone does not tick here, and has nobody to depose it.
   */
  #isActive(now: number): boolean {
    const [last, before] = this.#ticks
    return this.#consensus.isAlone || now - (last === now ? before : last) < ACTIVE_TICKS * this.options.heartbeatMs
  }

  // Watches ----------------------------------------------------------------------------------------------------------------------------------------

  #watchRequest(client: ClientId, rpc: number, request: WatchRequest, turn: Turn, cause: EventId): void {
    const answers = this.#watch.request(client, rpc, request, turn.now, this.#source)
    const created = answers.find(({ response }) => response.created && !response.canceled)
    const event =
      request.type === 'WatchCreate' && created !== undefined
        ? turn.trace.emit(
            { type: 'watch-created', member: this.options.name, client, watch: created.response.watch_id, key: request.key },
            cause,
          )
        : cause
    this.#tell(answers, turn, event)
    this.#scheduleSync(turn, event)
    if (request.type === 'WatchCreate' && request.progress_notify) this.#scheduleProgress(turn, event)
  }

  #syncWatches(turn: Turn, cause: EventId): void {
    this.#watchSyncing = false
    const answers = this.#watch.sync(this.#source)
    const event = turn.trace.emit({ type: 'watch-synced', member: this.options.name, responses: answers.length }, cause)
    this.#tell(answers, turn, event)
    this.#scheduleSync(turn, event)
  }

  /** The catching-up loop runs every 100 ms whether anybody is behind or not; only the passes that would find somebody are taken. */
  #scheduleSync(turn: Turn, cause: EventId): void {
    if (this.#watchSyncing || !this.#watch.behind) return
    this.#watchSyncing = true
    turn.timer('watch-sync', (Math.floor(turn.now / WATCH_SYNC_MS) + 1) * WATCH_SYNC_MS, cause)
  }

  #scheduleProgress(turn: Turn, cause: EventId): void {
    const at = this.#watch.nextProgressAt
    if (at !== null) turn.timer('watch-progress', at, cause)
  }

  #tell(answers: WatchAnswer[], turn: Turn, cause: EventId): void {
    for (const { client, rpc, response } of answers) turn.answer({ type: 'client', client, rpc }, response, cause)
  }

  // What all of it stands on -----------------------------------------------------------------------------------------------------------------------

  #refuse(origin: Origin, request: Request | AskedProposal | MembershipChange, refused: RpcError, turn: Turn, cause: EventId): void {
    const event = turn.trace.emit(
      { type: 'request-refused', member: this.options.name, request: request.type, message: refused.message },
      cause,
    )
    turn.answer(origin, refused, event)
  }

  /** The store, and the header that answers from it carry. */
  get #source(): { store: Store; header(revision: number): Header } {
    return { store: this.#store, header: (revision) => this.#header(revision) }
  }

  #applier({ now }: Turn, cause: EventId, trace: Pick<MemberTrace, 'emit'>, index: number): Applier {
    const persists = this.options.checkpoint === 'persist' || this.#differences.checkpointPersists
    const forgetsCheckpoints = index <= this.#checkpointsKnownTo && !persists
    const [store, lessor, member] = [this.#store, this.#lessor, this.options.name]
    return { store, lessor, member, trace, now, cause, forgetsCheckpoints, header: (revision) => this.#header(revision) }
  }

  #header(revision = this.#store.revision): Header {
    return { cluster_id: this.options.clusterId, member_id: this.options.ID, revision, raft_term: this.#consensus.term }
  }
}

function raftConfigOf(options: MemberOptions): RaftConfig {
  const { ID, electionMs, heartbeatMs } = options
  const { preVote } = differencesOf(options)
  return raftConfig(ID, { electionTick: Math.floor(electionMs / heartbeatMs), preVote })
}

function checkpointingOf({ checkpoint, checkpointIntervalMs }: MemberOptions, differences: Differences): Checkpointing {
  return { intervalMs: checkpoint === 'off' ? null : checkpointIntervalMs, afterPromotion: differences.checkpointsAfterPromotion }
}

/** A read that need not be the newest: a transaction only where all its reads say so. */
function isSerializable(request: RangeRequest | TxnRequest): boolean {
  if (request.type === 'Range') return request.serializable ?? false
  const ops = [...(request.success ?? []), ...(request.failure ?? [])]
  return ops.every((op) => (op.type === 'Range' || op.type === 'Txn') && isSerializable(op))
}

function infoOf({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): MemberInfo {
  return { ID, name, peerURLs, clientURLs, isLearner }
}

function isChange(proposal: { type: string }): proposal is MembershipChange {
  const { type } = proposal
  return type === 'MemberAdd' || type === 'MemberPromote' || type === 'MemberRemove' || type === 'MemberUpdate'
}
