// awk (POSIX.1-2017): records, fields, patterns and actions.

import type { Bytes } from '../../base/rpc'
import { extendedExpression } from '../extended-regex'
import { general, printf } from '../format'
import type { AwkExpression, AwkRule, AwkStatement } from './awk-parse'
import { AwkFault, parseAwk } from './awk-parse'
import type { Utility, UtilityState } from './utility'
import { inputsOf } from './utility'

/** A number, a text, or a text of the input that looks like a number and is compared as one. */
type Value = number | Bytes | { input: Bytes }

/** Steps of one program. A loop that needs more would not end. */
const MAX_STEPS = 1_000_000

export const awk: Utility = {
  start(args, { files, environment }) {
    const variables: [string, Value][] = []
    const sources: Bytes[] = []
    let separator: Bytes | null = null
    let i = 0
    for (; i < args.length; i++) {
      const word = args[i]!
      if (word === '--') {
        i++
        break
      }
      const [, letter, own] = /^-([Fvf])([\s\S]*)$/.exec(word) ?? []
      if (letter === undefined) break
      const value = own !== undefined && own !== '' ? own : (args[++i] ?? '')
      if (letter === 'F') separator = value === 't' ? '\t' : escapes(value)
      else if (letter === 'v') {
        const [, name, text = ''] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(value) ?? []
        if (name !== undefined) variables.push([name, { input: escapes(text) }])
      } else {
        const source = files.read(value)
        if (source === null)
          return { stderr: `awk: cannot open ${value} (No such file or directory)\n`, exit: 2 }
        sources.push(source)
      }
    }
    const rest = args.slice(i)
    const program = sources.length > 0 ? sources.join('\n') : rest.shift()
    if (program === undefined)
      return {
        stderr: "Usage: awk [-F value] [-v var=value] [--] 'program text' [file ...]\n",
        exit: 2,
      }
    let rules: AwkRule[]
    try {
      rules = parseAwk(program)
    } catch (fault) {
      if (!(fault instanceof AwkFault)) throw fault
      return { stderr: `awk: line 1: ${fault.message}\n`, exit: 2 }
    }
    void environment
    const state: UtilityState = {
      rules,
      variables: [...(separator === null ? [] : [['FS', separator]]), ...variables],
      arrays: [],
      partial: '',
      active: [],
      record: '',
      exit: null,
    }
    const machine = new Awk(state)
    const begun = machine.special('BEGIN')
    if (begun.exit !== null) return { stdout: begun.stdout, stderr: begun.stderr, exit: begun.exit }
    const reads = rules.some(({ pattern }) => pattern !== 'BEGIN')
    if (!reads) return { stdout: begun.stdout, stderr: begun.stderr, exit: 0 }
    machine.save(state)
    return { state, stdout: begun.stdout, stderr: begun.stderr, inputs: inputsOf(rest) }
  },
  take(state, bytes) {
    const machine = new Awk(state)
    const separator = machine.text(machine.variable('RS'))
    const text = String(state.partial) + bytes
    const records = separator === '' ? text.split(/\n{2,}/) : text.split(separator)
    state.partial = records.pop() ?? ''
    return machine.records(records, state)
  },
  between(state) {
    const partial = String(state.partial).replace(/\n+$/, (all) =>
      state.partial === all ? all : '',
    )
    state.partial = ''
    if (partial === '') return {}
    return new Awk(state).records([partial], state)
  },
  end(state) {
    const machine = new Awk(state)
    const { stdout, stderr, exit } = machine.special('END')
    return { stdout, stderr, exit: exit ?? (state.failed === true ? 2 : 0) }
  },
}

const escapes = (text: Bytes): Bytes =>
  text.replace(/\\([\s\S])/g, (whole, code: string) =>
    code === 't' ? '\t' : code === 'n' ? '\n' : code === '\\' ? '\\' : whole,
  )

/** How a statement ended. */
type Flow = 'on' | 'next' | 'break' | 'continue' | 'exit'

interface Told {
  stdout: Bytes
  stderr: Bytes
  exit: number | null
}

class Awk {
  readonly #rules: AwkRule[]
  readonly #variables: Map<string, Value>
  readonly #arrays: Map<string, Map<string, Value>>
  readonly #active: boolean[]
  #record: Bytes
  /** Null: cut again when a field is asked for. */
  #fields: Value[] | null = null
  #stdout = ''
  #stderr = ''
  #exit: number | null
  #steps = 0

  constructor(state: UtilityState) {
    this.#rules = state.rules as AwkRule[]
    this.#variables = new Map(state.variables as [string, Value][])
    this.#arrays = new Map(
      (state.arrays as [string, [string, Value][]][]).map(([name, entries]) => [
        name,
        new Map(entries),
      ]),
    )
    this.#active = [...(state.active as boolean[])]
    this.#record = String(state.record)
    this.#exit = state.exit as number | null
  }

  save(state: UtilityState): void {
    state.variables = [...this.#variables]
    state.arrays = [...this.#arrays].map(([name, entries]) => [name, [...entries]])
    state.active = this.#active
    state.record = this.#record
    state.exit = this.#exit
  }

  special(pattern: 'BEGIN' | 'END'): Told {
    return this.#guarded(() => {
      for (const rule of this.#rules) {
        if (rule.pattern !== pattern || rule.body === null) continue
        if (this.#run(rule.body) === 'exit') return
      }
    })
  }

  records(
    records: readonly Bytes[],
    state: UtilityState,
  ): { stdout: Bytes; stderr: Bytes; exit?: number } {
    const told = this.#guarded(() => {
      for (const record of records) {
        this.#setRecord(record)
        this.#variables.set('NR', this.number(this.variable('NR')) + 1)
        this.#variables.set('FNR', this.number(this.variable('FNR')) + 1)
        if (this.#rulesOf() === 'exit') {
          // END still runs.
          for (const rule of this.#rules)
            if (rule.pattern === 'END' && rule.body !== null && this.#run(rule.body) === 'exit')
              break
          return
        }
      }
    })
    this.save(state)
    return told.exit === null
      ? { stdout: told.stdout, stderr: told.stderr }
      : { stdout: told.stdout, stderr: told.stderr, exit: told.exit }
  }

  #guarded(action: () => void): Told {
    try {
      action()
    } catch (fault) {
      if (!(fault instanceof AwkFault)) throw fault
      this.#stderr += `awk: ${fault.message}\n`
      this.#exit = 2
    }
    return { stdout: this.#stdout, stderr: this.#stderr, exit: this.#exit }
  }

  #rulesOf(): Flow {
    for (const [index, { pattern, to, body }] of this.#rules.entries()) {
      if (pattern === 'BEGIN' || pattern === 'END') continue
      if (to !== null && pattern !== null) {
        if (this.#active[index] !== true) {
          if (!this.#holds(pattern)) continue
          this.#active[index] = true
        }
        if (this.#holds(to)) this.#active[index] = false
      } else if (pattern !== null && !this.#holds(pattern)) continue
      if (body === null) {
        this.#stdout += `${this.#whole()}${this.text(this.variable('ORS'))}`
        continue
      }
      const flow = this.#run(body)
      if (flow === 'next') return 'on'
      if (flow === 'exit') return 'exit'
    }
    return 'on'
  }

  // Statements

  #run(statement: AwkStatement): Flow {
    if (++this.#steps > MAX_STEPS) throw new AwkFault('stopped: the program does not end')
    switch (statement.type) {
      case 'expression':
        this.#value(statement.value)
        return 'on'
      case 'print': {
        const separator = this.text(this.variable('OFS'))
        const line =
          statement.args.length === 0
            ? this.#whole()
            : statement.args.map((each) => this.#output(this.#value(each))).join(separator)
        this.#say(statement.stream, line + this.text(this.variable('ORS')))
        return 'on'
      }
      case 'printf':
        this.#say(statement.stream, this.#formatted(statement.args))
        return 'on'
      case 'if':
        if (this.#holds(statement.condition)) return this.#run(statement.yes)
        return statement.no === null ? 'on' : this.#run(statement.no)
      case 'while':
        while (this.#holds(statement.condition)) {
          const flow = this.#run(statement.body)
          if (flow === 'break') break
          if (flow === 'next' || flow === 'exit') return flow
        }
        return 'on'
      case 'do':
        do {
          const flow = this.#run(statement.body)
          if (flow === 'break') break
          if (flow === 'next' || flow === 'exit') return flow
        } while (this.#holds(statement.condition))
        return 'on'
      case 'for': {
        if (statement.first !== null) this.#run(statement.first)
        while (statement.condition === null || this.#holds(statement.condition)) {
          const flow = this.#run(statement.body)
          if (flow === 'break') break
          if (flow === 'next' || flow === 'exit') return flow
          if (statement.next !== null) this.#run(statement.next)
        }
        return 'on'
      }
      case 'for-in': {
        for (const key of [...this.#array(statement.array).keys()]) {
          this.#variables.set(statement.name, { input: key })
          const flow = this.#run(statement.body)
          if (flow === 'break') break
          if (flow === 'next' || flow === 'exit') return flow
        }
        return 'on'
      }
      case 'block':
        for (const each of statement.body) {
          const flow = this.#run(each)
          if (flow !== 'on') return flow
        }
        return 'on'
      case 'delete':
        if (statement.subscripts === null) this.#array(statement.name).clear()
        else this.#array(statement.name).delete(this.#key(statement.subscripts))
        return 'on'
      case 'next':
      case 'break':
      case 'continue':
        return statement.type
      case 'exit':
        this.#exit =
          statement.value === null
            ? (this.#exit ?? 0)
            : this.number(this.#value(statement.value)) & 0xff
        return 'exit'
    }
  }

  #say(stream: 'stdout' | 'stderr', text: Bytes): void {
    if (stream === 'stdout') this.#stdout += text
    else this.#stderr += text
  }

  #formatted(args: readonly AwkExpression[]): Bytes {
    const [format = '', ...values] = args.map((each) => this.#value(each))
    const verbs = this.text(format).match(/%[-+ 0#]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z]/g) ?? []
    const words = values.map((value, i) => {
      const verb = verbs[i]?.at(-1) ?? 's'
      if ('dioxXu'.includes(verb)) return String(Math.trunc(this.number(value)))
      if ('eEfFgG'.includes(verb)) return String(this.number(value))
      if (verb === 'c' && typeof value === 'number') return String.fromCharCode(value & 0xff)
      return this.text(value)
    })
    // awk uses its format once.
    return printf([this.text(format).replaceAll('\\', '\\\\'), ...words.slice(0, verbs.length)])
      .stdout
  }

  // Expressions

  #holds(expression: AwkExpression): boolean {
    return this.#truth(this.#value(expression))
  }

  #truth(value: Value): boolean {
    if (typeof value === 'number') return value !== 0
    if (typeof value === 'string') return value !== ''
    return looksNumeric(value.input) ? Number(value.input) !== 0 : value.input !== ''
  }

  text(value: Value): Bytes {
    if (typeof value === 'string') return value
    if (typeof value !== 'number') return value.input
    return Number.isInteger(value) ? String(value) : general(value, 6)
  }

  #output(value: Value): Bytes {
    return this.text(value)
  }

  number(value: Value): number {
    if (typeof value === 'number') return value
    const text = typeof value === 'string' ? value : value.input
    const found = /^\s*([-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)/.exec(text)?.[1]
    return found === undefined ? 0 : Number(found)
  }

  variable(name: string): Value {
    if (name === 'NF') return this.#cut().length
    return this.#variables.get(name) ?? DEFAULTS[name] ?? { input: '' }
  }

  #array(name: string): Map<string, Value> {
    let array = this.#arrays.get(name)
    if (array === undefined) {
      array = new Map()
      this.#arrays.set(name, array)
    }
    return array
  }

  #key(subscripts: readonly AwkExpression[]): string {
    return subscripts.map((each) => this.text(this.#value(each))).join('\x1c')
  }

  #setRecord(record: Bytes): void {
    this.#record = record
    this.#fields = null
  }

  #whole(): Bytes {
    return this.#record
  }

  #cut(): Value[] {
    if (this.#fields === null) {
      const separator = this.text(this.variable('FS'))
      this.#fields = splitText(this.#record, separator).map((input) => ({ input }))
    }
    return this.#fields
  }

  #setField(index: number, value: Value): void {
    if (index === 0) return this.#setRecord(this.text(value))
    const fields = this.#cut()
    while (fields.length < index) fields.push('')
    fields[index - 1] = value
    this.#record = fields.map((each) => this.text(each)).join(this.text(this.variable('OFS')))
  }

  #assign(target: AwkExpression, value: Value): Value {
    if (target.type === 'variable') {
      if (target.name === 'NF') {
        const fields = this.#cut()
        const count = this.number(value)
        while (fields.length < count) fields.push('')
        fields.length = count
        this.#record = fields.map((each) => this.text(each)).join(this.text(this.variable('OFS')))
      } else this.#variables.set(target.name, value)
    } else if (target.type === 'element')
      this.#array(target.name).set(this.#key(target.subscripts), value)
    else if (target.type === 'field') this.#setField(this.number(this.#value(target.index)), value)
    return value
  }

  #value(expression: AwkExpression): Value {
    switch (expression.type) {
      case 'number':
      case 'string':
        return expression.value
      case 'regex':
        return regex(expression.source).test(this.#whole()) ? 1 : 0
      case 'group':
        return this.#value(expression.value)
      case 'variable':
        return this.variable(expression.name)
      case 'field': {
        const index = this.number(this.#value(expression.index))
        if (index < 0) throw new AwkFault(`negative field index $${index}`)
        if (index === 0) return { input: this.#whole() }
        return this.#cut()[index - 1] ?? { input: '' }
      }
      case 'element': {
        const array = this.#array(expression.name)
        const key = this.#key(expression.subscripts)
        const known = array.get(key)
        if (known !== undefined) return known
        array.set(key, { input: '' })
        return { input: '' }
      }
      case 'in':
        return this.#array(expression.name).has(this.#key(expression.subscripts)) ? 1 : 0
      case 'assign': {
        const value = this.#value(expression.value)
        if (expression.operator === '') return this.#assign(expression.target, value)
        const before = this.number(this.#value(expression.target))
        return this.#assign(
          expression.target,
          calculate(expression.operator, before, this.number(value)),
        )
      }
      case 'step': {
        const before = this.number(this.#value(expression.target))
        const after = before + (expression.operator === '++' ? 1 : -1)
        this.#assign(expression.target, after)
        return expression.before ? after : before
      }
      case 'unary': {
        const value = this.#value(expression.value)
        if (expression.operator === '!') return this.#truth(value) ? 0 : 1
        return expression.operator === '-' ? 0 - this.number(value) : this.number(value)
      }
      case 'ternary':
        return this.#value(this.#holds(expression.condition) ? expression.yes : expression.no)
      case 'binary':
        return this.#binary(expression)
      case 'call':
        return this.#call(expression.name, expression.args)
    }
  }

  #binary({ operator, left, right }: Extract<AwkExpression, { type: 'binary' }>): Value {
    switch (operator) {
      case '&&':
        return this.#holds(left) && this.#holds(right) ? 1 : 0
      case '||':
        return this.#holds(left) || this.#holds(right) ? 1 : 0
      case '~':
      case '!~': {
        const text = this.text(this.#value(left))
        const found = this.#regexOf(right).test(text)
        return found === (operator === '~') ? 1 : 0
      }
      case ' ':
        return this.text(this.#value(left)) + this.text(this.#value(right))
    }
    const [a, b] = [this.#value(left), this.#value(right)]
    if (/^[<>=!]/.test(operator)) return compare(operator, a, b, this) ? 1 : 0
    return calculate(operator, this.number(a), this.number(b))
  }

  #regexOf(expression: AwkExpression): RegExp {
    return regex(
      expression.type === 'regex' ? expression.source : this.text(this.#value(expression)),
    )
  }

  #call(name: string, args: readonly AwkExpression[]): Value {
    const [first, second, third] = args
    const text = (each: AwkExpression | undefined) =>
      each === undefined ? '' : this.text(this.#value(each))
    const number = (each: AwkExpression | undefined) =>
      each === undefined ? 0 : this.number(this.#value(each))
    switch (name) {
      case 'length':
        if (first === undefined) return this.#whole().length
        if (first.type === 'variable' && this.#arrays.has(first.name))
          return this.#array(first.name).size
        return text(first).length
      case 'substr': {
        const whole = text(first)
        const from = Math.round(number(second))
        const to = third === undefined ? whole.length + 1 : from + Math.round(number(third))
        return whole.slice(Math.max(0, from - 1), Math.max(0, to - 1))
      }
      case 'index':
        return text(first).indexOf(text(second)) + 1
      case 'tolower':
        return text(first).replace(/[A-Z]/g, (ch) => ch.toLowerCase())
      case 'toupper':
        return text(first).replace(/[a-z]/g, (ch) => ch.toUpperCase())
      case 'int':
        return Math.trunc(number(first))
      case 'sqrt':
        return Math.sqrt(number(first))
      case 'sprintf':
        return this.#formatted(args)
      case 'match': {
        const found =
          first === undefined || second === undefined
            ? null
            : this.#regexOf(second).exec(text(first))
        this.#variables.set('RSTART', found === null ? 0 : found.index + 1)
        this.#variables.set('RLENGTH', found === null ? -1 : found[0].length)
        return found === null ? 0 : found.index + 1
      }
      case 'split': {
        if (second?.type !== 'variable') throw new AwkFault('syntax error in split')
        const whole = text(first)
        const separator =
          third === undefined
            ? this.text(this.variable('FS'))
            : third.type === 'regex'
              ? { source: third.source }
              : text(third)
        const pieces = splitText(whole, separator)
        const array = this.#array(second.name)
        array.clear()
        pieces.forEach((input, i) => {
          array.set(String(i + 1), { input })
        })
        return pieces.length
      }
      case 'sub':
      case 'gsub': {
        if (first === undefined || second === undefined)
          throw new AwkFault(`syntax error in ${name}`)
        const target: AwkExpression = third ?? {
          type: 'field',
          index: { type: 'number', value: 0 },
        }
        const source = this.#regexOf(first)
        const by = text(second)
        let count = 0
        const whole = this.text(this.#value(target))
        const made = whole.replace(
          new RegExp(source.source, name === 'gsub' ? 'g' : ''),
          (found) => {
            count++
            return by.replace(/\\\\&|\\&|&/g, (code) =>
              code === '&' ? found : code === '\\&' ? '&' : `\\${found}`,
            )
          },
        )
        if (count > 0) this.#assign(target, made)
        return count
      }
      default:
        throw new AwkFault(`not modelled here: ${name}()`)
    }
  }
}

const DEFAULTS: Readonly<Record<string, Value>> = {
  FS: ' ',
  OFS: ' ',
  ORS: '\n',
  RS: '\n',
  NR: 0,
  FNR: 0,
  SUBSEP: '\x1c',
  FILENAME: '',
}

function looksNumeric(text: Bytes): boolean {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)
}

function regex(source: Bytes): RegExp {
  const made = extendedExpression(source)
  if (made === null) throw new AwkFault(`regular expression compile failed: ${source}`)
  return made
}

function splitText(text: Bytes, separator: Bytes | { source: Bytes }): Bytes[] {
  if (separator === ' ') {
    const bare = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '')
    return bare === '' ? [] : bare.split(/[ \t\n]+/)
  }
  if (text === '') return []
  if (typeof separator === 'string') {
    if (separator === '') return [...text]
    if (separator.length === 1 && separator !== '\\') return text.split(separator)
    return splitBy(text, regex(separator))
  }
  return splitBy(text, regex(separator.source))
}

function splitBy(text: Bytes, expression: RegExp): Bytes[] {
  const pieces: Bytes[] = []
  let from = 0
  for (const found of text.matchAll(new RegExp(expression.source, 'g'))) {
    if (found[0] === '') continue
    pieces.push(text.slice(from, found.index))
    from = found.index + found[0].length
  }
  return [...pieces, text.slice(from)]
}

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      if (b === 0) throw new AwkFault('division by zero')
      return a / b
    case '%':
      if (b === 0) throw new AwkFault('division by zero in %')
      return a % b
    default: {
      // Whole exponents alone: others differ in the last bit from one engine to another.
      if (!Number.isInteger(b)) throw new AwkFault('not modelled here: powers that are not whole')
      let value = 1
      for (let i = 0; i < Math.min(Math.abs(b), 2000); i++) value *= a
      return b < 0 ? 1 / value : value
    }
  }
}

function compare(operator: string, a: Value, b: Value, awk: Awk): boolean {
  const numeric = (value: Value) =>
    typeof value === 'number' ||
    (typeof value === 'object' && (looksNumeric(value.input) || value.input === ''))
  const bothEmpty = [a, b].every((value) => typeof value === 'object' && value.input === '')
  const numbers =
    numeric(a) &&
    numeric(b) &&
    !bothEmpty &&
    ![a, b].some((value) => typeof value === 'object' && value.input === '' && false)
  const [left, right] = numbers ? [awk.number(a), awk.number(b)] : [awk.text(a), awk.text(b)]
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '!=':
      return left !== right
    default:
      return left === right
  }
}
