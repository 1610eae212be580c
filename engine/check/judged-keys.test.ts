import { expect, test } from 'vitest'
import type { Request } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { historiesOf } from './histories'
import { judgedKeys } from './judged-keys'

/** The requests as the calls of one client, without answers. */
function asked(...requests: Request[]): TraceEvent[] {
  return requests.map((request, i) => ({
    id: i + 1,
    at: i,
    level: levelOf('request-sent'),
    causes: [],
    type: 'request-sent',
    client: 'c',
    member: 'm1',
    rpc: i,
    request,
  }))
}

const get = (key: string, more = {}): Request => ({ type: 'Range', key, ...more })
const put = (key: string, more = {}): Request => ({ type: 'Put', key, value: 'v', ...more })
const created = (key: string) =>
  ({ key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }) as const

test('keys that are read and written one by one are judged', () => {
  const txn: Request = {
    type: 'Txn',
    compare: [created('c')],
    success: [{ type: 'Put', key: 'c', value: 'v' }],
    failure: [{ type: 'Range', key: 'c' }],
  }
  expect(judgedKeys(asked(get('b'), put('a'), { type: 'DeleteRange', key: 'd' }, txn))).toEqual({
    judged: ['a', 'b', 'c', 'd'],
    skipped: [],
  })
})

test.each<[string, Request]>([
  ['a range that is deleted', { type: 'DeleteRange', key: 'a', range_end: 'c' }],
  ['every key from there on deleted', { type: 'DeleteRange', key: 'a', range_end: '\0' }],
  ['a write that keeps the value', put('b', { ignore_value: true })],
  [
    'a transaction on two keys',
    { type: 'Txn', compare: [created('a')], success: [{ type: 'Put', key: 'b', value: 'v' }] },
  ],
  [
    'a transaction of two writes',
    {
      type: 'Txn',
      compare: [created('b')],
      success: [
        { type: 'Put', key: 'b' },
        { type: 'Put', key: 'x' },
      ],
    },
  ],
  [
    'a transaction without a compare',
    { type: 'Txn', success: [{ type: 'DeleteRange', key: 'b' }] },
  ],
  [
    'a compare by another measure',
    {
      type: 'Txn',
      compare: [{ key: 'b', target: 'MOD', mod_revision: 2 }],
      success: [{ type: 'Put', key: 'b' }],
    },
  ],
  ['a key that is unlocked', { type: 'Unlock', key: 'b' }],
])('%s excludes a key from judgement', (_, request) => {
  expect(judgedKeys(asked(put('b'), put('0'), request))).toMatchObject({
    judged: ['0'],
    skipped: expect.arrayContaining(['b']),
  })
})

test("the queue of a lock of the server's Lock service is not judged", () => {
  expect(judgedKeys(asked(put('job'), put('job/1'), { type: 'Lock', name: 'job' }))).toEqual({
    judged: ['job'],
    skipped: ['job/1'],
  })
})

test('reads of ranges, of past revisions, and without values say nothing about a key', () => {
  const trace = asked(
    get('a', { range_end: 'b' }),
    get('a', { revision: 2 }),
    get('a', { keys_only: true }),
  )
  expect(judgedKeys(trace)).toEqual({ judged: [], skipped: [] })
  const answers = trace.map((sent, i): TraceEvent => {
    if (sent.type !== 'request-sent') throw new Error('only calls')
    const { client, member, rpc } = sent
    const header = { revision: 2 + i } as never
    return {
      ...sent,
      id: 10 + i,
      type: 'reply-received',
      client,
      member,
      rpc,
      reply: { type: 'Range', header, kvs: [], more: false, count: 1 },
    }
  })
  expect(historiesOf([...trace, ...answers], ['a']).get('a')).toEqual([])
})
