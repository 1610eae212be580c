// Typed text is read once, when it is entered, as a shell would read it. A pasted script becomes a
// list of lines, each with its words. Unsupported shell features (loops, redirection, command
// substitution) become lines that report it when their turn comes; the other lines still run. One
// pass reads input of any size in linear time.

import { shellBytes, text, utf8 } from '../base/bytes'
import type { Bytes } from '../base/rpc'
import { unescaped } from '../shell/parse-word'
import { compoundAt, skipCommands, skipSubstitution } from './compound'

/**
 * The maximum number of characters to enter at once. A script of thousands of lines is far below
 * it.
 */
export const MAX_TEXT = 256 * 1024
/** The maximum number of commands to enter at once. */
export const MAX_LINES = 10_000

/** A part of a word: literal bytes, or a variable, which is split at blanks if it is not quoted. */
export type Part =
  | { type: 'text'; bytes: Bytes }
  | { type: 'variable'; name: string; quoted: boolean }
export type Word = readonly Part[]

export interface Stage {
  /** `NAME=value` before the command. */
  assignments: { name: string; value: Word }[]
  words: Word[]
  /** Its here-document or here-string. */
  stdin?: Word
}

export interface ConsoleLine extends Stage {
  /** The line of the entered text on which it begins, from 1. */
  number: number
  /** As typed, without a here-document's body. */
  source: string
  /** The client in the line's `name:`. */
  speaker?: string
  comment: boolean
  background: boolean
  /** Runs only if the previous command succeeded (`&&`) or failed (`||`). */
  after?: 'success' | 'failure'
  /** The command before the pipe: `echo`, `printf` or `cat`. */
  feeder?: Stage
  /** The message of the shell, or of this console, instead of running the line. */
  refused?: { stderr: string; exit: number }
}

/** Reads an entered text. Never throws; an unsupported line has `refused`. */
export function readLines(text: string): ConsoleLine[] {
  return new Reader(text).lines()
}

/** The one word that bash would read as this text: quoted if necessary. */
export function quoteWord(text: string): string {
  // A key with a byte that is not UTF-8.
  if (/\p{Cs}/u.test(text)) return shellBytes(text)
  if (/^[\w@%+=:,./-]+$/.test(text) && !/^\w+=/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}

const OPERATORS = [
  '&&',
  '||',
  ';;',
  '|&',
  '&>',
  '<<<',
  '<<',
  '>>',
  '<',
  '>',
  '|',
  '&',
  ';',
  '(',
  ')',
] as const
type Operator = (typeof OPERATORS)[number]

const KEYWORDS = new Set(
  'for while until if then elif else fi do done case esac function select { } [[ ! time coproc'.split(
    ' ',
  ),
)
const SPEAKER = /[A-Za-z_][\w-]*:(?=[ \t])/y
const NAME = /[A-Za-z_]\w*/y
const ASSIGNMENT = /[A-Za-z_]\w*=/y

const notModelled = (what: string) => ({ stderr: `not modelled here: ${what}\n`, exit: 1 })
const syntaxError = (token: string) => ({
  stderr: `bash: syntax error near unexpected token \`${token}'\n`,
  exit: 2,
})

interface HereDocument {
  stage: Stage
  end: string
  raw: boolean
  tabs: boolean
}

class Reader {
  readonly #text: string
  #at = 0
  #number = 1
  #numberedTo = 0
  readonly #lines: ConsoleLine[] = []
  #documents: HereDocument[] = []
  #line!: ConsoleLine
  #stage!: Stage
  #start = 0
  /** The line continues over line ends that are not parsed: only its first row is shown. */
  #isCut = false
  /** Functions defined in the text: their bodies cannot run. */
  readonly #functions = new Set<Bytes>()

  constructor(text: string) {
    // A terminal sends its line ends in several forms.
    this.#text = text.replace(/\r\n?/g, '\n')
  }

  lines(): ConsoleLine[] {
    this.#begin()
    while (this.#at < this.#text.length) this.#token()
    this.#finish()
    this.#readDocuments()
    return this.#lines
  }

  #begin(after?: 'success' | 'failure'): void {
    this.#skipBlanks()
    this.#start = this.#at
    this.#isCut = false
    this.#line = {
      number: this.#lineNumber(),
      source: '',
      comment: false,
      background: false,
      assignments: [],
      words: [],
      ...(after === undefined ? {} : { after }),
    }
    this.#stage = this.#line
    const speaker = this.#match(SPEAKER)
    if (speaker !== undefined) {
      this.#line.speaker = speaker.slice(0, -1)
      this.#at += speaker.length
    }
  }

  /** Ends the current command; an empty one leaves no line. */
  #finish(): void {
    const line = this.#line
    const source = this.#text.slice(this.#start, this.#at).trim()
    line.source =
      this.#isCut && source.includes('\n')
        ? `${source.slice(0, source.indexOf('\n')).trimEnd()} …`
        : source
    if (line.feeder !== undefined && line.refused === undefined && isEmpty(line))
      line.refused = syntaxError('newline')
    this.#refuseByWord()
    if (line.comment || line.refused !== undefined || !isEmpty(line) || line.source !== '')
      this.#lines.push(line)
  }

  /** Refuses a line whose first word belongs to a compound command, or calls a function. */
  #refuseByWord(): void {
    const line = this.#line
    const word = firstWord(line)
    if (line.refused !== undefined || word === undefined) return
    if (KEYWORDS.has(word))
      line.refused = notModelled(`the shell's \`${word}\`; write the commands one by one`)
    if (this.#functions.has(word))
      line.refused = notModelled(
        `the shell function \`${text(word)}\`; write its commands one by one`,
      )
  }

  /**
   * Refuses a compound command as a whole, with all lines up to its end and the rest of the last
   * one.
   */
  #compound(): boolean {
    const compound = compoundAt(this.#text, this.#at)
    if (compound === null) return false
    const { number } = this.#line
    this.#skipLine()
    const last =
      number + (this.#text.slice(this.#start, this.#at).trimEnd().match(/\n/g)?.length ?? 0)
    const place = last === number ? `line ${number}` : `line ${number}–${last}`
    const lines = last === number ? 'nothing on this line ran' : 'none of its lines ran'
    this.#line.refused = {
      stderr: `${place}: ${compound.what} is not modelled yet; ${lines}\n`,
      exit: 1,
    }
    if (compound.defines !== undefined) this.#functions.add(utf8(compound.defines))
    return true
  }

  #token(): void {
    this.#skipBlanks()
    const character = this.#text[this.#at]
    if (character === undefined) return
    if (isEmpty(this.#line) && this.#compound()) return
    if (character === '\n') {
      this.#finish()
      this.#at++
      this.#readDocuments()
      return this.#begin()
    }
    if (character === '#') return this.#comment()
    const operator = OPERATORS.find((each) => this.#text.startsWith(each, this.#at))
    if (operator !== undefined) return this.#operator(operator)
    if (/\d/.test(character) && this.#match(/\d+[<>]/y) !== undefined) return this.#redirect()
    this.#word()
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end
    if (isEmpty(this.#line) && this.#line.refused === undefined && this.#line.feeder === undefined)
      this.#line.comment = true
  }

  #operator(operator: Operator): void {
    const line = this.#line
    switch (operator) {
      case ';':
      case '&':
      case '&&':
      case '||': {
        if (isEmpty(line) && line.refused === undefined) line.refused = syntaxError(operator)
        this.#refuseByWord()
        // After an unsupported part the rest of the line does not run either, because it may depend
        // on that part.
        if (line.refused !== undefined) return this.#skipLine()
        if (operator === '&') {
          this.#at++
          line.background = true
        }
        this.#finish()
        if (operator !== '&') this.#at += operator.length
        this.#begin(operator === '&&' ? 'success' : operator === '||' ? 'failure' : undefined)
        return
      }
      case '|': {
        this.#at++
        const command = firstWord(line)
        if (isEmpty(line)) line.refused ??= syntaxError('|')
        else if (
          line.feeder !== undefined ||
          (command !== 'echo' && command !== 'printf' && command !== 'cat')
        ) {
          line.refused ??= notModelled(
            'a pipe from a command other than echo, printf or cat; run the command alone',
          )
        }
        line.feeder = {
          assignments: line.assignments,
          words: line.words,
          ...(line.stdin === undefined ? {} : { stdin: line.stdin }),
        }
        for (const document of this.#documents)
          if (document.stage === line) document.stage = line.feeder
        line.assignments = []
        line.words = []
        delete line.stdin
        return
      }
      case '<<':
        return this.#hereDocument()
      case '<<<':
        this.#at += 3
        this.#skipBlanks()
        this.#stage.stdin = [...this.#readWord(), { type: 'text', bytes: '\n' }]
        return
      case '<':
      case '>':
      case '>>':
      case '&>':
        return this.#redirect()
      case '(':
      case ')':
        line.refused ??= notModelled('subshells and functions; write the commands one by one')
        // `A=(…)` continues to its end. Any other parenthesis here is an error of this row only.
        return this.#text[this.#at - 1] === '=' ? this.#skipLine() : this.#skipRow()
      case '|&':
      case ';;':
        line.refused ??= syntaxError(operator)
        return this.#skipLine()
    }
  }

  #redirect(): void {
    this.#line.refused ??= notModelled(
      'redirection to or from files; output appears here, and `<<EOF` gives input',
    )
    this.#skipLine()
  }

  #hereDocument(): void {
    this.#at += 2
    const tabs = this.#text[this.#at] === '-'
    if (tabs) this.#at++
    this.#skipBlanks()
    const from = this.#at
    const word = this.#readWord()
    const end = word.map((part) => (part.type === 'text' ? part.bytes : `$${part.name}`)).join('')
    if (from === this.#at) {
      this.#line.refused ??= syntaxError('newline')
      return
    }
    this.#documents.push({
      stage: this.#stage,
      end,
      raw: /['"\\]/.test(this.#text.slice(from, this.#at)),
      tabs,
    })
  }

  /** The bodies of a line's here-documents follow below it. */
  #readDocuments(): void {
    for (const { stage, end, raw, tabs } of this.#documents) {
      let body = ''
      while (this.#at < this.#text.length) {
        const newline = this.#text.indexOf('\n', this.#at)
        const next = newline < 0 ? this.#text.length : newline
        const row = tabs
          ? this.#text.slice(this.#at, next).replace(/^\t+/, '')
          : this.#text.slice(this.#at, next)
        this.#at = newline < 0 ? next : next + 1
        if (utf8(row) === end) break
        body += `${row}\n`
      }
      stage.stdin = raw ? [{ type: 'text', bytes: utf8(body) }] : expandable(body)
    }
    this.#documents = []
  }

  #word(): void {
    const assignment = this.#stage.words.length === 0 ? this.#match(ASSIGNMENT) : undefined
    if (assignment !== undefined) {
      this.#at += assignment.length
      this.#stage.assignments.push({ name: assignment.slice(0, -1), value: this.#readWord() })
      return
    }
    this.#stage.words.push(this.#readWord())
  }

  /** Reads to the blank or operator that ends the word. */
  #readWord(): Word {
    const parts = new Parts()
    for (;;) {
      const character = this.#text[this.#at]
      if (character === undefined || ' \t\n|&;<>()'.includes(character)) return parts.word()
      this.#at++
      if (character === '\\') {
        const next = this.#text[this.#at]
        if (next !== undefined) this.#at++
        if (next !== '\n') parts.add(next ?? '\\')
      } else if (character === "'") {
        parts.add(this.#upTo("'"))
        parts.quoted()
      } else if (character === '"') {
        this.#doubleQuoted(parts)
      } else if (character === '$' && this.#text[this.#at] === "'") {
        this.#at++
        this.#ansiQuoted(parts)
      } else if (character === '$') {
        this.#variable(parts, false)
      } else if (character === '`') {
        this.#upTo('`')
        this.#line.refused ??= notModelled(
          'command substitution; `$L1`, `$L2` … stand for the granted leases',
        )
      } else {
        parts.add(character)
      }
    }
  }

  #doubleQuoted(parts: Parts): void {
    parts.quoted()
    for (;;) {
      const character = this.#text[this.#at]
      if (character === undefined) return this.#unmatched('"')
      this.#at++
      if (character === '"') return
      if (character === '\\') {
        const next = this.#text[this.#at]
        if (next === undefined) continue
        this.#at++
        if (next === '\n') continue
        parts.add('"\\$`'.includes(next) ? next : `\\${next}`)
      } else if (character === '$') this.#variable(parts, true)
      else parts.add(character)
    }
  }

  /** `$'…'`: the shell's form for bytes that cannot be typed. */
  #ansiQuoted(parts: Parts): void {
    parts.quoted()
    for (;;) {
      const character = this.#text[this.#at]
      if (character === undefined) return this.#unmatched("'")
      this.#at++
      if (character === "'") return
      if (character !== '\\') {
        parts.add(character)
        continue
      }
      const code = this.#match(/x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|[\s\S]/y) ?? ''
      this.#at += code.length
      parts.addBytes(ansiEscape(code))
    }
  }

  #variable(parts: Parts, quoted: boolean): void {
    const name = this.#match(NAME)
    if (name !== undefined) {
      this.#at += name.length
      return parts.variable(name, quoted)
    }
    const braced = this.#match(/\{[A-Za-z_]\w*\}/y)
    if (braced !== undefined) {
      this.#at += braced.length
      return parts.variable(braced.slice(1, -1), quoted)
    }
    const next = this.#text[this.#at]
    if (next === '(') {
      this.#line.refused ??= notModelled(
        'command substitution `$(…)`; `$L1`, `$L2` … stand for the granted leases',
      )
      this.#skipParentheses()
    } else if (next === '{') {
      this.#line.refused ??= notModelled('a `$` before braces that hold more than a name')
      this.#upTo('}')
    } else if (next === '?' || next === '!') {
      this.#at++
      parts.variable(next, quoted)
    } else if (next !== '"' || quoted) parts.add('$')
  }

  #skipParentheses(): void {
    const from = this.#at
    this.#at = skipSubstitution(this.#text, from)
    this.#isCut ||= this.#text.slice(from, this.#at).includes('\n')
  }

  /**
   * The text up to the next `quote`, which is skipped. Without one the line is refused as in bash.
   */
  #upTo(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at)
    const inside = this.#text.slice(this.#at, end < 0 ? this.#text.length : end)
    this.#at = end < 0 ? this.#text.length : end + 1
    if (end < 0) this.#unmatched(quote)
    return inside
  }

  #unmatched(quote: string): void {
    this.#line.refused ??= {
      stderr: `bash: unexpected EOF while looking for matching \`${quote}'\n`,
      exit: 2,
    }
  }

  #skipRow(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end
  }

  /** To the end of the line, and of the compound commands and here-documents that begin on it. */
  #skipLine(): void {
    const readDocuments = (at: number): number => {
      this.#at = at
      this.#readDocuments()
      return this.#at
    }
    const from = this.#at
    this.#at = skipCommands(this.#text, from, readDocuments)
    this.#isCut ||= this.#text.slice(from, this.#at).includes('\n')
  }

  #skipBlanks(): void {
    for (;;) {
      if (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++
      else if (this.#text[this.#at] === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2
      else return
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#text)?.[0]
  }

  #lineNumber(): number {
    for (; this.#numberedTo < this.#at; this.#numberedTo++)
      if (this.#text[this.#numberedTo] === '\n') this.#number++
    return this.#number
  }
}

/** A word that is being read. */
class Parts {
  readonly #parts: Part[] = []
  #text = ''

  add(text: string): void {
    this.#text += text
  }

  addBytes(bytes: Bytes): void {
    this.#flush()
    this.#parts.push({ type: 'text', bytes })
  }

  variable(name: string, quoted: boolean): void {
    this.#flush()
    this.#parts.push({ type: 'variable', name, quoted })
  }

  /** Quoted text is part of the word, even if empty: '' is a word. */
  quoted(): void {
    this.#flush()
    this.#parts.push({ type: 'text', bytes: '' })
  }

  word(): Word {
    this.#flush()
    return this.#parts
  }

  #flush(): void {
    if (this.#text !== '') this.#parts.push({ type: 'text', bytes: utf8(this.#text) })
    this.#text = ''
  }
}

/** A here-document's body whose end is not quoted: variables are expanded, quotes are literal. */
function expandable(body: string): Word {
  const parts = new Parts()
  for (const [piece, escaped, name, braced] of body.matchAll(
    /\\([$`\\])|\\\n|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})|[^\\$]+|[\s\S]/g,
  )) {
    if (escaped !== undefined) parts.add(escaped)
    else if (name !== undefined || braced !== undefined) parts.variable(name ?? braced ?? '', true)
    else if (piece !== '\\\n') parts.add(piece)
  }
  return parts.word()
}

/** The bytes of a backslash escape in `$'…'`; an unknown one stays. The code is text, not bytes. */
function ansiEscape(code: string): Bytes {
  return code > '\x7f' ? utf8(`\\${code}`) : unescaped(code)
}

function isEmpty(line: ConsoleLine): boolean {
  return line.words.length === 0 && line.assignments.length === 0
}

function firstWord(line: ConsoleLine): string | undefined {
  const [word] = line.words
  return word?.length === 1 && word[0]?.type === 'text' ? word[0].bytes : undefined
}
