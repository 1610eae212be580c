// The object that runs it all: commands and moves go in, trace events come out. It owns the clock, the schedule of what is due, the members, the links and the
// clients, and gives each machine its inputs one at a time; everything a run depends on is the seed, the configuration and the commands with their times.

import { assert, unreachable } from '../base/assert'
import { errors } from '../base/errors'
import { hash } from '../base/hash'
import type { LeaseId, MemberId, MemberInfo, Reply } from '../base/rpc'
import type { ClientId, EventBody, EventId, MemberName, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import type { SavedClient } from '../client/client'
import { Client } from '../client/client'
import type { ClientOutput } from '../client/turn'
import type { SavedSchedule } from '../clock/schedule'
import { Schedule } from '../clock/schedule'
import type { ShellOutput, ShellState, World } from '../etcdctl/shell'
import { Shell } from '../etcdctl/shell'
import type { MemberInput, MemberOutput, MemberTrace, PeerMessage, SavedMember } from '../member/member'
import { Member } from '../member/member'
import { HEALTH_INTERVAL_MS } from '../member/reconfiguration'
import { differencesOf } from '../member/versions'
import { linkText } from '../network/fault'
import type { OneWay, SavedLinks, Turned } from '../network/links'
import { joiningOptions, memberOptions } from './bootstrap'
import { idle, takeChosen } from './choose'
import type { Command, Config, Fault } from './command'
import type { SavedConnections } from './connections'
import { Connections } from './connections'
import { describeCommand } from './describe-command'
import { hostAndPort } from './endpoint'
import type { Due, Message, Move, PeerDelivery, Timer, Write } from './moves'
import { flightOf, Post } from './post'
import type { ClientState, SavedProcesses } from './processes'
import { Processes } from './processes'
import type { SavedResource } from './resource'
import { RESOURCE, Resource } from './resource'

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

export interface SavedSimulation {
  config: Config
  seed: number
  now: number
  steps: number
  stepsAtNow: number
  nextEvent: number
  nextMessage: number
  schedule: SavedSchedule<Due>
  servers: { state: ServerState; stopping: boolean; diskMs: number; member: SavedMember; held: Due[]; joined: Joined | null }[]
  connections: SavedConnections
  told: number
  granted: LeaseId[]
  /** Which member each call under way was made to: `client rpc`, sorted. */
  routes: [string, MemberName][]
  links: SavedLinks
  clients: { id: ClientId; kind: 'program' | 'process'; saved: SavedClient }[]
  processes: Process[]
  shells: ShellState[]
  /** Clients that are paused or down, and clocks that are not true. */
  clientProcesses: SavedProcesses
  resource: SavedResource
  /** Who is in which critical section, since which event. */
  sections: [ClientId, { section: string; since: EventId }][]
}

/** A paused server is frozen: what is for it is held until it goes on. One that is down has nothing but its disk. */
export type ServerState = 'up' | 'paused' | 'down'

/** One process of etcd, running or not. */
export interface Server {
  member: Member
  state: ServerState
  /** It was asked to end, and is handing its leadership over. */
  stopping: boolean
  /** What came for it while it was paused. */
  held: Due[]
  /** Null for one that was there from the start. */
  joined: Joined | null
}

/** Who joined the cluster while it ran, and whom it was told of. */
interface Joined {
  info: MemberInfo
  joins: readonly MemberInfo[]
}

/** Before time 0 an elected cluster has run for long. */
const LONG_AGO = -3_600_000
/** Milliseconds from which on it does not matter how long two members have been connected. */
const LONG_CONNECTED_MS = HEALTH_INTERVAL_MS

export class Simulation implements MemberTrace {
  readonly config: Config
  readonly seed: number
  #now = 0
  #steps = 0
  #stepsAtNow = 0
  #nextEvent = 1
  #schedule = new Schedule<Due>()
  #servers: Server[]
  /** Up to which log index somebody has told what the entry does. */
  #told = 0
  #routes = new Map<string, MemberName>()
  /** Every lease ID that was ever granted: what a terminal takes for one of the run's own. */
  #granted = new Set<LeaseId>()
  /** While the cluster is brought up before time 0: messages between members arrive at once. */
  #before: PeerDelivery[] | null = null
  #post: Post
  #clients = new Map<ClientId, Client>()
  #processes = new Map<ClientId, Process>()
  // The sequence number of each timer that is set: setting one again moves it, so that nothing due is ever stale.
  #timers = new Map<string, number>()
  #shells = new Map<ClientId, Shell>()
  #states = new Processes()
  #resource = new Resource()
  #sections = new Map<ClientId, { section: string; since: EventId }>()
  readonly #sink: (event: TraceEvent) => void
  #connections = new Connections()

  /** Starts a cluster at virtual 0. Every event goes to `sink` as it happens. */
  constructor(config: Config, seed: number, sink: (event: TraceEvent) => void, saved?: SavedSimulation) {
    this.config = config
    this.seed = seed
    this.#sink = sink
    const options = memberOptions(config, seed)
    this.#post = new Post(config, seed, this.#schedule)
    if (saved !== undefined) {
      this.#servers = saved.servers.map(({ member, state, stopping, diskMs, held, joined }, i) => ({
        member: Member.load(
          { ...(joined === null ? options[i]! : joiningOptions(config, seed, joined.info, joined.joins)), diskMs },
          member,
        ),
        state,
        stopping,
        held: [...held],
        joined,
      }))
      this.#restore(saved)
      return
    }
    this.#servers = options.map((each) => ({ member: new Member(each), state: 'up', stopping: false, held: [], joined: null }))
    this.#connect(config.boot === 'elected' ? LONG_AGO : 0)
    const start = this.emit({ type: 'command', text: 'the cluster starts', kind: 'start' })
    this.#boot(start)
  }

  /** Virtual milliseconds. */
  get now(): number {
    return this.#now
  }

  /** How many moves and commands have been taken. */
  get steps(): number {
    return this.#steps
  }

  /** How many of them at this very instant: what tells two commands of one instant apart (recording.ts). */
  get stepsAtNow(): number {
    return this.#stepsAtNow
  }

  /** Every member, down ones too, m1 first. */
  get members(): readonly Member[] {
    return this.#servers.map(({ member }) => member)
  }

  get servers(): readonly Server[] {
    return this.#servers
  }

  /** The groups that the network has fallen into; null while it is whole. */
  get partition(): readonly (readonly string[])[] | null {
    return this.#post.links.groups
  }

  /** What some say and others never hear. */
  get cuts(): readonly OneWay[] {
    return this.#post.links.cuts
  }

  /** Dials of links that stand otherwise than the run began. */
  get dials(): readonly Turned[] {
    return this.#post.links.turned
  }

  /** Whether nobody has told yet what the entry at this index does; from then on somebody has. */
  tells(index: number): boolean {
    if (index <= this.#told) return false
    this.#told = index
    return true
  }

  /** How many ms one member has been connected to another; null where it is not, and where one of them has never started. */
  connectedFor(member: MemberId, to: MemberId): number | null {
    const [a, b] = [member, to].map((id) => this.#servers.find((server) => server.member.options.ID === id)?.member.options.name)
    const since = a === undefined || b === undefined ? undefined : this.#connections.since(a, b)
    return since === undefined ? null : this.#now - since
  }

  /** Clients and processes, in the order in which they came. */
  get clients(): readonly Client[] {
    return [...this.#clients.values()]
  }

  get processes(): readonly Process[] {
    return [...this.#processes.values()]
  }

  /** Whether a client's process is running; one that does not exist is. */
  stateOf(client: ClientId): ClientState {
    return this.#states.stateOf(client)
  }

  /** How fast a client's clock runs; 100 is true. */
  percentOf(client: ClientId): number {
    return this.#states.percentOf(client)
  }

  /** When (virtual ms) a client's clock shows something. */
  virtualOf(client: ClientId, shown: number): number {
    return this.#states.virtual(client, shown)
  }

  /** The highest token that the guarded resource has seen; null before the first. */
  get highestToken(): number | null {
    return this.#resource.highest
  }

  get terminals(): readonly ClientId[] {
    return [...this.#shells.keys()]
  }

  /** Whether a terminal has a line in the foreground or in its queue; false for an unknown one. */
  isBusy(terminal: ClientId): boolean {
    return this.#shells.get(terminal)?.busy ?? false
  }

  /** The lines of a terminal that run, by number; none for an unknown one. */
  jobs(terminal: ClientId): readonly { job: number; background: boolean }[] {
    return this.#shells.get(terminal)?.jobs ?? []
  }

  /** The member that clients talk to unless they say otherwise. */
  get endpoint(): MemberName {
    return this.#servers[0]!.member.options.name
  }

  // Moving time ------------------------------------------------------------------------------------------------------------------------------------

  /** When the next move is due, Infinity for never. */
  nextAt(): number {
    return this.#schedule.nextAt()
  }

  /** Takes the first move by (time, sequence); false when there is none. */
  step(): boolean {
    const next = this.#schedule.next()
    if (next === undefined) return false
    this.#takeDue(next.at, next.entry)
    return true
  }

  /** Takes every move due until `to` (virtual ms) and stands there. A time that has passed changes nothing. */
  advance(to: number): void {
    while (this.#schedule.nextAt() <= to) this.step()
    this.#setNow(to)
  }

  /** Everything that may happen next, the first one first. */
  moves(): Move[] {
    return this.#schedule.list().map(({ seq, at, entry }) => ({ id: seq, at, due: entry }))
  }

  /** Takes one move, whichever. What was due before it stays deliverable. An unknown id is refused with false. */
  take(id: number): boolean {
    const move = this.#schedule.take(id)
    if (move === undefined) return false
    this.#takeDue(move.at, move.entry)
    return true
  }

  /** Does what a person asks, at this instant. */
  submit(command: Command): void {
    this.#countStep()
    const cause = this.emit({
      type: 'command',
      text: describeCommand(command, () => this.moves()),
      kind: command.type === 'console' ? 'console' : 'other',
    })
    switch (command.type) {
      case 'console': {
        const input = { type: 'enter', text: command.text, mode: command.mode } as const
        return this.#fromShell(command.terminal, this.#shell(command.terminal).step(input, this.#now, this, cause, this.#world))
      }
      case 'interrupt': {
        const input = command.job === undefined ? ({ type: 'interrupt' } as const) : ({ type: 'interrupt', job: command.job } as const)
        return this.#fromShell(command.terminal, this.#shell(command.terminal).step(input, this.#now, this, cause, this.#world))
      }
      case 'program':
        return this.#stepClient(command.client, { type: 'program', program: command.program }, cause)
      case 'script':
        this.#states.wake(command.client)
        return this.#stepClient(command.client, { type: 'script', source: command.source, checksSession: this.#mutexChecksSession }, cause)
      case 'control':
        if (this.#clients.has(command.client)) this.#stepClient(command.client, { type: 'control', control: command.control }, cause)
        return
      case 'request':
        return this.#stepClient(
          command.client,
          { type: 'request', request: command.request, endpoint: command.member === undefined ? null : this.#urlOf(command.member) },
          cause,
        )
      case 'heartbeat':
        return this.#stepClient(command.client, { type: 'heartbeat', lease: command.lease, on: command.on }, cause)
      case 'fault':
        return this.#fault(command.fault, cause)
      case 'take':
        takeChosen(this, command.move, command.machinery)
        return
      case 'idle':
        if (idle(this, command.until, command.machinery, command.news === true)) this.#setNow(command.until)
        return
      default:
        return unreachable(command)
    }
  }

  /** Notes what happened, now. Machines call it; it answers with the event's id. */
  emit(body: EventBody, ...causes: EventId[]): EventId {
    const id = this.#nextEvent++
    if (body.type === 'lease-granted') this.#granted.add(body.lease)
    // The body is the caller's own literal, made for this event, so it is completed in place instead of copied.
    this.#sink(Object.assign(body, { id, at: this.#now, level: levelOf(body.type), causes: known(causes) }))
    if (body.type === 'section-entered') this.#entered(body.client, body.section, id)
    else if (body.type === 'section-left' || body.type === 'client-crashed') this.#sections.delete(body.client)
    return id
  }

  // Saving -----------------------------------------------------------------------------------------------------------------------------------------

  /** The whole state as plain data; `load` goes on from it as if nothing had been. */
  save(): SavedSimulation {
    return {
      config: this.config,
      seed: this.seed,
      now: this.#now,
      steps: this.#steps,
      stepsAtNow: this.#stepsAtNow,
      nextEvent: this.#nextEvent,
      nextMessage: this.#post.nextMessage,
      schedule: this.#schedule.save(),
      servers: this.#servers.map(({ member, state, stopping, held, joined }) => ({
        member: member.save(),
        state,
        stopping,
        diskMs: member.options.diskMs,
        held: [...held],
        joined,
      })),
      connections: this.#connections.save(),
      told: this.#told,
      granted: [...this.#granted].sort(),
      routes: [...this.#routes].sort(([a], [b]) => (a < b ? -1 : 1)),
      links: this.#post.links.save(),
      clients: [...this.#clients.values()].map((client) => ({ id: client.id, kind: client.kind, saved: client.save() })),
      processes: [...this.#processes.values()],
      shells: [...this.#shells.values()].map((shell) => shell.save()),
      clientProcesses: this.#states.save(),
      resource: this.#resource.save(),
      sections: [...this.#sections].sort(([a], [b]) => (a < b ? -1 : 1)),
    }
  }

  static load(saved: SavedSimulation, sink: (event: TraceEvent) => void): Simulation {
    return new Simulation(saved.config, saved.seed, sink, saved)
  }

  /** Two states with the same fingerprint behave alike from here on: counters, the generator and what only onlookers read are left out, times are relative. */
  fingerprint(): string {
    const { schedule, servers, connections, links, clients, processes, shells, config, clientProcesses, resource, sections } = this.save()
    const who = sections.map(([client, { section }]) => [client, section])
    // In which order clients came only onlookers see.
    const those = clients.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const connected = connections.map(([pair, since]) => [pair, Math.min(this.#now - since, LONG_CONNECTED_MS)])
    const state = {
      schedule: schedule.entries,
      servers,
      connected,
      links,
      those,
      processes,
      shells,
      config,
      clientProcesses,
      resource,
      who,
    }
    return hash(JSON.stringify(state, (name, value) => (LEFT_OUT.has(name) ? undefined : relative(name, value, this.#now))))
  }

  #restore(saved: SavedSimulation): void {
    this.#now = saved.now
    this.#steps = saved.steps
    this.#stepsAtNow = saved.stepsAtNow
    this.#nextEvent = saved.nextEvent
    this.#schedule = Schedule.load(saved.schedule)
    for (const { seq, entry } of saved.schedule.entries) if (isTimer(entry)) this.#timers.set(timerName(entry), seq)
    this.#post = new Post(this.config, this.seed, this.#schedule, saved)
    this.#connections = Connections.load(saved.connections)
    this.#told = saved.told
    this.#granted = new Set(saved.granted)
    this.#routes = new Map(saved.routes)
    this.#clients = new Map(saved.clients.map(({ id, kind, saved: client }) => [id, Client.load(id, kind, client)]))
    this.#processes = new Map(saved.processes.map((process) => [process.id, { ...process }]))
    this.#shells = new Map(saved.shells.map((shell) => [shell.terminal, Shell.load(shell)]))
    this.#states = Processes.load(saved.clientProcesses)
    this.#resource = Resource.load(saved.resource)
    this.#sections = new Map(saved.sections.map(([client, section]) => [client, { ...section }]))
  }

  // One move ---------------------------------------------------------------------------------------------------------------------------------------

  #takeDue(at: number, due: Due): void {
    this.#setNow(at)
    this.#countStep()
    if (isTimer(due)) this.#timers.delete(timerName(due))
    const server = this.#serverOf(due)
    if (server?.state === 'paused') {
      server.held.push(due)
      return
    }
    const client = clientOf(due)
    if (client !== null && this.#states.stateOf(client) === 'paused') return this.#states.keep(client, due)
    switch (due.type) {
      case 'deliver':
        return this.#deliver(due.message)
      case 'deliver-peer':
        return this.#deliverPeer(due.delivery)
      case 'deliver-write':
        return this.#deliverWrite(due.write)
      case 'member-timer': {
        const member = this.#member(due.member)
        return this.#fromMember(member, member.step({ type: 'timer', timer: due.timer }, this.#now, this, due.cause))
      }
      case 'client-timer':
        return this.#stepClient(due.client, { type: 'timer', timer: due.timer }, due.cause)
      case 'shell-timer':
        return this.#fromShell(
          due.terminal,
          this.#shell(due.terminal).step({ type: 'timer', timer: due.timer }, this.#now, this, due.cause, this.#world),
        )
      default:
        return unreachable(due)
    }
  }

  #deliver({ client, member: name, rpc, body, cause, lost }: Message): void {
    const member = this.#member(name)
    const toMember = body.type !== 'reply'
    if (lost || !this.arrives(toMember ? this.#nameOf(client) : name, toMember ? name : this.#nameOf(client))) {
      this.emit({ type: 'message-lost', from: toMember ? client : name, to: toMember ? name : client, what: body.type }, cause)
      return
    }
    switch (body.type) {
      case 'request': {
        const received = this.emit({ type: 'request-received', client, member: name, rpc, request: body.request }, cause)
        return this.#fromMember(member, member.step({ ...body, client, rpc }, this.#now, this, received))
      }
      case 'cancel': {
        const closed = this.emit({ type: 'stream-closed', client, member: name, rpc }, cause)
        return this.#fromMember(member, member.step({ type: 'cancel', client, rpc }, this.#now, this, closed))
      }
      case 'reply': {
        if (!this.#clients.has(client)) return
        if (!isStreamed(body.reply)) this.#routes.delete(`${client} ${rpc}`)
        const received = this.emit({ type: 'reply-received', client, member: name, rpc, reply: body.reply }, cause)
        return this.#stepClient(client, { type: 'reply', rpc, reply: body.reply }, received)
      }
      default:
        return unreachable(body)
    }
  }

  #deliverPeer({ from, to, message, cause, lost }: PeerDelivery): void {
    const what = describePeer(message)
    if (lost || !this.arrives(from, to)) {
      const told = this.emit({ type: 'message-lost', from, to, what }, cause)
      return this.#reportLostSnapshot(from, to, message, told)
    }
    const received = this.emit({ type: 'peer-received', member: to, from, what }, cause)
    const member = this.#member(to)
    this.#fromMember(member, member.step({ type: 'message', from: this.#member(from).options.ID, message }, this.#now, this, received))
  }

  /** Whoever sends a snapshot hears from its own transport that it, or the answer to it, did not get through: until then it would send no entries there. */
  #reportLostSnapshot(from: MemberName, to: MemberName, message: PeerMessage, cause: EventId): void {
    const isAnswer = message.type === 'snapshot-taken'
    if (!isAnswer && !(message.type === 'raft' && message.message.type === 'MsgSnap')) return
    const [sender, receiver] = isAnswer ? [to, from] : [from, to]
    const server = this.#server(sender)
    if (server.state === 'down') return
    const report = this.#post.atOnce(sender, sender, { type: 'snapshot-lost', to: this.#member(receiver).options.ID }, this.#now, cause)
    if (server.state === 'paused') server.held.push({ type: 'deliver-peer', delivery: report })
    else this.#deliverPeer(report)
  }

  /** Whether the link is whole and whoever is at its end is up. */
  arrives(from: string, to: string): boolean {
    return (
      this.#post.links.reaches(from, to) &&
      this.#states.stateOf(to) !== 'down' &&
      this.#servers.every(({ member, state }) => member.options.name !== to || state !== 'down')
    )
  }

  #fromMember(member: Member, wishes: MemberOutput[]): void {
    const name = member.options.name
    for (const wish of wishes) {
      switch (wish.type) {
        case 'timer':
          this.#setTimer(wish.at, { type: 'member-timer', member: name, timer: wish.timer, cause: wish.cause })
          break
        case 'send': {
          const to = this.#servers.find(({ member: other }) => other.options.ID === wish.to)?.member.options.name
          if (to !== undefined) this.#sendPeer(name, to, wish.message, wish.cause)
          break
        }
        case 'reply': {
          const { client, rpc, reply } = wish
          const sent = this.emit({ type: 'reply-sent', client, member: name, rpc, reply }, wish.cause)
          this.#send(name, client, { client, member: name, rpc, body: { type: 'reply', reply }, cause: sent })
          break
        }
        case 'exit':
          this.#end(this.#server(name), 'member-left', wish.cause)
          break
        case 'stopped':
          // What else it wished in this step, nobody is there to do.
          this.#end(this.#server(name), 'member-stopped', wish.cause)
          return
        default:
          unreachable(wish)
      }
    }
  }

  #sendPeer(from: MemberName, to: MemberName, message: PeerMessage, cause: EventId): void {
    const sent = this.emit({ type: 'peer-sent', member: from, to, what: describePeer(message) }, cause)
    if (this.#before !== null) this.#before.push(this.#post.atOnce(from, to, message, this.#now, sent))
    else this.#post.sendPeer({ from, to, message, cause: sent }, this.#now)
  }

  // Members as processes ---------------------------------------------------------------------------------------------------------------------------

  /** Brings the cluster up. Elected: before time 0 it has run until m1 leads and everybody has applied what there is. */
  #boot(cause: EventId): void {
    for (const { member } of this.#servers)
      this.#fromMember(member, member.step({ type: 'boot', hurried: this.config.boot === 'cold' }, this.#now, this, cause))
    if (this.config.boot === 'cold') return
    this.#before = []
    const [leader] = this.members
    this.#inAdvance(leader!, { type: 'campaign' }, cause)
    for (const member of this.members) this.#inAdvance(member, { type: 'publish' }, cause)
    // The cluster's version, which the leader sets.
    this.#inAdvance(leader!, { type: 'publish' }, cause)
    // A heartbeat carries the last commit index to the others.
    for (let ticks = 0; ticks < 2 && this.members.length > 1; ticks++) this.#inAdvance(leader!, { type: 'timer', timer: 'tick' }, cause)
    this.#before = null
  }

  #inAdvance(member: Member, input: MemberInput, cause: EventId): void {
    this.#fromMember(member, member.step(input, this.#now, this, cause))
    for (let next = this.#before?.shift(); next !== undefined; next = this.#before?.shift()) this.#deliverPeer(next)
  }

  /** A member that does not exist is nobody to do anything to. */
  #fault(fault: Fault, cause: EventId): void {
    if ('member' in fault && this.members.every(({ options }) => options.name !== fault.member)) return
    switch (fault.type) {
      case 'crash':
        return this.#end(this.#server(fault.member), 'member-crashed', cause)
      case 'restart':
        return this.#restart(this.#server(fault.member), cause)
      case 'pause': {
        const server = this.#server(fault.member)
        if (server.state !== 'up') return
        server.state = 'paused'
        this.#connect(this.#now)
        this.emit({ type: 'member-paused', member: fault.member }, cause)
        return
      }
      case 'resume':
        return this.#resume(this.#server(fault.member), cause)
      case 'partition':
        this.#post.links.partition(fault.groups)
        this.#connect(this.#now)
        this.emit({ type: 'partitioned', groups: fault.groups.map((group) => [...group]) }, cause)
        return
      case 'cut':
        this.#post.links.cut(fault)
        this.#connect(this.#now)
        this.emit({ type: 'cut-one-way', from: [...fault.from], to: [...fault.to] }, cause)
        return
      case 'link':
        this.#post.links.turn(fault.link, fault.dial, fault.value)
        this.emit({ type: 'link-changed', link: linkText(fault.link), dial: fault.dial, value: fault.value }, cause)
        return
      case 'message':
        return this.#tamper(fault, cause)
      case 'stop':
        return this.#stop(this.#server(fault.member), cause)
      case 'disk': {
        const server = this.#server(fault.member)
        server.member.setDisk(fault.ms)
        this.emit({ type: 'disk-changed', member: fault.member, ms: fault.ms }, cause)
        return
      }
      case 'pause-client':
      case 'resume-client':
      case 'crash-client':
      case 'restart-client':
        return this.#disturb(fault.type, fault.client, cause)
      case 'clock':
        return this.#changeClock(fault.client, fault.percent, cause)
      case 'heal':
        this.#post.links.heal()
        this.#connect(this.#now)
        this.emit({ type: 'healed' }, cause)
        return
      default:
        return unreachable(fault)
    }
  }

  /** A message in flight by hand; one that is not in flight is none. */
  #tamper(fault: Extract<Fault, { type: 'message' }>, cause: EventId): void {
    const { message } = fault
    const flight = this.#flight(message)
    if (flight === null) return
    const { from, to } = flight
    this.emit({ type: 'message-handled', message, from, to, fate: fault.fate, ms: fault.fate === 'delay' ? fault.ms : 0 }, cause)
    const nameOf = (name: string): string => this.#nameOf(name)
    switch (fault.fate) {
      case 'deliver':
        for (const due of this.#post.takeOut(message, nameOf)) this.#takeDue(this.#now, due)
        return
      case 'drop':
        this.#post.lose(message)
        return
      case 'delay':
        this.#post.delay(message, fault.ms, this.#now, nameOf)
        return
      default:
        return unreachable(fault)
    }
  }

  #flight(id: number): ReturnType<typeof flightOf> {
    for (const { entry } of this.#schedule.list()) {
      const flight = flightOf(entry)
      if (flight?.id === id) return flight
    }
    return null
  }

  /** Asked to end (SIGTERM). A leader of several goes on until its leadership is handed over or the request timeout is over (server.go: TransferLeadership, Stop). */
  #stop(server: Server, cause: EventId): void {
    if (server.state !== 'up' || server.stopping) return
    const { member } = server
    const stopping = this.emit({ type: 'member-stopping', member: member.options.name }, cause)
    server.stopping = true
    this.#fromMember(member, member.step({ type: 'stop' }, this.#now, this, stopping))
  }

  /** Killed, or at its end: its timers are gone, and the calls that were made to it end as their connections do. */
  #end(server: Server, how: 'member-crashed' | 'member-left' | 'member-stopped', cause: EventId): void {
    if (server.state === 'down') return
    const { name } = server.member.options
    server.state = 'down'
    server.stopping = false
    server.held = []
    this.#connect(this.#now)
    const crashed = this.emit({ type: how, member: name }, cause)
    for (const { seq, entry } of this.#schedule.list()) {
      if (entry.type !== 'member-timer' || entry.member !== name) continue
      this.#schedule.cancel(seq)
      this.#timers.delete(timerName(entry))
    }
    for (const [route, member] of [...this.#routes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (member !== name) continue
      const [client = '', rpc = ''] = route.split(' ')
      this.#send(name, client, {
        client,
        member: name,
        rpc: Number(rpc),
        body: { type: 'reply', reply: errors.ConnectionClosed },
        cause: crashed,
      })
    }
  }

  #restart(server: Server, cause: EventId): void {
    if (server.state !== 'down') return
    const { options } = server.member
    server.member = new Member(options, server.member)
    server.state = 'up'
    this.#connect(this.#now)
    const restarted = this.emit({ type: 'member-restarted', member: options.name }, cause)
    this.#fromMember(server.member, server.member.step({ type: 'boot', hurried: true }, this.#now, this, restarted))
  }

  /** The process of a member that was added starts, and is told of the cluster by whoever runs. Without such a member nothing starts. */
  #join({ name, clientURLs, peerURLs }: { name: MemberName; clientURLs: string[]; peerURLs: string[] }, cause: EventId): void {
    const added = this.added.find(({ peerURLs: urls }) => urls.some((url) => peerURLs.includes(url)))
    if (added === undefined || this.#servers.some(({ member }) => member.options.name === name)) return
    const joined: Joined = { info: { ...added, name, clientURLs, peerURLs }, joins: this.known }
    const member = new Member(joiningOptions(this.config, this.seed, joined.info, joined.joins))
    this.#servers.push({ member, state: 'up', stopping: false, held: [], joined })
    this.#connect(this.#now)
    const event = this.emit({ type: 'member-joined', member: name, peer: added.ID }, cause)
    this.#fromMember(member, member.step({ type: 'boot', hurried: true }, this.#now, this, event))
  }

  /** Who belongs to the cluster, by the member that is up and has applied most. */
  get known(): MemberInfo[] {
    const up = this.#servers.filter(({ state }) => state !== 'down').map(({ member }) => member)
    const applied = (member: Member): number => member.consensus.status().applied
    return (up.sort((a, b) => applied(b) - applied(a))[0] ?? this.members[0]!).membership.list()
  }

  /** Who was added and has never started. */
  get added(): MemberInfo[] {
    return this.known.filter(({ ID }) => this.#servers.every(({ member }) => member.options.ID !== ID))
  }

  /** What terminals see of the cluster around them. */
  get #world(): World {
    return {
      members: this.#servers.map(({ member: { options }, state }) => {
        const { ID, name, peerURLs, clientURLs } = options
        return { id: ID, name, peerURLs, clientURLs, isDown: state === 'down' }
      }),
      added: this.added.map(({ ID, peerURLs }) => ({ id: ID, peerURLs })),
      wasGranted: (id) => this.#granted.has(id),
    }
  }

  /** Who is connected to whom may have changed. */
  #connect(now: number): void {
    const names = this.members.map(({ options }) => options.name)
    const runs = (name: MemberName): boolean => this.#server(name).state === 'up'
    const whole = (a: MemberName, b: MemberName): boolean => this.#post.links.reaches(a, b) && this.#post.links.reaches(b, a)
    this.#connections.update(names, (a, b) => runs(a) && runs(b) && whole(a, b), now)
  }

  /** What came meanwhile, and the timers that ran out, come now, in their order. */
  #resume(server: Server, cause: EventId): void {
    if (server.state !== 'paused') return
    server.state = 'up'
    this.#connect(this.#now)
    this.emit({ type: 'member-resumed', member: server.member.options.name }, cause)
    this.#bringBack(server.held)
    server.held = []
  }

  #bringBack(held: readonly Due[]): void {
    for (const due of held) {
      if (isTimer(due)) this.#setTimer(this.#now, due)
      else this.#schedule.add(this.#now, due)
    }
  }

  // Clients as processes, and what they write to -----------------------------------------------------------------------------------------------------

  #disturb(type: 'pause-client' | 'resume-client' | 'crash-client' | 'restart-client', id: ClientId, cause: EventId): void {
    const client = this.#clients.get(id)
    const state = this.#states.stateOf(id)
    if (client?.kind !== 'program') return
    switch (type) {
      case 'pause-client':
        if (state !== 'up') return
        this.#states.pause(id)
        this.emit({ type: 'client-paused', client: id }, cause)
        return
      case 'resume-client':
        if (state !== 'paused') return
        this.emit({ type: 'client-resumed', client: id }, cause)
        this.#bringBack(this.#states.wake(id))
        return
      case 'crash-client': {
        if (state === 'down') return
        const crashed = this.emit({ type: 'client-crashed', client: id }, cause)
        this.#states.crash(id)
        return this.#stepClient(id, { type: 'crash' }, crashed)
      }
      case 'restart-client': {
        if (state !== 'down') return
        this.#states.wake(id)
        const restarted = this.emit({ type: 'client-restarted', client: id }, cause)
        return this.#stepClient(id, { type: 'restart' }, restarted)
      }
      default:
        return unreachable(type)
    }
  }

  /** What the client waits for is due when its own clock says so: its timers are set anew. */
  #changeClock(id: ClientId, percent: number, cause: EventId): void {
    if (this.#clients.get(id)?.kind !== 'program') return
    this.emit({ type: 'clock-changed', client: id, percent }, cause)
    const timers = this.#schedule.list().flatMap(({ at, entry }) => {
      return entry.type === 'client-timer' && entry.client === id ? [{ shown: this.#states.local(id, at), entry }] : []
    })
    this.#states.setClock(id, percent, this.#now)
    for (const { shown, entry } of timers) this.#setTimer(Math.max(this.#now, this.#states.virtual(id, shown)), entry)
  }

  #deliverWrite(write: Write): void {
    const { client, value, token, lease, accepted, cause, lost } = write
    const [from, to] = accepted === null ? [client, RESOURCE] : [RESOURCE, client]
    if (lost || !this.arrives(from, to)) {
      this.emit({ type: 'message-lost', from, to, what: accepted === null ? 'write' : 'answer' }, cause)
      return
    }
    if (accepted !== null) {
      const answered = this.emit({ type: 'write-answered', client, accepted }, cause)
      return this.#stepClient(client, { type: 'written', accepted }, answered)
    }
    const { highest } = this.#resource
    const taken = this.#resource.write(token, this.config.checkTokens === true)
    const stale = lease !== null && this.#leaseIsGone(lease)
    const event = this.emit({ type: taken ? 'write-taken' : 'write-bounced', client, value, token, highest, stale }, cause)
    this.#sendWrite(RESOURCE, client, { ...write, accepted: taken, cause: event })
  }

  /** By whoever counts; without anybody, by the first member. */
  #leaseIsGone(lease: LeaseId): boolean {
    const primary = this.#servers.find(({ member, state }) => state !== 'down' && member.lessor.isPrimary) ?? this.#servers[0]!
    return !primary.member.lessor.has(lease)
  }

  #sendWrite(from: string, to: string, write: Omit<Write, 'id' | 'sentAt' | 'dueAt' | 'lost'>): void {
    this.#post.sendWrite(from, to, write, this.#now)
  }

  #entered(client: ClientId, section: string, event: EventId): void {
    const others = [...this.#sections]
      .filter(([other, at]) => other !== client && at.section === section)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    this.#sections.set(client, { section, since: event })
    if (others.length === 0) return
    const causes = others.map(([, { since }]) => since)
    this.emit({ type: 'exclusion-broken', client, section, others: others.map(([other]) => other) }, event, ...causes)
  }

  /** Clients have the library of the version that the run models. */
  get #mutexChecksSession(): boolean {
    const { etcd, differences = {} } = this.config
    return differencesOf({ etcdVersion: etcd, differences }).mutexChecksSession
  }

  /** The server that something due is for; undefined where it is for a client or a terminal. */
  #serverOf(due: Due): Server | undefined {
    if (due.type === 'member-timer') return this.#server(due.member)
    if (due.type === 'deliver-peer') return this.#server(due.delivery.to)
    return due.type === 'deliver' && due.message.body.type !== 'reply' ? this.#server(due.message.member) : undefined
  }

  #server(name: MemberName): Server {
    const server = this.#servers.find(({ member }) => member.options.name === name)
    assert(server !== undefined, `no member ${name}`)
    return server
  }

  #member(name: MemberName): Member {
    return this.#server(name).member
  }

  #urlOf(name: MemberName): string {
    return this.members.find(({ options }) => options.name === name)?.options.clientURLs[0] ?? name
  }

  /** The client that a process belongs to, by which links and groups know it. */
  #nameOf(client: ClientId): ClientId {
    return this.#processes.get(client)?.client ?? client
  }

  #stepClient(id: ClientId, input: Parameters<Client['step']>[0], cause: EventId): void {
    let client = this.#clients.get(id)
    if (client === undefined) {
      client = new Client(id, 'program')
      this.#clients.set(id, client)
    }
    this.#fromClient(client, client.step(input, this.#states.local(id, this.#now), this, cause))
  }

  #fromClient(client: Client, wishes: ClientOutput[]): void {
    const { id } = client
    for (const wish of wishes) {
      switch (wish.type) {
        case 'send': {
          // Its terminal may have stopped it over an earlier wish of the same step.
          if (!this.#clients.has(id)) break
          const { rpc, request } = wish
          const endpoints = wish.endpoint === null ? (this.#processes.get(id)?.endpoints ?? []) : [wish.endpoint]
          const route = `${id} ${rpc}`
          const member = this.#routes.get(route) ?? this.#listening(endpoints, wish.attempt)
          if (member === undefined) {
            this.emit({ type: 'endpoint-unreachable', client: id, endpoints: [...endpoints], request: request.type }, wish.cause)
            break
          }
          const sent = this.emit({ type: 'request-sent', client: id, member, rpc, request }, wish.cause)
          this.#routes.set(route, member)
          this.#sendRequest(id, member, rpc, { type: 'request', request, ...(wish.requiresLeader ? { requiresLeader: true } : {}) }, sent)
          break
        }
        case 'cancel': {
          const route = `${id} ${wish.rpc}`
          const member = this.#routes.get(route)
          this.#routes.delete(route)
          if (member !== undefined) this.#sendRequest(id, member, wish.rpc, { type: 'cancel' }, wish.cause)
          break
        }
        case 'timer':
          this.#setTimer(wish.at === null ? null : this.#states.virtual(id, wish.at), {
            type: 'client-timer',
            client: id,
            timer: wish.timer,
            cause: wish.cause,
          })
          break
        case 'write': {
          const { value, token } = wish
          const sent = this.emit({ type: 'write-sent', client: id, value, token }, wish.cause)
          const lease = client.beliefs.at(-1)?.lease ?? null
          this.#sendWrite(id, RESOURCE, { client: id, value, token, lease, accepted: null, cause: sent })
          break
        }
        case 'signal': {
          const process = this.#processes.get(id)
          if (process === undefined) break
          const { terminal, job } = process
          if (wish.signal.type === 'ended') this.#dispose(client, wish.cause)
          const input = { type: 'signal', job, signal: wish.signal } as const
          this.#fromShell(terminal, this.#shell(terminal).step(input, this.#now, this, wish.cause, this.#world))
          break
        }
        default:
          unreachable(wish)
      }
    }
  }

  #fromShell(terminal: ClientId, wishes: ShellOutput[]): void {
    for (const wish of wishes) {
      switch (wish.type) {
        case 'start': {
          const { job, client, endpoints } = wish
          const id = client === terminal ? `${terminal}#${job}` : `${client}@${terminal}#${job}`
          this.#processes.set(id, { id, terminal, job, client, endpoints })
          const process = new Client(id, 'process')
          this.#clients.set(id, process)
          this.#fromClient(process, process.step({ type: 'program', program: wish.program }, this.#now, this, wish.cause))
          break
        }
        case 'stop': {
          const process = [...this.#processes.values()].find((other) => other.terminal === terminal && other.job === wish.job)
          const client = process === undefined ? undefined : this.#clients.get(process.id)
          if (client !== undefined) this.#dispose(client, wish.cause)
          break
        }
        case 'interrupt': {
          const process = [...this.#processes.values()].find((other) => other.terminal === terminal && other.job === wish.job)
          const client = process === undefined ? undefined : this.#clients.get(process.id)
          if (client !== undefined) this.#fromClient(client, client.step({ type: 'interrupt' }, this.#now, this, wish.cause))
          break
        }
        case 'fault':
          this.#fault(wish.fault, wish.cause)
          break
        case 'start-member':
          this.#join(wish, wish.cause)
          break
        case 'control':
          if (this.#clients.has(wish.client)) this.#stepClient(wish.client, { type: 'control', control: wish.control }, wish.cause)
          break
        case 'timer':
          this.#setTimer(wish.at, { type: 'shell-timer', terminal, timer: wish.timer, cause: wish.cause })
          break
        default:
          unreachable(wish)
      }
    }
  }

  /** A process is gone; its streams are closed on its way out. */
  #dispose(client: Client, cause: EventId): void {
    this.#clients.delete(client.id)
    this.#processes.delete(client.id)
    this.#fromClient(client, client.step({ type: 'stop' }, this.#now, this, cause))
    this.#post.links.forget(client.id)
  }

  /**
   * The first member that one of the endpoints is the client URL of, with every failed attempt the next one; a member that is down takes no connection, and is left out
   * while another is up. Undefined where no endpoint is a member's. Without endpoints it is the first member, or any (config.clientEndpoints).
   */
  #listening(endpoints: readonly string[], attempt: number): MemberName | undefined {
    if (endpoints.length === 0 && this.config.clientEndpoints !== 'all') return this.endpoint
    const wanted = endpoints.map(hostAndPort)
    const named = this.#servers.filter(
      ({ member }) => endpoints.length === 0 || member.options.clientURLs.some((url) => wanted.includes(hostAndPort(url))),
    )
    const up = named.filter(({ state }) => state !== 'down')
    const pool = up.length > 0 ? up : named
    return pool[attempt % Math.max(1, pool.length)]?.member.options.name
  }

  /** A call keeps to the member it was made to: what comes after it on the same stream, and its end, go there too. */
  #sendRequest(client: ClientId, member: MemberName, rpc: number, body: Message['body'], cause: EventId): void {
    this.#send(this.#nameOf(client), member, { client, member, rpc, body, cause })
  }

  #send(from: string, to: string, message: Omit<Message, 'id' | 'sentAt' | 'dueAt' | 'lost'>): void {
    this.#post.send(from, to, message, this.#now)
  }

  /** Sets a timer, or moves it; null takes it back. */
  #setTimer(at: number | null, due: Timer): void {
    const name = timerName(due)
    const set = this.#timers.get(name)
    if (set !== undefined) this.#schedule.cancel(set)
    if (at === null) this.#timers.delete(name)
    else this.#timers.set(name, this.#schedule.add(at, due))
  }

  #shell(terminal: ClientId): Shell {
    let shell = this.#shells.get(terminal)
    if (shell === undefined) {
      shell = new Shell(terminal)
      this.#shells.set(terminal, shell)
    }
    return shell
  }

  #setNow(to: number): void {
    if (to <= this.#now) return
    this.#now = to
    this.#stepsAtNow = 0
  }

  #countStep(): void {
    this.#steps++
    this.#stepsAtNow++
  }
}

/** The causes without those that are none (0) and without repetition; most events have one. */
function known(causes: EventId[]): EventId[] {
  if (causes.length === 1) return causes[0]! > 0 ? causes : []
  return causes.filter((cause, i) => cause > 0 && causes.indexOf(cause) === i)
}

function isTimer(due: Due): due is Timer {
  return due.type === 'member-timer' || due.type === 'client-timer' || due.type === 'shell-timer'
}

/** The client that something due is for; null where it is for somebody else. */
function clientOf(due: Due): ClientId | null {
  if (due.type === 'client-timer') return due.client
  if (due.type === 'deliver-write') return due.write.accepted === null ? null : due.write.client
  return due.type === 'deliver' && due.message.body.type === 'reply' ? due.message.client : null
}

/** Whether more may follow on the same call. */
function isStreamed({ type }: Reply): boolean {
  return type === 'Watch' || type === 'LeaseKeepAlive' || type === 'Leader'
}

function describePeer(message: PeerMessage): string {
  return message.type === 'raft' ? message.message.type : message.type
}

function timerName(due: Timer): string {
  switch (due.type) {
    case 'member-timer':
      return `${due.type} ${due.member} ${due.timer}`
    case 'client-timer':
      return `${due.type} ${due.client} ${due.timer}`
    case 'shell-timer':
      return `${due.type} ${due.terminal} ${due.timer}`
  }
}

const LEFT_OUT: ReadonlySet<string> = new Set([
  'cause',
  'seq',
  'id',
  'requestIds',
  'raftIndex',
  'grantedAt',
  'renewedAt',
  'nextRpc',
  'lastTurnAt',
  'streams',
])
const TIMES: ReadonlySet<string> = new Set(
  'at deadline queuedAt nextPassAt sentAt dueAt nextAt deadlineAt startedAt until lastAnswerAt'.split(' '),
)

function relative(name: string, value: unknown, now: number): unknown {
  return TIMES.has(name) && typeof value === 'number' && value !== Number.MAX_SAFE_INTEGER ? value - now : value
}
