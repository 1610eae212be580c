import { bytesText, textBytes } from '../base/bytes'
import { Mutex as Machine } from '../concurrency/mutex'
import { differencesOf, mutexRules } from '../member/versions'
import type { Attempt } from './attempt'
import type { Session } from './session'

/**
 * A lock of clientv3's concurrency package, with the rules of the cluster's version. From 3.5 on, a
 * waiter checks its own key when its turn comes. From 3.6 on, a released lock cannot be released
 * again.
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
  /** The session: its client calls, and the own key is attached to its lease. */
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
   * The fencing token: the create revision of the own key. 0 before `lock` and after `unlock`.
   */
  get revision(): number {
    return this.#machine.revision
  }

  /**
   * Whether this client believes that it holds the lock. Another client may hold it: the cluster
   * ends a lease before its client knows.
   */
  get isOwner(): boolean {
    return this.#machine.isHeld && !this.session.isCrashed
  }

  /**
   * Takes the lock: time passes until the client holds it. After `timeoutMs` of virtual time
   * (default: the client's) it leaves the queue and throws `context deadline exceeded`, code 4.
   * From 3.5 on, it throws `mutex: session is expired` if the lease ended in the queue.
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
   * Joins the queue and returns without waiting. No time passes.
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
   * Takes the lock if it is free. Otherwise it deletes its key and throws `mutex: Locked by another
   * session`.
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
   * Releases the lock: deletes the own key. The session stays open.
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
