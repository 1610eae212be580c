import { expect, test } from 'vitest'
import { errors } from '../base/errors'
import type { Bytes, Header, LeaseId, MemberId, Reply, Request } from '../base/rpc'
import { Client } from './client'
import type { ClientOutput, ClientTimer } from './context'
import type { Instructions, Signal } from './process/instructions'

const headerAt = (revision: number): Header => ({
  cluster_id: '0' as MemberId,
  member_id: '0' as MemberId,
  revision,
  raft_term: 2,
})

type Send = Extract<ClientOutput, { type: 'send' }>

/** A client with answers by hand. Its timers are kept. */
function bench(program: Instructions, endpoints = 1, seed = 1) {
  let client = new Client('c', 'process', { seed, endpoints })
  const sent: (Send & { at: number })[] = []
  const signals: Signal[] = []
  let retryAt: number | null = null
  let now = 0
  const take = (outputs: ClientOutput[]) => {
    for (const output of outputs) {
      if (output.type === 'send') sent.push({ ...output, at: now })
      else if (output.type === 'signal') signals.push(output.signal)
      else if (output.type === 'timer' && output.timer === ('retry' satisfies ClientTimer))
        retryAt = output.at
    }
  }
  const trace = { emit: () => 0 }
  take(client.step({ type: 'instructions', instructions: program }, now, trace, 0))
  return {
    sent,
    signals,
    /** Answers the last request a millisecond after it was sent. */
    answer(reply: Reply) {
      now++
      take(client.step({ type: 'reply', rpc: sent.at(-1)!.rpc, reply }, now, trace, 0))
    },
    /** The time to which the wait for the next attempt is over; null without a wait. */
    wait(): number | null {
      if (retryAt === null) return null
      const waited = retryAt - now
      now = retryAt
      retryAt = null
      take(client.step({ type: 'timer', timer: 'retry' }, now, trace, 0))
      return waited
    },
    saveAndLoad() {
      client = Client.load('c', 'process', JSON.parse(JSON.stringify(client.save())))
    },
  }
}

const call = (request: Request): Instructions => [{ op: 'call', request }]
const get = call({ type: 'Range', key: 'a' as Bytes })

/** The waits before each of so many further attempts, all of which fail. */
function waits(count: number, endpoints: number, seed = 1): (number | null)[] {
  const { answer, wait } = bench(get, endpoints, seed)
  return Array.from({ length: count }, () => {
    answer(errors.Timeout)
    return wait()
  })
}

// client.go: roundRobinQuorumBackoff: no wait within a round over a quorum of the endpoints;
// options.go: 25 ms after it, a tenth more or less.
test('with one endpoint every attempt is a round, with three two attempts are, with five three', () => {
  for (const wait of waits(40, 1)) expect(wait).toBeGreaterThanOrEqual(23)
  for (const wait of waits(40, 1)) expect(wait).toBeLessThanOrEqual(27)
  expect(waits(6, 3).map((wait) => wait === 0)).toEqual([true, false, true, false, true, false])
  expect(waits(6, 5).map((wait) => wait === 0)).toEqual([true, true, false, true, true, false])
})

test('the waits differ by random jitter, which comes from the seed and continues after a save and a load', () => {
  expect(new Set(waits(40, 1)).size).toBe(5)
  expect(waits(40, 1)).toEqual(waits(40, 1))
  expect(waits(40, 1, 2)).not.toEqual(waits(40, 1))
  const { answer, wait, saveAndLoad } = bench(get)
  const again = Array.from({ length: 40 }, () => {
    answer(errors.Timeout)
    saveAndLoad()
    return wait()
  })
  expect(again).toEqual(waits(40, 1))
})

test('a failed attempt is followed by an attempt at the next endpoint, a hundred in all', () => {
  const { sent, answer, wait, signals } = bench(get, 3)
  for (let i = 0; i < 100; i++) {
    answer(errors.Timeout)
    wait()
  }
  expect(sent.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  expect(signals[0]).toMatchObject({ type: 'reply', reply: errors.Timeout })
})

// retry.go: isSafeRetryMutableRPC: Put, Txn and the like are sent once, whatever Unavailable means
// (live: `put` against a learner, 1 attempt; semantics §4.1).
test.each<Request>([
  { type: 'Put', key: 'a' as Bytes, value: 'b' as Bytes },
  { type: 'DeleteRange', key: 'a' as Bytes },
  { type: 'Txn', compare: [], success: [], failure: [] },
  { type: 'Compact', revision: 1 },
  { type: 'MemberRemove', ID: '1' as MemberId },
])('$type is not retried: it may have been applied', (request) => {
  const { sent, answer, wait, signals } = bench(call(request))
  answer(errors.ConnectionClosed)
  expect(wait()).toBeNull()
  expect(sent).toHaveLength(1)
  expect(signals[0]).toMatchObject({ type: 'reply', reply: errors.ConnectionClosed })
})

test.each<Request>([
  { type: 'LeaseGrant', TTL: 5 },
  { type: 'LeaseRevoke', ID: '0000000000000001' as LeaseId },
])('$type is retried, though it may be applied twice', (request) => {
  const { sent, answer, wait } = bench(call(request))
  answer(errors.ConnectionClosed)
  wait()
  expect(sent).toHaveLength(2)
})

test('a refusal by etcd is not retried (retry.go: isSafeRetryImmutableRPC)', () => {
  const { answer, wait } = bench(get)
  answer(errors.Compacted)
  expect(wait()).toBeNull()
})

// watch.go: a broken stream is opened again, and each watch on it resumes where it was.
const watchFrom = (start_revision?: number): Instructions => [
  {
    op: 'watch',
    request: {
      type: 'WatchCreate',
      key: 'a' as Bytes,
      ...(start_revision === undefined ? {} : { start_revision }),
    },
  },
]
const watched = (
  revision: number,
  change: Partial<Extract<Reply, { type: 'Watch' }>> = {},
): Reply => ({
  type: 'Watch',
  header: headerAt(revision),
  watch_id: 0,
  created: false,
  canceled: false,
  compact_revision: 0,
  cancel_reason: '',
  fragment: false,
  events: [],
  ...change,
})
const put = (revision: number) => {
  const kv = {
    key: 'a' as Bytes,
    value: 'x' as Bytes,
    create_revision: 2,
    mod_revision: revision,
    version: 1,
    lease: '0000000000000000' as LeaseId,
  }
  return watched(revision, { events: [{ type: 'PUT', kv }] })
}
const startOf = (send: Send | undefined) =>
  send?.request.type === 'WatchCreate' ? send.request.start_revision : null

test('a broken watch resumes at the revision after the last event, and its subscriber is not notified of the break', () => {
  const { sent, answer, wait, signals } = bench(watchFrom())
  answer(watched(4, { created: true }))
  answer(put(7))
  answer(errors.ConnectionClosed)
  expect(wait()).toBe(1)
  expect(sent).toHaveLength(2)
  expect(startOf(sent[1])).toBe(8)
  expect(sent[1]).toMatchObject({ attempt: 1, requiresLeader: true })
  answer(watched(9, { created: true }))
  answer(put(9))
  expect(
    signals.map((signal) => signal.type === 'watched' && signal.response.header.revision),
  ).toEqual([4, 7, 9])
})

test('a watch without an event yet resumes at the revision of its creation: no event in between is missed', () => {
  const { sent, answer, wait } = bench(watchFrom())
  answer(watched(4, { created: true }))
  answer(errors.ConnectionClosed)
  wait()
  expect(startOf(sent[1])).toBe(4)
})

test('a watch that was never created, or that requested a revision, sends its own request again', () => {
  for (const start of [undefined, 3]) {
    const { sent, answer, wait } = bench(watchFrom(start))
    answer(errors.ConnectionClosed)
    wait()
    expect(startOf(sent[1])).toBe(start)
  }
  const { sent, answer, wait } = bench(watchFrom(3))
  answer(watched(9, { created: true }))
  answer(errors.ConnectionClosed)
  wait()
  expect(startOf(sent[1])).toBe(3)
})

// watch.go: backoffIfUnavailable. Without a connection the stream waits for one (sim/channels.ts).
test('a progress notice moves the watch on; the waits for another stream grow to a tenth of a second', () => {
  const { sent, answer, wait, saveAndLoad } = bench(watchFrom())
  answer(watched(4, { created: true }))
  answer(watched(20))
  const waited = Array.from({ length: 24 }, () => {
    answer(errors.ConnectionClosed)
    saveAndLoad()
    return wait() ?? -1
  })
  expect(startOf(sent[1])).toBe(21)
  expect(waited.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 7])
  expect(waited.slice(-2)).toEqual([100, 100])
  answer(watched(30, { created: true }))
  answer(errors.ConnectionClosed)
  expect(wait()).toBe(1)
})

test('no leader ends a watch that requires one (watch.go: run), and so does a cancel by etcd', () => {
  const one = bench(watchFrom())
  one.answer(watched(4, { created: true }))
  one.answer(errors.NoLeader)
  expect(one.wait()).toBeNull()
  expect(one.signals.at(-1)).toEqual({ type: 'ended', failed: true })
  const other = bench(watchFrom())
  other.answer(watched(4, { created: true, canceled: true, compact_revision: 5 }))
  expect(other.signals.at(-1)).toEqual({ type: 'ended', failed: true })
})
