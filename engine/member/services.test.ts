// Lock and Election as a member serves them. Recordings check their answers (test/recordings).
// These tests cover callers that leave, members that are saved while calls wait, and differences
// between versions.

import { describe, expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { LeaseId, Reply, Request } from '../base/rpc'
import { LoneMember } from '../test/lone-member'

const [A, B, C] = [leaseId(10), leaseId(11), leaseId(12)]

function member(etcdVersion = '3.4.23'): LoneMember {
  const member = new LoneMember({ etcdVersion })
  for (const ID of [A, B, C]) member.ask({ type: 'LeaseGrant', TTL: 600, ID })
  return member
}

const keys = (member: LoneMember): string[] => {
  const reply = member.ask({ type: 'Range', key: '\0', range_end: '\0' })
  return reply.type === 'Range' ? reply.kvs.map(({ key }) => key) : []
}
const lock = (lease: LeaseId): Request => ({ type: 'Lock', name: 'L', lease })
const summary = (replies: readonly Reply[]): unknown[] =>
  replies.map((reply) => {
    if (reply.type === 'error') return reply.message
    if (reply.type === 'Lock') return `${reply.key} at ${reply.header.revision}`
    if (reply.type === 'Leader')
      return `${reply.kv.key}=${reply.kv.value} at ${reply.header.revision}`
    return reply.type
  })

describe('Lock', () => {
  test('serves its waiters in the order of their requests', () => {
    const m = member()
    const [a, b, c] = [A, B, C].map((lease) => m.send(lock(lease)))
    expect([a, b, c].map((rpc) => summary(m.replies(rpc!)))).toEqual([['L/a at 2'], [], []])
    m.ask({ type: 'Unlock', key: 'L/a' })
    expect([b, c].map((rpc) => summary(m.replies(rpc!)))).toEqual([['L/b at 5'], []])
    m.ask({ type: 'LeaseRevoke', ID: B })
    expect(summary(m.replies(c!))).toEqual(['L/c at 6'])
  })
  test('removes a waiter whose caller is gone from the queue, and the waiters behind it still wait', () => {
    const m = member()
    const [, b, c] = [A, B, C].map((lease) => m.send(lock(lease)))
    m.cancel(b!)
    expect(keys(m)).toEqual(['L/a', 'L/c'])
    expect(m.leases()).toContain(B)
    expect(m.replies(c!)).toEqual([])
    m.ask({ type: 'Unlock', key: 'L/a' })
    expect(summary(m.replies(c!))).toEqual(['L/c at 6'])
    expect(m.replies(b!)).toEqual([])
  })
  test('keeps the key of a caller that leaves while it holds the lock', () => {
    const m = member()
    const a = m.send(lock(A))
    m.cancel(a)
    expect(keys(m)).toEqual(['L/a'])
  })
  test('grants a lease of a minute if the request names none, and no component renews it', () => {
    const m = member()
    const reply = m.ask({ type: 'Lock', name: 'L' })
    const [lease] = m.leases()
    expect(m.ask({ type: 'LeaseTimeToLive', ID: lease! })).toMatchObject({
      grantedTTL: 60,
      TTL: 60,
    })
    expect(reply).toMatchObject({ type: 'Lock', key: `L/${lease!.replace(/^0+/, '')}` })
    m.advance(61_000)
    expect(keys(m)).toEqual([])
  })
  test('a name that is a prefix of another is another queue', () => {
    const m = member()
    m.send({ type: 'Lock', name: 'L', lease: A })
    expect(summary(m.replies(m.send({ type: 'Lock', name: 'L/a', lease: B })))).toEqual([
      'L/a/b at 3',
    ])
    // But every key under a queue's name is in the queue, whichever client put it.
    const c = m.send({ type: 'Lock', name: 'L', lease: C })
    m.ask({ type: 'Unlock', key: 'L/a' })
    expect(m.replies(c)).toEqual([])
    m.ask({ type: 'Unlock', key: 'L/a/b' })
    expect(summary(m.replies(c))).toEqual(['L/c at 6'])
  })
  test.each([
    ['3.4.23', ['L/b at 5']],
    ['3.5.35', ['mutex: session is expired']],
  ])('a waiter whose lease is gone when its turn comes, in %s', (version, expected) => {
    const m = member(version)
    m.send(lock(A))
    const b = m.send(lock(B))
    m.ask({ type: 'LeaseRevoke', ID: B })
    expect(m.replies(b)).toEqual([])
    m.ask({ type: 'Unlock', key: 'L/a' })
    expect(summary(m.replies(b))).toEqual(expected)
  })
})

describe('Campaign', () => {
  test('withdraws the candidacy of a caller that is gone', () => {
    const m = member()
    m.send({ type: 'Campaign', name: 'E', lease: A, value: 'one' })
    const b = m.send({ type: 'Campaign', name: 'E', lease: B, value: 'two' })
    expect(keys(m)).toEqual(['E/a', 'E/b'])
    m.cancel(b)
    expect(keys(m)).toEqual(['E/a'])
  })
  test('is answered with the header of its entry, not of its victory', () => {
    const m = member()
    m.send({ type: 'Campaign', name: 'E', lease: A, value: 'one' })
    const b = m.send({ type: 'Campaign', name: 'E', lease: B, value: 'two' })
    m.ask({ type: 'Put', key: 'x', value: '' })
    m.ask({ type: 'LeaseRevoke', ID: A })
    expect(m.replies(b)).toMatchObject([
      { type: 'Campaign', header: { revision: 3 }, leader: { key: 'E/b', rev: 3, lease: B } },
    ])
  })
})

describe('Observe', () => {
  test('reports the current leader, its proclamations, and the next leader', () => {
    const m = member()
    const observer = m.send({ type: 'Observe', name: 'E' })
    expect(m.replies(observer)).toEqual([])
    m.send({ type: 'Campaign', name: 'E', lease: A, value: 'one' })
    m.send({ type: 'Campaign', name: 'E', lease: B, value: 'two' })
    m.ask({ type: 'Proclaim', leader: { name: 'E', key: 'E/a', rev: 2, lease: A }, value: 'anew' })
    m.ask({ type: 'LeaseRevoke', ID: A })
    m.ask({ type: 'LeaseRevoke', ID: B })
    expect(summary(m.replies(observer))).toEqual(['E/a=one at 2', 'E/a=anew at 4', 'E/b=two at 5'])
    m.send({ type: 'Campaign', name: 'E', lease: C, value: 'three' })
    expect(summary(m.replies(observer)).at(-1)).toBe('E/c=three at 7')
    m.cancel(observer)
    m.ask({ type: 'LeaseRevoke', ID: C })
    expect(m.replies(observer)).toHaveLength(4)
  })
})

test('waiting calls are saved with the member, and the loaded member answers them', () => {
  const once = (reload: boolean): unknown[] => {
    const m = member()
    const calls = [
      m.send(lock(A)),
      m.send(lock(B)),
      m.send({ type: 'Observe', name: 'E' }),
      m.send({ type: 'Campaign', name: 'E', lease: A, value: 'one' }),
      m.send({ type: 'Campaign', name: 'E', lease: C, value: 'two' }),
    ]
    const between = (): void => void (reload && m.reload())
    between()
    m.ask({ type: 'Proclaim', leader: { name: 'E', key: 'E/a', rev: 4, lease: A }, value: 'anew' })
    between()
    m.ask({ type: 'LeaseRevoke', ID: A })
    between()
    m.ask({ type: 'LeaseRevoke', ID: C })
    return calls.map((rpc) => m.replies(rpc))
  }
  expect(once(true)).toEqual(once(false))
  expect(once(true).flat()).toHaveLength(7)
})
