// The object that runs it all: commands and moves go in, trace events come out. It owns the clock, the schedule of what is due, the members, the links and the
// clients, and gives each machine its inputs one at a time; everything a run depends on is the seed, the configuration and the commands with their times.

import { assert, unreachable } from '../base/assert'
import { hash } from '../base/hash'
import type { ClientId, EventBody, EventId, MemberName, Trace, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import type { SavedClient } from '../client/client'
import { Client } from '../client/client'
import type { ClientOutput } from '../client/turn'
import type { SavedSchedule } from '../clock/schedule'
import { Schedule } from '../clock/schedule'
import type { ShellOutput, ShellState, World } from '../etcdctl/shell'
import { Shell } from '../etcdctl/shell'
import type { MemberOutput, SavedMember } from '../member/member'
import { Member } from '../member/member'
import type { SavedLinks } from '../network/links'
import { Links } from '../network/links'
import { memberOptions } from './bootstrap'
import type { Command, Config } from './command'
import { describeCommand } from './describe-command'
import { hostAndPort } from './endpoint'
import type { Due, Message, Move, Timer } from './moves'

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
  members: SavedMember[]
  links: SavedLinks
  clients: { id: ClientId; kind: 'program' | 'process'; saved: SavedClient }[]
  processes: Process[]
  shells: ShellState[]
}

export class Simulation implements Trace {
  readonly config: Config
  readonly seed: number
  #now = 0
  #steps = 0
  #stepsAtNow = 0
  #nextEvent = 1
  #nextMessage = 1
  #schedule = new Schedule<Due>()
  #members: Member[]
  #links: Links
  #clients = new Map<ClientId, Client>()
  #processes = new Map<ClientId, Process>()
  // The sequence number of each timer that is set: setting one again moves it, so that nothing due is ever stale.
  #timers = new Map<string, number>()
  #shells = new Map<ClientId, Shell>()
  readonly #sink: (event: TraceEvent) => void
  readonly #world: World

  /** Starts a cluster at virtual 0. Every event goes to `sink` as it happens. */
  constructor(config: Config, seed: number, sink: (event: TraceEvent) => void, saved?: SavedSimulation) {
    assert(config.members === 1, `a cluster of ${config.members} members is not modelled yet`)
    this.config = config
    this.seed = seed
    this.#sink = sink
    const options = memberOptions(config, seed)
    this.#world = { members: options.map(({ ID, name, peerURLs, clientURLs }) => ({ id: ID, name, peerURLs, clientURLs })) }
    this.#links = new Links(config)
    if (saved !== undefined) {
      this.#members = saved.members.map((member, i) => Member.load(options[i]!, member))
      this.#restore(saved)
      return
    }
    this.#members = options.map((each) => new Member(each))
    const start = this.emit({ type: 'command', text: 'the cluster starts' })
    for (const member of this.#members) this.#fromMember(member, member.step({ type: 'boot' }, this.#now, this, start))
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

  get members(): readonly Member[] {
    return this.#members
  }

  /** Clients and processes, in the order in which they came. */
  get clients(): readonly Client[] {
    return [...this.#clients.values()]
  }

  get processes(): readonly Process[] {
    return [...this.#processes.values()]
  }

  get terminals(): readonly ClientId[] {
    return [...this.#shells.keys()]
  }

  /** Whether a terminal has a line in the foreground or in its queue; false for an unknown one. */
  isBusy(terminal: ClientId): boolean {
    return this.#shells.get(terminal)?.busy ?? false
  }

  /** The member that clients talk to. */
  get endpoint(): MemberName {
    return this.#members[0]!.options.name
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
    const cause = this.emit({ type: 'command', text: describeCommand(command) })
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
      case 'request':
        return this.#stepClient(command.client, { type: 'request', request: command.request }, cause)
      case 'heartbeat':
        return this.#stepClient(command.client, { type: 'heartbeat', lease: command.lease, on: command.on }, cause)
      case 'take':
        this.take(command.move)
        return
      default:
        return unreachable(command)
    }
  }

  /** Notes what happened, now. Machines call it; it answers with the event's id. */
  emit(body: EventBody, ...causes: EventId[]): EventId {
    const id = this.#nextEvent++
    // The body is the caller's own literal, made for this event, so it is completed in place instead of copied.
    this.#sink(Object.assign(body, { id, at: this.#now, level: levelOf(body.type), causes: known(causes) }))
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
      nextMessage: this.#nextMessage,
      schedule: this.#schedule.save(),
      members: this.#members.map((member) => member.save()),
      links: this.#links.save(),
      clients: [...this.#clients.values()].map((client) => ({ id: client.id, kind: client.kind, saved: client.save() })),
      processes: [...this.#processes.values()],
      shells: [...this.#shells.values()].map((shell) => shell.save()),
    }
  }

  static load(saved: SavedSimulation, sink: (event: TraceEvent) => void): Simulation {
    return new Simulation(saved.config, saved.seed, sink, saved)
  }

  /** Two states with the same fingerprint behave alike from here on: counters, the generator and what only onlookers read are left out, times are relative. */
  fingerprint(): string {
    const { schedule, members, links, clients, processes, shells, config } = this.save()
    const state = { schedule: schedule.entries, members, links, clients, processes, shells, config }
    return hash(JSON.stringify(state, (name, value) => (LEFT_OUT.has(name) ? undefined : relative(name, value, this.#now))))
  }

  #restore(saved: SavedSimulation): void {
    this.#now = saved.now
    this.#steps = saved.steps
    this.#stepsAtNow = saved.stepsAtNow
    this.#nextEvent = saved.nextEvent
    this.#nextMessage = saved.nextMessage
    this.#schedule = Schedule.load(saved.schedule)
    for (const { seq, entry } of saved.schedule.entries) if (entry.type !== 'deliver') this.#timers.set(timerName(entry), seq)
    this.#links = Links.load(this.config, saved.links)
    this.#clients = new Map(saved.clients.map(({ id, kind, saved: client }) => [id, Client.load(id, kind, client)]))
    this.#processes = new Map(saved.processes.map((process) => [process.id, { ...process }]))
    this.#shells = new Map(saved.shells.map((shell) => [shell.terminal, Shell.load(shell)]))
  }

  // One move ---------------------------------------------------------------------------------------------------------------------------------------

  #takeDue(at: number, due: Due): void {
    this.#setNow(at)
    this.#countStep()
    if (due.type !== 'deliver') this.#timers.delete(timerName(due))
    switch (due.type) {
      case 'deliver':
        return this.#deliver(due.message)
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

  #deliver({ client, member: name, rpc, body, cause }: Message): void {
    const member = this.#member(name)
    switch (body.type) {
      case 'request': {
        const received = this.emit({ type: 'request-received', client, member: name, rpc, request: body.request }, cause)
        return this.#fromMember(member, member.step({ type: 'request', client, rpc, request: body.request }, this.#now, this, received))
      }
      case 'cancel': {
        const closed = this.emit({ type: 'stream-closed', client, member: name, rpc }, cause)
        return this.#fromMember(member, member.step({ type: 'cancel', client, rpc }, this.#now, this, closed))
      }
      case 'reply': {
        if (!this.#clients.has(client)) return
        const received = this.emit({ type: 'reply-received', client, member: name, rpc, reply: body.reply }, cause)
        return this.#stepClient(client, { type: 'reply', rpc, reply: body.reply }, received)
      }
      default:
        return unreachable(body)
    }
  }

  #fromMember(member: Member, wishes: MemberOutput[]): void {
    const name = member.options.name
    for (const wish of wishes) {
      if (wish.type === 'timer') {
        this.#setTimer(wish.at, { type: 'member-timer', member: name, timer: wish.timer, cause: wish.cause })
        continue
      }
      const { client, rpc, reply } = wish
      const sent = this.emit({ type: 'reply-sent', client, member: name, rpc, reply }, wish.cause)
      this.#send(name, client, { client, member: name, rpc, body: { type: 'reply', reply }, cause: sent })
    }
  }

  #stepClient(id: ClientId, input: Parameters<Client['step']>[0], cause: EventId): void {
    let client = this.#clients.get(id)
    if (client === undefined) {
      client = new Client(id, 'program')
      this.#clients.set(id, client)
    }
    this.#fromClient(client, client.step(input, this.#now, this, cause))
  }

  #fromClient(client: Client, wishes: ClientOutput[]): void {
    const { id } = client
    for (const wish of wishes) {
      switch (wish.type) {
        case 'send': {
          const { rpc, request } = wish
          const endpoints = wish.endpoint === null ? (this.#processes.get(id)?.endpoints ?? []) : [wish.endpoint]
          const member = this.#listening(endpoints)
          if (member === undefined) {
            this.emit({ type: 'endpoint-unreachable', client: id, endpoints: [...endpoints], request: request.type }, wish.cause)
            break
          }
          const sent = this.emit({ type: 'request-sent', client: id, member, rpc, request }, wish.cause)
          this.#sendRequest(id, rpc, { type: 'request', request }, sent)
          break
        }
        case 'cancel':
          this.#sendRequest(id, wish.rpc, { type: 'cancel' }, wish.cause)
          break
        case 'timer':
          this.#setTimer(wish.at, { type: 'client-timer', client: id, timer: wish.timer, cause: wish.cause })
          break
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
    this.#links.forget(client.id)
  }

  /** The first member that one of the endpoints is the client URL of; undefined where none is. Without endpoints it is the first member. */
  #listening(endpoints: readonly string[]): MemberName | undefined {
    if (endpoints.length === 0) return this.endpoint
    const wanted = endpoints.map(hostAndPort)
    return this.#members.find(({ options }) => options.clientURLs.some((url) => wanted.includes(hostAndPort(url))))?.options.name
  }

  #sendRequest(client: ClientId, rpc: number, body: Message['body'], cause: EventId): void {
    this.#send(client, this.endpoint, { client, member: this.endpoint, rpc, body, cause })
  }

  #send(from: string, to: string, message: Omit<Message, 'id' | 'sentAt' | 'dueAt'>): void {
    const dueAt = this.#links.dueAt(from, to, this.#now)
    this.#schedule.add(dueAt, { type: 'deliver', message: { id: this.#nextMessage++, ...message, sentAt: this.#now, dueAt } })
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

  #member(name: MemberName): Member {
    const member = this.#members.find((other) => other.options.name === name)
    assert(member !== undefined, `no member ${name}`)
    return member
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
])
const TIMES: ReadonlySet<string> = new Set(
  'at deadline queuedAt nextPassAt sentAt dueAt nextAt deadlineAt startedAt until lastAnswerAt'.split(' '),
)

function relative(name: string, value: unknown, now: number): unknown {
  return TIMES.has(name) && typeof value === 'number' && value !== Number.MAX_SAFE_INTEGER ? value - now : value
}
