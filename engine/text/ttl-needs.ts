// The inputs of the TTL calculator, and the names of its figures. scenario/what-ttl.ts computes
// them.

import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'

/** Times in ms, except the TTL. */
export interface TtlNeeds {
  ttlSeconds: number
  /** Between a client and the leader. */
  roundTripMs: number
  /** Between two keep-alives; null: as clientv3, after a third of the TTL. */
  keepAliveMs: number | null
  /** The longest pause of a client that its lease should survive. */
  pauseMs: number
  /** The election timeout of the members; their heartbeat is a tenth of it. */
  electionMs: number
  /** The number of clients, with one lease each. */
  clients: number
  etcd: EtcdVersion
}

export const FIRST_NEEDS: TtlNeeds = {
  ttlSeconds: 10,
  roundTripMs: 60,
  keepAliveMs: null,
  pauseMs: 3000,
  electionMs: 1000,
  clients: 100,
  etcd: '3.6',
}

/** The minimum and maximum of each number. */
export const NEEDS_LIMITS = {
  ttlSeconds: { min: 1, max: 120 },
  roundTripMs: { min: 0, max: 1000 },
  keepAliveMs: { min: 100, max: 60_000 },
  pauseMs: { min: 0, max: 60_000 },
  electionMs: { min: 500, max: 5000 },
  clients: { min: 1, max: 100_000 },
} as const

export type FigureName = 'notice' | 'pause' | 'unusable' | 'leader' | 'renewals'

/** The fault of the inputs, as a sentence; null for valid ones. */
export function needsFault(needs: TtlNeeds): string | null {
  for (const [name, { min, max }] of Object.entries(NEEDS_LIMITS)) {
    const value = needs[name as keyof typeof NEEDS_LIMITS]
    if (value === null && name === 'keepAliveMs') continue
    if (value === null || !Number.isInteger(value) || value < min || value > max)
      return `${name}: expected a whole number from ${min} to ${max} (got ${value})`
  }
  return ETCD_VERSIONS.includes(needs.etcd)
    ? null
    : `etcd: expected ${ETCD_VERSIONS.join(', ')} (got ${needs.etcd})`
}
