import { bytesText, textBytes } from '../base/bytes'
import { Mutex as Machine } from '../concurrency/mutex'
import { differencesOf, mutexRules } from '../member/versions'
import type { Attempt } from './attempt'
import type { Session } from './session'

/**
 * A lock of clientv3's concurrency package, with the rules of the cluster's version: from 3.5 on a
 * waiter looks for its own key when its turn comes, and from 3.6 on a lock that was given back
 * cannot be given back again.
 *
 * @example
 * const etcd = new Cluster()
 * const mutex = new Mutex(new Session(etcd.client('a'), { ttl: 5 }), '/job')
 * mutex.lock()
 * expect(etcd.get('/job/', { prefix: true }).kvs[0]?.key).toBe(mutex.key)
 * mutex.unlock()
 * expect(() => mutex.unlock()).toThrow('mutex: lock has already been released')
 */
export class Mutex {
  /** Whose client calls, and whose lease the own key is attached to. */
  readonly session: Session
  readonly #machine: Machine

  /** A mutex on the keys that begin with `name` and a slash (concurrency.NewMutex). */
  constructor(session: Session, name: string) {
    const { etcd, differences = {} } = session.client.driver.timeline.sim.config
    const rules = mutexRules(differencesOf({ etcdVersion: etcd, differences }))
    this.session = session
    this.#machine = new Machine(textBytes(name), session.lease, rules)
  }

  /** The own key in the queue: the name, a slash and the session's lease in hex. */
  get key(): string {
    return bytesText(this.#machine.key)
  }

  /**
   * The fencing token: the create revision of the own key. 0 before the lock was asked for, and
   * once it was given back.
   */
  get revision(): number {
    return this.#machine.revision
  }

  /**
   * Whether this client takes itself for the owner. The lock may be another one's by then: the
   * cluster has ended the lease, and this client has not heard of it.
   */
  get isOwner(): boolean {
    return this.#machine.isHeld && !this.session.isCrashed
  }

  /**
   * Takes the lock; time passes until it is held. After `timeoutMs` of virtual time (the client's
   * own where absent) it throws `context deadline exceeded`, code 4, and leaves the queue. From 3.5
   * on, a lease that ended in the queue throws `mutex: session is expired`.
   *
   * @example
   * const etcd = new Cluster()
   * const [a, b] = ['a', 'b'].map((name) => new Mutex(new Session(etcd.client(name)), '/job'))
   * a.lock()
   * expect(a.isOwner).toBe(true)
   * expect(() => b.lock(1000)).toThrow('context deadline exceeded')
   */
  lock(timeoutMs?: number): void {
    this.startLock().wait(timeoutMs)
  }

  /**
   * Joins the queue and does not wait: time passes only when the test says so.
   *
   * @example
   * const etcd = new Cluster()
   * const [a, b] = ['a', 'b'].map((name) => new Mutex(new Session(etcd.client(name)), '/job'))
   * a.lock()
   * const turn = b.startLock()
   * etcd.crash('a')
   * turn.wait()
   * expect(etcd.now).toBeGreaterThan(60_000)
   */
  startLock(): Attempt {
    return this.session.begin(this.#machine, () => this.#machine.lock())
  }

  /**
   * Takes the lock where it is free. Where it is not it throws `mutex: Locked by another session`,
   * and no key is left behind.
   *
   * @example
   * const etcd = new Cluster()
   * const [a, b] = ['a', 'b'].map((name) => new Mutex(new Session(etcd.client(name)), '/job'))
   * a.tryLock()
   * expect(() => b.tryLock()).toThrow('mutex: Locked by another session')
   */
  tryLock(): void {
    this.session.begin(this.#machine, () => this.#machine.tryLock()).wait()
  }

  /**
   * Gives the lock back: deletes the own key. The session stays.
   *
   * @example
   * const etcd = new Cluster()
   * const [a, b] = ['a', 'b'].map((name) => new Mutex(new Session(etcd.client(name)), '/job'))
   * a.lock()
   * a.unlock()
   * b.tryLock()
   */
  unlock(): void {
    this.session.begin(this.#machine, () => this.#machine.unlock()).wait()
  }
}
