// Checks of the API layer before anything is proposed (etcd: api/v3rpc/key.go).

import { Code, errors } from '../base/errors'
import type { Bytes, RangeRequest, Request, RequestOp, RpcError, TxnRequest } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES, proposalSize, requestSize } from './message-size'
import type { AskedProposal } from './proposal'

/**
 * The maximum of entries in each list of a transaction, nested ones included (embed/config.go:
 * DefaultMaxTxnOps).
 */
export const MAX_TXN_OPS = 128

/** gRPC's refusal of a message that is too large to be read; undefined for a smaller one. */
export function oversized(request: Request): RpcError | undefined {
  const size = requestSize(request)
  if (size <= MAX_MESSAGE_BYTES) return undefined
  const message = `grpc: received message larger than max (${size} vs. ${MAX_MESSAGE_BYTES})`
  return { type: 'error', code: Code.ResourceExhausted, message }
}

/**
 * etcd's refusal of an entry that is too large to be proposed (v3_server.go:
 * processInternalRaftRequestOnce). `idBytes` is the size of the proposal's id.
 */
export function tooLargeToPropose(proposal: AskedProposal, idBytes: number): RpcError | undefined {
  return proposalSize(proposal, idBytes) > MAX_REQUEST_BYTES ? errors.RequestTooLarge : undefined
}

/**
 * The error that refuses an arriving request; undefined for a valid one. `checksSort`: versions.ts,
 * checksSortOptions.
 */
export function refusal(request: Request, checksSort: boolean): RpcError | undefined {
  switch (request.type) {
    case 'Range':
      if (request.key === '') return errors.EmptyKey
      return checksSort && hasUnknownSort(request) ? errors.InvalidSortOption : undefined
    case 'DeleteRange':
      return request.key === '' ? errors.EmptyKey : undefined
    case 'Put':
      if (request.key === '') return errors.EmptyKey
      if (request.ignore_value && (request.value ?? '') !== '') return errors.ValueProvided
      if (request.ignore_lease && (request.lease ?? NO_LEASE) !== NO_LEASE)
        return errors.LeaseProvided
      return undefined
    case 'Txn': {
      const refused = checkTxn(request, MAX_TXN_OPS, checksSort)
      if (refused !== undefined) return refused
      return touches(request.success ?? []) === null || touches(request.failure ?? []) === null
        ? errors.DuplicateKey
        : undefined
    }
    default:
      return undefined
  }
}

function hasUnknownSort({ sort_order: order, sort_target: target }: RangeRequest): boolean {
  return typeof order === 'number' || typeof target === 'number'
}

/** v3rpc/key.go: checkTxnRequest. A nested transaction has the rest of its parent's budget. */
function checkTxn(txn: TxnRequest, budget: number, checksSort: boolean): RpcError | undefined {
  const { compare = [], success = [], failure = [] } = txn
  const operations = Math.max(compare.length, success.length, failure.length)
  if (operations > budget) return errors.TooManyOps
  if (compare.some(({ key }) => key === '')) return errors.EmptyKey
  for (const op of [...success, ...failure]) {
    const refused =
      op.type === 'Empty'
        ? errors.KeyNotFound
        : op.type === 'Txn'
          ? checkTxn(op, budget - operations, checksSort)
          : refusal(op, checksSort)
    if (refused !== undefined) return refused
  }
  return undefined
}

interface Interval {
  begin: Bytes
  /**
   * '' means the single point `begin`. Any other end is taken literally, also "\0", as in etcd's
   * interval tree.
   */
  end: Bytes
}

interface Touched {
  puts: Set<Bytes>
  deletes: Interval[]
}

const covers = (deletes: Interval[], key: Bytes): boolean =>
  deletes.some(({ begin, end }) => (end === '' ? key === begin : begin <= key && key < end))

/**
 * The keys that a branch puts and deletes; null if it touches one key twice in a way that etcd
 * refuses (v3rpc/key.go: checkIntervals).
 */
function touches(ops: RequestOp[]): Touched | null {
  const puts = new Set<Bytes>()
  const deletes: Interval[] = []
  for (const op of ops)
    if (op.type === 'DeleteRange') deletes.push({ begin: op.key, end: op.range_end ?? '' })
  for (const op of ops) {
    if (op.type !== 'Txn') continue
    const then = touches(op.success ?? [])
    const otherwise = touches(op.failure ?? [])
    if (then === null || otherwise === null) return null
    for (const key of then.puts) {
      if (puts.has(key) || covers(deletes, key)) return null
      puts.add(key)
    }
    // Only one of the two branches runs. So both may put the same key, and one may put a key that
    // the other deletes.
    for (const key of otherwise.puts) {
      if ((puts.has(key) && !then.puts.has(key)) || covers(deletes, key)) return null
      puts.add(key)
    }
    deletes.push(...then.deletes, ...otherwise.deletes)
  }
  for (const op of ops) {
    if (op.type !== 'Put') continue
    if (puts.has(op.key) || covers(deletes, op.key)) return null
    puts.add(op.key)
  }
  return { puts, deletes }
}
