import { describe, expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Ledger } from './ledger'
import type { SpacetimeInterest, SpacetimeView } from './spacetime'
import { MOST_MESSAGES, spacetime } from './spacetime'

const config: Config = { ...DEFAULT_CONFIG, latencyMs: 30, expiryPhaseMs: 200 }

function session(client: string, ttlSeconds: number, of: Partial<Config> = {}): Timeline {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: { ...config, ...of }, commands: [] })
  timeline.submit({
    type: 'program',
    client,
    program: [
      { op: 'session', ttlSeconds, as: 'lease' },
      { op: 'put', key: 'k', value: client, lease: '$lease' },
    ],
  })
  return timeline
}

function shown(timeline: Timeline, interest: SpacetimeInterest): SpacetimeView {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return spacetime({ sim: timeline.sim, ledger, last: timeline.lastEvent }, interest)
}

describe('messages', () => {
  test('stand from their sending to their reception, and are on their way until then', () => {
    const timeline = session('a', 10)
    timeline.advance(45)
    expect(shown(timeline, { from: 0, ms: 200 }).messages).toMatchObject([
      { from: 'a', to: 'm1', kind: 'request', label: 'LeaseGrant', sent: 0, received: 30, due: null },
      { from: 'm1', to: 'a', kind: 'reply', label: 'LeaseGrant', sent: 30, received: null, due: 60 },
    ])
    timeline.advance(60)
    expect(shown(timeline, { from: 0, ms: 200 }).messages[1]).toMatchObject({ received: 60, due: null })
  })

  test('are as the cursor has them, however far the run was played', () => {
    const timeline = session('a', 10)
    timeline.advance(45)
    const early = shown(timeline, { from: 0, ms: 20_000 })
    timeline.advance(20_000)
    timeline.seek({ at: 45 })
    expect(shown(timeline, { from: 0, ms: 20_000 })).toEqual(early)
  })

  test('that were sent before the window and arrive in it are there too', () => {
    const timeline = session('a', 10)
    timeline.advance(500)
    expect(shown(timeline, { from: 45, ms: 100 }).messages.map(({ sent }) => sent)).toContain(30)
    timeline.seek({ at: 45 })
    expect(shown(timeline, { from: 40, ms: 100 }).messages).toMatchObject([{ sent: 30, due: 60 }])
  })

  test('that are lost end where they are lost', () => {
    const timeline = session('a', 10)
    timeline.advance(1000)
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1']] } })
    timeline.advance(6000)
    const { messages } = shown(timeline, { from: 1000, ms: 5000 })
    expect(messages.length).toBeGreaterThan(0)
    for (const message of messages) expect(message).toMatchObject({ received: null, lost: message.sent + 30 })
  })

  test('between members are there when asked for, heartbeats never', () => {
    const timeline = session('a', 10, { members: 3, peerLatencyMs: 5 })
    timeline.advance(2000)
    const plain = shown(timeline, { from: 0, ms: 2000 })
    const all = shown(timeline, { from: 0, ms: 2000, peers: true })
    expect(plain.messages.every(({ label }) => !label.startsWith('Msg'))).toBe(true)
    const labels = [...all.messages, ...all.bundles].map(({ label }) => label)
    expect(labels).toContain('MsgApp')
    expect(labels.some((label) => label.startsWith('MsgHeartbeat'))).toBe(false)
  })

  test('that are too many are counted, each once, renewals first', () => {
    const timeline = session('a', 2)
    timeline.advance(60_000)
    const view = shown(timeline, { from: 0, ms: 60_000 })
    expect(view.total).toBeGreaterThan(MOST_MESSAGES)
    expect(view.messages.length).toBeLessThanOrEqual(MOST_MESSAGES)
    expect(view.messages.map(({ label }) => label)).toContain('Put')
    expect(view.bundles.every(({ label }) => label === 'LeaseKeepAlive')).toBe(true)
    expect(view.messages.length + view.bundles.reduce((sum, { count }) => sum + count, 0)).toBe(view.total)
  })
})

describe('bands', () => {
  test('a belief goes on from answer to answer, and is stale from the moment at which the lease is gone', () => {
    const timeline = session('a', 10)
    timeline.advance(5000)
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1']] } })
    timeline.advance(5500)
    const lease = timeline.sim.clients[0]!.beliefs[0]!
    expect(shown(timeline, { from: 0, ms: 30_000 }).bands).toMatchObject([{ lane: 'a', kind: 'belief', from: 60, to: lease.until }])
    // Somebody else revokes it: the client does not hear of it.
    timeline.submit({ type: 'request', client: 'b', request: { type: 'LeaseRevoke', ID: lease.lease } })
    timeline.advance(6000)
    expect(shown(timeline, { from: 0, ms: 30_000 }).bands).toMatchObject([
      { lane: 'a', kind: 'belief', from: 60, to: 5530 },
      { lane: 'a', kind: 'stale', from: 5530, to: lease.until },
    ])
    timeline.advance(30_000)
    const [, stale] = shown(timeline, { from: 0, ms: 30_000 }).bands
    // It gives the lease up by itself.
    expect(stale!.to).toBeLessThanOrEqual(lease.until! + 1000)
  })

  test('a belief ends with a crash, and is longer by a slow clock', () => {
    const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
    for (const client of ['a', 'b']) timeline.submit({ type: 'script', client, source: 'lease = grant 4\nsleep 60s' })
    timeline.submit({ type: 'fault', fault: { type: 'clock', client: 'b', percent: 50 } })
    timeline.advance(1000)
    timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
    timeline.advance(20_000)
    const { bands } = shown(timeline, { from: 0, ms: 20_000 })
    expect(bands.filter(({ lane }) => lane === 'a')).toMatchObject(
      [
        { kind: 'belief', to: 1000 },
        { kind: 'down', to: null },
      ].toReversed(),
    )
    const [held, stale] = bands.filter(({ lane }) => lane === 'b')
    expect(held).toMatchObject({ kind: 'belief' })
    expect(stale).toMatchObject({ kind: 'stale', from: held!.to, to: held!.from + 8000 })
    const own = timeline.sim.clients.find(({ id }) => id === 'b')!.beliefs[0]!
    expect(timeline.sim.virtualOf('b', own.until!)).toBe(stale!.to)
  })

  test('a belief ends sooner by a clock that is set ahead, and comes back with one that is set back', () => {
    const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
    timeline.submit({ type: 'script', client: 'a', source: 'lease = grant 4\nsleep 60s' })
    timeline.advance(1000)
    timeline.submit({ type: 'fault', fault: { type: 'set-clock', client: 'a', ms: 2000 } })
    const belief = () => timeline.sim.clients.find(({ id }) => id === 'a')!.beliefs[0]!.until
    const bands = () => shown(timeline, { from: 0, ms: 20_000 }).bands.filter(({ lane }) => lane === 'a')
    const first = belief()!
    expect(bands()).toMatchObject([{ kind: 'belief', to: first }])
    timeline.advance(3000)
    timeline.submit({ type: 'fault', fault: { type: 'set-clock', client: 'a', ms: -3000 } })
    timeline.advance(10_000)
    expect(belief()).toBe(first + 3000)
    expect(bands()).toMatchObject([
      { kind: 'belief', to: first },
      { kind: 'belief', from: 3000 },
      { kind: 'stale', to: first + 3000 },
    ])
  })

  test('a member that is down or frozen is so until it comes back', () => {
    const timeline = session('a', 10, { members: 3 })
    timeline.advance(1000)
    timeline.submit({ type: 'fault', fault: { type: 'crash', member: 'm2' } })
    timeline.submit({ type: 'fault', fault: { type: 'pause', member: 'm3' } })
    timeline.advance(2000)
    timeline.submit({ type: 'fault', fault: { type: 'restart', member: 'm2' } })
    timeline.advance(3000)
    const bands = shown(timeline, { from: 0, ms: 5000 }).bands.filter(({ lane }) => lane !== 'a')
    expect(bands).toMatchObject([
      { lane: 'm2', kind: 'down', from: 1000, to: 2000 },
      { lane: 'm3', kind: 'paused', from: 1000, to: null },
    ])
  })
})

test('a lease lives from its grant to its revoke, with its renewals', () => {
  const timeline = session('a', 6)
  timeline.advance(5000)
  const [lease] = shown(timeline, { from: 0, ms: 20_000 }).leases
  expect(lease).toMatchObject({ grantedAt: 30, ttlSeconds: 6, ended: null, expiredAt: null })
  expect(lease!.renewals.length).toBeGreaterThanOrEqual(2)
  timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1']] } })
  timeline.advance(20_000)
  const [gone] = shown(timeline, { from: 0, ms: 20_000 }).leases
  expect(gone!.ended).toMatchObject({ how: 'expired' })
  expect(gone!.expiredAt).toBeLessThanOrEqual(gone!.ended!.at)
})
