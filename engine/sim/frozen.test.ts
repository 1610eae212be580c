// The acts of a client and a leader after a freeze, and the beliefs in them.

import { expect, test } from 'vitest'
import type { EventType, TraceEvent } from '../base/trace'
import type { Config } from './command'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

const WRITER = [
  'lease = grant 10',
  'keep lease',
  'work:',
  'sleep 1s',
  'ok = write x',
  'goto work',
].join('\n')

function started(config: Partial<Config>): {
  sim: Simulation
  times(type: EventType, fits?: (event: TraceEvent) => boolean): number[]
} {
  const events: TraceEvent[] = []
  const sim = new Simulation(
    { ...DEFAULT_CONFIG, latencyMs: 30, expiryPhaseMs: 200, ...config },
    1,
    (event) => events.push(event),
  )
  sim.submit({ type: 'script', client: 'a', source: WRITER })
  return {
    sim,
    times: (type, fits = () => true) =>
      events.filter((event) => event.type === type && fits(event)).map(({ at }) => at),
  }
}

const isKeepAlive = (event: TraceEvent): boolean =>
  event.type === 'request-sent' && event.request.type === 'LeaseKeepAlive'

test('a client that continues at once sends the renewals that came due in its pause, whatever else is due', () => {
  const { sim, times } = started({})
  sim.advance(500)
  sim.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
  sim.advance(9900)
  sim.submit({ type: 'fault', fault: { type: 'resume-client', client: 'a' } })
  sim.advance(12_000)
  // The lease is due at 10.092 s. A renewal that waited for the next half second would come too
  // late.
  expect(times('request-sent', isKeepAlive)[1]).toBe(9900)
  expect(times('lease-renewed')[1]).toBe(9930)
  expect(times('lease-revoked')).toEqual([])
})

test('a write is stale once the new leader has revoked the lease, although the frozen leader still has it', () => {
  const { sim, times } = started({ members: 3, peerLatencyMs: 5 })
  sim.advance(2000)
  sim.submit({ type: 'fault', fault: { type: 'pause', member: 'm1' } })
  sim.advance(30_000)
  const [revoked = 0] = times('lease-revoked')
  expect(revoked).toBeGreaterThan(12_000)
  const stale = times('write-taken', (event) => event.type === 'write-taken' && event.stale)
  expect(stale[0]).toBeGreaterThan(revoked)
  expect(stale).toEqual(times('write-taken').filter((at) => at > revoked))
})
