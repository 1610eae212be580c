// The output of etcdctl for one signal, and the formats that every command shares.

import type { Reply } from '../../base/rpc'
import type { Invocation } from '../invocation'
import { Exit } from '../invocation'
import type { Etcdctl } from '../versions'
import { replyFields } from './fields'
import { replyJson } from './json'

export interface Printed {
  stdout?: string
  stderr?: string
  /** The process ends with this code. */
  exit?: number
}

/**
 * The answers of an invocation so far, as far as later output needs them. Plain data, part of the
 * shell's state.
 */
export interface Progress {
  replies: Reply[]
  /** For each answer, virtual ms since the previous one. */
  tookMs: number[]
}

export const noProgress = (): Progress => ({ replies: [], tookMs: [] })

export interface Circumstances {
  /** Virtual ms since the process started or received its last answer. */
  tookMs: number
  /** Every member's URLs, for the commands that call all members. */
  clientURLs: readonly string[]
  /** The version of the etcdctl that prints. */
  etcdctl: Etcdctl
}

/** A reply that a format can print. */
export type Answered = Exclude<Reply, { type: 'error' | 'Watch' }>

export const failure = (exit: number, message: string): Printed => ({
  stderr: `Error: ${message}\n`,
  exit,
})

/**
 * A reply in the requested format. The command has taken effect even if the format turns out to be
 * unsupported.
 */
export function formatted(
  { format, hex }: Invocation,
  { etcdctl }: Pick<Circumstances, 'etcdctl'>,
  {
    simple,
    reply,
    fields = replyFields,
  }: { simple: () => string; reply: Answered; fields?: typeof replyFields },
): Printed {
  const look = { hex, etcdctl }
  if (format === 'simple') return { stdout: simple() }
  if (format === 'json') return { stdout: `${replyJson(reply, look)}\n` }
  const rows = format === 'fields' ? fields(reply, look) : null
  return rows === null ? unsupported(format) : { stdout: rows }
}

export function unsupported(format: string): Printed {
  return failure(Exit.BadFeature, `${format} not supported as output format`)
}
