// The requests to etcd's store that the lines of a program make.

import { unreachable } from '../../base/assert'
import { prefixEnd } from '../../base/bytes'
import type {
  Bytes,
  Compare,
  LeaseId,
  PutRequest,
  RangeRequest,
  Request,
  RequestOp,
  TxnRequest,
  WatchCreateRequest,
} from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import { firstCreated } from '../../concurrency/key'
import type { Branch, ProgramCompare, Step } from './steps'
import type { Variables } from './variables'

type Of<T extends Step['op']> = Extract<Step, { op: T }>

type StoreStep = Of<'get' | 'count' | 'put' | 'create' | 'delete' | 'txn'>

/**
 * The first lease that a step attaches a key to and that is in no variable; undefined where none is
 * missing.
 */
export function missingLease(step: StoreStep, vars: Variables): string | undefined {
  const puts = step.op === 'txn' ? [...step.success, ...step.failure] : [step]
  const names = puts.flatMap((put) => ('lease' in put && put.lease !== null ? [put.lease] : []))
  return names.find((name) => !vars.has(name))
}

/**
 * A step that puts, gets, counts, deletes or is a transaction. None of its leases may be missing.
 */
export function storeRequest(step: StoreStep, vars: Variables): Request {
  switch (step.op) {
    case 'get':
      return rangeRequest(step, vars)
    case 'count':
      return countRequest(step, vars)
    case 'put':
      return putRequest(step, vars)
    case 'create': {
      const put = putRequest(step, vars)
      return {
        type: 'Txn',
        compare: [{ key: put.key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
        success: [put],
      }
    }
    case 'delete':
      return deletion(step, vars)
    case 'txn':
      return txnRequest(step, vars)
    default:
      return unreachable(step)
  }
}

/**
 * Waits for one key to be deleted: from the revision of the last answer on, as etcd's own wait does
 * (concurrency/key.go: waitDelete). Elsewhere changes in that answer are not reported again. If a
 * revision changed several keys, its other keys are reported. `revision`: that of the last answer;
 * `toldOfIt`: whether a wait has reported keys that it changed.
 */
export function watchRequest(
  step: Of<'wait'>,
  vars: Variables,
  revision: number,
  toldOfIt: boolean,
): WatchCreateRequest {
  const key = vars.bytes(step.key)
  const isRead = step.news === 'changed' ? !toldOfIt : step.prefix
  const range = step.prefix ? { range_end: prefixEnd(key) } : {}
  const filters = step.prefix && step.news === 'deleted' ? { filters: ['NOPUT' as const] } : {}
  return {
    type: 'WatchCreate',
    key,
    ...range,
    start_revision: revision + (isRead ? 1 : 0),
    ...filters,
  }
}

function putRequest({ key, value, lease }: Of<'put' | 'create'>, vars: Variables): PutRequest {
  const attached = lease === null ? {} : { lease: vars.get(lease) as LeaseId }
  return { type: 'Put', key: vars.bytes(key), value: vars.bytes(value), ...attached }
}

function rangeRequest({ key, pick, before }: Of<'get'>, vars: Variables): RangeRequest {
  const bytes = vars.bytes(key)
  if (pick === 'key') return { type: 'Range', key: bytes }
  // The request of etcd's own recipes (concurrency/key.ts), whatever the prefix ends in.
  const first = { ...firstCreated(''), key: bytes, range_end: prefixEnd(bytes) }
  if (pick === 'oldest') return first
  return { ...first, sort_order: 'DESCEND', ...createdBefore(before, vars) }
}

/**
 * etcd's count leaves no key out (WithCountOnly). The keys created before another one are read
 * without their values, and counted by the client.
 */
function countRequest({ prefix, before }: Of<'count'>, vars: Variables): RangeRequest {
  const key = vars.bytes(prefix)
  const all: RangeRequest = { type: 'Range', key, range_end: prefixEnd(key) }
  return before === null
    ? { ...all, count_only: true }
    : { ...all, keys_only: true, ...createdBefore(before, vars) }
}

function createdBefore(
  before: string | null,
  vars: Variables,
): Pick<RangeRequest, 'max_create_revision'> {
  return before === null ? {} : { max_create_revision: vars.amount(before) - 1 }
}

/** Deletes a lock's own key while its create revision is that one. */
export function guardedUnlock(key: Bytes, token: string, vars: Variables): TxnRequest {
  return deletionIf({ key, target: 'CREATE', result: 'EQUAL', create_revision: vars.amount(token) })
}

function deletion({ key, guard }: Of<'delete'>, vars: Variables): Request {
  const bytes = vars.bytes(key)
  if (guard === null) return { type: 'DeleteRange', key: bytes }
  if (guard.target === 'create') return guardedUnlock(bytes, guard.is, vars)
  return deletionIf({ key: bytes, target: 'VALUE', result: 'EQUAL', value: vars.bytes(guard.is) })
}

function deletionIf(compare: Compare): TxnRequest {
  return { type: 'Txn', compare: [compare], success: [{ type: 'DeleteRange', key: compare.key }] }
}

function txnRequest({ compares, success, failure }: Of<'txn'>, vars: Variables): TxnRequest {
  const operations = (branches: readonly Branch[]): RequestOp[] =>
    branches.map((branch) => operation(branch, vars))
  return {
    type: 'Txn',
    compare: compares.map((compare) => compareOf(compare, vars)),
    success: operations(success),
    ...(failure.length === 0 ? {} : { failure: operations(failure) }),
  }
}

function operation(branch: Branch, vars: Variables): RequestOp {
  switch (branch.op) {
    case 'get':
      return rangeRequest(branch, vars)
    case 'delete':
      return { type: 'DeleteRange', key: vars.bytes(branch.key) }
    case 'put':
      return putRequest(branch, vars)
    default:
      return unreachable(branch)
  }
}

const RESULTS = { '=': 'EQUAL', '!=': 'NOT_EQUAL', '<': 'LESS', '>': 'GREATER' } as const

function compareOf({ target, key, result, is }: ProgramCompare, vars: Variables): Compare {
  const common = { key: vars.bytes(key), result: RESULTS[result] }
  const amount = vars.amount(is)
  switch (target) {
    case 'create':
      return { ...common, target: 'CREATE', create_revision: amount }
    case 'mod':
      return { ...common, target: 'MOD', mod_revision: amount }
    case 'version':
      return { ...common, target: 'VERSION', version: amount }
    case 'value':
      return { ...common, target: 'VALUE', value: vars.bytes(is) }
    case 'lease':
      return { ...common, target: 'LEASE', lease: (vars.get(is) ?? NO_LEASE) as LeaseId }
    default:
      return unreachable(target)
  }
}
