// One test for each row of versions.ts about the API's messages; the others are in
// versions.test.ts.

import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { MemberId, Reply, Request, TxnRequest } from '../base/rpc'
import { LoneMember } from '../test/lone-member'
import { Run, row } from '../test/version-rows'

const LEASE = leaseId(11)
const GRANT: Request = { type: 'LeaseGrant', TTL: 600, ID: LEASE }
const PUT: Request = { type: 'Put', key: 'k', value: 'v', lease: LEASE }

/** The answers on a stream of watches, message by message. */
function watched(
  differences: object,
  requests: Request[],
  between: (member: LoneMember) => void = () => undefined,
): readonly Reply[] {
  const member = new LoneMember({ differences })
  member.ask({ type: 'Put', key: 'a' })
  member.ask({ type: 'Put', key: 'a' })
  let rpc: number | undefined
  for (const request of requests) {
    rpc = member.send(request, rpc)
    between(member)
  }
  return member.replies(rpc!)
}

const PROGRESS: Request = { type: 'WatchProgress' }
const told = (replies: readonly Reply[]) =>
  replies.some((reply) => reply.type === 'Watch' && reply.watch_id === -1 && !reply.created)

row(
  'progressNeedsWatches',
  'progress is not told on a stream without watches',
  (differences, isOn) => {
    expect(told(watched(differences, [PROGRESS]))).toBe(!isOn)
  },
)

row(
  'progressWaitsForStart',
  'progress is not told while a watch waits for a revision to come',
  (differences, isOn) => {
    const waits: Request = { type: 'WatchCreate', key: 'a', start_revision: 50 }
    expect(told(watched(differences, [waits, PROGRESS]))).toBe(!isOn)
    // A watch that has reached its start revision allows progress on its stream.
    const soon: Request = { type: 'WatchCreate', key: 'a', start_revision: 4 }
    const written = (member: LoneMember) => void member.ask({ type: 'Put', key: 'b' })
    expect(told(watched(differences, [soon, PROGRESS], written))).toBe(true)
  },
)

test.each([true, false])(
  'a watch that a compaction has ended blocks progress responses: %s',
  (progressWaitsForSync) => {
    const past: Request = { type: 'WatchCreate', key: 'a', start_revision: 1 }
    const compacts = (member: LoneMember) => {
      member.send({ type: 'Compact', revision: 3 })
      member.advance(member.now + 200)
    }
    expect(told(watched({ progressWaitsForSync }, [past, PROGRESS], compacts))).toBe(
      !progressWaitsForSync,
    )
  },
)

row(
  'negativeStartIsCompacted',
  'a watch from a negative revision is refused',
  (differences, isOn) => {
    const [reply] = watched(differences, [{ type: 'WatchCreate', key: 'a', start_revision: -1 }])
    const refused = {
      watch_id: -1,
      created: true,
      canceled: true,
      cancel_reason: 'etcdserver: mvcc: required revision has been compacted',
    }
    expect(reply).toMatchObject(isOn ? refused : { watch_id: 0, created: true, canceled: false })
  },
)

row(
  'keysOnlyOmitsLease',
  'keys_only leaves out the lease, but where values are read',
  (differences, isOn) => {
    const member = new LoneMember({ differences })
    member.ask(GRANT)
    member.ask(PUT)
    member.ask({ type: 'Put', key: 'k', value: 'w' })
    const lease = (request: object) => {
      const reply = member.ask({ type: 'Range', key: 'k', revision: 2, ...request })
      return reply.type === 'Range' && reply.kvs[0]!.lease === LEASE
    }
    expect(lease({ keys_only: true })).toBe(!isOn)
    expect(lease({ keys_only: true, sort_target: 'VERSION' })).toBe(!isOn)
    expect([lease({ keys_only: true, sort_target: 'VALUE' }), lease({})]).toEqual([true, true])
    const nested = member.ask({
      type: 'Txn',
      success: [{ type: 'Range', key: 'k', revision: 2, keys_only: true }],
    })
    expect(nested).toMatchObject({ responses: [{ kvs: [{ lease: isOn ? leaseId(0) : LEASE }] }] })
  },
)

row(
  'compactKeepsTombstone',
  'a watch from the compacted revision learns of the deletion there',
  (differences, isOn) => {
    const member = new LoneMember({ differences })
    for (const key of ['a', 'b']) member.ask({ type: 'Put', key })
    member.ask({ type: 'DeleteRange', key: 'a' })
    member.ask({ type: 'Put', key: 'b' })
    member.ask({ type: 'Compact', revision: 4 })
    const rpc = member.send({
      type: 'WatchCreate',
      key: 'a',
      range_end: 'z',
      start_revision: 4,
      prev_kv: true,
    })
    member.advance(member.now + 200)
    const events = member
      .replies(rpc)
      .flatMap((reply) => (reply.type === 'Watch' ? reply.events : []))
    expect(events.map(({ type, kv }) => `${type} ${kv.key} ${kv.mod_revision}`)).toEqual(
      isOn ? ['DELETE a 4', 'PUT b 5'] : ['PUT b 5'],
    )
    expect(events[0]!.prev_kv).toBe(isOn ? undefined : events[0]!.prev_kv)
    // The next compaction removes the deletion, and no read finds the key.
    for (const revision of [0, 4])
      expect(member.ask({ type: 'Range', key: 'a', revision })).toMatchObject({ count: 0 })
    member.ask({ type: 'Compact', revision: 5 })
    expect(member.member.save().store.keys.map(([key]) => key)).toEqual(['b'])
  },
)

row(
  'txnChecksInOrder',
  'a transaction that writes names its first mistake',
  (differences, isOn) => {
    const member = new LoneMember({ differences })
    const mistakes: TxnRequest['success'] = [
      { type: 'Range', key: 'k', revision: 99 },
      { type: 'Put', key: 'k', lease: LEASE },
    ]
    const future = 'etcdserver: mvcc: required revision is a future revision'
    const unknown = 'etcdserver: requested lease not found'
    expect(member.ask({ type: 'Txn', success: mistakes })).toMatchObject({
      message: isOn ? future : unknown,
    })
    expect(member.ask({ type: 'Txn', success: [...mistakes].reverse() })).toMatchObject({
      message: unknown,
    })
    const nested: TxnRequest = { type: 'Txn', success: [{ type: 'Txn', success: mistakes }] }
    expect(member.ask(nested)).toMatchObject({ message: isOn ? future : unknown })
  },
)

row(
  'txnChecksLeaseFirst',
  'a put in a transaction is refused for its lease before its key',
  (differences, isOn) => {
    const member = new LoneMember({ differences })
    const put: Request = { type: 'Put', key: 'none', ignore_value: true, lease: LEASE }
    expect(member.ask({ type: 'Txn', success: [put] })).toMatchObject({
      message: isOn ? 'etcdserver: requested lease not found' : 'etcdserver: key not found',
    })
    expect(member.ask(put)).toMatchObject({ message: 'etcdserver: requested lease not found' })
  },
)

const INVALID = { type: 'error', code: 3, message: 'etcdserver: invalid sort option' }

row(
  'promoteChecksMember',
  'the promotion of an unknown member makes no entry',
  (differences, isOn) => {
    const member = new LoneMember({ differences })
    const before = member.member.raftIndex
    expect(member.ask({ type: 'MemberPromote', ID: '0000000000000007' as MemberId })).toMatchObject(
      {
        code: 5,
        message: 'etcdserver: member not found',
      },
    )
    expect(member.member.raftIndex - before).toBe(isOn ? 0 : 1)
  },
)

row('checksSortOptions', 'an unknown sort order or target is refused', (differences, isOn) => {
  const run = new Run({ members: 1, differences })
  for (const [key, value] of [
    ['a', '2'],
    ['b', '1'],
  ] as const)
    run.ask({ type: 'Put', key, value }, 'm1')
  const range: Request = {
    type: 'Range',
    key: 'a',
    range_end: 'z',
    sort_order: 7,
    sort_target: 'VALUE',
  }
  const kvs = [{ key: 'a' }, { key: 'b' }]
  expect(run.ask(range, 'm1')).toMatchObject(isOn ? INVALID : { kvs })
  expect(run.ask({ type: 'Txn', success: [range] }, 'm1')).toMatchObject(
    isOn ? INVALID : { responses: [{ kvs }] },
  )
  // An unknown order does not sort, so the target is not checked.
  expect(run.ask({ ...range, sort_target: 9 }, 'm1')).toMatchObject(isOn ? INVALID : { kvs })
  expect(run.ask({ type: 'Range', key: 'a', sort_target: 9 }, 'm1')).toMatchObject(
    isOn ? INVALID : { message: 'transport is closing' },
  )
  expect(run.sim.servers[0]!.state).toBe(isOn ? 'up' : 'down')
  expect(run.trace.some(({ type }) => type === 'member-panicked')).toBe(!isOn)
})

test('a transaction that writes and sorts by an unknown target ends every member, and again when it is read from the log', () => {
  const run = new Run({ members: 3, etcd: '3.5' })
  const txn: TxnRequest = {
    type: 'Txn',
    success: [
      { type: 'Put', key: 'a' },
      { type: 'Range', key: 'a', sort_target: 9, sort_order: 'ASCEND' },
    ],
  }
  run.send(txn, 'm2')
  run.until(5000)
  expect(run.sim.servers.map(({ state }) => state)).toEqual(['down', 'down', 'down'])
  for (const member of ['m1', 'm2', 'm3']) run.fault({ type: 'restart', member })
  run.until(20_000)
  expect(run.sim.servers.filter(({ state }) => state === 'down').length).toBeGreaterThan(1)
  expect(run.sim.servers.every(({ member }) => member.store.get('a') === undefined)).toBe(true)
})

row(
  'storageVersionLags',
  'the storage of a cluster that has just started is of no version yet',
  (differences, isOn) => {
    const run = new Run({ members: 1, boot: 'cold', etcd: '3.7', differences })
    const version = () => run.ask({ type: 'Status' }, 'm1')
    expect(run.until(3000) && version()).toMatchObject({ storageVersion: isOn ? '3.5.0' : '3.7.0' })
    run.until(4600).fault({ type: 'crash', member: 'm1' })
    run.fault({ type: 'restart', member: 'm1' })
    expect(run.until(7000) && version()).toMatchObject({ storageVersion: '3.7.0' })
  },
)
