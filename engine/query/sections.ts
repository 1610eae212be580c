// Who is in which critical section since when, and whether a client runs, is paused or is down since when: both from the trace.

import type { ClientId, EventId, TraceEvent } from '../base/trace'
import { append, countUntil, lastUntil } from './until'

/** How many clients are in a section after an event. */
interface Crowd {
  id: EventId
  at: number
  inside: number
}

export class Sections {
  /** By section, after every event that changes who is in it. */
  #crowds = new Map<string, Crowd[]>()
  /** In which section each client is at the end of the trace. */
  #places = new Map<ClientId, string>()
  #entries = new Map<ClientId, TraceEvent[]>()
  #states = new Map<ClientId, TraceEvent[]>()

  note(event: TraceEvent): void {
    switch (event.type) {
      case 'section-entered':
        this.#leave(event.client, event)
        this.#places.set(event.client, event.section)
        this.#count(event.section, 1, event)
        return append(this.#entries, event.client, event)
      case 'section-left':
        return this.#leave(event.client, event)
      case 'client-crashed':
        this.#leave(event.client, event)
        return append(this.#states, event.client, event)
      case 'client-paused':
      case 'client-resumed':
      case 'client-restarted':
        return append(this.#states, event.client, event)
    }
  }

  /** Virtual ms at which a client last entered a section; null where it never did. */
  enteredAt(client: ClientId, last: EventId): number | null {
    return lastUntil(this.#entries.get(client), last)?.at ?? null
  }

  /** Virtual ms at which a client was last paused, resumed, crashed or restarted; 0 where it never was. */
  stateSince(client: ClientId, last: EventId): number {
    return lastUntil(this.#states.get(client), last)?.at ?? 0
  }

  /** Virtual ms since which two or more are in a section; null while there are fewer. */
  crowdedSince(section: string, last: EventId): number | null {
    const crowds = this.#crowds.get(section) ?? []
    let since: number | null = null
    for (let i = countUntil(crowds, last) - 1; i >= 0 && crowds[i]!.inside > 1; i--) since = crowds[i]!.at
    return since
  }

  /** Virtual ms at which fewer than two were left in a section after an event; null where that has not come by `last`. */
  crowdedUntil(section: string, event: EventId, last: EventId): number | null {
    const crowds = this.#crowds.get(section) ?? []
    const end = countUntil(crowds, last)
    for (let i = countUntil(crowds, event); i < end; i++) if (crowds[i]!.inside < 2) return crowds[i]!.at
    return null
  }

  #leave(client: ClientId, event: TraceEvent): void {
    const section = this.#places.get(client)
    if (section === undefined) return
    this.#places.delete(client)
    this.#count(section, -1, event)
  }

  #count(section: string, by: number, { id, at }: TraceEvent): void {
    const before = this.#crowds.get(section)?.at(-1)?.inside ?? 0
    append(this.#crowds, section, { id, at, inside: before + by })
  }
}
