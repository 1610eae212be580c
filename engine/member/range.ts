// A Range as etcd answers it: the keys of the store, then filters, order and limit (etcd:
// server/etcdserver/txn/range.go; semantics §2.2).

import { goSort } from '../base/go-sort'
import type { KeyValue, RangeRequest, SortTarget } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'

export interface Shaped {
  kvs: KeyValue[]
  more: boolean
}

/**
 * Filters, orders, limits and blanks the keys found for a request. None of these changes `count`.
 * `omitsLease`: versions.ts, keysOnlyOmitsLease.
 */
export function shapeRange(found: KeyValue[], request: RangeRequest, omitsLease: boolean): Shaped {
  if (request.count_only) return { kvs: [], more: false }
  const limit = request.limit ?? 0
  const order = request.sort_order ?? 'NONE'
  const target = request.sort_target ?? 'KEY'
  // Without an order the store returns only one key more than the limit, which shows that there are
  // more. This holds even if a target then orders them.
  const read =
    limit > 0 && order === 'NONE' && !isFiltered(request) ? found.slice(0, limit + 1) : found
  let kvs = read.filter((kv) => passes(kv, request))
  // A target other than the key without an order means ascending.
  if (
    (order !== 'NONE' || target !== 'KEY') &&
    typeof order === 'string' &&
    typeof target === 'string'
  )
    goSort(
      kvs,
      order === 'DESCEND' ? (a, b) => isBelow(target, b, a) : (a, b) => isBelow(target, a, b),
    )
  const more = limit > 0 && kvs.length > limit
  if (more) kvs = kvs.slice(0, limit)
  // A sort by value reads the whole key, including its lease.
  if (request.keys_only)
    kvs = kvs.map((kv) => ({
      ...kv,
      value: '',
      ...(omitsLease && target !== 'VALUE' ? { lease: NO_LEASE } : {}),
    }))
  return { kvs, more }
}

/**
 * Whether etcd up to 3.5 panics: it sorts by an unknown target (apply.go: Range). An unknown order
 * does not sort.
 */
export function sortPanics({ sort_order: order, sort_target: target }: RangeRequest): boolean {
  return typeof target === 'number' && typeof order !== 'number'
}

function isFiltered(request: RangeRequest): boolean {
  const {
    min_mod_revision = 0,
    max_mod_revision = 0,
    min_create_revision = 0,
    max_create_revision = 0,
  } = request
  return (
    min_mod_revision !== 0 ||
    max_mod_revision !== 0 ||
    min_create_revision !== 0 ||
    max_create_revision !== 0
  )
}

/** Whether a key passes the filters on its revisions; 0 filters nothing. */
function passes(kv: KeyValue, request: RangeRequest): boolean {
  const {
    min_mod_revision = 0,
    max_mod_revision = 0,
    min_create_revision = 0,
    max_create_revision = 0,
  } = request
  if (max_mod_revision !== 0 && kv.mod_revision > max_mod_revision) return false
  if (min_mod_revision !== 0 && kv.mod_revision < min_mod_revision) return false
  if (max_create_revision !== 0 && kv.create_revision > max_create_revision) return false
  return min_create_revision === 0 || kv.create_revision >= min_create_revision
}

function isBelow(target: SortTarget, a: KeyValue, b: KeyValue): boolean {
  switch (target) {
    case 'KEY':
      return a.key < b.key
    case 'VALUE':
      return a.value < b.value
    case 'VERSION':
      return a.version < b.version
    case 'CREATE':
      return a.create_revision < b.create_revision
    case 'MOD':
      return a.mod_revision < b.mod_revision
  }
}

export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
