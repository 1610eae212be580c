import { expect, test } from 'vitest'
import { charactersOn, programWindow, shortenWords } from './program-lines'

const source =
  '# A lock\n\nlease = grant 5\ntoken = lock /job with lease\nenter /job\n\nsleep 1s # work\nleave\n'

test('the lines around the current one, without comments and empty lines', () => {
  expect(programWindow(source, 5, 3, 40)).toEqual([
    { number: 4, text: 'token = lock /job with lease', current: false },
    { number: 5, text: 'enter /job', current: true },
    { number: 7, text: 'sleep 1s', current: false },
  ])
})

test('at its ends the window stays full', () => {
  const numbers = (line: number | null) =>
    programWindow(source, line, 3, 40).map(({ number }) => number)
  expect(numbers(3)).toEqual([3, 4, 5])
  expect(numbers(8)).toEqual([5, 7, 8])
  expect(numbers(null)).toEqual([5, 7, 8])
})

test('long lines are shortened between their words', () => {
  expect(programWindow(source, 4, 1, 16)[0]?.text).toBe('token = … lease')
  expect(shortenWords('ok = write from-$me token token', 29)).toBe('ok = write … token token')
  expect(shortenWords('lease = grant 5', 14)).toBe('lease = … 5')
  expect(shortenWords('ok = write from-$me token token', 31)).toBe(
    'ok = write from-$me token token',
  )
  for (let most = 3; most < 31; most++)
    expect(shortenWords('ok = write from-$me token token', most).length).toBeLessThanOrEqual(most)
})

test('a card without a ring has its room for the line', () => {
  expect(charactersOn(243, 'full', false)).toBeGreaterThanOrEqual('won = create /lock $me'.length)
  expect(charactersOn(352, 'full', true)).toBe(29)
  expect(charactersOn(243, 'line', false)).toBe(charactersOn(243, 'line', true))
})
