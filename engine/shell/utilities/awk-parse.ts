// Reads an awk program (POSIX.1-2017, awk). Functions of one's own, `getline` and output to files
// are not modelled; a program that has them is refused by name.

import type { Bytes } from '../../base/rpc'
import { unescaped } from '../parse-word'

export type AwkExpression =
  | { type: 'number'; value: number }
  | { type: 'string'; value: Bytes }
  | { type: 'regex'; source: Bytes }
  | { type: 'variable'; name: string }
  | { type: 'field'; index: AwkExpression }
  | { type: 'element'; name: string; subscripts: AwkExpression[] }
  | { type: 'in'; name: string; subscripts: AwkExpression[] }
  | { type: 'assign'; operator: string; target: AwkExpression; value: AwkExpression }
  | { type: 'step'; operator: '++' | '--'; target: AwkExpression; before: boolean }
  | { type: 'unary'; operator: string; value: AwkExpression }
  | { type: 'binary'; operator: string; left: AwkExpression; right: AwkExpression }
  | { type: 'ternary'; condition: AwkExpression; yes: AwkExpression; no: AwkExpression }
  | { type: 'call'; name: string; args: AwkExpression[] }
  | { type: 'group'; value: AwkExpression }

export type AwkStatement =
  | { type: 'expression'; value: AwkExpression }
  | { type: 'print'; args: AwkExpression[]; stream: 'stdout' | 'stderr' }
  | { type: 'printf'; args: AwkExpression[]; stream: 'stdout' | 'stderr' }
  | { type: 'if'; condition: AwkExpression; yes: AwkStatement; no: AwkStatement | null }
  | { type: 'while'; condition: AwkExpression; body: AwkStatement }
  | { type: 'do'; condition: AwkExpression; body: AwkStatement }
  | {
      type: 'for'
      first: AwkStatement | null
      condition: AwkExpression | null
      next: AwkStatement | null
      body: AwkStatement
    }
  | { type: 'for-in'; name: string; array: string; body: AwkStatement }
  | { type: 'block'; body: AwkStatement[] }
  | { type: 'delete'; name: string; subscripts: AwkExpression[] | null }
  | { type: 'next' }
  | { type: 'break' }
  | { type: 'continue' }
  | { type: 'exit'; value: AwkExpression | null }

export interface AwkRule {
  pattern: 'BEGIN' | 'END' | AwkExpression | null
  /** The second pattern of a range. */
  to: AwkExpression | null
  body: AwkStatement | null
}

/** Raised for an invalid program. */
export class AwkFault extends Error {}

type Token = {
  type: 'number' | 'string' | 'regex' | 'name' | 'function' | 'operator' | 'newline' | 'end'
  text: string
}

const OPERATORS = [
  '**=',
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '++',
  '--',
  '!~',
  '**',
  '>>',
]
const FUNCTIONS = new Set(
  'length substr index split sub gsub match sprintf tolower toupper int sqrt exp log sin cos atan2 rand srand system close'.split(
    ' ',
  ),
)
const KEYWORDS = new Set(
  'BEGIN END if else while do for in delete next exit break continue print printf function func getline return nextfile'.split(
    ' ',
  ),
)
/** How deep expressions and statements may nest. */
const MAX_DEPTH = 200

export function parseAwk(text: Bytes): AwkRule[] {
  return new AwkReader(text).rules()
}

class AwkReader {
  readonly #text: Bytes
  #at = 0
  #token: Token
  /** Whether the token before could end an operand: a `/` then divides. */
  #afterOperand = false
  #depth = 0
  /** Inside of parentheses a `>` compares, and `in` may stand. */
  #noIn = false
  #noGreater = false

  constructor(text: Bytes) {
    this.#text = text
    this.#token = this.#read()
  }

  rules(): AwkRule[] {
    const rules: AwkRule[] = []
    for (;;) {
      this.#skipEnds()
      if (this.#token.type === 'end') return rules
      rules.push(this.#rule())
    }
  }

  #fail(): never {
    const { type, text } = this.#token
    const shown = type === 'end' ? 'end of file' : type === 'newline' ? 'newline' : text
    throw new AwkFault(`syntax error at or near ${shown}`)
  }

  // Tokens

  #read(): Token {
    for (;;) {
      const ch = this.#text[this.#at]
      if (ch === ' ' || ch === '\t' || ch === '\r') this.#at++
      else if (ch === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2
      else if (ch === '#') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end
      } else break
    }
    const ch = this.#text[this.#at]
    if (ch === undefined) return { type: 'end', text: '' }
    if (ch === '\n') {
      this.#at++
      return { type: 'newline', text: ch }
    }
    const number = /^(0[xX][\da-fA-F]+|\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)/.exec(
      this.#text.slice(this.#at, this.#at + 64),
    )?.[0]
    if (number !== undefined) {
      this.#at += number.length
      return { type: 'number', text: number }
    }
    if (ch === '"') return this.#string()
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at, this.#at + 128))?.[0]
    if (name !== undefined) {
      this.#at += name.length
      const isCall = FUNCTIONS.has(name) || (this.#text[this.#at] === '(' && !KEYWORDS.has(name))
      return { type: isCall ? 'function' : 'name', text: name }
    }
    if (ch === '/' && !this.#afterOperand) return this.#regex()
    const operator = OPERATORS.find((each) => this.#text.startsWith(each, this.#at)) ?? ch
    this.#at += operator.length
    return { type: 'operator', text: operator }
  }

  #string(): Token {
    let text = ''
    for (this.#at++; ; ) {
      const ch = this.#text[this.#at]
      if (ch === undefined || ch === '\n') throw new AwkFault('runaway string constant "')
      this.#at++
      if (ch === '"') return { type: 'string', text }
      if (ch !== '\\') {
        text += ch
        continue
      }
      const code = /^([0-7]{1,3}|[\s\S])/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0] ?? ''
      this.#at += code.length
      text += code === '/' ? '/' : code === '\n' ? '' : unescaped(code)
    }
  }

  #regex(): Token {
    let text = ''
    let inClass = false
    for (this.#at++; ; ) {
      const ch = this.#text[this.#at]
      if (ch === undefined || ch === '\n')
        throw new AwkFault('regular expression lacks a closing /')
      this.#at++
      if (ch === '/' && !inClass) return { type: 'regex', text }
      if (ch === '\\') {
        const next = this.#text[this.#at++] ?? ''
        text += next === '/' ? '/' : `\\${next}`
        continue
      }
      if (ch === '[') inClass = true
      if (ch === ']') inClass = false
      text += ch
    }
  }

  #next(): Token {
    const token = this.#token
    this.#afterOperand =
      token.type === 'number' ||
      token.type === 'string' ||
      (token.type === 'name' && !KEYWORDS.has(token.text)) ||
      token.text === ')' ||
      token.text === ']' ||
      token.text === '++' ||
      token.text === '--' ||
      token.text === '$' ||
      (token.type === 'function' && token.text === 'length')
    this.#token = this.#read()
    return token
  }

  #is(text: string): boolean {
    const { type } = this.#token
    return this.#token.text === text && type !== 'string' && type !== 'regex'
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#next()
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail()
  }

  #skipNewlines(): void {
    while (this.#token.type === 'newline') this.#next()
  }

  #skipEnds(): void {
    while (this.#token.type === 'newline' || this.#is(';')) this.#next()
  }

  // Grammar

  #rule(): AwkRule {
    if (this.#is('function') || this.#is('func'))
      throw new AwkFault('not modelled here: functions of your own')
    let pattern: AwkRule['pattern'] = null
    let to: AwkExpression | null = null
    if (this.#take('BEGIN')) pattern = 'BEGIN'
    else if (this.#take('END')) pattern = 'END'
    else if (!this.#is('{')) {
      pattern = this.#expression()
      if (this.#take(',')) {
        this.#skipNewlines()
        to = this.#expression()
      }
    }
    if (!this.#is('{')) {
      if (pattern === 'BEGIN' || pattern === 'END') this.#fail()
      return { pattern, to, body: null }
    }
    return { pattern, to, body: this.#block() }
  }

  #block(): AwkStatement {
    this.#expect('{')
    const body: AwkStatement[] = []
    for (;;) {
      this.#skipEnds()
      if (this.#take('}')) return { type: 'block', body }
      if (this.#token.type === 'end') this.#fail()
      body.push(this.#statement())
    }
  }

  #statement(): AwkStatement {
    if (++this.#depth > MAX_DEPTH) throw new AwkFault('too deeply nested')
    const statement = this.#oneStatement()
    this.#depth--
    return statement
  }

  #oneStatement(): AwkStatement {
    if (this.#is('{')) return this.#block()
    if (this.#take('if')) {
      this.#expect('(')
      const condition = this.#expression()
      this.#expect(')')
      this.#skipNewlines()
      const yes = this.#body()
      const at = this.#at
      const token = this.#token
      this.#skipEnds()
      if (this.#take('else')) {
        this.#skipNewlines()
        return { type: 'if', condition, yes, no: this.#body() }
      }
      this.#at = at
      this.#token = token
      return { type: 'if', condition, yes, no: null }
    }
    if (this.#take('while')) {
      this.#expect('(')
      const condition = this.#expression()
      this.#expect(')')
      this.#skipNewlines()
      return { type: 'while', condition, body: this.#body() }
    }
    if (this.#take('do')) {
      this.#skipNewlines()
      const body = this.#body()
      this.#skipEnds()
      this.#expect('while')
      this.#expect('(')
      const condition = this.#expression()
      this.#expect(')')
      this.#end()
      return { type: 'do', condition, body }
    }
    if (this.#take('for')) return this.#for()
    const statement = this.#simple()
    this.#end()
    return statement
  }

  /** The body of a loop or a branch: a lone `;` is an empty one. */
  #body(): AwkStatement {
    if (this.#take(';')) return { type: 'block', body: [] }
    return this.#statement()
  }

  #end(): void {
    if (this.#is('}') || this.#token.type === 'end') return
    if (this.#token.type === 'newline' || this.#is(';')) {
      this.#next()
      return
    }
    this.#fail()
  }

  #for(): AwkStatement {
    this.#expect('(')
    let first: AwkStatement | null = null
    if (!this.#is(';')) {
      this.#noIn = true
      first = this.#simple()
      this.#noIn = false
      if (first.type === 'expression' && first.value.type === 'variable' && this.#take('in')) {
        const array = this.#next().text
        this.#expect(')')
        this.#skipNewlines()
        return { type: 'for-in', name: first.value.name, array, body: this.#body() }
      }
    }
    this.#expect(';')
    this.#skipNewlines()
    const condition = this.#is(';') ? null : this.#expression()
    this.#expect(';')
    this.#skipNewlines()
    const next = this.#is(')') ? null : this.#simple()
    this.#expect(')')
    this.#skipNewlines()
    return { type: 'for', first, condition, next, body: this.#body() }
  }

  #simple(): AwkStatement {
    const word = this.#token
    if (word.type === 'name') {
      switch (word.text) {
        case 'print':
        case 'printf':
          return this.#print(word.text)
        case 'next':
          this.#next()
          return { type: 'next' }
        case 'break':
        case 'continue':
          this.#next()
          return { type: word.text }
        case 'exit': {
          this.#next()
          const none =
            this.#is(';') || this.#is('}') || ['newline', 'end'].includes(this.#token.type)
          return { type: 'exit', value: none ? null : this.#expression() }
        }
        case 'delete': {
          this.#next()
          const name = this.#next().text
          if (!this.#take('[')) return { type: 'delete', name, subscripts: null }
          const subscripts = this.#list(']')
          return { type: 'delete', name, subscripts }
        }
        case 'getline':
        case 'return':
        case 'nextfile':
          throw new AwkFault(`not modelled here: ${word.text}`)
      }
    }
    return { type: 'expression', value: this.#expression() }
  }

  #print(type: 'print' | 'printf'): AwkStatement {
    this.#next()
    this.#noGreater = true
    let args: AwkExpression[] = []
    const none = () =>
      this.#is(';') ||
      this.#is('}') ||
      this.#is('>') ||
      this.#is('>>') ||
      this.#is('|') ||
      ['newline', 'end'].includes(this.#token.type)
    if (!none()) {
      args = [this.#expression()]
      while (this.#take(',')) {
        this.#skipNewlines()
        args.push(this.#expression())
      }
      // `print (a, b)`: the parentheses are the statement's.
      const [only] = args
      if (args.length === 1 && only?.type === 'call' && only.name === '') args = only.args
    }
    this.#noGreater = false
    let stream: 'stdout' | 'stderr' = 'stdout'
    if (this.#is('>') || this.#is('>>')) {
      this.#next()
      const target = this.#token
      if (target.type !== 'string' || !/^\/dev\/std(out|err)$/.test(target.text))
        throw new AwkFault('not modelled here: output to a file')
      stream = target.text === '/dev/stderr' ? 'stderr' : 'stdout'
      this.#next()
    } else if (this.#is('|')) throw new AwkFault('not modelled here: output to a command')
    return { type, args, stream }
  }

  #list(end: string): AwkExpression[] {
    const list: AwkExpression[] = []
    const [noIn, noGreater] = [this.#noIn, this.#noGreater]
    this.#noIn = false
    this.#noGreater = false
    this.#skipNewlines()
    if (!this.#is(end)) {
      do {
        this.#skipNewlines()
        list.push(this.#expression())
        this.#skipNewlines()
      } while (this.#take(','))
    }
    this.#noIn = noIn
    this.#noGreater = noGreater
    this.#expect(end)
    return list
  }

  #expression(): AwkExpression {
    if (++this.#depth > MAX_DEPTH) throw new AwkFault('too deeply nested')
    const expression = this.#assignment()
    this.#depth--
    return expression
  }

  #assignment(): AwkExpression {
    const left = this.#ternary()
    const operator = ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='].find((each) => this.#is(each))
    if (operator === undefined) return left
    if (!['variable', 'field', 'element'].includes(left.type)) this.#fail()
    this.#next()
    this.#skipNewlines()
    return {
      type: 'assign',
      operator: operator === '**=' ? '^' : operator.slice(0, -1),
      target: left,
      value: this.#assignment(),
    }
  }

  #ternary(): AwkExpression {
    const condition = this.#or()
    if (!this.#take('?')) return condition
    this.#skipNewlines()
    const yes = this.#assignment()
    this.#skipNewlines()
    this.#expect(':')
    this.#skipNewlines()
    return { type: 'ternary', condition, yes, no: this.#assignment() }
  }

  #or(): AwkExpression {
    let left = this.#and()
    while (this.#take('||')) {
      this.#skipNewlines()
      left = { type: 'binary', operator: '||', left, right: this.#and() }
    }
    return left
  }

  #and(): AwkExpression {
    let left = this.#in()
    while (this.#take('&&')) {
      this.#skipNewlines()
      left = { type: 'binary', operator: '&&', left, right: this.#in() }
    }
    return left
  }

  #in(): AwkExpression {
    let left = this.#match()
    while (!this.#noIn && this.#is('in')) {
      this.#next()
      const name = this.#next().text
      const subscripts = left.type === 'call' && left.name === '' ? left.args : [left]
      left = { type: 'in', name, subscripts }
    }
    return left
  }

  #match(): AwkExpression {
    let left = this.#comparison()
    while (this.#is('~') || this.#is('!~')) {
      const operator = this.#next().text
      left = { type: 'binary', operator, left, right: this.#comparison() }
    }
    return left
  }

  #comparison(): AwkExpression {
    const left = this.#concatenation()
    const operator = ['<', '<=', '==', '!=', '>=', '>'].find((each) => this.#is(each))
    if (operator === undefined || (operator === '>' && this.#noGreater)) return left
    this.#next()
    return { type: 'binary', operator, left, right: this.#concatenation() }
  }

  #concatenation(): AwkExpression {
    let left = this.#additive()
    while (this.#startsOperand())
      left = { type: 'binary', operator: ' ', left, right: this.#additive() }
    return left
  }

  #startsOperand(): boolean {
    const { type, text } = this.#token
    if (type === 'number' || type === 'string' || type === 'function') return true
    if (type === 'name') return !KEYWORDS.has(text)
    return (
      type === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(text) && text !== '!'
    )
  }

  #additive(): AwkExpression {
    let left = this.#multiplicative()
    while (this.#is('+') || this.#is('-')) {
      const operator = this.#next().text
      left = { type: 'binary', operator, left, right: this.#multiplicative() }
    }
    return left
  }

  #multiplicative(): AwkExpression {
    let left = this.#unary()
    while (this.#is('*') || this.#is('/') || this.#is('%')) {
      const operator = this.#next().text
      left = { type: 'binary', operator, left, right: this.#unary() }
    }
    return left
  }

  #unary(): AwkExpression {
    if (++this.#depth > MAX_DEPTH) throw new AwkFault('too deeply nested')
    const operator = ['!', '-', '+'].find((each) => this.#is(each))
    let value: AwkExpression
    if (operator === undefined) value = this.#power()
    else {
      this.#next()
      value = { type: 'unary', operator, value: this.#unary() }
    }
    this.#depth--
    return value
  }

  #power(): AwkExpression {
    const left = this.#postfix()
    if (!this.#is('^') && !this.#is('**')) return left
    this.#next()
    return { type: 'binary', operator: '^', left, right: this.#unary() }
  }

  #postfix(): AwkExpression {
    const target = this.#primary()
    if (!['variable', 'field', 'element'].includes(target.type)) return target
    for (const operator of ['++', '--'] as const)
      if (this.#take(operator)) return { type: 'step', operator, target, before: false }
    return target
  }

  #primary(): AwkExpression {
    const token = this.#token
    switch (token.type) {
      case 'number':
        this.#next()
        return { type: 'number', value: Number(token.text) }
      case 'string':
        this.#next()
        return { type: 'string', value: token.text }
      case 'regex':
        this.#next()
        return { type: 'regex', source: token.text }
      case 'function':
        return this.#call()
      case 'name': {
        if (token.text === 'getline') throw new AwkFault('not modelled here: getline')
        if (KEYWORDS.has(token.text)) this.#fail()
        this.#next()
        if (!this.#take('[')) return { type: 'variable', name: token.text }
        return { type: 'element', name: token.text, subscripts: this.#list(']') }
      }
    }
    if (this.#take('(')) {
      const list = this.#list(')')
      const [only] = list
      if (list.length === 1 && only !== undefined) return { type: 'group', value: only }
      return { type: 'call', name: '', args: list }
    }
    if (this.#take('$')) {
      for (const operator of ['++', '--'] as const)
        if (this.#take(operator)) {
          const target = this.#primary()
          return { type: 'field', index: { type: 'step', operator, target, before: true } }
        }
      if (this.#take('-')) {
        const value = this.#primary()
        return { type: 'field', index: { type: 'unary', operator: '-', value } }
      }
      return { type: 'field', index: this.#primary() }
    }
    for (const operator of ['++', '--'] as const)
      if (this.#take(operator)) {
        const target = this.#primary()
        return { type: 'step', operator, target, before: true }
      }
    return this.#fail()
  }

  #call(): AwkExpression {
    const { text: name } = this.#next()
    if (!FUNCTIONS.has(name)) throw new AwkFault(`function ${name} never defined`)
    if (['system', 'close', 'rand', 'srand', 'sin', 'cos', 'atan2', 'exp', 'log'].includes(name))
      throw new AwkFault(`not modelled here: ${name}()`)
    if (!this.#take('(')) {
      if (name !== 'length') this.#fail()
      return { type: 'call', name, args: [] }
    }
    return { type: 'call', name, args: this.#list(')') }
  }
}
