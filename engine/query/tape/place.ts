import { text } from '../../base/bytes'
import type { TraceEvent } from '../../base/trace'
import type { LaneName } from './rows'

/** Where an event belongs on the tape: a lane, and the id of a row in it. */
export interface TapePlace {
  lane: LaneName
  row: string
}

/** Null for what belongs to no row: it stands in the ruler. */
export function tapePlaceOf(event: TraceEvent): TapePlace | null {
  switch (event.type) {
    case 'role-changed':
    case 'promoted':
    case 'demoted':
      return { lane: 'leader', row: 'leader' }
    case 'key-put':
      return { lane: 'keys', row: text(event.kv.key) }
    case 'key-deleted':
      return { lane: 'keys', row: text(event.key) }
    case 'heartbeat-started':
    case 'heartbeat-stopped':
    case 'lease-believed-lost':
      return { lane: 'beliefs', row: `${event.client} ${event.lease}` }
    case 'exclusion-broken':
      return { lane: 'faults', row: `section ${event.section}` }
    default:
      if (event.level === 'fault') return { lane: 'faults', row: troubledPlace(event) }
      return 'lease' in event && 'member' in event ? { lane: 'leases', row: event.lease } : null
  }
}

/** Whom or what a fault befalls. */
export function troubledPlace(event: TraceEvent): string {
  return 'member' in event ? event.member : 'client' in event ? event.client : 'network'
}
