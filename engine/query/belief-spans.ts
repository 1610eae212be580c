// When each client believed that each of its leases was alive. A belief begins with the answer that
// granted the lease. It ends when the client learns or concludes that the lease is gone, revokes
// it, crashes or ends. A client continues to believe after its time for a lease has run out, until
// it checks.

import type { LeaseId } from '../base/rpc'
import type { ClientId, EventId, TraceEvent } from '../base/trace'

export interface BeliefSpan {
  client: ClientId
  lease: LeaseId
  event: EventId
  from: number
  /** Infinity and no event while it lasts at the end of the trace. */
  to: number
  ended: EventId
}

export class BeliefSpans {
  /** By their beginning. */
  readonly list: BeliefSpan[] = []
  #open = new Map<ClientId, Map<LeaseId, BeliefSpan>>()
  /** Calls to revoke that wait for their answers. */
  #revoking = new Map<string, LeaseId>()

  note(event: TraceEvent): void {
    switch (event.type) {
      case 'request-sent':
        if (event.request.type === 'LeaseRevoke')
          this.#revoking.set(`${event.client} ${event.rpc}`, event.request.ID)
        return
      case 'reply-received': {
        const { client, reply, rpc } = event
        if (reply.type === 'LeaseGrant' || reply.type === 'LeaseKeepAlive') {
          if (reply.TTL > 0) this.#begin(client, reply.ID, event)
          else this.#end(client, reply.ID, event)
        }
        const revoked = this.#revoking.get(`${client} ${rpc}`)
        if (revoked === undefined) return
        this.#revoking.delete(`${client} ${rpc}`)
        if (reply.type === 'LeaseRevoke') this.#end(client, revoked, event)
        return
      }
      case 'lease-believed-lost':
        return this.#end(event.client, event.lease, event)
      case 'client-crashed':
        return this.#endAll(event.client, event)
      case 'console-exit':
        for (const client of this.#open.keys()) {
          const process = `${event.terminal}#${event.job}`
          if (client === process || client.endsWith(`@${process}`)) this.#endAll(client, event)
        }
    }
  }

  #begin(client: ClientId, lease: LeaseId, { id, at }: TraceEvent): void {
    const mine = this.#open.get(client) ?? new Map<LeaseId, BeliefSpan>()
    this.#open.set(client, mine)
    if (mine.has(lease)) return
    const span = {
      client,
      lease,
      event: id,
      from: at,
      to: Number.POSITIVE_INFINITY,
      ended: Number.POSITIVE_INFINITY,
    }
    mine.set(lease, span)
    this.list.push(span)
  }

  #end(client: ClientId, lease: LeaseId, { id, at }: TraceEvent): void {
    const span = this.#open.get(client)?.get(lease)
    if (span === undefined) return
    span.to = at
    span.ended = id
    this.#open.get(client)!.delete(lease)
  }

  #endAll(client: ClientId, event: TraceEvent): void {
    for (const lease of [...(this.#open.get(client)?.keys() ?? [])]) this.#end(client, lease, event)
    this.#open.delete(client)
  }
}
