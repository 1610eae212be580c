// A user's own lock: outcomes that follow from etcd's rules, and each verdict against a simple
// check of the trace.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import type { TraceEvent } from '../base/trace'
import type { LockOutcome } from '../query/lock-verdict'
import { lockRecording } from '../scenario/my-lock'
import type { MyLock } from '../text/my-lock'
import {
  FIRST_LOCK,
  LEADER_TROUBLES,
  LOCK_LIMITS,
  lockFault,
  lockLimit,
  lockProgram,
} from '../text/my-lock'
import { accept } from './accept'
import { Host } from './host'
import { lockPlayed, tryLock } from './my-lock'
import type { Frame } from './protocol'

const CALM: MyLock = { ...FIRST_LOCK, stallMs: 0 }

function verdictOf(change: Partial<MyLock>, from = CALM) {
  const lock = { ...from, ...change }
  return lockPlayed(lockRecording(lock), lockLimit(lock)).verdict
}

describe('outcomes that follow from the rules of etcd', () => {
  const cases: [string, Partial<MyLock>, LockOutcome][] = [
    ['nothing happens', {}, 'safe'],
    ['a stall shorter than the TTL: the lease is renewed after it', { stallMs: 9000 }, 'safe'],
    [
      'a stall longer than the TTL: b gets the lock, a writes when it goes on',
      { stallMs: 12_000 },
      'two may write',
    ],
    ['the same in 3.4', { stallMs: 12_000, etcd: '3.4' }, 'two may write'],
    ['the same in 3.7', { stallMs: 12_000, etcd: '3.7' }, 'two may write'],
    ['the storage knows the token of b', { stallMs: 19_500, checkTokens: true }, 'two inside'],
    ['a looks at its clock before it writes', { stallMs: 19_500, looks: true }, 'two inside'],
    [
      'a stall between the look and the write',
      { stallMs: 19_500, stallFromMs: 1145, looks: true },
      'two may write',
    ],
    ['a TTL longer than the stall', { stallMs: 19_500, ttlSeconds: 20 }, 'safe'],
    ['a TTL of 1 s is raised to 2 s', { stallMs: 1200, ttlSeconds: 1 }, 'safe'],
    ['a raised TTL ends, too', { stallMs: 4000, ttlSeconds: 1 }, 'two may write'],
    ['clients go over to another member when the leader crashes', { leader: 'crashes' }, 'safe'],
    ['a leader that is asked to end hands over', { leader: 'stops' }, 'safe'],
    [
      'a new leader starts the TTL again, but a gives its lease up after a TTL without an answer',
      { stallMs: 11_000, leader: 'crashes' },
      'two may write',
    ],
    [
      'the TTL starts once: a stall beyond it loses the lock',
      { stallMs: 19_500, leader: 'crashes' },
      'two may write',
    ],
    [
      'a connection to a frozen leader does not break, so no renewal arrives',
      { leader: 'freezes' },
      'lost',
    ],
    ['nor to one that is cut off', { leader: 'is cut off' }, 'lost'],
    [
      'the client knows by its own clock before the lease ends',
      { leader: 'freezes', looks: true },
      'safe',
    ],
    [
      'a stall in the queue does not harm: b only waits',
      { stallMs: 60_000, stallFromMs: 0 },
      'safe',
    ],
  ]
  test.each(cases)('%s', (_, change, outcome) => {
    expect(verdictOf(change).outcome).toBe(outcome)
  })
})

test('a verdict names the moments of the run', () => {
  const verdict = verdictOf({}, FIRST_LOCK)
  expect(verdict).toMatchObject({
    outcome: 'two may write',
    holder: { client: 'a', at: 144 },
    leaseEnd: { due: 10_102, at: 10_210, end: 'expired' },
    rival: { client: 'b', at: 10_381 },
    at: 10_381,
    wokeAt: 20_000,
    late: { client: 'a', at: 20_030, token: 2, taken: true, highest: 3 },
  })
})

test('for a lost lock the end of the lease is the first moment, and the client gives it up earlier', () => {
  const { at, leaseEnd, noticed, rival, left } = verdictOf({ leader: 'freezes' })
  expect([at, rival, left]).toEqual([leaseEnd!.at, null, null])
  expect(noticed).toBeLessThan(at)
})

test('ways: changes that prevent the trouble, changes that do not, and changes that break a safe lock', () => {
  const ways = (lock: MyLock) =>
    tryLock(lock).ways.map(({ change, does }) => [does, ...Object.entries(change).flat()].join(' '))
  expect(ways(FIRST_LOCK)).toEqual([
    'prevents checkTokens true',
    'prevents looks true',
    'prevents ttlSeconds 20',
    'fails leader crashes',
  ])
  expect(ways({ ...CALM, leader: 'is cut off' })).toEqual([
    'fails checkTokens true',
    'prevents looks true',
    'fails ttlSeconds 45',
    'prevents leader stays',
  ])
  expect(ways(CALM)).toEqual(['breaks stallMs 10000'])
})

test('settings out of range are refused', () => {
  expect(lockFault(FIRST_LOCK)).toBeNull()
  expect(lockFault({ ...FIRST_LOCK, ttlSeconds: 0 })).toBe(
    'ttlSeconds: expected a whole number from 1 to 120 (got 0)',
  )
  expect(lockFault({ ...FIRST_LOCK, stallMs: 0.5 })).toContain('stallMs')
  expect(lockFault({ ...FIRST_LOCK, leader: 'sleeps' as 'stays' })).toContain('stays, crashes')
  expect(lockFault({ ...FIRST_LOCK, etcd: '2.3' as '3.4' })).toContain('3.7')
  expect(() => lockRecording({ ...FIRST_LOCK, roundTripMs: -1 })).toThrow('roundTripMs')
})

test('the program is held for good, and leaves only with the check', () => {
  expect(lockProgram(CALM)).not.toContain('leave')
  expect(lockProgram({ ...CALM, looks: true })).toContain('if not live lease goto out')
})

/**
 * The simple check without views and ledgers: the clients inside and the ended leases, by the
 * events alone.
 */
function plain(trace: readonly TraceEvent[]): { both: boolean; alone: boolean; late: boolean } {
  const inside = new Set<string>()
  const leases = new Map<string, string>()
  const gone = new Set<string>()
  const found = { both: false, alone: false, late: false }
  for (const event of trace) {
    if (event.type === 'reply-received' && event.reply.type === 'LeaseGrant')
      leases.set(event.client, event.reply.ID)
    if (event.type === 'section-entered') inside.add(event.client)
    if (event.type === 'section-left') inside.delete(event.client)
    if (event.type === 'lease-revoked') gone.add(event.lease)
    if (event.type === 'write-taken' && gone.has(leases.get(event.client) ?? '')) found.late = true
    if (inside.size > 1) found.both = true
    if ([...inside].some((client) => gone.has(leases.get(client) ?? ''))) found.alone = true
  }
  return found
}

test('for any settings, the verdict and the simple check agree', () => {
  const number = (name: keyof typeof LOCK_LIMITS) => fc.integer(LOCK_LIMITS[name])
  const locks: fc.Arbitrary<MyLock> = fc.record({
    ttlSeconds: fc.integer({ min: 1, max: 15 }),
    stallMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000 })),
    stallFromMs: fc.integer({ min: 0, max: 4000 }),
    leader: fc.constantFrom('stays', 'stays', 'stays', ...LEADER_TROUBLES),
    leaderAtMs: fc.integer({ min: 0, max: 12_000 }),
    roundTripMs: fc.oneof(fc.integer({ min: 0, max: 200 }), number('roundTripMs')),
    etcd: fc.constantFrom(...ETCD_VERSIONS),
    checkTokens: fc.constantFrom(false, false, true),
    looks: fc.constantFrom(false, false, true),
  })
  const seen = new Set<LockOutcome>()
  fc.assert(
    fc.property(locks, (lock) => {
      const { verdict, trace } = lockPlayed(lockRecording(lock), lockLimit(lock))
      const { outcome, late } = verdict
      const look = plain(trace)
      seen.add(outcome)
      const expected = look.both
        ? look.late
          ? 'two may write'
          : 'two inside'
        : look.alone
          ? 'lost'
          : 'safe'
      expect([outcome, late?.taken === true]).toEqual([expected, look.late])
    }),
    { numRuns: 40, seed: 13 },
  )
  expect([...seen].sort()).toEqual(['lost', 'safe', 'two inside', 'two may write'])
})

describe('in the worker', () => {
  const frameOf = (host: Host): Frame => {
    const frame = host.receive({ type: 'advance', wallMs: 0 })
    if (frame?.type !== 'frame') throw new Error('no frame')
    return frame
  }
  test('a trial does not change the open run, and includes the stops of a story', () => {
    const host = new Host(() => 0)
    host.receive({ type: 'open', recording: lockRecording(CALM), at: 1000 })
    const file = '# A story\nstop at 1\n  say Client a has the lock.\n'
    const answer = host.receive({ type: 'try-lock', lock: FIRST_LOCK, file })
    expect(answer).toMatchObject({
      type: 'lock-tried',
      lock: FIRST_LOCK,
      verdict: { outcome: 'two may write' },
      recording: { stops: [{}] },
    })
    expect(frameOf(host).now).toBe(1000)
    expect(
      host.receive({ type: 'try-lock', lock: { ...FIRST_LOCK, ttlSeconds: 0 } }),
    ).toMatchObject({ type: 'refused' })
  })
  test('another TTL is compared with the run, which stays at its place', () => {
    const host = new Host(() => 0)
    host.receive({ type: 'open', recording: lockRecording(FIRST_LOCK), at: 10_381 })
    host.receive({ type: 'vary', change: { ttl: { from: 10, to: 20 } }, beside: 'stay' })
    const { branches = [], compare, ttls, now } = frameOf(host)
    expect(branches.map(({ name, current }) => [name, current])).toEqual([
      ['main', true],
      ['TTL 20 s', false],
    ])
    expect([compare?.name, ttls, now]).toEqual(['TTL 20 s', [10], 10_381])
    expect(compare?.there.locks[0]).toMatchObject({
      is: { holder: 'a' },
      differs: expect.arrayContaining(['who is inside']),
    })
  })
  test('a message of another shape is refused', () => {
    expect(accept({ type: 'try-lock', lock: { ...FIRST_LOCK, leader: 'sleeps' } })).toMatchObject({
      ok: false,
    })
    expect(accept({ type: 'try-lock', lock: FIRST_LOCK })).toMatchObject({ ok: true })
  })
})
