// The simulation: commands and moves go in, trace events come out. It owns the clock, the schedule
// and the post, and gives each machine its inputs one at a time. A run depends only on the seed,
// the configuration and the commands with their times.
//
//   command ──▶ submit ──▶ servers.ts (members as processes) ──▶ post.ts, timers.ts ──▶ schedule
//   ──▶ step ──▶ servers.ts, clients.ts
//                    └───▶ clients.ts (clients, terminals)   ──▶

import { unreachable } from '../base/assert'
import type { LeaseId, MemberInfo } from '../base/rpc'
import type { ClientId, EventBody, EventId, MemberName, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import type { Client } from '../client/client'
import { Schedule } from '../clock/schedule'
import type { Member } from '../member/member'
import type { Connection } from '../network/connection'
import type { OneWay, Turned } from '../network/links'
import { idle, takeChosen } from './choose'
import type { ClientState } from './client-states'
import type { Process } from './clients'
import { Clients } from './clients'
import type { Command, Config, Refusal } from './command'
import { contextOf, Routes } from './context'
import { Deliveries } from './deliveries'
import { describeCommand } from './describe-command'
import { Faults } from './faults'
import { fingerprint } from './fingerprint'
import type { Due, Move } from './moves'
import { arrived } from './moves'
import { Post } from './post'
import { Resource } from './resource'
import type { SavedSimulation } from './saved-simulation'
import { Sections } from './sections'
import type { Server } from './servers'
import { Servers } from './servers'
import { isTimer, Timers } from './timers'

export type { Process } from './clients'
export type { Server, ServerState } from './servers'

/**
 * A run that only goes forward. Its events go to a callback. `Timeline` also goes back.
 *
 * @example
 * const events = []
 * const sim = new Simulation(NEW_RUN_CONFIG, 1, (event) => events.push(event))
 * sim.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 10 } })
 * sim.advance(60_000)
 * expect(events.filter(({ type }) => type === 'lease-expired')).toHaveLength(1)
 */
export class Simulation {
  readonly config: Config
  readonly seed: number
  #now = 0
  #steps = 0
  #stepsAtNow = 0
  #nextEvent = 1
  readonly #schedule: Schedule<Due>
  readonly #timers: Timers
  readonly #post: Post
  readonly #routes: Routes
  readonly #servers: Servers
  readonly #clients: Clients
  readonly #deliveries: Deliveries
  readonly #faults: Faults
  readonly #resource: Resource
  readonly #sections: Sections
  readonly #sink: (event: TraceEvent) => void

  /** Starts a cluster at virtual 0. Every event goes to `sink` as it happens. */
  constructor(
    config: Config,
    seed: number,
    sink: (event: TraceEvent) => void,
    saved?: SavedSimulation,
  ) {
    this.config = config
    this.seed = seed
    this.#sink = sink
    this.#schedule = saved === undefined ? new Schedule() : Schedule.load(saved.schedule)
    this.#timers = new Timers(this.#schedule)
    this.#post = new Post(config, seed, this.#schedule, saved)
    this.#routes = saved === undefined ? new Routes() : Routes.load(saved.routes)
    this.#resource = saved === undefined ? new Resource() : Resource.load(saved.resource)
    this.#sections = new Sections(saved?.sections)
    const context = contextOf(this, {
      config,
      seed,
      schedule: this.#schedule,
      timers: this.#timers,
      post: this.#post,
      routes: this.#routes,
    })
    this.#servers = new Servers(context, saved)
    this.#clients = new Clients(
      context,
      this.#servers,
      (fault, cause) => this.#faults.do(fault, cause),
      saved,
    )
    this.#deliveries = new Deliveries(
      context,
      this.#servers,
      this.#clients,
      this.#resource,
      this.#sections,
    )
    this.#faults = new Faults(context, this.#servers, this.#clients, (due) =>
      this.#takeDue(this.#now, due),
    )
    if (saved !== undefined) {
      this.#now = saved.now
      this.#steps = saved.steps
      this.#stepsAtNow = saved.stepsAtNow
      this.#nextEvent = saved.nextEvent
      return
    }
    this.#servers.boot(this.emit({ type: 'command', text: 'the cluster starts', kind: 'start' }))
  }

  /** Virtual milliseconds. */
  get now(): number {
    return this.#now
  }

  /** How many moves and commands have been taken. */
  get steps(): number {
    return this.#steps
  }

  /**
   * How many of them at this very instant. The number tells two commands of one instant apart
   * (recording.ts).
   */
  get stepsAtNow(): number {
    return this.#stepsAtNow
  }

  /** Every member, down ones too, m1 first. */
  get members(): readonly Member[] {
    return this.#servers.members
  }

  get servers(): readonly Server[] {
    return this.#servers.list
  }

  /** The groups of a partition; null while the network is whole. */
  get partition(): readonly (readonly string[])[] | null {
    return this.#post.links.groups
  }

  /** One-way cuts: messages from the first names never reach the second ones. */
  get cuts(): readonly OneWay[] {
    return this.#post.links.cuts
  }

  /** Dials of links that differ from the start of the run. */
  get dials(): readonly Turned[] {
    return this.#post.links.turned
  }

  /** The members of the cluster, by the member that is up and has applied most. */
  get known(): MemberInfo[] {
    return this.#servers.known
  }

  /** The members that were added and have never started. */
  get added(): MemberInfo[] {
    return this.#servers.added
  }

  /** Clients and processes, in the order in which they came. */
  get clients(): readonly Client[] {
    return this.#clients.list
  }

  get processes(): readonly Process[] {
    return this.#clients.processes
  }

  /** Whether a client's process is running; true for an unknown client. */
  stateOf(client: ClientId): ClientState {
    return this.#clients.states.stateOf(client)
  }

  /** How fast a client's clock runs; 100 is true. */
  percentOf(client: ClientId): number {
    return this.#clients.states.percentOf(client)
  }

  /**
   * When (virtual ms) a client's clock last changed its speed. How many ms it was ahead of the true
   * time then, with all later settings.
   */
  clockAheadOf(client: ClientId): { at: number; ahead: number } {
    return this.#clients.states.ahead(client)
  }

  /** The virtual ms when a client's clock shows a time. */
  virtualOf(client: ClientId, shown: number): number {
    return this.#clients.states.virtual(client, shown)
  }

  /**
   * The name of a lease now: L1 for the first grant of the run, the end of its ID without a grant.
   */
  nameOfLease(lease: LeaseId): string {
    return this.#clients.nameOfLease(lease)
  }

  /** The highest token that the guarded resource has seen; null before the first. */
  get highestToken(): number | null {
    return this.#resource.highest
  }

  get terminals(): readonly ClientId[] {
    return this.#clients.terminals
  }

  /** Whether a terminal has a line in the foreground or in its queue; false for an unknown one. */
  isBusy(terminal: ClientId): boolean {
    return this.#clients.terminal(terminal)?.busy ?? false
  }

  /** The lines of a terminal that wait behind the running one; empty for an unknown terminal. */
  waiting(terminal: ClientId): readonly string[] {
    return this.#clients.terminal(terminal)?.waiting ?? []
  }

  /** The running lines of a terminal, by number; empty for an unknown terminal. */
  jobs(terminal: ClientId): readonly { job: number; background: boolean }[] {
    return this.#clients.terminal(terminal)?.jobs ?? []
  }

  /** The member that clients call by default. */
  get endpoint(): MemberName {
    return this.members[0]!.options.name
  }

  // Moving time -----------------------------------------------------------------------------------

  /** When the next move is due, Infinity for never. */
  nextAt(): number {
    return this.#schedule.nextAt()
  }

  /** Takes the first move by (time, sequence), or false. */
  step(): boolean {
    const next = this.#schedule.next()
    if (next === undefined) return false
    this.#takeDue(next.at, next.entry)
    return true
  }

  /**
   * Takes every move due until `to` (virtual ms) and stops there. An earlier time changes nothing.
   */
  advance(to: number): void {
    while (this.#schedule.nextAt() <= to) this.step()
    this.#setNow(to)
  }

  /** Every possible next move, the first one first. */
  moves(): Move[] {
    return this.#schedule.list().map(({ seq, at, entry }) => ({ id: seq, at, due: entry }))
  }

  /**
   * The connection of a client's process to a member; undefined where it has never tried to
   * connect.
   */
  connection(client: ClientId, member: MemberName): Readonly<Connection> | undefined {
    return this.#clients.channels.find(client, member)
  }

  /** Messages of connections that wait for the end of a cut, in the order of their due times. */
  get held(): readonly Due[] {
    return this.#post.held
  }

  /**
   * Takes one move, not only the first. Moves that were due before it stay deliverable. An unknown
   * id is refused with false.
   */
  take(id: number): boolean {
    const move = this.#schedule.take(id)
    if (move === undefined) return false
    this.#takeDue(move.at, move.entry)
    return true
  }

  /**
   * Why a command would be refused now: it names an unknown member, client, link or message. Null
   * where it would not be refused.
   */
  refusal(command: Command): Refusal | null {
    if (
      command.type === 'control' &&
      !this.#clients.list.some(({ id, kind }) => id === command.client && kind === 'program')
    ) {
      return {
        type: 'refused',
        message: `there is no client ${command.client} that runs a program`,
      }
    }
    if (command.type !== 'fault') return null
    const verdict = this.#clients.judge(command.fault)
    return verdict?.type === 'refused' ? { type: 'refused', message: verdict.message } : null
  }

  /**
   * Does a command at this instant. Answers with a refusal where it names something unknown. The
   * command counts as a step all the same, as it does in a recording. Ask `refusal` first to leave
   * it out, as a timeline does.
   */
  submit(command: Command): Refusal | null {
    const refused = this.refusal(command)
    this.#submit(command)
    return refused
  }

  #submit(command: Command): void {
    this.#countStep()
    const cause = this.emit({
      type: 'command',
      text: describeCommand(command, this),
      kind: command.type === 'console' ? 'console' : 'other',
    })
    switch (command.type) {
      case 'console':
        return this.#clients.stepTerminal(
          command.terminal,
          { type: 'enter', text: command.text, mode: command.mode },
          cause,
        )
      case 'interrupt': {
        const input =
          command.job === undefined
            ? ({ type: 'interrupt' } as const)
            : ({ type: 'interrupt', job: command.job } as const)
        return this.#clients.stepTerminal(command.terminal, input, cause)
      }
      case 'program':
        return this.#clients.step(
          command.client,
          { type: 'instructions', instructions: command.program },
          cause,
        )
      case 'script':
        return this.#clients.run(command, cause)
      case 'dial':
        return this.#clients.dial(command, cause)
      case 'control':
        if (this.#clients.has(command.client))
          this.#clients.step(command.client, { type: 'control', control: command.control }, cause)
        return
      case 'request': {
        const { client, request, member } = command
        return this.#clients.step(
          client,
          { type: 'request', request, endpoint: member === undefined ? null : this.#urlOf(member) },
          cause,
        )
      }
      case 'open-stream': {
        const { client, stream, call, member, requiresLeader = false } = command
        const endpoint = member === undefined ? null : this.#urlOf(member)
        return this.#clients.step(
          client,
          { type: 'open-stream', stream, call, endpoint, requiresLeader },
          cause,
        )
      }
      case 'cancel':
      case 'send-on-stream':
      case 'close-stream':
        if (this.#clients.has(command.client)) this.#clients.step(command.client, command, cause)
        return
      case 'heartbeat':
        return this.#clients.step(
          command.client,
          { type: 'heartbeat', lease: command.lease, on: command.on },
          cause,
        )
      case 'fault':
        return this.#faults.do(command.fault, cause)
      case 'take':
        takeChosen(this, command.move, command.machinery)
        return
      case 'idle':
        if (idle(this, command.until, command.machinery, command.news === true))
          this.#setNow(command.until)
        return
      default:
        return unreachable(command)
    }
  }

  /** Notes an event, now. Machines call it; it answers with the event's id. */
  emit(body: EventBody, ...causes: EventId[]): EventId {
    const id = this.#nextEvent++
    if (body.type === 'lease-granted') this.#clients.granted(body.lease)
    // The body is the caller's own literal, made for this event, so it is completed in place
    // instead of copied.
    this.#sink(
      Object.assign(body, { id, at: this.#now, level: levelOf(body.type), causes: known(causes) }),
    )
    if (body.type === 'section-entered') this.#deliveries.entered(body, id)
    else if (body.type === 'section-left' || body.type === 'client-crashed')
      this.#sections.leave(body.client)
    return id
  }

  // Saving ----------------------------------------------------------------------------------------

  /** The whole state as plain data; `load` continues from it without a difference. */
  save(): SavedSimulation {
    return {
      config: this.config,
      seed: this.seed,
      now: this.#now,
      steps: this.#steps,
      stepsAtNow: this.#stepsAtNow,
      nextEvent: this.#nextEvent,
      nextMessage: this.#post.nextMessage,
      ...(this.#post.held.length === 0 ? {} : { held: [...this.#post.held] }),
      schedule: this.#schedule.save(),
      ...this.#servers.save(),
      ...this.#clients.save(),
      routes: this.#routes.save(),
      links: this.#post.links.save(),
      resource: this.#resource.save(),
      sections: this.#sections.save(),
    }
  }

  static load(saved: SavedSimulation, sink: (event: TraceEvent) => void): Simulation {
    return new Simulation(saved.config, saved.seed, sink, saved)
  }

  /** Two states with the same fingerprint behave alike from here on. */
  fingerprint(): string {
    return fingerprint(this.save())
  }

  // One move --------------------------------------------------------------------------------------

  #takeDue(at: number, due: Due): void {
    this.#setNow(at)
    this.#countStep()
    if (isTimer(due)) this.#timers.fired(due)
    // A cut comes before the process, which may be frozen.
    if (this.#deliveries.heldByCut(due)) return
    const server = this.#serverOf(due)
    if (server?.state === 'paused') {
      server.held.push(arrived(due))
      return
    }
    const client = clientOf(due)
    if (client !== null && this.#clients.holds(client, arrived(due))) return
    switch (due.type) {
      case 'deliver':
        return this.#deliveries.deliver(due.message)
      case 'deliver-peer':
        return this.#servers.deliver(due.delivery)
      case 'deliver-write':
        return this.#deliveries.deliverWrite(due.write)
      case 'member-timer':
        return this.#servers.step(
          this.#servers.server(due.member).member,
          { type: 'timer', timer: due.timer },
          due.cause,
        )
      case 'client-timer':
        return this.#clients.step(due.client, { type: 'timer', timer: due.timer }, due.cause)
      case 'connection-timer':
        return this.#clients.channels.timer(due.client, due.member, due.cause)
      case 'shell-timer':
        return this.#clients.stepTerminal(
          due.terminal,
          { type: 'timer', timer: due.timer },
          due.cause,
        )
      default:
        return unreachable(due)
    }
  }

  /** Whether the link is whole and its receiver is up. */
  arrives(from: string, to: string): boolean {
    return this.#post.links.reaches(from, to) && this.isUpAt(to)
  }

  /** Whether a client or member runs, frozen or not; true for an unknown name. */
  isUpAt(name: string): boolean {
    return this.#deliveries.isUp(name)
  }

  /** The server of a due move; undefined for a move of a client or a terminal. */
  #serverOf(due: Due): Server | undefined {
    if (due.type === 'member-timer') return this.#servers.server(due.member)
    if (due.type === 'deliver-peer') return this.#servers.server(due.delivery.to)
    return due.type === 'deliver' && due.message.body.type !== 'reply'
      ? this.#servers.server(due.message.member)
      : undefined
  }

  #urlOf(name: MemberName): string {
    return this.members.find(({ options }) => options.name === name)?.options.clientURLs[0] ?? name
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

/** The causes without zeros and without repetition; most events have one. */
function known(causes: EventId[]): EventId[] {
  if (causes.length === 1) return causes[0]! > 0 ? causes : []
  return causes.filter((cause, i) => cause > 0 && causes.indexOf(cause) === i)
}

/** The client of a due move; null for every other move. */
function clientOf(due: Due): ClientId | null {
  if (due.type === 'client-timer' || due.type === 'connection-timer') return due.client
  if (due.type === 'deliver-write') return due.write.accepted === null ? null : due.write.client
  return due.type === 'deliver' && due.message.body.type === 'reply' ? due.message.client : null
}
