// How long a message takes, and whether it arrives. Two kinds of traffic share a link, and faults
// affect them differently:
//
//   a connection (clients' calls, and what members ask each other about leases): TCP carries it, so
//   nothing is lost, doubled or out of order. A lost message is sent again after 200 ms, 400 ms …,
//   and everything behind it waits. After six attempts the connection is closed.
//
//   Raft's own messages (rafthttp): lost when a stream breaks, overtaken between stream and
//   pipeline. Raft tolerates all of this, so here the settings apply directly: a lost message is
//   lost, a copy comes later, later messages may overtake. A proposal on its way to the leader is
//   never doubled: etcd sends none twice.
//
// Each direction and each purpose has its own random stream, and draws only if its setting is not
// 0. So a changed setting does not change other draws.

import type { RandomState } from '../base/random'
import { Random } from '../base/random'
import type { Dial, Link } from './fault'

/**
 * Milliseconds between client and member, and between two members, in each direction; and the
 * initial settings.
 */
export interface LinkOptions {
  latencyMs: number
  peerLatencyMs: number
  seed: number
  dials: Readonly<Partial<Record<Dial, number>>>
}

/** The kind of transport of a message. */
export type Carrier = 'client' | 'peer' | 'raft' | 'proposal'

/**
 * The fate of a message: its arrival (virtual ms), whether it arrives, and the arrival of a copy.
 */
export interface Sending {
  dueAt: number
  lost?: true
  copyAt?: number
}

/** A changed setting of one direction, or of all if `link` is null. */
export interface Turned {
  link: { from: string; to: string } | null
  dial: Dial
  value: number
}

export interface SavedLinks {
  /** The last arrival of each direction, by name, sorted. */
  arrivals: [string, number][]
  /** The groups of a partition; null without a partition. */
  groups: string[][] | null
  /** Directions in which messages do not arrive. */
  cuts: OneWay[]
  /** By direction and setting, sorted. */
  turned: [string, number][]
  streams: [string, RandomState][]
}

/** Messages from `from` to `to` do not arrive. */
export interface OneWay {
  from: string[]
  to: string[]
}

/**
 * Milliseconds after which TCP resends an unacknowledged segment (the minimum of Linux), doubled
 * each time; and the number of attempts.
 */
export const RETRANSMIT_MS = 200
const RETRANSMITS = 6
/** The extra delay of an overtaken message: up to two latencies plus these milliseconds. */
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

  /** The fate of a message sent now. A new link needs no set-up. */
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
   * From now on nothing in this direction arrives before `at` (virtual ms): the connection waits
   * for a late message.
   */
  waits(from: string, to: string, at: number): void {
    const direction = `${from} ${to}`
    this.#arrivals.set(direction, Math.max(at, this.#arrivals.get(direction) ?? 0))
  }

  /**
   * The arrival of a message that was due at `at` (virtual ms) and may not overtake earlier ones.
   */
  inOrder(from: string, to: string, at: number): number {
    const direction = `${from} ${to}`
    const dueAt = Math.max(at, this.#arrivals.get(direction) ?? 0)
    this.#arrivals.set(direction, dueAt)
    return dueAt
  }

  /** The setting for one direction: its own, else that for all, else the configuration, else 0. */
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
   * Changes a setting of one link, in both directions unless the link has one. Null changes all
   * links and replaces earlier settings.
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

  /** The changed settings, in the order of their names. */
  get turned(): readonly Turned[] {
    return sorted(this.#turned).map(([place, value]) => {
      const [from = '', to = '', dial] = place.split(' ')
      return { link: from === EVERYWHERE ? null : { from, to }, dial: dial as Dial, value }
    })
  }

  /** The groups of the partition; null without a partition. */
  get groups(): readonly (readonly string[])[] | null {
    return this.#groups
  }

  get cuts(): readonly OneWay[] {
    return this.#cuts
  }

  /**
   * From now on members of different groups cannot reach each other. Members of no group reach all
   * others.
   */
  partition(groups: readonly (readonly string[])[]): void {
    this.#groups = groups.map((group) => [...group])
  }

  /** From now on messages in this direction do not arrive; messages in the other direction do. */
  cut({ from, to }: OneWay): void {
    this.#cuts = [...this.#cuts, { from: [...from], to: [...to] }]
  }

  /** Ends every cut, and returns the settings to the configuration. */
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

  /** Removes the links of a removed member or client. */
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

  /** A random draw with a setting in percent. */
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
