// Exchanges: API calls with their answers, in the normal form of the recordings of a real etcd.
//
//   field names   etcd's own; a field with its default value is omitted
//   bytes         UTF-8 strings; an invalid byte is U+FFFD
//   int64         numbers if they are safe integers, else decimal strings
//   headers       the revision only
//   placeholders  {m1} a member's ID; {l1}, {L1} the first lease ID that a server chose, in decimal
//                 and in hex; {x*1048576} a letter repeated

import type { StreamCall } from '../../base/rpc'

export type { StreamCall } from '../../base/rpc'

/** A message in normal form. */
export type Plain = { [field: string]: unknown }

/** A gRPC status: code and message. */
export interface Failure {
  code: number
  message: string
}

/** One step of an exchange, with its recorded answer, if any. */
export interface Step {
  /** Milliseconds after the start. Without it the step follows the previous one at once. */
  at?: number
  call?: string
  request?: Plain
  /** The member that is called; m1 by default. */
  on?: string
  /** Sends the call under this name, without waiting for its answer. */
  start?: string
  /** Waits for the answer of the call with this name. */
  finish?: string
  /** Opens a stream of `call` under this name and sends `request`, if any. */
  stream?: string
  /** Sends `request` on the stream with this name. */
  send?: string
  /** Closes the stream with this name. */
  close?: string
  fault?: FaultName
  /** The member that a `move-leader` makes the leader. */
  to?: string
  /** The member that any other fault affects. */
  member?: string
  response?: unknown
  error?: Failure
  /** No answer: the connection was refused or broke, or the call timed out. */
  none?: true
  /** Milliseconds after the start when the answer arrived (`options.times`). */
  after?: number
}

/**
 * `move-leader` transfers the leadership. `crash` kills a process, `restart` kills and starts it,
 * `stop` sends SIGTERM, `pause` and `resume` send SIGSTOP and SIGCONT. `join` starts the process of
 * an added member.
 */
export const FAULTS = [
  'move-leader',
  'crash',
  'restart',
  'stop',
  'pause',
  'resume',
  'join',
] as const
export type FaultName = (typeof FAULTS)[number]

/** The RPCs that a step may open as a stream. */
export const STREAMS = ['Watch', 'LeaseKeepAlive', 'Observe'] as const satisfies StreamCall[]

/** Flags of the cluster, and `times`: answers carry `after`. */
export interface ExchangeOptions {
  checkpoint?: 'on' | 'persist'
  preVote?: boolean
  times?: boolean
}

/**
 * One message on a stream, or its end. `at` is in milliseconds after the start; untimed recordings
 * omit it.
 */
export type StreamMessage = { at?: number } & (
  | { response: Plain }
  | { error: Failure }
  | { end: true }
)

export interface Exchange {
  name: string
  members: number
  options?: ExchangeOptions
  steps: Step[]
  events?: unknown[]
  streams?: Record<string, StreamMessage[]>
}

/** The answer to a step; `{}` for a step without one. */
export type StepAnswer = (
  | { response: Plain }
  | { error: Failure }
  | { none: true }
  | Record<never, never>
) & { after?: number }

/** A played exchange. `streams` is absent if no stream was opened. */
export interface Played {
  name: string
  steps: StepAnswer[]
  events: (Plain & { at: number })[]
  streams?: Record<string, (StreamMessage & { at: number })[]>
}
