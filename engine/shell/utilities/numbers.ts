// `seq`, `expr` and `yes` (GNU coreutils).

import type { Bytes } from '../../base/rpc'
import { basicExpression } from '../extended-regex'
import { printf } from '../format'
import type { Utility } from './utility'
import { readOptions, usageFault } from './utility'

/** As many lines as seq prints at once. */
const CHUNK = 1000

export const seq: Utility = {
  start(args) {
    // A negative number is no option.
    const words = args.map((word) => (/^-[\d.]/.test(word) ? `\0${word}` : word))
    const { options, rest, problem } = readOptions(words, 'w', 'sf', {
      separator: 's',
      format: 'f',
      'equal-width': 'w',
    })
    if (problem !== null) return usageFault('seq', problem)
    const numbers = rest.map((word) => word.replace('\0', ''))
    if (numbers.length === 0) return usageFault('seq', 'missing operand')
    if (numbers.length > 3) return usageFault('seq', `extra operand ‘${numbers[3]}’`)
    const wrong = numbers.find((word) => !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(word))
    if (wrong !== undefined) return usageFault('seq', `invalid floating point argument: ‘${wrong}’`)
    const [first, step, last] =
      numbers.length === 1
        ? ['1', '1', numbers[0]!]
        : numbers.length === 2
          ? [numbers[0]!, '1', numbers[1]!]
          : (numbers as [string, string, string])
    if (Number(step) === 0) return usageFault('seq', `invalid Zero increment value: ‘${step}’`)
    const places = Math.max(...[first, step].map((word) => word.split('.')[1]?.length ?? 0))
    const values: string[] = []
    let scale = 1
    for (let i = 0; i < Math.min(places, 15); i++) scale *= 10
    const [from, by] = [Math.round(Number(first) * scale), Math.round(Number(step) * scale)]
    const end = Number(last) * scale
    for (let i = 0; i < 100 * CHUNK; i++) {
      const value = from + i * by
      if (by > 0 ? value > end + 1e-9 : value < end - 1e-9) break
      values.push((value / scale).toFixed(places))
    }
    const format = options.get('f')
    const width = options.has('w') ? Math.max(0, ...values.map(({ length }) => length)) : 0
    const shown = values.map((value) => {
      if (typeof format === 'string') return printf([format, value]).stdout
      return value.startsWith('-')
        ? `-${value.slice(1).padStart(width - 1, '0')}`
        : value.padStart(width, '0')
    })
    if (shown.length === 0) return { exit: 0 }
    const separator = String(options.get('s') ?? '\n')
    return { stdout: `${shown.join(separator)}\n`, exit: 0 }
  },
}

/** Prints its words again and again, until nothing reads them. */
export const yes: Utility = {
  start: (args) => ({
    state: { line: `${args.length === 0 ? 'y' : args.join(' ')}\n` },
    inputs: [],
  }),
  end: (state) => ({ stdout: String(state.line).repeat(10), again: true }),
}

class ExprFault extends Error {}

export const expr: Utility = {
  start(args) {
    try {
      const reader = new Expr(args[0] === '--' ? args.slice(1) : args)
      const value = reader.whole()
      return { stdout: `${value}\n`, exit: value === '' || /^-?0+$/.test(value) ? 1 : 0 }
    } catch (fault) {
      if (!(fault instanceof ExprFault)) throw fault
      return { stderr: `expr: ${fault.message}\n`, exit: 2 }
    }
  },
}

class Expr {
  readonly #words: readonly Bytes[]
  #at = 0

  constructor(words: readonly Bytes[]) {
    this.#words = words
  }

  whole(): Bytes {
    if (this.#words.length === 0)
      throw new ExprFault("missing operand\nTry 'expr --help' for more information.")
    const value = this.#binary(0)
    const next = this.#words[this.#at]
    if (next !== undefined) throw new ExprFault(`syntax error: unexpected argument ‘${next}’`)
    return value
  }

  #binary(level: number): Bytes {
    const operators = LEVELS[level]
    if (operators === undefined) return this.#primary()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = this.#words[this.#at]
      if (operator === undefined || !operators.includes(operator)) return left
      this.#at++
      left = apply(operator, left, this.#binary(level + 1))
    }
  }

  #primary(): Bytes {
    const word = this.#words[this.#at]
    if (word === undefined)
      throw new ExprFault(`syntax error: missing argument after ‘${this.#words[this.#at - 1]}’`)
    this.#at++
    if (word === '(') {
      const value = this.#binary(0)
      if (this.#words[this.#at] !== ')') throw new ExprFault("syntax error: expecting ')'")
      this.#at++
      return value
    }
    if (word === 'length' && this.#words[this.#at] !== undefined)
      return String(this.#primary().length)
    if (word === 'index' && this.#words[this.#at + 1] !== undefined) {
      const text = this.#primary()
      const set = this.#primary()
      return String([...text].findIndex((ch) => set.includes(ch)) + 1)
    }
    if (word === 'substr' && this.#words[this.#at + 2] !== undefined) {
      const text = this.#primary()
      const from = Number(this.#primary())
      const length = Number(this.#primary())
      return from < 1 || length < 1 ? '' : text.slice(from - 1, from - 1 + length)
    }
    if (word === 'match' && this.#words[this.#at + 1] !== undefined) {
      const text = this.#primary()
      return matched(text, this.#primary())
    }
    return word
  }
}

const LEVELS = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
]

function apply(operator: string, left: Bytes, right: Bytes): Bytes {
  const isNull = (word: Bytes) => word === '' || /^-?0+$/.test(word)
  switch (operator) {
    case '|':
      return isNull(left) ? (isNull(right) ? '0' : right) : left
    case '&':
      return isNull(left) || isNull(right) ? '0' : left
    case ':':
      return matched(left, right)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return calculated(operator, left, right)
    default:
      return compared(operator, left, right) ? '1' : '0'
  }
}

function calculated(operator: string, left: Bytes, right: Bytes): Bytes {
  if (!/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) throw new ExprFault('non-integer argument')
  const [a, b] = [Number(left), Number(right)]
  if ((operator === '/' || operator === '%') && b === 0) throw new ExprFault('division by zero')
  const value =
    operator === '+'
      ? a + b
      : operator === '-'
        ? a - b
        : operator === '*'
          ? a * b
          : operator === '/'
            ? Math.trunc(a / b)
            : a - Math.trunc(a / b) * b
  return String(value + 0)
}

function compared(operator: string, left: Bytes, right: Bytes): boolean {
  const numbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right)
  const order = numbers ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '!=':
      return order !== 0
    default:
      return order === 0
  }
}

/** `STRING : REGEX`, from the start on: what its group matched, or how many characters. */
function matched(text: Bytes, source: Bytes): Bytes {
  const expression = basicExpression(source.replace(/^\^/, ''))
  if (expression === null) throw new ExprFault('Invalid regular expression')
  const found = new RegExp(`^(?:${expression.source})`).exec(text)
  const hasGroup = /\\\(/.test(source)
  if (found === null) return hasGroup ? '' : '0'
  return hasGroup ? (found[1] ?? '') : String(found[0].length)
}
