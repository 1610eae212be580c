// The lock of microsoft/etcd3 for node, lib/lock.js and lib/lease.js of version 1.1.2: the key is
// the lock's name itself, and its value is empty. It tries once, on a lease of its own that the
// library keeps alive (30 s where the program names no TTL).
//
//   acquire   LeaseGrant, then one transaction: if the key was never created, put it with the lease
//             another has the key: the lease is revoked, and acquire fails at once
//             the transaction fails: the lease stays, and is kept alive
//   release   the lease is revoked; that it is gone already is no error
//
// A lock of Go's clientv3 has a key below the name, so the two do not see each other. `do()` is
// acquire and release around a function; the lab has the two only.

import { assert, unreachable } from '../../base/assert'
import { errors } from '../../base/errors'
import type { Bytes, LeaseId, Reply, RpcError } from '../../base/rpc'
import { call, failed } from '../../concurrency/key'
import type { LockOutput } from './outputs'

export interface SavedNodeLock {
  key: Bytes
  ttlSeconds: number
  phase: 'grant' | 'try' | 'withdraw' | 'held' | 'release' | 'idle'
  lease: LeaseId | null
  /** The create revision of the key while the lock is held; 0 elsewhere. */
  revision: number
  /** The deadline passed before the transaction. */
  late: boolean
}

export class NodeLock {
  #state: SavedNodeLock

  constructor(key: Bytes, ttlSeconds: number) {
    this.#state = { key, ttlSeconds, phase: 'idle', lease: null, revision: 0, late: false }
  }

  get key(): Bytes {
    return this.#state.key
  }

  /** The lease of the lock; null before it is granted. */
  get lease(): LeaseId | null {
    return this.#state.lease
  }

  /** The create revision of the key; 0 for a lock that is not held. */
  get revision(): number {
    return this.#state.revision
  }

  get isHeld(): boolean {
    return this.#state.phase === 'held'
  }

  /** `over` says that the attempt has ended; `isHeld`, whether the lock was taken. */
  lock(): LockOutput[] {
    this.#state.phase = 'grant'
    return call({ type: 'LeaseGrant', TTL: this.#state.ttlSeconds })
  }

  /** Revokes its lease, with or without the lock. */
  unlock(): LockOutput[] {
    return this.#revoke('release')
  }

  /**
   * The deadline of the call options passed. They apply to the transaction and the revoke, not to
   * the grant. Null where no such call is being made.
   */
  contextEnded(error: RpcError): LockOutput[] | null {
    switch (this.#state.phase) {
      case 'grant':
        this.#state.late = true
        return null
      case 'try':
      case 'withdraw':
      case 'release':
        return this.next(error)
      default:
        return null
    }
  }

  /** Takes the last response and answers with the next outputs. */
  next(last: Reply): LockOutput[] {
    const { phase } = this.#state
    switch (phase) {
      case 'grant':
        return last.type === 'error' ? this.#end(failed(last)) : this.#granted(last)
      case 'try':
        return last.type === 'error' ? this.#end(failed(last)) : this.#tried(last)
      case 'withdraw':
        // The result of the revoke is ignored. The answer is that another client has the lock.
        return this.#over()
      case 'release':
        return last.type === 'error' && last.message !== errors.LeaseNotFound.message
          ? this.#end(failed(last))
          : this.#over()
      case 'held':
      case 'idle':
        return []
      default:
        return unreachable(phase)
    }
  }

  save(): SavedNodeLock {
    return { ...this.#state }
  }

  static load(saved: SavedNodeLock): NodeLock {
    const lock = new NodeLock(saved.key, saved.ttlSeconds)
    lock.#state = { ...saved }
    return lock
  }

  #granted(last: Reply): LockOutput[] {
    assert(last.type === 'LeaseGrant', `a lock asked for a lease and got ${last.type}`)
    const { key, late } = this.#state
    const lease = last.ID
    this.#state.lease = lease
    const keep: LockOutput = { type: 'keep', lease, on: true }
    if (late) return [keep, ...this.#end(failed(errors.DeadlineExceeded))]
    this.#state.phase = 'try'
    return [
      keep,
      ...call({
        type: 'Txn',
        compare: [{ key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
        success: [{ type: 'Put', key, value: '', lease }],
      }),
    ]
  }

  #tried(last: Reply): LockOutput[] {
    assert(last.type === 'Txn', `a lock tried to put its key and got ${last.type}`)
    if (!last.succeeded) return this.#revoke('withdraw')
    this.#state.phase = 'held'
    this.#state.revision = last.header.revision
    return [{ type: 'over' }]
  }

  #revoke(phase: 'withdraw' | 'release'): LockOutput[] {
    const { lease } = this.#state
    // Its grant failed, so there is no lease to revoke (lease.js: revoke).
    if (lease === null) return this.#over()
    this.#state.phase = phase
    this.#state.revision = 0
    return [{ type: 'keep', lease, on: false }, ...call({ type: 'LeaseRevoke', ID: lease })]
  }

  #over(): LockOutput[] {
    return this.#end([{ type: 'over' }])
  }

  #end(outputs: LockOutput[]): LockOutput[] {
    this.#state.phase = 'idle'
    return outputs
  }
}
