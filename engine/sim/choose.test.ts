import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import type { Config } from './command'
import { DEFAULT_CONFIG } from './command'

const config: Config = { ...DEFAULT_CONFIG, latencyMs: 30, expiryPhaseMs: 200 }

function run(members = 1): Timeline {
  return new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...config, members, peerLatencyMs: 10 },
    commands: [],
  })
}

function ask(timeline: Timeline, client: string): void {
  timeline.submit({ type: 'request', client, request: { type: 'Put', key: 'k', value: client } })
}

/** The move by which the request of `client` reaches the member. */
function requestOf(timeline: Timeline, client: string): number {
  const move = timeline.sim
    .moves()
    .find(
      ({ due }) =>
        due.type === 'deliver' &&
        due.message.client === client &&
        due.message.body.type === 'request',
    )
  expect(move).toBeDefined()
  return move!.id
}

const types = (timeline: Timeline, type: TraceEvent['type']): TraceEvent[] =>
  timeline.trace.filter((event) => event.type === type)

describe('a chosen move', () => {
  test('comes after the internal moves that are due before it, and no other move is taken', () => {
    const timeline = run(3)
    timeline.advance(500)
    ask(timeline, 'a')
    ask(timeline, 'b')
    const ticks = types(timeline, 'peer-sent').length
    timeline.submit({ type: 'take', move: requestOf(timeline, 'b'), machinery: 'members' })
    expect(timeline.now).toBe(530)
    expect(
      types(timeline, 'request-received').map((event) => 'client' in event && event.client),
    ).toEqual(['b'])
    timeline.submit({ type: 'idle', until: 2000, machinery: 'members' })
    expect(timeline.now).toBe(2000)
    // Heartbeats have gone on, so that no election began. The other client's request still waits to
    // be chosen.
    expect(types(timeline, 'peer-sent').length).toBeGreaterThan(ticks + 20)
    expect(types(timeline, 'role-changed').every(({ at }) => at === 0)).toBe(true)
    expect(types(timeline, 'key-put')).toHaveLength(1)
    timeline.submit({ type: 'take', move: requestOf(timeline, 'a'), machinery: 'members' })
    expect(types(timeline, 'request-received')).toHaveLength(2)
  })

  test('leaves messages between members to be chosen where only the ticks are internal', () => {
    const timeline = run(3)
    timeline.advance(500)
    ask(timeline, 'a')
    timeline.submit({ type: 'take', move: requestOf(timeline, 'a'), machinery: 'ticks' })
    timeline.submit({ type: 'idle', until: 3000, machinery: 'ticks' })
    expect(types(timeline, 'key-put')).toHaveLength(0)
    expect(
      timeline.sim.moves().filter(({ due }) => due.type === 'deliver-peer').length,
    ).toBeGreaterThan(0)
    timeline.submit({ type: 'idle', until: 3100, machinery: 'members' })
    expect(types(timeline, 'key-put')).toHaveLength(1)
  })

  test('is never the pass that finds a lease: the lease ends when that pass is chosen', () => {
    const timeline = run()
    timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 2 } })
    timeline.advance(100)
    timeline.submit({ type: 'idle', until: 9000, machinery: 'members' })
    expect(types(timeline, 'lease-expired')).toHaveLength(0)
    const pass = timeline.sim
      .moves()
      .find(({ due }) => due.type === 'member-timer' && due.timer === 'expiry')!
    timeline.submit({ type: 'take', move: pass.id, machinery: 'members' })
    expect(types(timeline, 'lease-revoked')).toHaveLength(1)
    expect(timeline.now).toBe(9000)
  })

  test('that is unknown changes nothing except the recording', () => {
    const timeline = run()
    const before = timeline.sim.fingerprint()
    timeline.submit({ type: 'take', move: 1_000_000, machinery: 'members' })
    expect(timeline.sim.fingerprint()).toBe(before)
  })
})

test('a run by choices plays again from its recording, event by event', () => {
  const timeline = run(3)
  for (const client of ['a', 'b']) ask(timeline, client)
  timeline.submit({ type: 'take', move: requestOf(timeline, 'b'), machinery: 'members' })
  timeline.submit({ type: 'idle', until: 400, machinery: 'members' })
  timeline.submit({ type: 'take', move: requestOf(timeline, 'a'), machinery: 'members' })
  timeline.submit({ type: 'idle', until: 700, machinery: 'members' })
  timeline.advance(5000)
  const again = new Timeline(timeline.recording())
  again.advance(5000)
  expect(again.trace).toEqual(timeline.trace)
  timeline.seek({ at: 100 })
  timeline.seek({ at: 5000 })
  expect(again.sim.fingerprint()).toBe(timeline.sim.fingerprint())
})
