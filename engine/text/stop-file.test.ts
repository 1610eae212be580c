import { expect, test } from 'vitest'
import { readStops, stopsText } from './stop-file'

const TEXT = `stop at 5.2
  say Half a lease.

stop when b enters /job +0.65
  ask Will the storage take the write?
  Yes / No
  mark takes from-a => Yes ; refuses from-a => No
`

test('a story becomes one text, and reading it gives the same story', () => {
  const read = readStops(TEXT)
  if (!read.ok) throw new Error(read.fault.message)
  expect(read.stops).toHaveLength(2)
  expect(stopsText(read.stops)).toBe(TEXT)
  expect(readStops('')).toEqual({ ok: true, stops: [] })
  expect(readStops('# Only a remark\r\n\r\n')).toEqual({ ok: true, stops: [] })
})

test.each([
  ['say hello', 1, 5, 'expected stop at SECONDS'],
  [
    '\nstop at 5\n  sing a song',
    3,
    3,
    'expected say, ask, mark, so, goal, part, may, solve, hint, note, show or the next stop, not "sing"',
  ],
  ['stop at soon', 1, 9, 'expected seconds with at most three decimals, not "soon"'],
  ['stop at 1\n\nstop when b sings', 3, 11, 'not "b sings"'],
  [
    'stop at 5\n  ask Will it?\n  yes / no\n  mark fault => yes ; b sings => no',
    4,
    23,
    'not "b sings"',
  ],
  ['stop at 5\n  ask Will it?\n  yes / no', 1, 6, 'expected a line mark'],
  ['stop at 5\n  say {left}', 2, 7, 'say: expected {left L1} or {now} in braces'],
  [`${'stop at 5\n'.repeat(51)}`, 51, 6, 'at most 50 stops'],
])('a fault is reported with its line and column: %j', (text, line, column, message) => {
  const read = readStops(text)
  expect(read).toEqual({
    ok: false,
    fault: { line, column, message: expect.stringContaining(message) },
  })
})
