import { expect, test } from 'vitest'
import { memberId } from './rafttest/network'
import { addRequest, advanceReads, heartbeatContext, newReadOnly, recvAck } from './read-only'

const [a, b, c] = [memberId(1), memberId(2), memberId(3)]
const voters = [a, b, c]

test('a read is answered once a majority has confirmed it, with the commit index at its request', () => {
  const reads = newReadOnly()
  addRequest(reads, { requester: a, context: 'x' }, 7)
  recvAck(reads, a, heartbeatContext(reads))
  expect(advanceReads(reads, voters)).toEqual([])
  recvAck(reads, c, 1)
  expect(advanceReads(reads, voters)).toEqual([{ requester: a, context: 'x', index: 7 }])
  expect(advanceReads(reads, voters)).toEqual([])
})

test('a later number confirms the earlier ones, an earlier number does not confirm later ones', () => {
  const reads = newReadOnly()
  for (const context of ['x', 'y', 'z']) addRequest(reads, { requester: b, context }, 7)
  recvAck(reads, a, 3)
  recvAck(reads, b, 2)
  expect(advanceReads(reads, voters).map(({ context }) => context)).toEqual(['x', 'y'])
  recvAck(reads, b, 1)
  expect(advanceReads(reads, voters)).toEqual([])
  expect(heartbeatContext(reads)).toBe(3)
  recvAck(reads, c, 3)
  expect(advanceReads(reads, voters).map(({ context }) => context)).toEqual(['z'])
  expect(heartbeatContext(reads)).toBe(0)
})

test('a late earlier number changes nothing', () => {
  const reads = newReadOnly()
  for (const context of ['x', 'y']) addRequest(reads, { requester: b, context }, 7)
  recvAck(reads, a, 2)
  recvAck(reads, a, 1)
  recvAck(reads, b, 2)
  expect(advanceReads(reads, voters).map(({ context }) => context)).toEqual(['x', 'y'])
})

test('only voters confirm a read', () => {
  const reads = newReadOnly()
  addRequest(reads, { requester: a, context: 'x' }, 7)
  recvAck(reads, a, 1)
  recvAck(reads, memberId(4), 1)
  expect(advanceReads(reads, voters)).toEqual([])
})

test('two reads may have the same context', () => {
  const reads = newReadOnly()
  addRequest(reads, { requester: a, context: 'x' }, 7)
  addRequest(reads, { requester: b, context: 'x' }, 8)
  recvAck(reads, a, 2)
  recvAck(reads, b, 2)
  expect(advanceReads(reads, voters).map(({ requester, index }) => [requester, index])).toEqual([
    [a, 7],
    [b, 8],
  ])
})
