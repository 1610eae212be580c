// The words of a line and its standard input, once its variables have values.

import type { Bytes } from '../base/rpc'
import { echo, printf } from '../shell/format'
import { expandText, expandWord } from './builtins'
import type { ConsoleLine, Stage } from './words'

/** What a line without a process prints, and its exit code. */
export interface Shown {
  stdout?: string
  stderr?: string
  exit: number
}

export const NO_FILES: Shown = {
  stderr: 'not modelled here: files; give the input as a here-document (`<<EOF`)\n',
  exit: 1,
}

/** The value of a variable; undefined for an unknown one. */
export type Lookup = (name: string) => Bytes | undefined

/** The words of a line or of one stage of a pipe. */
export function wordsOf({ words }: Stage, lookup: Lookup): Bytes[] {
  return words.flatMap((word) => expandWord(word, lookup))
}

/**
 * A line's standard input: its here-document, or the piped text; or the reason for its absence.
 */
export function stdinOf({ stdin, feeder }: ConsoleLine, lookup: Lookup): Bytes | Shown {
  if (feeder === undefined) return stdin === undefined ? '' : expandText(stdin, lookup)
  const [command, ...args] = wordsOf(feeder, lookup)
  if (command === 'echo') return echo(args)
  if (command === 'printf') return printf(args).stdout
  if (args.length > 0) return NO_FILES
  return feeder.stdin === undefined ? '' : expandText(feeder.stdin, lookup)
}

/** A program's name without its folder. */
export const programName = (command: Bytes): Bytes => command.slice(command.lastIndexOf('/') + 1)
