// The clients of a run, the terminals, and the etcdctl processes that terminals run. Their outputs
// become requests, writes, timers and signals here. Each client may be paused, killed and
// restarted, and has its own clock (client-states.ts).

import { unreachable } from '../base/assert'
import { errors } from '../base/errors'
import { leaseName } from '../base/lease-name'
import type { LeaseId, Request } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { ClientId, EventId, MemberName } from '../base/trace'
import type { SavedClient } from '../client/client'
import { Client } from '../client/client'
import type { ClientInput, ClientOutput } from '../client/context'
import type { MutexRules } from '../concurrency/mutex'
import { Shell } from '../etcdctl/shell'
import type { ShellOutput, World } from '../etcdctl/shell-context'
import type { ShellState } from '../etcdctl/shell-state'
import { differencesOf, mutexRules } from '../member/versions'
import type { Pings } from '../network/connection'
import { pingsOf } from '../network/connection'
import type { Verdict } from '../network/fault-check'
import { judgeFault } from '../network/fault-check'
import type { SavedChannels, WaitingCall } from './channels'
import { Channels } from './channels'
import type { SavedClientStates } from './client-states'
import { ClientStates } from './client-states'
import type { Command, Fault } from './command'
import type { Route, RunContext } from './context'
import { Dials } from './dials'
import { faultWorld } from './fault-world'
import type { Due, Message, Timer } from './moves'
import { RESOURCE } from './resource'
import type { Servers } from './servers'

/** Inputs that start a process, or a program from its first line. */
const CONNECTS: ReadonlySet<ClientInput['type']> = new Set([
  'program',
  'instructions',
  'restart',
] as const)

/** An etcdctl process that a terminal runs, and its client. */
export interface Process {
  id: ClientId
  terminal: ClientId
  job: number
  /** The client that a line's `name:` names; the terminal itself without one. */
  client: ClientId
  /** The endpoints that it calls; any member if the list is empty. */
  endpoints: readonly string[]
  pings: Pings
  /** It was interrupted while it was paused: the signal waits until it continues. */
  interrupted?: true
}

export interface SavedClients {
  /** In the order of their grants. An ID that was granted again occurs twice. */
  granted: LeaseId[]
  clients: { id: ClientId; kind: 'program' | 'process'; saved: SavedClient }[]
  processes: Process[]
  /** The clients that lines have named with `name:`, in the order of their names. */
  speakers: ClientId[]
  shells: ShellState[]
  /** Clients that are paused or down, and clocks that are not true. */
  clientStates: SavedClientStates
  channels: SavedChannels
  /** By client, sorted. */
  pings?: [ClientId, Pings | null][]
}

export class Clients {
  readonly #context: RunContext
  readonly #servers: Servers
  /** The effect of a terminal's fault words on the cluster and the network. */
  readonly #fault: (fault: Fault, cause: EventId) => void
  /** Every grant of the run in its order: `$L1`, `$L2` … of the guided console. */
  #grants: LeaseId[] = []
  /** The same IDs, for look-ups. */
  #granted = new Set<LeaseId>()
  #clients = new Map<ClientId, Client>()
  #processes = new Map<ClientId, Process>()
  #shells = new Map<ClientId, Shell>()
  #speakers = new Set<ClientId>()
  #states = new ClientStates()
  readonly #channels: Channels
  /**
   * Clients whose keep-alive stream has found no connection in the current step, each with the
   * event of its wait.
   */
  readonly #opening = new Map<ClientId, EventId>()
  /**
   * Clients whose library does not wait for a connection, and that may have calls without one in
   * the current step. Each has the member to which an attempt failed, and the event of the failure.
   */
  readonly #refusals = new Map<ClientId, { member: MemberName; cause: EventId }>()
  /** Nested calls that handle the outputs of a client: one output may lead to the next step. */
  #carrying = 0
  readonly #dials: Dials

  constructor(
    context: RunContext,
    servers: Servers,
    fault: (fault: Fault, cause: EventId) => void,
    saved?: SavedClients,
  ) {
    this.#context = context
    this.#servers = servers
    this.#fault = fault
    this.#dials = new Dials(context, servers, saved?.pings)
    const owner = {
      nameOf: (client: ClientId) => this.nameOf(client),
      after: (client: ClientId, ms: number) =>
        this.#states.virtual(this.nameOf(client), this.#clockOf(client) + ms),
      isRunning: (client: ClientId) =>
        this.#states.stateOf(client) === 'up' && this.#clients.has(client),
      pingsOf: (client: ClientId) => {
        const process = this.#processes.get(client)
        return process === undefined ? this.#dials.pingsOf(client) : process.pings
      },
      established: (client: ClientId, member: MemberName, cause: EventId) =>
        this.#connected(client, member, cause),
      failed: (client: ClientId, member: MemberName, isGone: boolean, cause: EventId) =>
        this.#failed(client, member, isGone, cause),
      refused: (client: ClientId, member: MemberName, cause: EventId) => {
        this.#noteRefusal(client, member, cause)
        this.#failWaiting()
      },
    }
    this.#channels = new Channels(context, servers, owner, saved?.channels)
    servers.onEnded = (member) => this.#channels.memberEnded(member)
    servers.onReady = (cause) => this.#channels.changed(cause)
    if (saved === undefined) return
    this.#grants = [...saved.granted]
    this.#granted = new Set(saved.granted)
    this.#clients = new Map(
      saved.clients.map(({ id, kind, saved: client }) => [id, Client.load(id, kind, client)]),
    )
    this.#processes = new Map(saved.processes.map((process) => [process.id, { ...process }]))
    this.#speakers = new Set(saved.speakers)
    this.#shells = new Map(saved.shells.map((shell) => [shell.terminal, Shell.load(shell)]))
    this.#states = ClientStates.load(saved.clientStates)
  }

  /** Clients and processes, in the order in which they came. */
  get list(): readonly Client[] {
    return [...this.#clients.values()]
  }

  get processes(): readonly Process[] {
    return [...this.#processes.values()]
  }

  /** The clients that lines have named with `name:`. */
  get speakers(): readonly ClientId[] {
    return [...this.#speakers]
  }

  get terminals(): readonly ClientId[] {
    return [...this.#shells.keys()]
  }

  get states(): ClientStates {
    return this.#states
  }

  has(client: ClientId): boolean {
    return this.#clients.has(client)
  }

  /** Undefined for a terminal that was never used. */
  terminal(id: ClientId): Shell | undefined {
    return this.#shells.get(id)
  }

  /** The client that a process belongs to. Links and groups use its name. */
  nameOf(client: ClientId): ClientId {
    return this.#processes.get(client)?.client ?? speakerOf(client)
  }

  granted(lease: LeaseId): void {
    this.#grants.push(lease)
    this.#granted.add(lease)
  }

  /** The name of a lease by its latest grant. */
  nameOfLease(lease: LeaseId): string {
    return leaseName(this.#grants.lastIndexOf(lease) + 1, lease)
  }

  // Steps -----------------------------------------------------------------------------------------

  /** Steps a client with an input and handles its outputs. An unknown client is created. */
  step(id: ClientId, input: Parameters<Client['step']>[0], cause: EventId): void {
    const client = this.#client(id, cause)
    if (CONNECTS.has(input.type)) this.#channels.open(id, this.#listening(id, null), cause)
    this.#do(client, client.step(input, this.#clockOf(id), this.#context, cause))
  }

  #client(id: ClientId, cause: EventId): Client {
    let client = this.#clients.get(id)
    if (client === undefined) {
      client = new Client(id, 'program', this.#dials.retries([]), {
        library: this.#dials.libraryOf(id),
      })
      this.#clients.set(id, client)
      this.#channels.open(id, this.#listening(id, null), cause)
    }
    return client
  }

  /** The time on a client's clock now. Its console's processes run on the same machine. */
  #clockOf(id: ClientId): number {
    return this.#states.local(this.nameOf(id), this.#context.now)
  }

  /** Steps a terminal with an input and handles its outputs. */
  stepTerminal(terminal: ClientId, input: Parameters<Shell['step']>[0], cause: EventId): void {
    let next: { input: typeof input; cause: EventId } | undefined = { input, cause }
    while (next !== undefined) {
      const outputs: ShellOutput[] = this.#shell(terminal).step(
        next.input,
        this.#context.now,
        this.#context,
        next.cause,
        this.#world,
      )
      this.#doOfShell(terminal, outputs)
      const last: ShellOutput | undefined = outputs.at(-1)
      next =
        last?.type === 'continue' ? { input: { type: 'continue' }, cause: last.cause } : undefined
    }
  }

  /** A person starts a program in a client; a paused or crashed client continues. */
  run({ client, source }: Extract<Command, { type: 'script' }>, cause: EventId): void {
    this.#context.timers.bringBack(this.#states.wake(client), this.#context.now)
    this.step(client, { type: 'program', source, rules: this.#rules }, cause)
  }

  /** Clients have the library of the version that the run models. */
  get #rules(): MutexRules {
    const { etcd, differences = {} } = this.#context.config
    return mutexRules(differencesOf({ etcdVersion: etcd, differences }))
  }

  /** Creates the client if it is unknown. */
  dial(command: Extract<Command, { type: 'dial' }>, cause: EventId): void {
    this.#dials.set(command)
    this.#client(command.client, cause)
    this.#channels.pinged(command.client)
  }

  #do(client: Client, outputs: ClientOutput[]): void {
    this.#carrying++
    this.#carryOut(client, outputs)
    this.#carrying--
    this.#failWaiting()
  }

  #carryOut(client: Client, outputs: ClientOutput[]): void {
    const { id } = client
    const { timers, post, routes, now } = this.#context
    for (const output of outputs) {
      switch (output.type) {
        case 'send':
          // An earlier output of the same step may have made the terminal stop the process.
          if (this.#clients.has(id)) this.#call(client, output)
          break
        case 'open':
          this.#open(id, output)
          break
        case 'cancel': {
          const route = routes.of(id, output.rpc)
          routes.end(id, output.rpc)
          if (route !== undefined)
            this.#send(id, route, output.rpc, { type: 'cancel' }, output.cause)
          else this.#channels.takeWaiting(id, ({ rpc }) => rpc === output.rpc)
          break
        }
        case 'timer': {
          const timer: Timer = {
            type: 'client-timer',
            client: id,
            timer: output.timer,
            cause: output.cause,
          }
          timers.set(
            output.at === null ? null : this.#states.virtual(this.nameOf(id), output.at),
            timer,
          )
          break
        }
        case 'write': {
          const { value, token } = output
          const sent = this.#context.emit(
            { type: 'write-sent', client: id, value, token },
            output.cause,
          )
          const lease = client.beliefs.at(-1)?.lease ?? null
          post.sendWrite(
            id,
            RESOURCE,
            { client: id, value, token, lease, accepted: null, cause: sent },
            now,
          )
          break
        }
        case 'signal': {
          const process = this.#processes.get(id)
          if (process === undefined) break
          if (output.signal.type === 'ended') this.#dispose(client, output.cause)
          this.stepTerminal(
            process.terminal,
            { type: 'signal', job: process.job, signal: output.signal },
            output.cause,
          )
          break
        }
        default:
          unreachable(output)
      }
    }
    // After all other outputs: its timers are set by now.
    const cause = this.#opening.get(id)
    if (cause === undefined) return
    this.#opening.delete(id)
    this.#do(client, client.step({ type: 'waits' }, this.#clockOf(id), this.#context, cause))
  }

  #doOfShell(terminal: ClientId, outputs: ShellOutput[]): void {
    for (const output of outputs) {
      switch (output.type) {
        case 'start': {
          const { job, client, endpoints } = output
          const id = client === terminal ? `${terminal}#${job}` : `${client}@${terminal}#${job}`
          this.#processes.set(id, {
            id,
            terminal,
            job,
            client,
            endpoints,
            pings: pingsOf(output.dial.keepAliveTimeMs, output.dial.keepAliveTimeoutMs),
          })
          if (client !== terminal) this.#speakers.add(client)
          const process = new Client(id, 'process', this.#dials.retries(endpoints), {
            dialTimeoutMs: output.dial.timeoutMs,
          })
          this.#clients.set(id, process)
          this.#channels.open(id, this.#listening(id, null), output.cause)
          this.#do(
            process,
            process.step(
              { type: 'instructions', instructions: output.instructions },
              this.#clockOf(id),
              this.#context,
              output.cause,
            ),
          )
          break
        }
        case 'stop': {
          const client = this.#processOf(terminal, output.job)
          if (client !== undefined) this.#dispose(client, output.cause)
          break
        }
        case 'interrupt': {
          const client = this.#processOf(terminal, output.job)
          if (client !== undefined) this.#interrupt(client, output.cause)
          break
        }
        case 'kill': {
          const client = this.#processOf(terminal, output.job)
          if (client !== undefined) this.#end(client, output.cause)
          break
        }
        case 'pause':
        case 'resume': {
          const client = this.#processOf(terminal, output.job)
          if (client !== undefined) this.#freeze(output.type, client.id, output.cause)
          break
        }
        case 'continue':
          // The last output: the next step of the terminal follows.
          break
        case 'fault':
          this.#fault(output.fault, output.cause)
          break
        case 'start-member':
          this.#servers.join(output, output.cause)
          this.#channels.changed(output.cause)
          break
        case 'control':
          if (this.#clients.has(output.client))
            this.step(output.client, { type: 'control', control: output.control }, output.cause)
          break
        case 'timer':
          this.#context.timers.set(output.at, {
            type: 'shell-timer',
            terminal,
            timer: output.timer,
            cause: output.cause,
          })
          break
        default:
          unreachable(output)
      }
    }
  }

  /** A paused process takes the signal when it continues. */
  #interrupt(client: Client, cause: EventId): void {
    const process = this.#processes.get(client.id)
    if (process !== undefined && this.#states.stateOf(client.id) === 'paused') {
      this.#processes.set(client.id, { ...process, interrupted: true })
      return
    }
    this.#do(
      client,
      client.step({ type: 'interrupt' }, this.#clockOf(client.id), this.#context, cause),
    )
  }

  #processOf(terminal: ClientId, job: number): Client | undefined {
    const process = [...this.#processes.values()].find(
      (other) => other.terminal === terminal && other.job === job,
    )
    return process === undefined ? undefined : this.#clients.get(process.id)
  }

  /** A process is gone; its streams are closed at its end. */
  #dispose(client: Client, cause: EventId): void {
    const now = this.#clockOf(client.id)
    this.#clients.delete(client.id)
    this.#do(client, client.step({ type: 'stop' }, now, this.#context, cause))
    this.#channels.close(client.id, true)
    this.#processes.delete(client.id)
    this.#states.wake(client.id)
    this.#context.post.forget(client.id)
  }

  /**
   * A call goes to the member of its open stream, else to a member that the client is connected to.
   * Without a connection it waits.
   */
  #call(client: Client, output: Extract<ClientOutput, { type: 'send' }>): void {
    const { id } = client
    const { rpc, request, endpoint, attempt, requiresLeader } = output
    const route = this.#context.routes.of(id, rpc)
    if (route !== undefined) return this.#ask(id, route, output, output.cause)
    const members = this.#listening(id, endpoint)
    if (members.length === 0) {
      const endpoints =
        endpoint === null ? [...(this.#processes.get(id)?.endpoints ?? [])] : [endpoint]
      this.#context.emit(
        { type: 'endpoint-unreachable', client: id, endpoints, request: request.type },
        output.cause,
      )
      return
    }
    const member = this.#channels.pick(id, members, attempt, output.cause)
    if (member !== undefined) return this.#begin({ client: id, ...output }, member, output.cause)
    const cause = this.#context.emit(
      { type: 'call-waits', client: id, members, rpc, request: request.type },
      output.cause,
    )
    this.#noteRefusal(id, members[0]!, cause)
    // The keep-alive loop sends nothing before its stream is open.
    if (client.isKeepAliveStream(rpc)) {
      this.#channels.await(id, members, cause)
      this.#opening.set(id, cause)
      return
    }
    this.#channels.wait(
      { client: id, rpc, request, endpoint, attempt, requiresLeader, cause },
      members,
    )
  }

  /** A stream without a message yet. */
  #open(
    id: ClientId,
    { rpc, call, endpoint, requiresLeader, cause }: Extract<ClientOutput, { type: 'open' }>,
  ): void {
    const members = this.#listening(id, endpoint)
    if (members.length === 0) return
    const member = this.#channels.pick(id, members, 0, cause)
    const stream = { client: id, rpc, call, endpoint, attempt: 0, requiresLeader, cause }
    if (member === undefined) this.#channels.wait(stream, members)
    else this.#begin(stream, member, cause)
  }

  /** A call, or a stream, goes to a member that its client is connected to. */
  #begin(call: WaitingCall, member: MemberName, ...causes: EventId[]): void {
    const { client, rpc, requiresLeader } = call
    const route = { member, epoch: this.#channels.epochOf(client, member) }
    if ('request' in call) return this.#ask(client, route, call, ...causes)
    const opened = this.#context.emit(
      { type: 'stream-opened', client, member, rpc, call: call.call },
      ...causes,
    )
    this.#context.routes.begin(client, rpc, route)
    this.#send(
      client,
      route,
      rpc,
      { type: 'open', call: call.call, ...(requiresLeader ? { requiresLeader } : {}) },
      opened,
    )
  }

  #ask(
    client: ClientId,
    route: Route,
    { rpc, request, requiresLeader }: { rpc: number; request: Request; requiresLeader: boolean },
    ...causes: EventId[]
  ): void {
    const sent = this.#context.emit(
      { type: 'request-sent', client, member: route.member, rpc, request },
      ...causes,
    )
    this.#channels.used(client, route.member, sent)
    this.#context.routes.begin(client, rpc, route)
    this.#send(
      client,
      route,
      rpc,
      { type: 'request', request, ...(requiresLeader ? { requiresLeader: true } : {}) },
      sent,
    )
  }

  /** The members that a call of a client may go to. `endpoint`: its own; null for the client's. */
  #listening(client: ClientId, endpoint: string | null): MemberName[] {
    return this.#dials.members(
      endpoint === null ? (this.#processes.get(client)?.endpoints ?? []) : [endpoint],
    )
  }

  /**
   * A call stays with the member that it was made to. Later messages on the same stream, and its
   * end, go there too.
   */
  #send(
    client: ClientId,
    { member, epoch }: Route,
    rpc: number,
    body: Message['body'],
    cause: EventId,
  ): void {
    this.#context.post.send(
      this.nameOf(client),
      member,
      { client, member, rpc, epoch, body, cause },
      this.#context.now,
    )
  }

  // Connections -----------------------------------------------------------------------------------

  get channels(): Channels {
    return this.#channels
  }

  /** Its waiting calls go now, in their order, and its keep-alive loop opens its stream. */
  #connected(id: ClientId, member: MemberName, cause: EventId): void {
    const calls = this.#channels.takeWaiting(id, ({ endpoint }) =>
      this.#listening(id, endpoint).includes(member),
    )
    for (const call of calls) this.#begin(call, member, call.cause, cause)
    const client = this.#clients.get(id)
    if (client !== undefined)
      this.#do(client, client.step({ type: 'connected' }, this.#clockOf(id), this.#context, cause))
  }

  /**
   * gRPC ends the calls on a broken connection. The member learns that they are cancelled, if it
   * still runs.
   */
  #failed(id: ClientId, member: MemberName, isGone: boolean, cause: EventId): void {
    const { routes } = this.#context
    const rpcs = routes.between(id, member).map((rpc) => ({ rpc, route: routes.of(id, rpc)! }))
    for (const { rpc, route } of rpcs) {
      routes.end(id, rpc)
      if (!isGone) this.#send(id, route, rpc, { type: 'cancel' }, cause)
    }
    for (const { rpc } of rpcs) {
      const client = this.#clients.get(id)
      if (client === undefined) return
      const reply = errors.ConnectionClosed
      const received = this.#context.emit(
        { type: 'reply-received', client: id, member, rpc, reply },
        cause,
      )
      this.#do(
        client,
        client.step({ type: 'reply', rpc, reply }, this.#clockOf(id), this.#context, received),
      )
    }
  }

  /** A client may have calls without a connection, and its library does not wait for one. */
  #noteRefusal(id: ClientId, member: MemberName, cause: EventId): void {
    if (this.#dials.policyOf(this.nameOf(id)).failsFast && !this.#processes.has(id))
      this.#refusals.set(id, { member, cause })
  }

  /** Waiting calls fail once the last attempts to connect have failed. */
  #failWaiting(): void {
    if (this.#carrying > 0) return
    for (const [id, { member, cause }] of this.#refusals) {
      this.#refusals.delete(id)
      const reply = errors.NoConnection
      const { resumesWatches } = this.#dials.policyOf(this.nameOf(id))
      const calls = this.#channels.takeWaiting(
        id,
        (call) =>
          'request' in call &&
          !(resumesWatches && call.request.type === 'WatchCreate') &&
          this.#channels.areRefused(id, this.#listening(id, call.endpoint)),
      )
      const client = this.#clients.get(id)
      if (client === undefined) continue
      for (const { rpc, cause: waits } of calls) {
        const received = this.#context.emit(
          { type: 'reply-received', client: id, member, rpc, reply },
          cause,
          waits,
        )
        this.#do(
          client,
          client.step({ type: 'reply', rpc, reply }, this.#clockOf(id), this.#context, received),
        )
      }
      if (this.#channels.areRefused(id, this.#listening(id, null)))
        this.#do(
          client,
          client.step({ type: 'unreachable' }, this.#clockOf(id), this.#context, cause),
        )
    }
  }

  /**
   * The connections of a client's processes are reset. A paused client and a crashed client have no
   * connection to lose.
   */
  reset(client: ClientId, cause: EventId): void {
    for (const { id } of this.list) {
      if (this.nameOf(id) === client && this.#states.stateOf(id) === 'up')
        this.#channels.reset(id, cause)
    }
  }

  /**
   * A lossy link has lost a message too often. A paused client takes its connection for broken when
   * it continues.
   */
  gaveUp(client: ClientId, member: MemberName, epoch: number, cause: EventId): void {
    if (this.#states.stateOf(client) !== 'paused')
      return this.#channels.gaveUp(client, member, epoch, cause)
    this.#states.keep(client, { type: 'connection-timer', client, member, cause })
  }

  #shell(terminal: ClientId): Shell {
    let shell = this.#shells.get(terminal)
    if (shell === undefined) {
      shell = new Shell(terminal)
      this.#shells.set(terminal, shell)
    }
    return shell
  }

  /** The parts of the cluster that terminals can see. */
  get #world(): World {
    const { list, added } = this.#servers
    return {
      etcd: this.#context.config.etcd,
      rules: this.#rules,
      members: list.map(({ member: { options }, state }) => {
        const { ID, name, peerURLs, clientURLs } = options
        return { id: ID, name, peerURLs, clientURLs, isDown: state === 'down' }
      }),
      added: added.map(({ ID, peerURLs }) => ({ id: ID, peerURLs })),
      wasGranted: (id) => this.#granted.has(id),
      granted: this.#grants,
      judge: (fault) => this.judge(fault),
      hasProgram: (client) => this.#clients.get(client)?.kind === 'program',
    }
  }

  /** The effect of a fault now, given the members and clients that exist. */
  judge(fault: Fault): Verdict {
    return judgeFault(fault, faultWorld(this.#context, this.#servers, this))
  }

  // Processes -------------------------------------------------------------------------------------

  /** Keeps a message for a paused client; false where the client takes it at once. */
  holds(client: ClientId, due: Due): boolean {
    if (this.#states.stateOf(client) !== 'paused') return false
    this.#states.keep(client, due)
    return true
  }

  /**
   * Does this to a client's program and to every process that consoles run in its name. A process
   * in that state already stays so.
   */
  disturb(
    type: 'pause-client' | 'resume-client' | 'crash-client' | 'restart-client',
    id: ClientId,
    cause: EventId,
  ): void {
    const own = [...this.#processes.values()]
      .filter(({ client }) => client === id)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const process of own) {
      if (type === 'crash-client') this.#kill(process, cause)
      else if (type !== 'restart-client')
        this.#freeze(type === 'pause-client' ? 'pause' : 'resume', process.id, cause)
    }
    if (this.#clients.get(id)?.kind !== 'program') return
    const state = this.#states.stateOf(id)
    switch (type) {
      case 'pause-client':
        return this.#freeze('pause', id, cause)
      case 'resume-client':
        return this.#freeze('resume', id, cause)
      case 'crash-client': {
        if (state === 'down') return
        const crashed = this.#context.emit({ type: 'client-crashed', client: id }, cause)
        this.#states.crash(id)
        this.step(id, { type: 'crash' }, crashed)
        return this.#channels.close(id, false)
      }
      case 'restart-client': {
        if (state !== 'down') return
        this.#states.wake(id)
        const restarted = this.#context.emit({ type: 'client-restarted', client: id }, cause)
        return this.step(id, { type: 'restart' }, restarted)
      }
      default:
        return unreachable(type)
    }
  }

  /** Pauses a program or a process, or lets it continue. */
  #freeze(how: 'pause' | 'resume', id: ClientId, cause: EventId): void {
    const state = this.#states.stateOf(id)
    const { timers, now } = this.#context
    if (how === 'pause') {
      if (state !== 'up') return
      this.#states.pause(id)
      this.#context.emit({ type: 'client-paused', client: id }, cause)
      return
    }
    if (state !== 'paused') return
    const resumed = this.#context.emit({ type: 'client-resumed', client: id }, cause)
    timers.bringBack(this.#states.wake(id), now)
    this.#channels.changed(resumed)
    const process = this.#processes.get(id)
    const client = this.#clients.get(id)
    if (process?.interrupted !== true || client === undefined) return
    const { interrupted: _interrupted, ...rest } = process
    this.#processes.set(id, rest)
    this.#interrupt(client, resumed)
  }

  /** SIGKILL: the operating system closes its connections, and its terminal sees it gone. */
  #kill({ id, terminal, job }: Process, cause: EventId): void {
    const client = this.#clients.get(id)
    if (client === undefined) return
    this.stepTerminal(terminal, { type: 'killed', job }, this.#end(client, cause))
  }

  /** A signal ends a process; answers with the event of its end. */
  #end(client: Client, cause: EventId): EventId {
    const crashed = this.#context.emit({ type: 'client-crashed', client: client.id }, cause)
    this.#dispose(client, crashed)
    return crashed
  }

  /** Sets the wall clock of a client. Waits do not change. */
  setClock(id: ClientId, ms: number, cause: EventId): void {
    if (ms === 0 || !this.#hasClock(id)) return
    this.#states.setWall(id, ms)
    const { at, ahead } = this.#states.ahead(id)
    const drift = ((this.#context.now - at) * (this.#states.percentOf(id) - 100)) / 100
    const set = this.#context.emit(
      { type: 'clock-set', client: id, ms, ahead: Math.round(ahead + drift) },
      cause,
    )
    // etcdctl does not read the date: only a program notices.
    if (this.#clients.get(id)?.kind === 'program') this.step(id, { type: 'clock-set', ms }, set)
  }

  /** Whether there is such a client: with a program, or with processes of a console. */
  #hasClock(id: ClientId): boolean {
    const hasProcess = [...this.#processes.values()].some(({ client }) => client === id)
    return (
      hasProcess ||
      this.#clients.get(id)?.kind === 'program' ||
      this.#shells.has(id) ||
      this.#speakers.has(id)
    )
  }

  /** The client's waits end by its own clock, so its timers are set again. */
  changeClock(id: ClientId, percent: number, cause: EventId): void {
    if (!this.#hasClock(id)) return
    const { schedule, timers, now } = this.#context
    this.#context.emit({ type: 'clock-changed', client: id, percent }, cause)
    const set = schedule.list().flatMap(({ at, entry }) => {
      const isOwn = entry.type === 'client-timer' || entry.type === 'connection-timer'
      return isOwn && this.nameOf(entry.client) === id
        ? [{ shown: this.#states.local(id, at), entry }]
        : []
    })
    this.#states.setClock(id, percent, now)
    for (const { shown, entry } of set)
      timers.set(Math.max(now, this.#states.virtual(id, shown)), entry)
  }

  save(): SavedClients {
    return {
      granted: [...this.#grants],
      clients: [...this.#clients.values()].map((client) => ({
        id: client.id,
        kind: client.kind,
        saved: client.save(),
      })),
      processes: [...this.#processes.values()],
      speakers: [...this.#speakers].sort(),
      shells: [...this.#shells.values()].map((shell) => shell.save()),
      clientStates: this.#states.save(),
      channels: this.#channels.save(),
      ...this.#dials.save(),
    }
  }
}
