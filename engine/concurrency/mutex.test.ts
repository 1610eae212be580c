import { describe, expect, test } from 'vitest'
import { errors } from '../base/errors'
import { leaseId } from '../base/int64'
import type { Header, KeyValue, Reply, RpcError } from '../base/rpc'
import type { ConcurrencyOutput } from './key'
import { Mutex } from './mutex'

const LEASE = leaseId(11)
const header = (revision: number): Header => ({
  cluster_id: '1' as never,
  member_id: '1' as never,
  revision,
  raft_term: 2,
})
const key = (name: string, revision: number): KeyValue => ({
  key: name,
  value: '',
  create_revision: revision,
  mod_revision: revision,
  version: 1,
  lease: LEASE,
})
const range = (revision: number, ...kvs: KeyValue[]): Extract<Reply, { type: 'Range' }> => ({
  type: 'Range',
  header: header(revision),
  kvs,
  more: false,
  count: kvs.length,
})
const put: Reply = { type: 'Put', header: header(9) } as Reply
const enqueued = (owner: KeyValue): Reply =>
  ({ type: 'Txn', header: header(9), succeeded: true, responses: [put, range(9, owner)] }) as Reply
const deleted: Reply = { type: 'DeleteRange', header: header(10), deleted: 1 } as Reply
const failure: RpcError = { type: 'error', code: 14, message: 'etcdserver: no leader' }
const first = (outputs: readonly ConcurrencyOutput[]): unknown => {
  const [output] = outputs
  return output?.type === 'call'
    ? output.request.type
    : output?.type === 'failed'
      ? output.error
      : output?.type
}

describe('a try', () => {
  test('takes the lock if its key is the oldest', () => {
    const mutex = new Mutex('/job', LEASE)
    expect(first(mutex.tryLock())).toBe('Txn')
    expect(first(mutex.next(enqueued(key(mutex.key, 9))))).toBe('done')
    expect([mutex.isHeld, mutex.revision]).toEqual([true, 9])
  })
  test('deletes its key if another key is older, and fails', () => {
    const mutex = new Mutex('/job', LEASE)
    mutex.tryLock()
    expect(first(mutex.next(enqueued(key('/job/1', 5))))).toBe('DeleteRange')
    expect(first(mutex.next(deleted))).toEqual(errors.LockedByAnother)
    expect([mutex.isHeld, mutex.revision]).toEqual([false, 0])
  })
  test('fails with the error if its key cannot be deleted', () => {
    const mutex = new Mutex('/job', LEASE)
    mutex.tryLock()
    mutex.next(enqueued(key('/job/1', 5)))
    expect(first(mutex.next(failure))).toEqual(failure)
  })
})

describe('a lock', () => {
  const waiting = (checksSession: boolean): Mutex => {
    const mutex = new Mutex('/job', LEASE, { checksSession, refusesReleased: false })
    mutex.lock()
    expect(first(mutex.next(enqueued(key('/job/1', 5))))).toBe('Range')
    expect(mutex.isWaiting).toBe(true)
    return mutex
  }
  test('that cannot wait deletes its key, and fails with the first error whether or not the delete works', () => {
    const mutex = waiting(false)
    expect(first(mutex.next(failure))).toBe('DeleteRange')
    expect(first(mutex.next({ ...failure, message: 'etcdserver: request timed out' }))).toEqual(
      failure,
    )
  })
  test('of 3.4 is held once no older key exists, and a lock of 3.5 checks its own key first', () => {
    const old = waiting(false)
    expect(first(old.next(range(12)))).toBe('done')
    const young = waiting(true)
    expect(first(young.next(range(12)))).toBe('Range')
    expect(young.isHeld).toBe(false)
    expect(first(young.next(range(13, key(young.key, 9))))).toBe('done')
    expect(young.isHeld).toBe(true)
    const gone = waiting(true)
    gone.next(range(12))
    expect(first(gone.next(range(13)))).toEqual(errors.SessionExpired)
    expect(gone.isHeld).toBe(false)
  })
  test('that waits or checks is abandoned by deleting its key; a held lock is not', () => {
    expect(first(waiting(false).giveUp())).toBe('DeleteRange')
    const looking = waiting(true)
    looking.next(range(12))
    expect(first(looking.giveUp())).toBe('DeleteRange')
    const held = waiting(false)
    held.next(range(12))
    expect(held.giveUp()).toEqual([])
  })
  test('of 3.6 refuses a second unlock', () => {
    const mutex = new Mutex('/job', LEASE, { checksSession: true, refusesReleased: true })
    expect(first(mutex.unlock())).toEqual(errors.LockReleased)
    mutex.lock()
    mutex.next(enqueued(key(mutex.key, 9)))
    expect(first(mutex.unlock())).toBe('DeleteRange')
    expect(first(mutex.next(deleted))).toBe('done')
    expect(first(mutex.unlock())).toEqual(errors.LockReleased)
  })
  test('that cannot be unlocked fails with the error, and then makes no call that a context could end', () => {
    const mutex = waiting(false)
    mutex.next(range(12))
    expect(first(mutex.unlock())).toBe('DeleteRange')
    expect(first(mutex.next(failure))).toEqual(failure)
    expect(mutex.isHeld).toBe(false)
    expect(mutex.contextEnded(failure)).toBe(null)
  })
})
