// Reads a shell script, one complete command after the other, as a shell does. A shell does not
// look at what is behind a syntax error before its turn, and has run what is before it by then.
//
// The grammar is that of POSIX.1-2017 (2.10), with bash's `[[ ]]`, `(( ))`, `for (( ))`,
// `function`, `<<<`, `&>`, `|&`, `;&` and `{1..5}`. A construct that other shells have and this one
// does not is `unmodelled`: its complete command is read to the end, and nothing of it runs.

import type { Bytes } from '../base/rpc'
import { braces } from './braces'
import type { Cursor } from './cursor'
import { SyntaxFault } from './cursor'
import { parseTest } from './parse-test'
import { readArithmetic, readHereBody, readWord } from './parse-word'
import type {
  AndOr,
  Assignment,
  Command,
  Compound,
  List,
  Part,
  Pipeline,
  Redirect,
  RedirectOperator,
  Word,
} from './syntax'

export interface Position {
  at: number
  line: number
}

export const START: Position = { at: 0, line: 1 }

export type Parsed =
  /** A complete command: the lists of one line, or of the lines that a compound takes. */
  | { type: 'command'; list: List; next: Position }
  /** Only blank lines and comments are left. */
  | { type: 'end' }
  /** `message` is bash's, without the names of the shell and the script. */
  | { type: 'error'; message: string; line: number; next: Position }
  /** A construct that this shell does not have, and the text of its whole command. */
  | { type: 'unmodelled'; what: string; line: number; source: Bytes; next: Position }

export interface ParseOptions {
  /** The text of an alias; undefined for another word. */
  alias?(name: string): Bytes | undefined
}

/** The next complete command of a script. Never throws. */
export function parseNext(text: Bytes, from: Position, options: ParseOptions = {}): Parsed {
  return new Parser(text, from, options).complete()
}

const OPERATORS = [
  '&>>',
  '<<-',
  '<<<',
  ';;&',
  '&&',
  '||',
  ';;',
  ';&',
  '|&',
  '&>',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  '<',
  '>',
  '|',
  '&',
  ';',
  '(',
  ')',
]
const REDIRECTS = new Set(['<', '>', '>>', '>|', '<>', '<&', '>&', '&>', '&>>', '<<<', '<<', '<<-'])
const RESERVED = new Set(
  'if then elif else fi for while until do done case esac in { } ! [[ function select time coproc'.split(
    ' ',
  ),
)
/** Reserved words that end a list. */
const CLOSERS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}'])

type Token =
  | { type: 'operator'; text: string; start: number; end: number }
  | { type: 'word'; word: Part[]; raw: Bytes; start: number; end: number }
  | { type: 'number'; fd: number; start: number; end: number }
  | { type: 'newline' | 'eof'; start: number; end: number }

interface HereDocument {
  redirect: { body: Word }
  end: Bytes
  raw: boolean
  tabs: boolean
}

class Parser implements Cursor {
  text: Bytes
  at: number
  readonly #from: Position
  readonly #options: ParseOptions
  #token: Token | null = null
  #documents: HereDocument[] = []
  #unmodelled: { what: string; line: number } | null = null
  /** Aliases that are being read: none of them stands for anything before its end. */
  #aliases: { name: string; end: number }[] = []
  #counted: Position

  constructor(text: Bytes, from: Position, options: ParseOptions) {
    this.text = text
    this.at = from.at
    this.#from = from
    this.#counted = from
    this.#options = options
  }

  complete(): Parsed {
    try {
      while (this.#peek().type === 'newline') this.#next()
      if (this.#peek().type === 'eof') return { type: 'end' }
      const start = this.#peek().start
      const line = this.lineAt(start)
      const list = this.#line()
      const next = this.#position()
      if (this.#unmodelled !== null)
        return {
          type: 'unmodelled',
          ...this.#unmodelled,
          source: this.text.slice(start, this.at).trimEnd(),
          next,
        }
      return list.length === 0
        ? { type: 'error', ...this.#unexpected(this.#peek(), line), next: this.#afterLine() }
        : { type: 'command', list, next }
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault
      const { message, line } = fault
      const next = this.#afterLine()
      if (this.#unmodelled !== null)
        return {
          type: 'unmodelled',
          ...this.#unmodelled,
          source: this.text.slice(this.#from.at, next.at).trim(),
          next,
        }
      return { type: 'error', message, line, next }
    }
  }

  /** Every command of the text, for the inside of backticks. */
  all(): { list: List; unmodelled: string | null } {
    const list: AndOr[] = []
    for (;;) {
      while (this.#peek().type === 'newline') this.#next()
      if (this.#peek().type === 'eof') break
      list.push(...this.#line())
      if (this.#peek().type !== 'newline' && this.#peek().type !== 'eof') this.#fail(this.#peek())
    }
    return { list, unmodelled: this.#unmodelled?.what ?? null }
  }

  // What words need -------------------------------------------------------------------------------

  lineAt(at: number): number {
    if (at < this.#counted.at) this.#counted = this.#from
    let { line } = this.#counted
    for (let i = this.#counted.at; i < at; i++) if (this.text[i] === '\n') line++
    this.#counted = { at, line }
    return line
  }

  list(_end: ')'): List {
    const kept = this.#token
    this.#token = null
    const list = this.#compoundList(true)
    const token = this.#peek()
    if (token.type === 'eof') {
      // The word that has no end says so.
      this.at = this.text.length
    } else {
      if (token.type !== 'operator' || token.text !== ')') this.#fail(token)
      this.at = token.start
    }
    this.#token = kept
    return list
  }

  inner(text: Bytes, line: number): List {
    const { list, unmodelled } = new Parser(text, { at: 0, line }, this.#options).all()
    if (unmodelled !== null) this.unmodelled(unmodelled)
    return list
  }

  unmodelled(what: string): void {
    this.#unmodelled ??= { what, line: this.lineAt(this.at) }
  }

  // Tokens ----------------------------------------------------------------------------------------

  #peek(): Token {
    this.#token ??= this.#read()
    return this.#token
  }

  #next(): Token {
    const token = this.#peek()
    this.#token = null
    this.at = token.end
    if (token.type === 'newline') this.#readDocuments()
    return token
  }

  #read(): Token {
    this.#skipBlanks()
    const start = this.at
    if (start >= this.text.length) return { type: 'eof', start, end: start }
    if (this.text[start] === '\n') return { type: 'newline', start, end: start + 1 }
    const number = /^\d+(?=[<>])/.exec(this.text.slice(start, start + 8))?.[0]
    if (number !== undefined)
      return { type: 'number', fd: Number(number), start, end: start + number.length }
    const operator = OPERATORS.find((each) => this.text.startsWith(each, start))
    if (operator !== undefined) {
      if ((operator === '<' || operator === '>') && this.text[start + 1] === '(')
        this.unmodelled('process substitution (`<(…)`)')
      return { type: 'operator', text: operator, start, end: start + operator.length }
    }
    const word = readWord(this)
    const end = this.at
    const raw = this.text.slice(start, end)
    return { type: 'word', word, raw, start, end }
  }

  #skipBlanks(): void {
    for (;;) {
      const ch = this.text[this.at]
      if (ch === ' ' || ch === '\t') this.at++
      else if (ch === '\\' && this.text[this.at + 1] === '\n') this.at += 2
      else if (ch === '#') {
        const end = this.text.indexOf('\n', this.at)
        this.at = end < 0 ? this.text.length : end
      } else return
    }
  }

  #readDocuments(): void {
    const documents = this.#documents
    this.#documents = []
    for (const { redirect, end, raw, tabs } of documents) {
      let body = ''
      for (;;) {
        if (this.at >= this.text.length) break
        const stop = this.text.indexOf('\n', this.at)
        let line = this.text.slice(this.at, stop < 0 ? this.text.length : stop)
        this.at = stop < 0 ? this.text.length : stop + 1
        if (tabs) line = line.replace(/^\t+/, '')
        if (line === end) break
        body += `${line}\n`
      }
      redirect.body = raw
        ? [{ type: 'text', bytes: body, quoted: true }]
        : this.#bodyOf(body, this.lineAt(this.at))
    }
  }

  #bodyOf(body: Bytes, line: number): Word {
    const parser = new Parser(body, { at: 0, line }, this.#options)
    const word = readHereBody(parser)
    if (parser.#unmodelled !== null) this.unmodelled(parser.#unmodelled.what)
    return word
  }

  #position(): Position {
    return { at: this.at, line: this.lineAt(this.at) }
  }

  /** Where a shell reads on behind a syntax error: on the next line. */
  #afterLine(): Position {
    const end = this.text.indexOf('\n', this.at)
    this.at = end < 0 ? this.text.length : end + 1
    return this.#position()
  }

  #unexpected(token: Token, line = this.lineAt(token.start)): { message: string; line: number } {
    if (token.type === 'eof') return { message: 'syntax error: unexpected end of file', line }
    const shown = token.type === 'newline' ? 'newline' : this.text.slice(token.start, token.end)
    return { message: `syntax error near unexpected token \`${shown}'`, line }
  }

  #fail(token: Token): never {
    const { message, line } = this.#unexpected(token)
    // bash names the line behind the last one.
    const last = token.type === 'eof' && !this.text.endsWith('\n') ? line + 1 : line
    throw new SyntaxFault(message, token.type === 'eof' ? last : line)
  }

  /** The reserved word that the next token is where one may be. */
  get #reserved(): string | null {
    const token = this.#peek()
    return token.type === 'word' && RESERVED.has(token.raw) ? token.raw : null
  }

  #isOperator(text: string): boolean {
    const token = this.#peek()
    return token.type === 'operator' && token.text === text
  }

  #expect(text: string): void {
    const token = this.#peek()
    const found =
      token.type === 'operator' ? token.text : token.type === 'word' ? token.raw : undefined
    if (found !== text) this.#fail(token)
    this.#next()
  }

  #skipNewlines(): void {
    while (this.#peek().type === 'newline') this.#next()
  }

  // Grammar ---------------------------------------------------------------------------------------

  /** One line of lists, to its newline. */
  #line(): List {
    const list: AndOr[] = []
    for (;;) {
      const token = this.#peek()
      if (token.type === 'newline') {
        this.#next()
        return list
      }
      if (token.type === 'eof') return list
      const { item, ended } = this.#item()
      list.push(item)
      if (!ended && this.#peek().type !== 'newline' && this.#peek().type !== 'eof')
        this.#fail(this.#peek())
    }
  }

  /** The lists up to a reserved word that ends them, `)`, `;;` or the end. */
  #compoundList(mayBeEmpty = false): List {
    const list: AndOr[] = []
    for (;;) {
      this.#skipNewlines()
      const token = this.#peek()
      const reserved = this.#reserved
      const isEnd =
        token.type === 'eof' ||
        (reserved !== null && CLOSERS.has(reserved)) ||
        (token.type === 'operator' && [')', ';;', ';&', ';;&'].includes(token.text))
      if (isEnd) {
        if (list.length === 0 && !mayBeEmpty) this.#fail(token)
        return list
      }
      const { item, ended } = this.#item()
      list.push(item)
      if (!ended && this.#peek().type !== 'newline') {
        const after = this.#peek()
        // Behind a compound command a reserved word needs nothing in front of it.
        const closes =
          after.type === 'eof' ||
          (after.type === 'word' && CLOSERS.has(after.raw)) ||
          (after.type === 'operator' && [')', ';;', ';&', ';;&'].includes(after.text))
        if (!closes) this.#fail(after)
      }
    }
  }

  /** A list of pipelines joined by `&&` and `||`, with the `;` or `&` behind it. */
  #item(): { item: AndOr; ended: boolean } {
    const { start } = this.#peek()
    const line = this.lineAt(start)
    const first = this.#pipeline()
    const rest: AndOr['rest'][number][] = []
    while (this.#isOperator('&&') || this.#isOperator('||')) {
      const operator = this.#isOperator('&&') ? '&&' : '||'
      this.#next()
      this.#skipNewlines()
      rest.push({ operator, pipeline: this.#pipeline() })
    }
    const end = this.#peek().start
    const source = this.text.slice(start, end).trimEnd()
    const background = this.#isOperator('&')
    const ended = background || this.#isOperator(';')
    if (ended) this.#next()
    return { item: { first, rest, background, source, line }, ended }
  }

  #pipeline(): Pipeline {
    let negated = false
    while (this.#reserved === '!' || this.#reserved === 'time') {
      if (this.#reserved === 'time') this.unmodelled('`time`')
      else negated = !negated
      this.#next()
    }
    const commands = [this.#command()]
    const withErrors = [false]
    while (this.#isOperator('|') || this.#isOperator('|&')) {
      withErrors.push(this.#isOperator('|&'))
      this.#next()
      this.#skipNewlines()
      commands.push(this.#command())
    }
    return { commands, negated, withErrors }
  }

  #command(): Command {
    this.#expandAlias()
    const token = this.#peek()
    const line = this.lineAt(token.start)
    if (token.type === 'operator' && token.text === '(') {
      if (this.text.startsWith('((', token.start)) {
        const arithmetic = this.#arithmeticCommand(line)
        if (arithmetic !== null) return arithmetic
      }
      this.#next()
      const body = this.#compoundList()
      this.#expect(')')
      return { type: 'subshell', body, line, redirects: this.#redirects() }
    }
    switch (this.#reserved) {
      case '{': {
        this.#next()
        const body = this.#compoundList()
        this.#expect('}')
        return { type: 'group', body, line, redirects: this.#redirects() }
      }
      case 'if':
        return this.#if(line)
      case 'while':
      case 'until': {
        const type = this.#reserved
        this.#next()
        const condition = this.#compoundList()
        return { type, condition, body: this.#doGroup(), line, redirects: this.#redirects() }
      }
      case 'for':
        return this.#for(line)
      case 'case':
        return this.#case(line)
      case 'function': {
        this.#next()
        const name = this.#word()
        if (this.#isOperator('(')) {
          this.#next()
          this.#expect(')')
        }
        return this.#function(name.raw, line)
      }
      case '[[': {
        this.#next()
        const test = parseTest(this, () => this.#skipTestBlanks())
        return { type: 'condition', test, line, redirects: this.#redirects() }
      }
      case 'select':
      case 'coproc':
        this.unmodelled(`\`${this.#reserved}\``)
        if (this.#reserved === 'select') return this.#for(line)
        this.#next()
        return this.#command()
      case null:
        return this.#simple(line)
      default:
        return this.#fail(token)
    }
  }

  /** `((…))`; null where it is a subshell in a subshell. */
  #arithmeticCommand(line: number): Compound | null {
    const { start } = this.#peek()
    this.#token = null
    this.at = start + 2
    const word = readArithmetic(this)
    if (word === null) {
      this.at = start
      return null
    }
    return { type: 'arithmetic', word, line, redirects: this.#redirects() }
  }

  #if(line: number): Compound {
    const branches: { condition: List; body: List }[] = []
    let otherwise: List | null = null
    do {
      this.#next()
      const condition = this.#compoundList()
      this.#expect('then')
      branches.push({ condition, body: this.#compoundList() })
    } while (this.#reserved === 'elif')
    if (this.#reserved === 'else') {
      this.#next()
      otherwise = this.#compoundList()
    }
    this.#expect('fi')
    return { type: 'if', branches, otherwise, line, redirects: this.#redirects() }
  }

  #doGroup(): List {
    this.#expect('do')
    const body = this.#compoundList()
    this.#expect('done')
    return body
  }

  #for(line: number): Compound {
    this.#next()
    if (this.#isOperator('(') && this.text.startsWith('((', this.#peek().start))
      return this.#forArithmetic(line)
    const token = this.#word()
    if (!/^[A-Za-z_]\w*$/.test(token.raw))
      throw new SyntaxFault(`\`${token.raw}': not a valid identifier`, this.lineAt(token.start))
    this.#skipNewlines()
    let words: Word[] | null = null
    if (this.#reserved === 'in') {
      this.#next()
      words = []
      while (this.#peek().type === 'word') words.push(...braces(this.#word().word))
    }
    if (this.#isOperator(';')) this.#next()
    this.#skipNewlines()
    const body = this.#doGroup()
    return { type: 'for', name: token.raw, words, body, line, redirects: this.#redirects() }
  }

  #forArithmetic(line: number): Compound {
    const { start } = this.#peek()
    this.#token = null
    this.at = start + 2
    const inside = readArithmetic(this)
    if (inside === null) this.#fail(this.#peek())
    const [first = [], condition = [], next = []] = splitAtSemicolons(inside)
    if (this.#isOperator(';')) this.#next()
    this.#skipNewlines()
    let body: List
    if (this.#reserved === '{') {
      this.#next()
      body = this.#compoundList()
      this.#expect('}')
    } else body = this.#doGroup()
    const redirects = this.#redirects()
    return { type: 'for-arithmetic', first, condition, next, body, line, redirects }
  }

  #case(line: number): Compound {
    this.#next()
    const { word } = this.#word()
    this.#skipNewlines()
    this.#expect('in')
    const arms: { patterns: Word[]; body: List; falls: boolean }[] = []
    for (;;) {
      this.#skipNewlines()
      if (this.#reserved === 'esac') break
      if (this.#isOperator('(')) this.#next()
      const patterns = [this.#word().word]
      while (this.#isOperator('|')) {
        this.#next()
        patterns.push(this.#word().word)
      }
      this.#expect(')')
      const body = this.#compoundList(true)
      if (this.#isOperator(';;&')) this.unmodelled('`;;&` in a `case`')
      const falls = this.#isOperator(';&')
      arms.push({ patterns, body, falls })
      if (this.#isOperator(';;') || this.#isOperator(';&') || this.#isOperator(';;&')) this.#next()
      else break
    }
    this.#skipNewlines()
    this.#expect('esac')
    return { type: 'case', word, arms, line, redirects: this.#redirects() }
  }

  #function(name: string, line: number): Compound {
    this.#skipNewlines()
    const token = this.#peek()
    const body = this.#command()
    if (body.type === 'simple') this.#fail(token)
    return { type: 'function', name, body, line, redirects: [] }
  }

  #simple(line: number): Command {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      const token = this.#peek()
      if (token.type === 'number' || (token.type === 'operator' && REDIRECTS.has(token.text))) {
        redirects.push(this.#redirect())
        continue
      }
      if (token.type === 'operator' && token.text === '(' && words.length === 1) {
        const [name] = words
        const plain = name?.length === 1 && name[0]?.type === 'text' ? name[0].bytes : ''
        if (assignments.length > 0 || redirects.length > 0 || !/^[^$'"`]+$/.test(plain))
          this.#fail(token)
        this.#next()
        this.#expect(')')
        return this.#function(plain, line)
      }
      if (token.type !== 'word') break
      const assignment = words.length === 0 ? assignmentOf(token.word) : null
      this.#next()
      if (assignment === null) {
        words.push(...braces(token.word))
        continue
      }
      if (assignment.value.length === 0 && this.text[this.at] === '(') {
        this.unmodelled('arrays')
        this.#next()
        for (this.#skipNewlines(); this.#peek().type === 'word'; this.#skipNewlines()) this.#next()
        this.#expect(')')
      }
      assignments.push(assignment)
      this.#expandAlias()
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0)
      this.#fail(this.#peek())
    return { type: 'simple', assignments, words, redirects, line }
  }

  #word(): Extract<Token, { type: 'word' }> {
    const token = this.#peek()
    if (token.type !== 'word') return this.#fail(token)
    this.#next()
    return token
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = []
    for (;;) {
      const token = this.#peek()
      if (token.type !== 'number' && (token.type !== 'operator' || !REDIRECTS.has(token.text)))
        return redirects
      redirects.push(this.#redirect())
    }
  }

  #redirect(): Redirect {
    const token = this.#next()
    const fd = token.type === 'number' ? token.fd : null
    const operator = token.type === 'number' ? this.#next() : token
    const text = operator.type === 'operator' ? operator.text : ''
    const target = this.#word()
    if (text !== '<<' && text !== '<<-')
      return { type: 'file', fd, operator: text as RedirectOperator, target: target.word }
    const redirect: Redirect = { type: 'here', fd, body: [] }
    const raw = /['"\\]/.test(target.raw)
    const end = target.raw.replace(/\\([\s\S])|['"]/g, '$1')
    this.#documents.push({ redirect, end, raw, tabs: text === '<<-' })
    return redirect
  }

  #skipTestBlanks(): void {
    this.#token = null
    for (;;) {
      this.#skipBlanks()
      if (this.text[this.at] !== '\n') return
      this.at++
    }
  }

  /** Puts what an alias stands for in its place, once. */
  #expandAlias(): void {
    for (;;) {
      const token = this.#peek()
      if (token.type !== 'word' || !/^[\w.-]+$/.test(token.raw)) return
      this.#aliases = this.#aliases.filter(({ end }) => token.start < end)
      if (this.#aliases.some(({ name }) => name === token.raw)) return
      const value = this.#options.alias?.(token.raw)
      if (value === undefined) return
      this.text = this.text.slice(0, token.start) + value + this.text.slice(token.end)
      for (const alias of this.#aliases) alias.end += value.length - token.raw.length
      this.#aliases.push({ name: token.raw, end: token.start + value.length })
      this.at = token.start
      this.#token = null
    }
  }
}

/** `NAME=…` and `NAME+=…`, with nothing quoted in front of the `=`. */
function assignmentOf(word: readonly Part[]): Assignment | null {
  const [first, ...rest] = word
  if (first?.type !== 'text' || first.quoted) return null
  const [match, name, plus] = /^([A-Za-z_]\w*)(\+?)=/.exec(first.bytes) ?? []
  if (match === undefined || name === undefined) return null
  const bytes = first.bytes.slice(match.length)
  const value: Part[] = []
  if (/^~(\/|$)/.test(bytes)) {
    value.push({ type: 'home' })
    if (bytes.length > 1) value.push({ ...first, bytes: bytes.slice(1) })
  } else if (bytes !== '') value.push({ ...first, bytes })
  return { name, value: [...value, ...rest], appends: plus === '+' }
}

/** The three expressions of `for ((…; …; …))`. */
function splitAtSemicolons(word: Word): Word[] {
  const parts: Part[][] = [[]]
  for (const part of word) {
    if (part.type !== 'text') {
      parts.at(-1)!.push(part)
      continue
    }
    part.bytes.split(';').forEach((bytes, index) => {
      if (index > 0) parts.push([])
      if (bytes !== '') parts.at(-1)!.push({ ...part, bytes })
    })
  }
  return parts
}
