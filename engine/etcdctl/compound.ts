// Finds the end of a compound shell command: `if … fi`, `for … done`, `case … esac`, `name() { …
// }`, `( … )`, also nested. These commands do not run here, so only their end matters. Quotes,
// substitutions, comments and here-documents are read as in bash: a `fi` inside them ends nothing.
// One pass with an explicit stack reads input of any size and depth in linear time.

import { utf8 } from '../base/bytes'
import type { Bytes } from '../base/rpc'

export interface Compound {
  /** Its name in a sentence: "a shell `if`". */
  what: string
  /** The name that a function definition gives. */
  defines?: string
}

const OPENER = /(?:if|for|while|until|case|select|\{)(?=[\s;(]|$)/y
const NAMED_FUNCTION = /function[ \t]+([^\s|&;<>()'"\\$`]+)/y
const FUNCTION = /([^\s|&;<>()'"\\$`#]+)[ \t]*\([ \t]*\)/y

/** The compound command that begins at a place where a command may begin; null for none. */
export function compoundAt(text: string, at: number): Compound | null {
  const opener = matchAt(OPENER, text, at)?.[0]
  if (opener !== undefined)
    return { what: opener === '{' ? 'a shell group `{ … }`' : `a shell \`${opener}\`` }
  if (text.startsWith('((', at)) return { what: 'shell arithmetic `(( … ))`' }
  if (text[at] === '(') return { what: 'a subshell `( … )`' }
  const name = (matchAt(NAMED_FUNCTION, text, at) ?? matchAt(FUNCTION, text, at))?.[1]
  return name === undefined
    ? null
    : { what: `the shell function \`${name.slice(0, 80)}\``, defines: name }
}

/**
 * Skips to the end of a line and of every compound command that begins on it. Returns the position
 * of the line end there, or the end of the text. `readDocuments` reads the here-documents that were
 * announced before `at`: it gets the position after the first line and returns the one after them.
 */
export function skipCommands(
  text: string,
  at: number,
  readDocuments: (at: number) => number,
): number {
  return new Skipper(text, at, readDocuments).toLineEnd()
}

/** Skips `( … )` behind a `$`. Returns the position behind it, or the end of the text. */
export function skipSubstitution(text: string, at: number): number {
  return new Skipper(text, at, (below) => below).pastParentheses()
}

/** The next expected item: a command, its words, a pattern of `case`, the name after `function`. */
type State = 'command' | 'words' | 'pattern' | 'name'

interface Open {
  close: 'fi' | 'done' | 'esac' | '}' | ')' | ']]' | '))' | '"' | '${'
  /** The state after it. */
  then: State
  /** For `))`: the number of open parentheses. */
  depth: number
  /** For `esac`: `in` was read. */
  isIn: boolean
}

const OPENS: Readonly<Record<string, Open['close']>> = {
  if: 'fi',
  while: 'done',
  until: 'done',
  for: 'done',
  select: 'done',
  case: 'esac',
  '{': '}',
  '[[': ']]',
}
/** Words after which a command may begin. */
const LEADS = new Set(['then', 'do', 'else', 'elif', '!', 'time', 'coproc'])
const BARE = /[^\s|&;<>()'"\\$`]+/y
const DELIMITER = /(?:'[^']*'|"[^"]*"|\\[\s\S]|[^\s|&;<>()'"\\])+/y

class Skipper {
  readonly #text: string
  #at: number
  #readDocuments: ((at: number) => number) | null
  readonly #stack: Open[] = []
  #state: State = 'words'
  /** The parser is inside a word: the next characters belong to it. */
  #inWord = false
  /** A line end does not end the list: after `&&`, `||`, `|` and the head of a function. */
  #joined = false
  #documents: { end: Bytes; tabs: boolean }[] = []

  constructor(text: string, at: number, readDocuments: (at: number) => number) {
    this.#text = text
    this.#at = at
    this.#readDocuments = readDocuments
  }

  toLineEnd(): number {
    this.#state = 'command'
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] !== '\n' || this.#stack.length > 0 || this.#joined) this.#step()
      else if (this.#documents.length === 0) return this.#at
      else {
        this.#newline()
        return this.#text[this.#at - 1] === '\n' ? this.#at - 1 : this.#at
      }
    }
    return this.#text.length
  }

  pastParentheses(): number {
    this.#dollar()
    while (this.#stack.length > 0 && this.#at < this.#text.length) this.#step()
    return this.#at
  }

  #step(): void {
    switch (this.#stack.at(-1)?.close) {
      case '"':
      case '${':
        return this.#quoted()
      case '))':
        return this.#arithmetic()
      case ']]':
        return this.#test()
      default:
        return this.#token()
    }
  }

  #token(): void {
    const character = this.#text[this.#at]!
    if (character === ' ' || character === '\t') return this.#skip(1)
    if (character === '\\' && this.#text[this.#at + 1] === '\n') return this.#skip(2)
    if (character === '\n') return this.#newline()
    if (character === '#' && !this.#inWord) return this.#comment()
    if ('|&;<>()'.includes(character)) return this.#operator()
    this.#joined = false
    this.#word()
  }

  /** A part of a word, up to the next quote or delimiter. */
  #word(): void {
    const bare = matchAt(BARE, this.#text, this.#at)?.[0]
    if (bare === undefined) {
      this.#inWord = true
      if (this.#state === 'command' || this.#state === 'name') this.#state = 'words'
      return this.#quote()
    }
    this.#at += bare.length
    const next = this.#text[this.#at]
    const isWhole = !this.#inWord && (next === undefined || !`'"\\$\``.includes(next))
    this.#inWord = true
    if (isWhole) this.#bareWord(bare)
    else if (this.#state === 'command') this.#state = 'words'
  }

  #bareWord(word: string): void {
    const top = this.#stack.at(-1)
    switch (this.#state) {
      case 'name':
        this.#state = 'command'
        this.#joined = true
        return
      case 'pattern':
        if (word === 'esac') this.#close()
        return
      case 'words':
        if (word !== 'in' || top?.close !== 'esac' || top.isIn) return
        top.isIn = true
        this.#state = 'pattern'
        return
      default: {
        if (LEADS.has(word)) return
        const close = Object.hasOwn(OPENS, word) ? OPENS[word] : undefined
        if (close !== undefined) {
          this.#open(close, 'words')
          this.#state = word === 'for' || word === 'select' || word === 'case' ? 'words' : 'command'
        } else if (word === top?.close) this.#close()
        else this.#state = word === 'function' ? 'name' : 'words'
      }
    }
  }

  /** A quote, an escape or a `$` in a word. */
  #quote(): void {
    const character = this.#text[this.#at]
    if (character === "'") this.#at = this.#behind("'", this.#at + 1)
    else if (character === '"') {
      this.#open('"', this.#state)
      this.#at++
    } else if (character === '`') this.#backquoted()
    else if (character === '$') this.#dollar()
    else this.#at += character === '\\' ? 2 : 1
  }

  /** Inside double quotes, or inside `${ … }`. */
  #quoted(): void {
    const top = this.#stack.at(-1)!
    const character = this.#text[this.#at]!
    const end = top.close === '"' ? '"' : '}'
    if (character === end) {
      this.#at++
      return this.#close()
    }
    if (character === "'" && (top.close === '"' || this.#stack.at(-2)?.close === '"')) this.#at++
    else if (`'"\\$\``.includes(character)) this.#quote()
    else this.#at++
  }

  /** At a `$`, or at the parentheses behind it. */
  #dollar(): void {
    const isDollar = this.#text[this.#at] === '$'
    if (isDollar) this.#at++
    const next = this.#text[this.#at]
    if (isDollar && next === "'") {
      for (this.#at++; this.#at < this.#text.length && this.#text[this.#at] !== "'"; )
        this.#at += this.#text[this.#at] === '\\' ? 2 : 1
      this.#at++
    } else if (isDollar && next === '{') {
      this.#open('${', this.#state)
      this.#at++
    } else if (next === '(') this.#parentheses(this.#state, 'command')
  }

  #parentheses(then: State, inside: State): void {
    if (this.#text.startsWith('((', this.#at)) {
      this.#open('))', then)
      this.#stack.at(-1)!.depth = 2
      this.#at += 2
      return
    }
    this.#open(')', then)
    this.#state = inside
    this.#inWord = false
    this.#at++
  }

  #arithmetic(): void {
    const top = this.#stack.at(-1)!
    const character = this.#text[this.#at++]
    if (character === '(') top.depth++
    if (character === ')' && --top.depth === 0) this.#close()
  }

  /** `[[ … ]]`: operators inside it are comparisons. */
  #test(): void {
    const character = this.#text[this.#at]!
    if (/[\s|&;<>()]/.test(character)) return this.#skip(1)
    if (!this.#inWord && /^\]\](?:[\s|&;()]|$)/.test(this.#text.slice(this.#at, this.#at + 3))) {
      this.#at += 2
      return this.#close()
    }
    this.#inWord = true
    const bare = matchAt(BARE, this.#text, this.#at)?.[0]
    if (bare === undefined) this.#quote()
    else this.#at += bare.length
  }

  #operator(): void {
    const text = this.#text
    const isPattern = this.#state === 'pattern'
    const top = this.#stack.at(-1)
    const operator = [
      '<<<',
      '<<-',
      '<<',
      ';;&',
      ';;',
      ';&',
      '&&',
      '||',
      '|&',
      '&>',
      '<(',
      '>(',
      '>&',
      '<&',
      '<',
      '>',
      '|',
      '&',
      ';',
      '(',
      ')',
    ].find((each) => text.startsWith(each, this.#at))!
    const inWord = this.#inWord
    this.#inWord = false
    if (operator !== '(' && operator !== '<(' && operator !== '>(') this.#at += operator.length
    switch (operator) {
      case '<<':
      case '<<-':
        return this.#announce(operator === '<<-')
      case '<(':
      case '>(':
        this.#at++
        return this.#parentheses('words', 'command')
      case ';;':
      case ';;&':
      case ';&':
        this.#state = top?.close === 'esac' ? 'pattern' : 'command'
        return
      case '&&':
      case '||':
      case '|':
      case '|&':
        if (isPattern) return
        this.#joined = true
        this.#state = 'command'
        return
      case '&':
      case ';':
        if (!isPattern) this.#state = 'command'
        return
      case '(': {
        if (isPattern) return this.#skip(1)
        const empty = matchAt(/\([ \t]*\)/y, text, this.#at)?.[0]
        if (empty !== undefined) {
          this.#at += empty.length
          this.#joined = true
          this.#state = 'command'
          return
        }
        this.#joined = false
        // `A=(…)` contains words.
        return this.#parentheses(
          'words',
          inWord && text[this.#at - 1] === '=' ? 'words' : 'command',
        )
      }
      case ')':
        if (top?.close === ')') this.#close()
        else if (isPattern) this.#state = 'command'
        return
      default:
        if (this.#state === 'command') this.#state = 'words'
    }
  }

  #announce(tabs: boolean): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++
    const word = matchAt(DELIMITER, this.#text, this.#at)?.[0]
    if (word === undefined) return
    this.#at += word.length
    this.#documents.push({ end: utf8(word.replace(/['"]|\\([\s\S])/g, '$1')), tabs })
    if (this.#state === 'command') this.#state = 'words'
  }

  #newline(): void {
    this.#skip(1)
    if (this.#state !== 'pattern') this.#state = 'command'
    if (this.#readDocuments !== null) {
      this.#at = this.#readDocuments(this.#at)
      this.#readDocuments = null
    }
    for (const { end, tabs } of this.#documents) {
      for (let isEnd = false; !isEnd && this.#at < this.#text.length; ) {
        const newline = this.#text.indexOf('\n', this.#at)
        const row = this.#text.slice(this.#at, newline < 0 ? this.#text.length : newline)
        isEnd = utf8(tabs ? row.replace(/^\t+/, '') : row) === end
        this.#at = newline < 0 ? this.#text.length : newline + 1
      }
    }
    this.#documents = []
  }

  #comment(): void {
    const newline = this.#text.indexOf('\n', this.#at)
    this.#at = newline < 0 ? this.#text.length : newline
  }

  #backquoted(): void {
    for (this.#at++; this.#at < this.#text.length && this.#text[this.#at] !== '`'; )
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at++
  }

  #open(close: Open['close'], then: State): void {
    this.#stack.push({ close, then, depth: 0, isIn: false })
  }

  #close(): void {
    this.#state = this.#stack.pop()?.then ?? 'words'
    this.#inWord = true
  }

  #skip(characters: number): void {
    this.#at += characters
    this.#inWord = false
  }

  #behind(quote: string, from: number): number {
    const end = this.#text.indexOf(quote, from)
    return end < 0 ? this.#text.length : end + 1
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
