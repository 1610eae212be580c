import { expect, test } from 'vitest'
import type { LeaseId } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { sentence } from './describe'
import { LeaseNames } from './names'

const a = '694d71ddacfda227' as LeaseId
const b = '694d71ddacfda22b' as LeaseId

const granted = (id: number, lease: LeaseId): TraceEvent => ({
  id,
  at: id * 10,
  level: 'lease',
  causes: [],
  type: 'lease-granted',
  member: 'm1',
  lease,
  ttlSeconds: 5,
  askedSeconds: 5,
  deadline: id * 10 + 5000,
})

test('the n-th grant of the run is Ln', () => {
  const names = LeaseNames.of([granted(3, b), granted(8, a)])
  expect(names.nameOf(b)).toBe('L1')
  expect(names.nameOf(a)).toBe('L2')
})

test('an ID that is granted again keeps the name of its last grant before the event', () => {
  const names = LeaseNames.of([granted(3, a), granted(8, b), granted(20, a)])
  expect(names.nameOf(a, 3)).toBe('L1')
  expect(names.nameOf(a, 19)).toBe('L1')
  expect(names.nameOf(a, 20)).toBe('L3')
  expect(names.nameOf(a)).toBe('L3')
})

test('before its grant, and without one, a lease is named by the end of its ID', () => {
  const names = LeaseNames.of([granted(3, a)])
  expect(names.nameOf(a, 2)).toBe('…a227')
  expect(names.nameOf(b)).toBe('…a22b')
})

test('grants after an event can be forgotten, and another future continues to count from there', () => {
  const names = LeaseNames.of([granted(3, a), granted(8, b), granted(9, a)])
  names.truncate(3)
  expect([names.nameOf(a), names.nameOf(b)]).toEqual(['L1', '…a22b'])
  names.note(granted(5, b))
  expect(names.nameOf(b)).toBe('L2')
})

test('a sentence uses the name that the lease had at its event', () => {
  const again = granted(20, a)
  const renewed = { ...granted(10, a), type: 'lease-renewed' } as TraceEvent
  const names = LeaseNames.of([granted(3, a), renewed, again])
  expect(sentence(renewed, names)).toContain('L1')
  expect(sentence(again, names)).toContain('L2')
})
