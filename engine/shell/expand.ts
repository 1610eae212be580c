// What a word becomes (POSIX.1-2017, 2.6): parameters, command substitutions and arithmetic are
// filled in, unquoted results are split, patterns become paths, quotes go.
//
// A command substitution takes time, and nothing here waits. So a word is expanded from its start
// each time: where a substitution has no output yet, `Awaited` names its list. The caller runs
// the list and comes again with its output. Variables that the word sets are kept aside until then.

import type { Bytes } from '../base/rpc'
import { ArithmeticFault, evaluate } from './arithmetic'
import {
  escapePattern,
  isPattern,
  patternExpression,
  patternSource,
  trim,
  unescapePattern,
} from './pattern'
import type { List, Parameter, Part, Word } from './syntax'

/** What a word sees of its shell. */
export interface Scope {
  variable(name: string): Bytes | undefined
  /** `$1` and those behind it. */
  positional: readonly Bytes[]
  /** `$?`, `$$`, `$!`, `$-` and `$0`. */
  special(name: string): Bytes | undefined
  home: Bytes
  /** `set -u`. */
  requiresSet: boolean
  /** Paths that match, in byte order; none where paths are not looked for (`set -f`). */
  paths(pattern: Bytes): readonly Bytes[]
}

/** A command substitution of which there is no output yet. */
export class Awaited extends Error {
  readonly list: List
  constructor(list: List) {
    super('a command substitution is awaited')
    this.list = list
  }
}

/** Why a word cannot be expanded: the command fails, and where `ends` a script too. */
export class ExpansionFault extends Error {
  readonly ends: boolean
  /** The exit code of a script that it ends. */
  readonly exit: number
  /** It befell a process of its own, and the shell goes on. */
  child = false
  constructor(message: string, ends: boolean, exit = 1) {
    super(message)
    this.ends = ends
    this.exit = exit
  }
}

interface Field {
  /** With a `\` before each quoted character that a pattern would look at. */
  pattern: Bytes
}

export class Expander {
  readonly #scope: Scope
  readonly #outputs: readonly Bytes[]
  /** What the words have set so far: `${X:=…}`, `$((X=1))`, and the assignments before them. */
  readonly set = new Map<string, Bytes>()
  #used = 0

  /** `outputs`: those of the command substitutions, in their order, as far as they have run. */
  constructor(scope: Scope, outputs: readonly Bytes[]) {
    this.#scope = scope
    this.#outputs = outputs
  }

  /** How many outputs were used: none, and a command of assignments alone succeeds. */
  get used(): number {
    return this.#used
  }

  variable(name: string): Bytes | undefined {
    return this.set.get(name) ?? this.#scope.variable(name)
  }

  /** The fields that a command's word becomes: none, one or several. */
  fields(word: Word): Bytes[] {
    const builder = new Fields(this.#ifs)
    this.#emit(word, builder, false)
    return builder.done().flatMap(({ pattern }) => {
      if (!isPattern(pattern)) return [unescapePattern(pattern)]
      const paths = this.#scope.paths(pattern)
      return paths.length === 0 ? [unescapePattern(pattern)] : paths
    })
  }

  /** One text, however many blanks it has: an assignment, a here-document, the word of `case`. */
  text(word: Word): Bytes {
    return unescapePattern(this.pattern(word))
  }

  /** A pattern, with its quoted characters escaped. */
  pattern(word: Word): Bytes {
    const builder = new Fields(null)
    this.#emit(word, builder, false)
    return builder
      .done()
      .map(({ pattern }) => pattern)
      .join(' ')
  }

  /** A regular expression of `[[ =~ ]]`: quoted characters stand for themselves. */
  expression(word: Word): Bytes {
    return word
      .map((part) => {
        const bytes = this.text([part])
        const quoted = part.type === 'text' || part.type === 'parameter' ? part.quoted : false
        return quoted ? bytes.replace(/[.[\]{}()*+?^$|\\]/g, '\\$&') : bytes
      })
      .join('')
  }

  arithmetic(word: Word): number {
    try {
      return evaluate(this.text(word), {
        get: (name) => {
          const value = this.variable(name)
          if (value === undefined && this.#scope.requiresSet)
            throw new ExpansionFault(`${name}: unbound variable`, true)
          return value
        },
        set: (name, value) => this.set.set(name, value),
      })
    } catch (fault) {
      if (fault instanceof ArithmeticFault) throw new ExpansionFault(fault.message, false)
      throw fault
    }
  }

  get #ifs(): Bytes {
    return this.variable('IFS') ?? ' \t\n'
  }

  /** `splits`: unquoted characters come out of an expansion too, and are split. */
  #emit(word: Word, to: Fields, splits: boolean): void {
    for (const part of word) this.#part(part, to, splits)
  }

  #part(part: Part, to: Fields, splits: boolean): void {
    switch (part.type) {
      case 'text':
        if (part.quoted) to.quoted(part.bytes)
        else if (splits) to.split(part.bytes)
        else to.plain(part.bytes)
        return
      case 'home':
        to.quoted(this.variable('HOME') ?? this.#scope.home)
        return
      case 'arithmetic':
        return this.#put(String(this.arithmetic(part.word)), part.quoted, to)
      case 'command': {
        const output = this.#outputs[this.#used]
        if (output === undefined) throw new Awaited(part.list)
        this.#used++
        return this.#put(output.replace(/\n+$/, ''), part.quoted, to)
      }
      default:
        return this.#parameter(part, to)
    }
  }

  #put(value: Bytes, quoted: boolean, to: Fields): void {
    if (quoted) to.quoted(value)
    else to.split(value)
  }

  #parameter(part: Parameter, to: Fields): void {
    const { name, quoted, operator, word = [] } = part
    if (name === '@' || name === '*') return this.#positional(part, to)
    const value = this.#value(name)
    switch (operator) {
      case undefined:
        return this.#put(value ?? this.#missing(name), quoted, to)
      case 'length':
        return this.#put(String(lengthOf(value ?? this.#missing(name))), quoted, to)
      case ':-':
      case '-':
        if (value !== undefined && (operator === '-' || value !== ''))
          return this.#put(value, quoted, to)
        return this.#alternative(word, quoted, to)
      case ':+':
      case '+':
        if (value === undefined || (operator === ':+' && value === '')) {
          if (quoted) to.quoted('')
          return
        }
        return this.#alternative(word, quoted, to)
      case ':=':
      case '=': {
        if (value !== undefined && (operator === '=' || value !== ''))
          return this.#put(value, quoted, to)
        if (!/^[A-Za-z_]/.test(name))
          throw new ExpansionFault(`$${name}: cannot assign in this way`, true)
        const assigned = this.text(word)
        this.set.set(name, assigned)
        return this.#put(assigned, quoted, to)
      }
      case ':?':
      case '?': {
        if (value !== undefined && (operator === '?' || value !== ''))
          return this.#put(value, quoted, to)
        const usual = operator === ':?' ? 'parameter null or not set' : 'parameter not set'
        const message = word.length === 0 ? usual : this.text(word)
        throw new ExpansionFault(`${name}: ${message}`, true)
      }
      default:
        return this.#put(this.#changed(part, value ?? this.#missing(name)), quoted, to)
    }
  }

  #changed({ operator, word = [], second }: Parameter, value: Bytes): Bytes {
    switch (operator) {
      case '%':
      case '%%':
      case '#':
      case '##':
        return trim(value, this.pattern(word), operator)
      case 'slice':
        return this.#slice(value, word, second)
      case '/':
      case '//':
      case '/#':
      case '/%': {
        const pattern = this.pattern(word)
        if (pattern === '') return value
        const by = second === undefined ? '' : this.text(second)
        const source = patternSource(pattern)
        const start = operator === '/#' ? '^' : ''
        const end = operator === '/%' ? '$' : ''
        const expression = new RegExp(`${start}(?:${source})${end}`, operator === '//' ? 'g' : '')
        return value.replace(expression, () => by)
      }
      default: {
        const pattern = word.length === 0 ? null : patternExpression(this.pattern(word))
        const change = (ch: string) =>
          pattern !== null && !pattern.test(ch)
            ? ch
            : operator?.startsWith('^')
              ? ascii(ch, 'upper')
              : ascii(ch, 'lower')
        if (operator === '^^' || operator === ',,') return [...value].map(change).join('')
        return value === '' ? '' : change(value[0]!) + value.slice(1)
      }
    }
  }

  #slice(value: Bytes, offsetWord: Word, lengthWord: Word | undefined): Bytes {
    let from = this.arithmetic(offsetWord)
    if (from < 0) from += value.length
    if (from < 0 || from > value.length) return ''
    if (lengthWord === undefined) return value.slice(from)
    const length = this.arithmetic(lengthWord)
    const to = length < 0 ? value.length + length : from + length
    if (to < from)
      throw new ExpansionFault(`${this.text(lengthWord).trim()}: substring expression < 0`, false)
    return value.slice(from, to)
  }

  #alternative(word: Word, quoted: boolean, to: Fields): void {
    if (quoted && word.length === 0) to.quoted('')
    this.#emit(word, to, !quoted)
  }

  #missing(name: string): Bytes {
    if (this.#scope.requiresSet && name !== '!')
      throw new ExpansionFault(`${/^\d/.test(name) ? `$${name}` : name}: unbound variable`, true)
    return ''
  }

  #value(name: string): Bytes | undefined {
    if (/^[A-Za-z_]/.test(name)) return this.variable(name)
    if (name === '#') return String(this.#scope.positional.length)
    if (/^[1-9]\d*$/.test(name)) return this.#scope.positional[Number(name) - 1]
    return this.#scope.special(name)
  }

  /** `$@` and `$*`, with and without quotes. */
  #positional(part: Parameter, to: Fields): void {
    const { name, quoted, operator, word = [] } = part
    let values = this.#scope.positional
    if (operator === 'length') return this.#put(String(values.length), quoted, to)
    if (operator !== undefined && /^:?[-+?=]$/.test(operator)) {
      const isSet = values.length > 0 && (!operator.startsWith(':') || values.join('') !== '')
      if (operator.endsWith('+')) {
        if (isSet) this.#alternative(word, quoted, to)
        return
      }
      if (!isSet && operator.endsWith('-')) return this.#alternative(word, quoted, to)
    } else if (operator === 'slice') {
      const from = this.arithmetic(word)
      const count = part.second === undefined ? undefined : this.arithmetic(part.second)
      const all = [this.#scope.special('0') ?? '', ...values]
      const start = from < 0 ? all.length + from : from
      values = start < 0 ? [] : all.slice(start, count === undefined ? undefined : start + count)
    } else if (operator !== undefined) values = values.map((each) => this.#changed(part, each))
    if (name === '*' && quoted) {
      const ifs = this.variable('IFS')
      to.quoted(values.join(ifs === undefined ? ' ' : ifs.slice(0, 1)))
      return
    }
    values.forEach((value, index) => {
      if (index > 0) to.next()
      if (quoted) to.quoted(value)
      else to.split(value)
    })
  }
}

/** Characters, where the bytes are UTF-8. */
function lengthOf(value: Bytes): number {
  return value.replace(/[\x80-\xbf]/g, '').length
}

function ascii(ch: string, to: 'upper' | 'lower'): string {
  if (to === 'upper') return /[a-z]/.test(ch) ? ch.toUpperCase() : ch
  return /[A-Z]/.test(ch) ? ch.toLowerCase() : ch
}

/** Builds fields. `ifs` null: everything is one field. */
class Fields {
  readonly #fields: Field[] = []
  #field: Field | null = null
  readonly #white: string
  readonly #other: string
  readonly #splits: boolean
  /** A separator was read that is no blank: the field before it is there, empty or not. */

  constructor(ifs: Bytes | null) {
    this.#splits = ifs !== null
    this.#white = [...(ifs ?? '')].filter((ch) => ' \t\n'.includes(ch)).join('')
    this.#other = [...(ifs ?? '')].filter((ch) => !' \t\n'.includes(ch)).join('')
  }

  quoted(bytes: Bytes): void {
    this.#field ??= { pattern: '' }
    this.#field.pattern += escapePattern(bytes)
  }

  plain(bytes: Bytes): void {
    if (bytes === '') return
    this.#field ??= { pattern: '' }
    // A backslash of the script's own was read as a quote before: one that is here is a character.
    this.#field.pattern += bytes.replaceAll('\\', '\\\\')
  }

  split(bytes: Bytes): void {
    if (!this.#splits) return this.plain(bytes)
    for (let i = 0; i < bytes.length; i++) {
      const ch = bytes[i]!
      if (this.#white.includes(ch) && ch !== '') {
        let end = i
        while (end < bytes.length && this.#white.includes(bytes[end]!)) end++
        const isSeparator = end < bytes.length && this.#other.includes(bytes[end]!)
        if (!isSeparator) this.next()
        i = end - 1
      } else if (this.#other.includes(ch) && ch !== '') {
        this.#field ??= { pattern: '' }
        this.next()
        while (i + 1 < bytes.length && this.#white.includes(bytes[i + 1]!)) i++
      } else this.plain(ch)
    }
  }

  /** What follows belongs to another field. */
  next(): void {
    if (this.#field !== null) this.#fields.push(this.#field)
    this.#field = null
  }

  done(): Field[] {
    this.next()
    return this.#fields
  }
}
