// A parsed etcdctl line: the command, its arguments, and the output format. Plain data, so that a
// running line can be saved.

import type {
  Bytes,
  CompactRequest,
  DeleteRangeRequest,
  LeaseId,
  MemberAddRequest,
  MemberId,
  MemberPromoteRequest,
  MemberRemoveRequest,
  MemberUpdateRequest,
  PutRequest,
  RangeRequest,
  TxnRequest,
  WatchCreateRequest,
} from '../base/rpc'
import type { Format } from './grammar'

/** The TTL of a session without its own (semantics §7.2), and so of every election. */
export const SESSION_TTL_SECONDS = 60

/** How etcdctl connects, in milliseconds: --dial-timeout, --keepalive-time, --keepalive-timeout. */
export interface Dial {
  timeoutMs: number
  keepAliveTimeMs: number
  keepAliveTimeoutMs: number
}

/** The values of the global flags. */
export interface Globals {
  dial: Dial
  format: Format
  hex: boolean
  /** As given, in order; never empty. */
  endpoints: string[]
  /** Milliseconds; some commands ignore it (semantics §5.1). */
  commandTimeoutMs: number
}

/**
 * The work of a process before its first request: a warning, and the milliseconds to wait for
 * Ctrl-C.
 */
export interface Before {
  stderr: string
  waitMs: number
}

/** Commands on features that no cluster here has, and the two refusals of a downgrade target. */
export type MaintenanceCommand =
  | 'alarm list'
  | 'alarm disarm'
  | 'auth status'
  | 'user list'
  | 'role list'
  | 'downgrade validate'
  | 'downgrade enable'
  | 'downgrade cancel'
  | 'downgrade wrong'
  | 'downgrade malformed'

export type Task =
  | { type: 'lease-grant'; ttlSeconds: number }
  | { type: 'lease-revoke'; lease: LeaseId }
  | { type: 'lease-timetolive'; lease: LeaseId; keys: boolean }
  | { type: 'lease-keep-alive'; lease: LeaseId; once: boolean }
  | { type: 'lease-list' }
  | { type: 'put'; request: PutRequest }
  | { type: 'get'; request: RangeRequest; valueOnly: boolean }
  | { type: 'del'; request: DeleteRangeRequest; before?: Before }
  | { type: 'txn'; request: TxnRequest; prompts: string; before?: Before }
  | { type: 'compaction'; request: CompactRequest; asked: string }
  /** `exec`: a shell command that runs for every event; empty for none. */
  | { type: 'watch'; request: WatchCreateRequest; exec?: Bytes[] }
  /** `exec`: a shell command that runs while the lock is held. */
  | { type: 'lock'; name: Bytes; ttlSeconds: number; exec: Bytes[] }
  | { type: 'campaign'; name: Bytes; value: Bytes }
  | { type: 'observe'; name: Bytes }
  | { type: 'member-list' }
  | { type: 'member-add'; request: MemberAddRequest; name: string }
  | { type: 'member-remove'; request: MemberRemoveRequest }
  | { type: 'member-update'; request: MemberUpdateRequest }
  | { type: 'member-promote'; request: MemberPromoteRequest }
  /** `cluster`: for every member, not for `endpoints`. */
  | { type: 'endpoint-status'; cluster: boolean }
  | { type: 'endpoint-health'; cluster: boolean }
  | { type: 'move-leader'; target: MemberId }
  | { type: 'maintenance'; command: MaintenanceCommand }
  /** `cluster`: for every member, not for `endpoints`. */
  | { type: 'defrag'; cluster: boolean }

/** A line that sends requests to etcd. */
export type Invocation = Globals & Task

/** A line that is answered without a request: help, a version, a refusal. */
export interface Answer {
  type: 'answer'
  stdout: string
  stderr: string
  exit: number
}

/** The commands that a watch may run for every event: they take no time. */
export const INSTANT: readonly Bytes[] = ['echo', 'printf', 'true', 'false']

/** etcdctl's exit codes (etcdctl/ctlv3/command/error.go). */
export const Exit = {
  Success: 0,
  Error: 1,
  BadConnection: 2,
  InvalidInput: 3,
  BadFeature: 4,
  Interrupted: 5,
  BadArgs: 128,
} as const

/** `Error: …` and a code, as etcdctl refuses. */
export const refusal = (exit: number, message: string): Answer => ({
  type: 'answer',
  stdout: '',
  stderr: `Error: ${message}\n`,
  exit,
})
export const answer = (stdout: string, exit: number = Exit.Success): Answer => ({
  type: 'answer',
  stdout,
  stderr: '',
  exit,
})
/** The panic of a Go program. A real one then prints a stack trace. */
export const panic = (message: string): Answer => ({
  type: 'answer',
  stdout: '',
  stderr: `panic: ${message}\n\ngoroutine 1 [running]:\n`,
  exit: 2,
})
export const notModelled = (what: string): Answer => ({
  type: 'answer',
  stdout: '',
  stderr: `not modelled here: ${what}\n`,
  exit: Exit.Error,
})
