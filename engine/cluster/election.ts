import { bytesText, textBytes } from '../base/bytes'
import { errors } from '../base/errors'
import type { KeyValue } from '../base/rpc'
import { Election as Machine, Observer as ObserverMachine } from '../concurrency/election'
import { firstCreated } from '../concurrency/key'
import { Attempt } from './attempt'
import type { ClusterClient } from './client'
import { EtcdError } from './error'
import type { Session } from './session'
import { toText } from './texts'

/**
 * An election of clientv3's concurrency package: candidates queue, and the first of them leads.
 *
 * @example
 * const etcd = new Cluster()
 * const a = new Election(new Session(etcd.client('a'), { ttl: 5 }), '/leader')
 * const b = new Election(new Session(etcd.client('b'), { ttl: 5 }), '/leader')
 * a.campaign('10.0.0.1')
 * const candidacy = b.startCampaign('10.0.0.2')
 * etcd.crash('a')
 * candidacy.wait()
 * expect(b.leader().value).toBe('10.0.0.2')
 */
export class Election {
  /** The session: its client calls, and the own key is attached to its lease. */
  readonly session: Session
  readonly #name: string
  readonly #machine: Machine

  /** An election on the keys that begin with `name` and a slash (concurrency.NewElection). */
  constructor(session: Session, name: string) {
    this.session = session
    this.#name = name
    this.#machine = new Machine(textBytes(name), session.lease)
  }

  /** The own key in the queue; empty before a campaign. */
  get key(): string {
    return bytesText(this.#machine.leader.key)
  }

  /** The create revision of the own key; 0 before a campaign. */
  get revision(): number {
    return this.#machine.leader.rev
  }

  /** Whether this client believes that it leads. Another client may lead. */
  get isLeader(): boolean {
    return this.#machine.isLeader && !this.session.isCrashed
  }

  /**
   * Campaigns: time passes until the client leads. After `timeoutMs` of virtual time (default: the
   * client's) it leaves the queue and throws `context deadline exceeded`, code 4.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * election.campaign('10.0.0.1')
   * expect(election.isLeader).toBe(true)
   */
  campaign(value: string, timeoutMs?: number): void {
    this.startCampaign(value).wait(timeoutMs)
  }

  /**
   * Joins the queue and returns without waiting. No time passes.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * const candidacy = election.startCampaign('10.0.0.1')
   * expect(candidacy.isOver).toBe(false)
   * candidacy.wait()
   * expect(election.isLeader).toBe(true)
   */
  startCampaign(value: string): Attempt {
    return this.session.begin(this.#machine, () => this.#machine.campaign(textBytes(value)))
  }

  /**
   * Announces a new value. Throws `election: not leader` if its key is gone.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * election.campaign('10.0.0.1')
   * election.proclaim('10.0.0.2')
   * expect(election.leader().value).toBe('10.0.0.2')
   */
  proclaim(value: string): void {
    this.session.begin(this.#machine, () => this.#machine.proclaim(textBytes(value))).wait()
  }

  /**
   * Gives up the leadership or the candidacy. Does not throw if its key is gone.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * election.campaign('10.0.0.1')
   * election.resign()
   * expect(() => election.leader()).toThrow('election: no leader')
   */
  resign(): void {
    this.session.begin(this.#machine, () => this.#machine.resign()).wait()
  }

  /**
   * Requests the key of the leader. Throws `election: no leader` without a leader.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * election.campaign('10.0.0.1')
   * expect(election.leader()).toMatchObject({ key: election.key, value: '10.0.0.1' })
   */
  leader(): KeyValue {
    const { client } = this.session
    const request = firstCreated(textBytes(this.#name))
    const reply = client.driver.call(client.name, request, client.timeoutMs, client.member)
    const leader = reply.type === 'Range' ? reply.kvs[0] : undefined
    if (leader === undefined) throw new EtcdError(errors.ElectionNoLeader)
    return toText(leader)
  }

  /**
   * Follows the leaders from now on.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * const observer = election.observe()
   * election.campaign('10.0.0.1')
   * etcd.until(() => observer.leaders.length === 1)
   */
  observe(): Observer {
    return new Observer(this.session.client, this.#name)
  }
}

/**
 * The leaders that a client observes (clientv3: Election.Observe). It may miss a leader or a value
 * that does not last.
 *
 * @example
 * const etcd = new Cluster()
 * const election = new Election(new Session(etcd.client('a')), '/leader')
 * const observer = election.observe()
 * election.campaign('one')
 * etcd.advance(200)
 * election.proclaim('two')
 * etcd.advance(200)
 * expect(observer.leaders.map(({ value }) => value)).toEqual(['one', 'two'])
 */
export class Observer {
  readonly #leaders: KeyValue[] = []
  readonly #attempt: Attempt

  /** @internal Made by `Election.observe`. */
  constructor(client: ClusterClient, name: string) {
    const machine = new ObserverMachine(textBytes(name))
    this.#attempt = new Attempt(client, machine, machine.observe(), (kv) =>
      this.#leaders.push(toText(kv)),
    )
  }

  /** The observed leaders with their values, in order. */
  get leaders(): readonly KeyValue[] {
    return this.#leaders
  }

  /** Why it ended, such as `election: observe closed early`; null while it is open. */
  get error(): EtcdError | null {
    return this.#attempt.error
  }

  /**
   * Stops following.
   *
   * @example
   * const etcd = new Cluster()
   * const election = new Election(new Session(etcd.client('a')), '/leader')
   * const observer = election.observe()
   * observer.close()
   * election.campaign('10.0.0.1')
   * etcd.advance(1000)
   * expect(observer.leaders).toEqual([])
   */
  close(): void {
    this.#attempt.cancel()
  }
}
