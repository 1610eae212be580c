// The leader that was frozen, was deposed and does not know it: its lessor finds leases expired by old deadlines, and Raft forwards what it proposes (semantics §1.13,
// §10.2). One test for each side of the row in versions.ts.

import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { TraceEvent } from '../base/trace'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

const ID = leaseId(1)

/** A lease of 4 s, granted at 0 and renewed through m3 every 1.3 s; the leader m1 is frozen from 2 s to 7 s. */
function frozen(etcd: Config['etcd']): TraceEvent[] {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, etcd }, 1, (event) => trace.push(event))
  sim.submit({ type: 'request', client: 'svc', request: { type: 'LeaseGrant', TTL: 4, ID }, member: 'm3' })
  const faults = [
    { at: 2000, fault: { type: 'pause', member: 'm1' } },
    { at: 7000, fault: { type: 'resume', member: 'm1' } },
  ] as const
  for (let at = 100; at <= 8000; at += 100) {
    sim.advance(at)
    for (const { fault } of faults.filter((other) => other.at === at)) sim.submit({ type: 'fault', fault })
    const renews = at < 2000 || at > 4000
    if (renews && at % 1300 === 0) sim.submit({ type: 'request', client: 'svc', request: { type: 'LeaseKeepAlive', ID }, member: 'm3' })
  }
  return trace
}

test('3.4.23 ends a lease that its client has just renewed with the new leader', () => {
  const trace = frozen('3.4')
  const ended = trace.find((event) => event.type === 'lease-revoked')
  const renewed = trace.findLast((event) => event.type === 'lease-renewed' && event.id < (ended?.id ?? 0))
  expect(ended?.at).toBeGreaterThanOrEqual(7000)
  expect(ended?.at).toBeLessThan(7050)
  expect(renewed).toMatchObject({ type: 'lease-renewed', at: 6501 })
  expect(renewed).not.toMatchObject({ member: 'm1' })
})

test('3.6 looks first whether it still leads', () => {
  const trace = frozen('3.6')
  expect(trace.some((event) => event.type === 'lease-expired' && event.member === 'm1' && event.at === 7000)).toBe(true)
  expect(trace.some((event) => event.type === 'lease-revoked')).toBe(false)
  const message = "Ignore the lease revoking request because current member isn't a leader"
  expect(trace).toContainEqual(
    expect.objectContaining({ type: 'request-refused', member: 'm1', request: 'LeaseRevoke', message, at: 7000 }),
  )
})
