import { expect, test } from 'vitest'
import { controlText, readControl } from './control'

test.each(['hold a', 'release svc', 'step a', 'run a to 9'])(
  '%s is a control, and its words come back unchanged',
  (words) => {
    const read = readControl(words.split(' '))
    expect(
      typeof read === 'object' && read !== null && controlText(read.client, read.control),
    ).toBe(words)
  },
)

test.each([
  ['hold', 'hold takes one client, such as: hold a'],
  ['step a b', 'step takes one client, such as: step a'],
  ['run a to soon', 'run takes a client and a line, such as: run a to 9'],
])('%s is refused with a sentence', (words, why) => {
  expect(readControl(words.split(' '))).toBe(why)
})

test('any other word is no control', () => {
  expect(readControl(['run', 'until', '5'])).toBeNull()
  expect(readControl(['etcdctl', 'get', 'a'])).toBeNull()
})
