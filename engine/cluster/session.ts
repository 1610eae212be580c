import type { LeaseId } from '../base/rpc'
import type { ConcurrencyOutput } from '../concurrency/key'
import type { Machine } from './attempt'
import { Attempt } from './attempt'
import type { ClusterClient } from './client'
import type { KeepAlive } from './keep-alive'
import { checkOptions, leaseIdOf } from './plain'

/**
 * A session of clientv3's concurrency package: a lease that the client keeps alive. The keys of
 * locks and elections are attached to it.
 *
 * @example
 * const etcd = new Cluster()
 * const session = new Session(etcd.client('a'), { ttl: 5 })
 * etcd.crash('a')
 * expect(session.isDone).toBe(true)
 * etcd.advanceTo({ type: 'lease-revoked', lease: session.lease })
 */
export class Session {
  /** The client of the session. */
  readonly client: ClusterClient
  /** The session's lease (clientv3: Session.Lease). */
  readonly lease: LeaseId
  readonly #kept: KeepAlive
  #isClosed = false
  #isCrashed = false
  #attempt: Attempt | null = null

  /**
   * Grants a lease and keeps it alive (concurrency.NewSession).
   *
   * @param options `ttl` in seconds (60); or `lease`, an existing lease
   */
  constructor(client: ClusterClient, options: { ttl?: number; lease?: LeaseId | string } = {}) {
    checkOptions('Session', options, ['ttl', 'lease'])
    const { ttl = 60, lease } = options
    this.client = client
    this.lease = lease === undefined ? client.grant(ttl).ID : leaseIdOf('Session', lease)
    this.#kept = client.keepAlive(this.lease)
    const forget = client.driver.listen((event) => {
      if (event.type !== 'client-crashed' || event.client !== client.name) return
      this.#isCrashed = true
      forget()
    })
  }

  /**
   * Whether its Done channel is closed: the client has closed the session, or believes that the
   * lease is lost. The cluster may have ended the lease long before.
   */
  get isDone(): boolean {
    return this.#isClosed || this.#kept.isLost
  }

  /** Whether the client has crashed since. Then the session cannot be used. */
  get isCrashed(): boolean {
    return this.#isCrashed
  }

  /**
   * Stops the renewals and revokes the lease, which deletes its keys.
   *
   * @example
   * const etcd = new Cluster()
   * const session = new Session(etcd.client('a'), { ttl: 5 })
   * session.close()
   * expect(etcd.peekLease(session.lease)).toBe(undefined)
   */
  close(): void {
    this.orphan()
    this.client.revoke(this.lease)
  }

  /**
   * Stops the renewals. The lease lives on until its TTL has passed.
   *
   * @example
   * const etcd = new Cluster()
   * const session = new Session(etcd.client('a'), { ttl: 5 })
   * session.orphan()
   * expect(etcd.peekLease(session.lease)?.ttlSeconds).toBe(5)
   * etcd.advanceTo({ type: 'lease-expired', lease: session.lease })
   */
  orphan(): void {
    this.#isClosed = true
    this.#kept.stop()
  }

  /** @internal Begins a call of a recipe. A machine does one call at a time. */
  begin(machine: Machine, outputs: () => ConcurrencyOutput[]): Attempt {
    const { name } = this.client
    if (this.#isCrashed) throw new Error(`client ${name} has crashed: it needs a new session`)
    if (this.#attempt?.isOver === false)
      throw new Error(`client ${name} waits for this session's last call: wait for it or cancel it`)
    this.#attempt = new Attempt(this.client, machine, outputs())
    return this.#attempt
  }
}
