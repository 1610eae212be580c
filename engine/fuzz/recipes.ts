// Several clients run one recipe under faults: pauses, kills, restarts, cut links, wrong clocks,
// and members that fail. The promises of a correct recipe are checked all the time; a broken recipe
// breaks them sooner or later.

import { unreachable } from '../base/assert'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import type { Library } from '../base/libraries'
import { LIBRARIES } from '../base/libraries'
import { Random } from '../base/random'
import type { ClientId, TraceEvent } from '../base/trace'
import type { Broken, LockPromise } from '../check/lock-promises'
import { LockPromises, PEACE_MS } from '../check/lock-promises'
import { backOffMs, Progress } from '../check/progress'
import type { Report } from '../check/violation'
import { WatchSafety } from '../check/watch-safety'
import type { Member } from '../member/member'
import type { Command, Config, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import { newRecording } from '../sim/recording'
import { Simulation } from '../sim/simulation'
import { Cadence } from './cadence'

/**
 * The possible faults of a recipe's run. `blind watcher`: a watcher without any fault shows an
 * outdated state. `not registered`: a running service has no key long after the last fault.
 */
export type Wrong = LockPromise | 'blind watcher' | 'not registered' | EtcdPromise

/** The promises of etcd and its client to every recipe, even a flawed one. */
type EtcdPromise =
  | 'no watch has a gap'
  | 'clients move on after a heal'
  | 'libraries keep their pace'
const ALWAYS: readonly EtcdPromise[] = [
  'no watch has a gap',
  'clients move on after a heal',
  'libraries keep their pace',
]

interface Promised {
  keeps: readonly Wrong[]
  breaks: Wrong | null
  /** The recipe only watches: the other clients run this one meanwhile. */
  beside?: string
}

/** The promises of each recipe, and the ones that it is meant to break. */
export const PROMISES: Readonly<Record<string, Promised>> = {
  'check-then-put': { keeps: ['held by the dead'], breaks: 'two hold' },
  'put-and-hope': { keeps: ['held by the dead'], breaks: 'two hold' },
  'create-without-lease': { keeps: ['two hold', 'two healthy'], breaks: 'held by the dead' },
  'no-keep-alive': { keeps: ['two hold', 'held by the dead'], breaks: 'two healthy' },
  'unlock-by-delete': { keeps: ['two healthy', 'held by the dead'], breaks: 'two hold' },
  'own-clock': { keeps: ['two hold', 'held by the dead'], breaks: 'stale write' },
  'create-and-poll': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'create-and-watch': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  mutex: { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'mutex-3.5': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  herd: { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'try-lock': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  election: { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'mutex-fenced': {
    keeps: ['two hold', 'two healthy', 'held by the dead', 'token goes back'],
    breaks: null,
  },
  registration: { keeps: ['held by the dead'], breaks: null },
  'registration-comes-back': { keeps: ['held by the dead', 'not registered'], breaks: null },
  discovery: { keeps: ['blind watcher', 'held by the dead'], breaks: null, beside: 'registration' },
  'leader-record': { keeps: ['two healthy'], breaks: 'two hold' },
  'campaign-while': {
    keeps: ['two hold', 'two healthy', 'held by the dead', 'enters though lost'],
    breaks: null,
  },
  'unlock-by-token': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'renew-by-hand': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'lock-service': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'node-lock': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  'python-lock': { keeps: ['two hold', 'held by the dead'], breaks: 'two healthy' },
  semaphore: { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  rwmutex: { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: 'enters though lost' },
  'rwmutex-checked': {
    keeps: ['two hold', 'two healthy', 'held by the dead', 'enters though lost'],
    breaks: null,
  },
  'double-barrier': { keeps: ['two hold', 'two healthy', 'held by the dead'], breaks: null },
  observe: {
    keeps: ['blind watcher', 'two hold', 'held by the dead'],
    breaks: null,
    beside: 'election',
  },
}

export interface RecipeRun {
  recording: Recording
  /** Each kind once, with the virtual ms of its first occurrence. */
  wrong: Map<Wrong, Broken>
  /** The number of entries into the section, and of faults. */
  entered: number
  /** The number of entries while another client was inside. */
  clashes: number
  faults: number
  endsAt: number
}

const CLIENTS = ['a', 'b', 'c', 'd']
/** Virtual milliseconds of faults. */
const TROUBLE_MS = 15_000
/**
 * Virtual milliseconds without a fault within which each client makes progress, also on a clock at
 * half speed: elections and timeouts, and the back-off.
 */
const MOVES_ON_MS = 2 * (20_000 + backOffMs(TROUBLE_MS))
/**
 * The maximum age of a change that a watch has not received, and of a missing keep-alive answer, on
 * a clock at half speed.
 */
const NEWS_MS = 3000

/** Steps between two checks of leases that clients should have given up. */
const CADENCE_STEPS = 50

const FAULTS = { pause: 9, crash: 1, restart: 7, cut: 2, clock: 2, member: 2 } as const

/**
 * Plays the run of a seed: the recipe's text in two to four clients. With `beside` only the first
 * client runs it, and the others run that one.
 */
export function fuzzRecipe(name: string, source: string, seed: number, beside = source): RecipeRun {
  return new Run(name, source, seed, beside).play()
}

class Run {
  readonly #name: string
  /** The last known state of a service. */
  #service: { key: string; value: string | undefined; revision: number } | null = null
  readonly #recording: Recording
  readonly #sim: Simulation
  readonly #plan: { at: number; command: Command }[] = []
  readonly #locks = new LockPromises()
  readonly #watches: WatchSafety
  readonly #progress: Progress
  readonly #cadence: Cadence
  readonly #broken = new Map<Wrong, Broken>()
  #faults = 0

  constructor(name: string, source: string, seed: number, beside: string) {
    this.#name = name
    const random = new Random(seed, 'recipe-fuzz/run')
    const members = random.below(3) === 0 ? 3 : 1
    const latencyMs = 1 + random.below(random.below(2) === 0 ? 60 : 10)
    const etcd = ETCD_VERSIONS[random.below(ETCD_VERSIONS.length)]!
    const config: Config = {
      ...DEFAULT_CONFIG,
      members,
      etcd,
      latencyMs,
      peerLatencyMs: 1 + random.below(10),
    }
    if (name === 'mutex-fenced') config.checkTokens = true
    const libraries = drawLibraries(source + beside, seed)
    if (libraries !== null) config.libraries = libraries
    this.#recording = newRecording(seed, config)
    const report: Report = (property, _members, text) => this.#note(property as EtcdPromise, text)
    this.#watches = new WatchSafety(report)
    this.#progress = new Progress(report)
    this.#cadence = new Cadence(report, config.libraries)
    this.#sim = new Simulation(config, seed, (event) => this.#see(event))
    this.#draw(source, beside, seed, members)
  }

  play(): RecipeRun {
    for (const { at, command } of this.#plan) {
      this.#advance(at)
      this.#submit(command)
    }
    this.#advance(TROUBLE_MS)
    this.#makePeace()
    this.#advance(TROUBLE_MS + PEACE_MS)
    this.#locks.checkTheDead(this.#sim)
    this.#letAllMoveOn()
    const { broken, entered, clashes } = this.#locks
    const wrong: RecipeRun['wrong'] = new Map([...broken, ...this.#broken])
    const blind = this.#blindness()
    if (blind !== null) wrong.set('blind watcher', { at: this.#sim.now, text: blind })
    const missing = this.#unregistered()
    if (missing !== undefined)
      wrong.set('not registered', { at: this.#sim.now, text: `${missing} runs and has no key` })
    return {
      recording: this.#recording,
      wrong,
      entered,
      clashes,
      faults: this.#faults,
      endsAt: this.#sim.now,
    }
  }

  #draw(source: string, beside: string, seed: number, members: number): void {
    const random = new Random(seed, 'recipe-fuzz/plan')
    const clients = CLIENTS.slice(0, 2 + random.below(3))
    const spread = [1, 40, 400, 3000][random.below(4)]!
    for (const [i, client] of clients.entries())
      this.#plan.push({
        at: random.below(spread),
        command: { type: 'script', client, source: i === 0 ? source : beside },
      })
    // A third of the runs have no faults: there every breach is the recipe's own.
    if (random.below(3) > 0) {
      for (let at = random.below(800); at < TROUBLE_MS; at += random.below(1600))
        this.#plan.push(...drawFault(random, at, clients, members))
      this.#plan.push(...drawClockSettings(new Random(seed, 'recipe-fuzz/clock-settings'), clients))
    }
    this.#plan.sort((a, b) => a.at - b.at)
  }

  #submit(command: Command): void {
    this.#recording.commands.push({ at: this.#sim.now, ...command })
    if (command.type === 'fault') this.#faults++
    this.#sim.submit(command)
  }

  #advance(to: number): void {
    while (this.#sim.nextAt() <= to) {
      this.#sim.step()
      this.#locks.check(this.#sim)
      this.#watches.check(this.#sim)
      if (this.#sim.steps % CADENCE_STEPS === 0) this.#cadence.check(this.#sim)
    }
    this.#sim.advance(to)
  }

  /** Clients and members that are down stay down. */
  #makePeace(): void {
    this.#submit({ type: 'fault', fault: { type: 'heal' } })
    for (const { id } of this.#sim.clients) {
      if (this.#sim.stateOf(id) === 'paused')
        this.#submit({ type: 'fault', fault: { type: 'resume-client', client: id } })
    }
    for (const { member, state } of this.#sim.servers) {
      if (state !== 'up')
        this.#submit({
          type: 'fault',
          fault: { type: state === 'down' ? 'restart' : 'resume', member: member.options.name },
        })
    }
  }

  /**
   * After the quiet phase no client may still wait if it could continue; a back-off may take longer
   * than that phase.
   */
  #letAllMoveOn(): void {
    for (let missing = this.#missing(); missing !== null; missing = this.#missing()) {
      if (this.#sim.now >= TROUBLE_MS + MOVES_ON_MS)
        return this.#note(missing.promise, missing.text)
      this.#advance(this.#sim.now + 1000)
    }
  }

  #missing(): { promise: EtcdPromise; text: string } | null {
    const sim = this.#sim
    const ofClients = this.#progress.missing(sim, { calls: TROUBLE_MS, loops: sim.now - NEWS_MS })
    if (ofClients !== null) return { promise: 'clients move on after a heal', text: ofClients }
    const ofWatches = this.#watches.missing(sim, sim.now - NEWS_MS)
    return ofWatches === null ? null : { promise: 'no watch has a gap', text: ofWatches }
  }

  #note(promise: EtcdPromise, text: string): void {
    if (!this.#broken.has(promise)) this.#broken.set(promise, { at: this.#sim.now, text })
  }

  /**
   * The difference between the watcher's view and the store; null for none, or if a fault explains
   * it.
   */
  #blindness(): string | null {
    const [watcher] = CLIENTS
    const runner = this.#sim.clients.find(({ id }) => id === watcher)?.program?.runner
    const member = this.#sim.members.find(({ consensus }) => consensus.isLeader)
    if (!this.#locks.isHealthy(watcher!) || !runner || member === undefined) return null
    const vars = new Map(runner.vars)
    const difference = (shown: string | undefined, there: string | undefined): string | null =>
      shown === there ? null : `it shows ${shown}, and there is ${there}`
    const service = this.#service
    if (
      this.#name === 'discovery' &&
      service !== null &&
      service.revision > Number(vars.get('first.rev'))
    )
      return difference(
        `${vars.get('news.key')} ${vars.get('news')}`,
        `${service.key} ${service.value}`,
      )
    if (this.#name === 'observe')
      return difference(
        vars.get('key') ?? vars.get('leader'),
        leaderOf(member.store.range('/leader/', '/leader0')),
      )
    return null
  }

  /** A running service without its key. */
  #unregistered(): ClientId | undefined {
    const member = this.#sim.members.find(({ consensus }) => consensus.isLeader)
    if (!this.#name.startsWith('registration') || member === undefined) return undefined
    const isListed = (client: ClientId): boolean => {
      const found = member.store.range(`/services/${client}`, '')
      return 'kvs' in found && found.kvs.length > 0
    }
    return this.#sim.clients
      .map(({ id }) => id)
      .find((id) => this.#sim.stateOf(id) === 'up' && !isListed(id))
  }

  #see(event: TraceEvent): void {
    this.#locks.see(event)
    this.#watches.see(event)
    this.#progress.see(event)
    this.#cadence.see(event)
    switch (event.type) {
      case 'key-put':
        if (event.kv.key.startsWith('/services/'))
          this.#service = {
            key: event.kv.key,
            value: event.kv.value,
            revision: event.kv.mod_revision,
          }
        return
      case 'key-deleted':
        if (event.key.startsWith('/services/'))
          this.#service = { key: event.key, value: undefined, revision: event.revision }
        return
      default:
    }
  }
}

/** The value of the oldest key. */
function leaderOf(all: ReturnType<Member['store']['range']>): string | undefined {
  const kvs = 'kvs' in all ? [...all.kvs] : []
  return kvs.sort((a, b) => a.create_revision - b.create_revision)[0]?.value
}

/**
 * In one run of two each client has its own library, drawn from a separate stream, so that the
 * other draws of a seed do not change. A library without a keep-alive is only for programs that
 * renew by hand.
 */
function drawLibraries(source: string, seed: number): Record<ClientId, Library> | null {
  const random = new Random(seed, 'recipe-fuzz/libraries')
  if (random.below(2) === 0) return null
  const keeps = /^keep |= node lock /m.test(source)
  const choices = LIBRARIES.filter((library) => library !== 'none' || !keeps)
  return Object.fromEntries(
    CLIENTS.map((client) => [client, choices[random.below(choices.length)]!]),
  )
}

function drawFault(
  random: Random,
  at: number,
  clients: readonly ClientId[],
  members: number,
): { at: number; command: Command }[] {
  const client = clients[random.below(clients.length)]!
  const forMs = 200 + random.below(random.below(2) === 0 ? 1500 : 9000)
  const one = (when: number, fault: Fault): { at: number; command: Command } => ({
    at: Math.min(when, TROUBLE_MS),
    command: { type: 'fault', fault },
  })
  const kinds = Object.entries(FAULTS).flatMap(([kind, weight]) =>
    Array.from({ length: weight }, () => kind as keyof typeof FAULTS),
  )
  const kind = kinds[random.below(kinds.length)]!
  switch (kind) {
    case 'pause':
      return [
        one(at, { type: 'pause-client', client }),
        one(at + forMs, { type: 'resume-client', client }),
      ]
    case 'crash':
      return [one(at, { type: 'crash-client', client })]
    case 'restart':
      return [
        one(at, { type: 'crash-client', client }),
        one(at + random.below(2000), { type: 'restart-client', client }),
      ]
    case 'cut': {
      const names = Array.from({ length: members }, (_, i) => `m${i + 1}`)
      return [
        one(at, { type: 'partition', groups: [[client], names] }),
        one(at + forMs, { type: 'heal' }),
      ]
    }
    case 'clock':
      return [one(at, { type: 'clock', client, percent: [50, 80, 120, 200][random.below(4)]! })]
    case 'member': {
      const member = `m${1 + random.below(members)}`
      return random.below(2) === 0
        ? [one(at, { type: 'crash', member }), one(at + forMs, { type: 'restart', member })]
        : [one(at, { type: 'pause', member }), one(at + forMs, { type: 'resume', member })]
    }
    default:
      return unreachable(kind)
  }
}

/**
 * Clocks that are set ahead or back, drawn from a separate stream, so that the other faults of a
 * seed do not change.
 */
function drawClockSettings(
  random: Random,
  clients: readonly ClientId[],
): { at: number; command: Command }[] {
  return Array.from({ length: random.below(3) }, () => {
    const ms = (1 + random.below(50)) * 100 * (random.below(2) === 0 ? 1 : -1)
    const fault: Fault = { type: 'set-clock', client: clients[random.below(clients.length)]!, ms }
    return { at: random.below(TROUBLE_MS), command: { type: 'fault', fault } }
  })
}

/** The promise that a run broke; null if it kept all. */
export function brokenPromise(name: string, { wrong }: RecipeRun): string | null {
  for (const promise of [...(PROMISES[name]?.keeps ?? []), ...ALWAYS]) {
    const found = wrong.get(promise)
    if (found !== undefined) return `${promise} at ${found.at}: ${found.text}`
  }
  return null
}
