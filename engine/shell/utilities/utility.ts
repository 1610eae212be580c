// Programs that a shell's scripts lean on, as pure functions over a stream of bytes: what a filter
// says of a piece of its input, and at its end. Their words are those of GNU coreutils, grep, sed
// and jq, and of mawk.

import type { Bytes } from '../../base/rpc'

/** What a utility keeps between two pieces of input: plain data. */
export type UtilityState = { [key: string]: unknown }

/** What a utility sees around it. */
export interface Place {
  now: number
  environment(name: string): Bytes | undefined
  files: Files
}

/** Files in memory. Paths are absolute. */
export interface Files {
  /** Null for a path where there is no file. */
  read(path: Bytes): Bytes | null
  write(path: Bytes, bytes: Bytes, appends: boolean): void
  kind(path: Bytes): 'file' | 'directory' | 'fifo' | null
  remove(path: Bytes): void
  makeDirectory(path: Bytes): void
  makeFifo(path: Bytes): void
  list(): readonly Bytes[]
  /** The path seen from the process's directory. */
  absolute(path: Bytes): Bytes
}

export interface Said {
  stdout?: Bytes
  stderr?: Bytes
  /** It has ended. */
  exit?: number
  /** It has more to say without any input. */
  again?: true
}

export interface Started extends Said {
  state?: UtilityState
  /** Files to read, in order, `-` and null for its standard input. Standard input if absent. */
  inputs?: readonly (Bytes | null)[]
}

export interface Utility {
  start(args: readonly Bytes[], place: Place): Started
  /** A piece of the input. `file` is the path it comes from, null for the standard input. */
  take?(state: UtilityState, bytes: Bytes, place: Place, file: Bytes | null): Said
  /** One input is at its end. */
  between?(state: UtilityState, place: Place, file: Bytes | null): Said
  /** The last input is at its end. */
  end?(state: UtilityState, place: Place): Said
}

/** Short options, bundled or not, and long ones; `--` ends them. */
export interface ReadOptions {
  options: Map<string, Bytes | true>
  /** Every option in its order, for those that may come several times. */
  all: { name: string; value: Bytes | true }[]
  rest: Bytes[]
  /** What the program says of an option that it does not have. */
  problem: string | null
}

/**
 * Reads options as getopt does. `flags`: letters without a value. `valued`: letters with one.
 * `long`: names of long options and the letter each stands for; a letter of `valued` takes `=value`
 * or the next word.
 */
export function readOptions(
  args: readonly Bytes[],
  flags: string,
  valued: string,
  long: Readonly<Record<string, string>> = {},
): ReadOptions {
  const options = new Map<string, Bytes | true>()
  const all: { name: string; value: Bytes | true }[] = []
  const rest: Bytes[] = []
  const put = (name: string, value: Bytes | true) => {
    options.set(name, value)
    all.push({ name, value })
  }
  const stop = (problem: string): ReadOptions => ({ options, all, rest, problem })
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? []
      const letter = long[name]
      if (letter === undefined) return stop(`unrecognized option '${word}'`)
      if (!valued.includes(letter)) put(letter, true)
      else if (value !== undefined) put(letter, value)
      else if (i + 1 < args.length) put(letter, args[++i]!)
      else return stop(`option '--${name}' requires an argument`)
      continue
    }
    if (!/^-[\s\S]/.test(word)) {
      rest.push(word)
      continue
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!
      if (flags.includes(letter)) put(letter, true)
      else if (!valued.includes(letter)) return stop(`invalid option -- '${letter}'`)
      else {
        const value = word.slice(at + 1)
        if (value !== '') put(letter, value)
        else if (i + 1 < args.length) put(letter, args[++i]!)
        else return stop(`option requires an argument -- '${letter}'`)
        break
      }
    }
  }
  return { options, all, rest, problem: null }
}

/** What a program of GNU coreutils says of words that it does not take. */
export function usageFault(program: string, problem: string): Started {
  return {
    stderr: `${program}: ${problem}\nTry '${program} --help' for more information.\n`,
    exit: 1,
  }
}

/** The inputs that a program's operands name: the standard input where there are none. */
export function inputsOf(rest: readonly Bytes[]): (Bytes | null)[] {
  return rest.length === 0 ? [null] : rest.map((path) => (path === '-' ? null : path))
}

/** Cuts pieces into lines; what has no end yet is kept in `state.partial`. */
export function linesOf(state: UtilityState, bytes: Bytes): Bytes[] {
  const lines = (String(state.partial ?? '') + bytes).split('\n')
  state.partial = lines.pop() ?? ''
  return lines
}

/** What is left in `state.partial` at the end of the input: a last line without its newline. */
export function lastLine(state: UtilityState): Bytes | null {
  const partial = String(state.partial ?? '')
  state.partial = ''
  return partial === '' ? null : partial
}
