// The clients of a run, the terminals, and the processes of etcdctl that terminals run. What they wish becomes requests, writes, timers and signals here; each client may
// be paused, killed and started again, and has a clock of its own (processes.ts).

import { unreachable } from '../base/assert'
import { leaseName } from '../base/lease-name'
import type { LeaseId } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { ClientId, EventId, MemberName } from '../base/trace'
import type { SavedClient } from '../client/client'
import { Client } from '../client/client'
import type { ClientOutput } from '../client/turn'
import type { MutexRules } from '../concurrency/mutex'
import type { ShellOutput, ShellState, World } from '../etcdctl/shell'
import { Shell } from '../etcdctl/shell'
import { differencesOf, mutexRules } from '../member/versions'
import type { Command, Fault } from './command'
import { hostAndPort } from './endpoint'
import type { Ground } from './ground'
import type { Due, Message, Timer } from './moves'
import type { SavedProcesses } from './processes'
import { Processes } from './processes'
import { RESOURCE } from './resource'
import type { Servers } from './servers'

/** A process of etcdctl that a terminal runs, and whose it is. */
export interface Process {
  id: ClientId
  terminal: ClientId
  job: number
  /** The client that a line's `name:` names; the terminal itself without one. */
  client: ClientId
  /** Whom it asks; any member where there are none. */
  endpoints: readonly string[]
}

export interface SavedClients {
  /** In the order of their grants; an ID that was granted again is there again. */
  granted: LeaseId[]
  clients: { id: ClientId; kind: 'program' | 'process'; saved: SavedClient }[]
  processes: Process[]
  shells: ShellState[]
  /** Clients that are paused or down, and clocks that are not true. */
  clientProcesses: SavedProcesses
}

export class Clients {
  readonly #ground: Ground
  readonly #servers: Servers
  /** What a terminal's word does to the world around the clients. */
  readonly #fault: (fault: Fault, cause: EventId) => void
  /** Every grant of the run in its order: `$L1`, `$L2` … of the guided console. */
  #grants: LeaseId[] = []
  /** The same IDs, to look them up. */
  #granted = new Set<LeaseId>()
  #clients = new Map<ClientId, Client>()
  #processes = new Map<ClientId, Process>()
  #shells = new Map<ClientId, Shell>()
  #states = new Processes()

  constructor(ground: Ground, servers: Servers, fault: (fault: Fault, cause: EventId) => void, saved?: SavedClients) {
    this.#ground = ground
    this.#servers = servers
    this.#fault = fault
    if (saved === undefined) return
    this.#grants = [...saved.granted]
    this.#granted = new Set(saved.granted)
    this.#clients = new Map(saved.clients.map(({ id, kind, saved: client }) => [id, Client.load(id, kind, client)]))
    this.#processes = new Map(saved.processes.map((process) => [process.id, { ...process }]))
    this.#shells = new Map(saved.shells.map((shell) => [shell.terminal, Shell.load(shell)]))
    this.#states = Processes.load(saved.clientProcesses)
  }

  /** Clients and processes, in the order in which they came. */
  get list(): readonly Client[] {
    return [...this.#clients.values()]
  }

  get processes(): readonly Process[] {
    return [...this.#processes.values()]
  }

  get terminals(): readonly ClientId[] {
    return [...this.#shells.keys()]
  }

  get states(): Processes {
    return this.#states
  }

  has(client: ClientId): boolean {
    return this.#clients.has(client)
  }

  /** Undefined for a terminal that nobody has used. */
  terminal(id: ClientId): Shell | undefined {
    return this.#shells.get(id)
  }

  /** The client that a process belongs to, by which links and groups know it. */
  nameOf(client: ClientId): ClientId {
    return this.#processes.get(client)?.client ?? speakerOf(client)
  }

  granted(lease: LeaseId): void {
    this.#grants.push(lease)
    this.#granted.add(lease)
  }

  /** What a lease is called now: by its latest grant. */
  nameOfLease(lease: LeaseId): string {
    return leaseName(this.#grants.lastIndexOf(lease) + 1, lease)
  }

  // Steps ----------------------------------------------------------------------------------------------------------------------------------------------

  /** Gives a client its input, and does what it wishes; a client that is not there comes into being. */
  step(id: ClientId, input: Parameters<Client['step']>[0], cause: EventId): void {
    let client = this.#clients.get(id)
    if (client === undefined) {
      client = new Client(id, 'program', this.#retries([]))
      this.#clients.set(id, client)
    }
    this.#do(client, client.step(input, this.#states.local(id, this.#ground.now), this.#ground, cause))
  }

  /** Gives a terminal its input, and does what it wishes. */
  stepTerminal(terminal: ClientId, input: Parameters<Shell['step']>[0], cause: EventId): void {
    this.#doOfShell(terminal, this.#shell(terminal).step(input, this.#ground.now, this.#ground, cause, this.#world))
  }

  /** A person starts a program at a client; one that was paused or down goes on. */
  run({ client, source }: Extract<Command, { type: 'script' }>, cause: EventId): void {
    this.#states.wake(client)
    this.step(client, { type: 'script', source, rules: this.#rules }, cause)
  }

  /** Clients have the library of the version that the run models. */
  get #rules(): MutexRules {
    const { etcd, differences = {} } = this.#ground.config
    return mutexRules(differencesOf({ etcdVersion: etcd, differences }))
  }

  #do(client: Client, wishes: ClientOutput[]): void {
    const { id } = client
    const { timers, post, routes, now } = this.#ground
    for (const wish of wishes) {
      switch (wish.type) {
        case 'send': {
          // Its terminal may have stopped it over an earlier wish of the same step.
          if (!this.#clients.has(id)) break
          const { rpc, request } = wish
          const endpoints = wish.endpoint === null ? (this.#processes.get(id)?.endpoints ?? []) : [wish.endpoint]
          const member = routes.of(id, rpc) ?? this.#listening(endpoints, wish.attempt)
          if (member === undefined) {
            this.#ground.emit({ type: 'endpoint-unreachable', client: id, endpoints: [...endpoints], request: request.type }, wish.cause)
            break
          }
          const sent = this.#ground.emit({ type: 'request-sent', client: id, member, rpc, request }, wish.cause)
          routes.begin(id, rpc, member)
          this.#send(id, member, rpc, { type: 'request', request, ...(wish.requiresLeader ? { requiresLeader: true } : {}) }, sent)
          break
        }
        case 'open': {
          const { rpc, call, requiresLeader } = wish
          const endpoints = wish.endpoint === null ? [] : [wish.endpoint]
          const member = this.#listening(endpoints, 0)
          if (member === undefined) break
          const opened = this.#ground.emit({ type: 'stream-opened', client: id, member, rpc, call }, wish.cause)
          routes.begin(id, rpc, member)
          this.#send(id, member, rpc, { type: 'open', call, ...(requiresLeader ? { requiresLeader } : {}) }, opened)
          break
        }
        case 'cancel': {
          const member = routes.of(id, wish.rpc)
          routes.end(id, wish.rpc)
          if (member !== undefined) this.#send(id, member, wish.rpc, { type: 'cancel' }, wish.cause)
          break
        }
        case 'timer': {
          const timer: Timer = { type: 'client-timer', client: id, timer: wish.timer, cause: wish.cause }
          timers.set(wish.at === null ? null : this.#states.virtual(id, wish.at), timer)
          break
        }
        case 'write': {
          const { value, token } = wish
          const sent = this.#ground.emit({ type: 'write-sent', client: id, value, token }, wish.cause)
          const lease = client.beliefs.at(-1)?.lease ?? null
          post.sendWrite(id, RESOURCE, { client: id, value, token, lease, accepted: null, cause: sent }, now)
          break
        }
        case 'signal': {
          const process = this.#processes.get(id)
          if (process === undefined) break
          if (wish.signal.type === 'ended') this.#dispose(client, wish.cause)
          this.stepTerminal(process.terminal, { type: 'signal', job: process.job, signal: wish.signal }, wish.cause)
          break
        }
        default:
          unreachable(wish)
      }
    }
  }

  #doOfShell(terminal: ClientId, wishes: ShellOutput[]): void {
    for (const wish of wishes) {
      switch (wish.type) {
        case 'start': {
          const { job, client, endpoints } = wish
          const id = client === terminal ? `${terminal}#${job}` : `${client}@${terminal}#${job}`
          this.#processes.set(id, { id, terminal, job, client, endpoints })
          const process = new Client(id, 'process', this.#retries(endpoints))
          this.#clients.set(id, process)
          this.#do(process, process.step({ type: 'program', program: wish.program }, this.#ground.now, this.#ground, wish.cause))
          break
        }
        case 'stop': {
          const client = this.#processOf(terminal, wish.job)
          if (client !== undefined) this.#dispose(client, wish.cause)
          break
        }
        case 'interrupt': {
          const client = this.#processOf(terminal, wish.job)
          if (client !== undefined) this.#do(client, client.step({ type: 'interrupt' }, this.#ground.now, this.#ground, wish.cause))
          break
        }
        case 'fault':
          this.#fault(wish.fault, wish.cause)
          break
        case 'start-member':
          this.#servers.join(wish, wish.cause)
          break
        case 'control':
          if (this.#clients.has(wish.client)) this.step(wish.client, { type: 'control', control: wish.control }, wish.cause)
          break
        case 'timer':
          this.#ground.timers.set(wish.at, { type: 'shell-timer', terminal, timer: wish.timer, cause: wish.cause })
          break
        default:
          unreachable(wish)
      }
    }
  }

  #retries(endpoints: readonly string[]): { seed: number; endpoints: number } {
    const { seed, config } = this.#ground
    const known = endpoints.length > 0 ? endpoints.length : config.clientEndpoints === 'all' ? this.#servers.list.length : 1
    return { seed, endpoints: known }
  }

  #processOf(terminal: ClientId, job: number): Client | undefined {
    const process = [...this.#processes.values()].find((other) => other.terminal === terminal && other.job === job)
    return process === undefined ? undefined : this.#clients.get(process.id)
  }

  /** A process is gone; its streams are closed on its way out. */
  #dispose(client: Client, cause: EventId): void {
    this.#clients.delete(client.id)
    this.#processes.delete(client.id)
    this.#do(client, client.step({ type: 'stop' }, this.#ground.now, this.#ground, cause))
    this.#ground.post.forget(client.id)
  }

  /**
   * The first member that one of the endpoints is the client URL of, with every failed attempt the next one; a member that is down takes no connection, and is left out
   * while another is up. Undefined where no endpoint is a member's. Without endpoints it is the first member, or any (config.clientEndpoints).
   */
  #listening(endpoints: readonly string[], attempt: number): MemberName | undefined {
    const servers = this.#servers.list
    if (endpoints.length === 0 && this.#ground.config.clientEndpoints !== 'all') return servers[0]!.member.options.name
    const wanted = endpoints.map(hostAndPort)
    const named = servers.filter(
      ({ member }) => endpoints.length === 0 || member.options.clientURLs.some((url) => wanted.includes(hostAndPort(url))),
    )
    const up = named.filter(({ state }) => state !== 'down')
    const pool = up.length > 0 ? up : named
    return pool[attempt % Math.max(1, pool.length)]?.member.options.name
  }

  /** A call keeps to the member it was made to: what comes after it on the same stream, and its end, go there too. */
  #send(client: ClientId, member: MemberName, rpc: number, body: Message['body'], cause: EventId): void {
    this.#ground.post.send(this.nameOf(client), member, { client, member, rpc, body, cause }, this.#ground.now)
  }

  #shell(terminal: ClientId): Shell {
    let shell = this.#shells.get(terminal)
    if (shell === undefined) {
      shell = new Shell(terminal)
      this.#shells.set(terminal, shell)
    }
    return shell
  }

  /** What terminals see of the cluster around them. */
  get #world(): World {
    const { list, added } = this.#servers
    return {
      etcd: this.#ground.config.etcd,
      rules: this.#rules,
      members: list.map(({ member: { options }, state }) => {
        const { ID, name, peerURLs, clientURLs } = options
        return { id: ID, name, peerURLs, clientURLs, isDown: state === 'down' }
      }),
      added: added.map(({ ID, peerURLs }) => ({ id: ID, peerURLs })),
      wasGranted: (id) => this.#granted.has(id),
      granted: this.#grants,
    }
  }

  // Processes ------------------------------------------------------------------------------------------------------------------------------------------

  /** Keeps what has come for a client that is paused; false where it takes it at once. */
  holds(client: ClientId, due: Due): boolean {
    if (this.#states.stateOf(client) !== 'paused') return false
    this.#states.keep(client, due)
    return true
  }

  /** Only a program is a process that a person can do this to. */
  disturb(type: 'pause-client' | 'resume-client' | 'crash-client' | 'restart-client', id: ClientId, cause: EventId): void {
    const state = this.#states.stateOf(id)
    if (this.#clients.get(id)?.kind !== 'program') return
    const { timers, now } = this.#ground
    switch (type) {
      case 'pause-client':
        if (state !== 'up') return
        this.#states.pause(id)
        this.#ground.emit({ type: 'client-paused', client: id }, cause)
        return
      case 'resume-client':
        if (state !== 'paused') return
        this.#ground.emit({ type: 'client-resumed', client: id }, cause)
        return timers.bringBack(this.#states.wake(id), now)
      case 'crash-client': {
        if (state === 'down') return
        const crashed = this.#ground.emit({ type: 'client-crashed', client: id }, cause)
        this.#states.crash(id)
        return this.step(id, { type: 'crash' }, crashed)
      }
      case 'restart-client': {
        if (state !== 'down') return
        this.#states.wake(id)
        const restarted = this.#ground.emit({ type: 'client-restarted', client: id }, cause)
        return this.step(id, { type: 'restart' }, restarted)
      }
      default:
        return unreachable(type)
    }
  }

  /** What the client waits for is due when its own clock says so: its timers are set anew. */
  /** Its clock on the wall: what waits is not touched. */
  setClock(id: ClientId, ms: number, cause: EventId): void {
    if (ms === 0 || this.#clients.get(id)?.kind !== 'program') return
    this.#states.setWall(id, ms)
    const { at, ahead } = this.#states.ahead(id)
    const drift = ((this.#ground.now - at) * (this.#states.percentOf(id) - 100)) / 100
    const set = this.#ground.emit({ type: 'clock-set', client: id, ms, ahead: Math.round(ahead + drift) }, cause)
    this.step(id, { type: 'clock-set', ms }, set)
  }

  changeClock(id: ClientId, percent: number, cause: EventId): void {
    if (this.#clients.get(id)?.kind !== 'program') return
    const { schedule, timers, now } = this.#ground
    this.#ground.emit({ type: 'clock-changed', client: id, percent }, cause)
    const set = schedule.list().flatMap(({ at, entry }) => {
      return entry.type === 'client-timer' && entry.client === id ? [{ shown: this.#states.local(id, at), entry }] : []
    })
    this.#states.setClock(id, percent, now)
    for (const { shown, entry } of set) timers.set(Math.max(now, this.#states.virtual(id, shown)), entry)
  }

  save(): SavedClients {
    return {
      granted: [...this.#grants],
      clients: [...this.#clients.values()].map((client) => ({ id: client.id, kind: client.kind, saved: client.save() })),
      processes: [...this.#processes.values()],
      shells: [...this.#shells.values()].map((shell) => shell.save()),
      clientProcesses: this.#states.save(),
    }
  }
}
