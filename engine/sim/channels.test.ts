// The connections of clients break and come back. Messages of an earlier epoch of a connection are
// refused.

import { expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import type { Command, Config, Fault, Refusal } from './command'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

function run(config: Partial<Config> = {}) {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, ...config }, 1, (event) => trace.push(event))
  const fault = (at: number, ...faults: Fault[]): void => {
    sim.advance(at)
    for (const each of faults) sim.submit({ type: 'fault', fault: each })
  }
  const ask = (
    client: string,
    request: Extract<Command, { type: 'request' }>['request'],
  ): Refusal | null => sim.submit({ type: 'request', client, request })
  const of = <T extends TraceEvent['type']>(type: T): Extract<TraceEvent, { type: T }>[] =>
    trace.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type)
  return { sim, trace, fault, ask, of }
}

test('a client tries again after 1 s, then after waits 3/5 longer each, with up to a fifth of random jitter', () => {
  const { sim, fault, of } = run()
  sim.submit({ type: 'script', client: 'a', source: 'sleep 500s' })
  fault(1000, { type: 'crash', member: 'm1' })
  sim.advance(400_000)
  expect(of('connection-broken')).toMatchObject([
    { client: 'a', member: 'm1', why: 'closed', at: 1001 },
  ])
  const waits = of('connection-failed').map(({ at, retryAt }) => retryAt - at)
  for (const [i, ms] of [1000, 1600, 2560, 4096, 6553].entries())
    expect(Math.abs(waits[i]! - ms)).toBeLessThanOrEqual(ms / 5)
  expect(waits.at(-1)).toBeGreaterThanOrEqual(96_000)
  expect(waits.at(-1)).toBeLessThanOrEqual(144_000)
  expect(new Set(of('connection-failed').map(({ why }) => why))).toEqual(new Set(['refused']))
})

test('an attempt over a cut fails after 20 s, and an attempt under way at the heal succeeds', () => {
  const { sim, fault, of, ask } = run()
  fault(0, { type: 'partition', groups: [['a'], ['m1']] })
  ask('a', { type: 'Put', key: 'k', value: 'v' })
  sim.advance(20_000)
  expect(of('call-waits')).toMatchObject([{ client: 'a', members: ['m1'], request: 'Put' }])
  expect(of('connection-failed')).toMatchObject([{ at: 20_000, why: 'no answer' }])
  fault(22_000, { type: 'heal' })
  sim.advance(22_100)
  expect(of('connection-established')).toMatchObject([{ at: 22_000 }])
  expect(of('key-put')).toHaveLength(1)
})

test('a member does not apply a request that was sent to its process before it ended', () => {
  const { sim, fault, of, ask } = run({ latencyMs: 10 })
  ask('a', { type: 'Put', key: 'k', value: '1' })
  sim.advance(100)
  ask('a', { type: 'Put', key: 'k', value: '2' })
  fault(
    102,
    { type: 'partition', groups: [['a'], ['m1']] },
    { type: 'crash', member: 'm1' },
    { type: 'restart', member: 'm1' },
  )
  fault(5000, { type: 'heal' })
  sim.advance(6000)
  expect(of('key-put').map(({ kv }) => kv.value)).toEqual(['1'])
  expect(of('message-lost').filter(({ from }) => from === 'a')).toMatchObject([
    { at: 5010, what: 'request' },
  ])
  // A put is not retried: it may have been applied.
  const failed = of('reply-received').at(-1)!
  expect(failed.reply).toMatchObject({ type: 'error', message: 'transport is closing' })
  expect(of('request-sent')).toHaveLength(2)
})

test('a read under way is retried on the next connection, and answered once', () => {
  const { sim, fault, of, ask } = run({ members: 3, clientEndpoints: 'all' })
  ask('a', { type: 'Range', key: 'k' })
  fault(200, { type: 'pause', member: 'm1' })
  ask('a', { type: 'Range', key: 'k', serializable: true })
  fault(300, { type: 'crash', member: 'm1' })
  sim.advance(10_000)
  expect(of('request-sent').map(({ member, rpc }) => `${member} ${rpc}`)).toEqual([
    'm1 1',
    'm1 2',
    'm3 2',
  ])
  const answers = of('reply-received').filter(
    ({ rpc, reply }) => rpc === 2 && reply.type === 'Range',
  )
  expect(answers).toMatchObject([{ member: 'm3', at: 303 }])
})

test('an answer of an earlier epoch of a connection is dropped', () => {
  const { sim, fault, of } = run({ members: 3 })
  sim.submit({ type: 'dial', client: 'w', keepAliveTimeMs: 1000, keepAliveTimeoutMs: 1000 })
  sim.submit({
    type: 'program',
    client: 'w',
    program: [{ op: 'watch', request: { type: 'WatchCreate', key: 'k' } }],
  })
  const put = (value: string): Refusal | null =>
    sim.submit({ type: 'request', client: 'a', request: { type: 'Put', key: 'k', value } })
  fault(1000, { type: 'partition', groups: [['w'], ['m1', 'm2', 'm3']] })
  put('1')
  sim.advance(14_000)
  expect(of('connection-broken')).toMatchObject([{ client: 'w', why: 'no answer to a ping' }])
  put('2')
  fault(15_000, { type: 'heal' })
  sim.advance(16_000)
  const seen = of('reply-received').flatMap(({ client, reply }) =>
    client === 'w' && reply.type === 'Watch' ? reply.events.map(({ kv }) => kv.value) : [],
  )
  expect(seen).toEqual(['1', '2'])
  expect(of('stream-closed').map(({ client }) => client)).toEqual(['w'])
})

test('a lossy link that loses a message six times breaks the connection, and the call fails', () => {
  const { sim, fault, of, ask } = run()
  ask('a', { type: 'Put', key: 'k', value: '1' })
  fault(100, {
    type: 'link',
    link: { from: 'a', to: 'm1', oneWay: true },
    dial: 'loss',
    value: 100,
  })
  ask('a', { type: 'Put', key: 'k', value: '2' })
  sim.advance(30_000)
  expect(of('connection-broken')).toMatchObject([
    { client: 'a', why: 'resent too often', at: 100 + 1 + 200 * 63 },
  ])
  expect(of('reply-received').at(-1)).toMatchObject({ reply: { type: 'error' } })
})

test('the state of connections and of waiting calls is saved', () => {
  const { sim, fault, ask } = run()
  fault(0, { type: 'crash', member: 'm1' })
  ask('a', { type: 'LeaseGrant', TTL: 20 })
  sim.advance(3000)
  const events: TraceEvent[] = []
  const loaded = Simulation.load(JSON.parse(JSON.stringify(sim.save())), (event) =>
    events.push(event),
  )
  expect(loaded.fingerprint()).toBe(sim.fingerprint())
  loaded.submit({ type: 'fault', fault: { type: 'restart', member: 'm1' } })
  loaded.advance(10_000)
  expect(events.some(({ type }) => type === 'lease-granted')).toBe(true)
})

test('a reset breaks the connections of a client: undelivered messages are refused, and the next connection is there at once', () => {
  const { sim, fault, of, ask } = run({ latencyMs: 10 })
  ask('a', { type: 'Put', key: 'k', value: '1' })
  sim.advance(100)
  ask('a', { type: 'Put', key: 'k', value: '2' })
  fault(105, { type: 'reset', client: 'a' })
  ask('a', { type: 'Put', key: 'k', value: '3' })
  sim.advance(1000)
  expect(of('connection-broken')).toMatchObject([{ client: 'a', why: 'reset', at: 105 }])
  expect(of('key-put').map(({ kv }) => kv.value)).toEqual(['1', '3'])
  expect(of('reply-received').find(({ rpc }) => rpc === 2)).toMatchObject({
    at: 105,
    reply: { type: 'error' },
  })
})
