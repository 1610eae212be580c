import type { LeaseRow } from '../../engine/worker/protocol'

/** What a lease looks like at an instant: always a shape and a word, never a colour alone. */
export type LeaseLook = 'live' | 'soon' | 'expired' | 'gone' | 'uncounted'

export interface LookWords {
  glyph: string
  word: string
}

export const lookWords: Record<LeaseLook, LookWords> = {
  live: { glyph: '●', word: 'live' },
  soon: { glyph: '▲', word: 'expiring soon' },
  expired: { glyph: '◆', word: 'expired, revoke pending' },
  gone: { glyph: '○', word: 'gone' },
  uncounted: { glyph: '◌', word: 'nobody is counting' },
}

/** The share of its TTL under which a lease counts as expiring soon. */
const SOON = 0.25

type Counted = Pick<LeaseRow, 'state' | 'deadline' | 'ttlSeconds'>

/** `expired` from the deadline on, even before the primary's loop has noticed: a bar never goes below zero. */
export function lookOf(lease: Counted, now: number): LeaseLook {
  if (lease.state !== 'live') return lease.state
  if (lease.deadline === null) return 'uncounted'
  const left = lease.deadline - now
  if (left <= 0) return 'expired'
  return left < lease.ttlSeconds * 1000 * SOON ? 'soon' : 'live'
}

/** Virtual ms until the deadline, never negative; null where there is nothing to count down. */
export function remainingMs(deadline: number | null, now: number): number | null {
  return deadline === null ? null : Math.max(0, deadline - now)
}
