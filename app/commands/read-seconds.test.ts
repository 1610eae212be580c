import { expect, test } from 'vitest'
import { readSeconds } from './read-seconds'

test('seconds are read as people write them', () => {
  expect(['9.284', '9,284', ' 9.284 s ', '0', '.5', '12.'].map(readSeconds)).toEqual([
    9284, 9284, 9284, 0, 500, 12_000,
  ])
})

test('anything else is no time', () => {
  expect(['', '.', '-1', '1e3', 'now', '9 284', '1.2.3'].map(readSeconds)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
})
