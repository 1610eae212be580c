// The syntax tree of a shell script (POSIX.1-2017, Shell Command Language, and what bash adds to
// it). Every node is plain data and is never changed, so that a saved process can share it.

import type { Bytes } from '../base/rpc'

/** `${X:-word}` and its relatives; `length` is `${#X}`. */
export type ParameterOperator =
  | ':-'
  | '-'
  | ':='
  | '='
  | ':?'
  | '?'
  | ':+'
  | '+'
  | '%'
  | '%%'
  | '#'
  | '##'
  | 'length'
  /** bash: `${X:offset}` and `${X:offset:length}`; the words are arithmetic. */
  | 'slice'
  /** bash: `${X/pattern/by}`, `//` for all, `/#` at the start, `/%` at the end. */
  | '/'
  | '//'
  | '/#'
  | '/%'
  /** bash: upper and lower case, of the first character or of all. */
  | '^'
  | '^^'
  | ','
  | ',,'

export interface Parameter {
  type: 'parameter'
  /** A name, a number, or one of `@ * # ? - $ !`. */
  name: string
  /** In double quotes: its value is not split. */
  quoted: boolean
  operator?: ParameterOperator
  word?: Word
  /** The second word of `slice` and of `/`. */
  second?: Word
}

export type Part =
  /** Bytes as they are. Quoted ones are no pattern and are not split. */
  | { type: 'text'; bytes: Bytes; quoted: boolean }
  | Parameter
  /** `$(…)` and backticks. */
  | { type: 'command'; list: List; quoted: boolean }
  /** `$((…))`: a word that becomes an arithmetic expression. */
  | { type: 'arithmetic'; word: Word; quoted: boolean }
  /** `~` at the start of a word. */
  | { type: 'home' }

export type Word = readonly Part[]

export interface Assignment {
  name: string
  value: Word
  /** `NAME+=value`. */
  appends: boolean
}

export type RedirectOperator = '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '&>' | '&>>' | '<<<'

export type Redirect =
  | { type: 'file'; fd: number | null; operator: RedirectOperator; target: Word }
  /** A here-document. Its body is filled in when the line of its `<<` has been read. */
  | { type: 'here'; fd: number | null; body: Word }

export interface Simple {
  type: 'simple'
  assignments: readonly Assignment[]
  words: readonly Word[]
  redirects: readonly Redirect[]
  /** The line of the script on which it begins, from 1. */
  line: number
}

export type Compound =
  | { type: 'group' | 'subshell'; body: List; line: number; redirects: readonly Redirect[] }
  | {
      type: 'if'
      branches: readonly { condition: List; body: List }[]
      otherwise: List | null
      line: number
      redirects: readonly Redirect[]
    }
  | {
      type: 'while' | 'until'
      condition: List
      body: List
      line: number
      redirects: readonly Redirect[]
    }
  /** `words` null: the positional parameters. */
  | {
      type: 'for'
      name: string
      words: readonly Word[] | null
      body: List
      line: number
      redirects: readonly Redirect[]
    }
  /** bash: `for ((first; condition; next))`, each an arithmetic word. */
  | {
      type: 'for-arithmetic'
      first: Word
      condition: Word
      next: Word
      body: List
      line: number
      redirects: readonly Redirect[]
    }
  | {
      type: 'case'
      word: Word
      arms: readonly { patterns: readonly Word[]; body: List; falls: boolean }[]
      line: number
      redirects: readonly Redirect[]
    }
  /** bash: `[[ … ]]`. */
  | { type: 'condition'; test: Test; line: number; redirects: readonly Redirect[] }
  /** bash: `((…))`. */
  | { type: 'arithmetic'; word: Word; line: number; redirects: readonly Redirect[] }
  | { type: 'function'; name: string; body: Command; line: number; redirects: readonly Redirect[] }

export type Command = Simple | Compound

/** What is between `[[` and `]]`. */
export type Test =
  | { type: 'and' | 'or'; left: Test; right: Test }
  | { type: 'not'; test: Test }
  | { type: 'unary'; operator: string; word: Word }
  | { type: 'binary'; operator: string; left: Word; right: Word }
  | { type: 'word'; word: Word }

export interface Pipeline {
  commands: readonly Command[]
  /** `!`. */
  negated: boolean
  /** `|&` before the command of that index: its standard error is piped too. */
  withErrors: readonly boolean[]
}

export interface AndOr {
  first: Pipeline
  rest: readonly { operator: '&&' | '||'; pipeline: Pipeline }[]
  background: boolean
  /** As it was written. */
  source: Bytes
  line: number
}

export type List = readonly AndOr[]
