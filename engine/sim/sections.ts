// Who is in which critical section. Nothing keeps a client out: too many in one are an event.

import type { Room } from '../base/room'
import { isCrowded } from '../base/room'
import type { ClientId, EventBody, EventId } from '../base/trace'

interface Place {
  section: string
  /** The event of its entry. */
  since: EventId
  /** With how many it shares the section; absent where it is to be alone. */
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
   * A client enters a section, from the one it was in. Who else is there, sorted by name, where
   * they are too many; else empty.
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

  /** It is in no section any more. */
  leave(client: ClientId): void {
    this.#places.delete(client)
  }

  save(): SavedSections {
    return [...this.#places].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}
