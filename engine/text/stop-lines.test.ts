import { describe, expect, test } from 'vitest'
import type { Stop } from '../sim/stops'
import { filled, LONGEST_CAPTION } from '../sim/stops'
import { StopLines } from './stop-lines'

function read(text: string): Stop {
  const [first = '', ...rest] = text.trim().split('\n')
  const lines = new StopLines(first.replace(/^stop /, ''), 'line 1')
  for (const [i, line] of rest.entries())
    expect(lines.take(line.trim(), `line ${i + 2}`), line).toBe(true)
  return lines.end()
}

describe('a stop', () => {
  test('has a time, a sentence, and a question that the run answers', () => {
    const stop = read(`
stop when b enters /job +0.65
  say  Client b has the lock.
  ask  Will the storage take a's write?
    Yes / No / only if tokens are checked
  mark takes from-a => yes ; refuses from-a => no ; by 30 => Only if tokens are checked
  so   no => It refused {now}.
  so   It did.`)
    expect(stop).toEqual({
      when: { type: 'enters', client: 'b', section: '/job' },
      afterMs: 650,
      say: 'Client b has the lock.',
      ask: {
        kind: 'choose',
        text: "Will the storage take a's write?",
        choices: ['Yes', 'No', 'only if tokens are checked'],
        marks: [
          { when: { type: 'write', value: 'from-a', taken: true }, choice: 0 },
          { when: { type: 'write', value: 'from-a', taken: false }, choice: 1 },
          { when: { type: 'at', at: 30_000 }, choice: 2 },
        ],
        so: [{ text: 'It refused {now}.', choice: 1 }, { text: 'It did.' }],
      },
    })
  })
  test('asks for a time', () => {
    expect(read('stop at 5.2\nask when When does the key go?\nmark key /svc/a deleted')).toEqual({
      when: { type: 'at', at: 5200 },
      ask: {
        kind: 'when',
        text: 'When does the key go?',
        mark: { type: 'key', key: '/svc/a', does: 'deleted' },
      },
    })
  })
  test('comes on a fault, or on words of the trace', () => {
    expect(read('stop on fault')).toEqual({ when: { type: 'fault' } })
    expect(read('stop on happens STALE')).toEqual({ when: { type: 'happens', words: 'STALE' } })
  })
  test('ends at a line that is not its own; a line with choices follows its question', () => {
    const lines = new StopLines('at 1', 'line 1')
    for (const line of ['until 5', 'crash m1', 'sayings', 'yes / no'])
      expect(lines.take(line, 'line 2'), line).toBe(false)
  })

  test.each([
    ['stop when', 'line 1: expected no leader'],
    ['stop at soon', 'line 1: expected seconds with at most three decimals, not "soon"'],
    ['stop at 5 +61', 'line 1: expected at most +60, not +61'],
    ['stop at 5\nsay One.\nsay Two.', 'line 3: a stop has one line say'],
    [
      `stop at 5\nsay ${'x'.repeat(LONGEST_CAPTION + 1)}`,
      'line 2: say: expected at most 110 characters (got 111)',
    ],
    ['stop at 5\nsay', 'line 2: say: expected a sentence'],
    ['stop at 5\nsay {left}', 'line 2: say: expected {left L1} or {now} in braces'],
    [
      'stop at 5\nshow',
      'line 2: show: expected a panel (why, log, keys, console, program, storage, inside, growth) or rows and their groups, not ""',
    ],
    ['stop at 5\nshow leases', 'line 2: show: expected a panel (why, log'],
    ['stop at 5\nshow log, keys', 'line 2: show: expected one panel'],
    ['stop at 5\nshow log\nshow keys', 'line 3: a stop has one line show'],
    ['stop at 5\nshow rows', 'line 2: show: expected some rows, each once'],
    ['stop at 5\nshow rows keys keys', 'line 2: show: expected some rows, each once'],
    ['stop at 5\nshow rows keys, rows leases', 'line 2: show: expected the rows in one item'],
    ['stop at 5\nshow rows lease', 'line 2: show: expected rows of leader, leases, beliefs,'],
    [
      'stop at 5\nshow rows beliefs',
      'line 2: show: expected rows leases beliefs: beliefs are drawn in the rows of leases',
    ],
    [
      'stop at 5\nask Will it?\nyes / no',
      'line 1: expected a line mark, which says what decides "Will it?"',
    ],
    ['stop at 5\nask Will it?\nmark fault => yes', 'line 1: expected the choices under "Will it?"'],
    ['stop at 5\nask Will it?\nyes / Yes\nmark fault => yes', 'line 3: two choices are "Yes"'],
    [
      'stop at 5\nask Will it?\nyes / no\nmark fault => maybe',
      'line 4: expected one of the choices yes / no, not "maybe"',
    ],
    [
      'stop at 5\nask Will it?\nyes / no\nmark fault',
      'line 4: expected CONDITION => CHOICE, not "fault"',
    ],
    ['stop at 5\nask Will it?\nyes / no\nmark b sings => yes', 'line 4: expected no leader'],
    [
      'stop at 5\nask Will it?\nyes / no\nmark fault => yes\nso maybe => Yes.',
      'line 5: expected one of the choices yes / no, not "maybe"',
    ],
    [
      'stop at 5\nask when When?\nmark fault\nso yes => Yes.',
      'line 4: expected one of the choices',
    ],
    [
      'stop at 5\nmark fault => yes',
      'line 1: mark and so belong to a question: expected a line ask',
    ],
    ['stop at 5\nask when When?\nmark fault => yes', 'line 3: expected fault, not "fault => yes"'],
  ])('is refused with the place of the fault: %s', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})

test('a caption is filled with seconds rounded down to a tenth', () => {
  const left = (lease: number): number => (lease === 1 ? 4050 : 99)
  expect(filled('{left L1} s of L1, {left L2} s of L2 at {now} s', left, 10_299)).toBe(
    '4.0 s of L1, 0.0 s of L2 at 10.2 s',
  )
})
