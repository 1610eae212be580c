// The histories of single keys, read from a trace, and a model of a key that performs one operation
// at a time. The end of a lease deletes its keys. A client's revoke is an operation of that client;
// the lessor's own revokes are operations of a separate client. Times are event IDs, which order
// everything.

import type {
  Bytes,
  Compare,
  KeyValue,
  LeaseId,
  Reply,
  Request,
  ResponseOp,
  TxnRequest,
} from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import { isPlainGet, isPlainTxn } from './judged-keys'
import type { Model, Operation, Verdict } from './linearizability'
import { isLinearizable } from './linearizability'

export type KeyInput =
  | { type: 'get' }
  | { type: 'put'; value: Bytes; lease: LeaseId }
  | { type: 'delete' }
  /** One compare of this key, and at most one operation in each branch. */
  | { type: 'txn'; compare: Compare; success: KeyInput | null; failure: KeyInput | null }
  /** Deletes the key if it is attached to the lease. */
  | { type: 'revoke'; lease: LeaseId }

export type KeyResult =
  | { type: 'got'; kv: KeyValue | null }
  | { type: 'done' }
  | { type: 'deleted'; deleted: boolean }
  | { type: 'txn'; succeeded: boolean; result: KeyResult | null }

/** The content of a key, as far as its own history shows; null if the key does not exist. */
export type KeyState = { value: Bytes; lease: LeaseId; version: number } | null

export type KeyOperation = Operation<KeyInput, KeyResult> & { client: string }

/**
 * A key of etcd. Its state has no revisions, because other keys advance them too. Revisions are the
 * ranks of the operations.
 */
export const keyModel: Model<KeyState, KeyInput, KeyResult> = {
  initial: null,
  step: stepKey,
  key: (state) => (state === null ? '' : `${state.value} ${state.lease} ${state.version}`),
}

function stepKey(state: KeyState, input: KeyInput, result: KeyResult | null): KeyState | undefined {
  switch (input.type) {
    case 'get':
      return result === null || (result.type === 'got' && shows(result.kv, state))
        ? state
        : undefined
    case 'put':
      return { value: input.value, lease: input.lease, version: (state?.version ?? 0) + 1 }
    case 'delete':
      return result === null || (result.type === 'deleted' && result.deleted === (state !== null))
        ? null
        : undefined
    case 'revoke': {
      const deletes = state !== null && state.lease === input.lease
      if (result?.type === 'deleted' && result.deleted !== deletes) return undefined
      return deletes ? null : state
    }
    case 'txn': {
      const succeeded = holds(state, input.compare)
      if (result !== null && (result.type !== 'txn' || result.succeeded !== succeeded))
        return undefined
      const op = succeeded ? input.success : input.failure
      return op === null ? state : stepKey(state, op, result?.type === 'txn' ? result.result : null)
    }
  }
}

function shows(kv: KeyValue | null, state: KeyState): boolean {
  if (kv === null || state === null) return kv === state
  return kv.value === state.value && kv.lease === state.lease && kv.version === state.version
}

/** The compares in histories: existence, version and value of a key. */
function holds(state: KeyState, { target = 'VERSION', version = 0, value = '' }: Compare): boolean {
  if (target === 'VALUE') return state !== null && state.value === value
  return target === 'CREATE' ? state === null : (state?.version ?? 0) === version
}

/** Events that histories need; other events can be dropped. */
export function belongsToHistory({ type }: TraceEvent): boolean {
  return type === 'request-sent' || type === 'reply-received' || type === 'lease-revoked'
}

/**
 * The operations on each of `keys`, in the order of their calls. Serializable reads are left out,
 * because they promise nothing.
 */
export function historiesOf(
  trace: readonly TraceEvent[],
  keys: readonly Bytes[],
): Map<Bytes, KeyOperation[]> {
  const histories = new Map(keys.map((key) => [key, [] as KeyOperation[]]))
  const open = new Map<string, { calledAt: EventId; client: string; request: Request }>()
  for (const event of trace) {
    if (event.type === 'request-sent')
      open.set(`${event.client} ${event.rpc}`, {
        calledAt: event.id,
        client: event.client,
        request: event.request,
      })
    else if (event.type === 'reply-received') {
      const call = `${event.client} ${event.rpc}`
      const asked = open.get(call)
      open.delete(call)
      if (asked !== undefined) add(asked, event.id, event.reply)
    } else if (event.type === 'lease-revoked' && event.end === 'expired') {
      for (const [key, history] of histories) {
        const result: KeyResult = { type: 'deleted', deleted: event.keys.includes(key) }
        history.push({
          client: 'lessor',
          calledAt: event.causes[0] ?? 0,
          answeredAt: event.id,
          input: { type: 'revoke', lease: event.lease },
          result,
          rank: event.revision,
        })
      }
    }
  }
  for (const asked of open.values()) add(asked, Number.POSITIVE_INFINITY, null)
  return histories

  function add(
    { calledAt, client, request }: { calledAt: EventId; client: string; request: Request },
    answeredAt: number,
    reply: Reply | null,
  ): void {
    if (reply?.type === 'error' && isCertain(reply.code)) return
    const answer = reply === null || reply.type === 'error' ? null : reply
    for (const [key, history] of histories) {
      const input = inputOf(request, key)
      // A read without an answer proves nothing.
      if (input === null || (answer === null && input.type === 'get')) continue
      const result = answer === null ? null : resultOf(answer, input)
      const at =
        answer === null
          ? { answeredAt: Number.POSITIVE_INFINITY }
          : { answeredAt, ...rankOf(answer) }
      history.push({ client, calledAt, ...at, input, result })
    }
  }
}

/**
 * The store's revision at the answer, or the revision that the operation made. Later operations
 * have later revisions (semantics §2.1).
 */
function rankOf(answer: Reply): { rank?: number } {
  return 'header' in answer && answer.header !== undefined ? { rank: answer.header.revision } : {}
}

/**
 * Whether an error proves that the operation had no effect: etcd refuses it during apply or before.
 * Other errors (Unavailable, Unknown, DeadlineExceeded) leave this open.
 */
function isCertain(code: number): boolean {
  return code === 3 || code === 5 || code === 9 || code === 11
}

function inputOf(request: Request, key: Bytes): KeyInput | null {
  switch (request.type) {
    case 'Range':
      return request.key === key && !request.serializable && isPlainGet(request)
        ? { type: 'get' }
        : null
    case 'Put':
      return request.key === key
        ? { type: 'put', value: request.value ?? '', lease: request.lease ?? NO_LEASE }
        : null
    case 'DeleteRange':
      return request.key === key && !request.range_end ? { type: 'delete' } : null
    case 'LeaseRevoke':
      return { type: 'revoke', lease: request.ID }
    case 'Txn':
      return txnOf(request, key)
    default:
      return null
  }
}

function txnOf(txn: TxnRequest, key: Bytes): KeyInput | null {
  const { compare: [only] = [], success = [], failure = [] } = txn
  if (only === undefined || only.key !== key || !isPlainTxn(txn)) return null
  const [then, otherwise] = [success[0], failure[0]]
  const input = (op: typeof then): KeyInput | null =>
    op === undefined || op.type === 'Empty' ? null : inputOf(op, key)
  return { type: 'txn', compare: only, success: input(then), failure: input(otherwise) }
}

function resultOf(reply: Reply | ResponseOp, input: KeyInput): KeyResult {
  switch (reply.type) {
    case 'Range':
      return { type: 'got', kv: reply.kvs[0] ?? null }
    case 'DeleteRange':
      return { type: 'deleted', deleted: reply.deleted > 0 }
    case 'Txn': {
      const [first] = reply.responses
      const op = input.type !== 'txn' ? null : reply.succeeded ? input.success : input.failure
      return {
        type: 'txn',
        succeeded: reply.succeeded,
        result: first === undefined || op === null ? null : resultOf(first, op),
      }
    }
    default:
      return { type: 'done' }
  }
}

/** The verdict on each key. */
export function judge(
  histories: ReadonlyMap<Bytes, readonly KeyOperation[]>,
  budget: number,
): { key: Bytes; verdict: Verdict }[] {
  const revisions = new Map([...histories].map(([key, history]) => [key, revisionsOf(history)]))
  return [...histories].map(([key, history]) => {
    const own = revisions.get(key)!
    const others = new Set(
      [...revisions.values()].flatMap((of) => [...of].filter((revision) => !own.has(revision))),
    )
    return { key, verdict: isLinearizable(keyModel, withoutOthers(history, [...others]), budget) }
  })
}

/** Revisions that certainly changed the key. */
function revisionsOf(history: readonly KeyOperation[]): Set<number> {
  return new Set(
    history.flatMap(({ input, result, rank }) =>
      rank !== undefined && isChange(input, result) ? [rank] : [],
    ),
  )
}

function isChange(input: KeyInput, result: KeyResult | null): boolean {
  switch (result?.type) {
    case 'deleted':
      return result.deleted
    case 'done':
      return input.type === 'put'
    case 'txn': {
      const op = input.type === 'txn' ? (result.succeeded ? input.success : input.failure) : null
      return op !== null && isChange(op, result.result)
    }
    default:
      return false
  }
}

/** Removes from the ranks the revisions that changed other keys: this key cannot change there. */
function withoutOthers(
  history: readonly KeyOperation[],
  others: readonly number[],
): KeyOperation[] {
  return history.map((operation) => {
    const { rank } = operation
    return rank === undefined
      ? operation
      : { ...operation, rank: rank - others.filter((revision) => revision <= rank).length }
  })
}
