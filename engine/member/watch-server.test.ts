// Watch streams, compared with the answers of an etcd 3.4.23 to the same messages.

import { describe, expect, test } from 'vitest'
import type { Reply, Request } from '../base/rpc'
import { writeReply } from '../cli/exchange/reply'
import { LoneMember } from '../test/lone-member'
import { PROGRESS_INTERVAL_MS } from './watch-server'

const put = (key: string, value = 'v'): Request => ({ type: 'Put', key, value })
const told = (replies: readonly Reply[]): unknown[] =>
  replies.map((reply) => {
    const written = writeReply(reply)
    return 'response' in written ? written.response : written
  })

/** A stream with these messages, and its answers within the time of a catch-up pass. */
function stream(m: LoneMember, first: Request, ...more: Request[]): number {
  const rpc = m.send(first)
  for (const message of more) m.send(message, rpc)
  m.advance(m.now + 150)
  return rpc
}

describe('refused requests, and their watch IDs', () => {
  const m = new LoneMember()
  for (const value of ['0', '1', '2']) m.ask(put('a', value))
  m.ask({ type: 'DeleteRange', key: 'a' })
  m.ask(put('b', '1'))
  const rpc = stream(
    m,
    { type: 'WatchCreate', key: 'b', range_end: 'a' },
    { type: 'WatchCreate', key: 'b', range_end: 'b' },
    { type: 'WatchCreate', key: 'b', range_end: '\0', start_revision: 100 },
    { type: 'WatchCreate', key: '' },
    { type: 'WatchCreate', key: 'b', watch_id: 7 },
    { type: 'WatchCreate', key: 'b', watch_id: 7 },
    { type: 'WatchCreate', key: 'b', watch_id: -3 },
    { type: 'WatchProgress' },
    { type: 'WatchCancel', watch_id: 99 },
    { type: 'WatchCancel', watch_id: 7 },
  )
  test('an empty range or a used ID is refused', () => {
    const header = { revision: 6 }
    const refused = (cancel_reason: string) => ({
      header,
      watch_id: -1,
      created: true,
      canceled: true,
      cancel_reason,
    })
    expect(told(m.replies(rpc))).toEqual([
      refused('mvcc: watcher range is empty'),
      refused('mvcc: watcher range is empty'),
      { header, created: true },
      { header, watch_id: 1, created: true },
      { header, watch_id: 7, created: true },
      refused('mvcc: duplicate watch ID provided on the WatchStream'),
      { header, watch_id: -3, created: true },
      { header, watch_id: -1 },
      { header, watch_id: 7, canceled: true },
    ])
  })
})

describe('a start below zero', () => {
  test('is compacted below -1, and otherwise stops the pass for all watches', () => {
    const m = new LoneMember()
    for (const value of ['0', '1']) m.ask(put('a', value))
    const rpc = stream(
      m,
      { type: 'WatchCreate', key: 'a', start_revision: -5 },
      { type: 'WatchCreate', key: 'a', start_revision: -1 },
      { type: 'WatchCreate', key: 'a', start_revision: 1 },
    )
    expect(told(m.replies(rpc).slice(3))).toEqual([
      { header: {}, canceled: true, compact_revision: -1 },
    ])
    m.ask(put('a', '2'))
    expect(told(m.replies(rpc).slice(4))).toMatchObject([{ watch_id: 1 }, { watch_id: 2 }])
  })
})

describe('after a compaction', () => {
  const m = new LoneMember()
  for (const value of ['0', '1', '2']) m.ask(put('a', value))
  m.ask({ type: 'DeleteRange', key: 'a' })
  m.ask(put('b', '1'))
  m.ask({ type: 'Compact', revision: 5 })
  const rpc = stream(
    m,
    { type: 'WatchCreate', key: 'a', start_revision: 3 },
    { type: 'WatchCreate', key: 'a', range_end: 'c', start_revision: 5, prev_kv: true },
  )
  test('a watch of a compacted revision is cancelled without a revision; a watch from the compacted revision on misses its deletions', () => {
    expect(told(m.replies(rpc)).slice(2)).toEqual([
      { header: {}, canceled: true, compact_revision: 5 },
      {
        header: { revision: 6 },
        watch_id: 1,
        events: [{ kv: { key: 'b', create_revision: 6, mod_revision: 6, version: 1, value: '1' } }],
      },
    ])
  })
  test('the ID of a cancelled watch stays in use until the client cancels it too', () => {
    const before = m.replies(rpc).length
    m.send({ type: 'WatchCancel', watch_id: 0 }, rpc)
    m.send({ type: 'WatchCancel', watch_id: 0 }, rpc)
    expect(told(m.replies(rpc).slice(before))).toEqual([
      { header: { revision: 6 }, canceled: true },
    ])
  })
})

describe('a progress request', () => {
  test.each([
    ['3.4.23', 1],
    ['3.5.35', 0],
  ])('while a watch of the stream is behind, in %s: %i answer', (etcdVersion, answers) => {
    const m = new LoneMember({ etcdVersion })
    m.ask(put('a'))
    const rpc = m.send({ type: 'WatchCreate', key: 'a', start_revision: 1 })
    m.send({ type: 'WatchProgress' }, rpc)
    expect(m.replies(rpc)).toHaveLength(1 + answers)
    m.advance(m.now + 150)
    m.send({ type: 'WatchProgress' }, rpc)
    expect(told(m.replies(rpc)).at(-1)).toEqual({ header: { revision: 2 }, watch_id: -1 })
  })
})

describe('progress_notify', () => {
  test('sends the revision to an idle watch every ten minutes, and to a watch with an event not before the next turn', () => {
    const m = new LoneMember()
    const rpc = stream(
      m,
      { type: 'WatchCreate', key: 'a', progress_notify: true },
      { type: 'WatchCreate', key: 'a' },
    )
    m.ask(put('x'))
    m.advance(PROGRESS_INTERVAL_MS)
    expect(told(m.replies(rpc).slice(2))).toEqual([{ header: { revision: 2 } }])
    m.ask(put('a'))
    m.advance(2 * PROGRESS_INTERVAL_MS + 1)
    expect(m.replies(rpc)).toHaveLength(5)
    m.reload()
    m.advance(3 * PROGRESS_INTERVAL_MS + 1)
    expect(told(m.replies(rpc).slice(5))).toEqual([{ header: { revision: 3 } }])
  })
})

describe('a response over 2 MiB', () => {
  const big = 'x'.repeat(700_000)
  test.each([
    [true, [2, 2, 1]],
    [false, [5]],
  ])('fragment %s: events by response %j', (fragment, expected) => {
    const m = new LoneMember()
    for (let i = 0; i < 5; i++) m.ask(put(`k${i}`, big))
    const rpc = stream(m, {
      type: 'WatchCreate',
      key: '',
      range_end: '\0',
      start_revision: 1,
      fragment,
    })
    const responses = m.replies(rpc).slice(1)
    expect(responses.map((reply) => (reply.type === 'Watch' ? reply.events.length : 0))).toEqual(
      expected,
    )
    expect(responses.map((reply) => reply.type === 'Watch' && reply.fragment)).toEqual(
      expected.map((_, i) => i < expected.length - 1),
    )
  })
})

test('a batch ends after a thousand revisions with events for the watch; other revisions do not count', () => {
  const m = new LoneMember()
  for (let i = 0; i < 1001; i++) {
    m.ask(put('a', String(i)))
    m.ask(put('z'))
  }
  const rpc = stream(
    m,
    { type: 'WatchCreate', key: 'a', start_revision: 1 },
    { type: 'WatchCreate', key: 'z', start_revision: 1, filters: ['NOPUT'] },
  )
  m.advance(m.now + 200)
  expect(m.replies(rpc).map((reply) => (reply.type === 'Watch' ? reply.events.length : 0))).toEqual(
    [0, 0, 1000, 1],
  )
})
