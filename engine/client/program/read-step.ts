// One line of a program as an instruction: the syntax of each.

import type { Room } from '../../base/room'
import type { LockLibrary } from '../locks/client-lock'
import { DEFAULT_TTL } from '../locks/client-lock'
import { ACQUIRE_TIMEOUT_MS } from '../locks/python-etcd3'
import type { LineReader } from './line-reader'
import { Mistake } from './line-reader'
import type { Branch, ProgramCompare, ProgramLine, Step, Test } from './steps'

/** Notes that a line names a label. */
export type Goal = (name: string, column: number) => void

/** Steps with an answer that a variable can hold. */
const ANSWERS = new Set([
  'grant',
  'renew',
  'get',
  'oldest',
  'newest',
  'count',
  'create',
  'delete',
  'txn',
  'wait',
  'lock',
  'trylock',
  'unlock',
  'campaign',
  'observe',
  'server',
  'node',
  'python',
  'write',
  'now',
])

/**
 * The instruction of a line, the deadline of its call, and the label of its `or goto`. Throws a
 * Mistake.
 */
export function readStep(reader: LineReader, goal: Goal): Omit<ProgramLine, 'number'> {
  const step = readOperation(reader, goal)
  const isCall = CALLS.has(step.op)
  const within = isCall && reader.accept('within') ? milliseconds(reader) : timeOf(step)
  let otherwise: string | null = null
  if (isCall && reader.accept('or')) {
    reader.expect('goto')
    otherwise = target(reader, goal)
  }
  reader.end()
  return { step, within, otherwise }
}

function readOperation(reader: LineReader, goal: Goal): Step {
  let as: string | null = null
  if (reader.peek(1) === '=') {
    as = reader.variable('a variable')
    reader.expect('=')
    const { column } = reader
    const verb = reader.peek() ?? ''
    if (!ANSWERS.has(verb))
      throw new Mistake(column, `expected one of ${[...ANSWERS].join(', ')} after =`)
  }
  const { column } = reader
  const verb = reader.word('an instruction')
  const read = Object.hasOwn(STEPS, verb) ? STEPS[verb] : undefined
  if (read === undefined) throw new Mistake(column, `there is no instruction ${verb}`)
  if (as === null && verb === 'grant')
    throw new Mistake(column, 'a grant needs a variable for its lease: lease = grant 10')
  if (as === null && verb === 'now')
    throw new Mistake(column, 'now needs a variable for the time: seen = now')
  return read(reader, as, goal)
}

/** Milliseconds that a call may take where its line says nothing; null for no limit. */
function timeOf(step: Step): number | null {
  return step.op === 'client-lock' && step.of === 'python' ? ACQUIRE_TIMEOUT_MS : null
}

/** Steps with a request to etcd, which may be refused. */
const CALLS: ReadonlySet<Step['op']> = new Set([
  ...([
    'grant',
    'revoke',
    'renew',
    'get',
    'count',
    'put',
    'create',
    'delete',
    'txn',
    'wait',
    'lock',
    'trylock',
    'unlock',
    'unlock-if',
    'campaign',
    'proclaim',
    'resign',
    'observe',
    'server-lock',
    'server-unlock',
    'client-lock',
    'client-unlock',
  ] as const),
])

function target(reader: LineReader, goal: Goal): string {
  const { column } = reader
  const name = reader.variable('a label')
  goal(name, column)
  return name
}

const TARGETS = ['create', 'mod', 'version', 'value', 'lease'] as const
/** The limit that etcd has by default (embed: DefaultMaxTxnOps). */
const MOST_OPERATIONS = 128

const withLease = (reader: LineReader): string | null =>
  reader.accept('with') ? reader.lease() : null

const before = (reader: LineReader): string | null =>
  reader.accept('before') ? reader.variable('a revision', true) : null

const STEPS: Record<string, (reader: LineReader, as: string | null, goal: Goal) => Step> = {
  grant: (reader, as) => ({
    op: 'grant',
    as: as ?? '',
    ttlSeconds: reader.number('the TTL', ' of seconds'),
  }),
  keep: (reader) => ({ op: 'keep', lease: reader.lease(), on: true }),
  drop: (reader) => ({ op: 'keep', lease: reader.lease(), on: false }),
  revoke: (reader) => ({ op: 'revoke', lease: reader.lease() }),
  renew: (reader, as) => ({ op: 'renew', as, lease: reader.lease() }),
  get: (reader, as) => ({ op: 'get', as, key: reader.word('a key'), pick: 'key', before: null }),
  oldest: (reader, as) => ({
    op: 'get',
    as,
    key: reader.word('a prefix'),
    pick: 'oldest',
    before: null,
  }),
  newest: (reader, as) => {
    const key = reader.word('a prefix')
    return { op: 'get', as, key, pick: 'newest', before: before(reader) }
  },
  count: (reader, as) => ({
    op: 'count',
    as,
    prefix: reader.word('a prefix'),
    before: before(reader),
  }),
  put: (reader) => ({
    op: 'put',
    key: reader.word('a key'),
    value: reader.word('a value'),
    lease: withLease(reader),
  }),
  create: (reader, as) => ({
    op: 'create',
    as,
    key: reader.word('a key'),
    value: reader.word('a value'),
    lease: withLease(reader),
  }),
  delete: (reader, as) => {
    const key = reader.word('a key')
    if (!reader.accept('if')) return { op: 'delete', as, key, guard: null }
    const { column } = reader
    const what = reader.word('value or create')
    if (what !== 'value' && what !== 'create')
      throw new Mistake(column, `expected value or create here, not ${what}`)
    reader.expect('=')
    const is = what === 'value' ? reader.word('a value') : reader.variable('a revision', true)
    return { op: 'delete', as, key, guard: { target: what, is } }
  },
  txn: (reader, as) => {
    const compares: ProgramCompare[] = []
    if (reader.accept('if'))
      do compares.push(readCompare(reader))
      while (reader.accept('and'))
    reader.expect('then')
    const success = readBranches(reader)
    return {
      op: 'txn',
      as,
      compares,
      success,
      failure: reader.accept('else') ? readBranches(reader) : [],
    }
  },
  wait: (reader, as) => {
    const prefix = reader.accept('any')
    const key = reader.word(prefix ? 'a prefix' : 'a key')
    if (reader.accept('changed')) return { op: 'wait', as, key, prefix, news: 'changed' }
    reader.expect('deleted')
    return { op: 'wait', as, key, prefix, news: 'deleted' }
  },
  sleep: (reader) => ({ op: 'sleep', ms: milliseconds(reader) }),
  now: (_reader, as) => ({ op: 'now', as: as ?? '' }),
  lock: (reader, as) => ({
    op: 'lock',
    as,
    name: reader.word('the name of a lock'),
    ...readSession(reader),
  }),
  trylock: (reader, as) => {
    const name = reader.word('the name of a lock')
    reader.expect('with')
    return { op: 'trylock', as, name, lease: reader.lease() }
  },
  unlock: (reader, as) => {
    const name = reader.word('the name of a lock')
    if (reader.accept('if'))
      return { op: 'unlock-if', as, name, token: reader.variable('a token', true) }
    if (as !== null)
      throw new Mistake(reader.column, `expected "if" and a token here: only then it answers`)
    return { op: 'unlock', name }
  },
  campaign: (reader, as) => {
    const name = reader.word('the name of an election')
    return { op: 'campaign', as, name, value: reader.word('a value'), ...readSession(reader) }
  },
  proclaim: (reader) => ({
    op: 'proclaim',
    name: reader.word('the name of an election'),
    value: reader.word('a value'),
  }),
  resign: (reader) => ({ op: 'resign', name: reader.word('the name of an election') }),
  observe: (reader, as) => ({ op: 'observe', as, name: reader.word('the name of an election') }),
  server: (reader, as) => {
    if (as === null && reader.accept('unlock'))
      return { op: 'server-unlock', key: reader.word('the key of a lock') }
    reader.expect('lock')
    const name = reader.word('the name of a lock')
    reader.expect('with')
    return { op: 'server-lock', as, name, lease: reader.lease() }
  },
  node: (reader, as) => readClientLock('node', reader, as),
  python: (reader, as) => readClientLock('python', reader, as),
  enter: (reader) => ({
    op: 'enter',
    name: reader.word('what is entered'),
    room: readRoom(reader),
  }),
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
    if (reader.accept('live')) test = { not, type: 'live', lease: reader.lease() }
    else if (reader.accept('elapsed'))
      test = { not, type: 'elapsed', since: reader.variable('a time'), ms: milliseconds(reader) }
    else {
      const name = reader.variable('a variable', true)
      if (reader.accept('=')) test = { not, type: 'equal', a: name, b: reader.word('a value') }
      else if (reader.accept('<'))
        test = { not, type: 'less', a: name, b: reader.amount('a number') }
      else if (reader.accept('>'))
        test = { not, type: 'more', a: name, b: reader.amount('a number') }
      else test = { not, type: 'set', name }
    }
    reader.expect('goto')
    return { op: 'if', test, target: target(reader, goal) }
  },
  goto: (reader, _as, goal) => ({ op: 'goto', target: target(reader, goal) }),
  stop: () => ({ op: 'stop' }),
}

/** `node lock /job ttl 30`, `node unlock /job`; the TTL may be left to the library. */
function readClientLock(of: LockLibrary, reader: LineReader, as: string | null): Step {
  const { column } = reader
  if (reader.accept('unlock')) {
    if (as !== null && of === 'node') throw new Mistake(column, 'a release of node answers nothing')
    return { op: 'client-unlock', of, as, name: reader.word('the name of a lock') }
  }
  reader.expect('lock')
  const name = reader.word('the name of a lock')
  const ttlSeconds = reader.accept('ttl')
    ? reader.number('the TTL', ' of seconds')
    : DEFAULT_TTL[of]
  return { op: 'client-lock', of, as, name, ttlSeconds }
}

/** `with lease`, or `while lease` for a context that ends with the session. */
function readSession(reader: LineReader): { lease: string; whileKept: boolean } {
  const whileKept = reader.accept('while')
  if (!whileKept) reader.expect('with')
  return { lease: reader.lease(), whileKept }
}

/** `shared`, or `of 3` for at most three. */
function readRoom(reader: LineReader): Room | null {
  if (reader.accept('shared')) return 'any'
  if (!reader.accept('of')) return null
  const { column } = reader
  const room = reader.number('how many may enter')
  if (room === 0) throw new Mistake(column, 'at least one must be able to enter')
  return room
}

function milliseconds(reader: LineReader): number {
  const { column } = reader
  const word = reader.word('a time')
  const match = /^(\d{1,7})(ms|s)$/.exec(word)
  if (match === null) throw new Mistake(column, `expected a time such as 500ms or 2s, not ${word}`)
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1)
}

function readCompare(reader: LineReader): ProgramCompare {
  const { column } = reader
  const word = reader.word('what is compared')
  const target = TARGETS.find((known) => known === word)
  if (target === undefined)
    throw new Mistake(column, `expected one of ${TARGETS.join(', ')} here, not ${word}`)
  const key = reader.word('a key')
  const result = (['=', '!=', '<', '>'] as const).find((sign) => reader.accept(sign))
  if (result === undefined) throw new Mistake(reader.column, 'expected =, !=, < or > here')
  const is =
    target === 'value'
      ? reader.word('a value')
      : target === 'lease'
        ? reader.lease()
        : reader.amount('a revision')
  return { target, key, result, is }
}

function readBranches(reader: LineReader): Branch[] {
  const branches: Branch[] = []
  do {
    const { column } = reader
    const step = readOperation(reader, () => undefined)
    const good =
      step.op === 'get' || step.op === 'put' || (step.op === 'delete' && step.guard === null)
    if (!good)
      throw new Mistake(column, 'a transaction can only put, get, oldest, newest and delete')
    if (branches.length === MOST_OPERATIONS)
      throw new Mistake(column, `a transaction has at most ${MOST_OPERATIONS} operations`)
    branches.push(step)
  } while (reader.accept('and'))
  return branches
}
