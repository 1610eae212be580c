// Critical sections: the clients inside, and the times with too many. A client itself announces its
// entry; no check prevents a wrong one.

import type { Room } from '../../base/room'
import { isCrowded } from '../../base/room'
import type { LeaseId } from '../../base/rpc'
import type { ClientId, TraceEvent } from '../../base/trace'
import type { Lifetimes } from './lifetimes'
import type { Lane, Span, Track } from './track'
import { endSpan, Tracks, turnTo } from './track'

/** A client in a section. */
export interface Stay extends Track {
  section: string
  client: ClientId
  /** The lease of each span: the last one that the client knew at its entry. */
  leases: (LeaseId | null)[]
}

export class Sections implements Lane {
  readonly #all = new Tracks()
  readonly #leaseOf: (client: ClientId) => LeaseId | null
  #stays = new Map<string, Stay>()
  /** By section: the clients in it, and how many may share it with each. */
  #inside = new Map<string, Map<ClientId, Room | undefined>>()
  /** By section: the times with too many inside. */
  #two = new Map<string, Span[]>()

  /** `leaseOf`: the last lease that a client knows. */
  constructor(leaseOf: (client: ClientId) => LeaseId | null) {
    this.#leaseOf = leaseOf
  }

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  /** The sections that any client ever entered, in order. */
  get names(): readonly string[] {
    return [...this.#inside.keys()]
  }

  /** Whether a client ever entered a section of that name. */
  has(section: string): boolean {
    return this.#inside.has(section)
  }

  /**
   * The clients that ever were in a section, in the order of their first entries; empty for an
   * unknown section.
   */
  staysIn(section: string): Stay[] {
    return [...this.#stays.values()].filter((stay) => stay.section === section)
  }

  /** The times with too many inside: two clients, for an unshared section. */
  twoIn(section: string): readonly Span[] {
    return this.#two.get(section) ?? []
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'section-entered') return this.#enter(event)
    if (event.type === 'section-left') return this.#leave(event.section, event.client, event)
    if (event.type !== 'client-crashed') return false
    let some = false
    for (const [section, inside] of this.#inside) {
      if (inside.has(event.client)) some = this.#leave(section, event.client, event)
    }
    return some
  }

  #enter(event: Extract<TraceEvent, { type: 'section-entered' }>): boolean {
    const { section, client } = event
    const id = `${section} ${client}`
    const stay =
      this.#stays.get(id) ??
      Object.assign(this.#all.begin(id, `${client} inside`, event.at), {
        section,
        client,
        leases: [] as Stay['leases'],
      })
    this.#stays.set(id, stay)
    const inside = this.#inside.get(section) ?? new Map<ClientId, Room | undefined>()
    this.#inside.set(section, inside)
    if (inside.has(client)) return false
    inside.set(client, event.room)
    turnTo(stay, 'inside', event.at, event.id)
    stay.leases.push(this.#leaseOf(client))
    this.#count(section, inside, event)
    return true
  }

  #leave(section: string, client: ClientId, event: TraceEvent): boolean {
    const inside = this.#inside.get(section)
    if (inside?.delete(client) !== true) return false
    endSpan(this.#stays.get(`${section} ${client}`), event.at)
    this.#count(section, inside, event)
    return true
  }

  /** Begins or ends a time with too many inside. */
  #count(
    section: string,
    inside: ReadonlyMap<ClientId, Room | undefined>,
    { at, id }: TraceEvent,
  ): void {
    const crowded = isCrowded([...inside.values()])
    const spans = this.#two.get(section) ?? []
    const last = spans.at(-1)
    const open = last?.to === Number.POSITIVE_INFINITY ? last : undefined
    if (crowded && open === undefined)
      spans.push({ kind: 'two', from: at, to: Number.POSITIVE_INFINITY, event: id, text: '' })
    else if (!crowded && open !== undefined) open.to = at
    this.#two.set(section, spans)
  }
}

/** A client's times inside, in two kinds: with its lease, and after the lease has ended. */
export function insideSpans(stay: Stay, lifetimes: Lifetimes): Span[] {
  return stay.spans.flatMap((span, i): Span[] => {
    const lease = stay.leases[i]
    const life = lease == null ? undefined : lifetimes.lifetimeAt(lease, span.from)
    if (life === undefined || life.to >= span.to) return [span]
    const over = Math.max(span.from, life.to)
    const lost: Span = {
      ...span,
      kind: 'lost',
      from: over,
      event: life.marks.at(-1)?.event ?? span.event,
    }
    return over > span.from ? [{ ...span, to: over }, lost] : [lost]
  })
}
