// The Lock and Election services (etcd: etcdserver/api/v3lock, v3election): a client inside the
// server runs a operation for the caller. A call is a plain record: its operation's state, and the
// watch that it waits on. Its requests go the way of every request of the member, and their answers
// come back here by the call's id.
//
//   Lock(name, lease) → lease 0? LeaseGrant 60 s → Txn → no older key? reply
//                                                       → Range, watch the last older key … its
//                                                       deletion → Range … no older key? reply
//
// Such a session is orphaned at once: it never keeps its lease alive (semantics §3.1).

import { assert, unreachable } from '../base/assert'
import { asUnknown, errors } from '../base/errors'
import type { ConcurrencyRequest, Header, KeyValue, LeaseId, Reply, Request } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { SavedElection, SavedObserver } from '../concurrency/election'
import { askLeader, Election, Observer, toldLeader } from '../concurrency/election'
import type { ConcurrencyOutput } from '../concurrency/key'
import type { MutexRules, SavedMutex } from '../concurrency/mutex'
import { Mutex } from '../concurrency/mutex'
import type { KeyChange } from '../mvcc/store'
import type { Notice, SavedWatchHub } from '../mvcc/watch'
import { WatchHub } from '../mvcc/watch'
import type { Source } from './core'
import { watchResponse } from './watch-server'

/** Seconds: the lease of a session without its own (concurrency/session.go: defaultSessionTTL). */
const SESSION_TTL_SECONDS = 60

type Operation =
  | { type: 'mutex'; machine: Mutex }
  | { type: 'election'; machine: Election }
  | { type: 'observer'; machine: Observer }
  /** One request, whose answer is the call's. */
  | { type: 'plain' }

type SavedOperation =
  | { type: 'mutex'; saved: SavedMutex }
  | { type: 'election'; saved: SavedElection }
  | { type: 'observer'; saved: SavedObserver }
  | { type: 'plain' }

interface ServiceCall {
  id: number
  client: ClientId
  rpc: number
  request: ConcurrencyRequest
  /**
   * `session`: its lease is being granted. `abandoned`: the caller is gone, and its key is being
   * deleted.
   */
  phase: 'session' | 'operation' | 'abandoned'
  lease: LeaseId
  /** Null until there is a session. */
  operation: Operation | null
  /** The watcher that the operation waits on. */
  watcher: number | null
}

type SavedCall = Omit<ServiceCall, 'operation'> & { operation: SavedOperation | null }

export interface SavedServices {
  nextId: number
  calls: SavedCall[]
  hub: SavedWatchHub
}

/** The outputs of a call for its member. */
export type ServiceOutput =
  | { type: 'request'; call: number; request: Request }
  | { type: 'reply'; client: ClientId; rpc: number; reply: Reply }

export class Services {
  readonly #rules: MutexRules
  #nextId = 1
  #calls: ServiceCall[] = []
  // Separate from the clients' watches: a watch inside the server is notified at once, without the
  // catch-up loop.
  #hub = new WatchHub()

  /** `rules`: those of its version's lock. */
  constructor(rules: MutexRules) {
    this.#rules = rules
  }

  /** Begins a call. */
  begin(
    client: ClientId,
    rpc: number,
    request: ConcurrencyRequest,
    source: Source,
  ): ServiceOutput[] {
    if (
      (request.type === 'Proclaim' || request.type === 'Resign') &&
      request.leader === undefined
    ) {
      return [{ type: 'reply', client, rpc, reply: errors.MissingLeaderKey }]
    }
    const lease = leaseOf(request)
    const call: ServiceCall = {
      id: this.#nextId++,
      client,
      rpc,
      request,
      phase: 'session',
      lease: lease ?? NO_LEASE,
      operation: null,
      watcher: null,
    }
    this.#calls.push(call)
    if (lease === NO_LEASE)
      return [
        {
          type: 'request',
          call: call.id,
          request: { type: 'LeaseGrant', TTL: SESSION_TTL_SECONDS },
        },
      ]
    return this.#start(call, source)
  }

  /** The answer to a call's request. An answer for a finished call is ignored. */
  answer(id: number, reply: Reply, source: Source): ServiceOutput[] {
    const call = this.#calls.find((other) => other.id === id)
    if (call === undefined) return []
    if (call.operation !== null) return this.#next(call, reply, source)
    if (reply.type === 'error') return this.#finish(call, asUnknown(reply))
    assert(reply.type === 'LeaseGrant', `a session got ${reply.type}`)
    call.lease = reply.ID
    return this.#start(call, source)
  }

  /**
   * The caller is gone: the operation's key is removed from its queue, but a granted lease stays.
   * Unknown calls are ignored.
   */
  cancel(client: ClientId, rpc: number, source: Source): ServiceOutput[] {
    const call = this.#calls.find(
      (other) => other.client === client && other.rpc === rpc && other.phase !== 'abandoned',
    )
    if (call === undefined) return []
    const { operation } = call
    const outputs =
      operation?.type === 'mutex' || operation?.type === 'election'
        ? operation.machine.giveUp()
        : []
    if (outputs.length === 0) {
      this.#end(call)
      return []
    }
    call.phase = 'abandoned'
    return this.#handle(call, outputs, source)
  }

  /** Notifies the waiting calls of a committed revision. */
  notify(revision: number, changes: readonly KeyChange[], source: Source): ServiceOutput[] {
    return this.#handleNotices(this.#hub.notify(revision, changes), source)
  }

  /** A snapshot replaced the store: the waiting calls receive the events up to it. */
  restored(source: Source): ServiceOutput[] {
    this.#hub.restored(source.store.revision)
    return this.#handleNotices(this.#hub.sync(source.store), source)
  }

  save(): SavedServices {
    return {
      nextId: this.#nextId,
      calls: this.#calls.map((call) => ({ ...call, operation: saveOperation(call.operation) })),
      hub: this.#hub.save(),
    }
  }

  static load(rules: MutexRules, saved: SavedServices): Services {
    const services = new Services(rules)
    services.#nextId = saved.nextId
    services.#calls = saved.calls.map((call) => ({
      ...call,
      operation: loadOperation(call.operation),
    }))
    services.#hub = WatchHub.load(saved.hub)
    return services
  }

  /** The session exists, or none is needed: the operation begins. */
  #start(call: ServiceCall, source: Source): ServiceOutput[] {
    const { request, lease } = call
    call.phase = 'operation'
    switch (request.type) {
      case 'Lock': {
        const machine = new Mutex(request.name, lease, this.#rules)
        call.operation = { type: 'mutex', machine }
        return this.#handle(call, machine.lock(), source)
      }
      case 'Campaign': {
        const machine = new Election(request.name, lease)
        call.operation = { type: 'election', machine }
        return this.#handle(call, machine.campaign(request.value ?? ''), source)
      }
      case 'Proclaim':
      case 'Resign': {
        const machine = Election.resume(request.leader ?? {}, lease)
        call.operation = { type: 'election', machine }
        return this.#handle(
          call,
          request.type === 'Proclaim' ? machine.proclaim(request.value ?? '') : machine.resign(),
          source,
        )
      }
      case 'Observe': {
        const machine = new Observer(request.name)
        call.operation = { type: 'observer', machine }
        return this.#handle(call, machine.observe(), source)
      }
      case 'Leader':
        call.operation = { type: 'plain' }
        return this.#handle(call, askLeader(request.name), source)
      case 'Unlock':
        call.operation = { type: 'plain' }
        return this.#handle(
          call,
          [{ type: 'call', request: { type: 'DeleteRange', key: request.key } }],
          source,
        )
      default:
        return unreachable(request)
    }
  }

  #next(call: ServiceCall, last: Reply, source: Source): ServiceOutput[] {
    const { operation, request } = call
    assert(operation !== null, `call ${call.id} has no operation to continue`)
    if (operation.type !== 'plain') return this.#handle(call, operation.machine.next(last), source)
    if (request.type === 'Leader') return this.#handle(call, toldLeader(last), source)
    if (last.type === 'error') return this.#finish(call, asUnknown(last))
    assert(last.type === 'DeleteRange', `unlocking got ${last.type}`)
    return this.#finish(call, { type: 'Unlock', header: last.header })
  }

  #handle(call: ServiceCall, outputs: ConcurrencyOutput[], source: Source): ServiceOutput[] {
    return outputs.flatMap((output): ServiceOutput[] => {
      if (output.type !== 'report') this.#unwatch(call)
      switch (output.type) {
        case 'call':
          return [{ type: 'request', call: call.id, request: output.request }]
        case 'watch': {
          const { key, range_end = '', start_revision = 0 } = output.request
          const options = {
            key,
            end: range_end,
            startRevision: start_revision,
            prevKv: false,
            noPut: false,
            noDelete: false,
          }
          call.watcher = this.#hub.add(options, source.store.revision)
          return this.#handleNotices(this.#hub.sync(source.store), source)
        }
        case 'report':
          return this.#answerLeader(call, output.header, output.kv)
        case 'done':
          return this.#finish(call, doneReply(call, output.header))
        case 'failed':
          return this.#finish(call, asUnknown(output.error))
        default:
          return unreachable(output)
      }
    })
  }

  #handleNotices(notices: Notice[], source: Source): ServiceOutput[] {
    return notices.flatMap((notice) => {
      const call = this.#calls.find(({ watcher }) => watcher === notice.watcher)
      if (call === undefined) return []
      if (notice.type === 'events')
        return this.#next(
          call,
          watchResponse(source.header(notice.revision), { events: notice.events }),
          source,
        )
      call.watcher = null
      const gone = watchResponse(source.header(0), {
        canceled: true,
        compact_revision: notice.compactRevision,
      })
      return this.#next(call, gone, source)
    })
  }

  /** Reports a leader: the answer to Leader, one of many to Observe. */
  #answerLeader(call: ServiceCall, header: Header, kv: KeyValue): ServiceOutput[] {
    const reply: Reply = { type: 'Leader', header, kv }
    return call.request.type === 'Leader'
      ? this.#finish(call, reply)
      : [{ type: 'reply', client: call.client, rpc: call.rpc, reply }]
  }

  #finish(call: ServiceCall, reply: Reply): ServiceOutput[] {
    this.#end(call)
    return call.phase === 'abandoned'
      ? []
      : [{ type: 'reply', client: call.client, rpc: call.rpc, reply }]
  }

  #end(call: ServiceCall): void {
    this.#unwatch(call)
    this.#calls = this.#calls.filter((other) => other !== call)
  }

  #unwatch(call: ServiceCall): void {
    if (call.watcher === null) return
    this.#hub.remove(call.watcher)
    call.watcher = null
  }
}

/** The lease of a request's session; undefined for a request without a session. */
function leaseOf(request: ConcurrencyRequest): LeaseId | undefined {
  switch (request.type) {
    case 'Lock':
    case 'Campaign':
      return request.lease ?? NO_LEASE
    case 'Proclaim':
    case 'Resign':
      return request.leader?.lease ?? NO_LEASE
    case 'Unlock':
    case 'Leader':
    case 'Observe':
      return undefined
  }
}

function doneReply({ request, operation }: ServiceCall, header: Header): Reply {
  if (operation?.type === 'mutex') return { type: 'Lock', header, key: operation.machine.key }
  assert(operation?.type === 'election', `${request.type} is done without an operation`)
  if (request.type === 'Campaign')
    return { type: 'Campaign', header, leader: operation.machine.leader }
  return request.type === 'Proclaim' ? { type: 'Proclaim', header } : { type: 'Resign', header }
}

function saveOperation(operation: Operation | null): SavedOperation | null {
  switch (operation?.type) {
    case undefined:
      return null
    case 'mutex':
      return { type: 'mutex', saved: operation.machine.save() }
    case 'election':
      return { type: 'election', saved: operation.machine.save() }
    case 'observer':
      return { type: 'observer', saved: operation.machine.save() }
    case 'plain':
      return { type: 'plain' }
  }
}

function loadOperation(saved: SavedOperation | null): Operation | null {
  switch (saved?.type) {
    case undefined:
      return null
    case 'mutex':
      return { type: 'mutex', machine: Mutex.load(saved.saved) }
    case 'election':
      return { type: 'election', machine: Election.load(saved.saved) }
    case 'observer':
      return { type: 'observer', machine: Observer.load(saved.saved) }
    case 'plain':
      return { type: 'plain' }
  }
}
