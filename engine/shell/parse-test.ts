// bash's `[[ … ]]`: words are neither split nor expanded to paths in it, and `&&`, `||`, `<`, `>`,
// `(` and `)` are its own operators (bash 5.2 manual, 3.2.5.2).

import type { Cursor } from './cursor'
import { SyntaxFault } from './cursor'
import { readWord } from './parse-word'
import type { Part, Test, Word } from './syntax'

const BINARY = [
  '==',
  '!=',
  '=~',
  '=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]

/** Reads to `]]`, which is read too. `skip` goes over blanks, comments and newlines. */
export function parseTest(c: Cursor, skip: () => void): Test {
  const reader = new TestReader(c, skip)
  const test = reader.or()
  reader.end()
  return test
}

class TestReader {
  readonly #c: Cursor
  readonly #skip: () => void

  constructor(c: Cursor, skip: () => void) {
    this.#c = c
    this.#skip = skip
    skip()
  }

  or(): Test {
    let left = this.#and()
    while (this.#takes('||')) left = { type: 'or', left, right: this.#and() }
    return left
  }

  end(): void {
    if (!this.#takes(']]')) this.#fail()
  }

  #and(): Test {
    let left = this.#not()
    while (this.#takes('&&')) left = { type: 'and', left, right: this.#not() }
    return left
  }

  #not(): Test {
    if (/^![ \t\n]/.test(this.#ahead(2))) {
      this.#takes('!')
      return { type: 'not', test: this.#not() }
    }
    if (this.#takes('(')) {
      const test = this.or()
      if (!this.#takes(')')) this.#fail()
      return test
    }
    return this.#primary()
  }

  #primary(): Test {
    const unary = /^-([a-hknoprstuvwxzGLNOS])[ \t\n]/.exec(this.#ahead(3))?.[1]
    if (unary !== undefined && !/^[ \t]*(==|=|!=|\]\])/.test(this.#c.text.slice(this.#c.at + 3))) {
      this.#takes(`-${unary}`)
      return { type: 'unary', operator: `-${unary}`, word: this.#word() }
    }
    const left = this.#word()
    const operator = BINARY.find(
      (each) => this.#ahead(each.length) === each && /[ \t\n]/.test(this.#after(each.length)),
    )
    if (operator === undefined) return { type: 'word', word: left }
    this.#takes(operator)
    const right = operator === '=~' ? this.#regex() : this.#word()
    return { type: 'binary', operator: operator === '=' ? '==' : operator, left, right }
  }

  #word(): Word {
    const word = readWord(this.#c)
    if (word.length === 0) this.#fail()
    this.#skip()
    return word
  }

  /** A regular expression: parentheses and bars belong to it, up to a blank. */
  #regex(): Word {
    const parts: Part[] = []
    for (;;) {
      parts.push(...readWord(this.#c))
      const ch = this.#ahead(1)
      if (!/[()|<>&;]/.test(ch)) break
      parts.push({ type: 'text', bytes: ch, quoted: false })
      this.#c.at++
    }
    if (parts.length === 0) this.#fail()
    this.#skip()
    return parts
  }

  #ahead(length: number): string {
    return this.#c.text.slice(this.#c.at, this.#c.at + length)
  }

  #after(length: number): string {
    return this.#c.text[this.#c.at + length] ?? '\n'
  }

  #takes(text: string): boolean {
    if (this.#ahead(text.length) !== text) return false
    this.#c.at += text.length
    if (text !== ']]') this.#skip()
    return true
  }

  #fail(): never {
    const c = this.#c
    const line = c.lineAt(c.at)
    const token = /^(\S+)/.exec(c.text.slice(c.at))?.[1] ?? 'newline'
    throw new SyntaxFault(`syntax error in conditional expression: near \`${token}'`, line)
  }
}
