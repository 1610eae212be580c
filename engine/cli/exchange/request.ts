// Reads requests in normal form.

import { leaseId } from '../../base/int64'
import type {
  Compare,
  LeaderKey,
  Request,
  RequestOp,
  SortOrder,
  SortTarget,
  TxnRequest,
} from '../../base/rpc'
import { asPlain, Fields, oneOf } from './fields'
import type { Plain, StreamCall } from './form'

const SORT_ORDERS = ['NONE', 'ASCEND', 'DESCEND'] as const
const SORT_TARGETS = ['KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE'] as const
const COMPARE_TARGETS = ['VERSION', 'CREATE', 'MOD', 'VALUE', 'LEASE'] as const
const COMPARE_RESULTS = ['EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL'] as const
const FILTERS = ['NOPUT', 'NODELETE'] as const

const WATCH_MESSAGES = [
  ['create_request', 'WatchCreate'],
  ['cancel_request', 'WatchCancel'],
  ['progress_request', 'WatchProgress'],
] as const

/** The names of the calls. */
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

/**
 * Converts a request in normal form to the engine's form. A bad request throws with the field's
 * name. Unknown fields are ignored, as in etcd.
 */
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
    case 'MemberList':
      return { type, ...fields.pick('bool', 'linearizable') }
    case 'LeaseLeases':
    case 'Status':
    case 'WatchProgress':
      return { type }
    case 'Lock':
      return { type, name: fields.bytes('name') ?? '', ...fields.pick('lease', 'lease') }
    case 'Unlock':
      return { type, key: fields.bytes('key') ?? '' }
    case 'Campaign':
      return {
        type,
        name: fields.bytes('name') ?? '',
        ...fields.pick('lease', 'lease'),
        ...fields.pick('bytes', 'value'),
      }
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
        ...(plain.filters === undefined
          ? {}
          : { filters: fields.list('filters').map((filter) => oneOf(FILTERS, filter, 'filters')) }),
      }
    case 'WatchCancel':
      return { type, watch_id: fields.int('watch_id') ?? 0 }
  }
}

/**
 * One message of a stream; null for an empty watch message, which etcd ignores. A bad message
 * throws with the field's name.
 */
export function readStreamMessage(call: StreamCall, plain: Plain): Request | null {
  if (call !== 'Watch') return readRequest(call, plain)
  for (const [field, request] of WATCH_MESSAGES) {
    if (plain[field] !== undefined)
      return readRequest(request, asPlain(plain[field], `Watch.${field}`))
  }
  return null
}

function readRange(fields: Fields): Extract<Request, { type: 'Range' }> {
  const order = fields.enumeration<SortOrder>('sort_order', SORT_ORDERS)
  const target = fields.enumeration<SortTarget>('sort_target', SORT_TARGETS)
  return {
    type: 'Range',
    key: fields.bytes('key') ?? '',
    ...fields.pick('bytes', 'range_end'),
    ...fields.pick(
      'int',
      'limit',
      'revision',
      'min_mod_revision',
      'max_mod_revision',
      'min_create_revision',
      'max_create_revision',
    ),
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
  return {
    type: 'DeleteRange',
    key: fields.bytes('key') ?? '',
    ...fields.pick('bytes', 'range_end'),
    ...fields.pick('bool', 'prev_kv'),
  }
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
  return {
    leader: {
      ...leader.pick('bytes', 'name', 'key'),
      ...leader.pick('int', 'rev'),
      ...leader.pick('lease', 'lease'),
    },
  }
}
