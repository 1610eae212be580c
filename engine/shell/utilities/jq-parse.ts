// Reads a jq filter (jq 1.6 manual).

export type JqFilter =
  | { type: 'identity' }
  | { type: 'recurse' }
  | { type: 'literal'; value: null | boolean | number | string }
  | { type: 'variable'; name: string }
  | { type: 'pipe'; left: JqFilter; right: JqFilter }
  | { type: 'comma'; left: JqFilter; right: JqFilter }
  | { type: 'bind'; value: JqFilter; name: string; body: JqFilter }
  | { type: 'index'; target: JqFilter; key: JqFilter; optional: boolean }
  | { type: 'slice'; target: JqFilter; from: JqFilter | null; to: JqFilter | null }
  | { type: 'iterate'; target: JqFilter; optional: boolean }
  | { type: 'array'; body: JqFilter | null }
  | { type: 'object'; entries: { key: JqFilter; value: JqFilter }[] }
  | { type: 'string'; parts: (string | JqFilter)[]; format: string | null }
  | { type: 'format'; name: string }
  | { type: 'negate'; value: JqFilter }
  | { type: 'if'; condition: JqFilter; yes: JqFilter; no: JqFilter | null }
  | { type: 'try'; body: JqFilter; handler: JqFilter | null }
  | { type: 'reduce'; source: JqFilter; name: string; first: JqFilter; update: JqFilter }
  | { type: 'binary'; operator: string; left: JqFilter; right: JqFilter }
  | { type: 'call'; name: string; args: JqFilter[] }

/** Raised for an invalid filter, and by a filter that fails. */
export class JqFault extends Error {}

/** How deep a filter may nest. */
const MAX_DEPTH = 200
const TOKEN =
  /^(\.\.|\/\/|==|!=|<=|>=|\?\/\/|and\b|or\b|[A-Za-z_]\w*|\$[A-Za-z_]\w*|@\w+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|[.[\]{}()|,:;<>+\-*/%?="])/

/** Throws JqFault. */
export function parseJq(text: string): JqFilter {
  return new JqReader(text).whole()
}

class JqReader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): JqFilter {
    if (this.#peek() === '') return { type: 'identity' }
    const filter = this.#pipe()
    if (this.#peek() !== '') this.#fail()
    return filter
  }

  #fail(): never {
    const token = this.#peek()
    throw new JqFault(
      token === ''
        ? 'syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, line 1:'
        : `syntax error, unexpected '${token}' (Unix shell quoting issues?) at <top-level>, line 1:`,
    )
  }

  #peek(): string {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
    const rest = this.#text.slice(this.#at, this.#at + 200)
    if (rest.startsWith('#')) {
      const end = this.#text.indexOf('\n', this.#at)
      this.#at = end < 0 ? this.#text.length : end
      return this.#peek()
    }
    return TOKEN.exec(rest)?.[1] ?? rest.slice(0, 1)
  }

  #next(): string {
    const token = this.#peek()
    this.#at += token.length
    return token
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#next()
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#fail()
  }

  #pipe(): JqFilter {
    if (++this.#depth > MAX_DEPTH) throw new JqFault('too deeply nested')
    const left = this.#comma()
    let filter = left
    if (this.#take('as')) {
      const name = this.#next()
      if (!name.startsWith('$')) throw new JqFault('not modelled here: destructuring')
      this.#expect('|')
      filter = { type: 'bind', value: left, name: name.slice(1), body: this.#pipe() }
    } else if (this.#take('|')) filter = { type: 'pipe', left, right: this.#pipe() }
    this.#depth--
    return filter
  }

  #comma(): JqFilter {
    let left = this.#binary(0)
    while (this.#take(',')) left = { type: 'comma', left, right: this.#binary(0) }
    return left
  }

  #binary(level: number): JqFilter {
    const operators = LEVELS[level]
    if (operators === undefined) return this.#postfix()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = this.#peek()
      if (!operators.includes(operator)) return left
      this.#next()
      // `//` takes what follows first.
      const right = operator === '//' ? this.#binary(level) : this.#binary(level + 1)
      left = { type: 'binary', operator, left, right }
    }
  }

  #postfix(): JqFilter {
    let filter = this.#term()
    for (;;) {
      const token = this.#peek()
      if (token === '?') {
        this.#next()
        filter = { type: 'try', body: filter, handler: null }
      } else if (token === '[') {
        this.#next()
        filter = this.#brackets(filter)
      } else if (token === '.' && /^\.\s*["A-Za-z_[]/.test(this.#text.slice(this.#at))) {
        this.#next()
        filter = this.#member(filter)
      } else return filter
    }
  }

  /** Behind a `.`: a name, a string or brackets. */
  #member(target: JqFilter): JqFilter {
    const token = this.#peek()
    if (token === '"') return { type: 'index', target, key: this.#string(null), optional: false }
    if (token === '[') {
      this.#next()
      return this.#brackets(target)
    }
    this.#next()
    return { type: 'index', target, key: { type: 'literal', value: token }, optional: false }
  }

  #brackets(target: JqFilter): JqFilter {
    if (this.#take(']')) return { type: 'iterate', target, optional: false }
    if (this.#take(':')) {
      const to = this.#pipe()
      this.#expect(']')
      return { type: 'slice', target, from: null, to }
    }
    const key = this.#pipe()
    if (this.#take(':')) {
      const to = this.#peek() === ']' ? null : this.#pipe()
      this.#expect(']')
      return { type: 'slice', target, from: key, to }
    }
    this.#expect(']')
    return { type: 'index', target, key, optional: false }
  }

  #term(): JqFilter {
    const token = this.#peek()
    if (token === '..') {
      this.#next()
      return { type: 'recurse' }
    }
    if (token === '.') {
      this.#next()
      const next = this.#text[this.#at] ?? ''
      if (/["A-Za-z_]/.test(next)) return this.#member({ type: 'identity' })
      if (next === '[') {
        this.#next()
        return this.#brackets({ type: 'identity' })
      }
      return { type: 'identity' }
    }
    if (token === '"') return this.#string(null)
    if (token.startsWith('@')) {
      this.#next()
      if (this.#peek() === '"') return this.#string(token.slice(1))
      return { type: 'format', name: token.slice(1) }
    }
    if (token.startsWith('$')) {
      this.#next()
      return { type: 'variable', name: token.slice(1) }
    }
    if (/^[\d.]/.test(token)) {
      this.#next()
      return { type: 'literal', value: Number(token) }
    }
    if (token === '-') {
      this.#next()
      return { type: 'negate', value: this.#postfix() }
    }
    if (token === '(') {
      this.#next()
      const filter = this.#pipe()
      this.#expect(')')
      return filter
    }
    if (token === '[') {
      this.#next()
      if (this.#take(']')) return { type: 'array', body: null }
      const body = this.#pipe()
      this.#expect(']')
      return { type: 'array', body }
    }
    if (token === '{') return this.#object()
    if (/^[A-Za-z_]/.test(token)) return this.#word(token)
    return this.#fail()
  }

  #word(token: string): JqFilter {
    this.#next()
    switch (token) {
      case 'true':
      case 'false':
        return { type: 'literal', value: token === 'true' }
      case 'null':
        return { type: 'literal', value: null }
      case 'if': {
        const condition = this.#pipe()
        this.#expect('then')
        const yes = this.#pipe()
        if (this.#peek() === 'elif') {
          const no = this.#word('if')
          return { type: 'if', condition, yes, no }
        }
        const no = this.#take('else') ? this.#pipe() : null
        this.#expect('end')
        return { type: 'if', condition, yes, no }
      }
      case 'try': {
        const body = this.#postfix()
        return { type: 'try', body, handler: this.#take('catch') ? this.#postfix() : null }
      }
      case 'reduce': {
        const source = this.#postfix()
        this.#expect('as')
        const name = this.#next().slice(1)
        this.#expect('(')
        const first = this.#pipe()
        this.#expect(';')
        const update = this.#pipe()
        this.#expect(')')
        return { type: 'reduce', source, name, first, update }
      }
      case 'def':
      case 'foreach':
      case 'label':
      case 'import':
        throw new JqFault(`not modelled here: ${token}`)
      case 'then':
      case 'else':
      case 'end':
      case 'elif':
      case 'as':
      case 'catch':
        this.#at -= token.length
        return this.#fail()
    }
    const args: JqFilter[] = []
    if (this.#take('(')) {
      do args.push(this.#pipe())
      while (this.#take(';'))
      this.#expect(')')
    }
    return { type: 'call', name: token, args }
  }

  #object(): JqFilter {
    this.#expect('{')
    const entries: { key: JqFilter; value: JqFilter }[] = []
    while (!this.#take('}')) {
      entries.push(this.#entry())
      if (!this.#take(',') && this.#peek() !== '}') this.#fail()
    }
    return { type: 'object', entries }
  }

  #entry(): { key: JqFilter; value: JqFilter } {
    const token = this.#peek()
    let key: JqFilter
    let value: JqFilter
    if (token === '(') {
      this.#next()
      key = this.#pipe()
      this.#expect(')')
      value = { type: 'identity' }
    } else if (token === '"') {
      key = this.#string(null)
      value = { type: 'index', target: { type: 'identity' }, key, optional: false }
    } else if (token.startsWith('$')) {
      this.#next()
      key = { type: 'literal', value: token.slice(1) }
      value = { type: 'variable', name: token.slice(1) }
    } else if (/^[A-Za-z_]/.test(token)) {
      this.#next()
      key = { type: 'literal', value: token }
      value = { type: 'index', target: { type: 'identity' }, key, optional: false }
    } else return this.#fail()
    if (!this.#take(':')) return { key, value }
    return { key, value: this.#entryValue() }
  }

  /** A value has no comma of its own; pipes are joined. */
  #entryValue(): JqFilter {
    const left = this.#binary(0)
    return this.#take('|') ? { type: 'pipe', left, right: this.#entryValue() } : left
  }

  #string(format: string | null): JqFilter {
    this.#expect('"')
    const parts: (string | JqFilter)[] = []
    let plain = ''
    for (;;) {
      const ch = this.#text[this.#at++]
      if (ch === undefined)
        throw new JqFault(
          'syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END',
        )
      if (ch === '"') break
      if (ch !== '\\') {
        plain += ch
        continue
      }
      const code = this.#text[this.#at++] ?? ''
      if (code === '(') {
        parts.push(plain)
        plain = ''
        parts.push(this.#pipe())
        this.#expect(')')
      } else if (code === 'u') {
        plain += String.fromCharCode(Number.parseInt(this.#text.slice(this.#at, this.#at + 4), 16))
        this.#at += 4
      } else plain += ESCAPES[code] ?? code
    }
    parts.push(plain)
    return parts.length === 1 && format === null
      ? { type: 'literal', value: plain }
      : { type: 'string', parts, format }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
const LEVELS = [
  ['//'],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]
