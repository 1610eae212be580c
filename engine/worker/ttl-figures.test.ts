// Each formula against runs of the engine: no run is worse, and the worst one comes close.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { grantedTtl, keepAliveGap, leastTtl, pauseMs } from '../scenario/what-ttl'
import type { TtlNeeds } from '../text/ttl-needs'
import { FIRST_NEEDS, needsFault } from '../text/ttl-needs'
import { accept } from './accept'
import { Host } from './host'
import { ttlFigure, ttlFigures } from './ttl-figures'
import { pausedRun, played } from './ttl-runs'

const cases: [string, Partial<TtlNeeds>][] = [
  ['the first needs', {}],
  ['a TTL that etcd raises', { ttlSeconds: 1 }],
  ['no round trip', { roundTripMs: 0 }],
  ['a long round trip', { roundTripMs: 800, ttlSeconds: 30 }],
  ['3.4', { etcd: '3.4', ttlSeconds: 5 }],
  ['slow elections', { electionMs: 5000, ttlSeconds: 8 }],
  ['quick elections', { electionMs: 500, ttlSeconds: 3 }],
  ['keep-alives each second', { keepAliveMs: 1000 }],
  ['keep-alives each 4 s', { keepAliveMs: 4000, roundTripMs: 200, ttlSeconds: 15 }],
]

describe.each(cases)('%s', (_, change) => {
  const needs = { ...FIRST_NEEDS, ...change }
  test('worst times: the run is not longer, and nearly as long', () => {
    for (const name of ['notice', 'unusable'] as const) {
      const { value, measured } = ttlFigure(name, needs)
      expect(measured, name).not.toBeNull()
      expect(measured, name).toBeLessThanOrEqual(value)
      expect(value - measured!, name).toBeLessThanOrEqual(5)
    }
  })
  test('the death of a leader too: the election is random, the rest is exact', () => {
    const { value, measured } = ttlFigure('leader', needs)
    expect(measured).not.toBeNull()
    expect(measured).toBeLessThanOrEqual(value)
    expect(value - measured!).toBeLessThan(needs.electionMs + 600)
  })
  test('the lease survives the pause, but not one 2 ms longer', () => {
    const { value, measured } = ttlFigure('pause', needs)
    expect(measured).toBe(value)
    const { recording, from, until } = pausedRun(needs, value + 2)
    expect(
      played(recording, until).some(
        ({ type, at }) => type === 'lease-renewed' && at >= from + value,
      ),
    ).toBe(false)
  })
  test('renewals a second', () => {
    const { value, measured } = ttlFigure('renewals', { ...needs, clients: 10 })
    expect(measured! / value).toBeGreaterThan(0.97)
    expect(measured! / value).toBeLessThan(1.03)
  })
})

test('for any inputs, no death takes longer to notice, and the lease survives the pause', () => {
  const needs = fc.record({
    ttlSeconds: fc.integer({ min: 1, max: 20 }),
    roundTripMs: fc.integer({ min: 0, max: 400 }),
    keepAliveMs: fc.option(fc.integer({ min: 300, max: 2000 })),
    pauseMs: fc.constant(0),
    electionMs: fc.constantFrom(500, 1000, 2000),
    clients: fc.constant(1),
    etcd: fc.constantFrom(...ETCD_VERSIONS),
  })
  fc.assert(
    fc.property(needs, (each) => {
      const notice = ttlFigure('notice', each)
      expect(notice.measured).toBeLessThanOrEqual(notice.value)
      const pause = ttlFigure('pause', each)
      if (pause.value > 0) expect(pause.measured).toBe(pause.value)
    }),
    { numRuns: 15, seed: 6 },
  )
})

test('a death at any other time, with any phase of the passes, is noticed sooner', () => {
  const { recording, value } = ttlFigure('notice', FIRST_NEEDS)
  for (const expiryPhaseMs of [0, 100, 200, 300, 400, 499])
    for (const laterMs of [1, 700, 2000]) {
      const commands = recording.commands.map((command) =>
        command.type === 'fault' ? { ...command, at: command.at + laterMs } : command,
      )
      const death = commands.find(({ type }) => type === 'fault')!.at
      const trace = played(
        { ...recording, config: { ...recording.config, expiryPhaseMs }, commands },
        death + value + 1000,
      )
      expect(trace.find(({ type }) => type === 'lease-revoked')!.at - death).toBeLessThanOrEqual(
        value,
      )
    }
})

test('the least TTL survives the pause, and one second less does not', () => {
  for (const pause of [0, 2000, 6000, 20_000]) {
    const needs = { ...FIRST_NEEDS, pauseMs: pause }
    const least = leastTtl(needs)!
    expect(pauseMs({ ...needs, ttlSeconds: least }).ms).toBeGreaterThanOrEqual(pause)
    if (least > 2) expect(pauseMs({ ...needs, ttlSeconds: least - 1 }).ms).toBeLessThan(pause)
  }
  expect(leastTtl({ ...FIRST_NEEDS, keepAliveMs: 60_000, pauseMs: 60_000 })).toBe(120)
  expect(leastTtl({ ...FIRST_NEEDS, keepAliveMs: 60_000, pauseMs: 60_000, roundTripMs: 0 })).toBe(
    120,
  )
})

test('etcd raises a TTL below one and a half election timeouts', () => {
  expect([500, 1000, 5000].map((electionMs) => grantedTtl({ ttlSeconds: 1, electionMs }))).toEqual([
    1, 2, 8,
  ])
  expect(keepAliveGap(FIRST_NEEDS)).toBe(3507)
})

test('all figures at once, and inputs out of range are refused', () => {
  const { figures, granted, least, gap } = ttlFigures(FIRST_NEEDS)
  expect(figures.map(({ name, at }) => [name, at > 0])).toEqual(
    ['notice', 'pause', 'unusable', 'leader', 'renewals'].map((name) => [name, true]),
  )
  expect([granted, least, gap]).toEqual([10, 6, 3507])
  expect(needsFault(FIRST_NEEDS)).toBeNull()
  expect(needsFault({ ...FIRST_NEEDS, keepAliveMs: 10 })).toContain('keepAliveMs')
  expect(() => ttlFigures({ ...FIRST_NEEDS, clients: 0 })).toThrow('clients')
})

test('in the worker the figures do not change the open run; a message of another shape is refused', () => {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: ttlFigure('notice', FIRST_NEEDS).recording, at: 500 })
  expect(host.receive({ type: 'figure-ttl', needs: FIRST_NEEDS })).toMatchObject({
    type: 'ttl-figured',
    needs: FIRST_NEEDS,
    least: 6,
  })
  expect(host.receive({ type: 'advance', wallMs: 0 })).toMatchObject({ now: 500 })
  expect(host.receive({ type: 'figure-ttl', needs: { ...FIRST_NEEDS, clients: 0 } })).toMatchObject(
    { type: 'refused' },
  )
  expect(
    accept({ type: 'figure-ttl', needs: { ...FIRST_NEEDS, keepAliveMs: null } }),
  ).toMatchObject({ ok: true })
  expect(accept({ type: 'figure-ttl', needs: { ...FIRST_NEEDS, pauseMs: 'long' } })).toMatchObject({
    ok: false,
  })
})
