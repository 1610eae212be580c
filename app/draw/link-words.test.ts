import { expect, test } from 'vitest'
import type { LinkDial } from '../../engine/worker/protocol'
import { linkWords } from './link-words'

const both = (dial: LinkDial['dial'], value: number): LinkDial[] => [
  { link: { from: 'm1', to: 'm2' }, dial, value },
  { link: { from: 'm2', to: 'm1' }, dial, value },
]

test('a link names its faults, and a normal link has no words', () => {
  expect(linkWords('m1', 'm2', both('delay', 500), 5)).toEqual(['505 ms'])
  expect(linkWords('m2', 'm1', [...both('loss', 10), ...both('jitter', 20)], 5)).toEqual([
    'up to +20 ms',
    '10 % lost',
  ])
  expect(linkWords('m1', 'm3', both('delay', 500), 5)).toEqual([])
})

test('one direction is named, and is stronger than every link', () => {
  const all: LinkDial = { link: null, dial: 'reorder', value: 30 }
  expect(linkWords('m1', 'm2', [both('delay', 50)[0]!], 5)).toEqual(['m1→m2 55 ms'])
  expect(linkWords('svc', 'm1', [all], 30)).toEqual(['30 % reordered'])
  expect(linkWords('m1', 'm2', [all, ...both('reorder', 0)], 5)).toEqual([])
})
