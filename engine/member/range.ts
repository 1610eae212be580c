// A Range as etcd answers it: what the store finds, then filters, order and limit (etcd: server/etcdserver/txn/range.go; semantics §2.2).

import type { KeyValue, RangeRequest, SortTarget } from '../base/rpc'

export interface Shaped {
  kvs: KeyValue[]
  more: boolean
}

/** Filters, orders, cuts and blanks the keys found for a request; `count` is not touched by any of it. */
export function shapeRange(found: KeyValue[], request: RangeRequest): Shaped {
  if (request.count_only) return { kvs: [], more: false }
  let kvs = found.filter((kv) => passes(kv, request))
  const target = request.sort_target ?? 'KEY'
  // A target other than the key without an order means ascending.
  const order = request.sort_order ?? 'NONE'
  const sorted = order !== 'NONE' ? order : target === 'KEY' ? 'NONE' : 'ASCEND'
  if (sorted !== 'NONE') {
    const sign = sorted === 'ASCEND' ? 1 : -1
    kvs = kvs.slice().sort((a, b) => sign * compareBy(target, a, b))
  }
  const limit = request.limit ?? 0
  const more = limit > 0 && kvs.length > limit
  if (more) kvs = kvs.slice(0, limit)
  if (request.keys_only) kvs = kvs.map((kv) => ({ ...kv, value: '' }))
  return { kvs, more }
}

/** Whether a key passes the filters on its revisions; 0 filters nothing. */
function passes(kv: KeyValue, request: RangeRequest): boolean {
  const { min_mod_revision = 0, max_mod_revision = 0, min_create_revision = 0, max_create_revision = 0 } = request
  if (max_mod_revision !== 0 && kv.mod_revision > max_mod_revision) return false
  if (min_mod_revision !== 0 && kv.mod_revision < min_mod_revision) return false
  if (max_create_revision !== 0 && kv.create_revision > max_create_revision) return false
  return min_create_revision === 0 || kv.create_revision >= min_create_revision
}

function compareBy(target: SortTarget, a: KeyValue, b: KeyValue): number {
  switch (target) {
    case 'KEY':
      return compareBytes(a.key, b.key)
    case 'VALUE':
      return compareBytes(a.value, b.value)
    case 'VERSION':
      return a.version - b.version
    case 'CREATE':
      return a.create_revision - b.create_revision
    case 'MOD':
      return a.mod_revision - b.mod_revision
  }
}

export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
