// Reads one word of a shell script: quotes, `${…}`, `$(…)`, `$((…))`, backticks and `~`
// (POSIX.1-2017, 2.2 and 2.6). Splitting and patterns come later, when the word is expanded.

import { utf8 } from '../base/bytes'
import type { Bytes } from '../base/rpc'
import type { Cursor } from './cursor'
import { SyntaxFault } from './cursor'
import type { Parameter, ParameterOperator, Part, Word } from './syntax'

/** Where the parts of a word end. */
type Context =
  /** A word of a command: at a blank or an operator. */
  | 'word'
  /** Inside of double quotes: at the closing one. */
  | 'double'
  /** The word of `${X-word}` outside of double quotes: at `}`. */
  | 'braces'
  /** The same inside of double quotes. */
  | 'quoted-braces'
  /** The body of a here-document: at its end. */
  | 'here'
  /** `$((…))`: at `))`. */
  | 'arithmetic'
  /** bash: a part of `${X:offset:length}`, at `:` or `}`. */
  | 'slice'
  /** bash: the pattern of `${X/pattern/by}`, at `/` or `}`. */
  | 'replace'

const NAME = /[A-Za-z_]\w*/y
const NUMBER = /\d+/y
const SPECIAL = '@*#?-$!'
/** What ends a word outside of quotes. */
const META = ' \t\n;&|<>()'

/** The parts up to a blank or an operator. No parts: there is no word here. */
export function readWord(c: Cursor): Part[] {
  return readParts(c, 'word')
}

/** The parts of a here-document's body. `$`, backticks and `\` work as in double quotes. */
export function readHereBody(c: Cursor): Part[] {
  return readParts(c, 'here')
}

/** The parts of an arithmetic expression up to the `))` behind it, or null. */
export function readArithmetic(c: Cursor): Word | null {
  const parts = readParts(c, 'arithmetic')
  if (!c.text.startsWith('))', c.at)) return null
  c.at += 2
  return parts
}

/** Whether quotes are characters and blanks too, as in double quotes. */
const isQuoted = (context: Context): boolean =>
  context === 'double' ||
  context === 'quoted-braces' ||
  context === 'here' ||
  context === 'arithmetic' ||
  context === 'slice'

function readParts(c: Cursor, context: Context): Part[] {
  const parts: Part[] = []
  const quoted = isQuoted(context)
  let plain = ''
  let depth = 0
  const flush = () => {
    if (plain !== '') parts.push({ type: 'text', bytes: plain, quoted })
    plain = ''
  }
  const add = (part: Part) => {
    flush()
    parts.push(part)
  }
  while (c.at < c.text.length) {
    const ch = c.text[c.at]!
    if (ends(context, ch, depth)) break
    if (context === 'arithmetic' || context === 'slice') {
      if (ch === '(') depth++
      if (ch === ')') depth--
    }
    if (ch === '\\') {
      const next = c.text[c.at + 1]
      if (next === '\n') {
        c.at += 2
        continue
      }
      if (next === undefined) {
        plain += '\\'
        c.at++
        continue
      }
      if (!quoted) add({ type: 'text', bytes: next, quoted: true })
      else if ('$`\\'.includes(next) || (next === '"' && context !== 'here')) plain += next
      else if (context === 'quoted-braces' && next === '}') plain += next
      else plain += `\\${next}`
      c.at += 2
      continue
    }
    if (ch === "'" && !quoted) {
      add(readSingle(c))
      continue
    }
    if (ch === '"' && context !== 'double' && context !== 'here' && context !== 'arithmetic') {
      flush()
      parts.push(...readDouble(c))
      continue
    }
    if (ch === '`') {
      add(readBackticks(c, quoted))
      continue
    }
    if (ch === '$') {
      const part = readDollar(c, context, quoted)
      if (part === null) {
        plain += '$'
        c.at++
      } else {
        flush()
        parts.push(...part)
      }
      continue
    }
    if (ch === '~' && context === 'word' && parts.length === 0 && plain === '' && homeEnds(c)) {
      parts.push({ type: 'home' })
      c.at++
      continue
    }
    plain += ch
    c.at++
  }
  flush()
  return parts
}

function ends(context: Context, ch: string, depth: number): boolean {
  switch (context) {
    case 'word':
      return META.includes(ch)
    case 'double':
      return ch === '"'
    case 'braces':
    case 'quoted-braces':
      return ch === '}'
    case 'slice':
      return ch === '}' || (ch === ':' && depth === 0)
    case 'replace':
      return ch === '}' || ch === '/'
    case 'arithmetic':
      return ch === ')' && depth === 0
    case 'here':
      return false
  }
}

const homeEnds = (c: Cursor): boolean => {
  const next = c.text[c.at + 1]
  return next === undefined || next === '/' || META.includes(next)
}

function readSingle(c: Cursor): Part {
  const end = c.text.indexOf("'", c.at + 1)
  if (end < 0) throw unmatched(c, "'")
  const bytes = c.text.slice(c.at + 1, end)
  c.at = end + 1
  return { type: 'text', bytes, quoted: true }
}

/** `"…"`. Empty quotes are a part too: they make a word. */
function readDouble(c: Cursor): Part[] {
  const from = c.at
  c.at++
  const parts = readParts(c, 'double')
  if (c.text[c.at] !== '"') {
    c.at = from
    throw unmatched(c, '"')
  }
  c.at++
  return parts.length === 0 ? [{ type: 'text', bytes: '', quoted: true }] : parts
}

/** An end of the script inside of quotes. The line is that of the opening one. */
function unmatched(c: Cursor, quote: string): SyntaxFault {
  const line = c.lineAt(c.at)
  c.at = c.text.length
  return new SyntaxFault(`unexpected EOF while looking for matching \`${quote}'`, line)
}

function readBackticks(c: Cursor, quoted: boolean): Part {
  const from = c.at
  let inner = ''
  for (c.at++; ; c.at++) {
    const ch = c.text[c.at]
    if (ch === undefined) {
      c.at = from
      throw unmatched(c, '`')
    }
    if (ch === '`') break
    const next = c.text[c.at + 1] ?? ''
    if (ch === '\\' && next !== '' && ('$`\\'.includes(next) || (quoted && next === '"'))) {
      inner += next
      c.at++
    } else inner += ch
  }
  c.at++
  return { type: 'command', list: c.inner(inner, c.lineAt(from)), quoted }
}

/** Null where the `$` is just a character. */
function readDollar(c: Cursor, context: Context, quoted: boolean): Part[] | null {
  const next = c.text[c.at + 1] ?? ''
  if (next === '(') return [readParentheses(c, quoted)]
  if (next === '{') return [readBraces(c, quoted)]
  if (next === "'" && !quoted) return [readAnsi(c)]
  if (next === '"' && !quoted) {
    c.at++
    return readDouble(c)
  }
  NAME.lastIndex = c.at + 1
  const name = NAME.exec(c.text)?.[0] ?? (/[\d@*#?$!-]/.test(next) ? next : null)
  if (name === null || (context === 'arithmetic' && name === '-')) return null
  c.at += 1 + name.length
  return [{ type: 'parameter', name, quoted }]
}

function readParentheses(c: Cursor, quoted: boolean): Part {
  const from = c.at
  if (c.text[c.at + 2] === '(') {
    c.at += 3
    const word = readArithmetic(c)
    if (word !== null) return { type: 'arithmetic', word, quoted }
    // `$((a); b)`: a subshell in a command substitution.
    c.at = from
  }
  c.at += 2
  const list = c.list(')')
  if (c.text[c.at] !== ')') {
    c.at = from
    throw unmatched(c, ')')
  }
  c.at++
  return { type: 'command', list, quoted }
}

const OPERATORS: readonly ParameterOperator[] = [
  ':-',
  ':=',
  ':?',
  ':+',
  '-',
  '=',
  '?',
  '+',
  '%%',
  '%',
  '##',
  '#',
  '//',
  '/#',
  '/%',
  '/',
  '^^',
  '^',
  ',,',
  ',',
]

function readBraces(c: Cursor, quoted: boolean): Parameter {
  const from = c.at
  const bad = () => {
    // The shell says so when the word is expanded, and the script goes on until then.
    const end = closing(c, from + 2)
    c.at = end
    return new SyntaxFault(`${c.text.slice(from, end)}: bad substitution`, c.lineAt(from))
  }
  c.at += 2
  if (c.text[c.at] === '!' && /[A-Za-z_]/.test(c.text[c.at + 1] ?? ''))
    c.unmodelled('indirect expansion')
  if (c.text[c.at] === '!' && /[A-Za-z_]/.test(c.text[c.at + 1] ?? '')) c.at++
  const isLength = c.text[c.at] === '#' && !/[}:=?+%#-]/.test(c.text[c.at + 1] ?? '}')
  if (isLength) c.at++
  const name = readName(c)
  if (name === null) throw bad()
  if (c.text[c.at] === '[') {
    c.unmodelled('arrays')
    c.at = c.text.indexOf(']', c.at) + 1 || c.text.length
  }
  const parameter: Parameter = { type: 'parameter', name, quoted }
  const close = () => {
    if (c.text[c.at] === '}') {
      c.at++
      return
    }
    if (c.at >= c.text.length) {
      c.at = from
      throw unmatched(c, '}')
    }
    c.at = from
    throw bad()
  }
  if (isLength) {
    close()
    return { ...parameter, operator: 'length' }
  }
  if (c.text[c.at] === '}') {
    c.at++
    return parameter
  }
  const operator = OPERATORS.find((each) => c.text.startsWith(each, c.at))
  if (operator === undefined) {
    if (c.text[c.at] !== ':') throw bad()
    c.at++
    const word = readParts(c, 'slice')
    if (c.text[c.at] !== ':') {
      close()
      return { ...parameter, operator: 'slice', word }
    }
    c.at++
    const second = readParts(c, 'slice')
    close()
    return { ...parameter, operator: 'slice', word, second }
  }
  c.at += operator.length
  if (operator.startsWith('/')) {
    // A `/` may begin the pattern: `${X///-}` replaces every slash.
    const word: Part[] = []
    if (c.text[c.at] === '/' && operator === '//') {
      word.push({ type: 'text', bytes: '/', quoted: true })
      c.at++
    }
    word.push(...readParts(c, 'replace'))
    if (c.text[c.at] !== '/') {
      close()
      return { ...parameter, operator, word }
    }
    c.at++
    const second = readParts(c, 'braces')
    close()
    return { ...parameter, operator, word, second }
  }
  const isPattern = /^[%#^,]/.test(operator)
  const word = readParts(c, quoted && !isPattern ? 'quoted-braces' : 'braces')
  close()
  return { ...parameter, operator, word }
}

function readName(c: Cursor): string | null {
  NAME.lastIndex = c.at
  NUMBER.lastIndex = c.at
  const ch = c.text[c.at] ?? ''
  const name =
    NAME.exec(c.text)?.[0] ?? NUMBER.exec(c.text)?.[0] ?? (SPECIAL.includes(ch) && ch ? ch : null)
  if (name !== null) c.at += name.length
  return name
}

/** Just behind the `}` that ends what began before `at`. */
function closing(c: Cursor, at: number): number {
  let depth = 1
  for (let i = at; i < c.text.length; i++) {
    if (c.text[i] === '{') depth++
    if (c.text[i] === '}' && --depth === 0) return i + 1
  }
  return c.text.length
}

/** bash: `$'…'`. */
function readAnsi(c: Cursor): Part {
  const from = c.at
  let bytes = ''
  for (c.at += 2; c.text[c.at] !== "'"; ) {
    const ch = c.text[c.at]
    if (ch === undefined) {
      c.at = from
      throw unmatched(c, "'")
    }
    if (ch !== '\\') {
      bytes += ch
      c.at++
      continue
    }
    const [code] = ESCAPE.exec(c.text.slice(c.at + 1, c.at + 10)) ?? ['']
    bytes += code === '' ? '\\' : unescaped(code)
    c.at += 1 + code.length
  }
  c.at++
  return { type: 'text', bytes, quoted: true }
}

const ESCAPE = /^(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|u[0-9a-fA-F]{1,4}|c[\s\S]|[\s\S])/
const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The byte that `\` and this code are in `$'…'`, in `echo -e` and in the format of printf. */
export function unescaped(code: string): Bytes {
  const first = code[0] ?? ''
  if (first === 'x' && code.length > 1)
    return String.fromCharCode(Number.parseInt(code.slice(1), 16))
  if (first === 'u' && code.length > 1)
    return utf8(String.fromCodePoint(Number.parseInt(code.slice(1), 16)))
  if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff)
  if (code.length === 1) return LETTERS[code] ?? ('\\\'"?'.includes(code) ? code : `\\${code}`)
  return `\\${code}`
}
