// Requests and answers in etcd's terms.

import type { LeaseId, Reply, Request } from '../base/rpc'
import { visibleBytes } from './visible'

/** The display name of a lease. */
export type NameOf = (lease: LeaseId) => string

/** A request: the RPC, and its lease or key. */
export function describeRequest(request: Request, nameOf: NameOf): string {
  switch (request.type) {
    case 'LeaseGrant':
      return `LeaseGrant ${request.TTL} s`
    case 'LeaseRevoke':
    case 'LeaseKeepAlive':
    case 'LeaseTimeToLive':
      return `${request.type} ${nameOf(request.ID)}`
    case 'Range':
    case 'DeleteRange':
    case 'Put':
    case 'WatchCreate':
      return `${request.type} ${visibleBytes(request.key)}`
    default:
      return request.type
  }
}

/** An answer. Errors keep etcd's own text. */
export function describeReply(reply: Reply, nameOf: NameOf): string {
  switch (reply.type) {
    case 'error':
      return reply.message
    case 'LeaseGrant':
      return `${nameOf(reply.ID)}, TTL ${reply.TTL} s`
    case 'LeaseKeepAlive':
      return reply.TTL > 0
        ? `${nameOf(reply.ID)}, TTL ${reply.TTL} s`
        : `${nameOf(reply.ID)}, TTL ${reply.TTL}: the lease does not exist`
    case 'LeaseTimeToLive':
      return reply.grantedTTL === 0
        ? `${nameOf(reply.ID)}, TTL ${reply.TTL}: the lease does not exist`
        : `${nameOf(reply.ID)}, ${reply.TTL} of ${reply.grantedTTL} s left`
    case 'Range':
      return reply.count === 0 ? 'no key' : count(reply.count, 'key')
    case 'DeleteRange':
      return reply.deleted === 0 ? 'no key deleted' : `${count(reply.deleted, 'key')} deleted`
    case 'Put':
    case 'LeaseRevoke':
      return `OK at revision ${reply.header.revision}`
    case 'Watch':
      if (reply.created) return 'the watch is created'
      return reply.canceled
        ? 'the watch is canceled'
        : reply.events.map(({ type, kv }) => `${type} ${visibleBytes(kv.key)}`).join(', ')
    default:
      return reply.type
  }
}

/** `1 key`, `3 keys`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
