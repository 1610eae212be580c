import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { Request } from '../base/rpc'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from '../sim/command'
import type { LabView } from './lab'
import { labView, storageView } from './lab'
import { Ledger } from './ledger'

const recipe = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../client/recipes/${name}.txt`), 'utf8')

function run(name: string, clients: readonly string[]): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 20, expiryPhaseMs: 200 },
    commands: [],
  })
  for (const client of clients) timeline.submit({ type: 'script', client, source: recipe(name) })
  return timeline
}

function shown(timeline: Timeline): LabView {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return labView({ sim: timeline.sim, ledger, last: timeline.lastEvent })
}

test('a lock has one holder by the store, by belief and in the section, and the others wait', () => {
  const timeline = run('create-and-watch', ['a', 'b'])
  timeline.advance(400)
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({
    name: '/lock',
    holder: { client: 'a', token: 2, dead: null },
    believers: ['a'],
    inside: ['a'],
    verdict: 'held',
    because: null,
    waiting: [{ who: 'b', how: 'watches' }],
  })
})

test('the stage shows the storage once a program that writes to it runs, and not before', () => {
  const storage = (timeline: Timeline) => {
    const ledger = new Ledger()
    ledger.follow(timeline.trace)
    return storageView({ sim: timeline.sim, ledger, last: timeline.lastEvent })
  }
  expect(storage(run('create-and-watch', []))).toBeNull()
  const writing = run('create-and-watch', [])
  writing.submit({ type: 'script', client: 'w', source: 'write x' })
  expect(storage(writing)).toMatchObject({ total: 0, writers: ['w'] })
  writing.advance(1000)
  expect(storage(writing)).toMatchObject({ total: 1 })
  writing.submit({ type: 'script', client: 'w', source: 'sleep 1s' })
  expect(storage(writing)).toMatchObject({ total: 1, writers: [] })
})

test('a crashed holder keeps the lock until its lease ends', () => {
  const timeline = run('create-and-watch', ['a', 'b'])
  timeline.advance(400)
  timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
  timeline.advance(1000)
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({
    verdict: 'stuck',
    holder: { client: 'a', dead: 'down' },
    believers: [],
    inside: [],
    waiting: [{ who: 'b', how: 'watches' }],
  })
  expect(timeline.trace[lock!.because! - 1]!.type).toBe('client-crashed')
  expect(lock!.holder!.deadline).toBeGreaterThan(5000)
  timeline.advance(6000)
  expect(shown(timeline).locks[0]).toMatchObject({
    verdict: 'held',
    holder: { client: 'b' },
    inside: ['b'],
  })
  // The lock was free at the time that the strip had named.
  expect(timeline.trace.find(({ type }) => type === 'lease-revoked')!.at).toBe(
    lock!.holder!.revokedAt,
  )
})

test('without a lease the holder is the client that put the key, whatever the value says, also after that client has crashed', () => {
  const timeline = run('create-without-lease', [])
  const source = recipe('create-without-lease').replace('create /lock $me', 'create /lock mine')
  for (const client of ['a', 'b']) timeline.submit({ type: 'script', client, source })
  timeline.advance(400)
  timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
  timeline.advance(60_000)
  expect(shown(timeline).locks[0]).toMatchObject({
    verdict: 'stuck',
    holder: { client: 'a', lease: null, deadline: null, revokedAt: null, dead: 'down' },
    waiting: [{ who: 'b', how: 'asks again' }],
  })
})

test('two clients in the section both believe, and by the store the holder is the last to put', () => {
  const timeline = run('check-then-put', ['a', 'b'])
  timeline.advance(400)
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({
    verdict: 'broken',
    holder: { client: 'b' },
    believers: ['a', 'b'],
    inside: ['a', 'b'],
    waiting: [],
  })
  expect(timeline.trace[lock!.because! - 1]).toMatchObject({
    type: 'exclusion-broken',
    client: 'b',
    others: ['a'],
    gone: [],
  })
})

test('the first in the queue is the oldest key, and it belongs to the client that was granted its lease', () => {
  const timeline = run('mutex', [])
  timeline.submit({ type: 'script', client: 'a', source: 'enter /q\nsleep 30s\nleave\n' })
  const ask = (client: string, request: Request): void => {
    timeline.submit({ type: 'request', client, request })
    timeline.advance(timeline.now + 100)
  }
  ask('svc', { type: 'LeaseGrant', TTL: 30, ID: leaseId(1) })
  ask('helper', { type: 'Put', key: '/q/z', value: '', lease: leaseId(1) })
  ask('late', { type: 'Put', key: '/q/b', value: '' })
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({
    name: '/q',
    holder: { key: '/q/z', client: 'svc' },
    waiting: [{ who: 'late', how: 'queued' }],
  })
})

test('the token of a key is its create revision, whichever client wrote over it since', () => {
  const timeline = run('check-then-put', ['a', 'b'])
  timeline.advance(400)
  const { store } = timeline.sim.members[0]!
  expect(store.get('/lock')).toMatchObject({ create_revision: 2, mod_revision: 3, value: 'b' })
  expect(shown(timeline).locks[0]!.holder).toMatchObject({ token: 2 })
})

test.each([
  // The lease of a is for 3 s. At 3.6 s a clock at half speed shows less. A clock at double speed
  // showed that at 1.8 s.
  [50, 3600, ['a']],
  [100, 3600, []],
  [200, 1000, ['a']],
  [200, 2000, []],
])(
  'a client whose clock runs at %i %% believes at %i ms by its own clock: %j',
  (percent, at, believers) => {
    const timeline = run('own-clock', [])
    timeline.submit({
      type: 'script',
      client: 'a',
      source: 'lease = grant 3\nput /lock $me with lease\nenter /lock\nsleep 30s\nleave\n',
    })
    timeline.advance(100)
    expect(shown(timeline).locks[0]!.believers).toEqual(['a'])
    timeline.submit({ type: 'fault', fault: { type: 'clock', client: 'a', percent } })
    timeline.advance(at)
    expect(shown(timeline).locks[0]).toMatchObject({ inside: ['a'], believers })
  },
)

test('a client whose clock was set back believes for longer', () => {
  const timeline = run('own-clock', [])
  timeline.submit({
    type: 'script',
    client: 'a',
    source: 'lease = grant 3\nput /lock $me with lease\nenter /lock\nsleep 30s\nleave\n',
  })
  timeline.advance(100)
  timeline.submit({ type: 'fault', fault: { type: 'set-clock', client: 'a', ms: -2000 } })
  timeline.advance(4900)
  expect(shown(timeline).locks[0]!.believers).toEqual(['a'])
  timeline.advance(5200)
  expect(shown(timeline).locks[0]!.believers).toEqual([])
})

test('a client that works without its key is wrong because its lease ended, and a client that released the lock no longer waits', () => {
  const timeline = run('no-keep-alive', ['a', 'b'])
  timeline.advance(4000)
  // b took the lock when the lease of a was gone, and neither client knows that.
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({ verdict: 'broken', inside: ['a', 'b'] })
  expect(timeline.trace[lock!.because! - 1]).toMatchObject({ gone: [{ client: 'a' }] })
  timeline.advance(5500)
  const [later] = shown(timeline).locks
  expect(later).toMatchObject({
    verdict: 'held',
    holder: { client: 'b' },
    inside: ['b'],
    waiting: [],
  })
  timeline.advance(7500)
  const [last] = shown(timeline).locks
  expect(last).toMatchObject({ verdict: 'wrong', holder: null, inside: ['b'] })
  expect(timeline.trace[last!.because! - 1]).toMatchObject({ type: 'key-deleted', end: 'expired' })
})

test('the queue of a Mutex has the order in which it will be served', () => {
  const timeline = run('mutex', ['a', 'b', 'c'])
  timeline.advance(700)
  expect(shown(timeline).locks[0]).toMatchObject({ name: '/job', holder: { client: 'a' } })
  expect(shown(timeline).locks[0]!.waiting).toEqual([
    { who: 'b', how: 'queued' },
    { who: 'c', how: 'queued' },
  ])
})

test('the ledger has the writes until the cursor, the latest first, and counts the stale writes', () => {
  const timeline = run('mutex-fenced', ['a', 'b'])
  timeline.advance(300)
  timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
  timeline.advance(9000)
  timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'a' } })
  timeline.advance(12_000)
  expect(shown(timeline)).toMatchObject({
    checks: false,
    highest: 3,
    total: 2,
    stale: 1,
    writes: [
      { client: 'a', token: 2, taken: true, stale: true, highest: 3 },
      { client: 'b', token: 3, taken: true, stale: false },
    ],
  })
  timeline.seek({ at: 8000 })
  expect(shown(timeline)).toMatchObject({ total: 1, stale: 0 })
})
