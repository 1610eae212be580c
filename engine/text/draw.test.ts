import { expect, test } from 'vitest'
import { parseScenario } from '../scenario/scenario'
import { combinations, drawn } from './draw'

const lines = [
  'draw TTL OFF = 10 5 | 6 3',
  'until {OFF}',
  '  draw N = 1 | 2 | 3',
  'grant {TTL}, {N}, {now}, {left L1}, {UNKNOWN}',
]

test('the numbers count through every combination, the first row first', () => {
  const all = Array.from({ length: combinations(lines.join('\n')) }, (_, numbers) =>
    drawn(lines, numbers).slice(1),
  )
  expect(all.map(([until, , grant]) => `${until} ${grant?.split(', {')[0]}`)).toEqual([
    'until 5 grant 10, 1',
    'until 3 grant 6, 1',
    'until 5 grant 10, 2',
    'until 3 grant 6, 2',
    'until 5 grant 10, 3',
    'until 3 grant 6, 3',
  ])
  expect(drawn(lines, 6)).toEqual(drawn(lines, 0))
})

test('fields of captions, and names without a draw, stay unchanged; so does the place of each line', () => {
  expect(drawn(lines, 0)).toEqual(['', 'until 5', '', 'grant 10, 1, {now}, {left L1}, {UNKNOWN}'])
})

test('a number may have its sign', () => {
  expect(drawn(['draw SET = -4 | +2.5', 'clock a {SET}s'], 1)[1]).toBe('clock a +2.5s')
})

test.each([
  ['draw ttl = 1', 'line 1: expected names in capitals before =, not "ttl"'],
  ['draw = 1', 'line 1: expected names in capitals before =, not ""'],
  ['draw TTL OFF = 1 2 | 3', 'line 1: expected 2 numbers in each row (got "3")'],
  ['draw TTL = soon', 'line 1: expected a number, not "soon"'],
])('%s is refused with its place', (line, message) => {
  expect(() => parseScenario(line)).toThrow(message)
})

test('a file without draws has one combination, and its trace is not read', () => {
  expect(combinations('until 5\n----\ndraw X = 1 | 2')).toBe(1)
})
