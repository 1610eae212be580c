// A recipe of clientv3 in progress. The machine of the recipe says which call is next. The attempt
// makes the call when the last answer arrives, also while the test does something else.

import { unreachable } from '../base/assert'
import { Code, errors } from '../base/errors'
import type { Header, KeyValue, Reply, Request, RpcError } from '../base/rpc'
import type { ClientId, MemberName } from '../base/trace'
import type { ConcurrencyOutput } from '../concurrency/key'
import type { Call, Driver } from './driver'
import { CRASHED } from './driver'
import { EtcdError } from './error'
import { deadlineStory, failureStory } from './story'

/** A machine of `concurrency/`: a lock, an election or an observer. */
export interface Machine {
  next(last: Reply): ConcurrencyOutput[]
  contextEnded(error: RpcError): ConcurrencyOutput[] | null
}

/** The client that calls. */
interface Caller {
  readonly driver: Driver
  readonly name: ClientId
  readonly timeoutMs: number
  readonly member: MemberName | undefined
}

/**
 * A call of a recipe that a client has begun, such as the wait for a lock.
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
  /** The header of the last answer; null before the end and after an error. */
  header: Header | null = null
  /** Why it failed; null before the end and after a success. */
  error: EtcdError | null = null
  readonly #client: Caller
  readonly #machine: Machine
  readonly #onTold: (kv: KeyValue) => void
  #call: Call | null = null
  /** Ends the message of a deadline: the events before it. */
  #deadline = ''

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

  /** Whether it has ended, with or without an `error`. */
  get isOver(): boolean {
    return this.header !== null || this.error !== null
  }

  /**
   * Lets time pass until the end, and throws the error if there is one. After `timeoutMs` of
   * virtual time (default: the client's) the context ends: the client leaves the queue, and `wait`
   * throws `context deadline exceeded`, code 4, with the last events.
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
    const { driver, name, member } = this.#client
    if (!driver.until(() => this.isOver, timeoutMs)) {
      this.#deadline = deadlineStory(driver.timeline, name, member, timeoutMs)
      this.cancel(errors.DeadlineExceeded)
    }
    if (this.error !== null) throw this.error
  }

  /**
   * Ends the context, as Go's `cancel()` does, and lets time pass until the client has left the
   * queue. Does nothing after the end.
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
    const { driver, name, member } = this.#client
    const story =
      error.code === Code.DeadlineExceeded
        ? this.#deadline
        : failureStory(driver.timeline, name, member, error.code)
    this.error = new EtcdError(error, story)
  }
}
