import { expect, test } from 'vitest'
import { Host } from './host'
import type { Frame, Interest, Recording, StepTo } from './protocol'

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
      program: [
        { op: 'session', ttlSeconds: 5, as: 'lease' },
        { op: 'put', key: '/svc/a', value: 'up', lease: '$lease' },
      ],
      at: 500,
    },
  ],
}

function frame(host: Host): Frame {
  const answer = host.receive({ type: 'advance', wallMs: 0 })
  if (answer?.type !== 'frame') throw new Error('an advance is answered by a Frame')
  return answer
}

function opened(at: number, moves?: Interest['moves']): Host {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: RECORDING, at })
  const interest: Interest = {
    leases: { from: 0, count: 10, sort: 'remaining' },
    keys: { from: 0, count: 10 },
    log: { from: 'tail', count: 10 },
    moves,
  }
  host.receive({ type: 'interest', interest })
  return host
}

function step(host: Host, to: StepTo, back = false): number {
  host.receive({ type: 'step', to, back })
  return frame(host).now
}

/** The clients' messages in flight, and the number of live leases. */
const scene = (host: Host): string => {
  host.receive({ type: 'why', event: null })
  const { messages = [], live } = frame(host)
  return [
    ...messages
      .filter(({ from, to }) => from === 'svc' || to === 'svc')
      .map(({ kind, label }) => `${kind} ${label}`),
    live,
  ].join(', ')
}

test("a move is one card: heartbeats and the members' agreement happen on the way", () => {
  const host = opened(0)
  const shown = [0, 1, 2, 3].map(() => [step(host, 'move'), scene(host)])
  expect(shown).toEqual([
    [500, 'request LeaseGrant, 0'],
    [530, '0'],
    [590, 'reply LeaseGrant, 1'],
    [620, 'request Put, 1'],
  ])
})

test('back by moves goes to before each card, and forward again takes the same ones', () => {
  const host = opened(0)
  const there: string[] = [scene(host)]
  for (let i = 0; i < 6; i++) {
    step(host, 'move')
    there.push(scene(host))
  }
  const back: string[] = [scene(host)]
  for (let i = 0; i < 6; i++) {
    step(host, 'move', true)
    back.unshift(scene(host))
  }
  expect(back).toEqual(there)
  step(host, 'move', true)
  expect(step(host, 'move')).toBe(500)
})

test("with the members' messages among the cards, each of them is a move", () => {
  const host = opened(0, 'ticks')
  expect([0, 1, 2, 3, 4].map(() => step(host, 'move'))).toEqual([500, 530, 560, 560, 590])
})

test('a chosen move is one step back, with its machinery', () => {
  const host = opened(500, 'members')
  const { next } = frame(host).moves!
  host.receive({ type: 'command', command: { type: 'take', move: next!, machinery: 'members' } })
  expect(scene(host)).toBe('0')
  step(host, 'move', true)
  expect(scene(host)).toBe('request LeaseGrant, 0')
})

test('to the next difference: the fork of the two runs, further differences, and back', () => {
  const host = opened(2000)
  expect(step(host, 'difference')).toBe(2000)
  const lease = frame(host).leases ?? null
  expect(lease).toBeNull()
  host.receive({ type: 'seek', at: 12_000 })
  host.receive({ type: 'seek', at: 3000 })
  host.receive({
    type: 'command',
    command: { type: 'fault', fault: { type: 'crash-client', client: 'svc' } },
  })
  host.receive({ type: 'seek', at: 12_000 })
  host.receive({ type: 'compare', with: 1 })
  expect(frame(host).compare?.different).toBeGreaterThan(0)
  host.receive({ type: 'seek', at: 1000 })
  const differs = (): number => frame(host).compare?.different ?? -1
  const forward: [number, number][] = []
  for (let at = 1000, before = 0; at !== before; ) {
    before = at
    at = step(host, 'difference')
    host.receive({ type: 'why', event: null })
    if (at !== before) forward.push([at, differs()])
  }
  // The client is down; its lease is not renewed; the lease and its key are gone.
  expect(forward.map(([at]) => at)).toEqual([3000, expect.any(Number), expect.any(Number)])
  expect(forward[0]![1]).toBe(1)
  expect(forward[2]![0]).toBeGreaterThan(7000)
  host.receive({ type: 'seek', at: 12_000 })
  const backward = [0, 1, 2, 3].map(() => step(host, 'difference', true))
  expect(backward).toEqual([forward[2]![0], forward[1]![0], 3000, 3000])
})

test('a run is not quiet while an entry is on its way to the others, even without client messages', () => {
  const at = (ms: number): Frame => frame(opened(ms))
  expect(at(480).quiet).toBe(false)
  const host = opened(0)
  host.receive({ type: 'open', recording: { ...RECORDING, commands: [] }, at: 545 })
  expect(frame(host).quiet).toBe(true)
  expect(at(545)).toMatchObject({ quiet: false, live: 0 })
})
