// etcd's lock (clientv3/concurrency/mutex.go; semantics §7.3): each client has a key under the
// lock's name, and the oldest key holds the lock.
//
//   L/a  created at 5   holds           the lock's fencing token is 5
//   L/c  created at 7   watches L/a
//   L/b  created at 9   watches L/c     first come, first served, one woken by each deletion
//
// 3.4 does not check the own key again when its turn comes. So a waiter whose lease expired in the
// queue believes that it holds the lock. 3.5 checks the key.

import { assert, unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { Bytes, Header, LeaseId, Reply, RpcError } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ConcurrencyOutput, WaitState } from './key'
import { beginWait, call, continueWait, done, failed, firstCreated, ownKey, rangeOf } from './key'

/** Differences between versions of the library. */
export interface MutexRules {
  /** 3.5 reads the own key when its turn comes. */
  checksSession: boolean
  /** 3.6 refuses to unlock a mutex that is not held. */
  refusesReleased: boolean
}

export const RULES_OF_3_4: MutexRules = { checksSession: false, refusesReleased: false }

export interface SavedMutex {
  name: Bytes
  lease: LeaseId
  rules: MutexRules
  phase: 'idle' | 'enqueue' | 'wait' | 'check' | 'held' | 'withdraw' | 'unlock' | 'try'
  /** The fencing token: the create revision of the own key; 0 without a key. */
  revision: number
  wait: WaitState | null
  /** The error of a failed wait, kept while the own key is deleted. */
  error: Reply | null
}

export class Mutex {
  #state: SavedMutex

  /** A mutex on `name` for the session of `lease`, which must exist. */
  constructor(name: Bytes, lease: LeaseId, rules = RULES_OF_3_4) {
    assert(lease !== NO_LEASE, 'a mutex needs a lease')
    this.#state = { name, lease, rules, phase: 'idle', revision: 0, wait: null, error: null }
  }

  /** The own key in the queue. */
  get key(): Bytes {
    return ownKey(this.#state.name, this.#state.lease)
  }

  /** The fencing token: the create revision of the own key; 0 before `lock` and after `unlock`. */
  get revision(): number {
    return this.#state.revision
  }

  get isHeld(): boolean {
    return this.#state.phase === 'held'
  }

  /** Whether an older key is before it in the queue. */
  get isWaiting(): boolean {
    return this.#state.phase === 'wait'
  }

  /**
   * Requests the lock. `done` means that the lock is held. A session that already holds it gets
   * `done` at once.
   */
  lock(): ConcurrencyOutput[] {
    const { name, lease } = this.#state
    this.#state = { ...this.#state, phase: 'enqueue', revision: 0, wait: null, error: null }
    const owner = firstCreated(name)
    return call({
      type: 'Txn',
      compare: [{ key: this.key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
      success: [{ type: 'Put', key: this.key, value: '', lease }, owner],
      failure: [{ type: 'Range', key: this.key }, owner],
    })
  }

  /**
   * Takes the lock if no older key exists. Otherwise fails with "Locked by another session" and
   * leaves no key (mutex.go: TryLock, since 3.5).
   */
  tryLock(): ConcurrencyOutput[] {
    const outputs = this.lock()
    this.#state.phase = 'try'
    return outputs
  }

  /**
   * Unlocks, whether held or not: deletes the own key, even if it is gone. The lease stays. 3.6
   * refuses without an own key (mutex.go: Unlock).
   */
  unlock(): ConcurrencyOutput[] {
    if (this.#state.rules.refusesReleased && this.#state.revision === 0)
      return failed(errors.LockReleased)
    this.#state = { ...this.#state, phase: 'unlock', wait: null }
    return call({ type: 'DeleteRange', key: this.key })
  }

  /**
   * Abandons the request, as a cancelled context does: deletes the own key from the queue. Does
   * nothing without a request.
   */
  giveUp(): ConcurrencyOutput[] {
    return this.#state.phase === 'wait' || this.#state.phase === 'check' ? this.unlock() : []
  }

  /**
   * The context of the call ended. Lock deletes its own key in the queue on the client's own
   * context; a call in progress ends (mutex.go: Lock, TryLock, Unlock). Null if no call of that
   * context is in progress.
   */
  contextEnded(error: RpcError): ConcurrencyOutput[] | null {
    const { phase, error: why } = this.#state
    const isTry = why?.type === 'error' && why.message === errors.LockedByAnother.message
    if (phase === 'idle' || phase === 'held' || (phase === 'withdraw' && !isTry)) return null
    return this.next(error)
  }

  /** Takes the last response and returns the next output. */
  next(last: Reply): ConcurrencyOutput[] {
    const { phase, error } = this.#state
    switch (phase) {
      case 'enqueue':
      case 'try':
        return this.#enqueued(last)
      case 'wait':
        return this.#waited(last)
      case 'check':
        if (last.type === 'error') return this.#withdraw(last)
        return rangeOf(last).kvs.length > 0
          ? this.#hold(rangeOf(last).header)
          : this.#end(errors.SessionExpired)
      case 'withdraw':
        assert(error?.type === 'error', 'a withdrawn mutex has no error')
        // Lock ignores the result of this delete, TryLock does not.
        this.#state.revision = 0
        return this.#end(
          last.type === 'error' && error.message === errors.LockedByAnother.message ? last : error,
        )
      case 'unlock':
        this.#state = { ...this.#state, phase: 'idle' }
        if (last.type === 'error') return failed(last)
        assert(last.type === 'DeleteRange', `unlocking got ${last.type}`)
        this.#state.revision = 0
        return done(last.header)
      case 'idle':
      case 'held':
        return []
      default:
        return unreachable(phase)
    }
  }

  save(): SavedMutex {
    const { wait } = this.#state
    return { ...this.#state, wait: wait === null ? null : { ...wait } }
  }

  static load(saved: SavedMutex): Mutex {
    const mutex = new Mutex(saved.name, saved.lease, saved.rules)
    mutex.#state = { ...saved, wait: saved.wait === null ? null : { ...saved.wait } }
    return mutex
  }

  #enqueued(last: Reply): ConcurrencyOutput[] {
    if (last.type === 'error') return this.#end(last)
    assert(last.type === 'Txn', `asking for a lock got ${last.type}`)
    const [own, owner] = last.responses
    assert(owner?.type === 'Range', 'asking for a lock reads the queue')
    const before = own?.type === 'Range' ? own.kvs[0] : undefined
    const revision = last.succeeded ? last.header.revision : before!.create_revision
    this.#state.revision = revision
    const holder = owner.kvs[0]
    if (holder === undefined || holder.create_revision === revision) return this.#hold(last.header)
    if (this.#state.phase === 'try') return this.#withdraw(errors.LockedByAnother)
    const { state, outputs } = beginWait(this.#state.name, revision - 1)
    this.#state = { ...this.#state, phase: 'wait', wait: state }
    return outputs
  }

  #waited(last: Reply): ConcurrencyOutput[] {
    assert(this.#state.wait !== null, 'a waiting mutex has nothing to wait for')
    const turn = continueWait(this.#state.wait, last)
    if ('error' in turn) return this.#withdraw(turn.error)
    if ('state' in turn) {
      this.#state.wait = turn.state
      return turn.outputs
    }
    if (!this.#state.rules.checksSession) return this.#hold(turn.over)
    this.#state = { ...this.#state, phase: 'check', wait: null }
    return call({ type: 'Range', key: this.key })
  }

  #hold(header: Header): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'held', wait: null }
    return done(header)
  }

  #end(error: Extract<Reply, { type: 'error' }>): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'idle', wait: null, error: null }
    return failed(error)
  }

  #withdraw(error: Reply): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'withdraw', wait: null, error }
    return call({ type: 'DeleteRange', key: this.key })
  }
}
