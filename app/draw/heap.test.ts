import { expect, test } from 'vitest'
import type { HeapMove, HeapNode } from '../../engine/worker/protocol'
import { entryTime, entryWords, moveWords, neighbour, placeOf, stepWords } from './heap'

const node = (name: string, at: number, state: HeapNode['state'] = 'live'): HeapNode => ({
  lease: name,
  name,
  at,
  deadline: at,
  state,
})
const move = (change: Partial<HeapMove>): HeapMove => ({
  type: 'update',
  name: 'L1',
  event: 1,
  now: 3000,
  was: 10_000,
  to: 13_000,
  steps: [],
  states: [],
  ...change,
})

test('children lie below their parent, each half as wide', () => {
  expect([0, 1, 2, 3, 6, 14].map(placeOf)).toEqual([
    { x: 0.5, level: 0 },
    { x: 0.25, level: 1 },
    { x: 0.75, level: 1 },
    { x: 0.125, level: 2 },
    { x: 0.875, level: 2 },
    { x: 0.9375, level: 3 },
  ])
})

test('arrow keys go through the tree and stay in it', () => {
  expect(
    ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'a'].map((key) =>
      neighbour(2, key, 7),
    ),
  ).toEqual([0, 5, 1, 3, 0, 6, 2])
  expect(['ArrowUp', 'ArrowLeft'].map((key) => neighbour(0, key, 7))).toEqual([0, 0])
  expect(['ArrowDown', 'ArrowRight'].map((key) => neighbour(6, key, 7))).toEqual([6, 6])
})

test('an entry has a short time, and a full sentence for screen readers', () => {
  expect([13_597, 99_950, 1_000_000].map(entryTime)).toEqual(['13.5', '99.9', '1000'])
  expect(entryWords(node('L2', 13_597), 1)).toBe('L2 at index 1, due at 13.597 s')
  expect(entryWords(node('L2', 13_597, 'gone'), 0)).toBe('L2 at index 0, revoked')
  expect(entryWords(node('L2', 13_597, 'retries'), 0)).toBe(
    'L2 at index 0, expired, looked at again at 13.597 s',
  )
})

test('a renewal that goes down', () => {
  const down = move({ steps: [{ type: 'swap', parent: 0, child: 1, up: 'L2', down: 'L1' }] })
  expect(moveWords(down)).toBe('3.000 s: L1 moves from 10.000 to 13.000. 1 swap.')
  expect([0, 1].map((place) => stepWords(down, place))).toEqual([
    'L1 is due at 13.000 now.',
    'L1 is later than its child L2: they swap. That is the place.',
  ])
})

test('a new lease that goes up, and one that stays', () => {
  const up = move({
    type: 'push',
    name: 'L4',
    was: null,
    steps: [{ type: 'swap', parent: 1, child: 3, up: 'L4', down: 'L2' }],
  })
  expect(stepWords(up, 1)).toBe('L4 is earlier than its parent L2: they swap. That is the place.')
  const stays = move({ type: 'push', name: 'L4', was: null })
  expect([moveWords(stays), stepWords(stays, 0)]).toEqual([
    '3.000 s: L4 is new, due at 13.000. No swap.',
    'L4 is put at the end of the array. It is in its place.',
  ])
})

test('a revoked lease leaves from the root', () => {
  const pop = move({
    type: 'pop',
    steps: [
      { type: 'swap', parent: 0, child: 2, up: 'L3', down: 'L1' },
      { type: 'leaves', name: 'L1' },
      { type: 'swap', parent: 0, child: 1, up: 'L2', down: 'L3' },
    ],
  })
  expect(moveWords(pop)).toBe('3.000 s: L1 is revoked and leaves. 2 swaps.')
  expect([0, 1, 2, 3].map((place) => stepWords(pop, place))).toEqual([
    'L1 is revoked, and it is at the root now.',
    'L1 changes places with the last entry, L3.',
    'L1 leaves the end of the array.',
    'L3 is later than its child L2: they swap. That is the place.',
  ])
})
