import { expect, test } from 'vitest'
import { readMenu } from './listen'

test('an element names its menu by kind and names', () => {
  expect(readMenu('member m1')).toEqual({ kind: 'member', names: ['m1'] })
  expect(readMenu('link m1 svc')).toEqual({ kind: 'link', names: ['m1', 'svc'] })
  expect(readMenu('message 12')).toEqual({ kind: 'message', names: ['12'] })
})

test('another kind, or another number of names, is no menu', () => {
  for (const text of ['', 'lease L1', 'member', 'link m1', 'client a b'])
    expect(readMenu(text), text).toBeNull()
})
