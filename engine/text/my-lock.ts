// The settings of a user's own lock: their meaning, their limits, and the program of both clients.
// scenario/my-lock.ts makes a run of them.

import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'

/**
 * The fault of the leader m1: none, SIGKILL, SIGTERM, SIGSTOP, or a cut from all others. The fault
 * does not end.
 */
export const LEADER_TROUBLES = ['stays', 'crashes', 'stops', 'freezes', 'is cut off'] as const
export type LeaderTrouble = (typeof LEADER_TROUBLES)[number]

export interface MyLock {
  /** The TTL of both clients' leases. etcd raises a TTL below its minimum. */
  ttlSeconds: number
  /** The length of client a's pause, and its start (virtual ms). 0: no pause. */
  stallMs: number
  stallFromMs: number
  leader: LeaderTrouble
  /** The time of the fault (virtual ms). */
  leaderAtMs: number
  /** Between a client and a member, or the storage. An odd value counts as the next even one. */
  roundTripMs: number
  etcd: EtcdVersion
  /** The storage refuses a token lower than the highest token so far. */
  checkTokens: boolean
  /**
   * Before each write the program checks, by the client's own clock, whether its lease is alive. If
   * not, it leaves the section.
   */
  looks: boolean
}

export const FIRST_LOCK: MyLock = {
  ttlSeconds: 10,
  stallMs: 19_500,
  stallFromMs: 500,
  leader: 'stays',
  leaderAtMs: 2000,
  roundTripMs: 60,
  etcd: '3.6',
  checkTokens: false,
  looks: false,
}

/** The same without a stall: the lock works normally. */
export const CALM_LOCK: MyLock = { ...FIRST_LOCK, stallMs: 0 }

/** The minimum and maximum of each number. */
export const LOCK_LIMITS = {
  ttlSeconds: { min: 1, max: 120 },
  stallMs: { min: 0, max: 180_000 },
  stallFromMs: { min: 0, max: 60_000 },
  leaderAtMs: { min: 0, max: 60_000 },
  roundTripMs: { min: 0, max: 2000 },
} as const

export type LockNumber = keyof typeof LOCK_LIMITS
const NUMBERS = Object.keys(LOCK_LIMITS) as LockNumber[]

/** The section, and the name of the lock's keys. */
export const MY_SECTION = '/job'

/** The fault of the settings, as a sentence; null for valid ones. */
export function lockFault(lock: MyLock): string | null {
  for (const name of NUMBERS) {
    const [value, { min, max }] = [lock[name], LOCK_LIMITS[name]]
    if (!Number.isInteger(value) || value < min || value > max)
      return `${name}: expected a whole number from ${min} to ${max} (got ${value})`
  }
  if (!LEADER_TROUBLES.includes(lock.leader))
    return `leader: expected ${LEADER_TROUBLES.join(', ')} (got ${lock.leader})`
  return ETCD_VERSIONS.includes(lock.etcd)
    ? null
    : `etcd: expected ${ETCD_VERSIONS.join(', ')} (got ${lock.etcd})`
}

/** The program of both clients: a lock on a lease, held for good, with a write each second. */
export function lockProgram({ ttlSeconds, looks }: Pick<MyLock, 'ttlSeconds' | 'looks'>): string {
  const lines = [
    `lease = grant ${ttlSeconds}`,
    'keep lease',
    `token = lock ${MY_SECTION} with lease`,
    `enter ${MY_SECTION}`,
    'work:',
    'sleep 1s',
    ...(looks ? ['if not live lease goto out'] : []),
    'ok = write from-$me with token token',
    'goto work',
    ...(looks ? ['out:', 'leave'] : []),
  ]
  return lines.join('\n')
}

/**
 * Time for elections, passes of the expiry loop, and calls that wait for their deadlines (virtual
 * ms).
 */
const SETTLED_MS = 20_000

/** The end of such a run in virtual ms: all effects of the settings have occurred by then. */
export function lockLimit({
  ttlSeconds,
  stallMs,
  stallFromMs,
  leader,
  leaderAtMs,
}: MyLock): number {
  const troubled = Math.max(stallFromMs + stallMs, leader === 'stays' ? 0 : leaderAtMs)
  return troubled + ttlSeconds * 1000 + SETTLED_MS
}
