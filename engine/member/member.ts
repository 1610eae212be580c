// One etcd server: its log, its lessor, its store, its API. A machine: an input and the time go in, what it wishes done comes out; what happened goes to the
// trace. It reads no clock and keeps no closure.
//
//   request → validate → read                            → reply
//                      → propose → commit → apply        → reply, and events to the watchers
//   timer 'expiry' (every 500 ms) → due leases → propose LeaseRevoke → commit → apply → keys gone
//
// A lone member commits what it proposes at once; what a commit does to the state machine is apply.ts alone.

import { errors } from '../base/errors'
import type { Header, LeaseId, MemberId, MemberInfo, Reply, Request, RpcError, WatchRequest } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ClientId, EventId, LeaseEnd, MemberName, Trace } from '../base/trace'
import type { SavedLessor } from '../lease/lessor'
import { Lessor, remainingSeconds } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import { Store } from '../mvcc/store'
import { WATCH_SYNC_MS } from '../mvcc/watch'
import type { Applied, Applier, Proposal } from './apply'
import { apply, isReadOnly, read } from './apply'
import { RequestIds } from './request-ids'
import { refusal } from './validate'
import type { SavedWatchServer, WatchAnswer } from './watch-server'
import { WatchServer } from './watch-server'

/** Milliseconds between two passes of the expiry loop (lessor.go: runLoop). */
export const EXPIRY_LOOP_MS = 500
/** The most leases that one pass hands out: half of a thousand a second (lessor.go: leaseRevokeRate). */
export const REVOKES_PER_PASS = 500

export type MemberTimer = 'expiry' | 'watch-sync'

export type MemberInput =
  | { type: 'boot' }
  | { type: 'request'; client: ClientId; rpc: number; request: Request }
  /** The client closed a stream, or gave up on a call. */
  | { type: 'cancel'; client: ClientId; rpc: number }
  | { type: 'timer'; timer: MemberTimer }

export type MemberOutput =
  | { type: 'reply'; client: ClientId; rpc: number; reply: Reply; cause: EventId }
  | { type: 'timer'; timer: MemberTimer; at: number; cause: EventId }

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
  waiting: WaitingRenewal[]
}

/** After the election of a lone member: its own configuration change, the new leader's empty entry, its name, the cluster's version. */
const BOOTED_INDEX = 4
const BOOTED_TERM = 2

export class Member {
  readonly options: MemberOptions
  readonly #ids: RequestIds
  #term = 0
  #raftIndex = 0
  #store = new Store()
  #lessor: Lessor
  #watch = new WatchServer()
  #waiting: WaitingRenewal[] = []
  #watchSyncing = false
  #nextPassAt = 0

  constructor(options: MemberOptions) {
    this.options = options
    this.#ids = new RequestIds(options.ID, options.startedAtMs)
    this.#lessor = new Lessor(options.minTtlSeconds)
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
    switch (input.type) {
      case 'boot':
        return this.#boot(now, trace, cause)
      case 'request':
        return this.#request(input.client, input.rpc, input.request, now, trace, cause)
      case 'cancel':
        this.#watch.close(input.client, input.rpc)
        this.#waiting = this.#waiting.filter(({ client, rpc }) => client !== input.client || rpc !== input.rpc)
        return []
      case 'timer':
        return input.timer === 'expiry' ? this.#expire(now, trace, cause) : this.#syncWatches(now, trace, cause)
    }
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
    member.#watch = WatchServer.load(saved.watch)
    member.#waiting = saved.waiting.map((waiting) => ({ ...waiting, behind: [...waiting.behind] }))
    return member
  }

  /** Starts elected: by time 0 it leads, and has applied its term's first entry, which promotes its lessor (semantics §1.10). */
  #boot(now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const booted = trace.emit({ type: 'booted', member: this.options.name }, cause)
    this.#term = BOOTED_TERM
    this.#raftIndex = BOOTED_INDEX
    const promoted = trace.emit({ type: 'promoted', member: this.options.name, term: this.#term, leases: this.#lessor.size }, booted)
    this.#lessor.promote(now, this.options.electionMs, promoted)
    this.#nextPassAt = now + this.options.expiryPhaseMs
    return [{ type: 'timer', timer: 'expiry', at: this.#nextPassAt, cause: booted }]
  }

  #request(client: ClientId, rpc: number, request: Request, now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const reply = (reply: Reply, event: EventId = cause): MemberOutput => ({ type: 'reply', client, rpc, reply, cause: event })
    const refused = refusal(request)
    if (refused !== undefined) return [reply(refused, this.#refused(request, refused, trace, cause))]
    switch (request.type) {
      case 'Range':
        if (!request.serializable) this.#ids.skip()
        return [this.#answerRead(reply, request, trace, cause)]
      case 'Txn':
        if (!isReadOnly(request)) return this.#answerProposal(reply, request, now, trace, cause)
        this.#ids.skip()
        return [this.#answerRead(reply, request, trace, cause)]
      case 'Put':
      case 'DeleteRange':
      case 'Compact':
        return this.#answerProposal(reply, request, now, trace, cause)
      case 'LeaseGrant': {
        const ID = request.ID === undefined || request.ID === NO_LEASE ? this.#ids.nextLeaseId() : request.ID
        return this.#answerProposal(reply, { ...request, ID }, now, trace, cause)
      }
      case 'LeaseRevoke':
        return this.#answerProposal(reply, { type: 'LeaseRevoke', ID: request.ID, end: 'revoked' }, now, trace, cause)
      case 'LeaseKeepAlive':
        return this.#keepAlive(client, rpc, request.ID, now, trace, cause)
      case 'LeaseTimeToLive':
        return [reply(this.#timeToLive(request.ID, request.keys ?? false, now))]
      case 'LeaseLeases':
        return [reply({ type: 'LeaseLeases', header: this.#header(), leases: this.#lessor.leases().map(({ id }) => id) })]
      case 'WatchCreate':
      case 'WatchCancel':
      case 'WatchProgress':
        return this.#watchRequest(client, rpc, request, now, trace, cause)
      case 'MemberList':
        return [reply({ type: 'MemberList', header: { ...this.#header(), revision: 0 }, members: [this.#info()] })]
      default:
        return [reply(errors.NotModelled, this.#refused(request, errors.NotModelled, trace, cause))]
    }
  }

  /** Hands an entry to consensus. Alone, it is committed at once. */
  #propose(proposal: Proposal, now: number, trace: Trace, cause: EventId): { applied: Applied; told: MemberOutput[] } {
    this.#ids.skip()
    this.#raftIndex++
    const applied = apply(proposal, this.#applier(now, trace, cause))
    const header = (revision: number): Header => this.#header(revision)
    const told =
      applied.changes.length === 0 ? [] : outputs(this.#watch.notify(this.#store.revision, applied.changes, header), applied.event)
    if (proposal.type === 'LeaseRevoke') told.push(...this.#release(proposal.ID, now, trace, applied.event))
    return { applied, told }
  }

  #answerProposal(
    reply: (r: Reply, event: EventId) => MemberOutput,
    proposal: Proposal,
    now: number,
    trace: Trace,
    cause: EventId,
  ): MemberOutput[] {
    const { applied, told } = this.#propose(proposal, now, trace, cause)
    return [reply(applied.reply, applied.event), ...told]
  }

  #answerRead(
    reply: (r: Reply, event?: EventId) => MemberOutput,
    request: Parameters<typeof read>[0],
    trace: Trace,
    cause: EventId,
  ): MemberOutput {
    const answer = read(request, { store: this.#store, header: (revision) => this.#header(revision) })
    return answer.type === 'error' ? reply(answer, this.#refused(request, answer, trace, cause)) : reply(answer)
  }

  /** v3_server.go: LeaseRenew. The header is filled before the lease is looked at. */
  #keepAlive(client: ClientId, rpc: number, lease: LeaseId, now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const queue = this.#waiting.find((waiting) => waiting.client === client && waiting.rpc === rpc)
    if (queue !== undefined) {
      queue.behind.push(lease)
      return []
    }
    const renewal = this.#lessor.renew(lease, now)
    const member = this.options.name
    const reply = (TTL: number, event: EventId): MemberOutput[] => [
      { type: 'reply', client, rpc, reply: { type: 'LeaseKeepAlive', header: this.#header(), ID: lease, TTL }, cause: event },
    ]
    switch (renewal.type) {
      case 'renewed': {
        const { ttlSeconds, deadline } = renewal
        const event = trace.emit({ type: 'lease-renewed', member, lease, ttlSeconds, deadline }, cause)
        this.#lessor.setCause(lease, event)
        return reply(ttlSeconds, event)
      }
      case 'not-found':
        return reply(0, trace.emit({ type: 'renewal-refused', member, lease }, cause))
      case 'expired':
        trace.emit({ type: 'renewal-waits', member, lease }, cause)
        this.#waiting.push({ client, rpc, lease, behind: [] })
        return []
      case 'not-primary':
        return [{ type: 'reply', client, rpc, reply: errors.NoLeader, cause }]
    }
  }

  /** The revoke of a lease has been applied: renewals that waited for it are refused, and what waited behind them is served. */
  #release(lease: LeaseId, now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const released = this.#waiting.filter((waiting) => waiting.lease === lease)
    if (released.length === 0) return []
    this.#waiting = this.#waiting.filter((waiting) => waiting.lease !== lease)
    return released.flatMap(({ client, rpc, behind }) =>
      [lease, ...behind].flatMap((next) => this.#keepAlive(client, rpc, next, now, trace, cause)),
    )
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

  /** One pass of the expiry loop: proposes the revoke of what is due, and looks again in half a second (semantics §1.7). */
  #expire(now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const due = this.#lessor.due(now, REVOKES_PER_PASS)
    const pass = trace.emit({ type: 'expiry-pass', member: this.options.name, due: due.length }, cause)
    this.#nextPassAt = now + EXPIRY_LOOP_MS
    const wishes: MemberOutput[] = [{ type: 'timer', timer: 'expiry', at: this.#nextPassAt, cause: pass }]
    for (const lease of due) wishes.push(...this.#revokeExpired(lease, 'expired', now, trace, pass))
    return wishes
  }

  #revokeExpired(lease: LeaseId, end: LeaseEnd, now: number, trace: Trace, pass: EventId): MemberOutput[] {
    const info = this.#lessor.lookup(lease)
    if (info === undefined) return []
    const { deadline } = info
    const expired = trace.emit(
      { type: 'lease-expired', member: this.options.name, lease, deadline, keys: this.#lessor.keyCount(lease) },
      pass,
      ...(info.cause > 0 ? [info.cause] : []),
    )
    return this.#propose({ type: 'LeaseRevoke', ID: lease, end }, now, trace, expired).told
  }

  #watchRequest(client: ClientId, rpc: number, request: WatchRequest, now: number, trace: Trace, cause: EventId): MemberOutput[] {
    const answers = this.#watch.request(client, rpc, request, this.#store, (revision) => this.#header(revision))
    const created = answers.find(({ response }) => response.created && !response.canceled)
    const event =
      request.type === 'WatchCreate' && created !== undefined
        ? trace.emit(
            { type: 'watch-created', member: this.options.name, client, watch: created.response.watch_id, key: request.key },
            cause,
          )
        : cause
    return [...outputs(answers, event), ...this.#scheduleSync(now, event)]
  }

  #syncWatches(now: number, trace: Trace, cause: EventId): MemberOutput[] {
    this.#watchSyncing = false
    const answers = this.#watch.sync(this.#store, (revision) => this.#header(revision))
    const event = trace.emit({ type: 'watch-synced', member: this.options.name, responses: answers.length }, cause)
    return [...outputs(answers, event), ...this.#scheduleSync(now, event)]
  }

  /** The catching-up loop runs every 100 ms whether anybody is behind or not; only the passes that would find somebody are taken. */
  #scheduleSync(now: number, cause: EventId): MemberOutput[] {
    if (this.#watchSyncing || !this.#watch.behind) return []
    this.#watchSyncing = true
    const at = (Math.floor(now / WATCH_SYNC_MS) + 1) * WATCH_SYNC_MS
    return [{ type: 'timer', timer: 'watch-sync', at, cause }]
  }

  #refused(request: Request, refused: RpcError, trace: Trace, cause: EventId): EventId {
    return trace.emit({ type: 'request-refused', member: this.options.name, request: request.type, message: refused.message }, cause)
  }

  #applier(now: number, trace: Trace, cause: EventId): Applier {
    return {
      member: this.options.name,
      store: this.#store,
      lessor: this.#lessor,
      trace,
      now,
      cause,
      header: (revision) => this.#header(revision),
    }
  }

  #header(revision = this.#store.revision): Header {
    return { cluster_id: this.options.clusterId, member_id: this.options.ID, revision, raft_term: this.#term }
  }

  #info(): MemberInfo {
    const { ID, name, peerURLs, clientURLs, isLearner } = this.options
    return { ID, name, peerURLs, clientURLs, isLearner }
  }
}

function outputs(answers: WatchAnswer[], cause: EventId): MemberOutput[] {
  return answers.map(({ client, rpc, response }) => ({ type: 'reply', client, rpc, reply: response, cause }))
}
