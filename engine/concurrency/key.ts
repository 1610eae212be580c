// The common part of Mutex, Election and Observer (etcd: concurrency/key.go). Each is a machine
// that does not know its runner: the last response goes in, the next output comes out. A member
// runs them for callers of its Lock and Election services, a client for its own program. Both make
// the same calls in the same order.

import { assert } from '../base/assert'
import { prefixEnd } from '../base/bytes'
import { goHex } from '../base/int64'
import type {
  Bytes,
  Header,
  KeyValue,
  LeaseId,
  RangeRequest,
  RangeResponse,
  Reply,
  Request,
  RpcError,
  WatchCreateRequest,
} from '../base/rpc'

/**
 * The outputs of a machine, in order. The answer to a `call` and every response of a `watch` go
 * into its `next`.
 */
export type ConcurrencyOutput =
  /** One unary request. */
  | { type: 'call'; request: Request }
  /**
   * A watch. It ends when the machine calls, watches or ends; until then every response goes in.
   */
  | { type: 'watch'; request: WatchCreateRequest }
  /** Observe's report of the leader. The machine continues. */
  | { type: 'report'; header: Header; kv: KeyValue }
  /** The end of the operation, with the header for the caller. */
  | { type: 'done'; header: Header }
  | { type: 'failed'; error: RpcError }

type OutputOf<T extends ConcurrencyOutput['type']> = Extract<ConcurrencyOutput, { type: T }>

export const call = (request: Request): OutputOf<'call'>[] => [{ type: 'call', request }]
export const done = (header: Header): OutputOf<'done'>[] => [{ type: 'done', header }]
export const failed = (error: RpcError): OutputOf<'failed'>[] => [{ type: 'failed', error }]

/**
 * The key of a lease in the queue under a name. etcd writes the lease without leading zeros, and
 * with a minus for negative IDs (semantics §7.3).
 */
export function ownKey(name: Bytes, lease: LeaseId): Bytes {
  return `${name}/${goHex(lease)}`
}

/**
 * The first key in the queue under a name: the one with the least create revision (clientv3:
 * WithFirstCreate).
 */
export function firstCreated(name: Bytes): RangeRequest {
  const prefix = `${name}/`
  return {
    type: 'Range',
    key: prefix,
    range_end: prefixEnd(prefix),
    limit: 1,
    sort_order: 'ASCEND',
    sort_target: 'CREATE',
  }
}

/**
 * The last key in the queue created at or before `revision` (clientv3: WithLastCreate and
 * WithMaxCreateRev).
 */
function lastCreated(name: Bytes, revision: number): RangeRequest {
  return { ...firstCreated(name), sort_order: 'DESCEND', max_create_revision: revision }
}

/** A wait until all older keys in the queue are gone. */
export interface WaitState {
  phase: 'read' | 'watch'
  name: Bytes
  /** Keys created at or before this revision are older. */
  maxCreateRevision: number
}

/**
 * Waits until the queue has no older key (concurrency/key.go: waitDeletes). Each turn watches only
 * the last of them, so one deletion wakes one waiter, not all.
 */
export function beginWait(
  name: Bytes,
  maxCreateRevision: number,
): { state: WaitState; outputs: ConcurrencyOutput[] } {
  return {
    state: { phase: 'read', name, maxCreateRevision },
    outputs: call(lastCreated(name, maxCreateRevision)),
  }
}

/** One turn of a wait. `over` is the header of the read that found no older key. */
export function continueWait(
  state: WaitState,
  last: Reply,
): { over: Header } | { error: RpcError } | { state: WaitState; outputs: ConcurrencyOutput[] } {
  if (last.type === 'error') return { error: last }
  if (state.phase === 'read') {
    const { header, kvs } = rangeOf(last)
    const predecessor = kvs[0]
    if (predecessor === undefined) return { over: header }
    const request: WatchCreateRequest = {
      type: 'WatchCreate',
      key: predecessor.key,
      start_revision: header.revision,
    }
    return { state: { ...state, phase: 'watch' }, outputs: [{ type: 'watch', request }] }
  }
  assert(last.type === 'Watch', `a wait for a deletion got ${last.type}`)
  if (last.canceled) return { error: lostWatch(last.compact_revision) }
  if (last.events.some(({ type }) => type === 'DELETE'))
    return beginWait(state.name, state.maxCreateRevision)
  return { state, outputs: [] }
}

/**
 * The error of a watch that the server cancelled, as in clientv3 (clientv3/watch.go:
 * WatchResponse.Err).
 */
function lostWatch(compactRevision: number): RpcError {
  const message =
    compactRevision !== 0
      ? 'etcdserver: mvcc: required revision has been compacted'
      : 'lost watcher waiting for delete'
  return { type: 'error', code: 2, message }
}

export function rangeOf(last: Reply): Pick<RangeResponse, 'header' | 'kvs'> {
  assert(last.type === 'Range', `a lock or election read and got ${last.type}`)
  return last
}
