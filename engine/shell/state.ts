// What the machine of a shell keeps: processes, open files, pipes and files in memory. All of it is
// plain data, so that a run can be saved, replayed and forked. Syntax trees are shared and never
// changed.

import type { Bytes } from '../base/rpc'
import type { AndOr, Command, Compound, List, Pipeline, RedirectOperator, Simple } from './syntax'
import type { UtilityState } from './utilities/utility'

export interface Variable {
  name: string
  value: Bytes
  exported: boolean
  readonly: boolean
}

export interface Options {
  /** `-e`: a command that fails ends the shell. */
  errexit: boolean
  /** `-u`: an unset variable is an error. */
  nounset: boolean
  /** `-x`: commands are shown before they run. */
  xtrace: boolean
  /** `-f`: no paths are looked for. */
  noglob: boolean
  pipefail: boolean
}

/** What a subshell gets as a copy. */
export interface Environment {
  variables: Variable[]
  functions: { name: string; node: Command }[]
  options: Options
  positional: Bytes[]
  /** `$0`. */
  name: Bytes
  lastExit: number
  /** `$!`. */
  lastBackground: number | null
  aliases: { name: string; value: Bytes }[]
  /** What `trap` set, by the signal's name; `EXIT` too. */
  traps: { signal: string; command: Bytes }[]
  /** `$$`: a subshell has that of its shell. */
  shellPid: number
  /** How many command substitutions are around: the further `+` signs of `set -x`. */
  level: number
  directory: Bytes
}

/** What is behind a file descriptor. Several processes may share one, and its place. */
export interface OpenFile {
  id: number
  /** How many descriptors refer to it. */
  references: number
  file:
    | { type: 'terminal'; stream: 'stdout' | 'stderr' }
    | { type: 'null' }
    | { type: 'text'; bytes: Bytes; at: number }
    | { type: 'file'; path: Bytes; at: number; appends: boolean }
    | { type: 'pipe'; pipe: number; end: 'read' | 'write' }
}

export interface Pipe {
  id: number
  bytes: Bytes
  readers: number
  writers: number
}

export interface MemoryFile {
  path: Bytes
  /** A FIFO has a pipe while a process has it open, or waits to. */
  content:
    | { type: 'file'; bytes: Bytes }
    | { type: 'fifo'; pipe: number | null }
    | { type: 'directory' }
}

/** Where a process is, from the outermost frame to the innermost. */
export type Frame =
  /** Reads a script, one complete command after the other. */
  | { type: 'script'; source: Bytes; at: number; line: number }
  | { type: 'list'; node: List; index: number }
  /** `index`: how many of its pipelines were begun or left out. */
  | { type: 'and-or'; node: AndOr; index: number }
  | { type: 'pipeline'; node: Pipeline; pids: number[]; begun: boolean }
  | { type: 'simple'; node: Simple; outputs: Bytes[]; outputExit: number | null }
  /**
   * Redirections: `pending` are still to be made; then the frame `body` runs with them, and
   * `saved`, the descriptors before, come back. Those of `exec` stay.
   */
  | {
      type: 'redirected'
      pending: Redirection[]
      saved: { fd: number; open: number | null }[]
      body: Frame | null
      stays: boolean
    }
  | {
      type: 'compound'
      node: Compound
      outputs: Bytes[]
      /** Where in its node it is; the meaning is each compound's own. */
      phase: number
      index: number
      items: Bytes[]
      /** The exit code of the last command of its body. */
      exit: number
    }
  | { type: 'builtin'; argv: Bytes[] }
  /** A call of a function: what it hides. */
  | {
      type: 'function'
      positional: Bytes[]
      hidden: { name: string; before: Variable | null }[]
      body: { node: Command } | null
    }
  /** Assignments in front of a builtin or a function: what they hide. */
  | { type: 'assigned'; hidden: { name: string; before: Variable | null }[] }
  /** A command substitution runs; its output is for the frame below. */
  | { type: 'substitution'; pid: number; open: number; bytes: Bytes }
  | { type: 'foreground'; pid: number }
  | { type: 'wait'; pids: number[] | null; exit: number }
  | { type: 'read'; args: Bytes[]; line: Bytes; fd: number; until: number | null }
  /** A process that becomes a program. */
  | { type: 'exec'; argv: Bytes[]; stdin: Bytes | null }
  | { type: 'utility'; name: string; state: UtilityState; inputs: (Bytes | null)[] }
  | { type: 'sleep'; until: number }
  | { type: 'timeout'; pid: number; until: number; signal: string; expired: boolean }
  | {
      type: 'xargs'
      command: Bytes[]
      replace: Bytes | null
      perCall: number
      quiet: boolean
      input: Bytes
      items: Bytes[] | null
      index: number
      pid: number | null
      exit: number
    }
  /** The host runs the program. */
  | { type: 'host' }
  /** What `eval` or `.` runs; `.` may have positional parameters of its own. */
  | { type: 'source'; positional: Bytes[] | null }
  /** The shell ends with this code once its trap on EXIT has run. */
  | { type: 'exiting'; exit: number }

/** A redirection whose words are expanded. */
export interface Redirection {
  fd: number
  operator: RedirectOperator | 'here'
  target: Bytes
  /** The FIFO that is being opened. */
  fifo?: { pipe: number; end: 'read' | 'write'; ready: boolean }
}

export interface Placed {
  frame: Frame
  /** Whether something looks at the exit code. `set -e` does not end the shell there. */
  checked: boolean
}

export interface Process {
  pid: number
  parent: number | null
  environment: Environment
  descriptors: { fd: number; open: number }[]
  stack: Placed[]
  /** Its exit code, once it has ended. It stays until its parent has taken it. */
  exit: number | null
  /** The signal that ended it. */
  signal: string | null
  /** Started with `&`: its number, its text, and whether the shell has told its end. */
  job: { number: number; source: Bytes; reported: boolean } | null
  /** The line of the script that runs and the text of its list, for messages. */
  line: number
  source: Bytes
}

export interface MachineState {
  processes: Process[]
  opens: OpenFile[]
  pipes: Pipe[]
  files: MemoryFile[]
  nextPid: number
  nextOpen: number
  nextPipe: number
  /** Texts that wait for the ones before them. */
  queue: Bytes[]
  /** Processes that can run, the next one first. */
  ready: number[]
  /** Steps taken since time last passed. */
  steps: number
}

/** A copy that shares the syntax trees. */
export function copyMachine(state: MachineState): MachineState {
  return copy(state)
}

const SHARED = new Set(['node'])

function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T
  if (typeof value !== 'object' || value === null) return value
  const made: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value))
    made[key] = SHARED.has(key) ? each : copy(each as unknown)
  return made as T
}
