import type { Reply, Request, Response, RpcError } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import type { Config } from './command'
import { NEW_RUN_CONFIG } from './command'
import { Simulation } from './simulation'

/** The client on whose behalf `call` asks. */
const CALLER = 'you'

type ReplyTo<R extends Request> = Extract<Response, { type: R['type'] }>

/**
 * A cluster for somebody else's test: calls are answered where they stand, and time passes when the
 * test says so.
 */
export class Cluster {
  readonly trace: TraceEvent[] = []
  readonly sim: Simulation

  /**
   * `seed` draws whatever is left to chance; the same seed and calls give the same run. What
   * `options` leave out is as in NEW_RUN_CONFIG: etcd 3.6.
   */
  constructor(options: Partial<Config> & { seed?: number } = {}) {
    const { seed = 1, ...config } = options
    this.sim = new Simulation({ ...NEW_RUN_CONFIG, ...config }, seed, (event) =>
      this.trace.push(event),
    )
  }

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.sim.now
  }

  /**
   * Calls and lets the clock run until the answer is here. etcd's errors are thrown, with etcd's
   * words; a call that waits for ever is one too.
   */
  call<R extends Request>(request: R): ReplyTo<R> {
    const reply = this.#ask(request)
    if (reply.type === 'error') throw new Error(reply.message)
    return reply as ReplyTo<R>
  }

  /** As `call`, but an error is an answer like any other. */
  try<R extends Request>(request: R): ReplyTo<R> | RpcError {
    return this.#ask(request) as ReplyTo<R> | RpcError
  }

  /** Lets that many virtual milliseconds pass, with everything that happens in them. */
  advance(ms: number): void {
    this.sim.advance(this.sim.now + ms)
  }

  #ask(request: Request): Reply {
    const from = this.trace.length
    this.sim.submit({ type: 'request', client: CALLER, request })
    const sent = this.trace
      .slice(from)
      .find((event) => event.type === 'request-sent' && event.client === CALLER)
    if (sent?.type !== 'request-sent') throw new Error(`${request.type} was not sent`)
    for (let seen = this.trace.length; ; ) {
      if (!this.sim.step())
        throw new Error(`${request.type} has no answer, and nothing more happens`)
      for (; seen < this.trace.length; seen++) {
        const event = this.trace[seen]!
        if (event.type === 'reply-received' && event.client === CALLER && event.rpc === sent.rpc)
          return event.reply
      }
    }
  }
}
