import { expect, test } from 'vitest'
import type { TraceEvent } from '../../base/trace'
import { LeaseNames } from '../../text/names'
import { BeliefLives } from './beliefs'
import { Lifetimes } from './lifetimes'

const L = '6a6c9bedf948332b'

/** The leases that client b believes in after these events, one a second. */
function believed(...events: object[]): string[] {
  const beliefs = new BeliefLives(new Lifetimes(new LeaseNames()))
  events.forEach((event, i) => {
    const base = { client: 'b', at: 1000 * i, id: i, level: 'story', causes: [] }
    beliefs.note({ ...base, ...event } as unknown as TraceEvent)
  })
  return beliefs.held().map(({ client, lease, until }) => `${client} ${lease} ${until}`)
}

const asks = (rpc: number) => ({
  type: 'request-sent',
  rpc,
  request: { type: 'LeaseKeepAlive', ID: L },
})
const answers = (rpc: number, TTL = 5) => ({
  type: 'reply-received',
  rpc,
  reply: { type: 'LeaseKeepAlive', ID: L, TTL },
})
const gaveUp = { type: 'lease-believed-lost', lease: L, why: 'clock-set' }
const keeps = { type: 'heartbeat-started', lease: L }

test('a good answer begins a belief, and giving up ends it', () => {
  expect(believed(keeps, asks(17), answers(17))).toEqual([`b ${L} 7000`])
  expect(believed(keeps, asks(17), answers(17), gaveUp)).toEqual([])
})

test('an answer that comes after the library gave the lease up is dropped', () => {
  expect(believed(keeps, asks(17), answers(17), asks(17), gaveUp, answers(17))).toEqual([])
})

test('a renewal by hand, or a new keep-alive, believes again', () => {
  expect(believed(keeps, asks(17), gaveUp, asks(18), answers(18))).toEqual([`b ${L} 9000`])
  expect(believed(keeps, asks(17), gaveUp, keeps, asks(17), answers(17))).toEqual([`b ${L} 10000`])
})
