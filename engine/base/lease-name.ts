import type { LeaseId } from './rpc'

/**
 * The name of a lease: L1 for the first grant of a run, L2 for the second. Without a grant (`grant`
 * is 0) the last four digits of its ID: `…6c01`.
 */
export function leaseName(grant: number, lease: LeaseId): string {
  return grant > 0 ? `L${grant}` : `…${lease.slice(-4)}`
}
