// etcd's lock (clientv3/concurrency/mutex.go; semantics §7.3): a key of one's own under the lock's
// name, and the oldest key holds.
//
//   L/a  created at 5   holds           the lock's fencing token is 5
//   L/c  created at 7   watches L/a
//   L/b  created at 9   watches L/c     first come, first served, one woken by each deletion
//
// 3.4 does not look at its own key again when its turn comes: a waiter whose lease ran out in the
// queue is told that it holds the lock. 3.5 looks.

import { assert, unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { Bytes, Header, LeaseId, Reply, RpcError } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { WaitState, Want } from './recipe'
import {
  beginWait,
  call,
  continueWait,
  done,
  failed,
  firstCreated,
  ownKey,
  rangeOf,
} from './recipe'

/** What differs from one version of the library to the next. */
export interface MutexRules {
  /** 3.5's look at the own key when its turn comes. */
  checksSession: boolean
  /** 3.6's refusal to give back what is not held. */
  refusesReleased: boolean
}

export const RULES_OF_3_4: MutexRules = { checksSession: false, refusesReleased: false }

export interface SavedMutex {
  name: Bytes
  lease: LeaseId
  rules: MutexRules
  phase: 'idle' | 'enqueue' | 'wait' | 'check' | 'held' | 'withdraw' | 'unlock' | 'try'
  /**
   * The fencing token: the create revision of the own key; 0 before there is one, and once it was
   * given back.
   */
  revision: number
  wait: WaitState | null
  /** Why a wait ended badly, kept while the own key is taken back. */
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

  /**
   * The fencing token: the create revision of the own key; 0 before the lock was asked for, and
   * once it was given back.
   */
  get revision(): number {
    return this.#state.revision
  }

  get isHeld(): boolean {
    return this.#state.phase === 'held'
  }

  /** Whether somebody is in front of it in the queue. */
  get isWaiting(): boolean {
    return this.#state.phase === 'wait'
  }

  /**
   * Asks for the lock. `done` says that it is held; a session that holds it already is told so at
   * once.
   */
  lock(): Want[] {
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
   * Takes the lock if nobody is in front; fails with "Locked by another session" where somebody is,
   * and leaves no key behind (mutex.go: TryLock, since 3.5).
   */
  tryLock(): Want[] {
    const wants = this.lock()
    this.#state.phase = 'try'
    return wants
  }

  /**
   * Gives the lock back, held or not: the own key is deleted, whatever became of it. The lease
   * stays. 3.6 refuses where there is no own key to give back (mutex.go: Unlock).
   */
  unlock(): Want[] {
    if (this.#state.rules.refusesReleased && this.#state.revision === 0)
      return failed(errors.LockReleased)
    this.#state = { ...this.#state, phase: 'unlock', wait: null }
    return call({ type: 'DeleteRange', key: this.key })
  }

  /**
   * Stops asking, as a cancelled context does: what is in the queue is taken out of it. Nothing to
   * do where nothing was asked for.
   */
  giveUp(): Want[] {
    return this.#state.phase === 'wait' || this.#state.phase === 'check' ? this.unlock() : []
  }

  /**
   * The context of the call ended: with an own key in the queue Lock takes it back, on the client's
   * own context; a call that is being made ends (mutex.go: Lock, TryLock, Unlock). Null where no
   * call of that context is being made.
   */
  contextEnded(error: RpcError): Want[] | null {
    const { phase, error: why } = this.#state
    const isTry = why?.type === 'error' && why.message === errors.LockedByAnother.message
    if (phase === 'idle' || phase === 'held' || (phase === 'withdraw' && !isTry)) return null
    return this.next(error)
  }

  /** Takes the last response and answers with what comes next. */
  next(last: Reply): Want[] {
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
        assert(error?.type === 'error', 'a withdrawn mutex knows why')
        // Lock passes over what becomes of its key then, TryLock does not.
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

  #enqueued(last: Reply): Want[] {
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
    const { state, wants } = beginWait(this.#state.name, revision - 1)
    this.#state = { ...this.#state, phase: 'wait', wait: state }
    return wants
  }

  #waited(last: Reply): Want[] {
    assert(this.#state.wait !== null, 'a waiting mutex waits for something')
    const turn = continueWait(this.#state.wait, last)
    if ('error' in turn) return this.#withdraw(turn.error)
    if ('state' in turn) {
      this.#state.wait = turn.state
      return turn.wants
    }
    if (!this.#state.rules.checksSession) return this.#hold(turn.over)
    this.#state = { ...this.#state, phase: 'check', wait: null }
    return call({ type: 'Range', key: this.key })
  }

  #hold(header: Header): Want[] {
    this.#state = { ...this.#state, phase: 'held', wait: null }
    return done(header)
  }

  #end(error: Extract<Reply, { type: 'error' }>): Want[] {
    this.#state = { ...this.#state, phase: 'idle', wait: null, error: null }
    return failed(error)
  }

  #withdraw(error: Reply): Want[] {
    this.#state = { ...this.#state, phase: 'withdraw', wait: null, error }
    return call({ type: 'DeleteRange', key: this.key })
  }
}
