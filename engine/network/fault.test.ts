import { expect, test } from 'vitest'
import { faultText, readFault } from './fault'

const MEMBERS = ['m1', 'm2', 'm3']

test.each([
  'crash m1',
  'restart m2',
  'pause m3',
  'resume m1',
  'heal',
  'partition m1,svc m2,m3',
  'pause a',
  'crash a',
  'restart a',
  'resume a',
  'clock a 120',
])('%s is a fault, and says itself', (words) => {
  const fault = readFault(words.split(' '), MEMBERS)
  expect(typeof fault).toBe('object')
  expect(typeof fault === 'object' && fault !== null && faultText(fault)).toBe(words)
})

test.each([
  ['crash', 'crash takes one member or client, such as: crash m1'],
  ['crash m9', 'there is no member m9'],
  ['pause m1 m2', 'pause takes one member or client, such as: pause m1'],
  ['partition m1', 'partition takes two groups or more, such as: partition m1,m2 m3'],
  ['heal all', 'heal takes no arguments'],
])('%s is refused in words', (words, why) => {
  expect(readFault(words.split(' '), MEMBERS)).toBe(why)
})

test('any other word is none', () => {
  expect(readFault(['etcdctl', 'get', 'a'], MEMBERS)).toBeNull()
})
