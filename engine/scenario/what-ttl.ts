// Calculates a TTL: worst cases from etcd's rules, as sums with named parts. worker/ttl-figures.ts
// plays the run of each sum and measures it.

import { CLIENTV3 } from '../client/libraries/clientv3'
import { minTtlSeconds } from '../lease/lessor'
import { ROWS } from '../member/versions'
import type { TtlNeeds } from '../text/ttl-needs'
import { NEEDS_LIMITS } from '../text/ttl-needs'

/**
 * `to the leader`, `news`: half a round trip. `agreement`, `reads`: the members agree. `pass`: the
 * primary checks twice a second.
 */
export type PartName =
  | 'TTL'
  | 'to the leader'
  | 'pass'
  | 'agreement'
  | 'news'
  | 'reads'
  | 'election'
  | 'extension'
  | 'keep-alive'

/** A sum. A negative part is subtracted. */
export interface Sum {
  parts: readonly { part: PartName; ms: number }[]
  ms: number
}

/** Milliseconds between two passes over the expired leases (lessor.go: runLoop). */
const PASS_MS = 500
/** One way between members. */
export const PEER_LATENCY_MS = 5
const PEER_ROUND_TRIP_MS = 2 * PEER_LATENCY_MS
/** The duration of a step of a client's program in a run. */
const STEP_MS = 1

/** The members' heartbeat and election timeout in ms: the timeout is ten heartbeats. */
export function timesOf({ electionMs }: Pick<TtlNeeds, 'electionMs'>): {
  heartbeatMs: number
  electionMs: number
} {
  const heartbeatMs = Math.floor(electionMs / 10)
  return { heartbeatMs, electionMs: heartbeatMs * 10 }
}

/**
 * The TTL in seconds that etcd grants: a TTL below one and a half election timeouts is raised
 * (lessor.go: Grant).
 */
export function grantedTtl(needs: Pick<TtlNeeds, 'ttlSeconds' | 'electionMs'>): number {
  const { heartbeatMs, electionMs } = timesOf(needs)
  return Math.max(needs.ttlSeconds, minTtlSeconds(heartbeatMs, electionMs))
}

/** One way, whole milliseconds. */
export function oneWay({ roundTripMs }: Pick<TtlNeeds, 'roundTripMs'>): number {
  return Math.ceil(roundTripMs / 2)
}

/**
 * The longest time between two keep-alives of a client, in ms. clientv3 waits a third of the TTL
 * from each answer on, and checks twice a second (lease.go: sendKeepAliveLoop).
 */
export function keepAliveGap(
  needs: Pick<TtlNeeds, 'ttlSeconds' | 'electionMs' | 'roundTripMs' | 'keepAliveMs'>,
): number {
  if (needs.keepAliveMs !== null) return needs.keepAliveMs
  const third = Math.floor((grantedTtl(needs) * 1000) / 3)
  return Math.ceil((2 * oneWay(needs) + third) / CLIENTV3.sendLoopMs) * CLIENTV3.sendLoopMs
}

/**
 * The longest time from a client's death to the end of its lease. In the worst case the client dies
 * just after it has sent a keep-alive.
 */
export function noticeMs(needs: TtlNeeds): Sum {
  return sum(
    ['to the leader', oneWay(needs)],
    ['TTL', grantedTtl(needs) * 1000],
    ['pass', PASS_MS],
    ['agreement', PEER_ROUND_TRIP_MS],
  )
}

/**
 * The lease survives a pause of this length that begins at any time; 0 if the keep-alives come too
 * late already. In the worst case the pause begins just before a keep-alive.
 */
export function pauseMs(needs: TtlNeeds): Sum {
  const survived = sum(['TTL', grantedTtl(needs) * 1000], ['keep-alive', -keepAliveGap(needs)])
  return survived.ms >= 0 ? survived : { ...survived, ms: 0 }
}

/** The longest time from the death of a lock's holder until the next client enters. */
export function unusableMs(needs: TtlNeeds): Sum {
  // A waiter reads the queue. Since 3.5 it also reads its own key.
  const count = ROWS.mutexChecksSession[needs.etcd] ? 2 : 1
  const reads = count * (2 * oneWay(needs) + PEER_ROUND_TRIP_MS) + STEP_MS
  return sum(...partsOf(noticeMs(needs)), ['news', oneWay(needs)], ['reads', reads])
}

/**
 * The longest time from a client's death to the end of its lease if the leader dies just before the
 * end. The new leader starts the TTL again, and adds an election timeout (lessor.go: Promote). A
 * split vote costs one more election.
 */
export function leaderMs(needs: TtlNeeds): Sum {
  const { electionMs } = timesOf(needs)
  return sum(
    ['to the leader', oneWay(needs)],
    ['TTL', grantedTtl(needs) * 1000],
    ['pass', PASS_MS],
    ['election', 2 * electionMs + 2 * PEER_ROUND_TRIP_MS],
    ['extension', electionMs],
    ['TTL', grantedTtl(needs) * 1000],
    ['pass', PASS_MS],
    ['agreement', PEER_ROUND_TRIP_MS],
  )
}

/**
 * Keep-alives a second of all clients. clientv3 repeats a request on each of its turns until an
 * answer comes.
 */
export function renewalsPerSecond(needs: TtlNeeds): number {
  const sent =
    needs.keepAliveMs === null
      ? Math.max(1, Math.ceil((2 * oneWay(needs)) / CLIENTV3.sendLoopMs))
      : 1
  return (needs.clients * sent * 1000) / (keepAliveGap(needs) + (sent - 1) * CLIENTV3.sendLoopMs)
}

/**
 * The least TTL (seconds) that survives the pause at any time; null if no TTL up to the greatest
 * one does.
 */
export function leastTtl(needs: TtlNeeds): number | null {
  for (let ttlSeconds = 1; ttlSeconds <= NEEDS_LIMITS.ttlSeconds.max; ttlSeconds++) {
    const other = { ...needs, ttlSeconds }
    if (
      grantedTtl(other) === ttlSeconds &&
      grantedTtl(other) * 1000 - keepAliveGap(other) >= needs.pauseMs
    )
      return ttlSeconds
  }
  return null
}

function sum(...parts: [PartName, number][]): Sum {
  return {
    parts: parts.map(([part, ms]) => ({ part, ms })),
    ms: parts.reduce((total, [, ms]) => total + ms, 0),
  }
}

function partsOf({ parts }: Sum): [PartName, number][] {
  return parts.map(({ part, ms }) => [part, ms])
}
