// One etcd server: its log, its lessor, its store, its API. A machine: an input and the time go in,
// what it wishes done comes out; what happened goes to the trace. It reads no clock and keeps no
// closure.
//
//   request → validate → read                            → reply
//                      → propose → commit → apply        → reply, events to the watchers, news to
//                                                        the calls that wait
//                      → a recipe of Lock or Election    → its requests, which go the same way, one
//                                                        after the other
//   timer 'expiry' (every 500 ms) → due leases → propose LeaseRevoke → commit → apply → keys gone
//
// A lone member commits what it proposes at once; what a commit does to the state machine is
// apply.ts alone.

import { errors } from '../base/errors'
import { Random } from '../base/random'
import type { Header, LeaseId, MemberId, Request, RpcError, StreamCall } from '../base/rpc'
import type { ClientId, EventId, MemberName } from '../base/trace'
import type { LeaseInfo, SavedLessor } from '../lease/lessor'
import { Lessor } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import { Store } from '../mvcc/store'
import type { SoftState } from '../raft/message'
import type { Applier } from './apply'
import { apply } from './apply'
import type { SavedCalls } from './calls'
import { Calls } from './calls'
import type { ConsensusHost, NormalEntry, RaftMessage, SavedConsensus } from './consensus'
import { Consensus } from './consensus'
import type { ExpiryContext, SavedExpiryLoop } from './expiry-loop'
import { EXPIRY_LOOP_MS, ExpiryLoop } from './expiry-loop'
import { applyAttributes, applyChange, takeClusterMessage } from './group'
import type { SavedJoining } from './joining'
import { Joining } from './joining'
import type { SavedLeaderStreams } from './leader-streams'
import { LeaderStreams } from './leader-streams'
import type { LeaseContext, SavedLeaseServer } from './lease-server'
import { LeaseServer, requestTimeoutMs } from './lease-server'
import type { SavedLeaving } from './leaving'
import { Leaving } from './leaving'
import type { MemberOptions } from './member-options'
import { checkpointingOf, derivedOf, infoOf } from './member-options'
import type { SavedMembership } from './membership'
import { isChange, Membership } from './membership'
import type { PeerMessage } from './messages'
import type { SavedOwnClock } from './own-clock'
import { OwnClock } from './own-clock'
import type { ReadLoopContext, SavedReadLoop, WaitingReader } from './read-loop'
import { ReadLoop } from './read-loop'
import { RequestIds } from './request-ids'
import type { RequestContext } from './requests'
import { answerRead, refusalOfStream, serve, takeRequest } from './requests'
import type { SavedServices } from './services'
import { Services } from './services'
import type { MachineState } from './snapshot'
import { StorageVersion } from './storage-version'
import type { SavedTicker } from './ticker'
import { leadsAlone, Ticker } from './ticker'
import type { MemberOutput, MemberTimer, MemberTrace, Origin, Turn } from './turn'
import type { Differences } from './versions'
import { mutexRules } from './versions'
import type { SavedWatchLoop, Source } from './watch-loop'
import { WatchLoop } from './watch-loop'

export type { MemberOptions } from './member-options'
export type { PeerMessage } from './messages'
export type { MemberOutput, MemberTimer, MemberTrace } from './turn'

export type MemberInput =
  /**
   * Its process starts. `hurried`: its election clock begins almost run out, so that a cluster
   * without a leader has one soon (server.go: adjustTicks; semantics §6.1).
   */
  | { type: 'boot'; hurried: boolean }
  /** It stands for election now. */
  | { type: 'campaign' }
  /** It says its name to the cluster, as every member does once it has started. */
  | { type: 'publish' }
  | { type: 'message'; from: MemberId; message: PeerMessage }
  /** `requiresLeader`: its stream is for a member that knows a leader. */
  | { type: 'request'; client: ClientId; rpc: number; request: Request; requiresLeader?: boolean }
  /** A stream is opened without a message. */
  | { type: 'open'; client: ClientId; rpc: number; call: StreamCall; requiresLeader?: boolean }
  /** The client closed a stream, or gave up on a call. */
  | { type: 'cancel'; client: ClientId; rpc: number }
  | { type: 'timer'; timer: MemberTimer }
  /** It is asked to end (SIGTERM). */
  | { type: 'stop' }

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

export class Member {
  options: MemberOptions
  readonly #ids: RequestIds
  readonly #differences: Differences
  readonly #ownClock: OwnClock
  readonly #consensus: Consensus
  readonly #calls: Calls
  readonly #reads: ReadLoop
  readonly #joining: Joining
  #store: Store
  #lessor: Lessor
  readonly #watch: WatchLoop
  readonly #services: Services
  #membership: Membership
  readonly #leases: LeaseServer
  readonly #leaderStreams: LeaderStreams
  readonly #expiry: ExpiryLoop
  readonly #ticker: Ticker
  readonly #leaving: Leaving
  readonly #storageVersion: StorageVersion
  /**
   * Entries up to this index are not applied again by a new process: their checkpoints are on the
   * disk or lost.
   */
  #checkpointsKnownTo = 0
  /**
   * The last entry that wrote to the backend. A checkpoint that is not persisted writes nothing, so
   * the index in the backend stays before it (etcdserver/cindex; semantics §1.12).
   */
  #writtenTo = 0

  /**
   * A member that begins, one that comes back with what the disk of the crashed one held, or one
   * that goes on from a saved state.
   */
  constructor(options: MemberOptions, from: { crashed?: Member; saved?: SavedMember } = {}) {
    const { crashed, saved } = from
    const { raft, differences } = derivedOf(options)
    this.options = options
    this.#differences = differences
    this.#ids = new RequestIds(options.ID, options.startedAtMs)
    const checkpointing = checkpointingOf(options, differences)
    if (saved !== undefined) {
      this.#ownClock = OwnClock.load(saved.ownClock)
      this.#consensus = Consensus.load(raft, saved.consensus, options)
      this.#calls = Calls.load(saved.calls)
      this.#reads = ReadLoop.load(saved.reads)
      this.#joining = Joining.load(saved.joining)
      this.#ids.load(saved.requestIds)
      this.#expiry = ExpiryLoop.load(saved.expiry)
      this.#ticker = Ticker.load(saved.ticker)
      this.#leaving = Leaving.load(saved.leaving)
      this.#checkpointsKnownTo = saved.checkpointsKnownTo
      this.#writtenTo = saved.writtenTo
      this.#storageVersion = StorageVersion.load(saved.storageVersionAt)
      this.#store = Store.load(saved.store)
      this.#lessor = Lessor.load(saved.lessor, checkpointing)
      this.#watch = WatchLoop.load(differences, saved.watch)
      this.#services = Services.load(mutexRules(differences), saved.services)
      this.#membership = Membership.load(saved.membership)
      this.#leases = LeaseServer.load(saved.leases)
      this.#leaderStreams = LeaderStreams.load(saved.leaderStreams)
      this.#tellWall()
      return
    }
    const random = new Random(options.seed, `${options.name}/election`)
    const voters = options.joins === undefined ? options.cluster.map(({ ID }) => ID) : null
    this.#consensus =
      crashed === undefined
        ? Consensus.begin(raft, voters, random, options)
        : Consensus.restart(raft, voters, crashed.#consensus, options)
    this.#ownClock = crashed === undefined ? new OwnClock() : OwnClock.of(crashed.#ownClock)
    this.#calls = new Calls()
    this.#reads = new ReadLoop()
    this.#joining = new Joining()
    this.#leases = new LeaseServer()
    if (crashed !== undefined) {
      this.#leases.goOnFrom(crashed.#leases)
      this.#calls.goOnFrom(crashed.#calls)
      this.#checkpointsKnownTo = Math.max(crashed.#checkpointsKnownTo, crashed.#writtenTo)
    }
    this.#storageVersion = new StorageVersion(
      crashed === undefined ? undefined : crashed.#storageVersion,
    )
    this.#store = new Store()
    this.#lessor = new Lessor(options.minTtlSeconds, checkpointing)
    this.#watch = new WatchLoop(differences)
    this.#services = new Services(mutexRules(differences))
    this.#membership = new Membership(options.cluster.map(infoOf))
    this.#leaderStreams = new LeaderStreams()
    this.#expiry =
      crashed === undefined
        ? ExpiryLoop.begin(options.seed, options.name)
        : ExpiryLoop.restart(crashed.#expiry.save())
    this.#ticker = new Ticker()
    this.#leaving = new Leaving()
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

  /**
   * Virtual milliseconds of the pass of the expiry loop after which nothing due at `at` is left;
   * every pass comes on time.
   */
  passAfter(at: number): number {
    const first = this.#expiry.nextPassAt
    const shown = this.#ownClock.shown(at)
    return this.#ownClock.virtual(
      first + Math.max(0, Math.ceil((shown - first) / EXPIRY_LOOP_MS)) * EXPIRY_LOOP_MS,
    )
  }

  /** When (virtual ms) a pass of the expiry loop would find a lease, Infinity for never. */
  get nextDueAt(): number {
    return this.#ownClock.virtual(this.#lessor.nextDueAt())
  }

  /**
   * Every lease by what remains, least first, in virtual time; `FOREVER` is the deadline of those
   * that it does not count.
   */
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

  /**
   * Its process joins a running cluster and has not started its Raft: it serves neither clients nor
   * members.
   */
  get isJoining(): boolean {
    return this.#joining.isAsking
  }

  /** Whether it waits for another member's answer about a lease. */
  forwardsTo(member: MemberId): boolean {
    return this.#leases.forwardsTo(member)
  }

  /** Seconds by which its wall clock was put forward, in all. */
  get wallSeconds(): number {
    return this.#ownClock.wallMs / 1000
  }

  /** Takes one input at the virtual time `now`. `cause` is the event that it comes from. */
  step(input: MemberInput, now: number, trace: MemberTrace, cause: EventId): MemberOutput[] {
    const turn = this.#ownClock.turn(now, trace, cause)
    const looksAt = this.#nextLook()
    const wasAlone = leadsAlone(this.#consensus)
    this.#take(input, turn, cause)
    for (;;) {
      this.#consensus.work(() => this.#host(turn))
      this.#leases.progressed(() => this.#leaseContext(turn))
      const answer = turn.answers.shift()
      if (answer === undefined) break
      serve(
        this.#services.answer(answer.call, answer.reply, this.#source),
        this.#around(turn),
        answer.cause,
      )
    }
    if (wasAlone && !leadsAlone(this.#consensus)) this.#ticker.goOn(this.options, turn)
    const next = this.#nextLook()
    if (next !== looksAt)
      turn.timer('calls', next === Number.POSITIVE_INFINITY ? null : next, cause)
    return this.#ownClock.wishes(turn, now)
  }

  save(): SavedMember {
    return {
      ownClock: this.#ownClock.save(),
      consensus: this.#consensus.save(),
      calls: this.#calls.save(),
      reads: this.#reads.save(),
      joining: this.#joining.save(),
      requestIds: this.#ids.save(),
      expiry: this.#expiry.save(),
      ticker: this.#ticker.save(),
      leaving: this.#leaving.save(),
      checkpointsKnownTo: this.#checkpointsKnownTo,
      writtenTo: this.#writtenTo,
      storageVersionAt: this.#storageVersion.save(),
      store: this.#store.save(),
      lessor: this.#lessor.save(),
      watch: this.#watch.save(),
      services: this.#services.save(),
      membership: this.#membership.save(),
      leases: this.#leases.save(),
      leaderStreams: this.#leaderStreams.save(),
    }
  }

  static load(options: MemberOptions, saved: SavedMember): Member {
    return new Member(options, { saved })
  }

  #take(input: MemberInput, turn: Turn, cause: EventId): void {
    switch (input.type) {
      case 'boot':
        if (!this.#joins || !this.#joining.begin(this.#around(turn), cause))
          this.#boot(input.hurried, turn, cause)
        return
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
          if (this.#consensus.lead === null)
            return this.#refuse(origin, request, errors.NoLeader, turn, cause)
          this.#leaderStreams.open(input.client, input.rpc)
        }
        return takeRequest(origin, request, this.#around(turn), cause)
      }
      case 'open': {
        const origin: Origin = { type: 'client', client: input.client, rpc: input.rpc }
        const around = this.#around(turn)
        const refused = refusalOfStream(around, input.requiresLeader === true)
        if (refused !== undefined)
          return this.#refuse(origin, { type: input.call }, refused, turn, cause)
        if (input.requiresLeader === true) this.#leaderStreams.open(input.client, input.rpc)
        return
      }
      case 'cancel':
        this.#watch.close(input.client, input.rpc)
        this.#leases.cancel(input.client, input.rpc)
        this.#leaderStreams.close(input.client, input.rpc)
        this.#calls.cancel(input.client, input.rpc)
        this.#reads.cancel(input.client, input.rpc)
        return serve(
          this.#services.cancel(input.client, input.rpc, this.#source),
          this.#around(turn),
          cause,
        )
      case 'stop':
        return this.#leaving.begin(this.#around(turn), cause)
      case 'timer':
        this.#ownClock.fired(input.timer)
        return this.#timer(input.timer, turn, cause)
    }
  }

  /**
   * It has to ask its peers before its Raft starts (versions.ts: joinerAsksPeers). One that was in
   * the cluster before has not.
   */
  get #joins(): boolean {
    return (
      this.options.joins !== undefined &&
      this.#differences.joinerAsksPeers &&
      this.#consensus.isBlank
    )
  }

  #boot(hurried: boolean, turn: Turn, cause: EventId): void {
    const { now, trace } = turn
    const { name, expiryPhaseMs, electionMs, heartbeatMs } = this.options
    const booted = trace.emit({ type: 'booted', member: name }, cause)
    this.#ids.startAt(this.options.startedAtMs + now + this.#ownClock.wallMs)
    this.#leaderStreams.start(now)
    this.#storageVersion.start(now, !hurried)
    this.#expiry.start(now + expiryPhaseMs, turn, booted)
    this.#ticker.start(this.options, turn, booted)
    if (this.options.joins !== undefined) this.#calls.publish(this.#around(turn), booted)
    for (let ticks = hurried ? Math.floor(electionMs / heartbeatMs) - 2 : 0; ticks > 0; ticks--)
      this.#consensus.tick()
  }

  /**
   * From `now` (virtual ms) on its clock runs at so many percent. Answers with the deadlines of the
   * leases that it counts down, in virtual time.
   */
  setClock(percent: number, now: number): [LeaseId, number][] {
    this.#ownClock.change(percent, now)
    return this.#lessor.isPrimary ? this.leases().map(({ id, deadline }) => [id, deadline]) : []
  }

  /**
   * When a timer that is set is due, in virtual ms; undefined for one that is not set, and for
   * those that no clock drives.
   */
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

  #timer(timer: MemberTimer, turn: Turn, cause: EventId): void {
    switch (timer) {
      case 'expiry':
        return this.#expiry.pass(this.#expiryContext(turn))
      case 'watch-sync':
        return this.#watch.sync(this.options.name, this.#source, turn, cause)
      case 'watch-progress':
        return this.#watch.tellProgress(this.#source, turn, cause)
      case 'join':
        if (!this.#joining.late(this.#around(turn), cause)) this.#boot(true, turn, cause)
        return
      case 'tick':
        return this.#ticker.tick(
          this.#consensus,
          this.options,
          this.#ownClock.firedAt ?? turn.now,
          turn,
          cause,
        )
      case 'disk':
        return this.#consensus.persisted()
      case 'exit':
        return turn.exit(cause)
      case 'stop':
        return this.#leaving.look(this.#around(turn), cause)
      case 'revokes':
        return this.#expiry.takeLate(this.#expiryContext(turn))
      case 'leader-look': {
        const ended = this.#leaderStreams.look(
          this.#consensus.lead !== null,
          this.options.electionMs,
          turn.now,
        )
        for (const { client, rpc } of ended) this.#endForWantOfLeader(client, rpc, turn, cause)
        return this.#leaderStreams.schedule(
          this.#consensus.lead !== null,
          this.options.electionMs,
          turn,
          cause,
        )
      }
      case 'calls':
        this.#reads.look(this.#readContext(turn))
        this.#leases.look(this.#leaseContext(turn))
        this.#expiry.look(this.#expiryContext(turn))
        return this.#calls.look(this.#around(turn))
    }
  }

  /** What a stream that is ended waits for is not waited for any more. */
  #endForWantOfLeader(client: ClientId, rpc: number, turn: Turn, cause: EventId): void {
    this.#watch.close(client, rpc)
    this.#leases.cancel(client, rpc)
    const { name: member } = this.options
    const ended = turn.trace.emit(
      { type: 'stream-ended', member, client, message: errors.NoLeader.message },
      cause,
    )
    turn.answer({ type: 'client', client, rpc }, errors.NoLeader, ended)
  }

  // Consensus -------------------------------------------------------------------------------------

  #host(turn: Turn): ConsensusHost {
    return {
      now: turn.now,
      roleChanged: (state, term) => this.#roleChanged(state, term, turn),
      apply: (entry) => this.#apply(entry, turn),
      change: (entry) => {
        this.#writtenTo = entry.index
        return applyChange(entry, this.#around(turn))
      },
      restore: (state) => this.#restoreFrom(state, turn),
      state: () => this.#state(),
      readable: (context) => this.#reads.readable(context, this.#readContext(turn)),
      send: (message: RaftMessage) => turn.send(message.to, { type: 'raft', message }, turn.cause),
      writing: () => turn.timer('disk', turn.now + this.options.diskMs, turn.cause),
    }
  }

  #roleChanged(state: SoftState, term: number, turn: Turn): void {
    const { name: member } = this.options
    const lead = state.lead === null ? null : this.#nameOf(state.lead)
    const event = turn.trace.emit(
      { type: 'role-changed', member, role: state.role, term, lead },
      turn.cause,
    )
    if (state.role !== 'leader' && this.#lessor.isPrimary) {
      turn.trace.emit({ type: 'demoted', member, term, leases: this.#lessor.size }, event)
      this.#lessor.demote()
      this.#leases.demoted(this.#leaseContext(turn))
    }
    this.#leaderStreams.schedule(state.lead !== null, this.options.electionMs, turn, event)
    if (state.lead === null) return
    if (state.role === 'leader') this.#calls.elected(turn.now)
    this.#reads.leaderChanged(this.#readContext(turn))
    this.#expiry.leaderChanged(this.#expiryContext(turn))
    this.#calls.leaderChanged(state.lead, this.#around(turn), event)
  }

  /**
   * One committed entry, in log order. Who proposed it here is answered; the watchers and the calls
   * that wait are told.
   */
  #apply(entry: NormalEntry, turn: Turn): void {
    const tells = turn.trace.tells(entry.index)
    if (entry.data === null) return this.#firstOfTerm(turn)
    const { proposal, from, id, cause } = entry.data
    if (proposal?.type !== 'LeaseCheckpoint' || this.#persistsCheckpoints)
      this.#writtenTo = entry.index
    const isOwn = from === this.options.ID
    // A change of the group comes as an entry of its own kind.
    if (proposal === null || isChange(proposal)) return
    if (proposal.type === 'MemberAttributes')
      return applyAttributes(proposal, isOwn ? id : null, tells, this.#around(turn), cause)
    const trace = tells ? turn.trace : this.#silent(turn, entry.index, cause)
    const applied = apply(proposal, this.#applier(turn, cause, trace, entry.index))
    if (applied.reply === errors.SortPanics) return turn.panic('unexpected sort target', cause)
    const call = isOwn ? this.#calls.proposal(id) : undefined
    if (call !== undefined && applied.reply !== null)
      this.#calls.answer(call, applied.reply, this.#around(turn), applied.event)
    const { changes, event } = applied
    if (proposal.type === 'LeaseCheckpoint' && isOwn)
      this.#leases.checkpointed(id, this.#leaseContext(turn), event)
    if (changes.length > 0) this.#watch.notify(changes, this.#source, turn, event)
    if (isOwn) this.#expiry.applied(id, () => this.#expiryContext(turn))
    if (proposal.type === 'LeaseRevoke')
      this.#leases.revoked(proposal.ID, this.#leaseContext(turn), event)
    if (changes.length > 0)
      serve(
        this.#services.notify(this.#store.revision, changes, this.#source),
        this.#around(turn),
        event,
      )
  }

  /**
   * A new leader's own first entry: everything before it is applied, and the lessor may count
   * (server.go: applyEntryNormal; semantics §1.10).
   */
  #firstOfTerm(turn: Turn): void {
    if (!this.#consensus.isLeader) return
    const { name: member, electionMs } = this.options
    const otherwise = this.#ownClock.promised(this.#lessor.promote(turn.now, electionMs), () =>
      this.#lessor.leases(),
    )
    const { size: leases } = this.#lessor
    const told = {
      member,
      term: this.#consensus.term,
      leases,
      extendMs: electionMs,
      ...(otherwise.length > 0 ? { otherwise } : {}),
    }
    this.#lessor.setCauses(turn.trace.emit({ type: 'promoted', ...told }, turn.cause))
  }

  /**
   * The trace of a member that applies what another has told already: one event for the whole
   * entry.
   */
  #silent(turn: Turn, index: number, cause: EventId): Pick<MemberTrace, 'emit'> {
    let event = 0
    return {
      emit: () =>
        (event ||= turn.trace.emit(
          { type: 'entry-applied', member: this.options.name, index },
          turn.cause,
          cause,
        )),
    }
  }

  /** A reader is served by its round, or fails with it. */
  #readerDone({ id, reader, cause }: WaitingReader, error: RpcError | null, turn: Turn): void {
    if (reader.type === 'read') {
      const { origin, request } = reader
      if (error === null) return answerRead(origin, request, this.#around(turn), cause)
      return this.#refuse(origin, request, error, turn, cause, turn.cause)
    }
    if (reader.type === 'joiner') {
      return turn.send(
        reader.member,
        { type: 'downgrade-answer', id: reader.id, isKnown: error === null },
        cause,
      )
    }
    const leads = error === null && this.#consensus.isLeader
    this.#leases.answered(id, leads, this.#leaseContext(turn))
    this.#expiry.answered(id, leads, this.#expiryContext(turn))
  }

  #nextLook(): number {
    return Math.min(
      this.#reads.nextAt,
      this.#leases.nextAt,
      this.#expiry.nextAt,
      this.#calls.nextAt,
    )
  }

  #nameOf(id: MemberId): MemberName {
    const { cluster, joins = [] } = this.options
    const named = [...cluster, ...this.#membership.members, ...joins].find(
      ({ ID, name }) => ID === id && name !== '',
    )
    return named?.name ?? id
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
      case 'downgrade-ask': {
        const deadlineAt = turn.now + requestTimeoutMs(this.options.electionMs)
        this.#reads.wait(
          { type: 'joiner', member: from, id: message.id },
          deadlineAt,
          this.#readContext(turn),
          cause,
        )
        return
      }
      case 'downgrade-answer':
        if (!this.#joining.answered(message.id, message.isKnown, this.#around(turn), cause))
          this.#boot(true, turn, cause)
        return
      case 'promote-forward':
      case 'promote-answer':
      case 'removed':
        return takeClusterMessage(from, message, this.#around(turn), cause)
      default:
        return this.#leases.message(from, message, this.#leaseContext(turn), cause)
    }
  }

  // A state for a snapshot, and from one ----------------------------------------------------------

  #state(): MachineState {
    return {
      store: this.#store.save(),
      lessor: this.#lessor.saveForSnapshot(),
      membership: this.#membership.save(),
    }
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
    const event = turn.trace.emit(
      { type: 'snapshot-restored', member, revision, keys, leases: this.#lessor.size },
      turn.cause,
    )
    this.#watch.restored(this.#source, turn, event)
    serve(this.#services.restored(this.#source), this.#around(turn), event)
  }

  // Leases ----------------------------------------------------------------------------------------

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
      isActive: this.#ticker.isActive(this.#consensus, this.options, turn.now),
      commit: this.#consensus.commit,
      applied: this.#consensus.applied,
      askLeadership: (cause) => this.#askLeadership(turn, cause),
      checkpoint: (checkpoints, cause) => {
        this.#ids.skip()
        const { id, outcome } = this.#consensus.propose(
          { type: 'LeaseCheckpoint', checkpoints },
          cause,
        )
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
      isAlone: this.#consensus.isAlone,
      isActive: this.#ticker.isActive(this.#consensus, this.options, turn.now),
      hasLeader: this.#consensus.lead !== null,
      requestTimeoutMs: requestTimeoutMs(this.options.electionMs),
      askLeadership: (cause) => this.#askLeadership(turn, cause),
      propose: (proposal, cause) => {
        this.#ids.skip()
        const { id, outcome } = this.#consensus.propose(proposal, cause)
        return outcome === 'dropped' ? null : id
      },
    }
  }

  #readContext(turn: Turn): ReadLoopContext {
    return {
      now: turn.now,
      electionMs: this.options.electionMs,
      readIndex: () => {
        this.#ids.skip()
        return this.#consensus.readIndex().context
      },
      isConfirmed: (context) => this.#consensus.awaitsApply(context),
      done: (waiting, error) => this.#readerDone(waiting, error, turn),
    }
  }

  #askLeadership(turn: Turn, cause: EventId): number {
    const deadlineAt = turn.now + requestTimeoutMs(this.options.electionMs)
    return this.#reads.wait({ type: 'leadership' }, deadlineAt, this.#readContext(turn), cause)
  }

  // What all of it stands on ----------------------------------------------------------------------

  #around(turn: Turn): RequestContext {
    return {
      turn,
      options: this.options,
      consensus: this.#consensus,
      membership: this.#membership,
      differences: this.#differences,
      calls: this.#calls,
      ids: this.#ids,
      lessor: this.#lessor,
      leases: this.#leases,
      watch: this.#watch,
      services: this.#services,
      source: this.#source,
      storageVersion: this.#storageVersion,
      leaseContext: () => this.#leaseContext(turn),
      read: (origin, request, cause) => {
        this.#reads.wait({ type: 'read', origin, request }, null, this.#readContext(turn), cause)
      },
      wallMs: this.#ownClock.wallMs,
      header: (revision) => this.#header(revision),
      nameOf: (id) => this.#nameOf(id),
      refuse: (origin, request, refused, cause) =>
        this.#refuse(origin, request, refused, turn, cause),
    }
  }

  #refuse(
    origin: Origin,
    request: { type: Request['type'] | StreamCall },
    refused: RpcError,
    turn: Turn,
    ...causes: EventId[]
  ): void {
    const event = turn.trace.emit(
      {
        type: 'request-refused',
        member: this.options.name,
        request: request.type,
        message: refused.message,
      },
      ...causes,
    )
    turn.answer(origin, refused, event)
  }

  /** The store, and the header that answers from it carry. */
  get #source(): Source {
    return { store: this.#store, header: (revision) => this.#header(revision) }
  }

  get #persistsCheckpoints(): boolean {
    return this.options.checkpoint === 'persist' || this.#differences.checkpointPersists
  }

  #applier(
    { now }: Turn,
    cause: EventId,
    trace: Pick<MemberTrace, 'emit'>,
    index: number,
  ): Applier {
    const forgetsCheckpoints = index <= this.#checkpointsKnownTo && !this.#persistsCheckpoints
    const [store, lessor, member] = [this.#store, this.#lessor, this.options.name]
    const differences = this.#differences
    return {
      store,
      lessor,
      member,
      trace,
      now,
      cause,
      forgetsCheckpoints,
      differences,
      header: (revision) => this.#header(revision),
    }
  }

  #header(revision = this.#store.revision): Header {
    return {
      cluster_id: this.options.clusterId,
      member_id: this.options.ID,
      revision,
      raft_term: this.#consensus.term,
    }
  }
}
