// The lock of kragniz/python-etcd3, etcd3/locks.py at 015840e. The key is /locks/ (lock_prefix at
// 023bbbc) and the name, which a program writes out. Its value is a UUID of the lock. Nothing keeps
// its lease alive; the library's refresh() is `renew`.
//
//   acquire   each attempt grants a lease of its own (60 s where the program names no TTL), then
//             one transaction: if the key was never created, put it with the lease
//             another has the key: the lease is left to run out, and the next attempt follows the
//             first event of the key, a put too, or the end of the time (10 s); then it gives up
//   release   one transaction: deletes the key while its value is the UUID; the lease stays
//
// The watch begins at the revision of its creation (watch_once in etcd3/client.py at 00285be), not
// of the transaction: a deletion between the two is missed. A broken stream wakes the waiter as an
// event does (etcd3/watch.py at 184d0b9: _run). A watch that cannot be made is an error.
//
// aetcd's lock (martyanov/aetcd, aetcd/locks.py at e8917f4) uses the same key. Its watch is
// commented out there, so it tries again at once, each time with another lease. A run cannot show
// that for 10 s, so it is not modelled.

import { assert, unreachable } from '../../base/assert'
import { utf8 } from '../../base/bytes'
import { goHex } from '../../base/int64'
import type { Bytes, LeaseId, Reply, RpcError } from '../../base/rpc'
import { call, failed } from '../../concurrency/key'
import type { LockOutput } from './outputs'

/** Milliseconds after which acquire() makes its last attempt, where the program names none. */
export const ACQUIRE_TIMEOUT_MS = 10_000

export interface SavedPythonLock {
  key: Bytes
  ttlSeconds: number
  /** The client's name, for the UUID. */
  owner: string
  phase: 'grant' | 'try' | 'wait' | 'held' | 'release' | 'idle'
  /** The lease of the last attempt. */
  lease: LeaseId | null
  /** Null before the first lease. */
  uuid: Bytes | null
  /** The create revision of the key while the lock is held; 0 elsewhere. */
  revision: number
  /** The time is over: the current attempt is the last. */
  late: boolean
  /** Whether the release found its own key. */
  released: boolean
  /** The watch of its wait has begun. */
  watches: boolean
}

export class PythonLock {
  #state: SavedPythonLock

  constructor(key: Bytes, ttlSeconds: number, owner: string) {
    this.#state = {
      key,
      ttlSeconds,
      owner,
      phase: 'idle',
      lease: null,
      uuid: null,
      revision: 0,
      late: false,
      released: false,
      watches: false,
    }
  }

  get key(): Bytes {
    return this.#state.key
  }

  /** The lease of the last attempt; null before there is one. */
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

  /** Whether the last release found its own key. */
  get isReleased(): boolean {
    return this.#state.released
  }

  /** `over` says that acquire() has returned; `isHeld` is its result. */
  lock(): LockOutput[] {
    this.#state.phase = 'grant'
    return call({ type: 'LeaseGrant', TTL: this.#state.ttlSeconds })
  }

  /** Deletes the key while it is its own. */
  unlock(): LockOutput[] {
    const { key, uuid } = this.#state
    this.#state.phase = 'release'
    this.#state.revision = 0
    this.#state.released = false
    return call({
      type: 'Txn',
      compare: [{ key, target: 'VALUE', result: 'EQUAL', value: uuid ?? '' }],
      success: [{ type: 'DeleteRange', key }],
    })
  }

  /**
   * The time of acquire() is over. A wait ends; an attempt goes on and is the last. A release ends
   * with the error. Null where nothing ends.
   */
  contextEnded(error: RpcError): LockOutput[] | null {
    const { phase } = this.#state
    this.#state.late = phase === 'grant' || phase === 'try' || phase === 'wait'
    if (phase === 'wait') return this.lock()
    return phase === 'release' ? this.next(error) : null
  }

  /** Takes the last response and answers with the next outputs. */
  next(last: Reply): LockOutput[] {
    const { phase } = this.#state
    switch (phase) {
      case 'grant':
        return last.type === 'error' ? this.#end(failed(last)) : this.#granted(last)
      case 'try':
        return last.type === 'error' ? this.#end(failed(last)) : this.#tried(last)
      case 'wait':
        return this.#waited(last)
      case 'release':
        if (last.type === 'error') return this.#end(failed(last))
        assert(last.type === 'Txn', `a release got ${last.type}`)
        this.#state.released = last.succeeded
        return this.#end([{ type: 'over' }])
      case 'held':
      case 'idle':
        return []
      default:
        return unreachable(phase)
    }
  }

  save(): SavedPythonLock {
    return { ...this.#state }
  }

  static load(saved: SavedPythonLock): PythonLock {
    const lock = new PythonLock(saved.key, saved.ttlSeconds, saved.owner)
    lock.#state = { ...saved }
    return lock
  }

  #granted(last: Reply): LockOutput[] {
    assert(last.type === 'LeaseGrant', `a lock asked for a lease and got ${last.type}`)
    const { key, owner } = this.#state
    const lease = last.ID
    const uuid = this.#state.uuid ?? utf8(`${owner}-${goHex(lease)}`)
    this.#state = { ...this.#state, phase: 'try', lease, uuid }
    return call({
      type: 'Txn',
      compare: [{ key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
      success: [{ type: 'Put', key, value: uuid, lease }],
      failure: [{ type: 'Range', key }],
    })
  }

  #tried(last: Reply): LockOutput[] {
    assert(last.type === 'Txn', `a lock tried to put its key and got ${last.type}`)
    const { key, late } = this.#state
    if (last.succeeded) {
      this.#state.phase = 'held'
      this.#state.revision = last.header.revision
      return [{ type: 'over' }]
    }
    this.#state.lease = null
    if (late) return this.#end([{ type: 'over' }])
    this.#state.phase = 'wait'
    this.#state.watches = false
    return [{ type: 'watch', request: { type: 'WatchCreate', key } }]
  }

  #waited(last: Reply): LockOutput[] {
    // add_callback raises the error of a watch that was not made.
    if (last.type === 'error' && !this.#state.watches) return this.#end(failed(last))
    this.#state.watches = true
    return last.type === 'Watch' && last.events.length === 0 ? [] : this.lock()
  }

  #end(outputs: LockOutput[]): LockOutput[] {
    this.#state.phase = 'idle'
    return outputs
  }
}
