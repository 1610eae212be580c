import { describe, expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { Header, LeaseId, MemberId, Reply, Request } from '../base/rpc'
import type { EventBody } from '../base/trace'
import { Client } from './client'
import type { ClientInput, ClientOutput, ClientTimer } from './context'
import type { Instructions, Signal } from './process/instructions'

const LEASE = leaseId(0xabc)
const header: Header = {
  cluster_id: '0' as MemberId,
  member_id: '0' as MemberId,
  revision: 1,
  raft_term: 2,
}
const kept = (TTL: number, ID: LeaseId = LEASE): Reply => ({
  type: 'LeaseKeepAlive',
  header,
  ID,
  TTL,
})

/** A client alone with its timers. The test sees its requests and gives the answers. */
class Bench {
  now = 0
  readonly client: Client
  readonly sent: { at: number; rpc: number; request: Request }[] = []
  readonly signals: Signal[] = []
  readonly events: EventBody['type'][] = []
  readonly #timers = new Map<ClientTimer, number>()
  #answered = 0

  constructor(kind: 'program' | 'process' = 'program') {
    this.client = new Client('c', kind)
  }

  give(input: ClientInput): void {
    const trace = { emit: (body: EventBody): number => this.events.push(body.type) }
    for (const output of this.client.step(input, this.now, trace, 0)) this.#take(output)
  }

  /**
   * Lets time pass. `answer` gives the answer to each request, 2 ms after its sending; null for
   * none.
   */
  until(to: number, answer: (request: Request, at: number) => Reply | null): void {
    for (;;) {
      const due = [...this.#timers].sort(([, a], [, b]) => a - b)[0]
      const next = this.sent[this.#answered]
      const answerAt = next === undefined ? Number.POSITIVE_INFINITY : next.at + 2
      const at = Math.min(due?.[1] ?? Number.POSITIVE_INFINITY, answerAt)
      if (at > to) break
      this.now = Math.max(this.now, at)
      if (next !== undefined && answerAt <= at) {
        this.#answered++
        const reply = answer(next.request, next.at)
        if (reply !== null) this.give({ type: 'reply', rpc: next.rpc, reply })
      } else if (due !== undefined) {
        this.#timers.delete(due[0])
        this.give({ type: 'timer', timer: due[0] })
      }
    }
    this.now = to
  }

  #take(output: ClientOutput): void {
    if (output.type === 'send')
      this.sent.push({ at: this.now, rpc: output.rpc, request: output.request })
    else if (output.type === 'signal') this.signals.push(output.signal)
    else if (output.type === 'timer') {
      if (output.at === null) this.#timers.delete(output.timer)
      else this.#timers.set(output.timer, output.at)
    }
  }
}

describe('a heartbeat', () => {
  test('comes at once, then after a third of the TTL on the loop’s grid: 0, 2.00, 4.01, 6.01 s for 6 s', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(8000, () => kept(6))
    expect(bench.sent.map(({ at }) => Math.round(at / 10) / 100)).toEqual([0, 2, 4.01, 6.01])
    expect(new Set(bench.sent.map(({ rpc }) => rpc)).size).toBe(1)
  })
  test('is sent again every half second while no answer comes', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(2100, () => null)
    expect(bench.sent.map(({ at }) => at)).toEqual([0, 501, 1002, 1503, 2004])
  })
  test('without any answer is given up after five seconds, at the next turn of a loop of one second', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(5004, () => null)
    expect(bench.client.beliefs[0]?.lost).toBeNull()
    bench.until(5005, () => null)
    expect(bench.client.beliefs[0]?.lost).toBe('given-up')
    expect(bench.events).toContain('lease-believed-lost')
    const sent = bench.sent.length
    bench.until(9000, () => null)
    expect(bench.sent).toHaveLength(sent)
  })
  test('without further answers is given up a whole TTL after the last one', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(20_000, (_, at) => (at < 3000 ? kept(6) : null))
    const until = bench.client.beliefs[0]!.until!
    expect(until).toBe(2006 + 6000)
    expect(bench.client.isKept(LEASE)).toBe(false)
  })
  test('ends with an answer with TTL 0: the lease is gone', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(10_000, (_, at) => kept(at < 1000 ? 6 : 0))
    expect(bench.client.beliefs[0]).toMatchObject({ lost: 'told' })
    expect(bench.sent).toHaveLength(2)
  })
  test('stopped while a request is on its way still learns that its lease is gone', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    for (let at = 2000; bench.sent.length < 2; at++) bench.until(at, () => kept(6))
    bench.give({ type: 'heartbeat', lease: LEASE, on: false })
    expect(bench.client.beliefs[0]).toMatchObject({ lost: null })
    bench.until(3000, () => kept(0))
    expect(bench.client.beliefs[0]).toMatchObject({ lost: 'told' })
  })
  test('stopped and started again keeps the loop’s grid', () => {
    const bench = new Bench()
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(700, () => kept(60))
    bench.give({ type: 'heartbeat', lease: LEASE, on: false })
    bench.until(1200, () => kept(60))
    bench.give({ type: 'heartbeat', lease: LEASE, on: true })
    bench.until(3000, () => kept(60))
    expect(bench.sent.map(({ at }) => at)).toEqual([0, 1503])
  })
})

describe('a program', () => {
  const program: Instructions = [
    { op: 'session', ttlSeconds: 10, as: 'lease' },
    { op: 'put', key: 'k', value: 'v', lease: '$lease' },
    { op: 'sleep', ms: 500 },
    { op: 'get', key: 'k' },
  ]
  const answer = (request: Request): Reply | null => {
    if (request.type === 'LeaseGrant') return { type: 'LeaseGrant', header, ID: LEASE, TTL: 10 }
    if (request.type === 'LeaseKeepAlive') return kept(10)
    if (request.type === 'Put') return { type: 'Put', header }
    return { type: 'Range', header, kvs: [], more: false, count: 0 }
  }

  test('runs line by line, with the granted lease in its variable', () => {
    const bench = new Bench()
    bench.give({ type: 'instructions', instructions: program })
    bench.until(1000, answer)
    expect(
      bench.sent
        .filter(({ request }) => request.type !== 'LeaseKeepAlive')
        .map(({ at, request }) => [at, request.type]),
    ).toEqual([
      [0, 'LeaseGrant'],
      [2, 'Put'],
      [504, 'Range'],
    ])
    expect(bench.sent.find(({ request }) => request.type === 'Put')?.request).toMatchObject({
      lease: LEASE,
    })
    expect(bench.client.line).toBe(4)
    expect(bench.signals.at(-1)).toEqual({ type: 'ended', failed: false })
  })
  test('ends at an error, unless the line says to carry on', () => {
    const refused: Reply = {
      type: 'error',
      code: 5,
      message: 'etcdserver: requested lease not found',
    }
    for (const [carryOn, sent] of [
      [false, 1],
      [true, 2],
    ] as const) {
      const bench = new Bench()
      const request: Request = { type: 'LeaseRevoke', ID: LEASE }
      bench.give({
        type: 'instructions',
        instructions: [
          { op: 'call', request, carryOn },
          { op: 'get', key: 'k' },
        ],
      })
      bench.until(100, (asked) => (asked.type === 'LeaseRevoke' ? refused : answer(asked)))
      expect(bench.sent).toHaveLength(sent)
      expect(bench.signals.at(-1)).toEqual({ type: 'ended', failed: !carryOn })
    }
  })
  test('gives up a call at its own deadline, and ignores the late answer', () => {
    const bench = new Bench()
    bench.give({
      type: 'instructions',
      instructions: [{ op: 'call', request: { type: 'LeaseLeases' }, timeoutMs: 5000 }],
    })
    bench.until(6000, () => null)
    expect(bench.signals).toEqual([
      {
        type: 'reply',
        line: 0,
        reply: { type: 'error', code: 4, message: 'context deadline exceeded' },
      },
      { type: 'ended', failed: true },
    ])
    bench.give({
      type: 'reply',
      rpc: bench.sent[0]!.rpc,
      reply: { type: 'LeaseLeases', header, leases: [] },
    })
    expect(bench.signals).toHaveLength(2)
  })
  test('ends at a variable that no line has set', () => {
    const bench = new Bench()
    expect(() =>
      bench.give({ type: 'instructions', instructions: [{ op: 'revoke', lease: '$never' }] }),
    ).toThrow('before any line has set it')
  })
})

test('a client that is saved and loaded in the middle of its work continues in the same way', () => {
  const bench = new Bench()
  bench.give({
    type: 'instructions',
    instructions: [
      { op: 'session', ttlSeconds: 6, as: 'lease' },
      { op: 'sleep', ms: 60_000 },
    ],
  })
  bench.until(3333, (request) =>
    request.type === 'LeaseGrant' ? { type: 'LeaseGrant', header, ID: LEASE, TTL: 6 } : kept(6),
  )
  const saved = bench.client.save()
  expect(Client.load('c', 'program', JSON.parse(JSON.stringify(saved))).save()).toEqual(saved)
})
