import type { LeaseId } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { Driver } from './driver'

/**
 * A lease that a client keeps alive (clientv3: KeepAlive and its channel).
 *
 * @example
 * const etcd = new Cluster()
 * const worker = etcd.client('worker')
 * const kept = worker.keepAlive(worker.grant(5).ID)
 * etcd.pause('worker')
 * etcd.advance(10_000)
 * etcd.resume('worker')
 * etcd.advance(1000)
 * expect(kept.isLost).toBe(true)
 */
export class KeepAlive {
  /** The lease that is kept alive. */
  readonly lease: LeaseId
  readonly #driver: Driver
  readonly #client: ClientId
  readonly #forget: () => void
  #isLost = false
  #isStopped = false

  /** @internal Made by `ClusterClient.keepAlive`. */
  constructor(driver: Driver, client: ClientId, lease: LeaseId) {
    driver.requireUp(client)
    this.lease = lease
    this.#driver = driver
    this.#client = client
    this.#forget = driver.listen((event) => {
      const isLoss = event.type === 'lease-believed-lost' && event.lease === lease
      if ((isLoss || event.type === 'client-crashed') && event.client === client) this.#lose()
    })
    driver.submit({ type: 'heartbeat', client, lease, on: true })
  }

  /**
   * Whether the client knows that the lease has ended, or has given it up. The client learns of the
   * end later than the cluster. A client that crashes loses all its leases.
   */
  get isLost(): boolean {
    return this.#isLost
  }

  /**
   * Stops renewing. The lease lives on until its TTL has passed.
   *
   * @example
   * const etcd = new Cluster()
   * const kept = etcd.keepAlive(etcd.grant(5).ID)
   * kept.stop()
   * etcd.advanceTo({ type: 'lease-expired', lease: kept.lease })
   */
  stop(): void {
    if (this.#isLost || this.#isStopped) return
    this.#isStopped = true
    this.#forget()
    this.#driver.submit({ type: 'heartbeat', client: this.#client, lease: this.lease, on: false })
  }

  #lose(): void {
    this.#isLost = true
    this.#forget()
  }
}
