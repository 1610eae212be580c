import { expect, test } from 'vitest'
import { lookOf, lookWords, remainingMs } from './look'

const lease = { state: 'live', ttlSeconds: 10, deadline: 10_000 } as const

test('a lease is live, expiring soon in its last quarter, and expired from its deadline on', () => {
  expect(lookOf(lease, 0)).toBe('live')
  expect(lookOf(lease, 7_500)).toBe('live')
  expect(lookOf(lease, 7_501)).toBe('soon')
  expect(lookOf(lease, 9_999)).toBe('soon')
  expect(lookOf(lease, 10_000)).toBe('expired')
})

test('what the worker knows to be over stays over, and what nobody counts has no number', () => {
  expect(lookOf({ ...lease, state: 'gone' }, 0)).toBe('gone')
  expect(lookOf({ ...lease, state: 'expired' }, 0)).toBe('expired')
  expect(lookOf({ ...lease, deadline: null }, 0)).toBe('uncounted')
  expect(remainingMs(null, 0)).toBeNull()
  expect(remainingMs(100, 200)).toBe(0)
})

test('no two looks share a shape or a word', () => {
  const words = Object.values(lookWords)
  expect(new Set(words.map(({ glyph }) => glyph)).size).toBe(words.length)
  expect(new Set(words.map(({ word }) => word)).size).toBe(words.length)
})
