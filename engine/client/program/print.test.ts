import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseProgram } from './parse'
import { printProgram } from './print'
import type { Branch, Program, ProgramCompare, Step } from './steps'

const folder = join(import.meta.dirname, '../recipes')
const recipes = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))

/** Lines with an instruction count up from 1, with a line for each label. */
function bare({ lines, labels }: Program): unknown {
  return {
    lines: lines.map(({ step, within, otherwise }) => ({ step, within, otherwise })),
    labels: [...labels].toSorted(),
  }
}

const variable = fc.constantFrom(
  'a',
  'lease',
  'won',
  'x_1',
  'deleted',
  'goto_',
  'any',
  'within',
  'while',
)
const part = fc
  .tuple(variable, fc.constantFrom('', '.create', '.mod', '.key', '.rev'))
  .map(([name, of]) => name + of)
// No quote and no end of a line: these have no text.
const word = fc.oneof(
  fc.constantFrom(
    '',
    '/lock',
    '/job/$lease',
    'any',
    'with',
    'while',
    'within',
    'shared',
    'and',
    'else',
    'deleted',
    '=',
    '!=',
    '#',
    'a b',
    'a=b',
    'é',
    ':',
  ),
  fc.string().filter((text) => !/["\n\r]/.test(text)),
)
const orNone = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null })
const as = orNone(variable)
const ms = fc.integer({ min: 0, max: 9_999_999 })
const LABELS = ['try', 'held', 'over']
const target = fc.constantFrom(...LABELS)

const get: fc.Arbitrary<Extract<Step, { op: 'get' }>> = fc.oneof(
  fc.record({
    op: fc.constant('get' as const),
    as,
    key: word,
    pick: fc.constantFrom('key' as const, 'oldest' as const),
    before: fc.constant(null),
  }),
  fc.record({
    op: fc.constant('get' as const),
    as,
    key: word,
    pick: fc.constant('newest' as const),
    before: orNone(part),
  }),
)
const put = fc.record({
  op: fc.constant('put' as const),
  key: word,
  value: word,
  lease: orNone(variable),
})
const branch: fc.Arbitrary<Branch> = fc.oneof(
  get,
  put,
  fc.record({ op: fc.constant('delete' as const), as, key: word, guard: fc.constant(null) }),
)
const amount = fc.oneof(part, fc.nat().map(String))
const result = fc.constantFrom('=' as const, '!=' as const, '<' as const, '>' as const)
const compare: fc.Arbitrary<ProgramCompare> = fc.oneof(
  fc.record({
    target: fc.constantFrom('create' as const, 'mod' as const, 'version' as const),
    key: word,
    result,
    is: amount,
  }),
  fc.record({ target: fc.constant('value' as const), key: word, result, is: word }),
  fc.record({ target: fc.constant('lease' as const), key: word, result, is: variable }),
)
const guard = fc.oneof(
  fc.record({ target: fc.constant('value' as const), is: word }),
  fc.record({ target: fc.constant('create' as const), is: part }),
)
const ifTest = fc.oneof(
  fc.record({ not: fc.boolean(), type: fc.constant('set' as const), name: part }),
  fc.record({ not: fc.boolean(), type: fc.constant('equal' as const), a: part, b: word }),
  fc.record({ not: fc.boolean(), type: fc.constant('live' as const), lease: variable }),
  fc.record({
    not: fc.boolean(),
    type: fc.constantFrom('less' as const, 'more' as const),
    a: part,
    b: amount,
  }),
  fc.record({ not: fc.boolean(), type: fc.constant('elapsed' as const), since: variable, ms }),
)
const asked: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constant('grant' as const), as: variable, ttlSeconds: fc.nat(999_999_999) }),
  fc.record({ op: fc.constant('revoke' as const), lease: variable }),
  fc.record({ op: fc.constant('renew' as const), as, lease: variable }),
  fc.record({ op: fc.constant('count' as const), as, prefix: word, before: orNone(part) }),
  get,
  put,
  fc.record({
    op: fc.constant('create' as const),
    as,
    key: word,
    value: word,
    lease: orNone(variable),
  }),
  fc.record({ op: fc.constant('delete' as const), as, key: word, guard: orNone(guard) }),
  fc.record({
    op: fc.constant('txn' as const),
    as,
    compares: fc.array(compare, { maxLength: 3 }),
    success: fc.array(branch, { minLength: 1, maxLength: 3 }),
    failure: fc.array(branch, { maxLength: 3 }),
  }),
  fc.record({
    op: fc.constant('lock' as const),
    as,
    name: word,
    lease: variable,
    whileKept: fc.boolean(),
  }),
  fc.record({ op: fc.constant('trylock' as const), as, name: word, lease: variable }),
  fc.record({ op: fc.constant('unlock-if' as const), as, name: word, token: part }),
  fc.record({ op: fc.constant('server-lock' as const), as, name: word, lease: variable }),
  fc.record({ op: fc.constant('server-unlock' as const), key: word }),
  fc.record({
    op: fc.constant('client-lock' as const),
    of: fc.constant('node' as const),
    as,
    name: word,
    ttlSeconds: fc.nat(999_999_999),
  }),
  fc.record({
    op: fc.constant('client-unlock' as const),
    of: fc.constant('python' as const),
    as,
    name: word,
  }),
  fc.record({
    op: fc.constant('wait' as const),
    as,
    key: word,
    prefix: fc.boolean(),
    news: fc.constantFrom('deleted' as const, 'changed' as const),
  }),
  fc.record({ op: fc.constantFrom('unlock' as const, 'resign' as const), name: word }),
  fc.record({ op: fc.constant('observe' as const), as, name: word }),
  fc.record({
    op: fc.constant('campaign' as const),
    as,
    name: word,
    value: word,
    lease: variable,
    whileKept: fc.boolean(),
  }),
  fc.record({ op: fc.constant('proclaim' as const), name: word, value: word }),
)
const other: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constant('keep' as const), lease: variable, on: fc.boolean() }),
  fc.record({ op: fc.constant('sleep' as const), ms }),
  fc.record({ op: fc.constant('now' as const), as: variable }),
  fc.record({
    op: fc.constant('enter' as const),
    name: word,
    room: fc.oneof(fc.constantFrom(null, 'any' as const), fc.integer({ min: 1, max: 99 })),
  }),
  fc.constant<Step>({ op: 'leave' }),
  fc.constant<Step>({ op: 'stop' }),
  fc.record({ op: fc.constant('write' as const), as, value: word, token: orNone(part) }),
  fc.record({ op: fc.constant('if' as const), test: ifTest, target }),
  fc.record({ op: fc.constant('goto' as const), target }),
)
/** Its time is the library's where the program names none. */
const timed = fc.record({
  op: fc.constant('client-lock' as const),
  of: fc.constant('python' as const),
  as,
  name: word,
  ttlSeconds: fc.nat(999_999_999),
})
const line = fc.oneof(
  fc.tuple(asked, orNone(ms), orNone(target)),
  fc.tuple(timed, ms, orNone(target)),
  fc.tuple(other, fc.constant(null), fc.constant(null)),
)
const program: fc.Arbitrary<Program> = fc
  .array(line, { minLength: 1, maxLength: 12 })
  .chain((lines) =>
    fc.tuple(...LABELS.map(() => fc.nat(lines.length))).map((places) => ({
      lines: lines.map(([step, within, otherwise], i) => ({
        number: i + 1,
        step,
        within,
        otherwise,
      })),
      labels: new Map(LABELS.map((name, i) => [name, places[i]!])),
    })),
  )

test('a printed program reads back as the same program', () => {
  fc.assert(
    fc.property(program, (of) => {
      const { program: again, faults } = parseProgram(printProgram(of))
      expect(faults).toEqual([])
      expect(bare(again)).toEqual(bare(of))
    }),
    { numRuns: 1000 },
  )
})

test('a recipe that is read, printed and read again is the same, and prints the same', () => {
  for (const recipe of recipes) {
    const { program: of } = parseProgram(recipe)
    const text = printProgram(of)
    expect(bare(parseProgram(text).program)).toEqual(bare(of))
    expect(printProgram(parseProgram(text).program)).toBe(text)
  }
})

test('any typed text is read, with a place inside the text for each mistake', () => {
  const pieces = fc.constantFrom(
    'a',
    '=',
    ' ',
    '\n',
    'if',
    'not',
    'goto',
    'txn',
    'then',
    '"',
    '#',
    'grant',
    '10',
    'x:',
    'and',
    'else',
    '!=',
    'put',
    '/k',
    'constructor',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
      const source = list.join(list.length % 2 === 0 ? ' ' : '')
      const rows = source.split('\n')
      for (const { line: at, column } of parseProgram(source).faults) {
        expect(at).toBeGreaterThanOrEqual(1)
        expect(at).toBeLessThanOrEqual(rows.length)
        expect(column).toBeGreaterThanOrEqual(1)
        expect(column).toBeLessThanOrEqual(rows[at - 1]!.length + 1)
      }
    }),
    { numRuns: 1000 },
  )
})
