// The sizes against an independent protobuf encoder (test/live/proto.ts): random requests of the
// normal form, encoded and measured.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MemberId, WatchEvent } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { readRequest } from '../cli/exchange/request'
import { exchanges } from '../test/calls'
import { METHODS } from '../test/live/grpc'
import { encode } from '../test/live/proto'
import {
  idSize,
  MAX_REQUEST_BYTES,
  proposalSize,
  requestSize,
  varintSize,
  watchEventSize,
  watchHeadSize,
} from './message-size'
import { watchResponse } from './watch-server'

test('a request is as large as its encoding', () => {
  fc.assert(
    fc.property(exchanges(20), (acts) => {
      for (const act of acts) {
        if (act.type === 'cancel') continue
        const [name, call, request] =
          act.type === 'call'
            ? [METHODS[act.call]!.request, act.call, act.request]
            : ['WatchRequest' as const, `Watch${kindOf(act.request)}`, act.request]
        const body =
          act.type === 'call' ? request : (Object.values(request)[0] as Record<string, unknown>)
        // Numbers beyond 2^53 are clamped to it, which changes only the length of the very largest.
        if (JSON.stringify(request).includes('922337203685477580')) continue
        expect(requestSize(readRequest(call, body))).toBe(encode(name, request).length)
      }
    }),
    { numRuns: 200, seed: 1 },
  )
})

describe('the limit of a proposal', () => {
  // An etcd 3.4.23 accepted at most a put with a one-byte key and this many bytes. Its request ids
  // had their top bit set, and so took ten bytes.
  const largest = MAX_REQUEST_BYTES - 25
  const put = (bytes: number) =>
    proposalSize({ type: 'Put', key: 'k', value: 'x'.repeat(bytes) }, 10)
  test('is exact to the byte', () => {
    expect(put(largest)).toBe(MAX_REQUEST_BYTES)
    expect(put(largest + 1)).toBe(MAX_REQUEST_BYTES + 1)
  })
})

test('a watch response is as large as its encoding', () => {
  const header = {
    cluster_id: 'a71421cef2cc2d5c' as MemberId,
    member_id: '00000000000000ff' as MemberId,
    revision: 300,
    raft_term: 2,
  }
  const kv = {
    key: 'key',
    create_revision: 2,
    mod_revision: 300,
    version: 7,
    value: 'v'.repeat(200),
    lease: NO_LEASE,
  }
  const deleted = {
    key: 'key',
    create_revision: 0,
    mod_revision: 300,
    version: 0,
    value: '',
    lease: NO_LEASE,
  }
  const events: WatchEvent[] = [
    { type: 'PUT', kv, prev_kv: kv },
    { type: 'DELETE', kv: deleted, prev_kv: kv },
  ]
  const { lease: _lease, ...plainKv } = kv
  const plain = {
    header: { cluster_id: '12039194734748614108', member_id: 255, revision: 300, raft_term: 2 },
    watch_id: 5,
    events: [
      { kv: plainKv, prev_kv: plainKv },
      { type: 'DELETE', kv: { key: 'key', mod_revision: 300 }, prev_kv: plainKv },
    ],
  }
  const size =
    watchHeadSize(watchResponse(header, { watch_id: 5 })) +
    events.reduce((sum, event) => sum + watchEventSize(event), 0)
  expect(size).toBe(encode('WatchResponse', plain).length)
})

test('numbers take seven bits a byte, negative ones all ten', () => {
  expect([0, 127, 128, 16_383, 16_384, 2 ** 53, -1].map(varintSize)).toEqual([1, 1, 2, 2, 3, 8, 10])
  expect(
    [
      '0'.repeat(16),
      '000000000000007f',
      '0000000000000080',
      '7fffffffffffffff',
      '8000000000000000',
    ].map(idSize),
  ).toEqual([0, 1, 2, 9, 10])
})

function kindOf(request: Record<string, unknown>): string {
  return 'create_request' in request
    ? 'Create'
    : 'cancel_request' in request
      ? 'Cancel'
      : 'Progress'
}
