// The time left of a lease when its countdown stopped: the last primary crashed, stepped down or
// ended, and no other member counts yet.

import type { LeaseId } from '../base/rpc'
import type { CountEvent } from './ledger'
import type { StoppedCountdown } from './rows'
import type { Scene } from './scene'
import { countUntil } from './until'

type Promotion = Extract<CountEvent, { type: 'promoted' }>

const words: Record<Exclude<CountEvent['type'], 'promoted'>, string> = {
  demoted: 'stepped down',
  'member-crashed': 'crashed',
  'member-stopped': 'ended',
  'member-left': 'left the cluster',
}

/**
 * `LeaseRow.stopped` of a living lease. Null while a primary counts, and for a lease granted after
 * the last primary stopped.
 */
export function stoppedOf(
  { ledger, last }: Scene,
  lease: LeaseId,
  ttlSeconds: number,
): StoppedCountdown | null {
  const primaries = new Map<string, Promotion>()
  let stop: { event: CountEvent; promotion: Promotion } | null = null
  for (const event of ledger.counts.slice(0, countUntil(ledger.counts, last))) {
    const promotion = primaries.get(event.member)
    if (event.type === 'promoted') {
      primaries.set(event.member, event)
      stop = null
    } else if (promotion !== undefined) {
      primaries.delete(event.member)
      if (primaries.size === 0) stop = { event, promotion }
    }
  }
  if (stop === null || stop.event.type === 'promoted') return null
  const { event, promotion } = stop
  const grant = ledger.grantOf(lease, event.id)
  if (grant === undefined) return null
  const renewal = ledger.renewalOf(lease, event.id)
  const set = renewal !== undefined && renewal.id > grant.id ? renewal : grant
  const deadline = promotion.id > set.id ? deadlineBy(promotion, lease, ttlSeconds) : set.deadline
  return {
    left: Math.max(0, deadline - event.at),
    at: event.at,
    because: `${event.member} ${words[stop.event.type]}`,
  }
}

/** A new primary gives the whole TTL and an extension, or the times in its event. */
function deadlineBy(
  { at, extendMs, otherwise = [] }: Promotion,
  lease: LeaseId,
  ttlSeconds: number,
): number {
  return otherwise.find(([id]) => id === lease)?.[1] ?? at + ttlSeconds * 1000 + extendMs
}
