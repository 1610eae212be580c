// Each kind of condition against the events that match and similar events that do not.

import { describe, expect, test } from 'vitest'
import type { EtcdVersion } from '../base/etcd-versions'
import type { LeaseId, MemberId } from '../base/rpc'
import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { readCondition } from '../text/condition'
import { Situation } from './situation'

const L1 = '0000000000000001' as LeaseId
const L2 = '0000000000000002' as LeaseId
const granted = (lease: LeaseId, deadline: number): EventBody => ({
  type: 'lease-granted',
  member: 'm1',
  lease,
  ttlSeconds: 10,
  askedSeconds: 10,
  deadline,
})
const revoked = (lease: LeaseId, end: 'expired' | 'revoked'): EventBody => ({
  type: 'lease-revoked',
  member: 'm1',
  lease,
  end,
  revision: 2,
  keys: [],
})
const put = (key: string, version: number): EventBody => ({
  type: 'key-put',
  member: 'm1',
  kv: { key, version, create_revision: 1, mod_revision: 1, value: '', lease: L1 },
  detachedFrom: L1,
})
const lost = (client: string, lease: LeaseId, why: 'gone' | 'no-answer'): EventBody => ({
  type: 'lease-believed-lost',
  client,
  lease,
  why,
})
const promoted = (member: string, term: number): EventBody => ({
  type: 'promoted',
  member,
  term,
  leases: 0,
  extendMs: 1000,
})
const write = (value: string, taken: boolean, stale = false): EventBody => ({
  type: taken ? 'write-taken' : 'write-bounced',
  client: 'a',
  value,
  token: 2,
  highest: 3,
  stale,
})

/** Before each of the events below: m1 leads, L1 and L2 are granted. */
const BEFORE = [promoted('m1', 2), granted(L1, 10_000), granted(L2, 12_000)]

function noted(
  bodies: readonly EventBody[],
  etcd: EtcdVersion = '3.6',
): { situation: Situation; last: TraceEvent } {
  const situation = new Situation(etcd)
  let last: TraceEvent | undefined
  for (const [i, body] of [...BEFORE, ...bodies].entries()) {
    last = { ...body, id: i + 1, at: i * 100, level: levelOf(body.type), causes: [] }
    situation.note(last)
  }
  return { situation, last: last! }
}

function isMatch(text: string, ...bodies: EventBody[]): boolean {
  const { situation, last } = noted(bodies)
  return situation.matches(readCondition(text, 'here'), last)
}

describe('matches', () => {
  test.each<[string, EventBody, EventBody]>([
    [
      'b enters /job',
      { type: 'section-entered', client: 'b', section: '/job' },
      { type: 'section-entered', client: 'a', section: '/job' },
    ],
    [
      'b leaves /job',
      { type: 'section-left', client: 'b', section: '/job' },
      { type: 'section-left', client: 'b', section: '/other' },
    ],
    [
      'two inside /job',
      { type: 'exclusion-broken', client: 'b', section: '/job', others: ['a'], gone: [] },
      { type: 'section-entered', client: 'b', section: '/job' },
    ],
    [
      'leader crashes',
      { type: 'member-crashed', member: 'm1' },
      { type: 'member-crashed', member: 'm2' },
    ],
    [
      'm2 crashes',
      { type: 'member-crashed', member: 'm2' },
      { type: 'member-restarted', member: 'm2' },
    ],
    [
      'm2 stops',
      { type: 'member-stopping', member: 'm2' },
      { type: 'member-stopped', member: 'm2' },
    ],
    ['m2 ends', { type: 'member-left', member: 'm2' }, { type: 'member-stopping', member: 'm2' }],
    ['a pauses', { type: 'client-paused', client: 'a' }, { type: 'client-paused', client: 'b' }],
    [
      'm1 resumes',
      { type: 'member-resumed', member: 'm1' },
      { type: 'client-resumed', client: 'a' },
    ],
    ['m3 leads', promoted('m3', 3), promoted('m2', 3)],
    ['leader elected', promoted('m2', 3), { type: 'demoted', member: 'm1', term: 2, leases: 2 }],
    [
      'no leader',
      { type: 'member-crashed', member: 'm1' },
      { type: 'member-crashed', member: 'm2' },
    ],
    ['L1 ends', revoked(L1, 'expired'), revoked(L2, 'expired')],
    ['L1 revoked', revoked(L1, 'revoked'), revoked(L1, 'expired')],
    [
      'L2 expired',
      { type: 'lease-expired', member: 'm1', lease: L2, deadline: 1, keys: 0 },
      { type: 'lease-expired', member: 'm1', lease: L1, deadline: 1, keys: 0 },
    ],
    [
      'L1 renewed',
      { type: 'lease-renewed', member: 'm1', lease: L1, ttlSeconds: 10, deadline: 9 },
      { type: 'renewal-refused', member: 'm1', lease: L1 },
    ],
    ['L3 granted', granted(L1, 20_000), revoked(L1, 'expired')],
    ['key /a created', put('/a', 1), put('/a', 2)],
    ['key /a put', put('/a', 2), put('/b', 2)],
    [
      'key /a deleted',
      { type: 'key-deleted', member: 'm1', key: '/a', revision: 3, lease: L1, end: 'expired' },
      { type: 'key-deleted', member: 'm1', key: '/ab', revision: 3, lease: L1, end: 'expired' },
    ],
    ['a gives up L1', lost('a', L1, 'no-answer'), lost('a', L1, 'gone')],
    ['a told L2 gone', lost('a', L2, 'gone'), lost('a', L1, 'gone')],
    [
      'heartbeat off',
      { type: 'heartbeat-stopped', client: 'a', lease: L1 },
      { type: 'heartbeat-started', client: 'a', lease: L1 },
    ],
    ['takes from-a', write('from-a', true), write('from-b', true)],
    ['refuses from-a', write('from-a', false), write('from-a', true)],
    ['stale write taken', write('v', true, true), write('v', false, true)],
    ['partition', { type: 'cut-one-way', from: ['m1'], to: ['m2'] }, { type: 'healed' }],
    ['heal', { type: 'healed' }, { type: 'partitioned', groups: [] }],
    ['fault', { type: 'disk-changed', member: 'm1', ms: 5 }, { type: 'booted', member: 'm1' }],
    [
      'checkpoint',
      { type: 'leases-checkpointed', member: 'm1', leases: [] },
      { type: 'snapshot-restored', member: 'm1', revision: 1, keys: 0, leases: 0 },
    ],
    [
      'snapshot',
      { type: 'snapshot-restored', member: 'm1', revision: 1, keys: 0, leases: 0 },
      { type: 'leases-checkpointed', member: 'm1', leases: [] },
    ],
    [
      'console exit',
      { type: 'console-exit', terminal: 't1', job: 1, exit: 1 },
      { type: 'console-output', terminal: 't1', job: 1, stream: 'stdout', text: 'exit' },
    ],
    [
      'console prints left(4s)',
      { type: 'console-output', terminal: 't1', job: 1, stream: 'stdout', text: 'L1 left(4s)\n' },
      { type: 'console-line', terminal: 't1', job: 1, line: 'echo left(4s)' },
    ],
    [
      'member added',
      {
        type: 'cluster-changed',
        member: 'm1',
        change: 'MemberAdd',
        peer: '0000000000000001' as MemberId,
        learner: false,
        voters: 2,
      },
      {
        type: 'cluster-changed',
        member: 'm1',
        change: 'MemberPromote',
        peer: '0000000000000001' as MemberId,
        learner: false,
        voters: 2,
      },
    ],
    [
      'happens $ etcdctl',
      { type: 'console-line', terminal: 't1', job: 1, line: 'etcdctl get a' },
      { type: 'console-line', terminal: 't1', job: 1, line: 'true' },
    ],
  ])('%s matches its event, and not similar ones', (text, yes, no) => {
    expect(isMatch(text, yes)).toBe(true)
    expect(isMatch(text, no)).toBe(false)
  })
  test('the leader is the one of the highest term', () => {
    expect(
      isMatch('leader crashes', promoted('m3', 3), { type: 'member-crashed', member: 'm3' }),
    ).toBe(true)
    expect(
      isMatch('leader crashes', promoted('m3', 3), { type: 'member-crashed', member: 'm1' }),
    ).toBe(false)
    expect(isMatch('no leader', promoted('m3', 3), { type: 'member-crashed', member: 'm3' })).toBe(
      false,
    )
  })
  test('an ID that is granted again is another lease from then on', () => {
    expect(
      isMatch('L1 ends', revoked(L1, 'expired'), granted(L1, 30_000), revoked(L1, 'expired')),
    ).toBe(false)
    expect(
      isMatch('L3 ends', revoked(L1, 'expired'), granted(L1, 30_000), revoked(L1, 'expired')),
    ).toBe(true)
  })
})

test.each([
  ['3.4', 'L2'],
  ['3.5', 'L1'],
] as const)('the wall clock of etcd %s: the root of the heap is %s', (etcd, root) => {
  const renewed: EventBody = {
    type: 'lease-renewed',
    member: 'm1',
    lease: L1,
    ttlSeconds: 10,
    deadline: 10_400,
  }
  const { situation } = noted(
    [{ type: 'wall-clock-stepped', member: 'm1', seconds: 5 }, renewed],
    etcd,
  )
  expect(situation.root).toBe(root)
})

describe('time left', () => {
  test('is the countdown of the primary, and 0 for an unknown lease', () => {
    const { situation } = noted([])
    expect([
      situation.left(1, 4000),
      situation.left(2, 4000),
      situation.left(3, 4000),
      situation.left(1, 11_000),
    ]).toEqual([6000, 8000, 0, 0])
    expect([situation.dueAt(1), situation.dueAt(3)]).toEqual([10_000, Number.POSITIVE_INFINITY])
  })
  test('stays the same while no member counts, and is the whole TTL with a new primary', () => {
    const dead = noted([{ type: 'member-crashed', member: 'm1' }]).situation
    expect([dead.left(1, 5000), dead.left(1, 60_000), dead.dueAt(1)]).toEqual([
      9700,
      9700,
      Number.POSITIVE_INFINITY,
    ])
    const { situation } = noted([{ type: 'member-crashed', member: 'm1' }, promoted('m2', 3)])
    expect(situation.dueAt(1)).toBe(400 + 10_000 + 1000)
  })
  test('ends with the lease', () => {
    const { situation } = noted([revoked(L1, 'expired')])
    expect([situation.left(1, 400), situation.dueAt(1)]).toEqual([0, Number.POSITIVE_INFINITY])
  })
})
