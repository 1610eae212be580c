import { expect, test } from 'vitest'
import type { Config, LogLine, Reason } from '../../../engine/worker/protocol'
import { rootsOf, trialsOf } from './why-chain'

const reason = (depth: number, type: string, level: LogLine['level'] = 'story'): Reason => ({
  depth,
  missing: null,
  at: 0,
  line: { id: depth + 1, at: 0, level, type, text: '', causes: [], lease: null },
  place: null,
})
const missing = (depth: number): Reason => ({
  depth,
  missing: 'no keep-alive',
  at: null,
  line: null,
  place: null,
})
const config: Config = {
  members: 1,
  etcd: '3.6',
  heartbeatMs: 100,
  electionMs: 1000,
  boot: 'elected',
  latencyMs: 30,
}
const run = { ttls: [5], config, guarded: true }

test('a fault that nothing explains is a root, and one that something explains is none', () => {
  expect([
    ...rootsOf([
      reason(0, 'lease-revoked'),
      reason(1, 'fault', 'fault'),
      reason(1, 'lease-renewed'),
    ]),
  ]).toEqual([1])
  expect([
    ...rootsOf([
      reason(0, 'lease-revoked'),
      reason(1, 'message-lost', 'fault'),
      reason(2, 'command'),
    ]),
  ]).toEqual([2])
})

test('without a fault or an act the last reason is the root; an event without causes has none', () => {
  expect([...rootsOf([reason(0, 'lease-revoked'), missing(1)])]).toEqual([1])
  expect([...rootsOf([reason(0, 'fault', 'fault')])]).toEqual([])
})

test('a lease that ended may be tried with a longer TTL, a late write with a fence', () => {
  const of = (type: string) =>
    trialsOf({ event: 1, title: '', reasons: [reason(0, type)], ttlSeconds: 5 }, run).trials.map(
      ({ word }) => word,
    )
  expect(of('lease-revoked')).toEqual(['Replay with a TTL of 20 s'])
  expect(of('exclusion-broken')).toEqual([
    'Replay with a TTL of 20 s',
    'Replay with a storage that checks tokens',
  ])
  expect(of('promoted')).toEqual(['Replay with checkpoints'])
  expect(of('key-put')).toEqual([])
})

test('what holds already, or may not be spoken of, is not offered', () => {
  const why = { event: 1, title: '', reasons: [reason(0, 'write-taken')], ttlSeconds: 5 }
  expect(trialsOf(why, { ...run, ttls: [], guarded: false }).trials).toEqual([])
  expect(
    trialsOf(why, { ...run, ttls: [], config: { ...config, checkTokens: true } }).trials,
  ).toEqual([])
})

test('of several TTLs that of the lease that ended is tried, and none where it is not known', () => {
  const trials = (ttlSeconds: number | null, ttls: number[]) =>
    trialsOf(
      { event: 1, title: '', reasons: [reason(0, 'lease-revoked')], ttlSeconds },
      { ...run, ttls },
    ).trials.map(({ word }) => word)
  expect(trials(30, [5, 30])).toEqual(['Replay with a TTL of 120 s'])
  expect(trials(5, [5, 30])).toEqual(['Replay with a TTL of 20 s'])
  expect(trials(null, [5, 30])).toEqual([])
  expect(trials(null, [5])).toEqual(['Replay with a TTL of 20 s'])
})
