import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import type { Config, Fault } from './command'
import { DEFAULT_CONFIG } from './command'
import { flightOf } from './post'

function run(members: number, config: Partial<Config> = {}): Timeline {
  return new Timeline({
    leasescope: 1,
    seed: 3,
    config: { ...DEFAULT_CONFIG, members, latencyMs: 30, peerLatencyMs: 10, ...config },
    commands: [],
  })
}

function does(timeline: Timeline, fault: Fault): void {
  timeline.submit({ type: 'fault', fault })
}

function asks(timeline: Timeline, key: string, member = 'm1'): void {
  timeline.submit({
    type: 'request',
    client: 'a',
    member,
    request: { type: 'Put', key, value: '1' },
  })
}

/** The messages in flight that a client sent, by number. */
function requests(timeline: Timeline): number[] {
  return timeline.sim
    .moves()
    .flatMap(({ due }) =>
      due.type === 'deliver' && due.message.body.type === 'request' ? [flightOf(due)!.id] : [],
    )
}

const of = (timeline: Timeline, type: TraceEvent['type']): TraceEvent[] =>
  timeline.trace.filter((event) => event.type === type)

/** Replaying the recording, and seeking to and fro, give the same result. */
function repeats(timeline: Timeline): void {
  const again = new Timeline(timeline.recording())
  again.advance(timeline.now)
  expect(again.trace).toEqual(timeline.trace)
  const [at, fingerprint] = [timeline.now, timeline.sim.fingerprint()]
  again.seek({ at: Math.floor(at / 2) })
  again.seek({ at })
  expect(again.sim.fingerprint()).toBe(fingerprint)
}

describe('one message in flight', () => {
  test('arrives now, together with the messages ahead of it on its connection', () => {
    const timeline = run(1)
    asks(timeline, 'x')
    asks(timeline, 'y')
    const [, second] = requests(timeline)
    does(timeline, { type: 'message', message: second!, fate: 'deliver' })
    expect(timeline.now).toBe(0)
    expect(
      of(timeline, 'key-put').map((event) => event.type === 'key-put' && event.kv.key),
    ).toEqual(['x', 'y'])
    repeats(timeline)
  })

  test('that is dropped arrives late, because TCP sends it again, and so do the messages behind it', () => {
    const timeline = run(1)
    asks(timeline, 'x')
    asks(timeline, 'y')
    does(timeline, { type: 'message', message: requests(timeline)[0]!, fate: 'drop' })
    timeline.advance(229)
    expect(of(timeline, 'key-put')).toHaveLength(0)
    timeline.advance(230)
    expect(of(timeline, 'message-lost')).toHaveLength(0)
    expect(
      of(timeline, 'key-put').map((event) => event.type === 'key-put' && event.kv.key),
    ).toEqual(['x', 'y'])
    repeats(timeline)
  })

  test('comes later, and delays the messages behind it', () => {
    const timeline = run(1)
    asks(timeline, 'x')
    asks(timeline, 'y')
    does(timeline, { type: 'message', message: requests(timeline)[0]!, fate: 'delay', ms: 500 })
    asks(timeline, 'z')
    timeline.advance(529)
    expect(of(timeline, 'key-put')).toHaveLength(0)
    timeline.advance(530)
    expect(
      of(timeline, 'key-put').map((event) => event.type === 'key-put' && event.kv.key),
    ).toEqual(['x', 'y', 'z'])
    repeats(timeline)
  })

  test('that is not in flight is unknown', () => {
    const timeline = run(1)
    const before = timeline.sim.fingerprint()
    does(timeline, { type: 'message', message: 9999, fate: 'drop' })
    expect(timeline.sim.fingerprint()).toBe(before)
    expect(of(timeline, 'message-handled')).toHaveLength(0)
  })
})

test('messages that links lose by chance are lost, and a run with all the dials set repeats itself', () => {
  const timeline = run(3, { jitterMs: 5 })
  for (const [dial, value] of [
    ['loss', 20],
    ['duplicate', 20],
    ['reorder', 20],
    ['delay', 5],
  ] as const)
    does(timeline, { type: 'link', link: null, dial, value })
  for (const key of ['x', 'y', 'z']) asks(timeline, key, 'm2')
  timeline.advance(5000)
  expect(of(timeline, 'message-lost').length).toBeGreaterThan(10)
  repeats(timeline)
})

test('a leader that the members do not hear is replaced, though it hears them all; it learns of that from them', () => {
  const timeline = run(3)
  does(timeline, { type: 'cut', from: ['m1'], to: ['m2', 'm3'] })
  timeline.advance(5000)
  const [m1, ...others] = timeline.sim.members
  expect(m1!.consensus.isLeader).toBe(false)
  expect(others.filter(({ consensus }) => consensus.isLeader)).toHaveLength(1)
  repeats(timeline)
})

describe('a member that gets SIGTERM', () => {
  test('hands its leadership over first: no election timeout passes, and every lease gets its TTL again', () => {
    const timeline = run(3)
    timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 20 } })
    timeline.advance(5000)
    does(timeline, { type: 'stop', member: 'm1' })
    timeline.advance(5200)
    expect(of(timeline, 'leadership-offered')).toHaveLength(1)
    expect(of(timeline, 'member-stopped')).toHaveLength(1)
    const promoted = of(timeline, 'promoted').at(-1)!
    expect(promoted.at - 5000).toBeLessThanOrEqual(100)
    expect(timeline.sim.servers[0]!.state).toBe('down')
    const [leader] = timeline.sim.members
      .filter(({ lessor }) => lessor.isPrimary && lessor.size > 0)
      .slice(-1)
    expect(leader!.lessor.leases()[0]!.deadline).toBe(promoted.at + 21_000)
    does(timeline, { type: 'restart', member: 'm1' })
    timeline.advance(8000)
    expect(
      timeline.sim.members.every(({ consensus }) => consensus.lead === leader!.options.ID),
    ).toBe(true)
    repeats(timeline)
  })

  test.each([
    ['m2', 3],
    ['m1', 1],
  ])('%s of %i has no leadership to hand over and ends at once', (member, members) => {
    const timeline = run(members)
    timeline.advance(1000)
    does(timeline, { type: 'stop', member })
    expect(of(timeline, 'leadership-offered')).toHaveLength(0)
    expect(
      timeline.sim.servers.find((server) => server.member.options.name === member)!.state,
    ).toBe('down')
    timeline.advance(3000)
    repeats(timeline)
  })

  test('tries no longer than the request timeout', () => {
    const timeline = run(3, { etcd: '3.4' })
    timeline.advance(1000)
    // They hear it, and cannot write their votes to the disk.
    for (const member of ['m2', 'm3']) does(timeline, { type: 'disk', member, ms: 60_000 })
    does(timeline, { type: 'stop', member: 'm1' })
    timeline.advance(9000)
    expect(timeline.sim.servers[0]!.state).toBe('down')
    expect(of(timeline, 'leadership-offered')).toHaveLength(1)
    expect(of(timeline, 'member-stopped')[0]!.at).toBeGreaterThan(1000)
    expect(of(timeline, 'member-stopped')[0]!.at).toBeLessThanOrEqual(8000)
    repeats(timeline)
  })

  test('hands its leadership to the voter that it has been connected to longest', () => {
    const timeline = run(5, { etcd: '3.5' })
    timeline.advance(1000)
    for (const member of ['m2', 'm4']) {
      does(timeline, { type: 'crash', member })
      does(timeline, { type: 'restart', member })
    }
    // A wall breaks a connection too.
    does(timeline, { type: 'partition', groups: [['m1', 'm2', 'm4', 'm5'], ['m3']] })
    timeline.advance(3000)
    does(timeline, { type: 'heal' })
    timeline.advance(5000)
    const leader = timeline.sim.members.find(({ consensus }) => consensus.isLeader)!.options.name
    expect(leader).toBe('m1')
    does(timeline, { type: 'stop', member: 'm1' })
    expect(of(timeline, 'leadership-offered')[0]).toMatchObject({ to: 'm5' })
    timeline.advance(5300)
    expect(timeline.sim.members.find(({ consensus }) => consensus.isLeader)!.options.name).toBe(
      'm5',
    )
    repeats(timeline)
  })
})

test('a disk that becomes slow delays the commit', () => {
  const timeline = run(1)
  does(timeline, { type: 'disk', member: 'm1', ms: 800 })
  asks(timeline, 'x')
  timeline.advance(829)
  expect(of(timeline, 'key-put')).toHaveLength(0)
  timeline.advance(830)
  expect(of(timeline, 'key-put')).toHaveLength(1)
  repeats(timeline)
})
