// For each client and lease: when its heartbeat was last switched on or off, and the first
// keep-alive request after the last answer.

import type { LeaseId } from '../base/rpc'
import type { ClientId, EventId, MemberName, TraceEvent } from '../base/trace'
import { append, lastUntil } from './until'

/** A keep-alive request that has no answer yet. */
export interface Unanswered {
  /** The event of its sending. */
  id: EventId
  /** Virtual ms of its sending. */
  at: number
  /** The network has dropped it. */
  lost: boolean
}

/** The state after an event. */
interface Beat {
  id: EventId
  switchedAt: number | null
  /** The member that the last request went to. */
  member: MemberName | null
  unanswered: Unanswered | null
}

export class KeepAlives {
  #beats = new Map<string, Beat[]>()
  /** By client: the leases of its requests. */
  #leases = new Map<ClientId, Set<LeaseId>>()
  /** By the event of its sending: the client and lease of the request. */
  #askers = new Map<EventId, [ClientId, LeaseId]>()

  note(event: TraceEvent): void {
    switch (event.type) {
      case 'heartbeat-started':
      case 'heartbeat-stopped':
      case 'lease-believed-lost':
        return this.#add(event.client, event.lease, event, {
          switchedAt: event.at,
          unanswered: null,
        })
      case 'request-sent': {
        const { client, request, member, id, at } = event
        if (request.type !== 'LeaseKeepAlive') return
        const known = this.#latest(client, request.ID)
        if (known?.unanswered && known.member === member) return
        if (known?.unanswered) return this.#add(client, request.ID, event, { member })
        this.#askers.set(id, [client, request.ID])
        return this.#add(client, request.ID, event, { member, unanswered: { id, at, lost: false } })
      }
      case 'reply-received':
        if (event.reply.type === 'LeaseKeepAlive') this.#settle(event.client, event.reply.ID, event)
        return
      case 'message-lost':
        for (const cause of event.causes) {
          const [client, lease] = this.#askers.get(cause) ?? []
          const unanswered =
            client === undefined || lease === undefined
              ? null
              : this.#latest(client, lease)?.unanswered
          if (unanswered?.id === cause)
            this.#add(client!, lease!, event, { unanswered: { ...unanswered, lost: true } })
        }
        return
      case 'client-crashed':
        for (const lease of this.#leases.get(event.client) ?? [])
          this.#add(event.client, lease, event, { switchedAt: event.at, unanswered: null })
        return
    }
  }

  /**
   * Virtual ms when a heartbeat was last switched on or off, by the client or because it gave the
   * lease up. Null if it never was.
   */
  switchedAt(client: ClientId, lease: LeaseId, last: EventId): number | null {
    return this.#at(client, lease, last)?.switchedAt ?? null
  }

  /** The first request after the last answer, or null. */
  unanswered(client: ClientId, lease: LeaseId, last: EventId): Unanswered | null {
    return this.#at(client, lease, last)?.unanswered ?? null
  }

  #settle(client: ClientId, lease: LeaseId, event: TraceEvent): void {
    const unanswered = this.#latest(client, lease)?.unanswered
    if (!unanswered) return
    this.#askers.delete(unanswered.id)
    this.#add(client, lease, event, { unanswered: null })
  }

  /** The member that the last request went to; null before the first. */
  memberOf(client: ClientId, lease: LeaseId, last: EventId): MemberName | null {
    return this.#at(client, lease, last)?.member ?? null
  }

  #at(client: ClientId, lease: LeaseId, last: EventId): Beat | undefined {
    return lastUntil(this.#beats.get(`${client} ${lease}`), last)
  }

  #latest(client: ClientId, lease: LeaseId): Beat | undefined {
    return this.#beats.get(`${client} ${lease}`)?.at(-1)
  }

  #add(client: ClientId, lease: LeaseId, { id }: TraceEvent, news: Partial<Beat>): void {
    const leases = this.#leases.get(client)
    if (leases === undefined) this.#leases.set(client, new Set([lease]))
    else leases.add(lease)
    append(this.#beats, `${client} ${lease}`, {
      switchedAt: null,
      member: null,
      unanswered: null,
      ...this.#latest(client, lease),
      ...news,
      id,
    })
  }
}
