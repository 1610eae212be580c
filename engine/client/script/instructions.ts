// One line of a program as an instruction: how each is written.

import type { LineReader } from './line-reader'
import { Mistake } from './line-reader'
import type { Branch, ScriptCompare, Step, Test } from './steps'

/** Notes that a line names a label. */
export type Goal = (name: string, column: number) => void

/** What answers with something that a variable can hold. */
const ANSWERS = new Set([
  'grant',
  'get',
  'oldest',
  'newest',
  'create',
  'delete',
  'txn',
  'wait',
  'lock',
  'trylock',
  'campaign',
  'observe',
  'write',
])

/** The instruction of a line, and the label of its `or goto`. Throws a Mistake. */
export function readStep(reader: LineReader, goal: Goal): { step: Step; otherwise: string | null } {
  const step = readOperation(reader, goal)
  let otherwise: string | null = null
  if (CALLS.has(step.op) && reader.accept('or')) {
    reader.expect('goto')
    otherwise = target(reader, goal)
  }
  reader.end()
  return { step, otherwise }
}

function readOperation(reader: LineReader, goal: Goal): Step {
  let as: string | null = null
  if (reader.peek(1) === '=') {
    as = reader.variable('a variable')
    reader.expect('=')
    const { column } = reader
    const verb = reader.peek() ?? ''
    if (!ANSWERS.has(verb)) throw new Mistake(column, `expected one of ${[...ANSWERS].join(', ')} after =`)
  }
  const { column } = reader
  const verb = reader.word('an instruction')
  const read = Object.hasOwn(STEPS, verb) ? STEPS[verb] : undefined
  if (read === undefined) throw new Mistake(column, `there is no instruction ${verb}`)
  if (as === null && verb === 'grant') throw new Mistake(column, 'a grant needs a variable for its lease: lease = grant 10')
  return read(reader, as, goal)
}

/** What asks etcd for something, so that it can be refused. */
const CALLS: ReadonlySet<Step['op']> = new Set([
  ...([
    'grant',
    'revoke',
    'get',
    'put',
    'create',
    'delete',
    'txn',
    'lock',
    'trylock',
    'unlock',
    'campaign',
    'proclaim',
    'resign',
    'observe',
  ] as const),
])

function target(reader: LineReader, goal: Goal): string {
  const { column } = reader
  const name = reader.variable('a label')
  goal(name, column)
  return name
}

const TARGETS = ['create', 'mod', 'version', 'value', 'lease'] as const
/** What etcd allows by default (embed: DefaultMaxTxnOps). */
const MOST_OPERATIONS = 128

const withLease = (reader: LineReader): string | null => (reader.accept('with') ? reader.variable('a lease') : null)

const STEPS: Record<string, (reader: LineReader, as: string | null, goal: Goal) => Step> = {
  grant: (reader, as) => ({ op: 'grant', as: as ?? '', ttlSeconds: reader.number('the TTL', ' of seconds') }),
  keep: (reader) => ({ op: 'keep', lease: reader.variable('a lease'), on: true }),
  drop: (reader) => ({ op: 'keep', lease: reader.variable('a lease'), on: false }),
  revoke: (reader) => ({ op: 'revoke', lease: reader.variable('a lease') }),
  get: (reader, as) => ({ op: 'get', as, key: reader.word('a key'), pick: 'key', before: null }),
  oldest: (reader, as) => ({ op: 'get', as, key: reader.word('a prefix'), pick: 'oldest', before: null }),
  newest: (reader, as) => {
    const key = reader.word('a prefix')
    return { op: 'get', as, key, pick: 'newest', before: reader.accept('before') ? reader.variable('a revision', true) : null }
  },
  put: (reader) => ({ op: 'put', key: reader.word('a key'), value: reader.word('a value'), lease: withLease(reader) }),
  create: (reader, as) => ({ op: 'create', as, key: reader.word('a key'), value: reader.word('a value'), lease: withLease(reader) }),
  delete: (reader, as) => {
    const key = reader.word('a key')
    if (!reader.accept('if')) return { op: 'delete', as, key, guard: null }
    const { column } = reader
    const what = reader.word('value or create')
    if (what !== 'value' && what !== 'create') throw new Mistake(column, `expected value or create here, not ${what}`)
    reader.expect('=')
    const is = what === 'value' ? reader.word('a value') : reader.variable('a revision', true)
    return { op: 'delete', as, key, guard: { target: what, is } }
  },
  txn: (reader, as) => {
    const compares: ScriptCompare[] = []
    if (reader.accept('if'))
      do compares.push(readCompare(reader))
      while (reader.accept('and'))
    reader.expect('then')
    const success = readBranches(reader)
    return { op: 'txn', as, compares, success, failure: reader.accept('else') ? readBranches(reader) : [] }
  },
  wait: (reader, as) => {
    const prefix = reader.accept('any')
    const key = reader.word(prefix ? 'a prefix' : 'a key')
    if (reader.accept('changed')) return { op: 'wait', as, key, prefix, news: 'changed' }
    reader.expect('deleted')
    return { op: 'wait', as, key, prefix, news: 'deleted' }
  },
  sleep: (reader) => {
    const { column } = reader
    const word = reader.word('a time')
    const match = /^(\d{1,7})(ms|s)$/.exec(word)
    if (match === null) throw new Mistake(column, `expected a time such as 500ms or 2s, not ${word}`)
    return { op: 'sleep', ms: Number(match[1]) * (match[2] === 's' ? 1000 : 1) }
  },
  lock: (reader, as) => ({ op: 'lock', as, ...readLock(reader) }),
  trylock: (reader, as) => ({ op: 'trylock', as, ...readLock(reader) }),
  unlock: (reader) => ({ op: 'unlock', name: reader.word('the name of a lock') }),
  campaign: (reader, as) => {
    const name = reader.word('the name of an election')
    const value = reader.word('a value')
    reader.expect('with')
    return { op: 'campaign', as, name, value, lease: reader.variable('a lease') }
  },
  proclaim: (reader) => ({ op: 'proclaim', name: reader.word('the name of an election'), value: reader.word('a value') }),
  resign: (reader) => ({ op: 'resign', name: reader.word('the name of an election') }),
  observe: (reader, as) => ({ op: 'observe', as, name: reader.word('the name of an election') }),
  enter: (reader) => ({ op: 'enter', name: reader.word('what is entered') }),
  leave: () => ({ op: 'leave' }),
  write: (reader, as) => {
    const value = reader.word('a value')
    if (!reader.accept('with')) return { op: 'write', as, value, token: null }
    reader.expect('token')
    return { op: 'write', as, value, token: reader.variable('a token', true) }
  },
  if: (reader, _as, goal) => {
    const not = reader.accept('not')
    let test: Test
    if (reader.accept('live')) test = { not, type: 'live', lease: reader.variable('a lease') }
    else {
      const name = reader.variable('a variable', true)
      test = reader.accept('=') ? { not, type: 'equal', a: name, b: reader.word('a value') } : { not, type: 'set', name }
    }
    reader.expect('goto')
    return { op: 'if', test, target: target(reader, goal) }
  },
  goto: (reader, _as, goal) => ({ op: 'goto', target: target(reader, goal) }),
  stop: () => ({ op: 'stop' }),
}

function readLock(reader: LineReader): { name: string; lease: string } {
  const name = reader.word('the name of a lock')
  reader.expect('with')
  return { name, lease: reader.variable('a lease') }
}

function readCompare(reader: LineReader): ScriptCompare {
  const { column } = reader
  const word = reader.word('what is compared')
  const target = TARGETS.find((known) => known === word)
  if (target === undefined) throw new Mistake(column, `expected one of ${TARGETS.join(', ')} here, not ${word}`)
  const key = reader.word('a key')
  const result = (['=', '!=', '<', '>'] as const).find((sign) => reader.accept(sign))
  if (result === undefined) throw new Mistake(reader.column, 'expected =, !=, < or > here')
  const is = target === 'value' ? reader.word('a value') : target === 'lease' ? reader.variable('a lease') : reader.amount('a revision')
  return { target, key, result, is }
}

function readBranches(reader: LineReader): Branch[] {
  const branches: Branch[] = []
  do {
    const { column } = reader
    const step = readOperation(reader, () => undefined)
    const good = step.op === 'get' || step.op === 'put' || (step.op === 'delete' && step.guard === null)
    if (!good) throw new Mistake(column, 'a transaction can only put, get, oldest, newest and delete')
    if (branches.length === MOST_OPERATIONS) throw new Mistake(column, `a transaction has at most ${MOST_OPERATIONS} operations`)
    branches.push(step)
  } while (reader.accept('and'))
  return branches
}
