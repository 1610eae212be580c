// A console line whose flags have been read: what each command's own file reads on from.

import { quoted } from '../base/bytes'
import type { NotANumber } from '../base/int64'
import type { Bytes, LeaseId } from '../base/rpc'
import type { FlagSet } from './flags'
import type { Answer } from './invocation'
import type { Etcdctl } from './versions'

/** Reads a lease ID off a line. */
export type LeaseReader = (word: Bytes) => { ok: true; id: LeaseId } | NotANumber

/** What a command is read from. */
export interface Line {
  /** `lease grant` and the like. */
  command: string
  set: FlagSet
  /** What there is to read: a here-document, or nothing. */
  stdin: Bytes
  readLease: LeaseReader
  etcdctl: Etcdctl
  /**
   * Connecting: etcdctl looks at the global flags and the environment only here, behind some of a
   * command's own checks.
   */
  connect: () => Answer | null
}

/** What strconv says of a text that is no number. */
export function parsing(of: 'ParseInt' | 'ParseUint', value: Bytes, why: string): string {
  return `strconv.${of}: parsing ${quoted(value)}: ${why}`
}
