import type { Reply, WatchCreateRequest, WatchEvent } from '../base/rpc'
import type { ClientId, MemberName } from '../base/trace'
import type { Call, Driver } from './driver'
import { EtcdError } from './error'
import { toText } from './texts'

/**
 * A watch of a client, with the events that it has received.
 *
 * @example
 * const etcd = new Cluster()
 * const watch = etcd.watch('a')
 * etcd.put('a', '1')
 * etcd.advance(10)
 * expect(watch.take().map(({ kv }) => kv.value)).toEqual(['1'])
 * expect(watch.take()).toEqual([])
 */
export class Watch {
  readonly #call: Call
  readonly #events: WatchEvent[] = []
  #taken = 0
  #isReady = false
  #error: EtcdError | null = null

  /** @internal Made by `ClusterClient.watch`. */
  constructor(
    driver: Driver,
    client: ClientId,
    request: WatchCreateRequest,
    member: MemberName | undefined,
  ) {
    this.#call = driver.begin(client, request, (reply) => this.#receive(reply), member)
  }

  /** All received events, in order. Keys and values are text. */
  get events(): readonly WatchEvent[] {
    return this.#events
  }

  /** Whether the member has created or ended the watch. */
  get isReady(): boolean {
    return this.#isReady || this.#error !== null
  }

  /**
   * Why the member ended the watch, such as `required revision has been compacted`, code 11; null
   * while it is open.
   */
  get error(): EtcdError | null {
    return this.#error
  }

  /**
   * Returns the events since the last `take`.
   *
   * @example
   * const etcd = new Cluster()
   * const watch = etcd.watch('a')
   * etcd.put('a', '1')
   * etcd.until(() => watch.events.length > 0)
   * expect(watch.take()).toHaveLength(1)
   * expect(watch.take()).toHaveLength(0)
   */
  take(): WatchEvent[] {
    const events = this.#events.slice(this.#taken)
    this.#taken = this.#events.length
    return events
  }

  /**
   * Cancels the watch. Does nothing if it has ended.
   *
   * @example
   * const etcd = new Cluster()
   * const watch = etcd.watch('a')
   * watch.close()
   * etcd.put('a', '1')
   * etcd.advance(1000)
   * expect(watch.events).toEqual([])
   */
  close(): void {
    this.#call.cancel()
  }

  #receive(reply: Reply): void {
    if (reply.type === 'error') {
      this.#error = new EtcdError(reply)
      return
    }
    if (reply.type !== 'Watch') return
    if (reply.created) this.#isReady = true
    this.#events.push(...toText(reply.events))
    if (!reply.canceled) return
    this.#error = new EtcdError(
      reply.compact_revision > 0
        ? { code: 11, message: 'etcdserver: mvcc: required revision has been compacted' }
        : { code: 1, message: reply.cancel_reason },
    )
  }
}
