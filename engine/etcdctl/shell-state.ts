// The state of a terminal: plain data that goes through JSON.

import type { Bytes, LeaseId } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { Guide } from './guided'
import { newGuide } from './guided'
import type { Answer, Invocation } from './invocation'
import type { Progress } from './print/printed'
import type { ConsoleLine } from './words'

/** `guided` reads what was meant, and adds notes. */
export type Mode = 'strict' | 'guided'

/** A running line. */
export interface Job {
  job: number
  /** In the background: the shell's own number, `%1`, and its line. */
  number?: number
  line?: string
  /** In the background: `kill` has signalled it. */
  asked?: true
  mode: Mode
  client: ClientId
  background: boolean
  /** `starting`: its process has not started; `sleeping`: `sleep`. */
  phase: 'starting' | 'running' | 'sleeping'
  /** The task of its process, or its immediate answer. Null for `sleep`. */
  task: Invocation | Answer | null
  progress: Progress
  /** Virtual ms of its start, or of its last answer. */
  askedAt: number
}

interface Variable {
  name: string
  value: Bytes
  exported: boolean
}

export interface ShellState {
  terminal: ClientId
  nextJob: number
  queue: { line: ConsoleLine; mode: Mode }[]
  foreground: Job | null
  background: Job[]
  /** The background line after which the next line is delayed. */
  pausedBy: number | null
  lastExit: number
  /** The latest background line: `$!`. */
  lastBackground?: number
  variables: Variable[]
  /**
   * The terminal's own leases in the order of their grants: `$L1`, `$L2` … of a strict line. A
   * guided line counts the grants of the run.
   */
  leases: LeaseId[]
  guide: Guide
}

/** The state of an unused terminal. */
export function newState(terminal: ClientId): ShellState {
  return {
    terminal,
    nextJob: 1,
    queue: [],
    foreground: null,
    background: [],
    pausedBy: null,
    lastExit: 0,
    variables: [],
    leases: [],
    guide: newGuide(),
  }
}

const copyJob = (job: Job): Job => ({
  ...job,
  progress: { replies: [...job.progress.replies], tookMs: [...job.progress.tookMs] },
})

/** Lines, tasks and replies are immutable and shared. */
export function copyState(state: ShellState): ShellState {
  return {
    ...state,
    queue: [...state.queue],
    foreground: state.foreground === null ? null : copyJob(state.foreground),
    background: state.background.map(copyJob),
    variables: state.variables.map((variable) => ({ ...variable })),
    leases: [...state.leases],
    guide: {
      aliases: state.guide.aliases.map(([from, to]) => [from, to]),
      unused: state.guide.unused,
    },
  }
}
