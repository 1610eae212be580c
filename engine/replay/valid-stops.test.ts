import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Moment, Question, Stop } from '../sim/stops'
import { readStops, stopsText } from '../text/stop-file'
import { validStops } from './validate'

/** Words that a file from elsewhere may have, with signs of the text form and blanks anywhere. */
const words = fc
  .array(
    fc.constantFrom(
      'a',
      'L1',
      'when',
      'stop at 1',
      'yes',
      '/',
      ';',
      '=>',
      '#',
      '+5',
      'until',
      '{now}',
      ' ',
      ' ',
      '\u2028',
      'é',
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
const spaced = fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '))
const caption = fc.oneof(fc.constant('A sentence.'), spaced)
const condition = fc.oneof(
  fc.constant({ type: 'fault' as const }),
  words.map((key) => ({ type: 'key' as const, key, does: 'put' as const })),
  words.map((who) => ({ type: 'process' as const, who, does: 'pauses' as const })),
  spaced.map((text) => ({ type: 'happens' as const, words: text })),
  spaced.map((text) => ({ type: 'prints' as const, words: text })),
)
const moment: fc.Arbitrary<Moment> = fc.oneof(
  fc.nat(100_000).map((at) => ({ type: 'at' as const, at })),
  condition,
)
const choice = fc.oneof(fc.constantFrom('yes', 'no', 'only if tokens are checked', 'b'), spaced)
const so = fc.array(fc.record({ text: caption }), { minLength: 1, maxLength: 2 })
const ask: fc.Arbitrary<Question> = fc.oneof(
  fc.record({
    kind: fc.constant('choose' as const),
    text: caption,
    choices: fc.tuple(choice, choice),
    marks: fc.array(fc.record({ when: moment, choice: fc.nat(1) }), { minLength: 1, maxLength: 2 }),
  }),
  fc.record(
    { kind: fc.constant('when' as const), text: caption, mark: condition, so },
    { requiredKeys: ['kind', 'text', 'mark'] },
  ),
  fc.record({
    kind: fc.constant('how-much' as const),
    text: caption,
    mark: fc.record({ type: fc.constant('count' as const), what: condition, until: condition }),
  }),
)
const stop = fc.record(
  {
    when: moment,
    afterMs: fc.integer({ min: 1, max: 60_000 }),
    say: caption,
    ask,
    hints: fc.array(caption, { minLength: 1, maxLength: 2 }),
    note: caption,
  },
  { requiredKeys: ['when'] },
)
const plain = (stops: unknown): unknown => JSON.parse(JSON.stringify(stops))

test('every story that is accepted comes back from its text as it was', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.array(stop, { maxLength: 3 }), (stops) => {
      const valid = validStops(plain(stops))
      if (!valid.ok) return
      taken++
      expect(readStops(stopsText(valid.value))).toEqual({ ok: true, stops: plain(stops) })
    }),
    { numRuns: 1500 },
  )
  expect(taken).toBeGreaterThan(200)
})

const choose = (choices: string[]): Stop => ({
  when: { type: 'at', at: 5 },
  ask: { kind: 'choose', text: 'Which?', choices, marks: [{ when: { type: 'fault' }, choice: 0 }] },
})

test.each<[string, Stop]>([
  ['0.ask.choices.0: expected a choice', choose(['a / b', 'c'])],
  ['0: expected a stop that has a text form', choose(['b ; c', 'a'])],
  ['0.ask.choices.1: expected a choice', choose(['a', 'b '])],
  ['0: expected a stop that has a text form', choose(['a => b', 'c'])],
  ['0.ask.choices.0: expected a choice', choose([' a', 'c'])],
  ['0: expected a stop that has a text form', choose(['Yes', 'yes'])],
  ['0.say: expected a sentence without blanks', { when: { type: 'fault' }, say: 'Look. ' }],
  [
    '0.ask.text: expected a sentence without blanks',
    { when: { type: 'fault' }, ask: { kind: 'what-next', text: ' What?' } },
  ],
  [
    '0.when: expected a condition that has a text form',
    { when: { type: 'key', key: 'a b', does: 'put' } },
  ],
  ['0: expected a stop that has a text form', { when: { type: 'happens', words: 'a lease +5' } }],
])('a stop without a text form is refused with its place: %s', (reason, bad) => {
  const valid = validStops([bad])
  expect(valid.ok ? 'taken' : valid.reason).toContain(reason)
})

test.each(['a/b', 'a;b', 'a=>b', '2 s; then none'])(
  'a choice may contain the signs of the text form: %s',
  (text) => {
    expect(validStops([choose([text, 'c'])]).ok).toBe(true)
  },
)
