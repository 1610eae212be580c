// The clients in each critical section. Nothing keeps a client out; too many clients in one section
// are an event.

import type { Room } from '../base/room'
import { isCrowded } from '../base/room'
import type { ClientId, EventBody, EventId } from '../base/trace'

interface Place {
  section: string
  /** The event of its entry. */
  since: EventId
  /** How many clients may share the section; absent where only one may be in it. */
  room?: Room
}

/** By client, sorted. */
export type SavedSections = [ClientId, Place][]

export class Sections {
  readonly #places: Map<ClientId, Place>

  constructor(saved?: SavedSections) {
    this.#places = new Map(saved?.map(([client, place]) => [client, { ...place }]))
  }

  /**
   * A client enters a section, and leaves the one it was in. Answers the other clients there,
   * sorted by name, where they are too many; else an empty list.
   */
  enter(
    { client, section, room }: Extract<EventBody, { type: 'section-entered' }>,
    since: EventId,
  ): { other: ClientId; since: EventId }[] {
    const others = this.save().filter(
      ([other, place]) => other !== client && place.section === section,
    )
    this.#places.set(client, { section, since, ...(room === undefined ? {} : { room }) })
    if (!isCrowded([room, ...others.map(([, place]) => place.room)])) return []
    return others.map(([other, place]) => ({ other, since: place.since }))
  }

  /** The client leaves its section. */
  leave(client: ClientId): void {
    this.#places.delete(client)
  }

  save(): SavedSections {
    return [...this.#places].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}
