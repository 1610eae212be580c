import { describe, expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { EventBody, MemberName } from '../base/trace'
import { levelOf } from '../base/trace'
import { LeaseSafety } from './lease-safety'
import type { Property } from './violation'

const LEASE = leaseId(1)
const HEADER = { cluster_id: '1', member_id: '1', revision: 1, raft_term: 1 } as never

/** A run given event by event, each with its time (virtual ms) and its causes. */
class GivenRun {
  readonly found: Property[] = []
  readonly #safety = new LeaseSafety((property) => this.found.push(property))
  #id = 0

  emit(at: number, body: EventBody, ...causes: number[]): number {
    const id = ++this.#id
    this.#safety.see({ ...body, id, at, causes, level: levelOf(body.type) })
    return id
  }

  promoted(at: number, member: MemberName, term: number): void {
    this.emit(at, { type: 'promoted', member, term, leases: 1, extendMs: 1000 })
  }

  /** A renewal for two seconds that reaches a client at once. */
  renewed(at: number, member: MemberName): void {
    const renewed = this.emit(at, {
      type: 'lease-renewed',
      member,
      lease: LEASE,
      ttlSeconds: 2,
      deadline: at + 2000,
    })
    const reply = { type: 'LeaseKeepAlive', header: HEADER, ID: LEASE, TTL: 2 } as const
    this.emit(at, { type: 'reply-received', client: 'a', member, rpc: 1, reply }, renewed)
  }

  expired(at: number, member: MemberName, deadline = at, pass = 0): number {
    return this.emit(at, { type: 'lease-expired', member, lease: LEASE, deadline, keys: 0 }, pass)
  }

  revoked(at: number, member: MemberName, expired: number): void {
    this.emit(
      at,
      { type: 'lease-revoked', member, lease: LEASE, end: 'expired', revision: 1, keys: [] },
      expired,
    )
  }
}

describe('no lease ends early', () => {
  test('on a true clock a lease may end at its TTL, and not a millisecond before', () => {
    for (const [at, found] of [
      [3000, []],
      [2999, ['no lease ends early']],
    ] as const) {
      const run = new GivenRun()
      run.promoted(0, 'm1', 1)
      run.renewed(1000, 'm1')
      run.revoked(at, 'm1', run.expired(at, 'm1'))
      expect(run.found).toEqual(found)
    }
  })

  test('on a clock whose rate changed several times, each period counts at its own rate', () => {
    for (const [at, found] of [
      // 500 ms at 200 %, then 1000 ms at 100 %.
      [2500, []],
      [2499, ['no lease ends early']],
    ] as const) {
      const run = new GivenRun()
      run.promoted(0, 'm1', 1)
      run.emit(500, { type: 'member-clock-changed', member: 'm1', percent: 200, deadlines: [] })
      run.renewed(1000, 'm1')
      run.emit(1500, { type: 'member-clock-changed', member: 'm1', percent: 100, deadlines: [] })
      run.revoked(at, 'm1', run.expired(at, 'm1'))
      expect(run.found).toEqual(found)
    }
  })

  test('a revoke from before a second promotion is reported under its own name', () => {
    const run = new GivenRun()
    run.promoted(0, 'm1', 1)
    run.renewed(0, 'm1')
    const expired = run.expired(2000, 'm1')
    run.promoted(2010, 'm1', 1)
    run.renewed(2020, 'm1')
    run.revoked(2030, 'm1', expired)
    expect(run.found).toEqual(['no lease ends after a second promotion'])
  })

  test('a revoke by the leader of an earlier term is reported under its own name', () => {
    const run = new GivenRun()
    run.promoted(0, 'm1', 1)
    run.renewed(0, 'm1')
    const expired = run.expired(2000, 'm1')
    run.promoted(2010, 'm2', 2)
    run.renewed(2020, 'm2')
    run.revoked(2030, 'm2', expired)
    expect(run.found).toEqual(['no lease ends by a deposed leader'])
  })

  test('a late revoke too: its proposer wakes at that moment, or sixteen revokes of its pass come first', () => {
    for (const [wakesAt, before, found] of [
      [2000, 0, 'no lease ends by a late revoke'],
      [1999, 0, 'no lease ends by a deposed leader'],
      [null, 16, 'no lease ends by a late revoke'],
      [null, 15, 'no lease ends by a deposed leader'],
    ] as const) {
      const run = new GivenRun()
      run.promoted(0, 'm1', 1)
      run.renewed(0, 'm1')
      if (wakesAt !== null) run.emit(wakesAt, { type: 'member-resumed', member: 'm1' })
      const pass = run.emit(2000, { type: 'expiry-pass', member: 'm1', due: before + 1 })
      for (let i = 0; i < before; i++) run.expired(2000, 'm1', 2000, pass)
      const expired = run.expired(2000, 'm1', 2000, pass)
      run.promoted(2010, 'm2', 2)
      run.renewed(2020, 'm2')
      run.revoked(2030, 'm2', expired)
      expect(run.found).toEqual([found])
    }
  })

  test("a deposed leader's renewal counts, unless disks, clocks or links delay its notice of a new leader", () => {
    const faults: (EventBody | null)[] = [
      null,
      { type: 'disk-changed', member: 'm1', ms: 800 },
      { type: 'link-changed', link: 'm1-m2', dial: 'delay', value: 50 },
      { type: 'message-handled', message: 1, from: 'm2', to: 'm1', fate: 'delay', ms: 1500 },
    ]
    for (const fault of faults) {
      const run = new GivenRun()
      run.promoted(0, 'm1', 1)
      if (fault !== null) run.emit(100, fault)
      run.promoted(1000, 'm2', 2)
      run.renewed(3000, 'm1')
      run.revoked(4000, 'm2', run.expired(4000, 'm2'))
      expect(run.found, fault?.type).toEqual(fault === null ? ['no lease ends early'] : [])
    }
  })
})

test('a reused ID is another lease', () => {
  const run = new GivenRun()
  run.promoted(0, 'm1', 1)
  run.renewed(0, 'm1')
  run.revoked(2000, 'm1', run.expired(2000, 'm1'))
  run.emit(3000, {
    type: 'lease-granted',
    member: 'm1',
    lease: LEASE,
    ttlSeconds: 2,
    askedSeconds: 2,
    deadline: 5000,
  })
  run.renewed(3000, 'm1')
  expect(run.found).toEqual([])
  run.revoked(4999, 'm1', run.expired(4999, 'm1'))
  expect(run.found).toEqual(['no lease ends early'])
})

test('only a primary expires leases, and never before the deadline', () => {
  const run = new GivenRun()
  run.promoted(0, 'm1', 1)
  run.expired(1000, 'm2')
  run.expired(1000, 'm1', 1001)
  expect(run.found).toEqual(['only a primary expires', 'only a primary expires'])
})

test('a term has one primary', () => {
  const run = new GivenRun()
  run.promoted(0, 'm1', 1)
  run.promoted(0, 'm2', 1)
  run.promoted(0, 'm2', 2)
  expect(run.found).toEqual(['one primary a term'])
})
