import { textBytes } from '../base/bytes'
import type { KeyValue, LeaseId } from '../base/rpc'
import type { ClientId, EventType, MemberName, TraceEvent } from '../base/trace'
import type { LeaseInfo } from '../lease/lessor'
import type { Member } from '../member/member'
import { readFault } from '../network/read-fault'
import type { SharedRun } from '../replay/shared-form'
import type { Command, Config, Fault } from '../sim/command'
import { NEW_RUN_CONFIG } from '../sim/command'
import { traceText } from '../text/describe'
import { ClusterClient } from './client'
import { Driver } from './driver'
import type { EventMatch } from './event-match'
import { matcher, matchText } from './event-match'
import { linkOf, runOf } from './link'
import { checkOptions, leaseIdOf } from './plain'
import { lastEvents } from './story'
import { toText } from './texts'

/** The client that the cluster itself is. */
const CALLER = 'you'
/** The default limit of a wait, in virtual milliseconds. */
const DEFAULT_LIMIT_MS = 3_600_000
/** Names that links and the console can carry. */
const CLIENT_NAME = /^(?!m\d)[A-Za-z_][\w-]{0,39}$/

/**
 * An etcd cluster inside a test. A call returns its answer at once: there is nothing to await. Time
 * passes only in calls and in `advance`, `advanceTo` and `until`. The same seed and calls give the
 * same run on every machine.
 *
 * The cluster is also a client, with the name `you`. Times are virtual milliseconds.
 *
 * @example
 * const etcd = new Cluster()
 * const { ID } = etcd.grant(3600)
 * etcd.put('jobs/42', 'mine', { lease: ID })
 * etcd.advance(3_599_000)
 * expect(etcd.get('jobs/42').count).toBe(1)
 * etcd.advance(2000)
 * expect(etcd.get('jobs/42').count).toBe(0)
 */
export class Cluster extends ClusterClient {
  /** The last event that `advanceTo` found, and how many there were then. */
  #found = { event: 0, last: 0 }
  /** The clients that were given out, and the members that receive their calls. */
  readonly #members = new Map<ClientId, MemberName | undefined>([[CALLER, undefined]])

  /**
   * A cluster whose leader is elected. Settings that `options` leave out are those of
   * NEW_RUN_CONFIG: one member, etcd 3.6, a millisecond for each message. Throws for a setting that
   * is not valid, with its name.
   *
   * @param options `seed` is the seed of every random draw (1)
   */
  constructor(options: Partial<Config> & { seed?: number; timeoutMs?: number } = {}) {
    const { seed = 1, timeoutMs, ...config } = options
    super(
      new Driver({ ...NEW_RUN_CONFIG, ...config }, seed),
      CALLER,
      timeoutMs === undefined ? {} : { timeoutMs },
    )
  }

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.driver.now
  }

  /** The configuration of the run. */
  get config(): Config {
    return this.driver.timeline.sim.config
  }

  /** All events of the run, in order. Their keys and values are byte strings (see `text`). */
  get events(): readonly TraceEvent[] {
    return this.driver.timeline.trace
  }

  /** The running member that believes it leads, with the highest term; null without one. */
  get leader(): MemberName | null {
    const leaders = this.#running().filter(({ consensus }) => consensus.isLeader)
    leaders.sort((a, b) => b.term - a.term)
    return leaders[0]?.options.name ?? null
  }

  /**
   * Another client of the cluster, with its own connections and clock. The same name is the same
   * client. Throws for a name that a link cannot carry, and for an unknown member. It joins the run
   * with its first call; until then a fault that names it is refused.
   *
   * @param options `member` receives its calls (the first member). The client does not switch when
   * that member fails, unless the cluster has `clientEndpoints: 'all'` and `member` is left out. A
   * client keeps the member of its first `client` call; another one throws.
   * @example
   * const etcd = new Cluster()
   * const worker = etcd.client('worker')
   * worker.put('a', '1')
   * expect(etcd.get('a').kvs[0]?.value).toBe('1')
   */
  client(name: ClientId, options: { member?: MemberName; timeoutMs?: number } = {}): ClusterClient {
    if (/^m\d/.test(name))
      throw new Error(`a client is not named as a member (m and a digit): ${JSON.stringify(name)}`)
    if (!CLIENT_NAME.test(name))
      throw new Error(`a client is named by letters, digits, - and _, not ${JSON.stringify(name)}`)
    checkOptions('client', options, ['member', 'timeoutMs'])
    const { member } = options
    if (member !== undefined && !this.#names().includes(member))
      throw new Error(`there is no member ${member}; there are ${this.#names().join(', ')}`)
    const known = this.#members.has(name)
    const before = this.#members.get(name)
    if (known && member !== undefined && member !== before)
      throw new Error(
        `client ${name} calls ${before ?? 'the first member'}, and cannot call ${member} as well: ` +
          'give another client another name',
      )
    const keeps = member ?? before
    const client = new ClusterClient(this.driver, name, {
      ...options,
      ...(keeps === undefined ? {} : { member: keeps }),
    })
    this.#members.set(name, keeps)
    return client
  }

  // Time ------------------------------------------------------------------------------------------

  /**
   * Lets that many milliseconds pass, with everything that is due in them. Throws a RangeError for
   * a negative number, a fraction, and more than 30 virtual days (2,592,000,000).
   *
   * @example
   * const etcd = new Cluster()
   * etcd.advance(90_000)
   * expect(etcd.now).toBe(90_000)
   */
  advance(ms: number): void {
    this.driver.advance(ms)
  }

  /**
   * Lets time pass until an event happens, and returns that event. The next call continues after
   * that event, also within the same step. If there is no such event within `limitMs` (an hour; at
   * most 30 days), it throws an error that shows the last events.
   *
   * @param wanted the type of the event, or some of its fields, or a predicate
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(10)
   * const { at } = etcd.advanceTo({ type: 'lease-expired', lease: ID })
   * expect(at).toBeGreaterThanOrEqual(10_000)
   * expect(etcd.advanceTo('lease-revoked').end).toBe('expired')
   */
  advanceTo<T extends EventType>(
    wanted: EventMatch<T>,
    limitMs = DEFAULT_LIMIT_MS,
  ): Extract<TraceEvent, { type: T }> {
    const fits = matcher(wanted)
    let found = this.#restOfStep().find(fits)
    const forget = this.driver.listen((event) => {
      if (found === undefined && fits(event)) found = event
    })
    const happened = this.driver.until(() => found !== undefined, limitMs)
    forget()
    if (!happened) throw new Error(this.#inVain(`no ${matchText(wanted)}`, limitMs))
    this.#found = { event: found!.id, last: this.events.length }
    return found as Extract<TraceEvent, { type: T }>
  }

  /**
   * Lets time pass until the predicate is true. The predicate runs after each step. It may read
   * (`peek`, `events`, a watch, `isDone`) but not act. If it is still false after `limitMs` (an
   * hour; at most 30 days), it throws an error that shows the last events. A promise, or any other
   * value that is not a boolean, throws a TypeError.
   *
   * @example
   * const etcd = new Cluster({ members: 3 })
   * etcd.crash(etcd.leader ?? 'm1')
   * etcd.until(() => etcd.leader !== null)
   * expect(etcd.now).toBeLessThan(5000)
   */
  until(predicate: () => boolean, limitMs = DEFAULT_LIMIT_MS): void {
    if (!this.driver.until(predicate, limitMs))
      throw new Error(this.#inVain('the predicate is still false', limitMs))
  }

  // Faults ----------------------------------------------------------------------------------------

  /**
   * Kills a member or a client. A member keeps its disk. A client loses its state. Throws for an
   * unknown name.
   *
   * @example
   * const etcd = new Cluster()
   * const worker = etcd.client('worker')
   * const session = new Session(worker, { ttl: 5 })
   * etcd.crash('worker')
   * etcd.until(() => etcd.peekLease(session.lease) === undefined)
   */
  crash(name: MemberName | ClientId): void {
    this.fault(`crash ${name}`)
  }

  /**
   * Starts a member or a client that is down. Throws for an unknown name.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('a', '1')
   * etcd.crash('m1')
   * etcd.restart('m1')
   * expect(etcd.get('a').kvs[0]?.value).toBe('1')
   */
  restart(name: MemberName | ClientId): void {
    this.fault(`restart ${name}`)
  }

  /**
   * Freezes a member or a client. Messages to it wait. Throws for an unknown name.
   *
   * @example
   * const etcd = new Cluster()
   * const session = new Session(etcd.client('worker'), { ttl: 5 })
   * etcd.pause('worker')
   * etcd.advance(10_000)
   * expect(etcd.peekLease(session.lease)).toBe(undefined)
   * expect(session.isDone).toBe(false)
   */
  pause(name: MemberName | ClientId): void {
    this.fault(`pause ${name}`)
  }

  /**
   * Resumes a paused member or client. Throws for an unknown name.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('a', '1')
   * etcd.pause('m1')
   * etcd.advance(1000)
   * etcd.resume('m1')
   * expect(etcd.get('a').count).toBe(1)
   */
  resume(name: MemberName | ClientId): void {
    this.fault(`resume ${name}`)
  }

  /**
   * Splits the network into groups of members and clients. A name in no group reaches all others.
   * Throws for an unknown name.
   *
   * @example
   * const etcd = new Cluster({ members: 3 })
   * const worker = etcd.client('worker', { member: 'm3', timeoutMs: 10_000 })
   * worker.get('a')
   * etcd.partition(['m1', 'm2'], ['m3', 'worker'])
   * expect(() => worker.put('a', '1')).toThrow('etcdserver: request timed out')
   * etcd.heal()
   */
  partition(...groups: readonly (readonly string[])[]): void {
    this.fault({ type: 'partition', groups: groups.map((group) => [...group]) })
  }

  /**
   * Ends every partition and cut, and resets all links to the configuration.
   *
   * @example
   * const etcd = new Cluster({ members: 3 })
   * etcd.partition(['m1'], ['m2', 'm3'])
   * etcd.until(() => etcd.leader !== 'm1')
   * etcd.heal()
   * expect(etcd.put('a', '1').header.revision).toBe(2)
   */
  heal(): void {
    this.fault({ type: 'heal' })
  }

  /**
   * Any fault, as a value or in the words of the console. Throws for an unknown name and for other
   * words.
   *
   * @example
   * const etcd = new Cluster({ members: 3 })
   * etcd.fault('delay m1-m2 50')
   * etcd.fault('drop all 10%')
   * etcd.fault('disk m1 200')
   * etcd.fault('clock m2 150')
   * expect(() => etcd.fault('crash m9')).toThrow('no member m9')
   */
  fault(fault: Fault | string): void {
    const read = typeof fault === 'string' ? readFault(fault.split(' '), this.#names()) : fault
    if (read === null) throw new Error(`no fault is called ${JSON.stringify(fault)}`)
    if (typeof read === 'string') throw new Error(read)
    const unjoined = [...this.#members.keys()].find(
      (name) => namesIn(read).includes(name) && !this.#hasJoined(name),
    )
    try {
      this.submit({ type: 'fault', fault: read })
    } catch (error) {
      if (unjoined === undefined) throw error
      throw new Error(
        `client ${unjoined} has made no call yet: a client joins the run with its first call`,
      )
    }
  }

  /**
   * Any command of a recording, such as a program or a console line, at the current time. Throws
   * if the command is refused, with the reason.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.submit({ type: 'console', terminal: 't1', text: 'etcdctl put a 1', mode: 'strict' })
   * etcd.advance(100)
   * expect(etcd.get('a').kvs[0]?.value).toBe('1')
   */
  submit(command: Command): void {
    this.driver.submit(command)
  }

  // Truth -----------------------------------------------------------------------------------------

  /**
   * Reads a key without a request, from the running member with the highest revision. Undefined
   * for a key that does not exist.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('a', '1')
   * expect(etcd.peek('a')?.value).toBe('1')
   * expect(etcd.peek('b')).toBe(undefined)
   */
  peek(key: string): KeyValue | undefined {
    const kv = this.#truth()?.store.get(textBytes(key))
    return kv === undefined ? undefined : toText(kv)
  }

  /**
   * Reads a lease without a request, from the primary, or without one from the running member with
   * the highest revision. `deadline` is in virtual milliseconds, and Infinity without a primary.
   * Undefined for an unknown ID.
   *
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(10)
   * expect(etcd.peekLease(ID)).toMatchObject({ ttlSeconds: 10 })
   * expect(etcd.peekLease('00000000000000ff')).toBe(undefined)
   */
  peekLease(lease: LeaseId | string): LeaseInfo | undefined {
    const primary = this.#running().find(({ lessor }) => lessor.isPrimary)
    return (primary ?? this.#truth())?.lease(leaseIdOf('peekLease', lease))
  }

  // The run ---------------------------------------------------------------------------------------

  /**
   * The events as text, one line each: seconds, actor, sentence. Ticks and empty passes are left
   * out. With `all` the lines are those of `leasescope replay`.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('a', '1')
   * expect(etcd.trace().at(-1)).toMatch(/ you +receives/)
   */
  trace(options: { all?: boolean } = {}): string[] {
    const lines = traceText(this.events).split('\n').slice(0, -1)
    return options.all
      ? lines
      : lines.filter((_, index) => this.events[index]!.level !== 'machinery')
  }

  /**
   * A link that opens this run on the page, at the current time: `base`, which is the address of
   * the page, and `#r1?…`. `leasescope open LINK` needs no base. Throws for a run that is too long
   * for a link (6,000 characters, about 50 calls). `howToOpen` of `leasescope/node` writes such a
   * run to a file.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.grant(10)
   * expect(etcd.toLink('http://127.0.0.1:4173/')).toMatch(/^http:.*\/#r1\?seed=1&etcd=3\.6/)
   */
  toLink(base = ''): string {
    const run = this.toJSON()
    const link = linkOf(run)
    if (link !== null) return `${base.replace(/#.*$/, '')}${link}`
    throw new Error(
      `a run of ${run.commands.length} commands is too long for a link: write ` +
        'JSON.stringify(cluster) to a file, and open it with: npx leasescope open FILE.json',
    )
  }

  /**
   * The run as a recording. The page and `leasescope open`, `replay` and `check` read the text
   * `JSON.stringify(cluster)`.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.grant(10)
   * expect(JSON.parse(JSON.stringify(etcd))).toMatchObject({ leasescope: 1, seed: 1 })
   */
  toJSON(): SharedRun {
    return runOf(this.driver.timeline)
  }

  /** The events of the same step after the one that `advanceTo` returned last. */
  #restOfStep(): readonly TraceEvent[] {
    return this.#found.last === this.events.length ? this.events.slice(this.#found.event) : []
  }

  #hasJoined(client: ClientId): boolean {
    return this.driver.timeline.sim.clients.some(({ id }) => id === client)
  }

  #names(): MemberName[] {
    return this.driver.timeline.sim.members.map(({ options }) => options.name)
  }

  #running(): Member[] {
    const { servers } = this.driver.timeline.sim
    return servers.filter(({ state }) => state !== 'down').map(({ member }) => member)
  }

  #truth(): Member | undefined {
    const running = this.#running()
    const revision = Math.max(...running.map(({ store }) => store.revision))
    return running.find(({ store }) => store.revision === revision)
  }

  #inVain(what: string, limitMs: number): string {
    return `${what} after ${limitMs / 1000} virtual seconds; ${lastEvents(this.driver.timeline)}`
  }
}

/** The clients and members that a fault names. */
function namesIn(fault: Fault): string[] {
  if ('client' in fault) return [fault.client]
  switch (fault.type) {
    case 'partition':
      return fault.groups.flat()
    case 'cut':
      return [...fault.from, ...fault.to]
    case 'link':
      return fault.link === null ? [] : [fault.link.from, fault.link.to]
    default:
      return []
  }
}
