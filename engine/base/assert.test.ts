import { expect, test } from 'vitest'
import { assert, unreachable } from './assert'

test('assert throws its message for a false condition only', () => {
  expect(() => assert(0 > 1, 'index 7 is beyond 5')).toThrow('index 7 is beyond 5')
  assert('x', 'not thrown')
})

test('unreachable names the unknown value', () => {
  const nothing: never[] = JSON.parse('[{"type":"unheard-of"}]')
  expect(() => unreachable(nothing[0]!)).toThrow('unreachable: {"type":"unheard-of"}')
})
