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
  /** Whose client calls, and whose lease the own key is attached to. */
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

  /** Whether this client takes itself for the leader. Another one may lead by then. */
  get isLeader(): boolean {
    return this.#machine.isLeader && !this.session.isCrashed
  }

  /**
   * Stands for election; time passes until it is won. After `timeoutMs` of virtual time (the
   * client's own where absent) it throws `context deadline exceeded`, code 4, and leaves the queue.
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
   * Joins the queue and does not wait: time passes only when the test says so.
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
   * Announces a new value. Throws `election: not leader` where its key is gone.
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
   * Gives the leadership or the candidacy up. A key that is gone is no error.
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
   * Who leads, by a request of this client. Throws `election: no leader` where none does.
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
 * What a client hears of an election (clientv3: Election.Observe). A leader of a short time may be
 * missed.
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

  /** The leaders and their values, in the order in which the client heard of them. */
  get leaders(): readonly KeyValue[] {
    return this.#leaders
  }

  /** Why it ended, such as `election: observe closed early`; null while it goes on. */
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
