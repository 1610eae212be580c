// A second, slow implementation of etcd's keys, transactions, leases and watches: one list of all
// changes, searched from end to end for every answer. It shares no code with the engine, only the
// types of the messages. It is a lone member that answers at once; `passAt` and `syncAt` run its
// two loops.

import type {
  Compare,
  DeleteRangeRequest,
  Header,
  KeyValue,
  LeaseId,
  PutRequest,
  RangeRequest,
  Reply,
  Request,
  RequestOp,
  ResponseOp,
  RpcError,
  TxnRequest,
  WatchCreateRequest,
  WatchEvent,
  WatchResponse,
} from '../base/rpc'

const NONE = '0000000000000000' as LeaseId
const MIN_TTL = 2
const MAX_TTL = 9_000_000_000
const MAX_OPS = 128

/** One version of a key; `deleted` for a tombstone. */
interface Version {
  revision: number
  kv: KeyValue
  deleted: boolean
}

interface Lease {
  id: LeaseId
  ttl: number
  deadline: number
}

interface Watch {
  id: number
  request: WatchCreateRequest
  next: number
  synced: boolean
  gone: boolean
}

interface Stream {
  rpc: number
  nextId: number
  watches: Watch[]
}

export class Model {
  revision = 1
  compacted = -1
  log: Version[] = []
  leases: Lease[] = []
  streams: Stream[] = []
  /** Renewals of expired leases: answered when the lease ends, with the header of their arrival. */
  renewals: { rpc: number; lease: LeaseId; header: Header }[] = []
  /** All answers so far, by the call's number. */
  readonly said = new Map<number, Reply[]>()
  readonly #ids: Omit<Header, 'revision'>

  constructor(ids: Omit<Header, 'revision'>) {
    this.#ids = ids
  }

  /** Answers a request, or lets it wait. */
  request(rpc: number, request: Request, now: number): void {
    if (request.type === 'LeaseKeepAlive') return this.#renew(rpc, request.ID, now)
    if (
      request.type === 'WatchCreate' ||
      request.type === 'WatchCancel' ||
      request.type === 'WatchProgress'
    )
      return this.#watch(rpc, request)
    this.#say(rpc, this.#answer(request, now))
  }

  /**
   * The expiry loop: due leases end. In etcd the order within one pass is random; `ended` has the
   * leases in that order.
   */
  passAt(now: number, ended: readonly LeaseId[]): void {
    const due = this.leases.filter(({ deadline }) => deadline <= now).map(({ id }) => id)
    const order = ended.slice(0, due.length)
    if (!due.every((id) => order.includes(id)))
      throw new Error(`due at ${now}: ${due.join(' ')}; ended: ${order.join(' ')}`)
    for (const id of order) this.#revoke(id)
  }

  /** The catch-up loop of watches. */
  syncAt(): void {
    const behind = this.streams.flatMap(({ rpc, watches }) =>
      watches.filter(({ synced, gone }) => !synced && !gone).map((watch) => ({ rpc, watch })),
    )
    const lost = behind.filter(({ watch }) => watch.next < this.compacted)
    for (const { rpc, watch } of lost) {
      watch.gone = true
      this.#respond(rpc, {
        header: this.#header(0),
        watch_id: watch.id,
        canceled: true,
        compact_revision: this.compacted,
      })
    }
    const rest = behind.filter(({ watch }) => !watch.gone)
    // etcd orders its log by unsigned revisions: a watch that waits below zero stops the pass for
    // all watches.
    const spoilt = rest.some(({ watch }) => watch.next < 0)
    for (const { rpc, watch } of rest) {
      const events = spoilt ? [] : this.#eventsFor(watch, watch.next)
      watch.next = this.revision + 1
      watch.synced = true
      if (events.length > 0)
        this.#respond(rpc, { header: this.#header(), watch_id: watch.id, events })
    }
  }

  get isBehind(): boolean {
    return this.streams.some(({ watches }) => watches.some(({ synced, gone }) => !synced && !gone))
  }

  // Answers ---------------------------------------------------------------------------------------

  #answer(request: Request, now: number): Reply {
    switch (request.type) {
      case 'Range':
        if (request.key === '') return error(3, 'key is not provided')
        return this.#range(request)
      case 'Put': {
        const refused =
          putRefusal(request) ?? this.#leaseRefusal(request) ?? this.#existingRefusal(request)
        if (refused !== undefined) return refused
        const revision = this.revision + 1
        const result = this.#put(request, revision)
        this.#commit()
        return { ...result, header: this.#header() }
      }
      case 'DeleteRange': {
        if (request.key === '') return error(3, 'key is not provided')
        const result = this.#delete(request, this.revision + 1)
        this.#commit()
        return { ...result, header: this.#header() }
      }
      case 'Txn':
        return this.#txn(request)
      case 'Compact':
        if (request.revision <= this.compacted)
          return error(11, 'mvcc: required revision has been compacted')
        if (request.revision > this.revision)
          return error(11, 'mvcc: required revision is a future revision')
        this.compacted = request.revision
        return { type: 'Compact', header: this.#header() }
      case 'LeaseGrant': {
        const id = request.ID ?? NONE
        if (request.TTL > MAX_TTL) return error(11, 'too large lease TTL')
        if (this.#lease(id) !== undefined) return error(9, 'lease already exists')
        const ttl = Math.max(request.TTL, MIN_TTL)
        this.leases.push({ id, ttl, deadline: now + ttl * 1000 })
        return { type: 'LeaseGrant', header: this.#header(), ID: id, TTL: ttl }
      }
      case 'LeaseRevoke':
        if (this.#lease(request.ID) === undefined) return error(5, 'requested lease not found')
        this.#revoke(request.ID)
        return { type: 'LeaseRevoke', header: this.#header() }
      case 'LeaseTimeToLive': {
        const lease = this.#lease(request.ID)
        const answer = { type: 'LeaseTimeToLive', header: this.#header(), ID: request.ID } as const
        if (lease === undefined) return { ...answer, TTL: -1, grantedTTL: 0, keys: [] }
        const left = (lease.deadline - now) / 1000
        const keys = request.keys
          ? this.#live()
              .filter((kv) => kv.lease === lease.id)
              .map(({ key }) => key)
          : []
        return {
          ...answer,
          TTL: left < 0 ? Math.ceil(left) + 0 : Math.floor(left),
          grantedTTL: lease.ttl,
          keys,
        }
      }
      case 'LeaseLeases': {
        const leases = [...this.leases].sort((a, b) => a.deadline - b.deadline).map(({ id }) => id)
        return { type: 'LeaseLeases', header: this.#header(), leases }
      }
      default:
        throw new Error(`the model does not know ${request.type}`)
    }
  }

  #renew(rpc: number, id: LeaseId, now: number): void {
    const lease = this.#lease(id)
    if (lease !== undefined && lease.deadline <= now) {
      this.renewals.push({ rpc, lease: id, header: this.#header() })
      return
    }
    if (lease !== undefined) lease.deadline = now + lease.ttl * 1000
    this.#say(rpc, { type: 'LeaseKeepAlive', header: this.#header(), ID: id, TTL: lease?.ttl ?? 0 })
  }

  #revoke(id: LeaseId): void {
    for (const { key } of this.#live().filter(({ lease }) => lease === id))
      this.#write(tombstone(key, this.revision + 1), true)
    this.leases = this.leases.filter((lease) => lease.id !== id)
    this.#commit()
    const waiting = this.renewals.filter(({ lease }) => lease === id)
    this.renewals = this.renewals.filter(({ lease }) => lease !== id)
    for (const { rpc, header } of waiting)
      this.#say(rpc, { type: 'LeaseKeepAlive', header, ID: id, TTL: 0 })
  }

  // Keys ------------------------------------------------------------------------------------------

  #range(request: RangeRequest): Reply {
    const revision = request.revision ?? 0
    if (revision > this.revision) return error(11, 'mvcc: required revision is a future revision')
    if (revision > 0 && revision < this.compacted)
      return error(11, 'mvcc: required revision has been compacted')
    return {
      ...this.#find(request, revision > 0 ? revision : this.revision),
      header: this.#header(),
    }
  }

  #find(request: RangeRequest, revision: number) {
    const all = this.#live(revision).filter(({ key }) =>
      within(key, request.key, request.range_end),
    )
    const {
      min_mod_revision,
      max_mod_revision,
      min_create_revision,
      max_create_revision,
      sort_target: target = 'KEY',
    } = request
    const filtered = [
      min_mod_revision,
      max_mod_revision,
      min_create_revision,
      max_create_revision,
    ].some((filter) => (filter ?? 0) !== 0)
    const limit = request.limit ?? 0
    const order = request.sort_order ?? 'NONE'
    let kvs = all
    if (limit > 0 && order === 'NONE' && !filtered) kvs = kvs.slice(0, limit + 1)
    if (max_mod_revision) kvs = kvs.filter(({ mod_revision }) => mod_revision <= max_mod_revision)
    if (min_mod_revision) kvs = kvs.filter(({ mod_revision }) => mod_revision >= min_mod_revision)
    if (max_create_revision)
      kvs = kvs.filter(({ create_revision }) => create_revision <= max_create_revision)
    if (min_create_revision)
      kvs = kvs.filter(({ create_revision }) => create_revision >= min_create_revision)
    const by = {
      KEY: 'key',
      VERSION: 'version',
      CREATE: 'create_revision',
      MOD: 'mod_revision',
      VALUE: 'value',
    } as const
    const field = typeof target === 'number' ? 'key' : by[target]
    kvs = [...kvs].sort((a, b) => {
      const sign = order === 'DESCEND' ? -1 : 1
      return a[field] < b[field] ? -sign : a[field] > b[field] ? sign : 0
    })
    const more = limit > 0 && kvs.length > limit
    if (limit > 0) kvs = kvs.slice(0, limit)
    if (request.keys_only) kvs = kvs.map((kv) => ({ ...kv, value: '' }))
    const counted = request.count_only ?? false
    return {
      type: 'Range' as const,
      kvs: counted ? [] : kvs,
      more: counted ? false : more,
      count: all.length,
    }
  }

  #put(request: PutRequest, revision: number) {
    const before = this.#current(request.key)
    const kv: KeyValue = {
      key: request.key,
      create_revision: before === undefined ? revision : before.create_revision,
      mod_revision: revision,
      version: before === undefined ? 1 : before.version + 1,
      value: request.ignore_value ? before!.value : (request.value ?? ''),
      lease: request.ignore_lease ? before!.lease : (request.lease ?? NONE),
    }
    this.#write(kv, false)
    return {
      type: 'Put' as const,
      ...(request.prev_kv && before !== undefined ? { prev_kv: before } : {}),
    }
  }

  #delete(request: DeleteRangeRequest, revision: number) {
    const found = this.#live(Number.POSITIVE_INFINITY).filter(({ key }) =>
      within(key, request.key, request.range_end),
    )
    for (const { key } of found) this.#write(tombstone(key, revision), true)
    return {
      type: 'DeleteRange' as const,
      deleted: found.length,
      prev_kvs: request.prev_kv ? found : [],
    }
  }

  #write(kv: KeyValue, deleted: boolean): void {
    this.log.push({ revision: this.revision + 1, kv, deleted })
  }

  /** All changes since the last commit become one revision. */
  #commit(): void {
    if (!this.log.some(({ revision }) => revision > this.revision)) return
    this.revision++
    for (const { rpc, watches } of this.streams) {
      for (const watch of watches) {
        if (!watch.synced || watch.gone || watch.next > this.revision) continue
        watch.next = this.revision + 1
        const events = this.#eventsFor(watch, this.revision)
        if (events.length > 0)
          this.#respond(rpc, { header: this.#header(), watch_id: watch.id, events })
      }
    }
  }

  #current(key: string, revision = Number.POSITIVE_INFINITY): KeyValue | undefined {
    const versions = this.log.filter(
      (version) => version.kv.key === key && version.revision <= revision,
    )
    const last = versions[versions.length - 1]
    return last === undefined || last.deleted ? undefined : last.kv
  }

  /** All keys, in order; also uncommitted ones if no revision is given. */
  #live(revision = this.revision): KeyValue[] {
    const keys = [...new Set(this.log.map(({ kv }) => kv.key))].sort((a, b) => (a < b ? -1 : 1))
    return keys.flatMap((key) => this.#current(key, revision) ?? [])
  }

  // Transactions ----------------------------------------------------------------------------------

  #txn(request: TxnRequest): Reply {
    const refused = opsRefusal(request, MAX_OPS)
    if (refused !== undefined) return refused
    if (collides(request.success ?? []) || collides(request.failure ?? []))
      return error(3, 'duplicate key given in txn request')
    const plan = this.#plan(request)
    const flat = flatten(plan)
    for (const op of flat) {
      if (op.type !== 'Put') continue
      const refused = this.#existingRefusal(op) ?? this.#leaseRefusal(op)
      if (refused !== undefined) return refused
    }
    for (const op of flat) {
      if (op.type !== 'Range') continue
      const revision = op.revision ?? 0
      if (revision > this.revision) return error(11, 'mvcc: required revision is a future revision')
      if (revision !== 0 && revision < this.compacted)
        return error(11, 'mvcc: required revision has been compacted')
    }
    if (diesOf(flat)) throw new Error('this would be the end of a real etcd')
    const responses = this.#run(plan)
    this.#commit()
    return { type: 'Txn', header: this.#header(), succeeded: plan.succeeded, responses }
  }

  /** Chooses the branches of the whole tree, before any operation runs. */
  #plan(txn: TxnRequest): Plan {
    const succeeded = (txn.compare ?? []).every((compare) => this.#holds(compare))
    const ops = (succeeded ? txn.success : txn.failure) ?? []
    return { succeeded, ops: ops.map((op) => (op.type === 'Txn' ? this.#plan(op) : op)) }
  }

  #run(plan: Plan): ResponseOp[] {
    return plan.ops.map((op): ResponseOp => {
      if (!('type' in op)) return { type: 'Txn', succeeded: op.succeeded, responses: this.#run(op) }
      const next = this.revision + 1
      const changed = (): number =>
        this.log.some(({ revision }) => revision === next) ? next : this.revision
      switch (op.type) {
        case 'Range': {
          const revision = op.revision ?? 0
          return { ...this.#find(op, revision > 0 ? revision : next), revision: changed() }
        }
        case 'Put':
          return { ...this.#put(op, next), revision: next }
        case 'DeleteRange':
          return { ...this.#delete(op, next), revision: changed() }
        default:
          throw new Error(`${op.type} in a transaction`)
      }
    })
  }

  #holds(compare: Compare): boolean {
    const found = this.#live().filter(({ key }) => within(key, compare.key, compare.range_end))
    const target = compare.target ?? 'VERSION'
    if (found.length === 0 && target === 'VALUE') return false
    const nothing: KeyValue = {
      key: '',
      create_revision: 0,
      mod_revision: 0,
      version: 0,
      value: '',
      lease: NONE,
    }
    return (found.length === 0 ? [nothing] : found).every((kv) => {
      switch (target) {
        case 'VERSION':
          return relates(kv.version, compare.version ?? 0, compare.result)
        case 'CREATE':
          return relates(kv.create_revision, compare.create_revision ?? 0, compare.result)
        case 'MOD':
          return relates(kv.mod_revision, compare.mod_revision ?? 0, compare.result)
        case 'VALUE':
          return relates(kv.value, compare.value ?? '', compare.result)
        case 'LEASE':
          return relates(
            BigInt.asIntN(64, BigInt(`0x${kv.lease}`)),
            BigInt.asIntN(64, BigInt(`0x${compare.lease ?? NONE}`)),
            compare.result,
          )
        default:
          throw new Error(`no target ${target}`)
      }
    })
  }

  #leaseRefusal(request: PutRequest): RpcError | undefined {
    const lease = request.lease ?? NONE
    return lease !== NONE && this.#lease(lease) === undefined
      ? error(5, 'requested lease not found')
      : undefined
  }

  #existingRefusal(request: PutRequest): RpcError | undefined {
    const reuses = request.ignore_value || request.ignore_lease
    return reuses && this.#current(request.key) === undefined
      ? error(3, 'key not found')
      : undefined
  }

  // Watches ---------------------------------------------------------------------------------------

  #watch(
    rpc: number,
    request: Extract<Request, { type: 'WatchCreate' | 'WatchCancel' | 'WatchProgress' }>,
  ): void {
    let stream = this.streams.find((other) => other.rpc === rpc)
    if (stream === undefined) {
      stream = { rpc, nextId: 0, watches: [] }
      this.streams.push(stream)
    }
    if (request.type === 'WatchProgress')
      return this.#respond(rpc, { header: this.#header(), watch_id: -1 })
    if (request.type === 'WatchCancel') {
      const watch = stream.watches.find(({ id }) => id === request.watch_id)
      stream.watches = stream.watches.filter((other) => other !== watch)
      if (watch !== undefined)
        this.#respond(rpc, { header: this.#header(), watch_id: watch.id, canceled: true })
      return
    }
    const key = request.key === '' ? '\0' : request.key
    const end = request.range_end ?? ''
    const refuse = (cancel_reason: string): void =>
      this.#respond(rpc, {
        header: this.#header(),
        watch_id: -1,
        created: true,
        canceled: true,
        cancel_reason,
      })
    if (end !== '' && end !== '\0' && !(key < end)) return refuse('mvcc: watcher range is empty')
    const wanted = request.watch_id ?? 0
    if (wanted !== 0 && stream.watches.some(({ id }) => id === wanted))
      return refuse('mvcc: duplicate watch ID provided on the WatchStream')
    let id = wanted
    if (wanted === 0) {
      while (stream.watches.some((watch) => watch.id === stream.nextId)) stream.nextId++
      id = stream.nextId++
    }
    const start = request.start_revision ?? 0
    const next = start === 0 ? this.revision + 1 : start
    stream.watches.push({
      id,
      request: { ...request, key },
      next,
      synced: next > this.revision,
      gone: false,
    })
    this.#respond(rpc, { header: this.#header(), watch_id: id, created: true })
  }

  /** The events of a watch from a revision on. */
  #eventsFor({ request }: Watch, from: number): WatchEvent[] {
    const events: WatchEvent[] = []
    for (const { revision, kv, deleted } of this.log) {
      if (
        revision < from ||
        revision > this.revision ||
        !within(kv.key, request.key, request.range_end)
      )
        continue
      // The rest of the compacted revision itself: keys, not deletions.
      if (
        revision === this.compacted &&
        (deleted || this.#current(kv.key, revision)?.mod_revision !== revision)
      )
        continue
      if (request.filters?.includes(deleted ? 'NODELETE' : 'NOPUT')) continue
      const created = !deleted && kv.create_revision === kv.mod_revision
      const before =
        created || revision - 1 < this.compacted ? undefined : this.#current(kv.key, revision - 1)
      events.push({
        type: deleted ? 'DELETE' : 'PUT',
        kv,
        ...(request.prev_kv && before !== undefined ? { prev_kv: before } : {}),
      })
    }
    return events
  }

  #respond(rpc: number, change: Partial<WatchResponse> & { header: Header }): void {
    this.#say(rpc, {
      type: 'Watch',
      watch_id: 0,
      created: false,
      canceled: false,
      compact_revision: 0,
      cancel_reason: '',
      fragment: false,
      events: [],
      ...change,
    })
  }

  #say(rpc: number, reply: Reply): void {
    this.said.set(rpc, [...(this.said.get(rpc) ?? []), reply])
  }

  #lease(id: LeaseId): Lease | undefined {
    return this.leases.find((lease) => lease.id === id)
  }

  #header(revision = this.revision): Header {
    return { ...this.#ids, revision }
  }
}

interface Plan {
  succeeded: boolean
  ops: (Exclude<RequestOp, TxnRequest> | Plan)[]
}

function error(code: number, text: string): RpcError {
  return { type: 'error', code, message: `etcdserver: ${text}` }
}

function tombstone(key: string, revision: number): KeyValue {
  return { key, create_revision: 0, mod_revision: revision, version: 0, value: '', lease: NONE }
}

function within(key: string, from: string, end = ''): boolean {
  if (end === '') return key === from
  return from <= key && (end === '\0' || key < end)
}

function relates<T extends number | string | bigint>(
  stored: T,
  given: T,
  result: Compare['result'],
): boolean {
  if (result === 'GREATER') return stored > given
  if (result === 'LESS') return stored < given
  return result === 'NOT_EQUAL' ? stored !== given : stored === given
}

function putRefusal(request: PutRequest): RpcError | undefined {
  if (request.key === '') return error(3, 'key is not provided')
  if (request.ignore_value && request.value) return error(3, 'value is provided')
  return request.ignore_lease && (request.lease ?? NONE) !== NONE
    ? error(3, 'lease is provided')
    : undefined
}

function opsRefusal(txn: TxnRequest, most: number): RpcError | undefined {
  const { compare = [], success = [], failure = [] } = txn
  const count = Math.max(compare.length, success.length, failure.length)
  if (count > most) return error(3, 'too many operations in txn request')
  if (compare.some(({ key }) => key === '')) return error(3, 'key is not provided')
  for (const op of [...success, ...failure]) {
    let refused: RpcError | undefined
    if (op.type === 'Empty') refused = error(3, 'key not found')
    else if (op.type === 'Txn') refused = opsRefusal(op, most - count)
    else if (op.type === 'Put') refused = putRefusal(op)
    else if (op.key === '') refused = error(3, 'key is not provided')
    if (refused !== undefined) return refused
  }
  return undefined
}

/**
 * Whether a branch puts a key twice, or a key that it deletes. Ends of deletions are taken
 * literally, "\0" too.
 */
function collides(ops: RequestOp[]): boolean {
  return touched(ops) === 'collides'
}

function touched(ops: RequestOp[]): { puts: string[]; deletes: DeleteRangeRequest[] } | 'collides' {
  const deletes = ops.filter((op) => op.type === 'DeleteRange')
  const puts: string[] = []
  const deleted = (key: string): boolean =>
    deletes.some((op) => (op.range_end ? op.key <= key && key < op.range_end : op.key === key))
  for (const op of ops) {
    if (op.type !== 'Txn') continue
    const yes = touched(op.success ?? [])
    const no = touched(op.failure ?? [])
    if (yes === 'collides' || no === 'collides') return 'collides'
    if ([...yes.puts, ...no.puts].some((key) => puts.includes(key) || deleted(key)))
      return 'collides'
    puts.push(...yes.puts, ...no.puts)
    deletes.push(...yes.deletes, ...no.deletes)
  }
  for (const op of ops) {
    if (op.type !== 'Put') continue
    if (puts.includes(op.key) || deleted(op.key)) return 'collides'
    puts.push(op.key)
  }
  return { puts, deletes }
}

function flatten(plan: Plan): Exclude<RequestOp, TxnRequest>[] {
  return plan.ops.flatMap((op) => ('type' in op ? [op] : flatten(op)))
}

/** Whether a put would reuse a deleted key, which makes etcd panic. */
function diesOf(ops: Exclude<RequestOp, TxnRequest>[]): boolean {
  const gone: DeleteRangeRequest[] = []
  for (const op of ops) {
    if (op.type === 'DeleteRange') gone.push(op)
    if (
      op.type === 'Put' &&
      (op.ignore_value || op.ignore_lease) &&
      gone.some(({ key, range_end }) => within(op.key, key, range_end))
    )
      return true
  }
  return false
}
