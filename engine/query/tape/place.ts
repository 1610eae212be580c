import { bytesText } from '../../base/bytes'
import type { TraceEvent } from '../../base/trace'
import type { LaneName } from './rows'

/** The place of an event on the timeline: a lane, and the id of a row in it. */
export interface TapePlace {
  lane: LaneName
  row: string
}

/** Null for an event without a row: it is on the axis. */
export function tapePlaceOf(event: TraceEvent): TapePlace | null {
  switch (event.type) {
    case 'role-changed':
    case 'promoted':
    case 'demoted':
      return { lane: 'leader', row: 'leader' }
    case 'key-put':
      return { lane: 'keys', row: bytesText(event.kv.key) }
    case 'key-deleted':
      return { lane: 'keys', row: bytesText(event.key) }
    case 'heartbeat-started':
    case 'heartbeat-stopped':
      return { lane: 'heartbeats', row: event.client }
    case 'section-entered':
    case 'section-left':
    case 'exclusion-broken':
      return { lane: 'locks', row: `${event.section} ${event.client}` }
    case 'console-line':
    case 'console-exit':
      return { lane: 'terminals', row: event.terminal }
    case 'request-sent':
    case 'request-received':
    case 'reply-sent':
    case 'reply-received':
      return leaseCall(event)
    default:
      if (event.level === 'fault') return { lane: 'faults', row: 'faults' }
      return 'lease' in event && ('member' in event || event.type === 'lease-believed-lost')
        ? { lane: 'leases', row: event.lease }
        : null
  }
}

/** A message about a lease belongs to the lease's row. */
function leaseCall(
  event: Extract<TraceEvent, { request: object } | { reply: object }>,
): TapePlace | null {
  const body = 'request' in event ? event.request : event.reply
  if (typeof body !== 'object') return null
  const isAbout =
    body.type === 'LeaseGrant' || body.type === 'LeaseKeepAlive' || body.type === 'LeaseRevoke'
  return isAbout && 'ID' in body ? { lane: 'leases', row: body.ID } : null
}
