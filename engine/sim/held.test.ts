// Messages between a client and a member over a cut. TCP sends them again, so they arrive after the
// cut, in order.

import { expect, test } from 'vitest'
import type { Refusal } from './command'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

test('a watch over a cut loses no event and keeps the order', () => {
  const printed: string[] = []
  const sim = new Simulation(DEFAULT_CONFIG, 1, (event) => {
    if (event.type === 'console-output' && event.text.startsWith('PUT'))
      printed.push(`${event.at} ${event.text.trim().split('\n').at(-1)}`)
  })
  const at = (ms: number, text: string): void => {
    sim.advance(ms)
    sim.submit({ type: 'console', terminal: 't1', mode: 'strict', text })
  }
  at(0, 'w: etcdctl watch k &')
  at(0, 'etcdctl put k 1')
  at(2000, 'partition w m1')
  at(3000, 'etcdctl put k 2\netcdctl put k 3')
  at(4000, 'heal')
  at(4000, 'etcdctl put k 4')
  sim.advance(10_000)
  expect(printed).toEqual(['422 1', '4001 2', '4001 3', '4022 4'])
})

test('a request sent into a cut arrives after it, behind earlier requests and ahead of later ones', () => {
  const trace: { type: string; at: number; key?: string }[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, latencyMs: 10 }, 1, (event) => {
    if (event.type === 'key-put') trace.push({ type: event.type, at: event.at, key: event.kv.key })
    if (event.type === 'message-held') trace.push({ type: event.type, at: event.at })
  })
  const put = (key: string): Refusal | null =>
    sim.submit({ type: 'request', client: 'a', request: { type: 'Put', key, value: '' } })
  put('v')
  sim.submit({ type: 'fault', fault: { type: 'cut', from: ['a'], to: ['m1'] } })
  put('x')
  sim.advance(95)
  put('y')
  const saved = Simulation.load(JSON.parse(JSON.stringify(sim.save())), () => undefined)
  expect(saved.fingerprint()).toBe(sim.fingerprint())
  sim.submit({ type: 'fault', fault: { type: 'heal' } })
  put('z')
  sim.advance(1000)
  expect(trace).toEqual([
    { type: 'message-held', at: 10 },
    { type: 'message-held', at: 10 },
    { type: 'key-put', at: 105, key: 'v' },
    { type: 'key-put', at: 105, key: 'x' },
    { type: 'key-put', at: 105, key: 'y' },
    { type: 'key-put', at: 105, key: 'z' },
  ])
  expect(sim.held).toEqual([])
})

/** The events that a frozen watcher receives, and the faults before each put, by number. */
function toldWhileFrozen(
  before: Record<number, (sim: Simulation) => void>,
): { at: number; value: string }[] {
  const told: { at: number; value: string }[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, etcd: '3.6' }, 1, (event) => {
    if (event.type !== 'reply-received' || event.client !== 'w' || event.reply.type !== 'Watch')
      return
    for (const { kv } of event.reply.events) told.push({ at: event.at, value: kv.value })
  })
  sim.submit({
    type: 'program',
    client: 'w',
    program: [{ op: 'watch', request: { type: 'WatchCreate', key: 'k' } }],
  })
  for (let i = 1; i <= 6; i++) {
    sim.advance(i * 1000)
    before[i]?.(sim)
    sim.submit({ type: 'request', client: 'a', request: { type: 'Put', key: 'k', value: `${i}` } })
  }
  sim.advance(10_000)
  return told
}

const cut = (sim: Simulation): Refusal | null =>
  sim.submit({ type: 'fault', fault: { type: 'partition', groups: [['w'], ['m1']] } })
const heal = (sim: Simulation): Refusal | null =>
  sim.submit({ type: 'fault', fault: { type: 'heal' } })
const freeze = (sim: Simulation): Refusal | null =>
  sim.submit({ type: 'fault', fault: { type: 'pause-client', client: 'w' } })
const resume = (sim: Simulation): Refusal | null =>
  sim.submit({ type: 'fault', fault: { type: 'resume-client', client: 'w' } })

test('a cut holds messages for a frozen client too, and keeps their order', () => {
  const told = toldWhileFrozen({ 2: cut, 3: freeze, 5: heal, 6: resume })
  expect(told.map(({ value }) => value)).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(told[1]!.at).toBe(6000)
})

test('messages that reached a frozen client before a cut are read during the cut', () => {
  const told = toldWhileFrozen({ 2: freeze, 3: cut, 4: resume, 6: heal })
  expect(told.map(({ value }) => value)).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(told[1]!.at).toBe(4000)
  expect(told[2]!.at).toBe(6001)
})
