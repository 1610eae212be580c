// The race in a frozen leader that resumes. Its expiry loop, the 16 goroutines that revoke, and
// Raft run concurrently in etcd (lessor.go: runLoop; server.go: revokeExpiredLeases, run). Recorded
// with 40 leases that clients had renewed with the new leader, in every version:
//
//   the loop is behind: the messages of the new leader come first, and the lessor is demoted
//     ─▶ no lease is revoked
//   it checks that it still leads, from 3.5.13 on, before its first tick
//     ─▶ no lease is revoked
//   revokes meet a follower, which forwards them to the new leader
//     ─▶ 39 or 40 leases end at once
//   the first revokes meet the old leader and are lost
//     ─▶ 25 at once; or 24, once the 16 places are free after 7 s
//
// The check does not help against a freeze: after the first tick the member trusts its leadership
// (server.go: isActive). Five leases or fewer mostly live, because the old leader proposes all of
// their revokes to itself.

import type { Random } from '../base/random'
import type { Differences } from './versions'

/**
 * The outcome of the race. `first`: the number of revokes proposed before the messages of the
 * others arrive. The rest is proposed after them.
 */
export type WokenPass = { type: 'behind' } | { type: 'asks' } | { type: 'proposes'; first: number }

/** Chances out of 16, near those of 44 recorded runs. */
const CHANCES = { behind: 1, asks: 1, none: 1, one: 4, some: 1 } as const
const OUT_OF = 16
/** From this number of first revokes on all places are taken. */
const ALL_PLACES = 16

/** Draws the outcome of the race. It always takes two numbers. */
export function drawWokenPass(
  random: Random,
  { checksLeadership, trustsRecentTick }: Differences,
): WokenPass {
  let drawn = random.below(OUT_OF)
  const some = 2 + random.below(ALL_PLACES - 2)
  const isOneOf = (chances: number): boolean => {
    drawn -= chances
    return drawn < 0
  }
  if (isOneOf(CHANCES.behind)) return { type: 'behind' }
  if (isOneOf(CHANCES.asks)) return { type: checksLeadership ? 'asks' : 'behind' }
  // Without trust in a recent tick every batch checks the leadership (3.5.13 to 3.5.15).
  if (checksLeadership && !trustsRecentTick) return { type: 'asks' }
  if (isOneOf(CHANCES.none)) return { type: 'proposes', first: 0 }
  if (isOneOf(CHANCES.one)) return { type: 'proposes', first: 1 }
  return { type: 'proposes', first: isOneOf(CHANCES.some) ? some : ALL_PLACES }
}
