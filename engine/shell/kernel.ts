// What a shell and the world around it tell each other, and what the machine's parts ask of it.

import type { Bytes } from '../base/rpc'
import type { Descriptors } from './descriptors'
import type { Expander } from './expand'
import type { Frame, MachineState, Process, Variable } from './state'
import type { Command } from './syntax'

export interface ShellConfig {
  /** A terminal: it goes on behind a syntax error, and knows aliases. Else a script. */
  interactive: boolean
  /** `$0`, and the name in messages. */
  name: Bytes
  /** Variables of the environment that the shell starts with. */
  environment: readonly { name: string; value: Bytes }[]
}

export type MachineInput =
  /** A text to run behind those that were given before. */
  | { type: 'run'; source: Bytes }
  /** What a program of the host prints. */
  | { type: 'output'; pid: number; stream: 'stdout' | 'stderr'; bytes: Bytes }
  | { type: 'exit'; pid: number; exit: number }
  | { type: 'timer'; pid: number }
  /** A signal to a process; without a pid Ctrl-C, to everything in the foreground. */
  | { type: 'signal'; signal: string; pid?: number }

export type MachineOutput =
  | { type: 'print'; stream: 'stdout' | 'stderr'; bytes: Bytes }
  /** The host runs this program, and answers with `output` and `exit`. */
  | {
      type: 'spawn'
      pid: number
      argv: Bytes[]
      environment: { name: string; value: Bytes }[]
      stdin: Bytes
      background: boolean
    }
  /** To a program of the host. */
  | { type: 'signal'; pid: number; signal: string }
  | { type: 'timer'; pid: number; at: number }
  /** A complete command begins: its line of the script, and its text. */
  | { type: 'command'; line: number; source: Bytes }
  /** The shell has ended. */
  | { type: 'ended'; exit: number }

/** What the machine sees around it. */
export interface World {
  /** Virtual ms. */
  now: number
  /** Whether the host has a program of that name. */
  hasProgram(argv: readonly Bytes[]): boolean
  /** Whether that program reads its standard input to the end before it starts. */
  readsInput(argv: readonly Bytes[]): boolean
  /** Variables that the host fills in, such as `$L1`. */
  variable?(name: string): Bytes | undefined
}

export const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CONT: 18,
  STOP: 19,
}

/** What a step of a frame comes to. */
export type Step = 'on' | 'wait'

/** The pid of the shell itself. */
export const ROOT = 1

/** What the parts of the machine ask of it. */
export interface Kernel {
  readonly config: ShellConfig
  readonly state: MachineState
  readonly world: World
  readonly descriptors: Descriptors
  process(pid: number): Process | undefined
  /** Puts a process at the end of the queue. */
  wake(process: Process): void
  /** Those that wait for a pipe look again. */
  wakeReaders(): void
  push(process: Process, frame: Frame, checked: boolean): Step
  pop(process: Process): Step
  /** Takes the innermost frame away, and undoes what was in force with it. */
  leave(process: Process): void
  /** Leaves frames until `stop` says so of the innermost; false where none does. */
  unwind(process: Process, stop: (frame: Frame) => boolean): boolean
  /** Leaves the complete command that failed. A script goes on with the next one. */
  abandon(process: Process): void
  /** Ends the shell behind its trap on EXIT. */
  exit(process: Process, exit: number): Step
  /** Begins a command as the innermost frame. */
  command(process: Process, node: Command, checked: boolean): Step
  /** Begins a frame; a function takes its positional parameters. */
  enter(process: Process, body: Frame, checked: boolean): Step
  /**
   * Expands words. Null: a command substitution was begun, or the expansion failed and said so; the
   * frame is stepped again, or is gone. What the words set is the caller's to keep.
   */
  expanding<T>(
    process: Process,
    outputs: readonly Bytes[],
    make: (expander: Expander) => T,
  ): T | null
  fork(parent: Process): Process
  /** Runs a program in the foreground. */
  start(process: Process, argv: Bytes[], checked: boolean): Step
  /** What a script says of a process that a signal ended, once. */
  notice(process: Process, child: Process): void
  /** Forgets a process that has ended. */
  reap(pid: number): void
  /** Sends a signal as `kill` does. A shell may have a trap on it. */
  signal(process: Process, signal: string): void
  variable(process: Process, name: string): Bytes | undefined
  /** Sets a variable; false and a word where it is read-only. */
  assign(process: Process, name: string, value: Bytes, exported?: boolean): boolean
  copyOf(process: Process, name: string): Variable | null
  /** Keeps what a variable was before `local` hides it; false outside of a function. */
  hide(process: Process, name: string): boolean
  /** Writes to a descriptor. False: it is closed, or no process reads it and this one is gone. */
  print(process: Process, fd: number, bytes: Bytes): boolean
  /** A message of the shell, with its name and the line of the script. */
  complain(process: Process, message: Bytes): void
  emit(output: MachineOutput): void
}
