// After a heal every client makes progress: each call has its answer, a client takes each free
// lock, each keep-alive loop is answered. The bound covers an election, the timeouts of etcd, and
// gRPC's back-off, which grows with the outage.

import type { LeaseId, Request } from '../base/rpc'
import type { ClientId, MemberName, TraceEvent } from '../base/trace'
import type { Client } from '../client/client'
import type { Simulation } from '../sim/simulation'
import { ENDLESS, isHealed, TROUBLED_CONVERGES_WITHIN_MS } from './convergence'
import type { Report } from './violation'
import { seconds } from './violation'

/**
 * gRPC waits 1 s after the first failed connection, then 1.6 times as long, at random a fifth more
 * or less, at most 120 s (grpc-go: backoff.DefaultConfig).
 */
const FIRST_BACK_OFF_MS = 1000
const LONGEST_BACK_OFF_MS = 120_000 * 1.2
/** The maximum of messages that a client sends one after the other before it has made progress. */
const MESSAGES = 40

/** Faults and their ends. */
const TROUBLE: ReadonlySet<TraceEvent['type']> = new Set([
  'member-crashed',
  'member-restarted',
  'member-paused',
  'member-resumed',
  'member-stopping',
  'member-stopped',
  'member-joined',
  'member-left',
  'partitioned',
  'cut-one-way',
  'healed',
  'link-changed',
  'message-handled',
  'disk-changed',
  'member-clock-changed',
  'client-paused',
  'client-resumed',
  'clock-changed',
] as const)

/**
 * The longest back-off, in ms, that may remain when an outage of `outageMs` ends. The waits grow by
 * 1.6. So the last wait is shorter than 0.6 of all earlier waits together plus the first wait.
 */
export function backOffMs(outageMs: number): number {
  return Math.min(LONGEST_BACK_OFF_MS, 1.2 * (FIRST_BACK_OFF_MS + 0.6 * outageMs))
}

export class Progress {
  readonly #report: Report
  /** By client and call: the request. */
  readonly #asked = new Map<string, Request>()
  /** By client and call: the members to which it waits to be connected. */
  readonly #targets = new Map<string, readonly MemberName[]>()
  /** By client and call: the time when a check first found it open (virtual ms). */
  #open = new Map<string, number>()
  /** By client and lease: the last answer of its keep-alive loop, or the start of the loop. */
  readonly #kept = new Map<string, number>()
  /** The reports so far. */
  readonly #told = new Set<string>()
  #troubleFrom = 0
  #lastTrouble = 0
  /** Null while a fault is active, as of the last check. */
  #healedAt: number | null = null
  #givenUp: { client: ClientId; lease: LeaseId; at: number }[] = []

  constructor(report: Report) {
    this.#report = report
  }

  /**
   * The time since which no fault is active (virtual ms), as of the last check; null during a
   * fault.
   */
  get healedAt(): number | null {
    return this.#healedAt
  }

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    if (TROUBLE.has(event.type)) this.#troubled(event.at)
    switch (event.type) {
      case 'call-waits':
        this.#targets.set(`${event.client} ${event.rpc}`, event.members)
        return
      case 'request-sent':
        this.#targets.delete(`${event.client} ${event.rpc}`)
        this.#asked.set(`${event.client} ${event.rpc}`, event.request)
        return
      case 'reply-received':
        if (event.reply.type === 'LeaseKeepAlive')
          this.#kept.set(`${event.client} ${event.reply.ID}`, event.at)
        // After an error the client may repeat the call.
        else if (event.reply.type !== 'Watch' && event.reply.type !== 'error')
          this.#asked.delete(`${event.client} ${event.rpc}`)
        return
      case 'heartbeat-started':
        this.#kept.set(`${event.client} ${event.lease}`, event.at)
        return
      case 'lease-believed-lost':
        if (event.why === 'no-answer') this.#givenUp.push(event)
        return
      default:
    }
  }

  /**
   * The longest wait of a client after the heal (virtual ms). Null if links lose messages by
   * configuration: then there is no bound.
   */
  boundMs(sim: Simulation, withinMs = TROUBLED_CONVERGES_WITHIN_MS): number | null {
    const {
      latencyMs,
      peerLatencyMs = latencyMs,
      jitterMs = 0,
      diskMs = 0,
      lossPercent = 0,
      electionMs,
    } = sim.config
    if (lossPercent > 0) return null
    const slow = MESSAGES * (latencyMs + peerLatencyMs + jitterMs + diskMs) + 10 * electionMs
    return withinMs + slow + backOffMs((this.#healedAt ?? sim.now) - this.#troubleFrom)
  }

  /**
   * Must be called now and then: records open calls, and reports calls that are open for too long
   * after a heal.
   */
  check(sim: Simulation): void {
    if (this.#healedAt === null && isHealed(sim)) this.#healedAt = this.#lastTrouble
    this.#note(sim)
    const givenUp = this.#givenUp
    this.#givenUp = []
    const bound = this.boundMs(sim)
    const healedAt = this.#healedAt
    if (healedAt === null || bound === null || sim.now - healedAt < bound) return
    for (const { client, lease, at } of givenUp)
      if (at - healedAt >= bound)
        this.#reportOnce(
          `${client} gives up lease ${lease}, and no fault was active for ${seconds(at - healedAt)}`,
        )
    const stalled = this.#stalled(sim, { calls: sim.now - bound, loops: sim.now - bound })
    if (stalled !== null)
      this.#reportOnce(`${stalled}, ${seconds(sim.now - healedAt)} after the heal`)
  }

  /**
   * A sentence on the calls that are open from before `calls` and the loops without an answer since
   * `loops` (virtual ms); null for none.
   */
  missing(sim: Simulation, since: { calls: number; loops: number }): string | null {
    this.#note(sim)
    return this.#stalled(sim, since)
  }

  #troubled(at: number): void {
    const outage = this.#healedAt === null ? 0 : this.#healedAt - this.#troubleFrom
    // A fault soon after a heal continues the outage: the back-offs have not ended.
    if (this.#healedAt !== null && at - this.#healedAt > backOffMs(outage)) this.#troubleFrom = at
    this.#lastTrouble = at
    this.#healedAt = null
  }

  #note(sim: Simulation): void {
    const open: [string, number][] = []
    for (const client of sim.clients) {
      if (sim.stateOf(client.id) !== 'up') continue
      for (const rpc of client.openCalls) {
        const call = `${client.id} ${rpc}`
        open.push([call, this.#open.get(call) ?? sim.now])
      }
    }
    this.#open = new Map(open)
  }

  #stalled(sim: Simulation, since: { calls: number; loops: number }): string | null {
    for (const [call, from] of this.#open) {
      if (from > since.calls) continue
      const [client = ''] = call.split(' ')
      // No process listens at the address of a removed member.
      const targets = this.#targets.get(call)
      if (targets?.every((name) => !sim.known.some((known) => known.name === name))) continue
      const what = this.#waitsInVain(sim, this.#asked.get(call))
      if (what !== null) return `${client} waits for ${what}`
    }
    for (const client of sim.clients) {
      const silent = sim.stateOf(client.id) === 'up' ? this.#silent(sim, client, since.loops) : null
      if (silent !== null) return silent
    }
    return null
  }

  /**
   * The overdue answer or lock that a client waits for, in words; null if the client may wait.
   * Another check covers watches.
   */
  #waitsInVain(sim: Simulation, request: Request | undefined): string | null {
    if (request === undefined) return 'a connection'
    if (request.type === 'WatchCreate') return null
    if (request.type === 'Lock' || request.type === 'Campaign')
      return isFree(sim, request) ? `${request.name}, which is free` : null
    return ENDLESS.has(request.type) ? null : `the answer to its ${request.type}`
  }

  #silent(sim: Simulation, client: Client, since: number): string | null {
    for (const { lease, ttlSeconds, lost } of client.beliefs) {
      if (lost !== null || !client.isKept(lease)) continue
      const sleepsUntil = client.sleepsUntil(lease)
      if (sleepsUntil !== null && sim.virtualOf(client.id, sleepsUntil) > since) continue
      const last = this.#kept.get(`${client.id} ${lease}`)
      const turnMs = (ttlSeconds * 1000 * 100) / (3 * sim.percentOf(client.id))
      if (last !== undefined && last + turnMs < since)
        return `the keep-alive loop of ${client.id} has had no answer since ${seconds(last)}`
    }
    return null
  }

  #reportOnce(text: string): void {
    const what = text.split(',')[0]!
    if (this.#told.has(what)) return
    this.#told.add(what)
    this.#report('clients move on after a heal', [], text)
  }
}

/** Whether the caller's key is the oldest under the name, or the name has no key. */
function isFree(
  sim: Simulation,
  { name, lease }: Extract<Request, { type: 'Lock' | 'Campaign' }>,
): boolean {
  const leader = sim.members.find(({ consensus }) => consensus.isLeader)
  if (leader === undefined) return false
  const found = leader.store.range(`${name}/`, `${name}0`)
  const kvs = 'kvs' in found ? [...found.kvs] : []
  const [first] = kvs.sort((a, b) => a.create_revision - b.create_revision)
  return first === undefined || first.lease === lease
}
