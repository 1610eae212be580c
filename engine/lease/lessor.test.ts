import { describe, expect, test } from 'vitest'
import { errors } from '../base/errors'
import { leaseId } from '../base/int64'
import { EXPIRED_RETRY_MS, FOREVER, Lessor, minTtlSeconds, remainingSeconds } from './lessor'

const A = leaseId(11)
const B = leaseId(12)

function primary(): Lessor {
  const lessor = new Lessor(2)
  lessor.promote(0, 0)
  return lessor
}

describe('grant', () => {
  test('a grant starts the clock when it is applied', () => {
    expect(primary().grant(A, 10, 500)).toMatchObject({
      id: A,
      ttlSeconds: 10,
      deadline: 10_500,
      renewedAt: null,
    })
  })
  test.each([[1], [0], [-5]])('a grant raises a TTL of %i to the minimum', (ttl) => {
    expect(primary().grant(A, ttl, 0)).toMatchObject({ ttlSeconds: 2 })
  })
  test('a grant accepts 9 000 000 000 s and refuses one second more', () => {
    expect(primary().grant(A, 9_000_000_000, 0)).toMatchObject({ ttlSeconds: 9_000_000_000 })
    expect(primary().grant(A, 9_000_000_001, 0)).toBe(errors.LeaseTTLTooLarge)
  })
  test('a grant refuses a used ID, but checks the TTL first', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    expect(lessor.grant(A, 10, 0)).toBe(errors.LeaseExist)
    expect(lessor.grant(A, 9_000_000_001, 0)).toBe(errors.LeaseTTLTooLarge)
  })
  test('a grant sets no deadline on a member that is not primary', () => {
    const lessor = new Lessor(2)
    expect(lessor.grant(A, 10, 0)).toMatchObject({ deadline: FOREVER })
    expect(lessor.due(FOREVER - 1, 10)).toEqual([])
  })
})

describe('attach and detach', () => {
  test('a key is attached to one lease: the last one', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    lessor.grant(B, 10, 0)
    lessor.attach(A, 'k')
    lessor.attach(B, 'k')
    expect(lessor.keysOf(A)).toEqual([])
    expect(lessor.keysOf(B)).toEqual(['k'])
    expect(lessor.leaseOf('k')).toBe(B)
    lessor.detach('k')
    expect(lessor.keysOf(B)).toEqual([])
  })
  test('holdings and counts name the keys of each lease', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    lessor.grant(B, 20, 0)
    expect(lessor.holdings()).toEqual([
      { id: A, ttlSeconds: 10, keys: [] },
      { id: B, ttlSeconds: 20, keys: [] },
    ])
    lessor.attach(A, 'z')
    expect(lessor.keyCount(A)).toBe(1)
    lessor.attach(A, 'k')
    expect(lessor.holdings()[0]).toEqual({ id: A, ttlSeconds: 10, keys: ['k', 'z'] })
    expect([lessor.keyCount(A), lessor.keyCount(B), lessor.keyCount(leaseId(13))]).toEqual([
      2, 0, 0,
    ])
  })
  test('attaching to an unknown lease stops the run', () => {
    expect(() => primary().attach(A, 'k')).toThrow(/unknown lease/)
  })
})

describe('revoke', () => {
  test('a revoke returns the keys in byte order and forgets them', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    for (const key of ['b', 'a', 'ä', 'B']) lessor.attach(A, key)
    expect(lessor.revoke(A)).toEqual(['B', 'a', 'b', 'ä'])
    expect(lessor.has(A)).toBe(false)
    expect(lessor.leaseOf('a')).not.toBe(A)
    expect(lessor.revoke(A)).toBe(errors.LeaseNotFound)
  })
  test('the ID is free again, and the new lease has no old keys', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    lessor.attach(A, 'k')
    lessor.revoke(A)
    lessor.grant(A, 5, 1000)
    expect(lessor.keysOf(A)).toEqual([])
    expect(lessor.lookup(A)?.deadline).toBe(6000)
  })
})

describe('renew', () => {
  test('a renewal gives the whole TTL again', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    expect(lessor.renew(A, 9_999)).toEqual({ type: 'renewed', ttlSeconds: 10, deadline: 19_999 })
    expect(lessor.due(10_000, 10)).toEqual([])
    expect(lessor.due(19_999, 10)).toEqual([A])
  })
  test('a renewal never rescues an expired lease', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    expect(lessor.renew(A, 10_000)).toEqual({ type: 'expired' })
    expect(lessor.renew(B, 10_000)).toEqual({ type: 'not-found' })
  })
  test('a lessor that is not primary refuses a renewal', () => {
    const lessor = new Lessor(2)
    lessor.grant(A, 10, 0)
    expect(lessor.renew(A, 1)).toEqual({ type: 'not-primary' })
  })
})

describe('due', () => {
  test('due returns at most the limit, earliest deadline first, equal deadlines in slot order', () => {
    const lessor = primary()
    lessor.grant(leaseId(1), 3, 0)
    lessor.grant(leaseId(2), 2, 0)
    lessor.grant(leaseId(3), 3, 0)
    lessor.grant(leaseId(4), 60, 0)
    expect(lessor.due(10_000, 2)).toEqual([leaseId(2), leaseId(1)])
    expect(lessor.due(10_000, 2)).toEqual([leaseId(3)])
  })
  test('a lease that was handed out comes back after the retry interval, not before', () => {
    const lessor = primary()
    lessor.grant(A, 2, 0)
    expect(lessor.due(2000, 10)).toEqual([A])
    expect(lessor.due(2000 + EXPIRED_RETRY_MS - 1, 10)).toEqual([])
    expect(lessor.due(2000 + EXPIRED_RETRY_MS, 10)).toEqual([A])
  })
})

describe('promote and demote', () => {
  test('a demoted lessor drops its checkpoint queue, so that no lease is due twice later', () => {
    const lessor = new Lessor(2, { intervalMs: 1000, afterPromotion: true })
    lessor.promote(0, 0)
    lessor.grant(A, 100, 0)
    expect(lessor.save().checkpoints).toEqual([[A, 1000]])
    lessor.demote()
    expect(lessor.save().checkpoints).toEqual([])
    lessor.promote(500, 0)
    expect(lessor.save().checkpoints).toEqual([[A, 1500]])
    expect(lessor.dueCheckpoints(1499)).toEqual([])
    expect(lessor.dueCheckpoints(1500)).toHaveLength(1)
  })
  test('every lease gets its whole TTL and the extension', () => {
    const lessor = primary()
    lessor.grant(A, 10, 0)
    lessor.demote()
    expect(lessor.lookup(A)?.deadline).toBe(FOREVER)
    lessor.promote(9000, 1000)
    expect(lessor.lookup(A)?.deadline).toBe(20_000)
    expect(remainingSeconds(20_000, 9000)).toBe(11)
  })
})

describe('a promotion with very many leases', () => {
  // The example of semantics §1.10: 3000 leases of 60 s.
  test('a promotion spreads their deadlines to 750 a second', () => {
    const lessor = new Lessor(2)
    for (let n = 1; n <= 3000; n++) lessor.grant(leaseId(n), 60, 0)
    lessor.promote(0, 1000)
    const deadlines = lessor.leases().map(({ deadline }) => deadline)
    expect([
      deadlines[0],
      deadlines[749],
      deadlines[750],
      deadlines[1499],
      deadlines[2999],
    ]).toEqual([61_000, 61_000, 62_001, 63_000, 65_000])
    expect(lessor.due(61_000, 5000)).toHaveLength(750)
  })
  test('a promotion does not spread 999 leases, nor deadlines that lie far apart', () => {
    const few = new Lessor(2)
    for (let n = 1; n <= 999; n++) few.grant(leaseId(n), 60, 0)
    few.promote(0, 1000)
    expect(few.due(61_000, 5000)).toHaveLength(999)
    const apart = new Lessor(2)
    for (let n = 1; n <= 1500; n++) apart.grant(leaseId(n), 2 + 2 * (n % 100), 0)
    apart.promote(0, 1000)
    expect(
      apart.leases().every(({ deadline, ttlSeconds }) => deadline === 1000 + ttlSeconds * 1000),
    ).toBe(true)
  })
})

describe('save and load', () => {
  test('a loaded lessor behaves like the saved one, also in its free slots', () => {
    const lessor = primary()
    for (let n = 1; n <= 40; n++) lessor.grant(leaseId(n), 2 + (n % 3), n)
    for (const n of [3, 17, 5]) lessor.revoke(leaseId(n))
    lessor.attach(leaseId(7), 'k')
    lessor.due(3000, 4)
    const again = Lessor.load(JSON.parse(JSON.stringify(lessor.save())))
    expect(again.save()).toEqual(lessor.save())
    for (const each of [lessor, again])
      for (const n of [99, 98, 97, 96]) each.grant(leaseId(n), 2, 3000)
    expect(again.due(60_000, 100)).toEqual(lessor.due(60_000, 100))
  })
})

test('the minimum TTL is longer than an election', () => {
  expect(minTtlSeconds(100, 1000)).toBe(2)
  expect(minTtlSeconds(500, 5000)).toBe(8)
})

test('the remaining time is truncated toward zero', () => {
  expect([9900, -400, -1600].map((left) => remainingSeconds(left, 0))).toEqual([9, 0, -1])
})

test('only a checkpointed remaining TTL blocks a renewal, until a checkpoint clears it', () => {
  const spoken = (intervalMs: number | null): Lessor => {
    const lessor = new Lessor(2, { intervalMs, afterPromotion: true })
    lessor.promote(0, 0)
    lessor.grant(A, 10, 0)
    lessor.checkpoint({ ID: A, remaining_TTL: 4 }, 0)
    return lessor
  }
  expect(spoken(1000).renew(A, 500)).toEqual({ type: 'checkpointed' })
  expect(spoken(1000).renew(A, 500, true)).toMatchObject({ type: 'renewed', ttlSeconds: 10 })
  expect(spoken(null).renew(A, 500)).toMatchObject({ type: 'renewed', ttlSeconds: 10 })
})

test('every lease that is due has its checkpoint', () => {
  const lessor = new Lessor(2, { intervalMs: 1000, afterPromotion: true })
  lessor.promote(0, 0)
  const ids = [A, B, leaseId(13)]
  for (const id of ids) lessor.grant(id, 10, 0)
  const entries = lessor.dueCheckpoints(1000)
  expect(entries.flat().map(({ ID, remaining_TTL }) => [ID, remaining_TTL])).toEqual(
    ids.map((id) => [id, 9]),
  )
})

// lessor.go: Promote returns early only with fewer leases than the revoke rate of one second.
test.each([
  [999, false],
  [1000, true],
])('a promotion with %i leases of one TTL delays some of them: %s', (count, puts) => {
  const lessor = new Lessor(2)
  for (let id = 1; id <= count; id++) lessor.grant(leaseId(id), 10, 0)
  expect(lessor.promote(0, 0).length > 0).toBe(puts)
})
