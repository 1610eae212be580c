// A console line whose flags have been read: the input of each command's own file.

import { quoted } from '../base/bytes'
import type { NotANumber } from '../base/int64'
import type { Bytes, LeaseId } from '../base/rpc'
import type { FlagSet } from './flags'
import type { Answer } from './invocation'
import type { Etcdctl } from './versions'

/** Reads a lease ID from a word. */
export type LeaseReader = (word: Bytes) => { ok: true; id: LeaseId } | NotANumber

/** The input of a command's parser. */
export interface Line {
  /** For example `lease grant`. */
  command: string
  set: FlagSet
  /** The standard input: a here-document, or empty. */
  stdin: Bytes
  readLease: LeaseReader
  etcdctl: Etcdctl
  /**
   * Reads the global flags and the environment. etcdctl does this only here, after some of a
   * command's own checks.
   */
  connect: () => Answer | null
}

/** strconv's error for an invalid number. */
export function parsing(of: 'ParseInt' | 'ParseUint', value: Bytes, why: string): string {
  return `strconv.${of}: parsing ${quoted(value)}: ${why}`
}
