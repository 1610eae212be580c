import { expect, test } from 'vitest'
import { Memo } from './memo'

test('a key is new once, and again after another one', () => {
  const memo = new Memo<[number, string]>()
  expect(memo.is(1, 'a')).toBe(false)
  expect(memo.isNew(1, 'a')).toBe(true)
  expect(memo.isNew(1, 'a')).toBe(false)
  expect(memo.isNew(1, 'b')).toBe(true)
  expect(memo.isNew(1, 'a')).toBe(true)
  expect(memo.key).toEqual([1, 'a'])
})

test('a forgotten key is new', () => {
  const memo = new Memo<[number]>()
  memo.isNew(7)
  memo.forget()
  expect(memo.key).toBeNull()
  expect(memo.isNew(7)).toBe(true)
})

test('parts are separate: "1 2" and 3 differ from "1" and "2 3", and so does a longer key', () => {
  const memo = new Memo<(string | number | object)[]>()
  memo.isNew('1 2', 3)
  expect(memo.is('1', '2 3')).toBe(false)
  expect(memo.is('1 2', 3, 4)).toBe(false)
  expect(memo.is('1 2')).toBe(false)
  const run = {}
  memo.isNew(run, Number.NaN)
  expect(memo.is(run, Number.NaN)).toBe(true)
  expect(memo.is({}, Number.NaN)).toBe(false)
})
