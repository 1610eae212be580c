// Plays a recording of a real client on the engine, and compares the answers and their times.
// recordings/README.md describes the form of a recording.

import type { EtcdVersion } from '../../base/etcd-versions'
import type { TraceEvent } from '../../base/trace'
import type { Instructions } from '../../client/process/instructions'
import type { Command, Config, Fault } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import { Simulation } from '../../sim/simulation'
import { compare } from './compare'
import { canBePlayed, isOfSession, sessionProgram, sourceOf } from './programs'
import type { ConnectionRecording, Outcome, Step, Timed, UsedBy } from './recording'

/**
 * Virtual ms before the start of the recording: clients connect, leases of sessions are granted.
 */
const LEAD_MS = 3000
/** Answers within this time count as one. */
const BURST_MS = 30

/** Plays the recording, and returns the engine's differences in words. */
export function differences(recording: ConnectionRecording, etcd: EtcdVersion): string[] {
  const ours = new Play(recording, etcd).play()
  return recording.steps.flatMap((step, i) => {
    const own = ours[i] ?? null
    if (own === null) return []
    const name = `${step.client} ${step.line ?? step.call} at ${step.at}`
    return compare(step, own, recording.until).map((text) => `${name}: ${text}`)
  })
}

class Play {
  readonly #recording: ConnectionRecording
  readonly #trace: TraceEvent[] = []
  readonly #sim: Simulation
  readonly #usesFollower: boolean
  readonly #lines = new Map<string, number>()
  readonly #jobs = new Map<Step, number>()

  constructor(recording: ConnectionRecording, etcd: EtcdVersion) {
    this.#recording = recording
    const { members, clients, steps } = recording
    const knowAll = Object.values(clients).some(
      ({ kind, endpoints }) => kind === 'clientv3' && endpoints.length > 1,
    )
    const config: Config = {
      ...DEFAULT_CONFIG,
      members,
      etcd,
      ...(knowAll ? { clientEndpoints: 'all' } : {}),
    }
    this.#usesFollower =
      knowAll && steps.some(({ kill, freeze }) => typeof (kill ?? freeze) === 'object')
    this.#sim = new Simulation(config, 1, (event) => this.#trace.push(event))
  }

  play(): (Outcome | null)[] {
    const plan = this.#recording.steps.flatMap((step) =>
      this.#commands(step).map(({ at, make }) => ({ at, make })),
    )
    for (const { at, make } of [...this.#before(), ...plan].sort((a, b) => a.at - b.at)) {
      this.#sim.advance(at + LEAD_MS)
      for (const command of make()) this.#sim.submit(command)
    }
    this.#sim.advance(this.#recording.until + LEAD_MS)
    return this.#recording.steps.map((step) => this.#outcome(step))
  }

  /**
   * In the engine clients use m1 as long as it is up. If a recording uses a follower, another
   * member leads.
   */
  #name(member: string): string {
    if (!this.#usesFollower) return member
    return member === 'm1' ? 'm3' : member === 'm3' ? 'm1' : member
  }

  #before(): { at: number; make: () => Command[] }[] {
    const { clients, steps } = this.#recording
    const plan: { at: number; make: () => Command[] }[] = []
    if (this.#usesFollower) {
      const move = (): Command[] => {
        const { ID } = this.#sim.known.find(({ name }) => name === 'm3')!
        return [
          {
            type: 'request',
            client: 'ops',
            member: 'm1',
            request: { type: 'MoveLeader', targetID: ID },
          },
        ]
      }
      plan.push({ at: -2900, make: move })
    }
    for (const [client, { kind, keepAliveTime = 0, keepAliveTimeout = 0 }] of Object.entries(
      clients,
    )) {
      if (kind === 'etcdctl') continue
      const dial: Command = {
        type: 'dial',
        client,
        keepAliveTimeMs: keepAliveTime,
        keepAliveTimeoutMs: keepAliveTimeout,
      }
      if (keepAliveTime > 0) plan.push({ at: -2000, make: () => [dial] })
      const locks = steps.filter((step) => step.client === client && isOfSession(step))
      const source = locks.length > 0 ? sessionProgram(locks) : 'seen = get /warm'
      // Pings count from the last answer.
      plan.push({
        at: keepAliveTime > 0 ? -200 : -2000,
        make: () => [{ type: 'script', client, source }],
      })
    }
    return plan
  }

  #commands(step: Step): { at: number; make: () => Command[] }[] {
    const { at, client = '', line, call } = step
    if (line !== undefined) {
      const job = (this.#lines.get(client) ?? 0) + 1
      this.#lines.set(client, job)
      this.#jobs.set(step, job)
      const urls = this.#recording.clients[client]!.endpoints.map((member) =>
        urlOf(this.#name(member)),
      )
      const text = line.replace('etcdctl', `etcdctl --endpoints=${urls.join(',')}`)
      return [
        {
          at,
          make: () => [
            { type: 'console', terminal: client, text: this.#withLeases(text), mode: 'strict' },
          ],
        },
      ]
    }
    if (call === undefined)
      return [
        { at, make: () => this.#faults(step).map((fault): Command => ({ type: 'fault', fault })) },
      ]
    if (isOfSession(step) || call === 'keepalive' || !canBePlayed(step)) return []
    const program = this.#programOf(step)
    return [
      {
        at,
        make: () => [
          program === null
            ? { type: 'script', client, source: sourceOf(step) }
            : { type: 'program', client, program },
        ],
      },
    ]
  }

  /** The leases in the order of their grants: {L1}, {L2} … */
  #withLeases(text: string): string {
    const leases = this.#trace.flatMap((event) =>
      event.type === 'lease-granted' ? [event.lease] : [],
    )
    return text.replace(/\{L(\d+)\}/g, (name, n: string) => leases[Number(n) - 1] ?? name)
  }

  #programOf(step: Step): Instructions | null {
    const { client, call, at, ttl = 0, key = '' } = step
    const kept = this.#recording.steps.find(
      (other) => other.client === client && other.call === 'keepalive',
    )
    if (call === 'grant' && kept !== undefined)
      return [
        { op: 'grant', ttlSeconds: ttl, as: 'L' },
        { op: 'sleep', ms: Math.max(1, kept.at - at - 2) },
        { op: 'keep-alive', lease: '$L' },
      ]
    if (call === 'watch') return [{ op: 'watch', request: { type: 'WatchCreate', key } }]
    return null
  }

  #faults({ cut, heal, kill, start, freeze, resume, reset }: Step): Fault[] {
    const named = (names: string[]): string[] => names.map((name) => this.#name(name))
    if (Array.isArray(cut)) return [{ type: 'partition', groups: cut.map(named) }]
    if (cut !== undefined) return [{ type: 'cut', from: named(cut.from), to: named(cut.to) }]
    if (heal) return [{ type: 'heal' }]
    if (kill !== undefined) return [{ type: 'crash', member: this.#member(kill) }]
    if (start !== undefined) return [{ type: 'restart', member: this.#name(start) }]
    if (freeze !== undefined) return [{ type: 'pause', member: this.#member(freeze) }]
    if (resume !== undefined) return [{ type: 'resume', member: this.#name(resume) }]
    return [{ type: 'reset', client: reset! }]
  }

  /** The member by name, or the member that serves a client's stream. */
  #member(which: string | UsedBy): string {
    if (typeof which === 'string') return this.#name(which)
    const last = this.#trace.findLast(
      (event) =>
        event.type === 'request-sent' &&
        this.#owner(event.client) === which.usedBy &&
        (event.request.type === 'WatchCreate' || event.request.type === 'LeaseKeepAlive'),
    )
    if (last?.type !== 'request-sent') throw new Error(`${which.usedBy} has no stream`)
    return last.member
  }

  #owner(client: string): string {
    return client.split('#')[0]!
  }

  // Outcomes -------------------------------------------------------------------------------------

  /** Null for a step that cannot be played, or that sends no request. */
  #outcome(step: Step): Outcome | null {
    if (step.line !== undefined) return this.#printed(step)
    if (step.call === undefined || !canBePlayed(step)) return null
    switch (step.call) {
      case 'watch':
        return { events: this.#watched(step) }
      case 'keepalive':
        return this.#kept(step)
      default:
        return this.#answered(step)
    }
  }

  #printed(step: Step): Outcome {
    const job = this.#jobs.get(step)
    const printed = (stream: string): (Timed & { text: string })[] =>
      this.#trace.flatMap((event) => {
        if (
          event.type !== 'console-output' ||
          event.terminal !== step.client ||
          event.job !== job ||
          event.stream !== stream
        )
          return []
        const lines = event.text.replace(/\n$/, '').split('\n')
        return lines.map((text) => ({ at: event.at - LEAD_MS, text: withoutIds(text) }))
      })
    const exit = this.#trace.find(
      (event) =>
        event.type === 'console-exit' && event.terminal === step.client && event.job === job,
    )
    const [stdout, stderr] = [printed('stdout'), printed('stderr')]
    return {
      ...(exit?.type === 'console-exit' ? { came: exit.at - LEAD_MS, exit: exit.exit } : {}),
      stdout: step.line!.includes('keep-alive') ? inBursts(stdout) : stdout,
      stderr,
    }
  }

  #of(step: Step, take: (event: TraceEvent) => boolean): TraceEvent | undefined {
    return this.#trace.find((event) => event.at >= step.at + LEAD_MS && take(event))
  }

  #answered(step: Step): Outcome {
    const { client } = step
    const [done, failed] = [`/done-${step.at}`, `/failed-${step.at}`]
    const end = this.#of(step, (event) => {
      if (event.type === 'section-entered')
        return event.client === client && [done, failed].includes(event.section)
      // Programs of instructions have no sections.
      const isProgram = this.#programOf(step) !== null
      return (
        isProgram &&
        (event.type === 'program-ended' || event.type === 'heartbeat-started') &&
        event.client === client
      )
    })
    if (end === undefined) return {}
    const isFailure =
      (end.type === 'section-entered' && end.section === failed) ||
      (end.type === 'program-ended' && end.failed)
    if (step.call === 'grant' && end.type === 'heartbeat-started') {
      const granted = this.#of(
        step,
        (event) => event.type === 'reply-received' && event.client === client,
      )
      return { came: granted!.at - LEAD_MS }
    }
    const came = end.at - LEAD_MS
    if (!isFailure) return { came }
    const last = this.#trace.findLast(
      (event) =>
        event.type === 'reply-received' &&
        event.client === client &&
        event.at <= end.at &&
        event.at >= end.at - 2,
    )
    const reply = last?.type === 'reply-received' && last.reply.type === 'error' ? last.reply : null
    return {
      came,
      error:
        reply === null
          ? { text: 'context deadline exceeded' }
          : { code: reply.code, text: reply.message },
    }
  }

  #watched(step: Step): NonNullable<Step['events']> {
    return this.#trace.flatMap((event) => {
      if (
        event.type !== 'reply-received' ||
        event.client !== step.client ||
        event.reply.type !== 'Watch'
      )
        return []
      return event.reply.events.map(({ type, kv }) => ({
        at: event.at - LEAD_MS,
        type,
        key: kv.key,
        value: kv.value,
      }))
    })
  }

  #kept(step: Step): Outcome {
    const lost = this.#of(
      step,
      (event) => event.type === 'lease-believed-lost' && event.client === step.client,
    )
    const answers = this.#trace.flatMap((event) => {
      if (
        event.type !== 'reply-received' ||
        event.client !== step.client ||
        event.reply.type !== 'LeaseKeepAlive'
      )
        return []
      const isLate = lost !== undefined && event.at > lost.at
      return event.reply.TTL > 0 && !isLate ? [{ at: event.at - LEAD_MS, text: '' }] : []
    })
    return {
      ...(lost === undefined ? {} : { closed: lost.at - LEAD_MS }),
      answers: inBursts(answers),
    }
  }
}

function urlOf(member: string): string {
  const n = Number(member.slice(1))
  return `http://127.0.0.1:${n === 1 ? 2379 : n * 10_000 + 2379}`
}

/** Lease IDs differ between runs, and the remaining time of a lease may differ by a second. */
function withoutIds(text: string): string {
  return text.replace(/\b[0-9a-f]{15,16}\b/g, '{ID}').replace(/remaining\(\d+s\)/g, 'remaining(Ns)')
}

function inBursts<T extends Timed & { text: string }>(answers: T[]): T[] {
  return answers.filter(
    (answer, i) =>
      i === 0 || answer.text !== answers[i - 1]!.text || answer.at - answers[i - 1]!.at > BURST_MS,
  )
}
