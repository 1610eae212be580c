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
import type { ConcurrencyRequest, Header, LeaseId, MemberId, MemberInfo, Reply, Request, RpcError, WatchRequest } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ClientId, EventId, MemberName, Trace } from '../base/trace'
import type { SavedLessor } from '../lease/lessor'
import { Lessor, remainingSeconds } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import { Store } from '../mvcc/store'
import { WATCH_SYNC_MS } from '../mvcc/watch'
import type { Applied, Applier, Proposal } from './apply'
import { apply, isReadOnly, read } from './apply'
import type { MembershipRequest, SavedMembership } from './membership'
import { Membership } from './membership'
import { RequestIds } from './request-ids'
import type { SavedServices, ServiceWish } from './services'
import { Services } from './services'
import type { MemberOutput, MemberTimer, Origin } from './turn'
import { Turn } from './turn'
import { oversized, refusal, tooLargeToPropose } from './validate'
import type { Differences } from './versions'
import { differencesOf } from './versions'
import type { SavedWatchServer, WatchAnswer } from './watch-server'
import { WatchServer } from './watch-server'

export type { MemberOutput, MemberTimer } from './turn'

/** Milliseconds between two passes of the expiry loop (lessor.go: runLoop). */
export const EXPIRY_LOOP_MS = 500
/** The most leases that one pass hands out: half of a thousand a second (lessor.go: leaseRevokeRate). */
export const REVOKES_PER_PASS = 500

export type MemberInput =
  | { type: 'boot' }
  | { type: 'request'; client: ClientId; rpc: number; request: Request }
  /** The client closed a stream, or gave up on a call. */
  | { type: 'cancel'; client: ClientId; rpc: number }
  | { type: 'timer'; timer: MemberTimer }

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
}

/** A keep-alive stream whose request waits for the revoke of a lease whose time has run out; requests behind it wait too (semantics §1.6). */
interface WaitingRenewal {
  client: ClientId
  rpc: number
  lease: LeaseId
  behind: LeaseId[]
}

export interface SavedMember {
  term: number
  raftIndex: number
  requestIds: number
  watchSyncing: boolean
  nextPassAt: number
  store: SavedStore
  lessor: SavedLessor
  watch: SavedWatchServer
  services: SavedServices
  membership: SavedMembership
  waiting: WaitingRenewal[]
}

/** After the election of a lone member: its own configuration change, the new leader's empty entry, its name, the cluster's version. */
const BOOTED_INDEX = 4
const BOOTED_TERM = 2
/** Bytes of a database that holds next to nothing, and of what of it is in use: 3.4 on a page of 4 KiB. An estimate where there is more in it. */
const DB_SIZE = 20_480
const DB_SIZE_IN_USE = 16_384

export class Member {
  readonly options: MemberOptions
  readonly #ids: RequestIds
  readonly #differences: Differences
  #term = 0
  #raftIndex = 0
  #store = new Store()
  #lessor: Lessor
  #watch: WatchServer
  #services: Services
  #membership: Membership
  #waiting: WaitingRenewal[] = []
  #watchSyncing = false
  #nextPassAt = 0

  constructor(options: MemberOptions) {
    this.options = options
    this.#ids = new RequestIds(options.ID, options.startedAtMs)
    this.#differences = differencesOf(options)
    this.#lessor = new Lessor(options.minTtlSeconds)
    this.#watch = new WatchServer(this.#differences.progressWaitsForSync)
    this.#services = new Services(this.#differences.mutexChecksSession)
    this.#membership = new Membership(infoOf(options))
  }

  get store(): Store {
    return this.#store
  }

  get lessor(): Lessor {
    return this.#lessor
  }

  get term(): number {
    return this.#term
  }

  /** The commit index; a lone member has applied up to it. */
  get raftIndex(): number {
    return this.#raftIndex
  }

  /** Virtual milliseconds of the next pass of the expiry loop. */
  get nextPassAt(): number {
    return this.#nextPassAt
  }

  /** Takes one input. `cause` is the event that it comes from. */
  step(input: MemberInput, now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const turn = new Turn(now, trace)
    this.#take(input, turn, cause)
    for (let answer = turn.answers.shift(); answer !== undefined; answer = turn.answers.shift()) {
      this.#serve(this.#services.answer(answer.call, answer.reply, this.#source), turn, answer.cause)
    }
    return turn.outputs
  }

  save(): SavedMember {
    return {
      term: this.#term,
      raftIndex: this.#raftIndex,
      requestIds: this.#ids.save(),
      watchSyncing: this.#watchSyncing,
      nextPassAt: this.#nextPassAt,
      store: this.#store.save(),
      lessor: this.#lessor.save(),
      watch: this.#watch.save(),
      services: this.#services.save(),
      membership: this.#membership.save(),
      waiting: this.#waiting.map((waiting) => ({ ...waiting, behind: [...waiting.behind] })),
    }
  }

  static load(options: MemberOptions, saved: SavedMember): Member {
    const member = new Member(options)
    member.#term = saved.term
    member.#raftIndex = saved.raftIndex
    member.#ids.load(saved.requestIds)
    member.#watchSyncing = saved.watchSyncing
    member.#nextPassAt = saved.nextPassAt
    member.#store = Store.load(saved.store)
    member.#lessor = Lessor.load(saved.lessor)
    member.#watch = WatchServer.load(member.#differences.progressWaitsForSync, saved.watch)
    member.#services = Services.load(member.#differences.mutexChecksSession, saved.services)
    member.#membership = Membership.load(infoOf(options), saved.membership)
    member.#waiting = saved.waiting.map((waiting) => ({ ...waiting, behind: [...waiting.behind] }))
    return member
  }

  #take(input: MemberInput, turn: Turn, cause: EventId): void {
    switch (input.type) {
      case 'boot':
        return this.#boot(turn, cause)
      case 'request': {
        const { request } = input
        const origin: Origin = { type: 'client', client: input.client, rpc: input.rpc }
        const refused = oversized(request)
        return refused === undefined ? this.#request(origin, request, turn, cause) : this.#refuse(origin, request, refused, turn, cause)
      }
      case 'cancel':
        this.#watch.close(input.client, input.rpc)
        this.#waiting = this.#waiting.filter(({ client, rpc }) => client !== input.client || rpc !== input.rpc)
        return this.#serve(this.#services.cancel(input.client, input.rpc, this.#source), turn, cause)
      case 'timer':
        return this.#timer(input.timer, turn, cause)
    }
  }

  /** Starts elected: by time 0 it leads, and has applied its term's first entry, which promotes its lessor (semantics §1.10). */
  #boot(turn: Turn, cause: EventId): void {
    const { now, trace } = turn
    const booted = trace.emit({ type: 'booted', member: this.options.name }, cause)
    this.#term = BOOTED_TERM
    this.#raftIndex = BOOTED_INDEX
    const promoted = trace.emit({ type: 'promoted', member: this.options.name, term: this.#term, leases: this.#lessor.size }, booted)
    this.#lessor.promote(now, this.options.electionMs, promoted)
    this.#nextPassAt = now + this.options.expiryPhaseMs
    turn.timer('expiry', this.#nextPassAt, booted)
  }

  #timer(timer: MemberTimer, turn: Turn, cause: EventId): void {
    switch (timer) {
      case 'expiry':
        return this.#expire(turn, cause)
      case 'watch-sync':
        return this.#syncWatches(turn, cause)
      case 'watch-progress':
        this.#tell(this.#watch.tellProgress(turn.now, this.#source), turn, cause)
        return this.#scheduleProgress(turn, cause)
    }
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
        this.#ids.skip()
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
        return turn.answer(origin, this.#timeToLive(request.ID, request.keys ?? false, turn.now), cause)
      case 'LeaseLeases':
        return turn.answer(
          origin,
          { type: 'LeaseLeases', header: this.#header(), leases: this.#lessor.leases().map(({ id }) => id) },
          cause,
        )
      case 'Status':
        return turn.answer(origin, this.#status(), cause)
      case 'MoveLeader': {
        // It leads, and so it has nothing to do where it is asked to hand over to itself.
        const target = this.#membership.find(request.targetID)
        if (target === undefined || target.isLearner) return this.#refuse(origin, request, errors.BadLeaderTransferee, turn, cause)
        return turn.answer(origin, { type: 'MoveLeader' }, cause)
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
        return this.#keepAlive(client, rpc, request.ID, turn, cause)
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

  /** Hands an entry to consensus. Alone, it is committed at once. Those who wait are told after `answer` has been given its answer. */
  #propose(proposal: Proposal, turn: Turn, cause: EventId, answer: (applied: Applied) => void): void {
    this.#ids.skip()
    this.#raftIndex++
    const applied = apply(proposal, this.#applier(turn, cause))
    answer(applied)
    const { changes, event } = applied
    if (changes.length > 0) this.#tell(this.#watch.notify(this.#store.revision, changes, this.#source.header), turn, event)
    if (proposal.type === 'LeaseRevoke') this.#release(proposal.ID, turn, event)
    if (changes.length > 0) this.#serve(this.#services.notify(this.#store.revision, changes, this.#source), turn, event)
  }

  #answerProposal(origin: Origin, proposal: Proposal, turn: Turn, cause: EventId): void {
    const refused = tooLargeToPropose(proposal, this.#ids.nextBytes)
    if (refused !== undefined) {
      this.#ids.skip()
      return this.#refuse(origin, proposal, refused, turn, cause)
    }
    this.#propose(proposal, turn, cause, ({ reply, event }) => turn.answer(origin, reply, event))
  }

  #answerRead(origin: Origin, request: Parameters<typeof read>[0], turn: Turn, cause: EventId): void {
    const answer = read(request, this.#source)
    if (answer.type === 'error') return this.#refuse(origin, request, answer, turn, cause)
    turn.answer(origin, answer, cause)
  }

  #answerMembership(origin: Origin, request: MembershipRequest, turn: Turn, cause: EventId): void {
    const unixSeconds = Math.floor((this.options.startedAtMs + turn.now) / 1000)
    const { reply, proposed } = this.#membership.answer(request, this.#header(0), unixSeconds)
    if (proposed) {
      this.#ids.skip()
      this.#raftIndex++
    }
    if (reply.type === 'error') return this.#refuse(origin, request, reply, turn, cause)
    turn.answer(origin, reply, cause)
  }

  /** v3_server.go: LeaseTimeToLive; an unknown lease is answered with −1, not refused (semantics §1.8). */
  #timeToLive(lease: LeaseId, keys: boolean, now: number): Reply {
    const info = this.#lessor.lookup(lease)
    if (info === undefined) return { type: 'LeaseTimeToLive', header: this.#header(), ID: lease, TTL: -1, grantedTTL: 0, keys: [] }
    return {
      type: 'LeaseTimeToLive',
      header: this.#header(),
      ID: lease,
      TTL: remainingSeconds(info.deadline, now),
      grantedTTL: info.ttlSeconds,
      keys: keys ? this.#lessor.keysOf(lease) : [],
    }
  }

  #status(): Reply {
    return {
      type: 'Status',
      header: this.#header(),
      version: this.options.etcdVersion,
      dbSize: DB_SIZE,
      dbSizeInUse: DB_SIZE_IN_USE,
      leader: this.options.ID,
      raftIndex: this.#raftIndex,
      raftTerm: this.#term,
      raftAppliedIndex: this.#raftIndex,
      errors: [],
      isLearner: false,
    }
  }

  // Leases -----------------------------------------------------------------------------------------------------------------------------------------

  /** v3_server.go: LeaseRenew. The header is filled before the lease is looked at. */
  #keepAlive(client: ClientId, rpc: number, lease: LeaseId, turn: Turn, cause: EventId): void {
    const queue = this.#waiting.find((waiting) => waiting.client === client && waiting.rpc === rpc)
    if (queue !== undefined) {
      queue.behind.push(lease)
      return
    }
    const renewal = this.#lessor.renew(lease, turn.now)
    const member = this.options.name
    const origin: Origin = { type: 'client', client, rpc }
    const reply = (TTL: number, event: EventId): void =>
      turn.answer(origin, { type: 'LeaseKeepAlive', header: this.#header(), ID: lease, TTL }, event)
    switch (renewal.type) {
      case 'renewed': {
        const { ttlSeconds, deadline } = renewal
        const event = turn.trace.emit({ type: 'lease-renewed', member, lease, ttlSeconds, deadline }, cause)
        this.#lessor.setCause(lease, event)
        return reply(ttlSeconds, event)
      }
      case 'not-found':
        return reply(0, turn.trace.emit({ type: 'renewal-refused', member, lease }, cause))
      case 'expired':
        turn.trace.emit({ type: 'renewal-waits', member, lease }, cause)
        this.#waiting.push({ client, rpc, lease, behind: [] })
        return
      case 'not-primary':
        return turn.answer(origin, errors.NoLeader, cause)
    }
  }

  /** The revoke of a lease has been applied: renewals that waited for it are refused, and what waited behind them is served. */
  #release(lease: LeaseId, turn: Turn, cause: EventId): void {
    const released = this.#waiting.filter((waiting) => waiting.lease === lease)
    if (released.length === 0) return
    this.#waiting = this.#waiting.filter((waiting) => waiting.lease !== lease)
    for (const { client, rpc, behind } of released) {
      for (const next of [lease, ...behind]) this.#keepAlive(client, rpc, next, turn, cause)
    }
  }

  /** One pass of the expiry loop: proposes the revoke of what is due, and looks again in half a second (semantics §1.7). */
  #expire(turn: Turn, cause: EventId): void {
    const due = this.#lessor.due(turn.now, REVOKES_PER_PASS)
    const pass = turn.trace.emit({ type: 'expiry-pass', member: this.options.name, due: due.length }, cause)
    this.#nextPassAt = turn.now + EXPIRY_LOOP_MS
    turn.timer('expiry', this.#nextPassAt, pass)
    for (const lease of due) this.#revokeExpired(lease, turn, pass)
  }

  #revokeExpired(lease: LeaseId, turn: Turn, pass: EventId): void {
    const info = this.#lessor.lookup(lease)
    if (info === undefined) return
    const { deadline } = info
    const expired = turn.trace.emit(
      { type: 'lease-expired', member: this.options.name, lease, deadline, keys: this.#lessor.keyCount(lease) },
      pass,
      ...(info.cause > 0 ? [info.cause] : []),
    )
    this.#propose({ type: 'LeaseRevoke', ID: lease, end: 'expired' }, turn, expired, () => {})
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

  #refuse(origin: Origin, request: Request | Proposal, refused: RpcError, turn: Turn, cause: EventId): void {
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

  #applier(turn: Turn, cause: EventId): Applier {
    const { now, trace } = turn
    return { ...this.#source, member: this.options.name, lessor: this.#lessor, trace, now, cause }
  }

  #header(revision = this.#store.revision): Header {
    return { cluster_id: this.options.clusterId, member_id: this.options.ID, revision, raft_term: this.#term }
  }
}

function infoOf({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): MemberInfo {
  return { ID, name, peerURLs, clientURLs, isLearner }
}
