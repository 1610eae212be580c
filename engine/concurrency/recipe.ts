// What etcd's recipes have in common. A recipe is a machine that knows nothing of who runs it: the
// last response goes in, what it wants next comes out. A member runs one for a caller of its Lock
// and Election services, a client for its own program; both do the same calls in the same order.

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
 * What a recipe wants of whoever runs it, in order. The answer to a `call` and every response of a
 * `watch` goes into its `next`.
 */
export type Want =
  /** One unary request. */
  | { type: 'call'; request: Request }
  /**
   * A watch; it is over as soon as the machine calls, watches or ends. Until then every response
   * goes in.
   */
  | { type: 'watch'; request: WatchCreateRequest }
  /** Observe's news: who leads. The machine goes on. */
  | { type: 'tell'; header: Header; kv: KeyValue }
  /** The end of what was begun, with the header that the recipe's caller gets. */
  | { type: 'done'; header: Header }
  | { type: 'failed'; error: RpcError }

type WantOf<T extends Want['type']> = Extract<Want, { type: T }>

export const call = (request: Request): WantOf<'call'>[] => [{ type: 'call', request }]
export const done = (header: Header): WantOf<'done'>[] => [{ type: 'done', header }]
export const failed = (error: RpcError): WantOf<'failed'>[] => [{ type: 'failed', error }]

/**
 * The key of a lease in the queue under a name: etcd writes the lease without zeros in front, and
 * with a minus where it is negative (semantics §7.3).
 */
export function ownKey(name: Bytes, lease: LeaseId): Bytes {
  return `${name}/${goHex(lease)}`
}

/**
 * The first in the queue under a name: the key with the least create revision (clientv3:
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
 * The last in the queue that was created at `revision` or before (clientv3: WithLastCreate and
 * WithMaxCreateRev).
 */
function lastCreated(name: Bytes, revision: number): RangeRequest {
  return { ...firstCreated(name), sort_order: 'DESCEND', max_create_revision: revision }
}

/** A wait for the queue in front of a key to empty. */
export interface WaitState {
  phase: 'read' | 'watch'
  name: Bytes
  /** Keys created at this revision or before are in front. */
  maxCreateRevision: number
}

/**
 * Waits until no key of the queue is in front (concurrency/key.go: waitDeletes). Each turn it
 * watches only the last of them: a chain in which one deletion wakes one waiter, not all.
 */
export function beginWait(
  name: Bytes,
  maxCreateRevision: number,
): { state: WaitState; wants: Want[] } {
  return {
    state: { phase: 'read', name, maxCreateRevision },
    wants: call(lastCreated(name, maxCreateRevision)),
  }
}

/** One turn of a wait. `over` is the header of the read that found nobody in front. */
export function continueWait(
  state: WaitState,
  last: Reply,
): { over: Header } | { error: RpcError } | { state: WaitState; wants: Want[] } {
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
    return { state: { ...state, phase: 'watch' }, wants: [{ type: 'watch', request }] }
  }
  assert(last.type === 'Watch', `a wait for a deletion got ${last.type}`)
  if (last.canceled) return { error: lostWatch(last.compact_revision) }
  if (last.events.some(({ type }) => type === 'DELETE'))
    return beginWait(state.name, state.maxCreateRevision)
  return { state, wants: [] }
}

/** How clientv3 ends a watch that the server cancelled (clientv3/watch.go: WatchResponse.Err). */
function lostWatch(compactRevision: number): RpcError {
  const message =
    compactRevision !== 0
      ? 'etcdserver: mvcc: required revision has been compacted'
      : 'lost watcher waiting for delete'
  return { type: 'error', code: 2, message }
}

export function rangeOf(last: Reply): Pick<RangeResponse, 'header' | 'kvs'> {
  assert(last.type === 'Range', `a recipe read and got ${last.type}`)
  return last
}
