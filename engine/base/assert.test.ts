import { expect, test } from 'vitest'
import { assert, unreachable } from './assert'

test('assert throws its message for what is false, and for nothing else', () => {
  expect(() => assert(0 > 1, 'index 7 is beyond 5')).toThrow('index 7 is beyond 5')
  assert('x', 'not thrown')
})

test('unreachable names what came', () => {
  const nothing: never[] = JSON.parse('[{"type":"unheard-of"}]')
  expect(() => unreachable(nothing[0]!)).toThrow('unreachable: {"type":"unheard-of"}')
})
