// Convergence: after all faults are healed, one member leads, all others follow it, all members
// have applied every entry, and every call has its answer.

import type { Request } from '../base/rpc'
import type { EventId, MemberName, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'

/** Virtual milliseconds after the last fault within which a cluster converges. */
export const CONVERGES_WITHIN_MS = 20_000
/**
 * The same after message loss: a connection resends after 200 ms, 400 ms … 6.4 s, and the later
 * messages wait.
 */
export const TROUBLED_CONVERGES_WITHIN_MS = 60_000

/** Calls without a deadline: they may wait for ever. */
export const ENDLESS: ReadonlySet<Request['type']> = new Set([
  'MemberAdd',
  'MemberRemove',
  'MemberPromote',
  'MemberUpdate',
  'Lock',
  'Campaign',
  'Observe',
])

/**
 * The work that must be complete: calls sent at or before `at` (virtual ms), and entries up to
 * `index`.
 */
export interface Begun {
  at: number
  index: number
}

const EVERYTHING: Begun = { at: Number.POSITIVE_INFINITY, index: Number.POSITIVE_INFINITY }

/** The work that has begun by now. Busy clients continue to begin more. */
export function begunBy(sim: Simulation): Begun {
  return {
    at: sim.now,
    index: Math.max(...sim.members.map(({ consensus }) => consensus.status().lastIndex)),
  }
}

export class Convergence {
  /** Calls without an answer: the member and the time of the call (virtual ms). */
  readonly #open = new Map<string, { member: MemberName; at: number; renewal: boolean }>()
  /** The call of each message, by the event that sent it. */
  readonly #sent = new Map<EventId, string>()

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    switch (event.type) {
      case 'request-sent': {
        const call = `${event.client} ${event.rpc}`
        if (!ENDLESS.has(event.request.type))
          this.#open.set(call, {
            member: event.member,
            at: event.at,
            renewal: event.request.type === 'LeaseKeepAlive',
          })
        this.#sent.set(event.id, call)
        return
      }
      case 'reply-sent':
        this.#sent.set(event.id, `${event.client} ${event.rpc}`)
        return
      case 'reply-received':
        this.#open.delete(`${event.client} ${event.rpc}`)
        return
      case 'message-lost': {
        // A lost request gets no answer. A lost message may also be the answer, or the end of a
        // connection.
        const call = this.#sent.get(event.causes[0] ?? 0)
        if (call !== undefined) this.#open.delete(call)
        else
          for (const [open, { member }] of this.#open)
            if (member === event.from && open.startsWith(`${event.to} `)) this.#open.delete(open)
        return
      }
      default:
    }
  }

  /** The condition that is missing for convergence; null for none. */
  missing(sim: Simulation, begun = EVERYTHING): string | null {
    const known = sim.known
    const members = sim.members.filter(({ options }) => known.some(({ ID }) => ID === options.ID))
    if (members.length < known.length) return 'an added member has not started'
    const leaders = members.filter(({ consensus }) => consensus.isLeader)
    const [leader] = leaders
    if (leader === undefined) return 'there is no leader'
    if (leaders.length > 1)
      return `${leaders.map(({ options }) => options.name).join(' and ')} lead`
    const { lastIndex } = leader.consensus.status()
    for (const { options, consensus, lessor } of members) {
      if (consensus.lead !== leader.options.ID)
        return `${options.name} does not follow ${leader.options.name}`
      const { applied } = consensus.status()
      const wanted = Math.min(lastIndex, begun.index)
      if (applied < wanted) return `${options.name} has applied ${applied} of ${wanted} entries`
      if (lessor.isPrimary !== (consensus === leader.consensus))
        return `the lessor of ${options.name} does not know whether it is primary`
    }
    for (const [call, { at, renewal }] of this.#open)
      if (at <= begun.at && !(renewal && hasEnded(sim, call))) return `call ${call} has no answer`
    return null
  }
}

/** A keep-alive stream that its client has ended by itself, as node's library does in silence. */
function hasEnded(sim: Simulation, call: string): boolean {
  const [id = '', rpc] = call.split(' ')
  const client = sim.clients.find((other) => other.id === id)
  return (
    client !== undefined && !client.isOpen(Number(rpc)) && !client.isKeepAliveStream(Number(rpc))
  )
}

/**
 * Whether no fault is active: every member is up with a true clock, and every link is as
 * configured.
 */
export function isHealed(sim: Simulation): boolean {
  const known = sim.known
  const servers = sim.servers.filter(({ member }) =>
    known.some(({ ID }) => ID === member.options.ID),
  )
  return (
    sim.added.length === 0 &&
    sim.partition === null &&
    sim.cuts.length === 0 &&
    sim.dials.length === 0 &&
    servers.every(({ member, state }) => state === 'up' && member.clockPercent === 100) &&
    sim.clients.every(({ id }) => sim.stateOf(id) !== 'paused')
  )
}
