// A recipe of clientv3 in progress: its machine says which calls come next, this makes them on the
// client's behalf as their answers come, while a test does something else.

import { unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { Header, KeyValue, Reply, Request, RpcError } from '../base/rpc'
import type { ClientId, MemberName } from '../base/trace'
import type { ConcurrencyOutput } from '../concurrency/key'
import type { Call, Driver } from './driver'
import { CRASHED } from './driver'
import { EtcdError } from './error'

/** What `concurrency/` has: a lock, an election, an observer. */
export interface Machine {
  next(last: Reply): ConcurrencyOutput[]
  contextEnded(error: RpcError): ConcurrencyOutput[] | null
}

/** On whose behalf the calls are made. */
interface Caller {
  readonly driver: Driver
  readonly name: ClientId
  readonly timeoutMs: number
  readonly member: MemberName | undefined
}

/**
 * What a client has begun and not waited for, such as its turn in the queue of a lock.
 *
 * @example
 * const etcd = new Cluster()
 * const a = new Mutex(new Session(etcd.client('a')), '/job')
 * const b = new Mutex(new Session(etcd.client('b')), '/job')
 * a.lock()
 * const turn = b.startLock()
 * etcd.advance(1000)
 * expect(turn.isOver).toBe(false)
 * a.unlock()
 * turn.wait()
 * expect(b.isOwner).toBe(true)
 */
export class Attempt {
  /** The header of the last answer; null before, and where it failed. */
  header: Header | null = null
  /** Why it failed; null where it has not. */
  error: EtcdError | null = null
  readonly #client: Caller
  readonly #machine: Machine
  readonly #onTold: (kv: KeyValue) => void
  #call: Call | null = null

  /** @internal Made by the recipes. */
  constructor(
    client: Caller,
    machine: Machine,
    outputs: ConcurrencyOutput[],
    onTold: (kv: KeyValue) => void = () => {},
  ) {
    this.#client = client
    this.#machine = machine
    this.#onTold = onTold
    this.#serve(outputs)
  }

  /** Whether it has ended, well or with an `error`. */
  get isOver(): boolean {
    return this.header !== null || this.error !== null
  }

  /**
   * Lets time pass until it is over, and throws its error where it failed. After `timeoutMs` of
   * virtual time (the client's own where absent) its context ends: what is in a queue is taken out
   * of it, and `context deadline exceeded`, code 4, is thrown.
   *
   * @example
   * const etcd = new Cluster()
   * const [a, b] = ['a', 'b'].map((name) => new Mutex(new Session(etcd.client(name)), '/job'))
   * a.lock()
   * const turn = b.startLock()
   * expect(() => turn.wait(1000)).toThrow('context deadline exceeded')
   * expect(etcd.get('/job/', { prefix: true }).count).toBe(1)
   */
  wait(timeoutMs = this.#client.timeoutMs): void {
    if (!this.#client.driver.until(() => this.isOver, timeoutMs))
      this.cancel(errors.DeadlineExceeded)
    if (this.error !== null) throw this.error
  }

  /**
   * Ends its context, as Go's `cancel()` does, and lets time pass until the client has taken what
   * it had in a queue out of it. Nothing to do for what is over.
   *
   * @example
   * const etcd = new Cluster()
   * const [a, b] = ['a', 'b'].map((name) => new Mutex(new Session(etcd.client(name)), '/job'))
   * a.lock()
   * const turn = b.startLock()
   * turn.cancel()
   * expect(turn.error?.message).toBe('context canceled')
   */
  cancel(why: RpcError = errors.Canceled): void {
    if (this.isOver) return
    const outputs = this.#machine.contextEnded(why)
    this.#serve(outputs ?? [])
    this.#client.driver.until(() => this.isOver, this.#client.timeoutMs)
    if (!this.isOver) this.#end(why)
  }

  #serve(outputs: ConcurrencyOutput[]): void {
    for (const output of outputs) {
      if (output.type !== 'report') this.#call?.cancel()
      switch (output.type) {
        case 'call':
        case 'watch':
          this.#begin(output.request)
          break
        case 'report':
          this.#onTold(output.kv)
          break
        case 'done':
          this.header = output.header
          break
        case 'failed':
          this.#end(output.error)
          break
        default:
          unreachable(output)
      }
    }
  }

  #begin(request: Request): void {
    const { driver, name, member } = this.#client
    this.#call = driver.begin(name, request, (reply) => this.#answered(reply), member)
  }

  #answered(reply: Reply): void {
    if (reply === CRASHED) this.#end(CRASHED)
    else if (!this.isOver) this.#serve(this.#machine.next(reply))
  }

  #end(error: RpcError): void {
    this.#call?.cancel()
    this.error = new EtcdError(error)
  }
}
