// Members whose clocks run at different rates. Each member counts with its own clock.

import { describe, expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { TraceEvent } from '../base/trace'
import { Checker } from '../check/checker'
import { TapeLedger } from '../query/tape/tape-ledger'
import { Timeline } from '../replay/timeline'
import type { Config, Fault, Refusal } from './command'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

const ID = leaseId(1)

function run(members: number, config: Partial<Config> = {}): Timeline {
  return new Timeline({
    leasescope: 1,
    seed: 3,
    config: { ...DEFAULT_CONFIG, members, expiryPhaseMs: 0, ...config },
    commands: [],
  })
}

const does = (timeline: Timeline, fault: Fault): Refusal | null =>
  timeline.submit({ type: 'fault', fault })
const clock = (timeline: Timeline, member: string, percent: number): Refusal | null =>
  does(timeline, { type: 'member-clock', member, percent })
const grant = (timeline: Timeline, TTL: number): Refusal | null =>
  timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL, ID } })

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>
const of = <T extends TraceEvent['type']>(timeline: Timeline, type: T): Of<T>[] =>
  timeline.trace.filter((event): event is Of<T> => event.type === type)

/**
 * Replaying the recording, saving and loading in the middle, and seeking to and fro give the same
 * result.
 */
function repeats(timeline: Timeline): void {
  const again = new Timeline(timeline.recording())
  again.advance(timeline.now)
  expect(again.trace).toEqual(timeline.trace)
  const [at, fingerprint] = [timeline.now, timeline.sim.fingerprint()]
  again.seek({ at: Math.floor(at / 2) })
  const events: TraceEvent[] = []
  const loaded = Simulation.load(JSON.parse(JSON.stringify(again.sim.save())), (event) =>
    events.push(event),
  )
  loaded.advance(Math.floor(at / 2) + 1000)
  const last = again.trace.filter((event) => event.at <= again.now).at(-1)!.id
  expect(events.slice(0, 50)).toEqual(
    timeline.trace.filter(({ id }) => id > last).slice(0, events.slice(0, 50).length),
  )
  again.seek({ at })
  expect(again.sim.fingerprint()).toBe(fingerprint)
}

test('a fast clock ends a lease early by every other clock, and looks every half second of its own time', () => {
  const timeline = run(1)
  clock(timeline, 'm1', 200)
  grant(timeline, 10)
  timeline.advance(8000)
  const [granted] = of(timeline, 'lease-granted')
  expect(granted).toMatchObject({ at: 1, deadline: 5001 })
  expect(of(timeline, 'lease-revoked')[0]!.at).toBe(5250)
  const passes = of(timeline, 'expiry-pass').map(({ at }) => at)
  expect(passes.slice(1, 5)).toEqual([250, 500, 750, 1000])
  repeats(timeline)
})

test('a slow clock ends it late', () => {
  const timeline = run(1)
  clock(timeline, 'm1', 50)
  grant(timeline, 10)
  timeline.advance(25_000)
  expect(of(timeline, 'lease-granted')[0]!.deadline).toBe(20_000)
  expect(of(timeline, 'lease-revoked')[0]!.at).toBe(20_000)
  repeats(timeline)
})

test('a change of rate moves due times, and a clock that is true again has lost nothing', () => {
  const timeline = run(1)
  grant(timeline, 10)
  timeline.advance(2001)
  clock(timeline, 'm1', 150)
  // Eight seconds of its own time are left: five and a third.
  expect(of(timeline, 'member-clock-changed')[0]).toMatchObject({ deadlines: [[ID, 2001 + 5334]] })
  timeline.advance(4001)
  clock(timeline, 'm1', 100)
  expect(of(timeline, 'member-clock-changed')[1]).toMatchObject({ deadlines: [[ID, 4001 + 5000]] })
  timeline.advance(12_000)
  // Its passes stay on its own half seconds: it has run ahead by one second.
  expect(of(timeline, 'lease-revoked')[0]!.at).toBe(9500)
  expect(of(timeline, 'lease-expired')[0]!.deadline).toBe(9001)
  repeats(timeline)
})

test.each([137, 333, 1000, 73])('ticks and passes do not drift at %i %', (percent) => {
  const timeline = run(3)
  clock(timeline, 'm1', percent)
  timeline.advance(20_000)
  const passes = of(timeline, 'expiry-pass').filter(({ member, at }) => member === 'm1' && at > 0)
  expect(passes.map(({ at }) => at)).toEqual(
    passes.map((_, i) => Math.ceil(((i + 1) * 50_000) / percent)),
  )
  expect(passes.length).toBe(Math.floor((20_000 * percent) / 50_000))
})

test('the request timeout is counted on the clock of the member that got the request', () => {
  const asked = (percent: number): number => {
    const timeline = run(3)
    for (const member of ['m2', 'm3']) does(timeline, { type: 'crash', member })
    timeline.advance(4000)
    clock(timeline, 'm1', percent)
    timeline.submit({
      type: 'request',
      client: 'a',
      member: 'm1',
      request: { type: 'Put', key: 'k', value: '' },
    })
    timeline.advance(80_000)
    return of(timeline, 'request-refused').find(({ request }) => request === 'Put')!.at
  }
  expect([asked(100), asked(200), asked(50)]).toEqual([11_001, 7501, 18_000])
})

test('a follower with a fast clock times out under a healthy leader, and pre-vote prevents an effect', () => {
  const fast = (etcd: Config['etcd']): Timeline => {
    const timeline = run(3, { etcd })
    timeline.advance(1000)
    clock(timeline, 'm3', 1000)
    // Its ten ticks are a hundred milliseconds. While the first heartbeat is late, it starts an
    // election.
    does(timeline, {
      type: 'link',
      link: { from: 'm1', to: 'm3', oneWay: true },
      dial: 'delay',
      value: 200,
    })
    timeline.advance(6000)
    return timeline
  }
  const terms = (timeline: Timeline): number =>
    Math.max(...timeline.sim.members.map(({ term }) => term))
  expect(terms(fast('3.4'))).toBeGreaterThan(2)
  expect(terms(fast('3.5'))).toBe(2)
})

test('clocks outlive a crash and a freeze', () => {
  const timeline = run(1)
  clock(timeline, 'm1', 200)
  timeline.advance(1000)
  does(timeline, { type: 'crash', member: 'm1' })
  timeline.advance(2000)
  does(timeline, { type: 'restart', member: 'm1' })
  timeline.advance(4000)
  grant(timeline, 10)
  timeline.advance(4100)
  expect(of(timeline, 'lease-granted')[0]).toMatchObject({ at: 4001, deadline: 9001 })
  does(timeline, { type: 'pause', member: 'm1' })
  clock(timeline, 'm1', 100)
  timeline.advance(30_000)
  does(timeline, { type: 'resume', member: 'm1' })
  timeline.advance(31_000)
  expect(of(timeline, 'lease-revoked')[0]!.at).toBe(30_000)
  repeats(timeline)
})

test('the timeline of the run agrees with the run', () => {
  const timeline = run(3)
  grant(timeline, 20)
  const faults: [number, Fault][] = [
    [1000, { type: 'member-clock', member: 'm1', percent: 137 }],
    [3007, { type: 'member-clock', member: 'm2', percent: 250 }],
    [5003, { type: 'member-clock', member: 'm1', percent: 61 }],
    [8000, { type: 'crash', member: 'm1' }],
    [12_000, { type: 'restart', member: 'm1' }],
  ]
  for (const [at, fault] of faults) {
    timeline.advance(at)
    does(timeline, fault)
    const ledger = new TapeLedger()
    ledger.follow(timeline.trace)
    const primary = timeline.sim.members.find(
      ({ lessor }, i) => lessor.isPrimary && timeline.sim.servers[i]!.state === 'up',
    )
    if (primary === undefined) continue
    const life = ledger.lanes.leases.tracks[0] as unknown as { deadlines: number[] }
    expect(life.deadlines.at(-1)).toBe(primary.lease(ID)?.deadline)
  }
  timeline.advance(13_000)
  repeats(timeline)
})

describe('the rule that no lease ends early uses the clock of the primary', () => {
  function broken(timeline: Timeline): string[] {
    const checker = new Checker()
    for (const event of timeline.trace) checker.see(event)
    return checker.violations.map(({ property }) => property)
  }

  test('an end in time by every other clock is early by the clock of a slow primary', () => {
    const timeline = run(3)
    grant(timeline, 8)
    timeline.advance(9000)
    expect(of(timeline, 'lease-revoked')).toHaveLength(1)
    expect(broken(timeline)).toEqual([])
    const checker = new Checker()
    const slow = { type: 'member-clock-changed' as const, member: 'm1', percent: 90, deadlines: [] }
    for (const event of timeline.trace) {
      checker.see(event)
      if (event.type === 'promoted')
        checker.see({ ...slow, id: event.id, at: event.at, level: 'fault', causes: [] })
    }
    expect(checker.violations).toMatchObject([{ property: 'no lease ends early', members: ['m1'] }])
    expect(checker.violations[0]!.text).toContain(
      'ended at 8.502 s (7.649 s later on the clock of m1)',
    )
  })

  test.each([10, 50, 137, 1000])(
    'a clock at %i % breaks no promise, through changes of leader and of rate',
    (percent) => {
      const timeline = run(3)
      clock(timeline, 'm1', percent)
      grant(timeline, 8)
      for (let at = 500; at < 6000; at += 500) {
        timeline.advance(at)
        timeline.submit({
          type: 'request',
          client: 'a',
          member: 'm3',
          request: { type: 'LeaseKeepAlive', ID },
        })
        if (at === 2000) does(timeline, { type: 'crash', member: 'm1' })
        if (at === 4500) clock(timeline, 'm2', percent)
      }
      timeline.advance(120_000)
      expect(of(timeline, 'lease-revoked')).toHaveLength(1)
      expect(broken(timeline)).toEqual([])
    },
  )
})
