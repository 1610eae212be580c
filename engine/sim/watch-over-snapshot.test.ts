// A member that was cut off receives a snapshot. Its watches and waiting calls learn the changes
// (watchable_store.go: Restore).

import { expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import type { Command } from './command'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

/** A client calls m3, which is cut off while 40 keys are put through m1. */
function afterSnapshot(ask: Command[], meanwhile: Command): TraceEvent[] {
  const trace: TraceEvent[] = []
  const sim = new Simulation(
    { ...DEFAULT_CONFIG, etcd: '3.6', members: 3, snapshotCount: 20, catchUpEntries: 5 },
    1,
    (event) => trace.push(event),
  )
  for (const command of ask) {
    sim.submit(command)
    sim.advance(sim.now + 100)
  }
  sim.submit({ type: 'fault', fault: { type: 'partition', groups: [['m1', 'm2'], ['m3']] } })
  sim.submit(meanwhile)
  for (let i = 0; i < 40; i++) {
    sim.submit({
      type: 'request',
      client: 'a',
      member: 'm1',
      request: { type: 'Put', key: 'k', value: `${i}` },
    })
    sim.advance(sim.now + 20)
  }
  sim.submit({ type: 'fault', fault: { type: 'heal' } })
  sim.advance(sim.now + 3000)
  expect(trace.some(({ type }) => type === 'snapshot-restored')).toBe(true)
  return trace
}

test('a watch has no gap', () => {
  const watch: Command = {
    type: 'request',
    client: 'w',
    member: 'm3',
    request: { type: 'WatchCreate', key: 'k' },
  }
  const trace = afterSnapshot([watch], {
    type: 'request',
    client: 'a',
    member: 'm1',
    request: { type: 'Put', key: 'other', value: 'x' },
  })
  const news = trace.flatMap((event) =>
    event.type === 'reply-received' && event.client === 'w' && event.reply.type === 'Watch'
      ? event.reply.events.map(({ kv }) => kv.value)
      : [],
  )
  expect(news).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`))
})

test('a waiting Lock call gets the lock that was freed meanwhile', () => {
  const grant = (client: string, ID: string): Command => ({
    type: 'request',
    client,
    member: 'm1',
    request: { type: 'LeaseGrant', TTL: 60, ID: ID as never },
  })
  const lock = (client: string, lease: string, member: string): Command => ({
    type: 'request',
    client,
    member,
    request: { type: 'Lock', name: 'job', lease: lease as never },
  })
  const [one, two] = ['0000000000000001', '0000000000000002']
  const ask = [grant('a', one), grant('b', two), lock('a', one, 'm1'), lock('b', two, 'm3')]
  const trace = afterSnapshot(ask, {
    type: 'request',
    client: 'a',
    member: 'm1',
    request: { type: 'LeaseRevoke', ID: one as never },
  })
  const held = trace.flatMap((event) =>
    event.type === 'reply-received' && event.reply.type === 'Lock' ? [event.client] : [],
  )
  expect(held).toEqual(['a', 'b'])
})
