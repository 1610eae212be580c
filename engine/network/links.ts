// How long a message takes, and whether it arrives at all. Two kinds of traffic share a link, and
// misfortune does different things to them:
//
//   a connection (clients' calls, and what members ask each other about leases): TCP carries it, so
//   nothing is lost, doubled or out of order. What the dice lose is
//   sent again after 200 ms, 400 ms … and everything behind it waits; only after six times is the
//   connection given up.
//   Raft's own messages (rafthttp): lost when a stream breaks, overtaken between stream and
//   pipeline. Raft lives with all of that, so here the dice take them at their
//   word: lost is lost, a copy comes later, one may be overtaken by those behind it. A proposal on
//   its way to the leader is never doubled: etcd sends none twice.
//
// Each direction and each purpose draws from a stream of its own, and only where its dial is not 0:
// a dial that is turned changes nobody else's draws.

import type { RandomState } from '../base/random'
import { Random } from '../base/random'
import type { Dial, Link } from './fault'

/**
 * Milliseconds between client and member, and between two members, each way; and where the dials
 * stand at first.
 */
export interface LinkOptions {
  latencyMs: number
  peerLatencyMs: number
  seed: number
  dials: Readonly<Partial<Record<Dial, number>>>
}

/** What carries a message. */
export type Carrier = 'client' | 'peer' | 'raft' | 'proposal'

/**
 * What the link makes of a message: when it arrives (virtual ms), whether it will, and when a copy
 * does.
 */
export interface Sending {
  dueAt: number
  lost?: true
  copyAt?: number
}

/** A dial that was turned, of one direction, or of all where `link` is null. */
export interface Turned {
  link: { from: string; to: string } | null
  dial: Dial
  value: number
}

export interface SavedLinks {
  /** When the last message of each direction arrives, by name, sorted. */
  arrivals: [string, number][]
  /** Who can reach whom while the network has fallen apart; null while it is whole. */
  groups: string[][] | null
  /** What some say and others never hear. */
  cuts: OneWay[]
  /** By direction and dial, sorted. */
  turned: [string, number][]
  streams: [string, RandomState][]
}

/** Whatever is said by the ones does not reach the others. */
export interface OneWay {
  from: string[]
  to: string[]
}

/**
 * Milliseconds after which TCP sends again what got no acknowledgement (Linux: the least there is),
 * doubled each time; and how often it tries.
 */
export const RETRANSMIT_MS = 200
const RETRANSMITS = 6
/**
 * How much later a message comes that is overtaken: up to two latencies and this much more, in
 * milliseconds.
 */
const OVERTAKEN_MS = 20
const EVERYWHERE = '*'

export class Links {
  readonly #options: LinkOptions
  #arrivals = new Map<string, number>()
  #groups: string[][] | null = null
  #cuts: OneWay[] = []
  #turned = new Map<string, number>()
  #streams = new Map<string, Random>()

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** What becomes of a message sent now. A link nobody used yet is there. */
  send(from: string, to: string, carrier: Carrier, now: number): Sending {
    const direction = `${from} ${to}`
    const latencyMs =
      (carrier === 'client' ? this.#options.latencyMs : this.#options.peerLatencyMs) +
      this.dial(from, to, 'delay')
    const jitterMs = this.dial(from, to, 'jitter')
    const due =
      now + latencyMs + (jitterMs === 0 ? 0 : this.#stream(direction, 'jitter').below(jitterMs + 1))
    const inOrder = Math.max(due, this.#arrivals.get(direction) ?? 0)
    if (carrier === 'client' || carrier === 'peer') return this.#connected(from, to, inOrder)
    if (this.#hits(from, to, 'reorder'))
      return {
        dueAt:
          inOrder + 1 + this.#stream(direction, 'overtaken').below(2 * latencyMs + OVERTAKEN_MS),
      }
    this.#arrivals.set(direction, inOrder)
    if (this.#hits(from, to, 'loss')) return { dueAt: inOrder, lost: true }
    const doubled = carrier === 'raft' && this.#hits(from, to, 'duplicate')
    return doubled
      ? {
          dueAt: inOrder,
          copyAt: inOrder + this.#stream(direction, 'copy').below(latencyMs + OVERTAKEN_MS),
        }
      : { dueAt: inOrder }
  }

  /**
   * Nothing in this direction arrives before `at` (virtual ms) any more: the connection waits for a
   * message that is late.
   */
  waits(from: string, to: string, at: number): void {
    const direction = `${from} ${to}`
    this.#arrivals.set(direction, Math.max(at, this.#arrivals.get(direction) ?? 0))
  }

  /**
   * When a message arrives that was due at `at` (virtual ms) and may not overtake those before it.
   */
  inOrder(from: string, to: string, at: number): number {
    const direction = `${from} ${to}`
    const dueAt = Math.max(at, this.#arrivals.get(direction) ?? 0)
    this.#arrivals.set(direction, dueAt)
    return dueAt
  }

  /**
   * Where a dial stands for one direction: what was said of it, else of all, else the
   * configuration; 0 where nobody said anything.
   */
  dial(from: string, to: string, dial: Dial): number {
    if (this.#turned.size > 0) {
      const value =
        this.#turned.get(`${from} ${to} ${dial}`) ??
        this.#turned.get(`${EVERYWHERE} ${EVERYWHERE} ${dial}`)
      if (value !== undefined) return value
    }
    return this.#options.dials[dial] ?? 0
  }

  /**
   * Turns a dial of one link, both ways unless it is of one; null: of all of them, whatever was
   * said of any before.
   */
  turn(link: Link | null, dial: Dial, value: number): void {
    if (link === null) {
      for (const place of [...this.#turned.keys()])
        if (place.endsWith(` ${dial}`)) this.#turned.delete(place)
      this.#turned.set(`${EVERYWHERE} ${EVERYWHERE} ${dial}`, value)
      return
    }
    this.#turned.set(`${link.from} ${link.to} ${dial}`, value)
    if (!link.oneWay) this.#turned.set(`${link.to} ${link.from} ${dial}`, value)
  }

  /** The dials that were turned, in the order of their names. */
  get turned(): readonly Turned[] {
    return sorted(this.#turned).map(([place, value]) => {
      const [from = '', to = '', dial] = place.split(' ')
      return { link: from === EVERYWHERE ? null : { from, to }, dial: dial as Dial, value }
    })
  }

  /** The groups the network has fallen into; null while it is whole. */
  get groups(): readonly (readonly string[])[] | null {
    return this.#groups
  }

  get cuts(): readonly OneWay[] {
    return this.#cuts
  }

  /**
   * Who is in different groups cannot reach each other from now on; who is in none reaches
   * everybody.
   */
  partition(groups: readonly (readonly string[])[]): void {
    this.#groups = groups.map((group) => [...group])
  }

  /** From now on nothing that the ones say reaches the others; what those say still does. */
  cut({ from, to }: OneWay): void {
    this.#cuts = [...this.#cuts, { from: [...from], to: [...to] }]
  }

  /** Every wall falls, and the dials stand again where the configuration has them. */
  heal(): void {
    this.#groups = null
    this.#cuts = []
    this.#turned.clear()
  }

  reaches(from: string, to: string): boolean {
    if (this.#cuts.some((cut) => cut.from.includes(from) && cut.to.includes(to))) return false
    const groups = this.#groups ?? []
    const [a, b] = [from, to].map((name) => groups.findIndex((group) => group.includes(name)))
    return a === b || a === -1 || b === -1
  }

  /** Forgets the links of somebody who is gone. */
  forget(name: string): void {
    for (const direction of [...this.#arrivals.keys()]) {
      const [from, to] = direction.split(' ')
      if (from === name || to === name) this.#arrivals.delete(direction)
    }
  }

  save(): SavedLinks {
    return {
      arrivals: sorted(this.#arrivals),
      groups: this.#groups?.map((group) => [...group]) ?? null,
      cuts: this.#cuts.map(({ from, to }) => ({ from: [...from], to: [...to] })),
      turned: sorted(this.#turned),
      streams: sorted(this.#streams).map(([name, random]) => [name, random.save()]),
    }
  }

  static load(options: LinkOptions, saved: SavedLinks): Links {
    const links = new Links(options)
    links.#arrivals = new Map(saved.arrivals)
    links.#groups = saved.groups?.map((group) => [...group]) ?? null
    links.#cuts = saved.cuts.map(({ from, to }) => ({ from: [...from], to: [...to] }))
    links.#turned = new Map(saved.turned)
    links.#streams = new Map(saved.streams.map(([name, state]) => [name, Random.load(state)]))
    return links
  }

  #connected(from: string, to: string, inOrder: number): Sending {
    const direction = `${from} ${to}`
    let dueAt = inOrder
    let tries = 0
    for (; tries < RETRANSMITS && this.#hits(from, to, 'loss'); tries++)
      dueAt += RETRANSMIT_MS << tries
    this.#arrivals.set(direction, dueAt)
    return tries === RETRANSMITS ? { dueAt, lost: true } : { dueAt }
  }

  /** The dice of a dial in percent. */
  #hits(from: string, to: string, dial: 'loss' | 'duplicate' | 'reorder'): boolean {
    const percent = this.dial(from, to, dial)
    return percent > 0 && this.#stream(`${from} ${to}`, dial).below(100) < percent
  }

  #stream(direction: string, purpose: string): Random {
    const name = `${direction} ${purpose}`
    let random = this.#streams.get(name)
    if (random === undefined) {
      random = new Random(this.#options.seed, `link/${name}`)
      this.#streams.set(name, random)
    }
    return random
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
