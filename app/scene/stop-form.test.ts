import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validStops } from '../../engine/replay/validate'
import { drawn } from '../../engine/text/draw'
import { readStops, stopsText } from '../../engine/text/stop-file'
import type { Stop } from '../../engine/worker/protocol'
import {
  EMPTY_FORM,
  formOf,
  marksOf,
  type StopForm,
  soOf,
  stopOf,
  withKind,
  withMarks,
  withoutChoice,
  withSo,
} from './stop-form'

/** The form, the text and the recording of each stop are equivalent. */
function comesBack(stops: readonly Stop[]): void {
  for (const stop of stops) expect(stopOf(formOf(stop))).toEqual({ ok: true, stop })
  expect(readStops(stopsText(stops))).toEqual({ ok: true, stops })
  expect(validStops(JSON.parse(JSON.stringify(stops)))).toEqual({ ok: true, value: stops })
}

test('every stop of the catalogue survives the form, the text and a recording', () => {
  let count = 0
  const folder = join(import.meta.dirname, '../../engine/scenario/catalogue')
  for (const name of readdirSync(folder)) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n')
    const whole = drawn(lines.slice(0, lines.indexOf('----')), 0)
    const from = whole.findIndex((line) => /^stop (at|when|on)\b/.test(line.trim()))
    if (from < 0) continue
    const read = readStops(whole.slice(from).join('\n'))
    // If lines of the run follow a stop, the text of the story ends there.
    if (!read.ok) continue
    comesBack(read.stops)
    count += read.stops.length
  }
  expect(count).toBeGreaterThan(50)
})

const word = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9 ,.'?=;/-]{0,28}[A-Za-z0-9.?]$/)
  .map((text) => text.replace(/ +/g, ' '))
const condition = fc.constantFrom(
  'fault',
  'L1 ends',
  'key /svc/a deleted',
  'b enters /job',
  'takes from-a',
  'leader crashes',
  'happens a => b',
  'console prints TTL(2s)',
)
const moment = fc.oneof(
  fc.nat(90_000).map((ms) => `at ${ms / 1000}`),
  condition.filter((text) => text !== 'fault').map((text) => `when ${text}`),
  fc.constant('on fault'),
)
const form: fc.Arbitrary<StopForm> = fc
  .record({
    moment: fc
      .tuple(moment, fc.constantFrom('', ' +0.5', ' +12.345'))
      .map(([at, after]) => at + after),
    say: fc.oneof(fc.constant(''), word, fc.constant('{left L1} s at {now}')),
    kind: fc.constantFrom('none', 'choose', 'when', 'which', 'how-much', 'what-next', 'goal'),
    text: word,
    choices: fc.uniqueArray(fc.stringMatching(/^[A-Za-z][a-z0-9=; ]{0,20}[a-z0-9]$/), {
      minLength: 2,
      maxLength: 6,
      selector: (text) => text.toLowerCase(),
    }),
    marks: fc.array(
      fc.record({ when: fc.oneof(condition, fc.constant('by 30')), choice: fc.nat(1) }),
      { minLength: 1, maxLength: 6 },
    ),
    mark: fc.constant(''),
    so: fc.array(fc.record({ text: word, choice: fc.option(fc.nat(1)) }), { maxLength: 3 }),
    parts: fc.array(
      fc.record({ when: condition, text: fc.stringMatching(/^[a-z][a-z ]{0,20}[a-z]$/) }),
      { minLength: 1, maxLength: 5 },
    ),
    may: fc.constantFrom('pause a', 'pause a ; resume a ; heartbeat svc off'),
    solution: fc.constantFrom('0.5 pause a', '0.5 pause a\n9 pause a'),
    hints: fc.array(word, { maxLength: 3 }).map((list) => list.join('\n')),
    note: fc.oneof(fc.constant(''), word),
    panel: fc.constantFrom('', 'storage', 'why'),
    rows: fc.constantFrom<string[][]>([], ['leases', 'beliefs'], ['keys', 'locks']),
  } as const)
  .map(
    (all) =>
      ({
        ...all,
        mark:
          all.kind === 'which'
            ? 'any client enters /job'
            : all.kind === 'how-much'
              ? 'count L1 renewed until fault'
              : 'L1 ends',
      }) as StopForm,
  )

test('a form reads back the same from the form, the text and a recording', () => {
  let good = 0
  fc.assert(
    fc.property(form, (fields) => {
      const read = stopOf(fields)
      // Some words are refused, such as an arrow in a choice. The refusal then has a reason.
      if (!read.ok) {
        expect(read.message).toMatch(
          /^(Stop|Say|Question|Answers|Right when|Then say|Goal|Parts|May|Solution|Hints|Note|Show): /,
        )
        return
      }
      good++
      comesBack([read.stop])
    }),
    { numRuns: 400 },
  )
  expect(good).toBeGreaterThan(200)
})

describe('a form', () => {
  const asked: StopForm = {
    ...EMPTY_FORM,
    moment: 'at 5',
    kind: 'choose',
    text: 'Will it?',
    choices: ['Yes', 'No'],
    marks: [
      { when: 'L1 ends', choice: 0 },
      { when: 'by 30', choice: 1 },
      { when: 'fault', choice: 0 },
    ],
    so: [{ text: 'It did.', choice: null }],
  }
  test('has the conditions of a choice in one field, and keeps the order of the others', () => {
    expect(marksOf(asked, 0)).toBe('L1 ends ; fault')
    expect(withMarks(asked, 0, 'L2 ends').marks).toEqual([
      { when: 'L2 ends', choice: 0 },
      { when: 'by 30', choice: 1 },
    ])
    expect(withMarks(asked, 1, 'by 40 ; heal').marks.map(({ when }) => when)).toEqual([
      'L1 ends',
      'by 40',
      'fault',
      'heal',
    ])
    for (const choice of [0, 1])
      expect(withMarks(asked, choice, marksOf(asked, choice))).toEqual(asked)
  })
  test('puts the sentence of one choice before the sentence for all', () => {
    const both = withSo(asked, 0, 'It ended.')
    expect(both.so).toEqual([
      { text: 'It ended.', choice: 0 },
      { text: 'It did.', choice: null },
    ])
    expect(soOf(both, 0)).toBe('It ended.')
    expect(withSo(both, null, 'So.').so.at(-1)).toEqual({ text: 'So.', choice: null })
  })
  test('loses the parts about a choice together with the choice', () => {
    expect(withoutChoice(withSo(asked, 1, 'No.'), 0)).toMatchObject({
      choices: ['No'],
      marks: [{ when: 'by 30', choice: 0 }],
      so: [
        { text: 'No.', choice: 0 },
        { text: 'It did.', choice: null },
      ],
    })
  })
  test('of another kind begins with a readable default, or says which field is empty', () => {
    const bare = { ...EMPTY_FORM, moment: 'at 5', text: 'What?' }
    for (const kind of ['none', 'which', 'how-much', 'what-next'] as const)
      expect(stopOf(withKind(bare, kind)).ok, kind).toBe(true)
    expect(stopOf(withKind(bare, 'choose'))).toEqual({
      ok: false,
      message: 'Right when: it is empty, and says what decides "What?"',
    })
    expect(stopOf(withKind(bare, 'goal'))).toEqual({
      ok: false,
      message: expect.stringMatching(/^Parts: it is empty/),
    })
  })
  test('names the field that is wrong', () => {
    expect(stopOf({ ...asked, moment: 'at noon' })).toMatchObject({
      message: 'Stop: expected seconds with at most three decimals, not "noon"',
    })
    expect(stopOf({ ...asked, choices: ['Yes', 'yes'] })).toMatchObject({
      message: expect.stringMatching(/^Answers: two choices/),
    })
    expect(stopOf({ ...asked, choices: ['Yes', ''] })).toMatchObject({
      ok: false,
      message: expect.stringContaining('Answers: '),
    })
    expect(stopOf(withMarks(asked, 0, 'b sings'))).toMatchObject({
      message: expect.stringMatching(/^Right when: .*not "b sings"$/),
    })
    expect(stopOf({ ...asked, note: 'x'.repeat(111) })).toMatchObject({
      message: expect.stringMatching(/^Note: /),
    })
  })
})
