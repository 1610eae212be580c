// What etcdctl prints for one signal, and the formats that every command shares.

import type { Reply } from '../../base/rpc'
import type { Invocation } from '../invocation'
import { Exit } from '../invocation'
import type { Etcdctl } from '../versions'
import { replyFields } from './fields'
import { replyJson } from './json'

export interface Printed {
  stdout?: string
  stderr?: string
  /** The process ends, with this code. */
  exit?: number
}

/**
 * What an invocation has been told so far, as far as later output needs it. Plain data, part of the
 * shell's state.
 */
export interface Progress {
  replies: Reply[]
  /** Virtual ms since the last answer, for each of them. */
  tookMs: number[]
}

export const noProgress = (): Progress => ({ replies: [], tookMs: [] })

export interface Circumstances {
  /** Virtual ms since the process started or was last answered. */
  tookMs: number
  /** Every member's, for the commands that ask them all. */
  clientURLs: readonly string[]
  /** The version that prints. */
  etcdctl: Etcdctl
}

/** A reply that a format can print. */
export type Answered = Exclude<Reply, { type: 'error' | 'Watch' }>

export const failure = (exit: number, message: string): Printed => ({
  stderr: `Error: ${message}\n`,
  exit,
})

/**
 * A reply in the format asked for. What the command did, it has done by now, also where the format
 * turns out to be none of its own.
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
