import { describe, expect, test } from 'vitest'
import { trueTime } from './spacing'
import { marksIn, spansIn, thinned, viewOf } from './thinning'
import type { Span } from './track'

/** 0 to 100 ms, ten columns of 10 ms. */
const view = viewOf(trueTime, 0, 100, 10)
const span = (
  from: number,
  to: number,
  event: number,
  text = '',
  kind: Span['kind'] = 'live',
): Span => ({ kind, from, to, event, text })
const joined = (...spans: Span[]): unknown =>
  spansIn(view, spans).map(({ kind, at, texts }) => ({ kind, at: [...at], texts }))

describe('the teeth of a saw that begin in one column', () => {
  const tooth = (from: number): number[] => [from, from + 1, from + 50]
  test.each<[string, number[], number[]]>([
    ['are all kept where they are one', [3], [3]],
    ['are all kept where they are two', [3, 5], [3, 5]],
    ['are the first and the last where they are three', [3, 5, 8], [3, 8]],
    ['are the first and the last where they are many', [3, 4, 5, 6, 7], [3, 7]],
    ['are counted again in the next column', [3, 5, 8, 12, 15, 19, 20], [3, 8, 12, 19, 20]],
  ])('%s', (_, begins, kept) => {
    expect([...thinned(view, begins.flatMap(tooth))]).toEqual(kept.flatMap(tooth))
  })
})

describe('spans of one kind', () => {
  test('are one where they overlap, with the later end, and with a text only where all have the same', () => {
    expect(joined(span(0, 40, 1, 'a'), span(20, 30, 2, 'a'))).toEqual([
      { kind: 'live', at: [0, 40, 1], texts: ['a'] },
    ])
    expect(joined(span(0, 30, 1, 'a'), span(20, 40, 2, 'b'))).toEqual([
      { kind: 'live', at: [0, 40, 1], texts: [] },
    ])
  })
  test('are two where a gap between them is visible, and one where it is not', () => {
    expect(joined(span(0, 19, 1), span(31, 80, 2))).toEqual([
      { kind: 'live', at: [0, 19, 1, 31, 80, 2], texts: [] },
    ])
    expect(joined(span(0, 3, 1), span(5, 9, 2))).toEqual([
      { kind: 'live', at: [0, 9, 1], texts: [] },
    ])
    expect(joined(span(0, 15, 1), span(17, 19, 2))).toEqual([
      { kind: 'live', at: [0, 19, 1], texts: [] },
    ])
    expect(joined(span(11, 15, 1), span(17, 60, 2))).toEqual([
      { kind: 'live', at: [11, 60, 1], texts: [] },
    ])
    // Both are visible, and so is the place where one ends and the other begins.
    expect(joined(span(0, 15, 1), span(17, 60, 2))).toEqual([
      { kind: 'live', at: [0, 15, 1, 17, 60, 2], texts: [] },
    ])
    expect(joined(span(0, 15, 1), span(17, Number.POSITIVE_INFINITY, 2))).toHaveLength(1)
    expect(
      spansIn(view, [span(0, 15, 1), span(17, Number.POSITIVE_INFINITY, 2)])[0]!.at,
    ).toHaveLength(6)
  })
  test('are apart from those of another kind', () => {
    expect(joined(span(0, 40, 1), span(20, 60, 2, '', 'overdue'))).toEqual([
      { kind: 'live', at: [0, 40, 1], texts: [] },
      { kind: 'overdue', at: [20, 60, 2], texts: [] },
    ])
  })
})

test('marks of one kind in one column are one with a count, and marks outside the window are dropped', () => {
  const mark = (at: number, event: number, kind: 'fault' | 'frozen' = 'fault') => ({
    kind,
    at,
    event,
    text: `${event}`,
  })
  const window = viewOf(trueTime, 10, 60, 5)
  const marks = marksIn(window, [
    mark(9, 1),
    mark(10, 2),
    mark(19, 3),
    mark(19, 4, 'frozen'),
    mark(20, 5),
    mark(60, 6),
    mark(61, 7),
  ])
  expect(marks.map(({ kind, at, texts }) => ({ kind, at: [...at], texts }))).toEqual([
    { kind: 'fault', at: [10, 2, 2, 20, 5, 1, 60, 6, 1], texts: ['2', '5', '6'] },
    { kind: 'frozen', at: [19, 4, 1], texts: ['4'] },
  ])
})
