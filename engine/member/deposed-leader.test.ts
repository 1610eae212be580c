// A leader that was frozen and deposed resumes. By old deadlines its lessor finds leases expired,
// although clients have renewed them with the new leader. In etcd a race decides which leases end,
// so here it is a random draw (woken-pass.ts). Some seed reaches every recorded outcome, in every
// version.

import { describe, expect, test } from 'vitest'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { leaseId } from '../base/int64'
import { Random } from '../base/random'
import type { TraceEvent } from '../base/trace'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { SavedSimulation } from '../sim/saved-simulation'
import { Simulation } from '../sim/simulation'
import { differencesOf } from './versions'
import { drawWokenPass } from './woken-pass'

const WAKES_AT = 9000

interface Frozen {
  sim: Simulation
  trace: TraceEvent[]
}

/**
 * Leases of 6 s, granted through m3 at the start and renewed there at 8 s. The leader m1 is frozen
 * from 1.2 to 9 s (the program of stale-leader-revokes-many).
 */
function frozen(leases: number, config: Partial<Config>, seed: number): Frozen {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, ...config }, seed, (event) =>
    trace.push(event),
  )
  const each = (ask: (lease: number) => void): void => {
    for (let lease = 1; lease <= leases; lease++) ask(lease)
  }
  each((lease) =>
    sim.submit({
      type: 'request',
      client: `c${lease}`,
      request: { type: 'LeaseGrant', TTL: 6, ID: leaseId(lease) },
      member: 'm3',
    }),
  )
  sim.advance(1200)
  sim.submit({ type: 'fault', fault: { type: 'pause', member: 'm1' } })
  sim.advance(8000)
  each((lease) =>
    sim.submit({
      type: 'request',
      client: `c${lease}`,
      request: { type: 'LeaseKeepAlive', ID: leaseId(lease) },
      member: 'm3',
    }),
  )
  sim.advance(WAKES_AT)
  sim.submit({ type: 'fault', fault: { type: 'resume', member: 'm1' } })
  return { sim, trace }
}

/**
 * The number of revoked leases, at once and after 7 s, when no lease that was renewed at 8 s is
 * due.
 */
function revoked({ sim, trace }: Frozen): string {
  const ended = (): number => trace.filter(({ type }) => type === 'lease-revoked').length
  sim.advance(WAKES_AT + 500)
  const atOnce = ended()
  // Renews every remaining lease: otherwise all end at 14 s.
  for (let lease = 1; lease <= 40; lease++)
    sim.submit({
      type: 'request',
      client: `k${lease}`,
      request: { type: 'LeaseKeepAlive', ID: leaseId(lease) },
      member: 'm3',
    })
  sim.advance(WAKES_AT + 4500)
  for (let lease = 1; lease <= 40; lease++)
    sim.submit({
      type: 'request',
      client: `k${lease}`,
      request: { type: 'LeaseKeepAlive', ID: leaseId(lease) },
      member: 'm3',
    })
  sim.advance(WAKES_AT + 7500)
  return ended() === atOnce ? `${atOnce}` : `${atOnce}, ${ended() - atOnce} after 7 s`
}

describe.each(ETCD_VERSIONS)('etcd %s', (etcd) => {
  test('of 40 leases, seeds revoke every recorded number: 40, 39, one in between, 24 after 7 s, none', () => {
    const found = new Map<string, number>()
    for (let seed = 1; seed <= 120 && found.size < 5; seed++) {
      const outcome = revoked(frozen(40, { etcd }, seed))
      const between = Number(outcome) > 24 && Number(outcome) < 39
      if (!found.has(between ? 'between' : outcome)) found.set(between ? 'between' : outcome, seed)
    }
    expect([...found.keys()].sort()).toEqual(['0', '0, 24 after 7 s', '39', '40', 'between'])
  })
})

test('a single lease lives after most draws, and some draw ends it', () => {
  const ended = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].filter(
    (seed) => revoked(frozen(1, { etcd: '3.4' }, seed)) === '1',
  )
  expect(ended.length).toBeGreaterThan(0)
  expect(ended.length).toBeLessThan(5)
})

test('from 3.5 on a leader may check its leadership first, and drops the leases that it found', () => {
  const message = "Ignore the lease revoking request because current member isn't a leader"
  const looks = (etcd: Config['etcd']): boolean[] =>
    Array.from({ length: 30 }, (_, i) => {
      const { sim, trace } = frozen(1, { etcd }, i + 1)
      sim.advance(WAKES_AT + 100)
      return trace.some(
        (event) =>
          event.type === 'request-refused' && event.member === 'm1' && event.message === message,
      )
    })
  expect(looks('3.4')).not.toContain(true)
  expect(looks('3.6')).toContain(true)
})

test('a leader that resumes before it is deposed revokes all due leases, with any draw', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const trace: TraceEvent[] = []
    const sim = new Simulation(
      { ...DEFAULT_CONFIG, members: 3, etcd: seed % 2 === 0 ? '3.4' : '3.6' },
      seed,
      (event) => trace.push(event),
    )
    for (let lease = 1; lease <= 40; lease++)
      sim.submit({
        type: 'request',
        client: `c${lease}`,
        request: { type: 'LeaseGrant', TTL: 2, ID: leaseId(lease) },
        member: 'm1',
      })
    sim.advance(1600)
    sim.submit({ type: 'fault', fault: { type: 'pause', member: 'm1' } })
    sim.advance(2300)
    sim.submit({ type: 'fault', fault: { type: 'resume', member: 'm1' } })
    sim.advance(3000)
    expect(trace.filter(({ type }) => type === 'lease-revoked')).toHaveLength(40)
  }
})

test('draws are made only if a frozen leader resumes with a due lease', () => {
  const wakes = (sim: Simulation): unknown[] =>
    sim.save().servers.map(({ member }) => member.expiry.chance.wakes)
  const fresh = [1, 2, 3].map((i) => new Random(7, `m${i}/wakes`).save())
  const { sim } = frozen(2, { etcd: '3.6' }, 7)
  expect(wakes(sim)).toEqual(fresh)
  sim.advance(WAKES_AT + 100)
  expect(wakes(sim)).not.toEqual(fresh)
  const quiet = new Simulation({ ...DEFAULT_CONFIG, members: 3 }, 7, () => {})
  quiet.submit({
    type: 'request',
    client: 'c',
    request: { type: 'LeaseGrant', TTL: 2, ID: leaseId(1) },
  })
  for (const fault of [
    { type: 'pause', member: 'm3' },
    { type: 'resume', member: 'm3' },
    { type: 'crash', member: 'm1' },
    { type: 'restart', member: 'm1' },
  ] as const) {
    quiet.advance(quiet.now + 4000)
    quiet.submit({ type: 'fault', fault })
  }
  quiet.advance(30_000)
  expect(wakes(quiet)).toEqual(fresh)
})

test('a run that is saved while lost revokes hold the 16 places continues in the same way', () => {
  const seed = Array.from({ length: 60 }, (_, i) => i + 1).find((each) =>
    revoked(frozen(40, { etcd: '3.6' }, each)).includes('after'),
  )!
  const { sim, trace } = frozen(40, { etcd: '3.6' }, seed)
  sim.advance(WAKES_AT + 3000)
  const [{ pending = [], revokes = [] } = {}] = sim
    .save()
    .servers.flatMap(({ member }) => member.expiry.batches)
  expect([pending.length, revokes.length]).toEqual([16, 24])
  const again: TraceEvent[] = []
  const loaded = Simulation.load(
    JSON.parse(JSON.stringify(sim.save())) as SavedSimulation,
    (event) => again.push(event),
  )
  const before = trace.length
  for (const run of [sim, loaded]) run.advance(WAKES_AT + 12_000)
  expect(again).toEqual(trace.slice(before))
})

describe('the draw', () => {
  const drawn = (etcdVersion: string, differences = {}): string[] => {
    const random = new Random(1, 'm1/wakes')
    return Array.from({ length: 3200 }, () => {
      const woken = drawWokenPass(random, differencesOf({ etcdVersion, differences }))
      return woken.type === 'proposes' ? `${woken.first}` : woken.type
    })
  }
  const share = (draws: string[], of: string): number =>
    draws.filter((draw) => draw === of).length / draws.length

  test('takes every number of first revokes from 0 to 16; half the draws fill all places', () => {
    const draws = drawn('3.6')
    for (let first = 0; first <= 16; first++) expect(draws).toContain(`${first}`)
    expect(share(draws, '16')).toBeCloseTo(0.5, 1)
    expect(share(draws, '0')).toBeCloseTo(1 / 16, 1)
    expect(share(draws, 'asks')).toBeCloseTo(1 / 16, 1)
  })

  test('never checks the leadership in 3.4, and always if a recent tick is not trusted', () => {
    expect(drawn('3.4')).not.toContain('asks')
    expect(new Set(drawn('3.5', { trustsRecentTick: false }))).toEqual(new Set(['asks', 'behind']))
  })
})
