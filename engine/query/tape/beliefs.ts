// What clients believe of their leases, from the answers that reached them (client/beliefs.ts keeps the same from within). A belief begins with a good answer,
// lasts until the client's own reckoning runs out, and is over when the client is told or concludes that the lease is gone. Where it outlives the lease itself,
// the client is wrong; that is what a lease cannot prevent.

import type { LeaseId } from '../../base/rpc'
import type { ClientId, EventId, TraceEvent } from '../../base/trace'
import type { Clock } from '../../clock/rate'
import { shownAt, TRUE_CLOCK, turned, virtualOf } from '../../clock/rate'
import type { LeaseNames } from '../../text/names'
import { speakerOf } from '../speaker'
import type { Lives } from './lives'
import type { Lane, Span, Track } from './track'
import { Tracks } from './track'

interface Belief extends Track {
  client: ClientId
  lease: LeaseId
  /** The client's own reckoning, on its own clock, and the virtual time at which that clock shows it. */
  untilShown: number
  until: number
  /** Its first good answer. */
  began: EventId
}

export class BeliefLives implements Lane {
  readonly #all = new Tracks()
  readonly living = null
  readonly #lives: Lives
  readonly #names: LeaseNames
  /** By client, then lease: what it believes now. */
  #open = new Map<ClientId, Map<LeaseId, Belief>>()
  #owners = new Map<LeaseId, string>()
  /** Calls to revoke that wait for their answers. */
  #revoking = new Map<string, LeaseId>()
  /** Of the clients whose clock has not always been true. */
  #clocks = new Map<ClientId, Clock>()

  constructor(lives: Lives, names: LeaseNames) {
    this.#lives = lives
    this.#names = names
  }

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  /** The client that a lease was granted to, by its own name; null for one that nobody was told of. */
  ownerOf(lease: LeaseId): string | null {
    return this.#owners.get(lease) ?? null
  }

  /** The beliefs that are held now: who, in which lease, by its own reckoning and on its own clock until when. */
  held(): { client: ClientId; lease: LeaseId; until: number }[] {
    const open = [...this.#open.values()].flatMap((beliefs) => [...beliefs.values()])
    return open.map(({ client, lease, untilShown }) => ({ client, lease, until: untilShown }))
  }

  note(event: TraceEvent): boolean {
    switch (event.type) {
      case 'request-sent':
        if (event.request.type === 'LeaseRevoke') this.#revoking.set(`${event.client} ${event.rpc}`, event.request.ID)
        return false
      case 'reply-received': {
        const { reply, client } = event
        if (reply.type === 'LeaseGrant') return this.#hold(client, reply.ID, reply.TTL, event)
        if (reply.type === 'LeaseKeepAlive') {
          return reply.TTL > 0 ? this.#hold(client, reply.ID, reply.TTL, event) : this.#lose(client, reply.ID, event)
        }
        const call = `${client} ${event.rpc}`
        const lease = this.#revoking.get(call)
        if (lease === undefined) return false
        this.#revoking.delete(call)
        return reply.type === 'LeaseRevoke' && this.#lose(client, lease, event)
      }
      case 'lease-believed-lost':
        return this.#lose(event.client, event.lease, event)
      case 'client-crashed':
        return this.#forget(event.client, event)
      case 'clock-changed':
        return this.#setClock(event.client, event.percent, event.at)
      case 'clock-set':
        return this.#shift(event.client, event.ms)
      case 'console-exit':
        return this.#exit(`${event.terminal}#${event.job}`, event)
      default:
        return false
    }
  }

  /** Right, then unsure once its own reckoning has run out; wrong wherever the lease is not there. */
  spansOf(track: Track, from: number, to: number): Span[] {
    const { until, lease, from: since, to: end, began: event } = track as Belief
    const over = end === Number.POSITIVE_INFINITY ? until : end
    const gaps = this.#gaps(lease, since, over)
    const spans: Span[] = []
    const add = (kind: Span['kind'], a: number, b: number, by: EventId): void => {
      if (b > a && a <= to && b >= from) spans.push({ kind, from: a, to: b, event: by, text: '' })
    }
    let at = since
    for (const gap of [...gaps, { from: over, to: over, event }]) {
      add('believes', at, Math.min(until, gap.from), event)
      add('unsure', Math.max(at, until), gap.from, event)
      add('wrong', gap.from, gap.to, gap.event)
      at = gap.to
    }
    return spans
  }

  /** Where, within a time, a lease was not there, and what ended it. */
  #gaps(lease: LeaseId, from: number, to: number): { from: number; to: number; event: EventId }[] {
    const gaps: { from: number; to: number; event: EventId }[] = []
    const lives = this.#lives.livesOf(lease)
    for (let i = 0; i < lives.length; i++) {
      const life = lives[i]!
      const next = lives[i + 1]
      const begin = Math.max(from, life.to)
      const end = Math.min(to, next?.from ?? to)
      if (begin < end) gaps.push({ from: begin, to: end, event: life.marks.at(-1)!.event })
    }
    return gaps
  }

  #hold(client: ClientId, lease: LeaseId, ttlSeconds: number, event: TraceEvent): boolean {
    const beliefs = this.#open.get(client) ?? new Map<LeaseId, Belief>()
    this.#open.set(client, beliefs)
    const name = speakerOf(client)
    if (!this.#owners.has(lease)) this.#owners.set(lease, name)
    const clock = this.#clocks.get(client) ?? TRUE_CLOCK
    const untilShown = shownAt(clock, event.at) + ttlSeconds * 1000
    const reckoning = { untilShown, until: virtualOf(clock, untilShown) }
    const known = beliefs.get(lease)
    if (known !== undefined) {
      Object.assign(known, reckoning)
      return true
    }
    const track = this.#all.begin(`${client} ${lease}`, `${name} ${this.#names.nameOf(lease, event.id)}`, event.at)
    beliefs.set(lease, Object.assign(track, { client, lease, ...reckoning, began: event.id }))
    return true
  }

  #lose(client: ClientId, lease: LeaseId, event: TraceEvent): boolean {
    const belief = this.#open.get(client)?.get(lease)
    if (belief === undefined) return false
    this.#open.get(client)!.delete(lease)
    this.#all.end(belief, event.at)
    this.#all.mark(belief, 'concluded', event)
    return true
  }

  /** What it had in its memory is gone with it. */
  #forget(client: ClientId, event: TraceEvent): boolean {
    const beliefs = this.#open.get(client)
    if (beliefs === undefined) return false
    for (const belief of beliefs.values()) this.#all.end(belief, event.at)
    this.#open.delete(client)
    return true
  }

  #setClock(client: ClientId, percent: number, at: number): boolean {
    const clock = turned(this.#clocks.get(client) ?? TRUE_CLOCK, percent, at)
    this.#clocks.set(client, clock)
    for (const belief of this.#open.get(client)?.values() ?? []) belief.until = virtualOf(clock, belief.untilShown)
    return true
  }

  /** Until when it believes was read off the clock that was set (client/beliefs.ts). */
  #shift(client: ClientId, ms: number): boolean {
    const clock = this.#clocks.get(client) ?? TRUE_CLOCK
    for (const belief of this.#open.get(client)?.values() ?? []) {
      belief.untilShown -= ms
      belief.until = virtualOf(clock, belief.untilShown)
    }
    return true
  }

  /** A process that has ended believes nothing. One that only lived for its answer is no belief worth a row. */
  #exit(process: string, event: TraceEvent): boolean {
    let some = false
    for (const [client, beliefs] of this.#open) {
      if (client !== process && !client.endsWith(`@${process}`)) continue
      for (const belief of beliefs.values()) {
        some = true
        if (belief.from === event.at) this.#all.drop(belief)
        else this.#all.end(belief, event.at)
      }
      this.#open.delete(client)
    }
    return some
  }
}
