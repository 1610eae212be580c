// Applies a committed entry to the state machine: the one place where the store and the lessor meet
// (etcd: server/etcdserver/apply, txn). Every member applies every entry in log order, and so has
// the same store. Only a primary lessor also sets deadlines.

import { assert } from '../base/assert'
import { inRange } from '../base/bytes'
import { errors } from '../base/errors'
import { compareLeaseIds } from '../base/int64'
import type {
  Bytes,
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  KeyValue,
  LeaseGrantRequest,
  LeaseId,
  PutRequest,
  PutResponse,
  RangeRequest,
  Reply,
  ResponseOp,
  RpcError,
  TxnRequest,
} from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventId, LeaseEnd, Trace } from '../base/trace'
import type { Checkpoint, Lessor } from '../lease/lessor'
import type { KeyChange, Store, WriteTxn } from '../mvcc/store'
import type { Core } from './core'
import type { AskedProposal, Proposal } from './proposal'
import { compareBytes, shapeRange, sortPanics } from './range'
import type { Differences } from './versions'

/** One committed entry on its way into the state machine. */
export interface CommittedEntry {
  core: Core
  trace: Trace
  /** Milliseconds of the member's clock. */
  now: number
  /** The event that caused the entry. */
  cause: EventId
  /**
   * The entry was applied before this process started, and its effect on leases was not on disk
   * (semantics §1.12).
   */
  forgetsCheckpoints: boolean
}

export interface Applied {
  /** Null if no caller waits for the answer. */
  reply: Reply | null
  /** The changes of the entry, for the watchers; may be empty. */
  changes: readonly KeyChange[]
  /** The last event of this entry, which is the cause of later events. */
  event: EventId
}

/** Applies one entry. An entry that fails changes nothing, but keeps its place in the log. */
export function apply(proposal: Proposal, entry: CommittedEntry): Applied {
  switch (proposal.type) {
    case 'Put':
      return write(entry, proposal, (txn) => {
        const refused =
          checkLease(proposal, entry.core.lessor) ?? checkExisting(proposal, entry.core.store)
        if (refused !== undefined) return refused
        const result = put(proposal, txn, entry)
        return { ...result, header: entry.core.header(txn.revision) }
      })
    case 'DeleteRange':
      return write(entry, proposal, (txn) => ({
        ...deleteRange(proposal, txn, entry),
        header: entry.core.header(txn.revision),
      }))
    case 'Txn':
      return write(entry, proposal, (txn) => {
        const path = choose(proposal, entry.core.store)
        const refused = checkPath(entry.core, path)
        if (refused !== undefined) return refused
        const responses = run(entry.core, path, { txn, entry })
        return {
          type: 'Txn',
          header: entry.core.header(txn.revision),
          succeeded: path.succeeded,
          responses,
        }
      })
    case 'Compact': {
      const refused = entry.core.store.compact(
        proposal.revision,
        entry.core.differences.compactKeepsTombstone,
      )
      if (refused !== undefined) return refuse(entry, proposal.type, refused)
      const event = entry.trace.emit(
        { type: 'compacted', member: entry.core.options.name, revision: proposal.revision },
        entry.cause,
      )
      return { reply: { type: 'Compact', header: entry.core.header() }, changes: [], event }
    }
    case 'LeaseGrant':
      return grant(proposal, entry)
    case 'LeaseRevoke':
      return revoke(proposal.ID, proposal.end, entry)
    case 'LeaseCheckpoint':
      return checkpoint(proposal.checkpoints, entry)
  }
}

/**
 * A read, or a transaction that only reads, answered from the local store (etcdserver/v3_server.go:
 * Range, Txn).
 */
export function read(core: Core, request: RangeRequest | TxnRequest): Reply {
  if (request.type === 'Range') {
    const result = range(request, core.store, core.differences)
    if (result.type === 'error') return result
    const { type, kvs, more, count } = result
    return { type, kvs, more, count, header: core.header() }
  }
  const path = choose(request, core.store)
  const refused = checkPath(core, path)
  if (refused !== undefined) return refused
  return {
    type: 'Txn',
    header: core.header(),
    succeeded: path.succeeded,
    responses: run(core, path, null),
  }
}

/**
 * Whether a transaction has only reads in both its branches. A transaction with a nested one always
 * goes through the log (v3_server.go: isTxnReadonly).
 */
export function isReadOnly(txn: TxnRequest): boolean {
  return [...(txn.success ?? []), ...(txn.failure ?? [])].every(({ type }) => type === 'Range')
}

function write(
  entry: CommittedEntry,
  proposal: AskedProposal,
  body: (txn: WriteTxn) => Reply,
): Applied {
  const txn = entry.core.store.begin()
  const reply = body(txn)
  if (reply === errors.SortPanics) return { reply, changes: [], event: entry.cause }
  if (reply.type === 'error') return refuse(entry, proposal.type, reply)
  return { reply, changes: txn.end(), event: entry.cause }
}

function refuse(entry: CommittedEntry, request: AskedProposal['type'], reply: RpcError): Applied {
  return {
    reply,
    changes: [],
    event: entry.trace.emit(
      { type: 'request-refused', member: entry.core.options.name, request, message: reply.message },
      entry.cause,
    ),
  }
}

function grant(request: LeaseGrantRequest & { ID: LeaseId }, entry: CommittedEntry): Applied {
  const granted = entry.core.lessor.grant(request.ID, request.TTL, entry.now)
  if ('type' in granted) return refuse(entry, 'LeaseGrant', granted)
  const event = entry.trace.emit(
    {
      type: 'lease-granted',
      member: entry.core.options.name,
      lease: granted.id,
      ttlSeconds: granted.ttlSeconds,
      askedSeconds: request.TTL,
      deadline: granted.deadline,
    },
    entry.cause,
  )
  entry.core.lessor.setCause(granted.id, event)
  return {
    reply: {
      type: 'LeaseGrant',
      header: entry.core.header(),
      ID: granted.id,
      TTL: granted.ttlSeconds,
    },
    changes: [],
    event,
  }
}

/**
 * The lease and all its keys are deleted at one revision, the keys in byte order. A lease without
 * keys adds no revision (semantics §1.5).
 */
function revoke(id: LeaseId, end: LeaseEnd, entry: CommittedEntry): Applied {
  const keys = entry.core.lessor.revoke(id)
  if (!Array.isArray(keys)) return refuse(entry, 'LeaseRevoke', keys)
  const txn = entry.core.store.begin()
  for (const key of keys) txn.deleteRange(key, '')
  const changes = txn.end()
  const event = entry.trace.emit(
    {
      type: 'lease-revoked',
      member: entry.core.options.name,
      lease: id,
      end,
      revision: entry.core.store.revision,
      keys,
    },
    entry.cause,
  )
  for (const { kv } of changes) {
    entry.trace.emit(
      {
        type: 'key-deleted',
        member: entry.core.options.name,
        key: kv.key,
        revision: kv.mod_revision,
        lease: id,
        end,
      },
      event,
    )
  }
  return { reply: { type: 'LeaseRevoke', header: entry.core.header() }, changes, event }
}

/**
 * Every member records the remaining TTLs for the next primary; no deadline moves (lessor.go:
 * Checkpoint).
 */
function checkpoint(checkpoints: readonly Checkpoint[], entry: CommittedEntry): Applied {
  if (!entry.forgetsCheckpoints)
    for (const each of checkpoints) entry.core.lessor.checkpoint(each, entry.now)
  const leases = checkpoints.map(({ ID, remaining_TTL }) => ({
    lease: ID,
    remainingSeconds: remaining_TTL,
  }))
  return {
    reply: null,
    changes: [],
    event: entry.trace.emit(
      { type: 'leases-checkpointed', member: entry.core.options.name, leases },
      entry.cause,
    ),
  }
}

function checkLease(request: PutRequest, lessor: Lessor): RpcError | undefined {
  const lease = request.lease ?? NO_LEASE
  return lease !== NO_LEASE && !lessor.has(lease) ? errors.LeaseNotFound : undefined
}

/** `ignore_value` and `ignore_lease` reuse the existing key, so the key must exist. */
function checkExisting(request: PutRequest, store: Store): RpcError | undefined {
  return (request.ignore_value || request.ignore_lease) && store.get(request.key) === undefined
    ? errors.KeyNotFound
    : undefined
}

function put(
  request: PutRequest,
  txn: WriteTxn,
  entry: CommittedEntry,
): Omit<PutResponse, 'header'> {
  const existing = entry.core.store.get(request.key)
  const value = request.ignore_value ? existing!.value : (request.value ?? '')
  const lease = request.ignore_lease ? existing!.lease : (request.lease ?? NO_LEASE)
  const { kv, prev } = txn.put(request.key, value, lease)
  const before = entry.core.lessor.leaseOf(request.key)
  if (lease !== before) {
    if (lease === NO_LEASE) entry.core.lessor.detach(request.key)
    else entry.core.lessor.attach(lease, request.key)
  }
  entry.trace.emit(
    {
      type: 'key-put',
      member: entry.core.options.name,
      kv,
      detachedFrom: lease === before ? NO_LEASE : before,
    },
    entry.cause,
  )
  return { type: 'Put', ...(request.prev_kv && prev !== undefined ? { prev_kv: prev } : {}) }
}

function deleteRange(
  request: DeleteRangeRequest,
  txn: WriteTxn,
  entry: CommittedEntry,
): Omit<DeleteRangeResponse, 'header'> {
  const deleted = txn.deleteRange(request.key, request.range_end ?? '')
  for (const { kv } of deleted) {
    const lease = entry.core.lessor.leaseOf(kv.key)
    entry.core.lessor.detach(kv.key)
    entry.trace.emit(
      {
        type: 'key-deleted',
        member: entry.core.options.name,
        key: kv.key,
        revision: kv.mod_revision,
        lease,
        end: 'deleted',
      },
      entry.cause,
    )
  }
  return {
    type: 'DeleteRange',
    deleted: deleted.length,
    prev_kvs: request.prev_kv ? deleted.map(({ prev }) => prev!) : [],
  }
}

function range(
  request: RangeRequest,
  from: Pick<Store, 'range'>,
  { keysOnlyOmitsLease }: Differences,
): { type: 'Range'; kvs: KeyValue[]; more: boolean; count: number } | RpcError {
  const found = from.range(request.key, request.range_end ?? '', {
    revision: request.revision ?? 0,
  })
  if ('type' in found) return found
  if (sortPanics(request)) return errors.SortPanics
  return {
    type: 'Range',
    ...shapeRange(found.kvs, request, keysOnlyOmitsLease),
    count: found.count,
  }
}

type SingleOp = RangeRequest | PutRequest | DeleteRangeRequest

/**
 * One transaction with its chosen branch, and so its nested ones: all compares see the state before
 * the whole transaction (semantics §2.5).
 */
interface Path {
  succeeded: boolean
  ops: (SingleOp | Path)[]
}

function choose(txn: TxnRequest, store: Store): Path {
  const succeeded = (txn.compare ?? []).every((compare) => holds(compare, store))
  const ops = (succeeded ? txn.success : txn.failure) ?? []
  return {
    succeeded,
    ops: ops.map((op) => {
      assert(op.type !== 'Empty', 'an empty operation got past validation')
      return op.type === 'Txn' ? choose(op, store) : op
    }),
  }
}

/**
 * Checks the whole chosen path before anything runs: one bad lease refuses it all (txn/txn.go:
 * checkTxn). Up to 3.5 the puts come before the reads (apply.go: checkRequests).
 */
function checkPath(core: Core, path: Path): RpcError | undefined {
  const ops = flat(path)
  const { txnChecksInOrder } = core.differences
  const rounds = txnChecksInOrder
    ? [ops]
    : [ops.filter(({ type }) => type === 'Put'), ops.filter(({ type }) => type === 'Range')]
  for (const op of rounds.flat()) {
    const refused = checkOp(core, op)
    if (refused !== undefined) return refused
  }
  if (ops.some((op) => op.type === 'Range' && sortPanics(op))) return errors.SortPanics
  return panics(ops) ? errors.MemberPanics : undefined
}

function checkOp({ store, lessor, differences }: Core, op: SingleOp): RpcError | undefined {
  if (op.type === 'Put') {
    const [lease, existing] = [checkLease(op, lessor), checkExisting(op, store)]
    return differences.txnChecksLeaseFirst ? (lease ?? existing) : (existing ?? lease)
  }
  if (op.type !== 'Range') return undefined
  const revision = op.revision ?? 0
  if (revision > store.revision) return errors.FutureRev
  return revision !== 0 && revision < store.compacted ? errors.Compacted : undefined
}

/**
 * Whether a put reuses a key that an earlier operation deletes. etcd's checks miss this case, and
 * it panics (apply.go: applyTxn).
 */
function panics(ops: SingleOp[]): boolean {
  return ops.some((op, i) => {
    if (op.type !== 'Put' || !(op.ignore_value || op.ignore_lease)) return false
    const last = ops.slice(0, i).findLast((before) => {
      if (before.type === 'Put') return before.key === op.key
      return before.type === 'DeleteRange' && inRange(op.key, before.key, before.range_end ?? '')
    })
    return last?.type === 'DeleteRange'
  })
}

function flat(path: Path): SingleOp[] {
  return path.ops.flatMap((op) => ('ops' in op ? flat(op) : [op]))
}

/** `write`: the entry and its transaction; null for a transaction that only reads. */
function run(
  core: Core,
  path: Path,
  write: { txn: WriteTxn; entry: CommittedEntry } | null,
): ResponseOp[] {
  return path.ops.map((op): ResponseOp => {
    if ('ops' in op)
      return { type: 'Txn', succeeded: op.succeeded, responses: run(core, op, write) }
    if (op.type === 'Range') {
      const from: Pick<Store, 'range'> =
        write === null
          ? core.store
          : { range: (key, end, options) => write.txn.range(key, end, options?.revision) }
      const result = range(op, from, core.differences)
      if (result.type === 'error') throw new Error(`a checked range failed: ${result.message}`)
      return { ...result, revision: write?.txn.revision ?? core.store.revision }
    }
    if (write === null) throw new Error(`${op.type} in a transaction that only reads`)
    const { txn, entry } = write
    if (op.type === 'Put') return { ...put(op, txn, entry), revision: txn.revision }
    return { ...deleteRange(op, txn, entry), revision: txn.revision }
  })
}

/**
 * Whether every key of a compare's range passes it. A missing key counts as zeros, but no compare
 * of its value holds.
 */
function holds(compare: Compare, store: Store): boolean {
  const found = store.range(compare.key, compare.range_end ?? '')
  if ('type' in found) return false
  if (found.kvs.length > 0) return found.kvs.every((kv) => passes(compare, difference(compare, kv)))
  if (compare.target === 'VALUE') return false
  return passes(compare, difference(compare, ABSENT))
}

const ABSENT: KeyValue = {
  key: '',
  create_revision: 0,
  mod_revision: 0,
  version: 0,
  value: '',
  lease: NO_LEASE,
}

/** The order of the stored value and the given one: negative, zero or positive. */
function difference(compare: Compare, kv: KeyValue): number {
  switch (compare.target ?? 'VERSION') {
    case 'VERSION':
      return kv.version - (compare.version ?? 0)
    case 'CREATE':
      return kv.create_revision - (compare.create_revision ?? 0)
    case 'MOD':
      return kv.mod_revision - (compare.mod_revision ?? 0)
    case 'VALUE':
      return compareBytes(kv.value, compare.value ?? ('' as Bytes))
    case 'LEASE':
      return compareLeaseIds(kv.lease, compare.lease ?? NO_LEASE)
  }
}

function passes(compare: Compare, difference: number): boolean {
  switch (compare.result ?? 'EQUAL') {
    case 'EQUAL':
      return difference === 0
    case 'NOT_EQUAL':
      return difference !== 0
    case 'GREATER':
      return difference > 0
    case 'LESS':
      return difference < 0
  }
}
