// The history of clients' beliefs in their leases, from the answers that reached them
// (client/beliefs.ts keeps the current state from within). Each good answer and each change of the
// client's clock sets a new `until`. A belief begins with a good answer. It ends when the client
// learns or concludes that the lease is gone.

import type { LeaseId } from '../../base/rpc'
import { speakerOf } from '../../base/speaker'
import type { ClientId, TraceEvent } from '../../base/trace'
import type { Clock } from '../../clock/rate'
import { shownAt, TRUE_CLOCK, turned, virtualOf } from '../../clock/rate'
import type { Lifetimes } from './lifetimes'
import { lastUntil } from './spacing'
import type { Stretch } from './stays'
import { Acting, covered } from './stays'

export interface Belief extends Stretch {
  client: ClientId
  lease: LeaseId
  /** The client's own end of the lease, on its own clock. */
  untilShown: number
  /** When it set that end, and the virtual time until which it held the lease by it. */
  setAt: number[]
  untils: number[]
}

export class BeliefLives {
  readonly #lifetimes: Lifetimes
  #acting = new Acting()
  /** By client, then lease: its current belief. */
  #open = new Map<ClientId, Map<LeaseId, Belief>>()
  #byLease = new Map<LeaseId, Belief[]>()
  #owners = new Map<LeaseId, string>()
  /** Calls to revoke that wait for their answers. */
  #revoking = new Map<string, LeaseId>()
  /** By client and lease: the calls that asked to renew it since the client began to keep it. */
  #asked = new Map<string, number[]>()
  /** The same calls of leases that the library gave up: it drops their late answers. */
  #dropped = new Map<string, number[]>()
  /** For clients whose clock has not always been true. */
  #clocks = new Map<ClientId, Clock>()

  constructor(lifetimes: Lifetimes) {
    this.#lifetimes = lifetimes
  }

  /**
   * The client that a lease was granted to, by its own name; null if no client received the grant.
   */
  ownerOf(lease: LeaseId): string | null {
    return this.#owners.get(lease) ?? null
  }

  /** The last lease that a client began to believe in and has not given up; null for none. */
  latestOf(client: ClientId): LeaseId | null {
    return [...(this.#open.get(client)?.keys() ?? [])].at(-1) ?? null
  }

  /**
   * Every belief that clients had in a lease, in the order of their beginnings; empty for an
   * unknown lease.
   */
  beliefsIn(lease: LeaseId): readonly Belief[] {
    return this.#byLease.get(lease) ?? []
  }

  /** The current beliefs: the client, the lease, and the end by its own count and clock. */
  held(): { client: ClientId; lease: LeaseId; until: number }[] {
    const open = [...this.#open.values()].flatMap((beliefs) => [...beliefs.values()])
    return open.map(({ client, lease, untilShown }) => ({ client, lease, until: untilShown }))
  }

  /** The spans of a belief within a time: from, to and until, three numbers each. */
  teethOf(belief: Belief, from: number, to: number): number[] {
    const { setAt, untils, to: end } = belief
    const teeth: number[] = []
    for (let i = Math.max(0, lastUntil(setAt, from)); i < setAt.length && setAt[i]! <= to; i++) {
      const until = Math.min(setAt[i + 1] ?? end, end)
      if (until > setAt[i]!) teeth.push(setAt[i]!, until, untils[i]!)
    }
    return teeth
  }

  /**
   * The times when the client acts as the holder of a lease that is gone. It holds the lease by its
   * own count, is inside a section, or is frozen.
   */
  wrongOf(belief: Belief): Stretch[] {
    const { client, lease, setAt, untils, from, to } = belief
    const believes = setAt.map(
      (at, i): Stretch => ({ from: at, to: Math.min(untils[i]!, setAt[i + 1] ?? to, to) }),
    )
    const acts = [...believes, ...this.#acting.of(client)]
    return this.#gaps(lease, from, to).flatMap((gap) => covered(gap, acts))
  }

  note(event: TraceEvent): boolean {
    this.#acting.note(event)
    switch (event.type) {
      case 'request-sent':
        if (event.request.type === 'LeaseRevoke')
          this.#revoking.set(`${event.client} ${event.rpc}`, event.request.ID)
        if (event.request.type === 'LeaseKeepAlive') {
          const key = `${event.client} ${event.request.ID}`
          const calls = this.#asked.get(key) ?? []
          if (!calls.includes(event.rpc)) this.#asked.set(key, [...calls, event.rpc])
        }
        return false
      case 'heartbeat-started':
        this.#dropped.delete(`${event.client} ${event.lease}`)
        return false
      case 'reply-received': {
        const { reply, client } = event
        if (reply.type === 'LeaseGrant') return this.#hold(client, reply.ID, reply.TTL, event)
        if (reply.type === 'LeaseKeepAlive') {
          if (reply.TTL <= 0) return this.#lose(client, reply.ID, event)
          const dropped = this.#dropped.get(`${client} ${reply.ID}`)
          if (dropped?.includes(event.rpc) === true) return false
          return this.#hold(client, reply.ID, reply.TTL, event)
        }
        const call = `${client} ${event.rpc}`
        const lease = this.#revoking.get(call)
        if (lease === undefined) return false
        this.#revoking.delete(call)
        return reply.type === 'LeaseRevoke' && this.#lose(client, lease, event)
      }
      case 'lease-believed-lost': {
        const key = `${event.client} ${event.lease}`
        const calls = this.#asked.get(key)
        this.#asked.delete(key)
        if (calls !== undefined) this.#dropped.set(key, calls)
        return this.#lose(event.client, event.lease, event)
      }
      case 'client-paused':
      case 'client-resumed':
        return this.#markLeases(event)
      case 'client-crashed':
        return this.#forget(event.client, event)
      case 'clock-changed':
        return this.#setClock(event.client, event.percent, event.at)
      case 'clock-set':
        return this.#shift(event.client, event.ms, event.at)
      case 'console-exit':
        return this.#exit(`${event.terminal}#${event.job}`, event)
      default:
        return false
    }
  }

  /** The parts of a time without the lease. */
  #gaps(lease: LeaseId, from: number, to: number): Stretch[] {
    const lifetimes = this.#lifetimes.lifetimesOf(lease)
    return lifetimes.flatMap((life, i): Stretch[] => {
      const gap = { from: Math.max(from, life.to), to: Math.min(to, lifetimes[i + 1]?.from ?? to) }
      return gap.from < gap.to ? [gap] : []
    })
  }

  #hold(client: ClientId, lease: LeaseId, ttlSeconds: number, event: TraceEvent): boolean {
    const beliefs = this.#open.get(client) ?? new Map<LeaseId, Belief>()
    this.#open.set(client, beliefs)
    if (!this.#owners.has(lease)) this.#owners.set(lease, speakerOf(client))
    const clock = this.#clocks.get(client) ?? TRUE_CLOCK
    const untilShown = shownAt(clock, event.at) + ttlSeconds * 1000
    let belief = beliefs.get(lease)
    if (belief === undefined) {
      belief = {
        client,
        lease,
        from: event.at,
        to: Number.POSITIVE_INFINITY,
        untilShown,
        setAt: [],
        untils: [],
      }
      beliefs.set(lease, belief)
      const all = this.#byLease.get(lease)
      if (all === undefined) this.#byLease.set(lease, [belief])
      else all.push(belief)
    }
    belief.untilShown = untilShown
    reckon(belief, event.at, virtualOf(clock, untilShown))
    return true
  }

  #lose(client: ClientId, lease: LeaseId, event: TraceEvent): boolean {
    const belief = this.#open.get(client)?.get(lease)
    if (belief === undefined) return false
    this.#open.get(client)!.delete(lease)
    belief.to = event.at
    return true
  }

  /** A crash loses the memory of the process. */
  #forget(client: ClientId, event: TraceEvent): boolean {
    const beliefs = this.#open.get(client)
    if (beliefs === undefined) return false
    for (const belief of beliefs.values()) belief.to = event.at
    this.#open.delete(client)
    return true
  }

  #markLeases(event: Extract<TraceEvent, { type: 'client-paused' | 'client-resumed' }>): boolean {
    const leases = [...(this.#open.get(event.client)?.keys() ?? [])]
    const [kind, verb] =
      event.type === 'client-paused'
        ? (['frozen', 'freezes'] as const)
        : (['woke', 'continues'] as const)
    for (const lease of leases) this.#lifetimes.mark(lease, kind, event, `${event.client} ${verb}`)
    return leases.length > 0
  }

  #setClock(client: ClientId, percent: number, at: number): boolean {
    const clock = turned(this.#clocks.get(client) ?? TRUE_CLOCK, percent, at)
    this.#clocks.set(client, clock)
    for (const belief of this.#open.get(client)?.values() ?? [])
      reckon(belief, at, virtualOf(clock, belief.untilShown))
    return true
  }

  /** The client read its `until` from the clock that was set (client/beliefs.ts). */
  #shift(client: ClientId, ms: number, at: number): boolean {
    const clock = this.#clocks.get(client) ?? TRUE_CLOCK
    for (const belief of this.#open.get(client)?.values() ?? []) {
      belief.untilShown -= ms
      reckon(belief, at, virtualOf(clock, belief.untilShown))
    }
    return true
  }

  /**
   * An ended process believes nothing. A process that only waited for its answer has no belief to
   * show.
   */
  #exit(process: string, event: TraceEvent): boolean {
    let some = false
    for (const [client, beliefs] of this.#open) {
      if (client !== process && !client.endsWith(`@${process}`)) continue
      for (const belief of beliefs.values()) {
        some = true
        belief.to = event.at
        if (belief.from < event.at) continue
        const all = this.#byLease.get(belief.lease)!
        all.splice(all.indexOf(belief), 1)
      }
      this.#open.delete(client)
    }
    return some
  }
}

function reckon(belief: Belief, at: number, until: number): void {
  // Of several changes in one instant the last one counts.
  if (belief.setAt.at(-1) === at) {
    belief.untils[belief.untils.length - 1] = until
    return
  }
  belief.setAt.push(at)
  belief.untils.push(until)
}
