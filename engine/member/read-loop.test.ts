import { describe, expect, test } from 'vitest'
import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import type { Reply, Request, RpcError } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { DEFAULT_CONFIG } from '../sim/command'
import type { SavedSimulation } from '../sim/saved-simulation'
import { Simulation } from '../sim/simulation'
import type { WaitingReader } from './read-loop'
import { ReadLoop } from './read-loop'

/** The first answer to a client, and its time (virtual ms). */
function answerTo(
  trace: readonly TraceEvent[],
  client: string,
): { at: number; reply: Reply } | undefined {
  const event = trace.find((other) => other.type === 'reply-received' && other.client === client)
  return event?.type === 'reply-received' ? { at: event.at, reply: event.reply } : undefined
}

describe.each(ETCD_VERSIONS)('etcd %s', (etcd: EtcdVersion) => {
  test('without a quorum reads fail with their round: a read that comes while a round waits fails 7 s after it', () => {
    const trace: TraceEvent[] = []
    const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, etcd }, 1, (event) =>
      trace.push(event),
    )
    sim.advance(1000)
    for (const member of ['m1', 'm2'])
      sim.submit({ type: 'fault', fault: { type: 'crash', member } })
    const compare = [{ key: 'k', target: 'VERSION', result: 'EQUAL', version: 1 } as const]
    const reads: [number, string, Request][] = [
      [5100, 'range', { type: 'Range', key: 'k' }],
      [5600, 'txn', { type: 'Txn', compare, success: [{ type: 'Range', key: 'k' }], failure: [] }],
      [6100, 'leader', { type: 'Leader', name: 'E' }],
    ]
    for (const [at, client, request] of reads) {
      sim.advance(at)
      sim.submit({ type: 'request', client, member: 'm3', request })
    }
    sim.advance(30_000)
    // Recorded at 12.1, 19.1 and 19.1 s (calls-without-quorum).
    const timedOut = { type: 'error', message: 'etcdserver: request timed out' }
    expect(answerTo(trace, 'range')).toMatchObject({ at: 12_102, reply: timedOut })
    expect(answerTo(trace, 'txn')).toMatchObject({ at: 19_102, reply: timedOut })
    expect(answerTo(trace, 'leader')).toMatchObject({ at: 19_102, reply: { ...timedOut, code: 2 } })
  })

  test('after a crash of the leader the first round fails, and the next one serves a later read', () => {
    const trace: TraceEvent[] = []
    const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, etcd }, 1, (event) =>
      trace.push(event),
    )
    sim.advance(1000)
    sim.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    for (const [at, client] of [
      [1120, 'first'],
      [1400, 'second'],
    ] as const) {
      sim.advance(at)
      sim.submit({ type: 'request', client, member: 'm3', request: { type: 'Range', key: 'k' } })
    }
    sim.advance(6000)
    expect(answerTo(trace, 'first')?.reply).toMatchObject({ message: 'etcdserver: leader changed' })
    expect(answerTo(trace, 'second')?.reply).toMatchObject({ type: 'Range' })
  })
})

test('a run that is saved while rounds wait continues in the same way', () => {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, etcd: '3.6' }, 1, (event) =>
    trace.push(event),
  )
  sim.advance(1000)
  for (const member of ['m1', 'm2']) sim.submit({ type: 'fault', fault: { type: 'crash', member } })
  for (const client of ['a', 'b']) {
    sim.advance(sim.now + 1000)
    sim.submit({ type: 'request', client, member: 'm3', request: { type: 'Range', key: 'k' } })
  }
  sim.advance(4000)
  const again: TraceEvent[] = []
  const loaded = Simulation.load(
    JSON.parse(JSON.stringify(sim.save())) as SavedSimulation,
    (event) => again.push(event),
  )
  const before = trace.length
  for (const run of [sim, loaded]) run.advance(30_000)
  expect(again).toEqual(trace.slice(before))
  expect(answerTo(again, 'b')).toBeDefined()
})

/**
 * A read loop by itself. The test sees which contexts are confirmed, and the results of the
 * readers.
 */
class Alone {
  readonly loop = new ReadLoop()
  readonly sent: string[] = []
  readonly confirmed: string[] = []
  readonly done: [string, string | null][] = []
  now = 0
  readonly #member = {
    options: { electionMs: 1000 },
    ids: { skip: () => undefined },
    consensus: {
      readIndex: () => ({ context: `r${this.sent.push('')}`, outcome: 'taken' as const }),
      awaitsApply: (context: string) => this.confirmed.includes(context),
    },
  }
  readonly #readerDone = ({ reader }: WaitingReader, error: RpcError | null): void => {
    this.done.push([
      reader.type === 'read' ? reader.request.type : reader.type,
      error?.message ?? null,
    ])
  }

  read(client = 'c', deadlineAt: number | null = null): void {
    const origin = { type: 'client', client, rpc: 1 } as const
    const reader = { type: 'read', origin, request: { type: 'Range', key: 'k' } } as const
    this.loop.wait(this.#member, this.now, reader, deadlineAt, 1)
  }

  checkDeadlines(now: number): void {
    this.now = now
    this.loop.checkDeadlines(this.#member, now, this.#readerDone)
  }

  readable(context: string, now: number): void {
    this.now = now
    this.loop.readable(this.#member, now, context, this.#readerDone)
  }

  leaderChanged(now: number): void {
    this.now = now
    this.loop.leaderChanged(this.#member, now, this.#readerDone)
  }
}

describe('a round', () => {
  test('serves all readers that came before it with any of its answers, and no later reader', () => {
    const alone = new Alone()
    alone.read()
    alone.read()
    alone.read()
    alone.checkDeadlines(500)
    expect(alone.sent).toHaveLength(2)
    alone.readable('r1', 600)
    expect(alone.done).toEqual([['Range', null]])
    expect(alone.sent).toHaveLength(3)
    alone.readable('r2', 610)
    expect(alone.done).toHaveLength(1)
    alone.readable('r3', 620)
    expect(alone.done).toHaveLength(3)
    expect(alone.loop.nextAt).toBe(Number.POSITIVE_INFINITY)
  })

  test('with a known index neither fails nor retries: it waits until its entries are applied', () => {
    const alone = new Alone()
    alone.read()
    alone.confirmed.push('r1')
    alone.leaderChanged(300)
    alone.checkDeadlines(20_000)
    expect([alone.done, alone.sent.length]).toEqual([[], 1])
    alone.readable('r1', 20_001)
    expect(alone.done).toEqual([['Range', null]])
  })

  test('continues without a reader that gave up, and a next round follows even if its only reader gave up', () => {
    const alone = new Alone()
    alone.read('a')
    alone.read('b')
    for (const client of ['a', 'b']) alone.loop.cancel(client, 1)
    alone.read('a')
    alone.readable('r1', 10)
    alone.readable('r2', 20)
    expect(alone.done).toEqual([['Range', null]])
  })

  test('does not end with the deadline of one of its readers', () => {
    const alone = new Alone()
    alone.read('a', 100)
    alone.read('b')
    expect(alone.loop.nextAt).toBe(100)
    alone.checkDeadlines(100)
    expect(alone.done).toEqual([['Range', 'etcdserver: request timed out']])
    alone.readable('r1', 200)
    alone.readable('r2', 300)
    expect(alone.done).toEqual([
      ['Range', 'etcdserver: request timed out'],
      ['Range', null],
    ])
  })
})
