// A candidate whose calls fail (clientv3/concurrency/election.go: Campaign).

import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { Header, KeyValue, Reply, RpcError } from '../base/rpc'
import { Election } from './election'
import type { ConcurrencyOutput } from './key'

const LEASE = leaseId(11)
const OWN_KEY = '/boss/b'
const header = (revision: number): Header => ({
  cluster_id: '1' as never,
  member_id: '1' as never,
  revision,
  raft_term: 2,
})
const failure: RpcError = { type: 'error', code: 14, message: 'etcdserver: no leader' }
const txn = (succeeded: boolean, ...responses: Reply[]): Reply =>
  ({ type: 'Txn', header: header(9), succeeded, responses }) as Reply
const keys = (...kvs: Partial<KeyValue>[]): Reply =>
  ({ type: 'Range', header: header(9), kvs, more: false, count: kvs.length }) as Reply

/** The output: the changes of a guarded transaction, the type of another call, or the end. */
function told([output]: readonly ConcurrencyOutput[]): unknown {
  if (output?.type === 'failed') return output.error.message
  if (output?.type !== 'call') return output?.type
  return output.request.type === 'Txn'
    ? output.request.success?.map(({ type }) => type)
    : output.request.type
}

test('a candidate whose entry fails has failed', () => {
  const election = new Election('/boss', LEASE)
  election.campaign('a')
  expect(told(election.next(failure))).toBe(failure.message)
})

test('a candidate that cannot announce its new value deletes its key', () => {
  const election = new Election('/boss', LEASE)
  expect(told(election.campaign('new'))).toEqual(['Put'])
  expect(
    told(election.next(txn(false, keys({ key: OWN_KEY, value: 'old', create_revision: 5 })))),
  ).toEqual(['Put'])
  expect(told(election.next(failure))).toEqual(['DeleteRange'])
  expect(told(election.next(txn(true)))).toBe(failure.message)
  expect(election.isLeader).toBe(false)
})

test('a candidate that cannot wait has failed, and its key stays', () => {
  const election = new Election('/boss', LEASE)
  election.campaign('a')
  expect(told(election.next(txn(true)))).toBe('Range')
  expect(told(election.next(failure))).toBe(failure.message)
  expect([election.isWaiting, election.isLeader]).toEqual([false, false])
})

test('a candidate leads once no older key exists', () => {
  const election = new Election('/boss', LEASE)
  election.campaign('a')
  election.next(txn(true))
  expect(told(election.next(keys()))).toBe('done')
  expect(election.isLeader).toBe(true)
})
