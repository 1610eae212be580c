// The keys of a run that can be judged: clients changed them only by requests that the model of one
// key knows (histories.ts).

import type { Bytes, Compare, RangeRequest, Request, RequestOp, TxnRequest } from '../base/rpc'
import type { TraceEvent } from '../base/trace'

export interface JudgedKeys {
  /** In byte order. */
  judged: Bytes[]
  /** Keys that some request changed in a way that the model does not know. */
  skipped: Bytes[]
}

/** Half-open: from `from`, up to `to`; null for no end. */
interface Stretch {
  from: Bytes
  to: Bytes | null
}

/** The keys that clients of a run read or write by name. */
export function judgedKeys(trace: readonly TraceEvent[]): JudgedKeys {
  const keys = new Set<Bytes>()
  const unknown: Stretch[] = []
  for (const event of trace) if (event.type === 'request-sent') note(event.request, keys, unknown)
  const all = [...keys].sort(byBytes)
  const skipped = all.filter((key) =>
    unknown.some(({ from, to }) => key >= from && (to === null || key < to)),
  )
  return { judged: all.filter((key) => !skipped.includes(key)), skipped }
}

/** A read of one key at the newest revision, with its value. */
export function isPlainGet(request: RangeRequest): boolean {
  const { type: _type, key: _key, serializable: _serializable, ...options } = request
  return Object.values(options).every((value) => !value || value === 'NONE' || value === 'KEY')
}

/**
 * A transaction on one key: one compare that the model knows, and at most one operation in each
 * branch.
 */
export function isPlainTxn({ compare = [], success = [], failure = [] }: TxnRequest): boolean {
  const [only] = compare
  if (
    only === undefined ||
    compare.length > 1 ||
    !isPlainCompare(only) ||
    success.length > 1 ||
    failure.length > 1
  )
    return false
  return [...success, ...failure].every((op) => isPlainOp(op, only.key))
}

function isPlainCompare({
  range_end,
  target = 'VERSION',
  result = 'EQUAL',
  create_revision = 0,
}: Compare): boolean {
  if (range_end || result !== 'EQUAL') return false
  return (
    target === 'VERSION' || target === 'VALUE' || (target === 'CREATE' && create_revision === 0)
  )
}

function isPlainOp(op: RequestOp, key: Bytes): boolean {
  if (op.type === 'Range') return op.key === key && isPlainGet(op)
  if (op.type === 'Put') return op.key === key && !op.ignore_value && !op.ignore_lease
  return op.type === 'DeleteRange' && op.key === key && !op.range_end
}

function note(request: Request, keys: Set<Bytes>, unknown: Stretch[]): void {
  switch (request.type) {
    case 'Range':
      if (isPlainGet(request)) keys.add(request.key)
      return
    case 'Put':
      keys.add(request.key)
      if (request.ignore_value || request.ignore_lease) unknown.push(one(request.key))
      return
    case 'DeleteRange':
      if (request.range_end) unknown.push(stretch(request.key, request.range_end))
      else keys.add(request.key)
      return
    case 'Txn':
      if (isPlainTxn(request)) keys.add(request.compare![0]!.key)
      else noteWrites(request, keys, unknown)
      return
    // The Lock and Election services write their own keys.
    case 'Lock':
    case 'Campaign':
      unknown.push({ from: `${request.name}/`, to: `${request.name}0` })
      return
    case 'Unlock':
      unknown.push(one(request.key))
      return
    case 'Proclaim':
    case 'Resign':
      if (request.leader?.key !== undefined) unknown.push(one(request.leader.key))
      return
    default:
  }
}

/** The keys that a transaction on several keys may write. */
function noteWrites(
  { success = [], failure = [] }: TxnRequest,
  keys: Set<Bytes>,
  unknown: Stretch[],
): void {
  for (const op of [...success, ...failure]) {
    if (op.type === 'Txn') noteWrites(op, keys, unknown)
    if (op.type !== 'Put' && op.type !== 'DeleteRange') continue
    keys.add(op.key)
    unknown.push(
      op.type === 'DeleteRange' && op.range_end ? stretch(op.key, op.range_end) : one(op.key),
    )
  }
}

function one(key: Bytes): Stretch {
  return { from: key, to: `${key}\0` }
}

/** etcd's range: `\0` as the end means every key from the start on. */
function stretch(from: Bytes, end: Bytes): Stretch {
  return { from, to: end === '\0' ? null : end }
}

function byBytes(a: Bytes, b: Bytes): number {
  return a < b ? -1 : a > b ? 1 : 0
}
