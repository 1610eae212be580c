import { Fragment } from 'react'
import { expect, test } from 'vitest'
import { withoutHidden } from './without-hidden'

test('hidden characters in the text and the word attributes of an element appear as escapes', () => {
  const props = {
    title: 'a\u202eb',
    'aria-label': '\u200b',
    children: ['x\ufeff', 3, ['\u2066y', null]],
    className: 'c',
  }
  expect(withoutHidden('p', props)).toEqual({
    title: 'a\\u202eb',
    'aria-label': '\\u200b',
    children: ['x\\ufeff', 3, ['\\u2066y', null]],
    className: 'c',
  })
  expect(withoutHidden(Fragment, { children: '\0' })).toEqual({ children: '\\0' })
})

test("lines and tabs stay, and a field keeps the user's input", () => {
  const props = { children: 'one\n\ttwo  three\\n', value: '\u202e', defaultValue: '\u200b' }
  expect(withoutHidden('textarea', props)).toBe(props)
})

test('props without hidden characters are not copied, and a component gets the original text', () => {
  const plain = { children: ['a', 1, ['b']], title: 'grüße' }
  expect(withoutHidden('p', plain)).toBe(plain)
  const own = { title: '\u202e', children: '\u202e' }
  expect(withoutHidden(() => null, own)).toBe(own)
})
