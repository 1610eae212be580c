// The calls of a client that are in flight, and which of them are made again where the server was not available (etcd: client/v3/retry.go, retry_interceptor.go;
// semantics §4.1).

import { Code } from '../base/errors'
import type { LeaseId, Reply, Request } from '../base/rpc'
import type { SendOptions, Turn } from './turn'

/** What a call in flight is for, so that its answer can be understood. */
export interface Call {
  rpc: number
  /** The program line that made it, −1 for one by hand. */
  line: number
  /** `session`: the grant before a recipe; `recipe`: one of its calls; `script`: of a program in its text form. */
  role: 'line' | 'session' | 'recipe' | 'script'
  lease: LeaseId | null
  /** Of a call that is made again where the server was not available: what is asked, of whom, how often it failed, and when it is made again. */
  again?: { request: Request; endpoint: string | null; attempt: number; at: number | null }
}

/** Calls that clientv3 makes again (retry.go; semantics §4.1): a second time they do no harm, or little: a lease granted twice is left to run out. */
const RETRIED: ReadonlySet<Request['type']> = new Set([
  'Range',
  'LeaseGrant',
  'LeaseRevoke',
  'LeaseTimeToLive',
  'LeaseLeases',
  'MemberList',
  'Status',
  'MoveLeader',
] as const)
const MOST_ATTEMPTS = 100
/** Milliseconds between two attempts (options.go: defaultBackoffWaitBetween). */
const RETRY_WAIT_MS = 25

export interface SavedCalls {
  nextRpc: number
  calls: Call[]
}

export class Calls {
  #nextRpc = 1
  // By rpc, which counts up: in the order in which they were made.
  #calls = new Map<number, Call>()

  /** The number of a stream that is no call of this list. */
  newRpc(): number {
    return this.#nextRpc++
  }

  /** Undefined for a call that is over, or that nobody waits for any more. */
  find(rpc: number): Call | undefined {
    return this.#calls.get(rpc)
  }

  /** Makes a call and answers with its number. */
  send(
    request: Request,
    line: number,
    role: Call['role'],
    turn: Turn,
    options: Pick<SendOptions, 'endpoint' | 'requiresLeader'> = {},
  ): number {
    const { endpoint = null } = options
    const rpc = this.newRpc()
    const again = line >= 0 && RETRIED.has(request.type) ? { again: { request, endpoint, attempt: 0, at: null } } : {}
    this.#calls.set(rpc, { rpc, line, role, lease: request.type === 'LeaseRevoke' ? request.ID : null, ...again })
    turn.send(rpc, request, options)
    return rpc
  }

  /** Its answer, should it still come, is nobody's. */
  forget(rpc: number): void {
    this.#calls.delete(rpc)
  }

  cancel(rpc: number, turn: Turn): void {
    turn.cancel(rpc)
    this.#calls.delete(rpc)
  }

  /** Those of a program's lines and recipes. */
  forgetProgram(): void {
    for (const [rpc, { line }] of this.#calls) if (line !== -1) this.#calls.delete(rpc)
  }

  cancelScript(turn: Turn): void {
    for (const [rpc, { role }] of this.#calls) if (role === 'script') this.cancel(rpc, turn)
  }

  cancelAll(turn: Turn): void {
    for (const rpc of this.#calls.keys()) turn.cancel(rpc)
  }

  forgetAll(): void {
    this.#calls.clear()
  }

  /** Whether the call will be made again in spite of its answer. */
  isMadeAgain(call: Call, reply: Reply, turn: Turn): boolean {
    if (reply.type !== 'error' || reply.code !== Code.Unavailable || call.again === undefined) return false
    if (call.again.attempt >= MOST_ATTEMPTS - 1) return false
    call.again = { ...call.again, attempt: call.again.attempt + 1, at: turn.now + RETRY_WAIT_MS }
    this.#wind(turn)
    return true
  }

  /** Makes the calls again whose wait is over. */
  retry(turn: Turn): void {
    for (const call of this.#calls.values()) {
      if (call.again?.at == null || call.again.at > turn.now) continue
      const { request, endpoint, attempt } = call.again
      call.again = { ...call.again, at: null }
      turn.send(call.rpc, request, { endpoint, attempt })
    }
    this.#wind(turn)
  }

  save(): SavedCalls {
    return { nextRpc: this.#nextRpc, calls: [...this.#calls.values()].map((call) => ({ ...call })) }
  }

  static load(saved: SavedCalls): Calls {
    const calls = new Calls()
    calls.#nextRpc = saved.nextRpc
    calls.#calls = new Map(saved.calls.map((call) => [call.rpc, { ...call }]))
    return calls
  }

  #wind(turn: Turn): void {
    const waiting = [...this.#calls.values()].flatMap(({ again }) => (again?.at == null ? [] : [again.at]))
    if (waiting.length > 0) turn.timer('retry', Math.min(...waiting))
  }
}
