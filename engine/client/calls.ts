// The calls of a client in flight, and their retries where the server was not available, or where
// the connection broke under a watch (etcd: client/v3/retry.go, retry_interceptor.go, watch.go;
// semantics §4.1).

import { errors } from '../base/errors'
import type { RandomState } from '../base/random'
import { Random } from '../base/random'
import type { LeaseId, Reply, Request } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { ClientContext, SendOptions } from './context'
import { CLIENTV3 } from './libraries/clientv3'
import type { KeepAlivePolicy, RetryPolicy } from './libraries/policy'

/** The purpose of a call in flight, so that its answer can be understood. */
export interface Call {
  rpc: number
  /** The program line that made it, −1 for a call by hand. */
  line: number
  /**
   * `session`: the grant before an operation. `operation`: one of its calls. `own-key`: the read of
   * its key, once it holds. `program`: a call of a program in its text form.
   */
  role: 'line' | 'session' | 'operation' | 'own-key' | 'program'
  lease: LeaseId | null
  /**
   * Retry state of a call: the request, the endpoint, the number of failures, and the time of the
   * next attempt.
   */
  again?: {
    request: Request
    endpoint: string | null
    attempt: number
    at: number | null
    requiresLeader?: boolean
    /** Only after a broken connection: an error of the member is its answer. */
    onlyBroken?: true
  }
  watch?: WatchPlace
}

/** The progress of a watch, so that it can resume on another stream. */
interface WatchPlace {
  /** Its subscriber knows that the watch is open, and is not notified again. */
  created: boolean
  /** The revision to resume at; null for the revision in its request. */
  nextRevision: number | null
  /** Milliseconds of the last wait for another stream; 0 where the last stream was opened. */
  waitedMs: number
}

/**
 * Milliseconds between two rounds of attempts, and the largest random jitter, a tenth (options.go:
 * defaultBackoffWaitBetween, -JitterFraction).
 */
const RETRY_WAIT_MS = 25
const RETRY_JITTER_MS = 2
/**
 * Milliseconds between the end of a stream of watches and the next one, a quarter longer each time
 * (watch.go: backoffIfUnavailable), and the longest wait.
 */
const FIRST_WATCH_WAIT_MS = 1
const LONGEST_WATCH_WAIT_MS = 100

/**
 * The random source of a client's waits, and the number of endpoints that it knows: half of them
 * and one are a round.
 */
export interface Retries {
  seed: number
  endpoints: number
}

export interface SavedCalls {
  nextRpc: number
  calls: Call[]
  retries?: Retries
  /** Present once a number was drawn. */
  jitter?: RandomState
}

export class Calls {
  #nextRpc = 1
  // By rpc, which counts up: in the order in which they were made.
  #calls = new Map<number, Call>()
  readonly #id: ClientId
  readonly #retries: Retries
  readonly #policy: KeepAlivePolicy
  #jitter: Random | null = null

  /** `policy`: that of the client's library. */
  constructor(id: ClientId, retries: Retries, policy: KeepAlivePolicy = CLIENTV3) {
    this.#id = id
    this.#retries = retries
    this.#policy = policy
  }

  /** The number of a stream that is no call of this list. */
  newRpc(): number {
    return this.#nextRpc++
  }

  /** Undefined for a call that has ended or was given up. */
  find(rpc: number): Call | undefined {
    return this.#calls.get(rpc)
  }

  /** In the order in which they were made. */
  get open(): readonly number[] {
    return [...this.#calls.keys()]
  }

  /** Makes a call and answers with its number. */
  send(
    request: Request,
    line: number,
    role: Call['role'],
    context: ClientContext,
    options: Pick<SendOptions, 'endpoint' | 'requiresLeader'> = {},
  ): number {
    const { endpoint = null, requiresLeader } = options
    const rpc = this.newRpc()
    const call: Call = {
      rpc,
      line,
      role,
      lease: request.type === 'LeaseRevoke' ? request.ID : null,
    }
    const isWatch = request.type === 'WatchCreate'
    const again = {
      request,
      endpoint,
      attempt: 0,
      at: null,
      ...(requiresLeader ? { requiresLeader } : {}),
    }
    if (isWatch) call.watch = { created: false, nextRevision: null, waitedMs: 0 }
    // A call by hand shows its member's answer, and KeepAliveOnce returns the answer.
    const onlyBroken =
      request.type === 'LeaseKeepAlive' || (line < 0 && role === 'line' && !isWatch)
    if (isWatch || isRetried(request, this.#policy.retries))
      call.again = { ...again, ...(onlyBroken ? { onlyBroken } : {}) }
    this.#calls.set(rpc, call)
    context.send(rpc, request, options)
    return rpc
  }

  /** A late answer is ignored. */
  forget(rpc: number): void {
    this.#calls.delete(rpc)
  }

  cancel(rpc: number, context: ClientContext): void {
    context.cancel(rpc)
    this.#calls.delete(rpc)
  }

  /** The calls of instructions and operations. */
  forgetProgram(): void {
    for (const [rpc, { line }] of this.#calls) if (line !== -1) this.#calls.delete(rpc)
  }

  cancelProgram(context: ClientContext): void {
    for (const [rpc, { role }] of this.#calls) if (role === 'program') this.cancel(rpc, context)
  }

  cancelAll(context: ClientContext): void {
    for (const rpc of this.#calls.keys()) context.cancel(rpc)
  }

  forgetAll(): void {
    this.#calls.clear()
  }

  /** Whether the call is retried in spite of its answer. */
  isMadeAgain(call: Call, reply: Reply, context: ClientContext): boolean {
    if (reply.type !== 'error' || call.again === undefined) return false
    const { retries, resumesWatches } = this.#policy
    if (call.watch !== undefined && !resumesWatches) return false
    const codes = call.watch === undefined ? retries.codes : CLIENTV3.retries.codes
    if (!codes.includes(reply.code)) return false
    if (call.again.onlyBroken && reply.message !== errors.ConnectionClosed.message) return false
    // A stream that requires a leader ends without one (watch.go: run).
    if (call.watch !== undefined && reply.message === errors.NoLeader.message) return false
    const attempt = call.again.attempt + 1
    if (call.watch === undefined && attempt >= retries.attempts) return false
    const waitMs =
      call.watch === undefined
        ? this.#waitMs(attempt, call.again.endpoint)
        : this.#watchWaitMs(call.watch)
    call.again = { ...call.again, attempt, at: context.now + waitMs }
    this.#wind(context)
    return true
  }

  /**
   * Notes the progress of a watch (watch.go: serveSubstream). Answers whether its subscriber is
   * notified; a creation that only resumes the watch is no news.
   */
  isNews({ watch, again }: Call, reply: Extract<Reply, { type: 'Watch' }>): boolean {
    if (watch === undefined || again === undefined) return true
    again.attempt = 0
    watch.waitedMs = 0
    const last = reply.events.at(-1)
    if (reply.created) {
      const resumed = watch.created
      watch.created = true
      // A watch of future events resumes at the revision of its creation. It does not miss an event
      // from before the break.
      const from = again.request.type === 'WatchCreate' ? (again.request.start_revision ?? 0) : 0
      if (!resumed && from === 0) watch.nextRevision = reply.header.revision
      if (resumed && last === undefined && !reply.canceled) return false
    } else if (reply.header.revision >= (watch.nextRevision ?? 0))
      watch.nextRevision = reply.header.revision + 1
    if (last !== undefined) watch.nextRevision = last.kv.mod_revision + 1
    return true
  }

  /** Retries the calls whose wait is over. */
  retry(context: ClientContext): void {
    for (const call of this.#calls.values()) {
      if (call.again?.at == null || call.again.at > context.now) continue
      const { request, endpoint, attempt, requiresLeader } = call.again
      call.again = { ...call.again, at: null }
      const from = call.watch?.nextRevision ?? null
      const asked =
        from !== null && request.type === 'WatchCreate'
          ? { ...request, start_revision: from }
          : request
      context.send(call.rpc, asked, {
        endpoint,
        attempt,
        ...(requiresLeader ? { requiresLeader } : {}),
      })
    }
    this.#wind(context)
  }

  save(): SavedCalls {
    return {
      nextRpc: this.#nextRpc,
      calls: [...this.#calls.values()].map(copyOf),
      retries: { ...this.#retries },
      ...(this.#jitter === null ? {} : { jitter: this.#jitter.save() }),
    }
  }

  static load(id: ClientId, saved: SavedCalls, policy: KeepAlivePolicy): Calls {
    const calls = new Calls(id, saved.retries ?? { seed: 0, endpoints: 1 }, policy)
    if (saved.jitter !== undefined) calls.#jitter = Random.load(saved.jitter)
    calls.#nextRpc = saved.nextRpc
    calls.#calls = new Map(saved.calls.map((call) => [call.rpc, copyOf(call)]))
    return calls
  }

  #waitMs(attempt: number, endpoint: string | null): number {
    const { waits } = this.#policy.retries
    if (waits === null) return this.#roundWaitMs(attempt, endpoint)
    return Math.min(waits.longestMs, waits.firstMs << Math.min(attempt - 1, 10))
  }

  /**
   * After a round over a quorum of the endpoints the client waits. Within a round it goes on at
   * once (client.go: roundRobinQuorumBackoff; utils.go: jitterUp).
   */
  #roundWaitMs(attempt: number, endpoint: string | null): number {
    const round = Math.floor((endpoint === null ? this.#retries.endpoints : 1) / 2) + 1
    if (attempt % round !== 0) return 0
    return this.#around(RETRY_WAIT_MS, RETRY_JITTER_MS)
  }

  #watchWaitMs(watch: WatchPlace): number {
    watch.waitedMs =
      watch.waitedMs === 0
        ? FIRST_WATCH_WAIT_MS
        : Math.min(LONGEST_WATCH_WAIT_MS, Math.ceil((watch.waitedMs * 5) / 4))
    return watch.waitedMs
  }

  /** The wait, with up to `jitter` more or less by chance. */
  #around(ms: number, jitter: number): number {
    this.#jitter ??= new Random(this.#retries.seed, `${this.#id}/retries`)
    return ms - jitter + this.#jitter.below(2 * jitter + 1)
  }

  #wind(context: ClientContext): void {
    const waiting = [...this.#calls.values()].flatMap(({ again }) =>
      again?.at == null ? [] : [again.at],
    )
    if (waiting.length > 0) context.timer('retry', Math.min(...waiting))
  }
}

/** A renewal is a stream of its own, also in a library that retries all unary calls. */
function isRetried({ type }: Request, { calls }: RetryPolicy): boolean {
  return calls === 'all' ? type !== 'LeaseKeepAlive' : calls.has(type)
}

function copyOf(call: Call): Call {
  const { again, watch } = call
  return {
    ...call,
    ...(again === undefined ? {} : { again: { ...again } }),
    ...(watch === undefined ? {} : { watch: { ...watch } }),
  }
}
