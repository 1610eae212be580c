// A committed entry and what it does to the state machine: the one place where the store and the
// lessor meet (etcd: server/etcdserver/apply, txn). Every member runs it for every entry, in log
// order, and comes to the same store; only a primary lessor adds deadlines.

import { assert } from '../base/assert'
import { inRange } from '../base/bytes'
import { errors } from '../base/errors'
import { compareLeaseIds } from '../base/int64'
import type {
  Bytes,
  CompactRequest,
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  Header,
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
import type { EventId, LeaseEnd, MemberName, Trace } from '../base/trace'
import type { Checkpoint, Lessor } from '../lease/lessor'
import type { KeyChange, Store, WriteTxn } from '../mvcc/store'
import { compareBytes, shapeRange, sortPanics } from './range'
import type { Differences } from './versions'

/**
 * What a member proposes for whoever asked. A revoke says why, for those who look on: etcd's entry
 * does not.
 */
export type AskedProposal =
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | (LeaseGrantRequest & { ID: LeaseId })
  | { type: 'LeaseRevoke'; ID: LeaseId; end: LeaseEnd }

/** A checkpoint is nobody's request: the primary proposes it (semantics §1.12). */
export type Proposal =
  | AskedProposal
  | { type: 'LeaseCheckpoint'; checkpoints: readonly Checkpoint[] }

/** What an entry is applied to, and by whom. */
export interface Applier {
  member: MemberName
  store: Store
  lessor: Lessor
  trace: Trace
  now: number
  /** The event that the entry comes from. */
  cause: EventId
  /**
   * The entry was applied before this process began, and what it said of leases was not on the disk
   * (semantics §1.12).
   */
  forgetsCheckpoints: boolean
  differences: Differences
  header(revision: number): Header
}

/** What a read needs. */
type Reader = Pick<Applier, 'store' | 'header' | 'differences'>

export interface Applied {
  /** Null where nobody asked. */
  reply: Reply | null
  /** What the entry changed, for the watchers; empty where it changed nothing. */
  changes: readonly KeyChange[]
  /** The last event of this entry: what follows from it names it. */
  event: EventId
}

/** Applies one entry. An error changes nothing (it still took its place in the log). */
export function apply(proposal: Proposal, a: Applier): Applied {
  switch (proposal.type) {
    case 'Put':
      return write(a, proposal, (txn) => {
        const refused = checkLease(proposal, a.lessor) ?? checkExisting(proposal, a.store)
        if (refused !== undefined) return refused
        const result = put(proposal, txn, a)
        return { ...result, header: a.header(txn.revision) }
      })
    case 'DeleteRange':
      return write(a, proposal, (txn) => ({
        ...deleteRange(proposal, txn, a),
        header: a.header(txn.revision),
      }))
    case 'Txn':
      return write(a, proposal, (txn) => {
        const path = choose(proposal, a.store)
        const refused = checkPath(path, a)
        if (refused !== undefined) return refused
        const responses = run(path, txn, a)
        return { type: 'Txn', header: a.header(txn.revision), succeeded: path.succeeded, responses }
      })
    case 'Compact': {
      const refused = a.store.compact(proposal.revision, a.differences.compactKeepsTombstone)
      if (refused !== undefined) return refuse(a, proposal.type, refused)
      const event = a.trace.emit(
        { type: 'compacted', member: a.member, revision: proposal.revision },
        a.cause,
      )
      return { reply: { type: 'Compact', header: a.header(a.store.revision) }, changes: [], event }
    }
    case 'LeaseGrant':
      return grant(proposal, a)
    case 'LeaseRevoke':
      return revoke(proposal.ID, proposal.end, a)
    case 'LeaseCheckpoint':
      return checkpoint(proposal.checkpoints, a)
  }
}

/**
 * A read, or a transaction that only reads, answered from the local store (etcdserver/v3_server.go:
 * Range, Txn).
 */
export function read(request: RangeRequest | TxnRequest, a: Reader): Reply {
  if (request.type === 'Range') {
    const result = range(request, a.store, a.differences)
    if (result.type === 'error') return result
    const { type, kvs, more, count } = result
    return { type, kvs, more, count, header: a.header(a.store.revision) }
  }
  const path = choose(request, a.store)
  const refused = checkPath(path, a)
  if (refused !== undefined) return refused
  return {
    type: 'Txn',
    header: a.header(a.store.revision),
    succeeded: path.succeeded,
    responses: run(path, null, a),
  }
}

/**
 * Whether a transaction has only reads in both its branches. One that nests another goes through
 * the log whatever that holds (v3_server.go: isTxnReadonly).
 */
export function isReadOnly(txn: TxnRequest): boolean {
  return [...(txn.success ?? []), ...(txn.failure ?? [])].every(({ type }) => type === 'Range')
}

function write(a: Applier, proposal: AskedProposal, body: (txn: WriteTxn) => Reply): Applied {
  const txn = a.store.begin()
  const reply = body(txn)
  if (reply === errors.SortPanics) return { reply, changes: [], event: a.cause }
  if (reply.type === 'error') return refuse(a, proposal.type, reply)
  return { reply, changes: txn.end(), event: a.cause }
}

function refuse(a: Applier, request: AskedProposal['type'], reply: RpcError): Applied {
  return {
    reply,
    changes: [],
    event: a.trace.emit(
      { type: 'request-refused', member: a.member, request, message: reply.message },
      a.cause,
    ),
  }
}

function grant(request: LeaseGrantRequest & { ID: LeaseId }, a: Applier): Applied {
  const granted = a.lessor.grant(request.ID, request.TTL, a.now)
  if ('type' in granted) return refuse(a, 'LeaseGrant', granted)
  const event = a.trace.emit(
    {
      type: 'lease-granted',
      member: a.member,
      lease: granted.id,
      ttlSeconds: granted.ttlSeconds,
      askedSeconds: request.TTL,
      deadline: granted.deadline,
    },
    a.cause,
  )
  a.lessor.setCause(granted.id, event)
  return {
    reply: {
      type: 'LeaseGrant',
      header: a.header(a.store.revision),
      ID: granted.id,
      TTL: granted.ttlSeconds,
    },
    changes: [],
    event,
  }
}

/**
 * The lease and all its keys go at one revision, the keys in byte order; a lease without keys
 * leaves the revision (semantics §1.5).
 */
function revoke(id: LeaseId, end: LeaseEnd, a: Applier): Applied {
  const keys = a.lessor.revoke(id)
  if (!Array.isArray(keys)) return refuse(a, 'LeaseRevoke', keys)
  const txn = a.store.begin()
  for (const key of keys) txn.deleteRange(key, '')
  const changes = txn.end()
  const event = a.trace.emit(
    { type: 'lease-revoked', member: a.member, lease: id, end, revision: a.store.revision, keys },
    a.cause,
  )
  for (const { kv } of changes) {
    a.trace.emit(
      {
        type: 'key-deleted',
        member: a.member,
        key: kv.key,
        revision: kv.mod_revision,
        lease: id,
        end,
      },
      event,
    )
  }
  return { reply: { type: 'LeaseRevoke', header: a.header(a.store.revision) }, changes, event }
}

/**
 * Every member notes what is left, for the primary that comes next; no deadline moves (lessor.go:
 * Checkpoint).
 */
function checkpoint(checkpoints: readonly Checkpoint[], a: Applier): Applied {
  if (!a.forgetsCheckpoints) for (const each of checkpoints) a.lessor.checkpoint(each, a.now)
  const leases = checkpoints.map(({ ID, remaining_TTL }) => ({
    lease: ID,
    remainingSeconds: remaining_TTL,
  }))
  return {
    reply: null,
    changes: [],
    event: a.trace.emit({ type: 'leases-checkpointed', member: a.member, leases }, a.cause),
  }
}

function checkLease(request: PutRequest, lessor: Lessor): RpcError | undefined {
  const lease = request.lease ?? NO_LEASE
  return lease !== NO_LEASE && !lessor.has(lease) ? errors.LeaseNotFound : undefined
}

/** `ignore_value` and `ignore_lease` reuse what is there, so something must be. */
function checkExisting(request: PutRequest, store: Store): RpcError | undefined {
  return (request.ignore_value || request.ignore_lease) && store.get(request.key) === undefined
    ? errors.KeyNotFound
    : undefined
}

function put(request: PutRequest, txn: WriteTxn, a: Applier): Omit<PutResponse, 'header'> {
  const existing = a.store.get(request.key)
  const value = request.ignore_value ? existing!.value : (request.value ?? '')
  const lease = request.ignore_lease ? existing!.lease : (request.lease ?? NO_LEASE)
  const { kv, prev } = txn.put(request.key, value, lease)
  const before = a.lessor.leaseOf(request.key)
  if (lease !== before) {
    if (lease === NO_LEASE) a.lessor.detach(request.key)
    else a.lessor.attach(lease, request.key)
  }
  a.trace.emit(
    { type: 'key-put', member: a.member, kv, detachedFrom: lease === before ? NO_LEASE : before },
    a.cause,
  )
  return { type: 'Put', ...(request.prev_kv && prev !== undefined ? { prev_kv: prev } : {}) }
}

function deleteRange(
  request: DeleteRangeRequest,
  txn: WriteTxn,
  a: Applier,
): Omit<DeleteRangeResponse, 'header'> {
  const deleted = txn.deleteRange(request.key, request.range_end ?? '')
  for (const { kv } of deleted) {
    const lease = a.lessor.leaseOf(kv.key)
    a.lessor.detach(kv.key)
    a.trace.emit(
      {
        type: 'key-deleted',
        member: a.member,
        key: kv.key,
        revision: kv.mod_revision,
        lease,
        end: 'deleted',
      },
      a.cause,
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
 * One transaction with its branch chosen, and so its nested ones: all compares see the state before
 * the whole of it (semantics §2.5).
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
 * Everything on the chosen path is checked before anything runs: one bad lease refuses it all
 * (txn/txn.go: checkTxn). Up to 3.5 the puts come before the reads (apply.go: checkRequests).
 */
function checkPath(
  path: Path,
  a: Pick<Applier, 'store' | 'differences'> & { lessor?: Lessor },
): RpcError | undefined {
  const ops = flat(path)
  const { txnChecksInOrder } = a.differences
  const rounds = txnChecksInOrder
    ? [ops]
    : [ops.filter(({ type }) => type === 'Put'), ops.filter(({ type }) => type === 'Range')]
  for (const op of rounds.flat()) {
    const refused = checkOp(op, a)
    if (refused !== undefined) return refused
  }
  if (ops.some((op) => op.type === 'Range' && sortPanics(op))) return errors.SortPanics
  return panics(ops) ? errors.MemberPanics : undefined
}

function checkOp(
  op: SingleOp,
  { store, lessor, differences }: Pick<Applier, 'store' | 'differences'> & { lessor?: Lessor },
): RpcError | undefined {
  if (op.type === 'Put' && lessor !== undefined) {
    const [lease, existing] = [checkLease(op, lessor), checkExisting(op, store)]
    return differences.txnChecksLeaseFirst ? (lease ?? existing) : (existing ?? lease)
  }
  if (op.type !== 'Range') return undefined
  const revision = op.revision ?? 0
  if (revision > store.revision) return errors.FutureRev
  return revision !== 0 && revision < store.compacted ? errors.Compacted : undefined
}

/**
 * Whether a put is to reuse what a deletion before it has taken: past its checks etcd does not
 * expect that, and stops (apply.go: applyTxn).
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

function run(path: Path, txn: WriteTxn | null, a: Applier | Reader): ResponseOp[] {
  return path.ops.map((op): ResponseOp => {
    if ('ops' in op) return { type: 'Txn', succeeded: op.succeeded, responses: run(op, txn, a) }
    if (op.type === 'Range') {
      const from: Pick<Store, 'range'> =
        txn === null
          ? a.store
          : { range: (key, end, options) => txn.range(key, end, options?.revision) }
      const result = range(op, from, a.differences)
      if (result.type === 'error') throw new Error(`a checked range failed: ${result.message}`)
      return { ...result, revision: txn?.revision ?? a.store.revision }
    }
    if (txn === null || !('lessor' in a))
      throw new Error(`${op.type} in a transaction that only reads`)
    if (op.type === 'Put') return { ...put(op, txn, a), revision: txn.revision }
    return { ...deleteRange(op, txn, a), revision: txn.revision }
  })
}

/**
 * Whether every key of a compare's range passes it. A missing key counts as zeros, except that no
 * compare of its value holds.
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

/** The stored value against the given one: below, at or above zero. */
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
