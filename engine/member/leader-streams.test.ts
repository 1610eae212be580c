// Streams that require a leader, as etcdctl sees them (semantics §2.7, §5.9), and calls that are
// repeated at another member (semantics §4.1).

import { expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

function cluster(config: Partial<Config> = {}): {
  sim: Simulation
  trace: TraceEvent[]
  type(text: string): void
} {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, ...config }, 1, (event) =>
    trace.push(event),
  )
  return {
    sim,
    trace,
    type: (text) => sim.submit({ type: 'console', terminal: 'sh', text, mode: 'strict' }),
  }
}

function loseQuorum(sim: Simulation): void {
  for (const member of ['m2', 'm3']) sim.submit({ type: 'fault', fault: { type: 'crash', member } })
}

const CANCELLED =
  'watch was canceled (etcdserver: no leader)\nError: watch is canceled by the server\n'

test('etcdctl watch at a member without a leader ends at once with exit code 5', () => {
  const { sim, trace, type } = cluster()
  loseQuorum(sim)
  sim.advance(4000)
  type('etcdctl watch k')
  sim.advance(4100)
  expect(trace).toContainEqual(
    expect.objectContaining({ type: 'console-output', stream: 'stderr', text: CANCELLED }),
  )
  expect(trace).toContainEqual(expect.objectContaining({ type: 'console-exit', exit: 5 }))
})

test('an open watch is ended three to four seconds after the leader is gone', () => {
  const { sim, trace, type } = cluster()
  type('etcdctl watch k &')
  sim.advance(3000)
  loseQuorum(sim)
  sim.advance(12_000)
  const stepsDown = trace.find(
    (event) => event.type === 'role-changed' && event.member === 'm1' && event.at > 3000,
  )!.at
  const ended = trace.find(({ type }) => type === 'stream-ended')!.at
  expect(ended - stepsDown).toBeGreaterThanOrEqual(2000)
  expect(ended - stepsDown).toBeLessThanOrEqual(4000)
  type('wait')
  sim.advance(13_000)
  expect(trace).toContainEqual(
    expect.objectContaining({ type: 'console-output', stream: 'stderr', text: CANCELLED }),
  )
})

test('a leader that comes back in time keeps the streams open', () => {
  const { sim, trace, type } = cluster()
  type('etcdctl watch k &')
  sim.advance(3000)
  sim.submit({ type: 'fault', fault: { type: 'partition', groups: [['m1'], ['m2', 'm3']] } })
  sim.advance(6000)
  sim.submit({ type: 'fault', fault: { type: 'heal' } })
  sim.advance(12_000)
  expect(trace.some(({ type }) => type === 'stream-ended')).toBe(false)
})

test('with several endpoints a member that is down is skipped', () => {
  const { sim, trace, type } = cluster()
  sim.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
  sim.advance(4000)
  type('etcdctl --endpoints=127.0.0.1:2379,127.0.0.1:22379,127.0.0.1:32379 lease grant 10')
  sim.advance(5000)
  const sent = trace.find(
    (event) => event.type === 'request-sent' && event.request.type === 'LeaseGrant',
  )
  expect(sent).toMatchObject({ member: 'm2' })
  expect(trace).toContainEqual(expect.objectContaining({ type: 'console-exit', exit: 0 }))
})

test('a read whose server is gone is repeated at the next one, a put is not', () => {
  const { sim, trace, type } = cluster({ latencyMs: 20 })
  const endpoints = '--endpoints=127.0.0.1:2379,127.0.0.1:22379'
  type(`etcdctl ${endpoints} get k &\netcdctl ${endpoints} put k v`)
  // Both have been sent, and neither has its answer.
  while (trace.filter((event) => event.type === 'request-sent').length < 1) sim.step()
  sim.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
  sim.advance(15_000)
  const asked = trace.flatMap((event) =>
    event.type === 'request-sent' && event.request.type === 'Range' ? [event.member] : [],
  )
  expect(asked[0]).toBe('m1')
  expect(asked.slice(1)).not.toHaveLength(0)
  expect(asked.slice(1).every((member) => member === 'm2')).toBe(true)
  expect(
    trace.filter((event) => event.type === 'request-sent' && event.request.type === 'Put'),
  ).toHaveLength(1)
})
