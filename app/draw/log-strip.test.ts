import { expect, test } from 'vitest'
import { longestLog, stripOf, stripText } from './log-strip'

const cells = (from: number, to: number, commit: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    index: from + i,
    term: 2,
    committed: from + i <= commit,
    label: 'Put',
  }))

const leader = { name: 'm1', lastIndex: 12, raftIndex: 11, log: cells(5, 12, 11) }
const behind = { name: 'm2', lastIndex: 10, raftIndex: 10, log: cells(3, 10, 10) }

test('a position is the same index in every strip', () => {
  const longest = longestLog([leader, behind])
  expect(longest).toBe(12)
  const [a, b] = [stripOf(leader, longest), stripOf(behind, longest)]
  expect(a.map(({ index }) => index)).toEqual(b.map(({ index }) => index))
  expect(a.map(({ look }) => look).slice(-3)).toEqual(['committed', 'committed', 'waiting'])
  expect(b.map(({ look }) => look).slice(-3)).toEqual(['committed', 'missing', 'missing'])
})

test('each entry has a description', () => {
  expect(stripOf(leader, 12).at(-1)?.title).toBe('entry 12, term 2: Put, not committed yet')
  expect(stripOf(behind, 12).at(-1)?.title).toBe('entry 12: missing here')
  // The entry was compacted: the strip does not call it missing.
  expect(stripOf({ ...behind, log: cells(10, 10, 10) }, 12)[0]).toEqual({
    index: 5,
    look: 'committed',
    title: 'entry 5: in a snapshot',
  })
})

test('a short log begins at its first entry', () => {
  expect(
    stripOf({ ...leader, lastIndex: 2, raftIndex: 2, log: cells(1, 2, 2) }, 2).map(
      ({ index }) => index,
    ),
  ).toEqual([1, 2])
  expect(stripOf({ ...leader, lastIndex: 0, raftIndex: 0, log: [] }, 0)).toEqual([])
})

test('a strip in words', () => {
  expect(stripText(leader, 12)).toBe('Log of m1: 12 entries, the last 1 not committed yet')
  expect(stripText(behind, 12)).toBe('Log of m2: 10 entries, all committed; 2 missing')
})
