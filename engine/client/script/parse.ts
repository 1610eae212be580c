// The text form of a client's program: one instruction a line, so that a line can be stepped, stopped at and pointed to. `#` begins a comment, `name:` alone on a line
// is where a `goto` goes. Keys, values and names may hold variables: `/lock/$me`. `$me` is the client's own name.
//
//   lease = grant 10                     a lease of ten seconds, in a variable
//   keep lease     drop lease            starts, stops clientv3's keep-alive loop
//   revoke lease
//   found = get /lock                    the value, nothing where there is no key; then found.create, found.mod, found.key and found.rev too
//   first = oldest /lock/                of the keys with a prefix the one created first; newest /lock/ before mine.create the last one before
//   put /lock $me with lease
//   won = create /lock $me with lease    a transaction: puts where there is no such key; nothing where there is one. won.create is the token
//   gone = delete /lock if value = $me   a transaction; also: if create = won.create
//   won = txn if create /job/$me = 0 then put /job/$me x with lease and first = oldest /job/ else own = get /job/$me
//                                        a transaction as it stands: compares create, mod, version, value or lease with =, !=, < or >, and
//                                        puts, gets and deletes. won.rev is its revision; won.create the same where the compares held
//   wait /lock deleted                   watches from the last answer's revision on; wait any /lock/ deleted for a prefix
//   now = wait any /services/ changed    the same for any change; the value put, nothing for a key deleted; now.key
//   sleep 500ms     sleep 2s
//   token = lock /job with lease         concurrency.Mutex as one instruction; unlock /job
//   token = trylock /job with lease      the same without waiting: nothing where another session has it
//   lead = campaign /leader $me with lease     concurrency.Election; proclaim /leader ready; resign /leader
//   led = observe /leader                waits for the next that Election's Observe tells: who leads, each value proclaimed, who leads next; led.key is whose
//   enter /lock     leave                the critical section
//   ok = write hello with token t        the guarded resource; ok is nothing where the write bounced
//   if found goto wait                   also: if not found, if a = b, if not live lease (by the client's own clock)
//   goto try     stop
//
// A call may end with `or goto LABEL`: where etcd answers with an error the program goes there instead of ending.

export type Step =
  | { op: 'grant'; as: string; ttlSeconds: number }
  | { op: 'keep'; lease: string; on: boolean }
  | { op: 'revoke'; lease: string }
  | { op: 'get'; as: string | null; key: string; pick: 'key' | 'oldest' | 'newest'; before: string | null }
  | { op: 'put'; key: string; value: string; lease: string | null }
  | { op: 'create'; as: string | null; key: string; value: string; lease: string | null }
  | { op: 'delete'; as: string | null; key: string; guard: { target: 'value' | 'create'; is: string } | null }
  | { op: 'txn'; as: string | null; compares: ScriptCompare[]; success: Branch[]; failure: Branch[] }
  | { op: 'wait'; as: string | null; key: string; prefix: boolean; news: 'deleted' | 'changed' }
  | { op: 'sleep'; ms: number }
  | { op: 'lock' | 'trylock'; as: string | null; name: string; lease: string }
  | { op: 'campaign'; as: string | null; name: string; value: string; lease: string }
  | { op: 'proclaim'; name: string; value: string }
  | { op: 'unlock' | 'resign'; name: string }
  | { op: 'observe'; as: string | null; name: string }
  | { op: 'enter'; name: string }
  | { op: 'leave' }
  | { op: 'write'; as: string | null; value: string; token: string | null }
  | { op: 'if'; test: Test; target: string }
  | { op: 'goto'; target: string }
  | { op: 'stop' }

/** One operation of a transaction. A delete has no guard of its own. */
export type Branch = Extract<Step, { op: 'get' | 'put' | 'delete' }>

export interface ScriptCompare {
  target: 'create' | 'mod' | 'version' | 'value' | 'lease'
  key: string
  result: '=' | '!=' | '<' | '>'
  /** A value, a number, a variable with a revision, or one with a lease. */
  is: string
}

export type Test = { not: boolean } & (
  | { type: 'set'; name: string }
  | { type: 'equal'; a: string; b: string }
  | { type: 'live'; lease: string }
)

export interface ScriptLine {
  /** From 1, as an editor counts. */
  number: number
  step: Step
  /** Where to go when the call is answered by an error. */
  otherwise: string | null
}

export interface Script {
  /** Lines that do something, in order. */
  lines: ScriptLine[]
  /** By name: the index in `lines` that comes next after the label. */
  labels: Map<string, number>
}

export interface ScriptFault {
  line: number
  column: number
  message: string
}

export const MOST_SCRIPT_LINES = 300
export const LONGEST_SCRIPT = 20_000

/** Reads a program. What it does not understand is named with its place, at most one fault a line; the script is what the rest says. */
export function parseScript(source: string): { script: Script; faults: ScriptFault[] } {
  const script: Script = { lines: [], labels: new Map() }
  const faults: ScriptFault[] = []
  const goals: { name: string; line: number; column: number }[] = []
  const rows = source.slice(0, LONGEST_SCRIPT).split('\n')
  if (source.length > LONGEST_SCRIPT)
    faults.push({ line: rows.length, column: 1, message: `a program has at most ${LONGEST_SCRIPT} characters` })
  for (const [i, row] of rows.entries()) {
    const number = i + 1
    if (number > MOST_SCRIPT_LINES) {
      faults.push({ line: number, column: 1, message: `a program has at most ${MOST_SCRIPT_LINES} lines` })
      break
    }
    try {
      const reader = new LineReader(row)
      const label = reader.label()
      if (label !== null) {
        if (script.labels.has(label)) throw new Mistake(1, `the label ${label} exists already`)
        script.labels.set(label, script.lines.length)
      } else if (!reader.isEmpty) {
        const { step, otherwise } = readStep(reader, (name, column) => goals.push({ name, line: number, column }))
        script.lines.push({ number, step, otherwise })
      }
    } catch (mistake) {
      if (!(mistake instanceof Mistake)) throw mistake
      faults.push({ line: number, column: mistake.column, message: mistake.message })
    }
  }
  for (const { name, line, column } of goals)
    if (!script.labels.has(name)) faults.push({ line, column, message: `there is no label ${name}:` })
  return { script, faults: faults.sort((a, b) => a.line - b.line) }
}

class Mistake extends Error {
  readonly column: number

  constructor(column: number, message: string) {
    super(message)
    this.column = column
  }
}

interface Token {
  text: string
  column: number
  quoted: boolean
}

class LineReader {
  readonly #tokens: Token[]
  readonly #end: number
  #at = 0

  constructor(row: string) {
    this.#tokens = tokensOf(row)
    this.#end = row.trimEnd().length + 1
  }

  get isEmpty(): boolean {
    return this.#tokens.length === 0
  }

  /** The label that the line is; null where it is none. */
  label(): string | null {
    const [only, more] = this.#tokens
    if (only === undefined || only.quoted || !only.text.endsWith(':')) return null
    const name = only.text.slice(0, -1)
    if (!NAME.test(name) || RESERVED.has(name)) throw new Mistake(only.column, `${only.text} is not a name for a label`)
    if (more !== undefined) throw new Mistake(more.column, 'a label must be alone on its line')
    return name
  }

  peek(ahead = 0): string | null {
    const token = this.#tokens[this.#at + ahead]
    return token === undefined || token.quoted ? null : token.text
  }

  get column(): number {
    return this.#tokens[this.#at]?.column ?? this.#end
  }

  /** Takes the next word if it is that one. */
  accept(word: string): boolean {
    if (this.peek() !== word) return false
    this.#at++
    return true
  }

  expect(word: string): void {
    if (!this.accept(word)) throw new Mistake(this.column, `expected "${word}" here`)
  }

  word(what: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new Mistake(this.#end, `${what} is missing`)
    this.#at++
    return token.text
  }

  /** A variable, perhaps with a part of it: `found.create`. */
  variable(what: string, parts = false): string {
    const { column } = this
    const word = this.word(what)
    if (word === 'me') throw new Mistake(column, '$me is the client’s own name')
    if (!(parts ? PART : NAME).test(word) || RESERVED.has(word)) throw new Mistake(column, `${what} must be a name, not ${word}`)
    return word
  }

  /** A number or a variable. */
  amount(what: string): string {
    return /^\d{1,15}$/.test(this.peek() ?? '') ? this.word(what) : this.variable(what, true)
  }

  number(what: string, unit = ''): number {
    const { column } = this
    const word = this.word(what)
    if (!/^\d{1,9}$/.test(word)) throw new Mistake(column, `${what} must be a whole number${unit}, not ${word}`)
    return Number(word)
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new Mistake(this.column, 'expected the end of the line here')
  }
}

const NAME = /^[a-z_]\w*$/i
const PART = /^[a-z_]\w*(\.(create|mod|key|rev))?$/i
/** Words that a test begins or ends with. */
const RESERVED: ReadonlySet<string> = new Set(['not', 'live', 'goto'])
const TARGETS = ['create', 'mod', 'version', 'value', 'lease'] as const
/** What etcd allows by default (embed: DefaultMaxTxnOps). */
const MOST_OPERATIONS = 128

function tokensOf(row: string): Token[] {
  const tokens: Token[] = []
  const pattern = /"([^"]*)"|(#)|(!?=)|([^\s="#]+)|(")/g
  for (let match = pattern.exec(row); match !== null; match = pattern.exec(row)) {
    const column = match.index + 1
    if (match[2] !== undefined) break
    if (match[5] !== undefined) throw new Mistake(column, 'the quote is not closed')
    if (match[1] !== undefined) tokens.push({ text: match[1], column, quoted: true })
    else tokens.push({ text: match[3] ?? match[4]!, column, quoted: false })
  }
  return tokens
}

type Goal = (name: string, column: number) => void

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

function readStep(reader: LineReader, goal: Goal): { step: Step; otherwise: string | null } {
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
