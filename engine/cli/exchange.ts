// Exchanges: API calls with their answers, in the normal form in which they are recorded from a real etcd. etcd's field names; bytes as strings (what is not UTF-8
// comes out with U+FFFD for each byte that fits nowhere); int64 as numbers where they are safe integers and as decimal strings where not; of headers the revision
// alone; fields with their default value left out.

import { text, utf8 } from '../base/bytes'
import { clamp, decimal, leaseId, parseDecimalInt64, unsignedDecimal } from '../base/int64'
import type {
  Bytes,
  Compare,
  KeyValue,
  LeaderKey,
  LeaseId,
  MemberId,
  MemberInfo,
  Reply,
  Request,
  RequestOp,
  ResponseOp,
  SortOrder,
  SortTarget,
  TxnRequest,
  WatchEvent,
} from '../base/rpc'

/** A message in normal form. */
export type Plain = { [field: string]: unknown }

/** One thing that is done, and, once it is played, what came of it. */
export interface Step {
  call?: string
  request?: Plain
  /** The member asked; m1 when absent. */
  on?: string
  /** Milliseconds after the start at which it is sent; at once after the step before when absent. */
  at?: number
  /** Sent under this name without waiting for the answer. */
  start?: string
  /** Waits for the answer of that name. */
  finish?: string
  /** `move-leader` (to a member), `crash`, `restart`, `pause`, `resume` (a member). */
  fault?: string
  to?: string
  member?: string
  response?: unknown
  error?: { code: number; message: string }
}

export interface Exchange {
  name: string
  members: number
  steps: Step[]
  events?: unknown[]
}

const SORT_ORDERS = ['NONE', 'ASCEND', 'DESCEND'] as const
const SORT_TARGETS = ['KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE'] as const
const COMPARE_TARGETS = ['VERSION', 'CREATE', 'MOD', 'VALUE', 'LEASE'] as const
const COMPARE_RESULTS = ['EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL'] as const
const FILTERS = ['NOPUT', 'NODELETE'] as const

/** The names that a call may have. */
export const CALLS = [
  'Range',
  'Put',
  'DeleteRange',
  'Txn',
  'Compact',
  'LeaseGrant',
  'LeaseRevoke',
  'LeaseKeepAlive',
  'LeaseTimeToLive',
  'LeaseLeases',
  'Lock',
  'Unlock',
  'Campaign',
  'Proclaim',
  'Leader',
  'Observe',
  'Resign',
  'MemberList',
  'MemberAdd',
  'MemberRemove',
  'MemberPromote',
  'MemberUpdate',
  'Status',
  'MoveLeader',
  'WatchCreate',
  'WatchCancel',
  'WatchProgress',
] as const

/** A request in normal form as the engine takes it. Throws, with the field's name, for what is none. Fields that etcd does not know are ignored, as it does. */
export function readRequest(call: string, plain: Plain): Request {
  const type = CALLS.find((name) => name === call)
  if (type === undefined) throw new Error(`there is no call ${call}`)
  const fields = new Fields(plain, call)
  switch (type) {
    case 'Range':
      return readRange(fields)
    case 'Put':
      return readPut(fields)
    case 'DeleteRange':
      return readDeleteRange(fields)
    case 'Txn':
      return readTxn(fields)
    case 'Compact':
      return { type, revision: fields.int('revision') ?? 0, ...fields.pick('bool', 'physical') }
    case 'LeaseGrant':
      return { type, TTL: fields.int('TTL') ?? 0, ...fields.pick('lease', 'ID') }
    case 'LeaseRevoke':
    case 'LeaseKeepAlive':
      return { type, ID: fields.lease('ID') ?? leaseId(0) }
    case 'LeaseTimeToLive':
      return { type, ID: fields.lease('ID') ?? leaseId(0), ...fields.pick('bool', 'keys') }
    case 'LeaseLeases':
    case 'MemberList':
    case 'Status':
    case 'WatchProgress':
      return { type }
    case 'Lock':
      return { type, name: fields.bytes('name') ?? '', ...fields.pick('lease', 'lease') }
    case 'Unlock':
      return { type, key: fields.bytes('key') ?? '' }
    case 'Campaign':
      return { type, name: fields.bytes('name') ?? '', ...fields.pick('lease', 'lease'), ...fields.pick('bytes', 'value') }
    case 'Proclaim':
      return { type, ...readLeader(fields), ...fields.pick('bytes', 'value') }
    case 'Leader':
    case 'Observe':
      return { type, name: fields.bytes('name') ?? '' }
    case 'Resign':
      return { type, ...readLeader(fields) }
    case 'MemberAdd':
      return { type, peerURLs: fields.strings('peerURLs'), ...fields.pick('bool', 'isLearner') }
    case 'MemberRemove':
    case 'MemberPromote':
      return { type, ID: fields.member('ID') }
    case 'MemberUpdate':
      return { type, ID: fields.member('ID'), peerURLs: fields.strings('peerURLs') }
    case 'MoveLeader':
      return { type, targetID: fields.member('targetID') }
    case 'WatchCreate':
      return {
        type,
        key: fields.bytes('key') ?? '',
        ...fields.pick('bytes', 'range_end'),
        ...fields.pick('int', 'start_revision', 'watch_id'),
        ...fields.pick('bool', 'progress_notify', 'prev_kv', 'fragment'),
        ...(plain.filters === undefined ? {} : { filters: fields.list('filters').map((filter) => oneOf(FILTERS, filter, 'filters')) }),
      }
    case 'WatchCancel':
      return { type, watch_id: fields.int('watch_id') ?? 0 }
  }
}

function readRange(fields: Fields): Extract<Request, { type: 'Range' }> {
  const order = fields.oneOf<SortOrder>('sort_order', SORT_ORDERS)
  const target = fields.oneOf<SortTarget>('sort_target', SORT_TARGETS)
  return {
    type: 'Range',
    key: fields.bytes('key') ?? '',
    ...fields.pick('bytes', 'range_end'),
    ...fields.pick('int', 'limit', 'revision', 'min_mod_revision', 'max_mod_revision', 'min_create_revision', 'max_create_revision'),
    ...fields.pick('bool', 'serializable', 'keys_only', 'count_only'),
    ...(order === undefined ? {} : { sort_order: order }),
    ...(target === undefined ? {} : { sort_target: target }),
  }
}

function readPut(fields: Fields): Extract<Request, { type: 'Put' }> {
  return {
    type: 'Put',
    key: fields.bytes('key') ?? '',
    ...fields.pick('bytes', 'value'),
    ...fields.pick('lease', 'lease'),
    ...fields.pick('bool', 'prev_kv', 'ignore_value', 'ignore_lease'),
  }
}

function readDeleteRange(fields: Fields): Extract<Request, { type: 'DeleteRange' }> {
  return { type: 'DeleteRange', key: fields.bytes('key') ?? '', ...fields.pick('bytes', 'range_end'), ...fields.pick('bool', 'prev_kv') }
}

function readTxn(fields: Fields): TxnRequest {
  return {
    type: 'Txn',
    compare: fields.messages('compare').map(readCompare),
    success: fields.messages('success').map(readOp),
    failure: fields.messages('failure').map(readOp),
  }
}

function readCompare(fields: Fields): Compare {
  const target = fields.oneOf<NonNullable<Compare['target']>>('target', COMPARE_TARGETS)
  const result = fields.oneOf<NonNullable<Compare['result']>>('result', COMPARE_RESULTS)
  return {
    key: fields.bytes('key') ?? '',
    ...fields.pick('bytes', 'range_end', 'value'),
    ...fields.pick('int', 'version', 'create_revision', 'mod_revision'),
    ...fields.pick('lease', 'lease'),
    ...(target === undefined ? {} : { target }),
    ...(result === undefined ? {} : { result }),
  }
}

function readOp(fields: Fields): RequestOp {
  const put = fields.message('request_put')
  if (put !== undefined) return readPut(put)
  const range = fields.message('request_range')
  if (range !== undefined) return readRange(range)
  const deleteRange = fields.message('request_delete_range')
  if (deleteRange !== undefined) return readDeleteRange(deleteRange)
  const txn = fields.message('request_txn')
  return txn === undefined ? { type: 'Empty' } : readTxn(txn)
}

function readLeader(fields: Fields): { leader?: LeaderKey } {
  const leader = fields.message('leader')
  if (leader === undefined) return {}
  return { leader: { ...leader.pick('bytes', 'name', 'key'), ...leader.pick('int', 'rev'), ...leader.pick('lease', 'lease') } }
}

interface Kinds {
  bytes: Bytes
  int: number
  bool: boolean
  lease: LeaseId
}

/** The fields of one message, read by kind. */
class Fields {
  readonly #plain: Plain
  readonly #path: string

  constructor(plain: Plain, path: string) {
    this.#plain = plain
    this.#path = path
  }

  /** Those of the named fields that are there. */
  pick<K extends keyof Kinds, N extends string>(kind: K, ...names: N[]): { [name in N]?: Kinds[K] } {
    const picked: { [name in N]?: Kinds[K] } = {}
    for (const name of names) {
      const value = this[kind](name) as Kinds[K] | undefined
      if (value !== undefined) picked[name] = value
    }
    return picked
  }

  bytes(name: string): Bytes | undefined {
    return this.#read(name, 'a string', (value) => (typeof value === 'string' ? utf8(value) : undefined))
  }

  bool(name: string): boolean | undefined {
    return this.#read(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined))
  }

  int(name: string): number | undefined {
    return this.#read(name, 'an int64', (value) => (isInt64(value) ? clamp(Number(value)) : undefined))
  }

  lease(name: string): LeaseId | undefined {
    return this.#read(name, 'an int64', (value) => (isInt64(value) ? leaseId(value) : undefined))
  }

  /** A member's ID, an unsigned number; all zeros when absent. */
  member(name: string): MemberId {
    const read = (value: unknown): string | undefined => {
      if (
        !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) &&
        !(typeof value === 'string' && /^\d{1,20}$/.test(value))
      ) {
        return undefined
      }
      const number = BigInt(value)
      return number < 1n << 64n ? number.toString(16).padStart(16, '0') : undefined
    }
    return (this.#read(name, 'a uint64', read) ?? '0'.repeat(16)) as MemberId
  }

  oneOf<T extends string>(name: string, names: readonly T[]): T | undefined {
    const value = this.#plain[name]
    return value === undefined ? undefined : oneOf(names, value, `${this.#path}.${name}`)
  }

  list(name: string): unknown[] {
    return this.#read(name, 'a list', (value) => (Array.isArray(value) ? value : undefined)) ?? []
  }

  strings(name: string): string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw new Error(`${this.#path}.${name} must hold strings only`)
      return value
    })
  }

  message(name: string): Fields | undefined {
    const value = this.#plain[name]
    return value === undefined ? undefined : new Fields(asPlain(value, `${this.#path}.${name}`), `${this.#path}.${name}`)
  }

  messages(name: string): Fields[] {
    return this.list(name).map((value, i) => new Fields(asPlain(value, `${this.#path}.${name}[${i}]`), `${this.#path}.${name}[${i}]`))
  }

  #read<T>(name: string, what: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.#plain[name]
    if (value === undefined || value === null) return undefined
    const result = read(value)
    if (result === undefined) throw new Error(`${this.#path}.${name} is not ${what}: ${JSON.stringify(value)}`)
    return result
  }
}

function isInt64(value: unknown): value is number | string {
  return (typeof value === 'number' && Number.isSafeInteger(value)) || (typeof value === 'string' && parseDecimalInt64(value) !== null)
}

/** An enum's name, or the number that stands for it. */
function oneOf<T extends string>(names: readonly T[], value: unknown, path: string): T {
  const found = typeof value === 'number' ? names[value] : names.find((name) => name === value)
  if (found === undefined) throw new Error(`${path} is not one of ${names.join(', ')}: ${JSON.stringify(value)}`)
  return found
}

export function asPlain(value: unknown, path: string): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${path} is not an object`)
  return value as Plain
}

/** A reply in normal form. */
export function writeReply(reply: Reply): { response: Plain } | { error: { code: number; message: string } } {
  if (reply.type === 'error') return { error: { code: reply.code, message: reply.message } }
  return { response: writeResponse(reply) }
}

function writeResponse(response: Exclude<Reply, { type: 'error' }>): Plain {
  if (response.type === 'MoveLeader') return {}
  const header = { header: withoutDefaults({ revision: response.header.revision }) }
  switch (response.type) {
    case 'Range':
    case 'Put':
    case 'DeleteRange':
    case 'Txn':
      return { ...header, ...writeKvResult(response) }
    case 'LeaseGrant':
    case 'LeaseKeepAlive':
      return { ...header, ...withoutDefaults({ ID: writeId(response.ID), TTL: response.TTL }) }
    case 'LeaseTimeToLive': {
      const { ID, TTL, grantedTTL, keys } = response
      return { ...header, ...withoutDefaults({ ID: writeId(ID), TTL, grantedTTL, keys: keys.map(text) }) }
    }
    case 'LeaseLeases':
      return { ...header, ...withoutDefaults({ leases: response.leases.map((ID) => ({ ID: writeId(ID) })) }) }
    case 'Watch': {
      const { watch_id, created, canceled, compact_revision, cancel_reason, fragment, events } = response
      const all = { watch_id, created, canceled, compact_revision, cancel_reason, fragment, events: events.map(writeEvent) }
      return { ...header, ...withoutDefaults(all) }
    }
    case 'Lock':
      return { ...header, ...withoutDefaults({ key: text(response.key) }) }
    case 'Campaign': {
      const { name, key, rev, lease } = response.leader
      return { ...header, leader: withoutDefaults({ name: text(name), key: text(key), rev, lease: writeId(lease) }) }
    }
    case 'Leader':
      return { ...header, kv: writeKv(response.kv) }
    case 'MemberList':
      return { ...header, members: response.members.map(writeMember) }
    case 'MemberAdd':
    case 'MemberRemove':
    case 'MemberPromote':
    case 'MemberUpdate': {
      const { member, members } = response
      return { ...header, ...(member === undefined ? {} : { member: writeMember(member) }), members: members.map(writeMember) }
    }
    case 'Status': {
      const { type: _type, header: _header, leader, ...rest } = response
      return { ...header, ...withoutDefaults({ ...rest, leader: writeMemberId(leader) }) }
    }
    case 'Compact':
    case 'LeaseRevoke':
    case 'Unlock':
    case 'Proclaim':
    case 'Resign':
      return header
  }
}

type KvResult = Extract<Reply, { type: 'Range' | 'Put' | 'DeleteRange' | 'Txn' }> | ResponseOp

function writeKvResult(result: KvResult): Plain {
  switch (result.type) {
    case 'Range':
      return withoutDefaults({ kvs: result.kvs.map(writeKv), more: result.more, count: result.count })
    case 'Put':
      return result.prev_kv === undefined ? {} : { prev_kv: writeKv(result.prev_kv) }
    case 'DeleteRange':
      return withoutDefaults({ deleted: result.deleted, prev_kvs: result.prev_kvs.map(writeKv) })
    case 'Txn':
      return withoutDefaults({ succeeded: result.succeeded, responses: result.responses.map(writeOp) })
  }
}

function writeOp(op: ResponseOp): Plain {
  // A nested transaction's header is there and empty (semantics §2.5).
  const header = op.type === 'Txn' ? {} : withoutDefaults({ revision: op.revision })
  const message = { header, ...writeKvResult(op) }
  switch (op.type) {
    case 'Range':
      return { response_range: message }
    case 'Put':
      return { response_put: message }
    case 'DeleteRange':
      return { response_delete_range: message }
    case 'Txn':
      return { response_txn: message }
  }
}

/** A watch event in normal form: one without a type is a PUT. */
export function writeEvent({ type, kv, prev_kv }: WatchEvent): Plain {
  return { ...(type === 'DELETE' ? { type } : {}), kv: writeKv(kv), ...(prev_kv === undefined ? {} : { prev_kv: writeKv(prev_kv) }) }
}

function writeKv({ key, create_revision, mod_revision, version, value, lease }: KeyValue): Plain {
  return withoutDefaults({ key: text(key), create_revision, mod_revision, version, value: text(value), lease: writeId(lease) })
}

function writeMember({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): Plain {
  return withoutDefaults({ ID: writeMemberId(ID), name, peerURLs, clientURLs, isLearner })
}

function writeId(id: LeaseId): number | string {
  return numberIfSafe(decimal(id))
}

function writeMemberId(id: MemberId): number | string {
  return numberIfSafe(unsignedDecimal(id))
}

function numberIfSafe(digits: string): number | string {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : digits
}

function withoutDefaults(fields: Plain): Plain {
  const isDefault = (value: unknown): boolean =>
    value === 0 || value === '' || value === false || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)))
}
