// The lines of a program, once they are read: the instructions of the language (parse.ts), with
// their words still in text form.

import type { Room } from '../../base/room'
import type { LockLibrary } from '../locks/client-lock'

export type Step =
  | { op: 'grant'; as: string; ttlSeconds: number }
  | { op: 'keep'; lease: string; on: boolean }
  | { op: 'revoke'; lease: string }
  /** KeepAliveOnce. */
  | { op: 'renew'; as: string | null; lease: string }
  | {
      op: 'get'
      as: string | null
      key: string
      pick: 'key' | 'oldest' | 'newest'
      before: string | null
    }
  | { op: 'count'; as: string | null; prefix: string; before: string | null }
  | { op: 'put'; key: string; value: string; lease: string | null }
  | { op: 'create'; as: string | null; key: string; value: string; lease: string | null }
  | {
      op: 'delete'
      as: string | null
      key: string
      guard: { target: 'value' | 'create'; is: string } | null
    }
  | {
      op: 'txn'
      as: string | null
      compares: ProgramCompare[]
      success: Branch[]
      failure: Branch[]
    }
  | { op: 'wait'; as: string | null; key: string; prefix: boolean; news: 'deleted' | 'changed' }
  | { op: 'sleep'; ms: number }
  | { op: 'now'; as: string }
  /** `whileKept`: its context ends with the session of the lease. */
  | { op: 'lock'; as: string | null; name: string; lease: string; whileKept: boolean }
  | { op: 'trylock'; as: string | null; name: string; lease: string }
  | {
      op: 'campaign'
      as: string | null
      name: string
      value: string
      lease: string
      whileKept: boolean
    }
  | { op: 'proclaim'; name: string; value: string }
  | { op: 'unlock' | 'resign'; name: string }
  /**
   * A transaction, not Mutex.Unlock: deletes the own key of a lock only while it has that create
   * revision.
   */
  | { op: 'unlock-if'; as: string | null; name: string; token: string }
  | { op: 'observe'; as: string | null; name: string }
  /** v3lockpb's Lock: the server waits in the queue, on a lease of the caller. */
  | { op: 'server-lock'; as: string | null; name: string; lease: string }
  | { op: 'server-unlock'; key: string }
  /** The lock of another client library, on its own lease (client/locks/). */
  | { op: 'client-lock'; of: LockLibrary; as: string | null; name: string; ttlSeconds: number }
  | { op: 'client-unlock'; of: LockLibrary; as: string | null; name: string }
  /** `room`: how many clients may share the section; null where only one may be in it. */
  | { op: 'enter'; name: string; room: Room | null }
  | { op: 'leave' }
  | { op: 'write'; as: string | null; value: string; token: string | null }
  | { op: 'if'; test: Test; target: string }
  | { op: 'goto'; target: string }
  | { op: 'stop' }

/** One operation of a transaction. A delete has no guard of its own. */
export type Branch = Extract<Step, { op: 'get' | 'put' | 'delete' }>

export interface ProgramCompare {
  target: 'create' | 'mod' | 'version' | 'value' | 'lease'
  key: string
  result: '=' | '!=' | '<' | '>'
  /** A value, a number, a variable with a revision, or one with a lease. */
  is: string
}

export type Test = { not: boolean } & (
  | { type: 'set'; name: string }
  | { type: 'equal'; a: string; b: string }
  /** Numbers. An unset number is 0. */
  | { type: 'less' | 'more'; a: string; b: string }
  | { type: 'live'; lease: string }
  /** So much time has passed by the client's own clock; true for an unset time. */
  | { type: 'elapsed'; since: string; ms: number }
)

export interface ProgramLine {
  /** From 1, as an editor counts. */
  number: number
  step: Step
  /** Milliseconds until the context of its call ends; null for a call without a deadline. */
  within: number | null
  /** Where to go when the call is answered by an error. */
  otherwise: string | null
}

export interface Program {
  /** Lines that do something, in order. */
  lines: ProgramLine[]
  /** By name: the index in `lines` that comes next after the label. */
  labels: Map<string, number>
}
