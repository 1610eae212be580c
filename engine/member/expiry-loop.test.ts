import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { TraceEvent } from '../base/trace'
import { DEFAULT_CONFIG } from '../sim/command'
import type { SavedSimulation } from '../sim/saved-simulation'
import { Simulation } from '../sim/simulation'

const ID = leaseId(1)
const revokedAt = (trace: readonly TraceEvent[]): number | undefined =>
  trace.find(({ type }) => type === 'lease-revoked')?.at

test('a run that is saved while a pass checks the leadership continues to revoke the leases of the pass', () => {
  const trace: TraceEvent[] = []
  const differences = { checksLeadership: true, trustsRecentTick: false }
  const config = {
    ...DEFAULT_CONFIG,
    members: 3,
    etcd: '3.6',
    peerLatencyMs: 20,
    differences,
  } as const
  const sim = new Simulation(config, 1, (event) => trace.push(event))
  sim.submit({ type: 'request', client: 'c', request: { type: 'LeaseGrant', TTL: 2, ID } })
  const asks = (): boolean =>
    sim
      .save()
      .servers.some(({ member }) =>
        member.expiry.batches.some(
          ({ phase, revokes }) => phase === 'asking' && revokes.length > 0,
        ),
      )
  while (sim.now < 10_000 && !asks()) sim.step()
  expect(asks()).toBe(true)
  expect(revokedAt(trace)).toBeUndefined()

  const again: TraceEvent[] = []
  const loaded = Simulation.load(
    JSON.parse(JSON.stringify(sim.save())) as SavedSimulation,
    (event) => again.push(event),
  )
  for (const run of [sim, loaded]) run.advance(sim.now + 2000)
  expect(revokedAt(trace)).toBeGreaterThan(2000)
  expect(revokedAt(again)).toBe(revokedAt(trace))
})

test('sixteen leases of a pass are revoked at a time', () => {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, peerLatencyMs: 20 }, 1, (event) =>
    trace.push(event),
  )
  for (let lease = 1; lease <= 40; lease++)
    sim.submit({
      type: 'request',
      client: `c${lease}`,
      request: { type: 'LeaseGrant', TTL: 2, ID: leaseId(lease) },
    })
  sim.advance(6000)
  const times = trace.flatMap((event) => (event.type === 'lease-revoked' ? [event.at] : []))
  const first = times[0]!
  // A place is free once its revoke is committed: one round trip between members later.
  expect(times.map((at) => at - first)).toEqual([
    ...Array(16).fill(0),
    ...Array(16).fill(40),
    ...Array(8).fill(80),
  ])
})

test('of two leases that end in one pass either may be revoked first; a single lease takes no draw', () => {
  const orders = new Set<string>()
  for (let seed = 1; seed <= 12; seed++) {
    const trace: TraceEvent[] = []
    const sim = new Simulation({ ...DEFAULT_CONFIG, members: 1 }, seed, (event) =>
      trace.push(event),
    )
    for (const lease of [1, 2])
      sim.submit({
        type: 'request',
        client: `c${lease}`,
        request: { type: 'LeaseGrant', TTL: 2, ID: leaseId(lease) },
      })
    sim.advance(4000)
    const revoked = trace.flatMap((event) => (event.type === 'lease-revoked' ? [event.lease] : []))
    orders.add(revoked.map((lease) => (lease === leaseId(1) ? 'a' : 'b')).join(''))
    const before = JSON.stringify(sim.save().servers[0]!.member.expiry.chance)
    sim.submit({
      type: 'request',
      client: 'c',
      request: { type: 'LeaseGrant', TTL: 2, ID: leaseId(3) },
    })
    sim.advance(8000)
    expect(JSON.stringify(sim.save().servers[0]!.member.expiry.chance)).toBe(before)
  }
  expect([...orders].sort()).toEqual(['ab', 'ba'])
})
