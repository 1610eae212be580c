// Critical sections: who is inside, and when two clients were. A client says itself that it enters; whether it may is another matter.

import type { LeaseId } from '../../base/rpc'
import type { ClientId, TraceEvent } from '../../base/trace'
import type { Lives } from './lives'
import type { Lane, Span, Track } from './track'
import { endSpan, Tracks, turnTo } from './track'

/** A client in a section. */
export interface Stay extends Track {
  section: string
  client: ClientId
  /** The lease of each span: the last one that the client knew as it entered. */
  leases: (LeaseId | null)[]
}

export class Sections implements Lane {
  readonly #all = new Tracks()
  readonly #leaseOf: (client: ClientId) => LeaseId | null
  #stays = new Map<string, Stay>()
  #inside = new Map<string, Set<ClientId>>()
  /** By section: the times with two inside. */
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

  /** The sections that anyone ever entered, in order. */
  get names(): readonly string[] {
    return [...this.#inside.keys()]
  }

  /** Whether a client ever entered a section of that name. */
  has(section: string): boolean {
    return this.#inside.has(section)
  }

  /** The clients that ever were in a section, in the order of their first entries; none for an unknown section. */
  staysIn(section: string): Stay[] {
    return [...this.#stays.values()].filter((stay) => stay.section === section)
  }

  /** The times with two inside. */
  twoIn(section: string): readonly Span[] {
    return this.#two.get(section) ?? []
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'section-entered') return this.#enter(event.section, event.client, event)
    if (event.type === 'section-left') return this.#leave(event.section, event.client, event)
    if (event.type !== 'client-crashed') return false
    let some = false
    for (const [section, inside] of this.#inside) {
      if (inside.has(event.client)) some = this.#leave(section, event.client, event)
    }
    return some
  }

  #enter(section: string, client: ClientId, event: TraceEvent): boolean {
    const id = `${section} ${client}`
    const stay =
      this.#stays.get(id) ??
      Object.assign(this.#all.begin(id, `${client} inside`, event.at), { section, client, leases: [] as Stay['leases'] })
    this.#stays.set(id, stay)
    const inside = this.#inside.get(section) ?? new Set<ClientId>()
    this.#inside.set(section, inside)
    if (inside.has(client)) return false
    inside.add(client)
    turnTo(stay, 'inside', event.at, event.id)
    stay.leases.push(this.#leaseOf(client))
    if (inside.size === 2)
      this.#spansOf(section).push({ kind: 'two', from: event.at, to: Number.POSITIVE_INFINITY, event: event.id, text: '' })
    return true
  }

  #leave(section: string, client: ClientId, event: TraceEvent): boolean {
    const inside = this.#inside.get(section)
    if (inside?.delete(client) !== true) return false
    endSpan(this.#stays.get(`${section} ${client}`), event.at)
    const two = this.#two.get(section)?.at(-1)
    if (inside.size === 1 && two?.to === Number.POSITIVE_INFINITY) two.to = event.at
    return true
  }

  #spansOf(section: string): Span[] {
    const known = this.#two.get(section) ?? []
    this.#two.set(section, known)
    return known
  }
}

/** A client's times inside, in two kinds: with its lease, and after the lease has ended. */
export function insideSpans(stay: Stay, lives: Lives): Span[] {
  return stay.spans.flatMap((span, i): Span[] => {
    const lease = stay.leases[i]
    const life = lease == null ? undefined : lives.lifeAt(lease, span.from)
    if (life === undefined || life.to >= span.to) return [span]
    const over = Math.max(span.from, life.to)
    const lost: Span = { ...span, kind: 'lost', from: over, event: life.marks.at(-1)?.event ?? span.event }
    return over > span.from ? [{ ...span, to: over }, lost] : [lost]
  })
}
