// The clients in each critical section and their times of entry. Whether a client runs, is paused
// or is down, and since when. Both come from the trace.

import type { Room } from '../base/room'
import { isCrowded } from '../base/room'
import type { ClientId, EventId, TraceEvent } from '../base/trace'
import { append, countUntil, lastUntil } from './until'

/** Whether too many clients are in a section after an event. */
interface Crowd {
  id: EventId
  at: number
  crowded: boolean
}

interface Place {
  section: string
  room: Room | undefined
}

export class Sections {
  /** By section, after every event that changes the clients in it. */
  #crowds = new Map<string, Crowd[]>()
  /** The section of each client at the end of the trace. */
  #places = new Map<ClientId, Place>()
  #entries = new Map<ClientId, TraceEvent[]>()
  #states = new Map<ClientId, TraceEvent[]>()

  note(event: TraceEvent): void {
    switch (event.type) {
      case 'section-entered':
        this.#leave(event.client, event)
        this.#places.set(event.client, { section: event.section, room: event.room })
        this.#count(event.section, event)
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

  /** Virtual ms when a client last entered a section; null if it never did. */
  enteredAt(client: ClientId, last: EventId): number | null {
    return lastUntil(this.#entries.get(client), last)?.at ?? null
  }

  /** Virtual ms when a client was last paused, resumed, crashed or restarted; 0 if it never was. */
  stateSince(client: ClientId, last: EventId): number {
    return lastUntil(this.#states.get(client), last)?.at ?? 0
  }

  /** Virtual ms since when too many clients are in a section; null while they are few enough. */
  crowdedSince(section: string, last: EventId): number | null {
    const crowds = this.#crowds.get(section) ?? []
    let since: number | null = null
    for (let i = countUntil(crowds, last) - 1; i >= 0 && crowds[i]!.crowded; i--)
      since = crowds[i]!.at
    return since
  }

  /**
   * Virtual ms when a section stopped being too full after an event; null if that has not happened
   * by `last`.
   */
  crowdedUntil(section: string, event: EventId, last: EventId): number | null {
    const crowds = this.#crowds.get(section) ?? []
    const end = countUntil(crowds, last)
    for (let i = countUntil(crowds, event); i < end; i++)
      if (!crowds[i]!.crowded) return crowds[i]!.at
    return null
  }

  #leave(client: ClientId, event: TraceEvent): void {
    const place = this.#places.get(client)
    if (place === undefined) return
    this.#places.delete(client)
    this.#count(place.section, event)
  }

  #count(section: string, { id, at }: TraceEvent): void {
    const inside = [...this.#places.values()].filter((place) => place.section === section)
    append(this.#crowds, section, { id, at, crowded: isCrowded(inside.map(({ room }) => room)) })
  }
}
