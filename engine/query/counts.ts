// A few numbers about many leases, and the breach of mutual exclusion. The page shows them instead
// of lists.

import type { Exclusion, Rates } from './rows'
import type { Scene } from './scene'
import { authority } from './scene'
import { countUntil } from './until'

/** Virtual ms over which rates are counted. */
const SECOND = 1000

/**
 * How many leases live, by the member that represents the cluster, and how many have ended by the
 * cursor.
 */
export function leaseCounts({ sim, ledger, last }: Scene): { live: number; ended: number } {
  return { live: authority(sim).lessor.size, ended: countUntil(ledger.leaseEnds, last) }
}

/** Renewals and ends of leases within the second before the cursor. */
export function ratesOf({ sim, ledger, last }: Scene): Rates {
  const rates = { renewals: 0, revokes: 0 }
  for (let i = countUntil(ledger.marks, last) - 1; i >= 0; i--) {
    const { type, at } = ledger.marks[i]!
    if (at <= sim.now - SECOND) break
    if (type === 'lease-renewed') rates.renewals++
    if (type === 'lease-revoked') rates.revokes++
  }
  return rates
}

/** The first time that two clients were in one section; null before that time. */
export function exclusionOf({ ledger, last }: Scene): Exclusion | null {
  const [clash] = ledger.clashes
  if (clash === undefined || clash.id > last) return null
  const { at, id: event, section } = clash
  return { at, event, section, until: ledger.sections.crowdedUntil(section, event, last) }
}
