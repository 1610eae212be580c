import { Fragment } from 'react'
import { expect, test } from 'vitest'
import { withoutHidden } from './without-hidden'

test('the text of an element and its words are shown with escapes', () => {
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

test('lines and tabs stay, and what a person writes in a field', () => {
  const props = { children: 'one\n\ttwo  three\\n', value: '\u202e', defaultValue: '\u200b' }
  expect(withoutHidden('textarea', props)).toBe(props)
})

test('what nothing hides in is not copied, and a component gets the true text', () => {
  const plain = { children: ['a', 1, ['b']], title: 'grüße' }
  expect(withoutHidden('p', plain)).toBe(plain)
  const own = { title: '\u202e', children: '\u202e' }
  expect(withoutHidden(() => null, own)).toBe(own)
})
