// The stops of a recording from outside (validate.ts has the rest of it).

import * as v from 'valibot'
import { GROWTH, STRUCTURES } from '../lease/structures/names'
import type { Condition, Moment, Stop } from '../sim/stops'
import {
  CLIENT_VERBS,
  captionFault,
  KEY_VERBS,
  LARGEST_ANSWER,
  LEASE_VERBS,
  LONGEST_AFTER_MS,
  LONGEST_CHOICE,
  LONGEST_WORDS,
  MEMBER_CHANGES,
  MOST_ACTS,
  MOST_CHOICES,
  MOST_HINTS,
  MOST_MARKS,
  MOST_PARTS,
  MOST_STOPS,
  PROCESS_VERBS,
  SHOWN_PANELS,
  SHOWN_ROWS,
  showFault,
} from '../sim/stops'
import { readAct } from '../text/act'
import { readCondition } from '../text/condition'
import { readStops, stopsText } from '../text/stop-file'
import { conditionText } from '../text/stop-text'

/** The condition after a round trip through its text; null where that fails. */
function conditionOf(condition: Condition): Condition | null {
  try {
    return readCondition(conditionText(condition), '')
  } catch {
    return null
  }
}

/** Whether two values have the same fields, in whatever order. */
function isSame(a: unknown, b: unknown): boolean {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted)
}

const LONGEST_NAME = 64
const MOST_LEASES = 9999

const caption = v.pipe(
  v.string('a sentence'),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? captionFault(dataset.value) : null
    if (fault !== null) addIssue({ message: fault })
  }),
)
const whole = (least: number, most: number) =>
  v.pipe(
    v.number('a number'),
    v.integer('a whole number'),
    v.minValue(least, `at least ${least}`),
    v.maxValue(most, `at most ${most}`),
  )
const text = (most: number) =>
  v.pipe(
    v.string('text'),
    v.minLength(1, 'text'),
    v.maxLength(most, `at most ${most} characters`),
    v.regex(/^[^\n\r]*$/, 'one line'),
  )
const name = text(LONGEST_NAME)
const words = text(LONGEST_WORDS)
const lease = whole(1, MOST_LEASES)
/** Virtual ms: thirty days, as far as a run from outside is played. */
const time = whole(0, 30 * 86_400_000)

const conditions = [
  v.strictObject({ type: v.literal('process'), who: name, does: v.picklist(PROCESS_VERBS) }),
  v.strictObject({ type: v.literal('leads'), who: v.nullable(name) }),
  v.strictObject({ type: v.literal('lease'), lease, does: v.picklist(LEASE_VERBS) }),
  v.strictObject({ type: v.literal('key'), key: words, does: v.picklist(KEY_VERBS) }),
  v.strictObject({ type: v.picklist(['enters', 'leaves']), client: name, section: words }),
  v.strictObject({ type: v.literal('two-inside'), section: words }),
  v.strictObject({ type: v.picklist(['gives-up', 'told-gone']), client: name, lease }),
  v.strictObject({ type: v.literal('heartbeat'), on: v.boolean('true or false') }),
  v.strictObject({ type: v.literal('write'), value: words, taken: v.boolean('true or false') }),
  v.strictObject({
    type: v.picklist([
      'no-leader',
      'pass',
      'stale-write',
      'partition',
      'heal',
      'fault',
      'checkpoint',
      'snapshot',
      'console-exit',
    ]),
  }),
  v.strictObject({ type: v.literal('member'), change: v.picklist(MEMBER_CHANGES) }),
  v.strictObject({ type: v.picklist(['prints', 'happens']), words }),
  v.strictObject({
    type: v.literal('counted'),
    which: v.picklist(['fewest', 'most']),
    structure: v.picklist(STRUCTURES),
    leases: v.picklist(GROWTH),
  }),
] as const
const isReadable = (moment: Moment): boolean =>
  moment.type === 'at' || isSame(conditionOf(moment), moment)
const READABLE = 'a condition that has a text form'
const condition = v.pipe(
  v.variant('type', [...conditions]),
  v.check((each) => isReadable(each), READABLE),
)
const moment = v.pipe(
  v.variant('type', [v.strictObject({ type: v.literal('at'), at: time }), ...conditions]),
  v.check((each) => isReadable(each), READABLE),
)

const so = (verdict: v.GenericSchema) =>
  v.optional(
    v.pipe(
      v.array(verdict),
      v.minLength(1, 'at least one sentence'),
      v.maxLength(MOST_CHOICES + 1, `at most ${MOST_CHOICES + 1} sentences`),
    ),
  )
const choice = whole(0, MOST_CHOICES - 1)
const choose = v.strictObject({
  kind: v.literal('choose'),
  text: caption,
  choices: v.pipe(
    v.array(
      v.pipe(
        text(LONGEST_CHOICE),
        v.regex(/^(?!\s|.*\s$|.* \/ )/, 'a choice without " / " and blanks at its ends'),
      ),
    ),
    v.minLength(2, 'at least two choices'),
    v.maxLength(MOST_CHOICES, `at most ${MOST_CHOICES} choices`),
  ),
  marks: v.pipe(
    v.array(v.strictObject({ when: moment, choice })),
    v.minLength(1, 'at least one mark'),
    v.maxLength(MOST_MARKS, `at most ${MOST_MARKS} marks`),
  ),
  so: so(v.strictObject({ text: caption, choice: v.optional(choice) })),
})
const doing = v.union(
  [
    v.strictObject({
      of: v.literal('lease'),
      does: v.picklist([...LEASE_VERBS.filter((verb) => verb !== 'due'), 'root']),
    }),
    v.strictObject({ of: v.literal('key'), does: v.picklist(KEY_VERBS) }),
    v.strictObject({ of: v.literal('client'), does: v.picklist(CLIENT_VERBS) }),
    v.strictObject({
      of: v.literal('client'),
      does: v.picklist(['enters', 'leaves']),
      section: words,
    }),
    v.strictObject({ of: v.literal('member'), does: v.picklist([...PROCESS_VERBS, 'leads']) }),
  ],
  'what a lease, a key, a client or a member does',
)
const measure = v.variant('type', [
  v.strictObject({ type: v.picklist(['left', 'keys', 'swaps']), lease }),
  v.strictObject({ type: v.picklist(['revision', 'looked']) }),
  v.strictObject({ type: v.literal('count'), what: condition, until: condition }),
])
const anySo = so(v.strictObject({ text: caption }))
const question = v.variant('kind', [
  v.pipe(
    choose,
    v.forward(
      v.check(
        ({ choices, marks }) => marks.every(({ choice }) => choice < choices.length),
        'marks of choices that are there',
      ),
      ['marks'],
    ),
  ),
  v.strictObject({ kind: v.literal('when'), text: caption, mark: condition, so: anySo }),
  v.strictObject({ kind: v.literal('which'), text: caption, mark: doing, so: anySo }),
  v.strictObject({ kind: v.literal('how-much'), text: caption, mark: measure, so: anySo }),
  v.strictObject({ kind: v.literal('what-next'), text: caption, so: anySo }),
])

const act = v.pipe(
  words,
  v.check((line) => readAct(line) === line, 'a fault or heartbeat CLIENT on|off'),
)
const acts = <const Each extends v.GenericSchema>(each: Each) =>
  v.pipe(
    v.array(each),
    v.minLength(1, 'at least one act'),
    v.maxLength(MOST_ACTS, `at most ${MOST_ACTS} acts`),
  )
const goal = v.pipe(
  v.strictObject({
    text: caption,
    parts: v.pipe(
      v.array(v.strictObject({ when: condition, text: text(LONGEST_CHOICE) })),
      v.minLength(1, 'at least one part'),
      v.maxLength(MOST_PARTS, `at most ${MOST_PARTS} parts`),
    ),
    may: acts(act),
    solution: acts(v.strictObject({ at: time, act })),
  }),
  v.check(
    ({ may, solution }) => solution.every((step) => may.includes(step.act)),
    'a solution of what the reader may do',
  ),
)

const show = v.pipe(
  v.strictObject({
    panel: v.optional(v.picklist(SHOWN_PANELS)),
    rows: v.optional(v.array(v.picklist(SHOWN_ROWS))),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? showFault(dataset.value) : null
    if (fault !== null) addIssue({ message: fault })
  }),
)

const stopFields = v.strictObject({
  when: moment,
  afterMs: v.optional(whole(1, LONGEST_AFTER_MS)),
  say: v.optional(caption),
  ask: v.optional(question),
  goal: v.optional(goal),
  hints: v.optional(
    v.pipe(
      v.array(caption),
      v.minLength(1, 'at least one hint'),
      v.maxLength(MOST_HINTS, `at most ${MOST_HINTS} hints`),
    ),
  ),
  note: v.optional(caption),
  show: v.optional(show),
})
/** Stops are written and shared as text. Each must come back from its text unchanged. */
const stop = v.pipe(
  stopFields,
  v.check((each) => {
    const read = readStops(stopsText([each as Stop]))
    return read.ok && isSame(read.stops, [each])
  }, 'a stop that has a text form'),
)
const mostStops = <Each extends v.GenericSchema>(each: Each) =>
  v.pipe(v.array(each), v.maxLength(MOST_STOPS, `at most ${MOST_STOPS} stops`))

export const stopsSchema = v.pipe(mostStops(stop), v.minLength(1, 'at least one stop'))
/** The same for a run that may have no story. */
export const anyStopsSchema = mostStops(stop)

/** Answers to the questions of stops, each once. */
export const answersSchema = v.pipe(
  v.array(
    v.strictObject({
      stop: whole(0, MOST_STOPS - 1),
      answer: v.nullable(v.union([time, whole(-1, LARGEST_ANSWER), words])),
    }),
  ),
  v.maxLength(MOST_STOPS, `at most ${MOST_STOPS} answers`),
  v.check(
    (list) => new Set(list.map(({ stop }) => stop)).size === list.length,
    'one answer a stop',
  ),
)
