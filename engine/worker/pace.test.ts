import { describe, expect, test } from 'vitest'
import { Host } from './host'
import { FLIGHT_MS, leg, recentRequests, speedAt } from './pace'
import type { Frame, FromWorker, Recording } from './protocol'

describe('the speed at an instant', () => {
  const flight = { sent: 1000, due: 1035 }
  test("gives a flight 350 ms of the viewer's time, and the shortest flight decides", () => {
    expect(speedAt(1, 1000, [flight], 1)).toBe(35 / FLIGHT_MS)
    expect(speedAt(1, 1000, [flight, { sent: 990, due: 1060 }], 1)).toBe(35 / FLIGHT_MS)
    expect(speedAt(0.1, 1000, [{ sent: 1000, due: 1100 }], 1)).toBe(0.1)
  })
  test('is the chosen one above real time, during more than three requests a second, and without flights', () => {
    expect(speedAt(1.1, 1000, [flight], 1)).toBe(1.1)
    expect(speedAt(1, 1000, [flight], 3)).toBe(0.1)
    expect(speedAt(1, 1000, [flight], 4)).toBe(1)
    expect(speedAt(0.5, 1000, [], 0)).toBe(0.5)
  })
  test('never becomes zero: a late message, or one without latency, does not slow the clock', () => {
    expect(speedAt(1, 1000, [{ sent: 1000, due: 1000 }], 1)).toBe(1)
    expect(speedAt(1, 1000, [{ sent: 900, due: 930 }], 1)).toBe(1)
  })
})

describe('a leg of a frame', () => {
  test('ends with the frame if nothing is due, and keeps the fraction of a millisecond', () => {
    expect(leg(100, 0.5, 16, 0.1, 200)).toEqual({ to: 102, carry: expect.closeTo(0.1), wallMs: 0 })
  })
  test('ends with a due entry, and leaves the rest of the frame for the next leg', () => {
    expect(leg(100, 0.5, 16, 0.5, 104)).toEqual({ to: 104, carry: 0, wallMs: 9 })
    expect(leg(100, 0.5, 16, 0.5, 90)).toEqual({ to: 100, carry: 0, wallMs: 16 })
  })
})

test("the requests of the last second are counted, not the members' messages", () => {
  const sent = (at: number, type: 'request-sent' | 'peer-sent') =>
    ({ id: 1, at, level: 'story', causes: [], type }) as never
  const trace = [
    sent(0, 'request-sent'),
    sent(1, 'request-sent'),
    sent(900, 'peer-sent'),
    sent(1000, 'request-sent'),
  ]
  expect(recentRequests(trace, 4, 1000)).toBe(2)
  expect(recentRequests(trace, 3, 1000)).toBe(1)
})

const RECORDING: Recording = {
  leasescope: 1,
  seed: 1,
  config: {
    members: 3,
    etcd: '3.6',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 30,
  },
  commands: [
    {
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 2, as: 'lease' }],
      at: 500,
    },
    { type: 'fault', fault: { type: 'crash', member: 'm1' }, at: 3000 },
  ],
}

function frame(host: Host, wallMs: number): Frame {
  const answer = host.receive({ type: 'advance', wallMs })
  if (answer?.type !== 'frame') throw new Error('an advance is answered by a Frame')
  return answer
}

function opened(speed: number, at = 0, slow?: boolean): Host {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: RECORDING, at })
  host.receive({ type: 'pace', playing: true, speed, ...(slow === undefined ? {} : { slow }) })
  return host
}

/** The viewer's ms from the first request until it arrives. */
function firstFlight(host: Host, wallMs: number): number {
  let wall = 0
  for (let i = 0; i < 2000; i++) {
    const { now } = frame(host, wallMs)
    if (now >= 500) wall += wallMs
    if (now >= 530) return wall
  }
  throw new Error('the request never arrived')
}

test('a flight takes 350 ms of the viewer at real time; above real time and with the option off it takes its own time', () => {
  expect(firstFlight(opened(1), 10)).toBeGreaterThanOrEqual(FLIGHT_MS)
  expect(firstFlight(opened(1), 10)).toBeLessThan(FLIGHT_MS + 30)
  expect(firstFlight(opened(1, 0, false), 10)).toBeLessThan(60)
  expect(firstFlight(opened(2), 10)).toBeLessThan(60)
})

test("the answer flies as slowly as the request, and members' messages in between do not slow the clock", () => {
  const host = opened(1, 535)
  expect(frame(host, 0)).toMatchObject({
    held: null,
    messages: expect.arrayContaining([expect.objectContaining({ from: 'm1', to: 'm2' })]),
  })
  host.receive({ type: 'seek', at: 595 })
  host.receive({ type: 'pace', playing: true, speed: 1 })
  expect(frame(host, 0)).toMatchObject({
    held: 30 / FLIGHT_MS,
    messages: expect.arrayContaining([expect.objectContaining({ to: 'svc' })]),
  })
})

test('a message that a cut will hold is visible too', () => {
  const host = new Host(() => 0)
  const cut: Recording['commands'][number] = {
    type: 'fault',
    fault: { type: 'partition', groups: [['svc'], ['m1', 'm2', 'm3']] },
    at: 505,
  }
  host.receive({
    type: 'open',
    recording: { ...RECORDING, commands: [RECORDING.commands[0]!, cut] },
    at: 510,
  })
  host.receive({ type: 'pace', playing: true, speed: 1 })
  expect(frame(host, 0)).toMatchObject({
    held: 30 / FLIGHT_MS,
    messages: expect.arrayContaining([expect.objectContaining({ held: true })]),
  })
})

test('the held speed is shown while the clock runs, with the fraction of a millisecond', () => {
  const host = opened(1, 499)
  expect(frame(host, 0)).toMatchObject({ held: null })
  const held = frame(host, 1 + FLIGHT_MS / 12)
  expect(held).toMatchObject({ now: 502, held: 30 / FLIGHT_MS, speed: 1 })
  expect(held.fraction).toBeCloseTo(0.5)
  host.receive({ type: 'pace', playing: false, speed: 1 })
  expect(frame(host, 10)).toMatchObject({ held: null, now: 502 })
  expect(frame(host, 10).fraction).toBeUndefined()
})

test('the trace is the same for any frames and any speed', () => {
  const traceOf = (host: Host, wallMs: () => number): FromWorker | null => {
    for (let i = 0; i < 20_000 && frame(host, wallMs()).now < 5000; i++);
    host.receive({ type: 'seek', at: 6000 })
    return host.receive({ type: 'export' })
  }
  let odd = 0
  const expected = traceOf(opened(10), () => 100)
  expect(traceOf(opened(1), () => 100)).toEqual(expected)
  expect(traceOf(opened(1), () => 3)).toEqual(expected)
  expect(traceOf(opened(0.7), () => (odd = (odd * 7 + 5) % 41))).toEqual(expected)
})
