import { expect, test } from 'vitest'
import {
  clockText,
  leastRemainingText,
  listText,
  remainingText,
  shortenMiddle,
  shortRemainingText,
  ttlText,
} from './figures'

test('a countdown is rounded down: 0.0 s means due', () => {
  expect(remainingText(99)).toBe('0.0 s')
  expect(remainingText(4_299)).toBe('4.2 s')
  expect(remainingText(0)).toBe('0.0 s')
  expect(remainingText(-50)).toBe('0.0 s')
  expect(remainingText(4_200)).toBe('4.2 s')
})

test('long times are in minutes and hours', () => {
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

test('a small ring has room for three characters', () => {
  expect([9990, 17_400, 599_900, 3_600_000].map(leastRemainingText)).toEqual([
    '9.9',
    '17',
    '599',
    '60 m',
  ])
})

test('the clock has all its digits', () => {
  expect(clockText(12_400)).toBe('12.400')
})

test('names are shortened in the middle, because they differ at their ends', () => {
  expect(shortenMiddle('/job/6a6c9bf08e006c01', 12)).toBe('/job/6a…6c01')
  expect(shortenMiddle('/job/6a6c9bf08e006c01', 21)).toBe('/job/6a6c9bf08e006c01')
  expect(shortenMiddle('abc', 2)).toBe('a…')
  for (let most = 1; most < 21; most++)
    expect(shortenMiddle('/job/6a6c9bf08e006c01', most).length).toBeLessThanOrEqual(
      Math.max(2, most),
    )
})

test('names are listed as in a sentence', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listText)).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ])
})
