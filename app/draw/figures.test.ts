import { expect, test } from 'vitest'
import { clockText, momentText, remainingText, shortId, shortRemainingText, ttlText } from './figures'

test('a countdown is rounded down: 0.0 s means due', () => {
  expect(remainingText(99)).toBe('0.0 s')
  expect(remainingText(4_299)).toBe('4.2 s')
  expect(remainingText(0)).toBe('0.0 s')
  expect(remainingText(-50)).toBe('0.0 s')
  expect(remainingText(4_200)).toBe('4.2 s')
})

test('long times are told in the units that they are thought of in', () => {
  expect(remainingText(599_900)).toBe('599.9 s')
  expect(remainingText(600_000)).toBe('10 min 0 s')
  expect(remainingText(3_700_000)).toBe('1 h 1 min')
  expect(remainingText(9_000_000_000_000)).toBe('104166 d 16 h')
  expect(shortRemainingText(4_200)).toBe('4.2')
  expect(shortRemainingText(3_600_000)).toBe('60 m')
  expect(shortRemainingText(6_000_000)).toBe('1 h')
  expect(shortRemainingText(9_000_000_000_000)).toBe('104166 d')
  expect(ttlText(10)).toBe('10 s')
  expect(ttlText(90)).toBe('90 s')
  expect(ttlText(600)).toBe('10 min')
  expect(ttlText(3600)).toBe('1 h')
})

test('the clock has all its digits, a moment in a sentence those that it needs', () => {
  expect(clockText(12_400)).toBe('12.400')
  expect(momentText(12_400)).toBe('12.4 s')
  expect(momentText(10_194)).toBe('10.194 s')
})

test('a lease ID is short by its end, where IDs differ', () => {
  expect(shortId('6a6c9bf08e006c01')).toBe('…6c01')
  expect(shortId('7c')).toBe('7c')
})
