// etcd's election (clientv3/concurrency/election.go; semantics §7.4): the mutex's queue, with
// values in the keys. The oldest key leads, and its value is the leader's proclamation. No version
// checks the candidate's own key when its turn comes.

import { assert, unreachable } from '../base/assert'
import { prefixEnd } from '../base/bytes'
import { errors } from '../base/errors'
import type { Bytes, Header, LeaderKey, LeaseId, Reply, RpcError, TxnRequest } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ConcurrencyOutput, WaitState } from './key'
import { beginWait, call, continueWait, done, failed, firstCreated, ownKey, rangeOf } from './key'

export interface SavedElection {
  name: Bytes
  lease: LeaseId
  phase: 'idle' | 'enter' | 'update' | 'wait' | 'elected' | 'proclaim' | 'resign' | 'withdraw'
  /** The own key and its create revision; '' and 0 before a campaign. */
  key: Bytes
  revision: number
  value: Bytes
  /** The header of the transaction that entered the campaign, which the winner's answer carries. */
  header: Header | null
  wait: WaitState | null
  /** The error of a failed campaign, kept while the own key is deleted. */
  error: RpcError | null
}

/** A candidate or leader under `name`, in the session of `lease`. */
export class Election {
  #state: SavedElection

  constructor(name: Bytes, lease: LeaseId) {
    assert(lease !== NO_LEASE, 'an election needs a lease')
    this.#state = {
      name,
      lease,
      phase: 'idle',
      key: '',
      revision: 0,
      value: '',
      header: null,
      wait: null,
      error: null,
    }
  }

  /** Continues an existing leadership; the lease is the caller's (ResumeElection). */
  static resume(leader: LeaderKey, lease: LeaseId): Election {
    const election = new Election(leader.name ?? '', lease)
    election.#state = {
      ...election.#state,
      phase: 'elected',
      key: leader.key ?? '',
      revision: leader.rev ?? 0,
    }
    return election
  }

  /** The leader key that proclaim and resign requests carry. */
  get leader(): Required<LeaderKey> {
    const { name, key, revision, lease } = this.#state
    return { name, key, rev: revision, lease }
  }

  get isLeader(): boolean {
    return this.#state.phase === 'elected'
  }

  /** Whether an older key is before it in the queue. */
  get isWaiting(): boolean {
    return this.#state.phase === 'wait'
  }

  /**
   * Starts a campaign with a value. `done` means that the candidate leads. Its header is that of
   * the entry into the campaign, not of the victory.
   */
  campaign(value: Bytes): ConcurrencyOutput[] {
    const { name, lease } = this.#state
    const key = ownKey(name, lease)
    this.#state = {
      ...this.#state,
      phase: 'enter',
      key,
      revision: 0,
      value,
      header: null,
      wait: null,
      error: null,
    }
    return call({
      type: 'Txn',
      compare: [{ key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
      success: [{ type: 'Put', key, value, lease }],
      failure: [{ type: 'Range', key }],
    })
  }

  /** Announces a new value. Fails with "not leader" if the own key is not the elected one. */
  proclaim(value: Bytes): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'proclaim', value }
    return call(this.#guarded('Put'))
  }

  /** Resigns from the leadership or the candidacy. Succeeds also if the own key is gone. */
  resign(): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'resign', wait: null }
    return call(this.#guarded('DeleteRange'))
  }

  /**
   * Ends the campaign, as a cancelled context does. Does nothing without a campaign in progress.
   */
  giveUp(): ConcurrencyOutput[] {
    return this.#state.phase === 'wait' ? this.resign() : []
  }

  /**
   * The context of the call ended (election.go: Campaign). A candidate in the queue deletes its
   * key, on the client's own context. A candidate that was announcing its new value resigns with
   * the ended context, so its key stays. Null if no call of that context is in progress.
   */
  contextEnded(error: RpcError): ConcurrencyOutput[] | null {
    switch (this.#state.phase) {
      case 'idle':
      case 'elected':
      case 'withdraw':
        return null
      case 'wait':
        return this.#withdraw(error)
      case 'update':
        this.#state.key = ''
        return this.#end(error)
      default:
        return this.next(error)
    }
  }

  /** Takes the last response and returns the next output. */
  next(last: Reply): ConcurrencyOutput[] {
    const { phase, value, error } = this.#state
    switch (phase) {
      case 'enter':
        if (last.type === 'error') return this.#end(last)
        return this.#entered(last, value)
      case 'update':
        if (last.type === 'error') return this.#withdraw(last)
        assert(last.type === 'Txn', `a candidate's new value got ${last.type}`)
        return last.succeeded ? this.#wait() : this.#withdraw(errors.ElectionNotLeader, '')
      case 'wait':
        return this.#waited(last)
      case 'proclaim':
        this.#state = { ...this.#state, phase: 'elected' }
        if (last.type === 'error') return failed(last)
        assert(last.type === 'Txn', `proclaiming got ${last.type}`)
        if (last.succeeded) return done(last.header)
        this.#state.key = ''
        return failed(errors.ElectionNotLeader)
      case 'resign':
        this.#state = { ...this.#state, phase: 'idle', key: '' }
        if (last.type === 'error') return failed(last)
        assert(last.type === 'Txn', `resigning got ${last.type}`)
        return done(last.header)
      case 'withdraw':
        assert(error !== null, 'a withdrawn candidate has no error')
        return this.#end(error)
      case 'idle':
      case 'elected':
        return []
      default:
        return unreachable(phase)
    }
  }

  save(): SavedElection {
    const { wait, header } = this.#state
    return {
      ...this.#state,
      wait: wait === null ? null : { ...wait },
      header: header === null ? null : { ...header },
    }
  }

  static load(saved: SavedElection): Election {
    const election = new Election(saved.name, saved.lease)
    election.#state = {
      ...saved,
      wait: saved.wait === null ? null : { ...saved.wait },
      header: saved.header === null ? null : { ...saved.header },
    }
    return election
  }

  #entered(last: Reply, value: Bytes): ConcurrencyOutput[] {
    assert(last.type === 'Txn', `campaigning got ${last.type}`)
    const [own] = last.responses
    this.#state.header = last.header
    this.#state.revision = last.header.revision
    if (last.succeeded) return this.#wait()
    assert(own?.type === 'Range', 'a candidate that has a key reads it')
    const before = own.kvs[0]!
    this.#state.revision = before.create_revision
    if (before.value === value) return this.#wait()
    this.#state.phase = 'update'
    return call(this.#guarded('Put'))
  }

  #wait(): ConcurrencyOutput[] {
    const { state, outputs } = beginWait(this.#state.name, this.#state.revision - 1)
    this.#state = { ...this.#state, phase: 'wait', wait: state }
    return outputs
  }

  #waited(last: Reply): ConcurrencyOutput[] {
    const { wait, header } = this.#state
    assert(wait !== null && header !== null, 'a candidate in the queue has nothing to wait for')
    const turn = continueWait(wait, last)
    // The key stays: only a cancelled context deletes it (election.go: Campaign).
    if ('error' in turn) return this.#end(turn.error)
    if ('state' in turn) {
      this.#state.wait = turn.state
      return turn.outputs
    }
    this.#state = { ...this.#state, phase: 'elected', wait: null }
    return done(header)
  }

  #withdraw(error: RpcError, key = this.#state.key): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'withdraw', error, key }
    return call(this.#guarded('DeleteRange'))
  }

  #end(error: RpcError): ConcurrencyOutput[] {
    this.#state = { ...this.#state, phase: 'idle', wait: null, error: null }
    return failed(error)
  }

  /** A change of the own key that applies only if it is still the elected key. */
  #guarded(change: 'Put' | 'DeleteRange'): TxnRequest {
    const { key, revision, value, lease } = this.#state
    return {
      type: 'Txn',
      compare: [{ key, target: 'CREATE', result: 'EQUAL', create_revision: revision }],
      success: [
        change === 'Put' ? { type: 'Put', key, value, lease } : { type: 'DeleteRange', key },
      ],
    }
  }
}

/** Requests the current leader once (election.go: Leader). */
export function askLeader(name: Bytes): ConcurrencyOutput[] {
  return call(firstCreated(name))
}

/** The answer to `askLeader`: the leader, or etcd's "no leader". */
export function toldLeader(last: Reply): ConcurrencyOutput[] {
  if (last.type === 'error') return failed(last)
  const { header, kvs } = rangeOf(last)
  const kv = kvs[0]
  return kv === undefined ? failed(errors.ElectionNoLeader) : [{ type: 'report', header, kv }]
}

export interface SavedObserver {
  name: Bytes
  phase: 'idle' | 'read' | 'first' | 'leader'
}

/**
 * Follows the leader under a name: reports each leader that it finds and each value that the leader
 * proclaims. It may miss a short-lived leader (election.go: observe).
 */
export class Observer {
  #name: Bytes
  #phase: SavedObserver['phase'] = 'idle'

  constructor(name: Bytes) {
    this.#name = name
  }

  observe(): ConcurrencyOutput[] {
    this.#phase = 'read'
    return askLeader(this.#name)
  }

  /** Continues after the last reported state: the leader's key at that revision. */
  resume(key: Bytes, revision: number): ConcurrencyOutput[] {
    this.#phase = 'leader'
    return [{ type: 'watch', request: { type: 'WatchCreate', key, start_revision: revision + 1 } }]
  }

  /** The context ended, and its channel with it. */
  contextEnded(error: RpcError): ConcurrencyOutput[] {
    return this.#end(error)
  }

  /** Takes the last response and returns the next output. */
  next(last: Reply): ConcurrencyOutput[] {
    if (last.type === 'error') return this.#end(last)
    if (this.#phase === 'read') {
      const { header, kvs } = rangeOf(last)
      const kv = kvs[0]
      if (kv !== undefined) return this.#follow(header, kv)
      this.#phase = 'first'
      const key = `${this.#name}/`
      return [
        {
          type: 'watch',
          request: {
            type: 'WatchCreate',
            key,
            range_end: prefixEnd(key),
            start_revision: header.revision,
          },
        },
      ]
    }
    if (last.type !== 'Watch') return []
    if (last.canceled) return this.#end(errors.ObserveClosed)
    if (this.#phase === 'first') {
      const put = last.events.find(({ type }) => type === 'PUT')
      return put === undefined
        ? []
        : this.#follow({ ...last.header, revision: put.kv.mod_revision }, put.kv)
    }
    const outputs: ConcurrencyOutput[] = []
    for (const { type, kv } of last.events) {
      if (type === 'DELETE') return [...outputs, ...this.observe()]
      outputs.push({ type: 'report', header: last.header, kv })
    }
    return outputs
  }

  save(): SavedObserver {
    return { name: this.#name, phase: this.#phase }
  }

  static load(saved: SavedObserver): Observer {
    const observer = new Observer(saved.name)
    observer.#phase = saved.phase
    return observer
  }

  #follow(
    header: Header,
    kv: Extract<ConcurrencyOutput, { type: 'report' }>['kv'],
  ): ConcurrencyOutput[] {
    this.#phase = 'leader'
    return [
      { type: 'report', header, kv },
      {
        type: 'watch',
        request: { type: 'WatchCreate', key: kv.key, start_revision: header.revision + 1 },
      },
    ]
  }

  #end(error: RpcError): ConcurrencyOutput[] {
    this.#phase = 'idle'
    return failed(error)
  }
}
