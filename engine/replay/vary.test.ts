import { expect, test } from 'vitest'
import type { Command } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import { describeChange, isSameRun, ttlsOf, varied } from './vary'

const of = (...commands: Command[]): Recording => ({
  leasescope: 1,
  seed: 1,
  config: DEFAULT_CONFIG,
  commands: commands.map((command, i) => ({ ...command, at: i * 1000 })),
})
const lines = (text: string): Command => ({ type: 'console', terminal: 't1', text, mode: 'strict' })
const first = (recording: Recording): unknown => recording.commands[0]

test('every TTL of that length becomes another, wherever a command asks for it', () => {
  const change = { ttl: { from: 10, to: 15 } }
  expect(
    first(
      varied(
        of(lines('etcdctl lease grant 10\netcdctl lease grant 100\netcdctl lock --ttl=10 a')),
        change,
      ),
    ),
  ).toMatchObject({
    text: 'etcdctl lease grant 15\netcdctl lease grant 100\netcdctl lock --ttl=15 a',
  })
  const program = {
    type: 'program',
    client: 'a',
    program: [{ op: 'session', ttlSeconds: 10, as: 'l' }],
  } as const
  expect(first(varied(of(program), change))).toMatchObject({ program: [{ ttlSeconds: 15 }] })
  const script = { type: 'script', client: 'a', source: 'lease = grant 10\nsleep 10s' } as const
  expect(first(varied(of(script), change))).toMatchObject({ source: 'lease = grant 15\nsleep 10s' })
  const request = {
    type: 'request',
    client: 'a',
    request: { type: 'LeaseGrant', TTL: 10 },
  } as const
  expect(first(varied(of(request), change))).toMatchObject({ request: { TTL: 15 } })
})

test('times, other commands and the recording itself do not change', () => {
  const before = of(lines('etcdctl lease grant 10'), { type: 'fault', fault: { type: 'heal' } })
  const after = varied(before, { ttl: { from: 10, to: 5 }, config: { latencyMs: 9 }, seed: 4 })
  expect(after).toMatchObject({ seed: 4, config: { latencyMs: 9, members: 1 } })
  expect(after.commands[1]).toEqual(before.commands[1])
  expect(before).toMatchObject({ seed: 1, commands: [{ text: 'etcdctl lease grant 10' }, {}] })
})

test('a TTL that no command grants is refused in words', () => {
  expect(() => varied(of(lines('etcdctl get a')), { ttl: { from: 10, to: 5 } })).toThrow(
    'no command of this run grants a lease of 10 s',
  )
})

test('the TTLs of a run are found, and a change has a name', () => {
  expect(ttlsOf(of(lines('etcdctl lease grant 60'), lines('etcdctl lease grant 5')))).toEqual([
    5, 60,
  ])
  expect(describeChange({ ttl: { from: 10, to: 15 }, config: { latencyMs: 3 } })).toBe(
    'TTL 15 s, latency 3 ms',
  )
  expect(
    describeChange({
      config: { clientEndpoints: 'all', checkpoint: 'persist', differences: { preVote: true } },
    }),
  ).toBe('endpoints: all, checkpoints: persist, preVote on')
  expect(describeChange({ config: { differences: {} } })).toBe('of the version')
  expect(
    describeChange({ config: { differences: { preVote: true, mutexChecksSession: false } } }),
  ).toBe('2 differences')
})

test('clients get another library, and clientv3 is not named', () => {
  const before = of(lines('etcdctl get a'))
  const jetcd = varied(before, { library: { clients: ['b', 'a'], to: 'jetcd' } })
  expect(JSON.stringify(jetcd.config.libraries)).toBe('{"a":"jetcd","b":"jetcd"}')
  expect(varied(jetcd, { library: { clients: ['a'], to: 'etcdctl' } }).config.libraries).toEqual({
    a: 'etcdctl',
    b: 'jetcd',
  })
  const again = varied(jetcd, { library: { clients: ['a', 'b'], to: 'clientv3' } })
  expect(JSON.stringify(again)).toBe(JSON.stringify(before))
  expect(isSameRun(jetcd, before)).toBe(false)
  expect(describeChange({ library: { clients: ['a', 'b'], to: 'jetcd' } })).toBe('a, b with jetcd')
})

test('a program becomes another in the clients named, and a program that no client starts is refused', () => {
  const starts = (client: string, source: string): Command => ({ type: 'script', client, source })
  const before = of(starts('a', 'sleep 1s'), starts('b', 'sleep 1s'), starts('a', 'stop'))
  const change = { program: { clients: ['a'], from: 'sleep 1s', to: 'sleep 2s' } }
  expect(varied(before, change).commands).toMatchObject([
    { source: 'sleep 2s' },
    { source: 'sleep 1s' },
    { source: 'stop' },
  ])
  expect(
    varied(before, { program: { ...change.program, clients: ['a', 'b'] } }).commands,
  ).toMatchObject([{ source: 'sleep 2s' }, { source: 'sleep 2s' }, { source: 'stop' }])
  expect(() => varied(before, { program: { ...change.program, from: 'sleep 3s' } })).toThrow(
    'a starts no such program in this run',
  )
  expect(describeChange(change)).toBe('program of a')
})
