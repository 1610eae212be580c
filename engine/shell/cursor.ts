import type { Bytes } from '../base/rpc'
import type { List } from './syntax'

/**
 * Raised inside of the parser, and caught by it. `message` is bash's, without the script's name.
 */
export class SyntaxFault extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** A place in a script, and what a word needs of the rest of the parser. */
export interface Cursor {
  readonly text: Bytes
  at: number
  /** The line of a place, from 1. */
  lineAt(at: number): number
  /** The commands from here to the unquoted `)`, which is not read. */
  list(end: ')'): List
  /** The commands of another text, which is read to its end. */
  inner(text: Bytes, line: number): List
  /** This shell does not have it: the complete command is read on, and will not run. */
  unmodelled(what: string): void
}
