// One run drawn from one seed. Clients send requests, faults happen, and every step is checked.
// Then all faults are healed, and the cluster must converge. At the end the clients' histories are
// checked against the model of a key.

import type { TraceEvent } from '../base/trace'
import { Checker } from '../check/checker'
import type { Begun } from '../check/convergence'
import {
  begunBy,
  CONVERGES_WITHIN_MS,
  Convergence,
  TROUBLED_CONVERGES_WITHIN_MS,
} from '../check/convergence'
import { belongsToHistory, historiesOf, judge } from '../check/histories'
import { backOffMs } from '../check/progress'
import type { Report, Violation } from '../check/violation'
import { isKnown } from '../check/violation'
import { stackOf } from '../replay/check-recording'
import type { Command } from '../sim/command'
import type { Recording } from '../sim/recording'
import { newRecording } from '../sim/recording'
import { Simulation } from '../sim/simulation'
import { Cadence } from './cadence'
import { EnvironmentFaults } from './environment-faults'
import type { FuzzOptions } from './plan'
import {
  ADMINISTRATOR,
  Administrator,
  Clients,
  changesMembers,
  drawConfig,
  Faults,
  KEYS,
} from './plan'
import { Subscribers } from './subscribers'

export interface FuzzResult {
  /** The drawn run, which can be played again. */
  recording: Recording
  /** The first breach; null for a run that keeps all rules. */
  violation: Violation | null
  /** Breaches that the modelled version of etcd has too. */
  known: Violation[]
  /** Keys whose history was too long to judge. */
  unknown: number
  seen: {
    steps: number
    events: number
    endsAt: number
    calls: number
    answered: number
    elections: number
    expired: number
    renewed: number
    faults: number
  }
}

/** Virtual milliseconds: the shortest and the longest phase of faults. */
const FAULTS_MS = [6000, 16_000] as const
const CLIENTS_GO_ON_MS = 400
/**
 * Virtual milliseconds: the maximum age of a change that a watch has not received, and of a missing
 * keep-alive answer.
 */
const NEWS_MS = 1500
const JUDGE_STEPS = 50_000
/** Steps between two checks of leases that clients should have given up. */
const CADENCE_STEPS = 50

/** Plays the run of a seed. */
export function fuzz(options: FuzzOptions): FuzzResult {
  return new FuzzRun(options).play()
}

class FuzzRun {
  readonly #recording: Recording
  readonly #checker = new Checker()
  readonly #history: TraceEvent[] = []
  readonly #convergence = new Convergence()
  readonly #cadence: Cadence
  /** Calls of clients without a reply so far. */
  readonly #asked = new Set<string>()
  readonly #sim: Simulation
  readonly #seen = {
    steps: 0,
    events: 0,
    endsAt: 0,
    calls: 0,
    answered: 0,
    elections: 0,
    expired: 0,
    renewed: 0,
    faults: 0,
  }
  readonly #options: FuzzOptions
  readonly #subscribers: Subscribers

  constructor(options: FuzzOptions) {
    this.#options = options
    const { seed } = options
    this.#subscribers = new Subscribers(options)
    const config = { ...drawConfig(options), ...this.#subscribers.config() }
    const report: Report = (property, members, text) =>
      this.#checker.violations.push({
        property,
        at: this.#sim.now,
        event: this.#seen.events,
        members,
        text,
      })
    this.#cadence = new Cadence(report, config.libraries)
    this.#recording = newRecording(seed, config)
    this.#sim = new Simulation(config, seed, (event) => this.#see(event))
  }

  play(): FuzzResult {
    try {
      this.#play()
    } catch (problem) {
      // A machine stopped the run itself.
      this.#checker.violations.push({
        property: 'state machine safety',
        at: this.#sim.now,
        event: this.#seen.events,
        members: [],
        text: `the run stopped: ${stackOf(problem)}`,
      })
    }
    const { violations } = this.#checker
    const known = violations.filter((violation) => this.#isKnown(violation))
    const violation = violations.find((other) => !known.includes(other)) ?? null
    let unknown = 0
    let judged: Violation | null = null
    if (violation === null) {
      for (const { key, verdict } of judge(historiesOf(this.#history, KEYS), JUDGE_STEPS)) {
        if (verdict === 'unknown') unknown++
        if (verdict === 'no')
          judged ??= {
            property: 'linearizability',
            at: this.#sim.now,
            event: this.#seen.events,
            members: [],
            text: `no order of what clients did with key ${key} explains what they saw`,
          }
      }
    }
    const seen = { ...this.#seen, steps: this.#sim.steps, endsAt: this.#sim.now }
    return { recording: this.#recording, violation: violation ?? judged, known, unknown, seen }
  }

  #play(): void {
    const { seed } = this.#options
    const names = this.#sim.members.map(({ options }) => options.name)
    const clients = new Clients(seed, names)
    const faults = new Faults(seed)
    const lastsMs = FAULTS_MS[0] + (Math.abs(seed * 7919) % (FAULTS_MS[1] - FAULTS_MS[0]))
    const environment = new EnvironmentFaults(this.#options)
    const subscribers = this.#subscribers
    let [nextRequest, nextFault, nextOfEnvironment] = [
      clients.gapMs(),
      faults.gapMs(),
      environment.gapMs(),
    ]
    for (const command of subscribers.starts()) this.#submit(command)
    let nextOfSubscribers = subscribers.gapMs()
    const administrator = changesMembers(seed, names.length) ? new Administrator(seed) : null
    let nextChange = administrator?.gapMs() ?? Number.POSITIVE_INFINITY
    let kept: { at: number; command: Command }[] = []
    while (this.#isFine && this.#sim.now < lastsMs) {
      const at = Math.min(
        nextRequest,
        nextFault,
        nextOfEnvironment,
        nextOfSubscribers,
        nextChange,
        kept[0]?.at ?? lastsMs,
        lastsMs,
      )
      this.#advance(at)
      if (at === nextFault) {
        const { commands, keeper, quietMs = 0 } = faults.next(this.#sim)
        for (const command of commands) this.#submit(command)
        if (keeper !== undefined && kept.length === 0) kept = clients.keeper(keeper, at + 1)
        nextFault = at + quietMs + faults.gapMs()
      } else if (at === nextOfEnvironment) {
        const { commands, keeper, later } = environment.next(this.#sim)
        for (const command of commands) this.#submit(command)
        if (keeper !== undefined && kept.length === 0) kept = clients.keeper(keeper, at + 1)
        if (later !== undefined)
          kept = [...kept, { at: at + later.afterMs, command: later.command }].sort(
            (a, b) => a.at - b.at,
          )
        nextOfEnvironment = at + environment.gapMs()
      } else if (at === nextOfSubscribers) {
        for (const command of subscribers.next(this.#sim)) this.#submit(command)
        nextOfSubscribers = at + subscribers.gapMs()
      } else if (at === nextChange && administrator !== null) {
        for (const command of administrator.next(this.#sim)) this.#submit(command)
        nextChange = at + administrator.gapMs()
      } else if (at === nextRequest) {
        this.#submit(clients.next())
        nextRequest = at + clients.gapMs()
      } else if (at === kept[0]?.at) this.#submit(kept.shift()!.command)
    }
    if (!this.#isFine) return
    this.#submit({ type: 'fault', fault: { type: 'heal' } })
    for (const command of [
      ...environment.mend(this.#sim),
      ...faults.mend(this.#sim),
      ...subscribers.mend(this.#sim),
    ])
      this.#submit(command)
    for (
      const until = this.#sim.now + CLIENTS_GO_ON_MS;
      this.#isFine && nextRequest < until;
      nextRequest += clients.gapMs()
    ) {
      this.#advance(nextRequest)
      this.#submit(clients.next())
    }
    this.#converge(administrator, environment.some ? faults : null)
    this.#checker.checkAll(this.#sim)
  }

  /** Members converge, and clients make progress, each within its bound. */
  #converge(administrator: Administrator | null, troubled: Faults | null): void {
    const healedAt = this.#sim.now
    const withinMs = troubled === null ? CONVERGES_WITHIN_MS : TROUBLED_CONVERGES_WITHIN_MS
    // Subscribers never stop: work that began before the heal must end.
    const begun = this.#subscribers.some ? begunBy(this.#sim) : undefined
    for (
      let missing = this.#missing(healedAt, begun);
      this.#isFine && missing !== null;
      missing = this.#missing(healedAt, begun)
    ) {
      const boundMs =
        withinMs + (missing.property === 'convergence' ? 0 : Math.ceil(backOffMs(healedAt)))
      if (this.#sim.now >= healedAt + boundMs) {
        const text = `${boundMs} ms after everything was healed, ${missing.text}`
        this.#checker.violations.push({
          ...missing,
          at: this.#sim.now,
          event: this.#seen.events,
          members: [],
          text,
        })
        return
      }
      if (administrator !== null && !this.#sim.isBusy('ops'))
        for (const command of administrator.starts(this.#sim)) this.#submit(command)
      this.#advance(this.#sim.now + 100)
      for (const command of troubled?.restarts(this.#sim) ?? []) this.#submit(command)
    }
  }

  #missing(healedAt: number, begun?: Begun): Pick<Violation, 'property' | 'text'> | null {
    const sim = this.#sim
    const { progress, watches } = this.#checker
    const ofMembers = this.#convergence.missing(sim, begun)
    if (ofMembers !== null) return { property: 'convergence', text: ofMembers }
    const ofClients = progress.missing(sim, { calls: healedAt, loops: sim.now - NEWS_MS })
    if (ofClients !== null) return { property: 'clients move on after a heal', text: ofClients }
    const ofWatches = watches.missing(sim, Math.max(healedAt, sim.now - NEWS_MS))
    return ofWatches === null ? null : { property: 'no watch has a gap', text: ofWatches }
  }

  #isKnown(violation: Violation): boolean {
    return isKnown(violation, this.#recording.config.etcd)
  }

  get #isFine(): boolean {
    return this.#checker.violations.every((violation) => this.#isKnown(violation))
  }

  #submit(command: Command): void {
    this.#recording.commands.push({ at: this.#sim.now, ...command })
    if (command.type === 'fault') this.#seen.faults++
    this.#sim.submit(command)
    this.#checker.check(this.#sim)
  }

  #advance(to: number): void {
    while (this.#sim.nextAt() <= to) {
      this.#sim.step()
      this.#checker.check(this.#sim)
      if (this.#sim.steps % CADENCE_STEPS === 0) this.#cadence.check(this.#sim)
      if (this.#checker.violations.length > 0 && !this.#isFine) return
    }
    this.#sim.advance(to)
  }

  #see(event: TraceEvent): void {
    this.#seen.events++
    this.#checker.see(event)
    if (belongsToHistory(event)) this.#history.push(event)
    this.#convergence.see(event)
    this.#cadence.see(event)
    switch (event.type) {
      case 'request-sent':
        this.#seen.calls++
        if (event.client !== ADMINISTRATOR) this.#asked.add(`${event.client} ${event.rpc}`)
        return
      case 'reply-received':
        if (this.#asked.delete(`${event.client} ${event.rpc}`)) this.#seen.answered++
        return
      case 'promoted':
        this.#seen.elections++
        return
      case 'lease-renewed':
        this.#seen.renewed++
        return
      case 'lease-revoked':
        if (event.end === 'expired') this.#seen.expired++
        return
      default:
    }
  }
}

/** The command line that plays a run again. */
export function reproduces({ seed, members, etcd, troubles }: FuzzOptions): string {
  const some = troubles === undefined ? '' : ` --troubles ${troubles ? 'on' : 'off'}`
  const options = `${members === undefined ? '' : ` --members ${members}`}${etcd === undefined ? '' : ` --etcd ${etcd}`}${some}`
  return `npm run --silent leasescope -- fuzz --seed ${seed}${options}`
}
