// `$((…))`: C's operators on integers (POSIX.1-2017, 2.6.4; bash 5.2 manual, 6.5). A shell counts
// in 64 bits; this one is exact to 2^53, and says so where a result is beyond.

import type { Bytes } from '../base/rpc'

export interface Variables {
  get(name: string): Bytes | undefined
  set(name: string, value: Bytes): void
}

/** Raised for an invalid expression; `message` is bash's, without the shell's name. */
export class ArithmeticFault extends Error {}

/** How deep an expression may nest, and a variable's value may name other variables. */
const MAX_DEPTH = 200

/** The value of an expression; 0 for an empty one. Throws ArithmeticFault. */
export function evaluate(text: Bytes, variables: Variables): number {
  return new Evaluator(text, variables, 0).value()
}

const ASSIGNMENTS = ['<<=', '>>=', '+=', '-=', '*=', '/=', '%=', '&=', '^=', '|=', '=']
const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const TOKEN =
  /^(\d+#[\w@]+|0[xX][\da-fA-F]+|\d\w*|[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|&&|\|\||[-+*/%&^|<>=!]=|<<|>>|[-+*/%<>=!~&^|?:,()])/

class Evaluator {
  readonly #text: string
  readonly #variables: Variables
  readonly #depth: number
  #at = 0
  /** Where the last token began. */
  #lastAt = 0
  #nesting = 0
  /** In the arm that is not taken: no assignment, no division. */
  #idle = 0

  constructor(text: string, variables: Variables, depth: number) {
    this.#text = text.replaceAll('"', '').trimStart()
    this.#variables = variables
    this.#depth = depth
  }

  value(): number {
    if (this.#peek() === '') return 0
    const value = this.#comma()
    if (this.#peek() !== '') {
      const what = /^[\w$]/.test(this.#rest) ? 'syntax error in expression' : OPERAND
      throw this.#fault(what)
    }
    return value
  }

  get #rest(): string {
    return this.#text.slice(this.#at).trimStart()
  }

  #peek(): string {
    while (/[\s]/.test(this.#text[this.#at] ?? '')) this.#at++
    if (this.#at >= this.#text.length) return ''
    return TOKEN.exec(this.#text.slice(this.#at, this.#at + 80))?.[1] ?? this.#text[this.#at]!
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#advance(token)
    return true
  }

  #advance(token: string): void {
    this.#lastAt = this.#at
    this.#at += token.length
  }

  #fault(what: string): ArithmeticFault {
    // At the end of the text bash names the last token.
    const token = this.#rest === '' ? this.#text.slice(this.#lastAt) : this.#rest
    return new ArithmeticFault(`${this.#text}: ${what} (error token is "${token}")`)
  }

  #comma(): number {
    let value = this.#assignment()
    while (this.#take(',')) value = this.#assignment()
    return value
  }

  #assignment(): number {
    if (++this.#nesting > MAX_DEPTH)
      throw new ArithmeticFault(`${this.#text}: expression recursion level exceeded`)
    const from = this.#at
    const name = this.#peek()
    if (/^[A-Za-z_]/.test(name)) {
      this.#advance(name)
      const operator = this.#peek()
      if (ASSIGNMENTS.includes(operator)) {
        this.#advance(operator)
        const right = this.#assignment()
        const value =
          operator === '=' ? right : this.#apply(operator.slice(0, -1), this.#read(name), right)
        this.#write(name, value)
        this.#nesting--
        return value
      }
      this.#at = from
    }
    const value = this.#ternary()
    if (this.#peek() === '=') throw this.#fault('attempted assignment to non-variable')
    this.#nesting--
    return value
  }

  #ternary(): number {
    const condition = this.#binary(0)
    if (!this.#take('?')) return condition
    const expected = 'expression expected'
    if (this.#peek() === ':' || this.#peek() === '') throw this.#fault(expected)
    if (condition === 0) this.#idle++
    const yes = this.#comma()
    if (condition === 0) this.#idle--
    if (!this.#take(':')) throw this.#fault("`:' expected for conditional expression")
    if (this.#peek() === '') throw this.#fault(expected)
    if (condition !== 0) this.#idle++
    const no = this.#assignment()
    if (condition !== 0) this.#idle--
    return condition === 0 ? no : yes
  }

  #binary(level: number): number {
    const operators = BINARY[level]
    if (operators === undefined) return this.#power()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = this.#peek()
      if (!operators.includes(operator)) return left
      this.#advance(operator)
      const decided = (operator === '&&' && left === 0) || (operator === '||' && left !== 0)
      if (decided) this.#idle++
      this.#peek()
      const operand = this.#text.slice(this.#at)
      const right = this.#binary(level + 1)
      if (decided) this.#idle--
      if (operator === '&&') left = Number(left !== 0 && right !== 0)
      else if (operator === '||') left = Number(left !== 0 || right !== 0)
      else left = this.#apply(operator, left, right, operand)
    }
  }

  #power(): number {
    const base = this.#unary()
    if (!this.#take('**')) return base
    const exponent = this.#power()
    if (exponent < 0) throw this.#fault('exponent less than 0')
    let value = 1
    for (let i = 0; i < exponent && value !== 0 && i < 1100; i++) value = this.#exact(value * base)
    return value
  }

  #unary(): number {
    if (++this.#nesting > MAX_DEPTH)
      throw new ArithmeticFault(`${this.#text}: expression recursion level exceeded`)
    const value = this.#signed()
    this.#nesting--
    return value
  }

  #signed(): number {
    for (const sign of ['++', '--'] as const) {
      if (!this.#take(sign)) continue
      const name = this.#peek()
      if (!/^[A-Za-z_]/.test(name)) {
        // Two signs in front of a number.
        const value = this.#unary()
        return value
      }
      this.#at += name.length
      const value = this.#exact(this.#read(name) + (sign === '++' ? 1 : -1))
      this.#write(name, value)
      return value
    }
    if (this.#take('-')) return 0 - this.#unary()
    if (this.#take('+')) return this.#unary()
    if (this.#take('!')) return Number(this.#unary() === 0)
    if (this.#take('~')) return -this.#unary() - 1
    return this.#primary()
  }

  #primary(): number {
    const token = this.#peek()
    if (token === '(') {
      this.#at++
      const value = this.#comma()
      if (!this.#take(')')) throw this.#fault("missing `)'")
      return value
    }
    if (/^\d/.test(token)) {
      const value = this.#number(token)
      this.#at += token.length
      return value
    }
    // bash does not miss the operand of a last sign in the arm that is not taken.
    if (token === '' && this.#idle > 0 && /[-+]\s*$/.test(this.#text)) return 0
    if (!/^[A-Za-z_]/.test(token)) throw this.#fault(OPERAND)
    this.#at += token.length
    const value = this.#read(token)
    for (const sign of ['++', '--'] as const) {
      if (!this.#take(sign)) continue
      this.#write(token, this.#exact(value + (sign === '++' ? 1 : -1)))
    }
    return value
  }

  #number(token: string): number {
    const [, base, digits] = /^(\d+)#(.+)$/.exec(token) ?? []
    if (base !== undefined && digits !== undefined) {
      const value = Number.parseInt(digits, Number(base))
      if (Number(base) < 2 || Number(base) > 36) throw this.#fault('invalid arithmetic base')
      if (Number.isNaN(value)) throw this.#fault('value too great for base')
      return value
    }
    if (/^0[xX]/.test(token)) return this.#exact(Number.parseInt(token.slice(2), 16))
    if (/^0\d/.test(token)) {
      if (/[89]/.test(token)) throw this.#fault('value too great for base')
      return this.#exact(Number.parseInt(token, 8))
    }
    if (!/^\d+$/.test(token)) throw this.#fault('value too great for base')
    return this.#exact(Number(token))
  }

  #apply(operator: string, left: number, right: number, operand = ''): number {
    switch (operator) {
      case '+':
        return this.#exact(left + right)
      case '-':
        return this.#exact(left - right)
      case '*':
        return this.#exact(left * right)
      case '/':
      case '%': {
        if (right === 0) {
          if (this.#idle > 0) return 0
          throw new ArithmeticFault(`${this.#text}: division by 0 (error token is "${operand}")`)
        }
        const quotient = Math.trunc(left / right)
        return (operator === '/' ? quotient : left - quotient * right) + 0
      }
      case '<<':
        return this.#exact(left * powerOfTwo(right & 63))
      case '>>':
        return Math.floor(left / powerOfTwo(right & 63))
      case '&':
      case '^':
      case '|':
        return bitwise(operator, left, right)
      case '==':
        return Number(left === right)
      case '!=':
        return Number(left !== right)
      case '<':
        return Number(left < right)
      case '<=':
        return Number(left <= right)
      case '>':
        return Number(left > right)
      default:
        return Number(left >= right)
    }
  }

  #exact(value: number): number {
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value + 0
    if (this.#idle > 0) return 0
    throw new ArithmeticFault(`${this.#text}: not modelled here: numbers beyond 2^53`)
  }

  /** A variable's value is an expression too. */
  #read(name: string): number {
    if (this.#idle > 0) return 0
    const value = this.#variables.get(name) ?? ''
    if (/^-?[1-9]\d{0,14}$|^0$|^$/.test(value)) return Number(value)
    if (this.#depth > MAX_DEPTH)
      throw new ArithmeticFault(`${value}: expression recursion level exceeded`)
    return new Evaluator(value, this.#variables, this.#depth + 1).value()
  }

  #write(name: string, value: number): void {
    if (this.#idle === 0) this.#variables.set(name, String(value))
  }
}

const OPERAND = 'syntax error: operand expected'

const WORD = 4_294_967_296

function powerOfTwo(exponent: number): number {
  let power = 1
  for (let i = 0; i < exponent; i++) power *= 2
  return power
}

/** On two halves: JavaScript's own operators have 32 bits. */
function bitwise(operator: string, left: number, right: number): number {
  const high = (value: number) => Math.floor(value / WORD) | 0
  const low = (value: number) => (value - Math.floor(value / WORD) * WORD) | 0
  const apply = (a: number, b: number) =>
    operator === '&' ? a & b : operator === '|' ? a | b : a ^ b
  return apply(high(left), high(right)) * WORD + (apply(low(left), low(right)) >>> 0)
}
