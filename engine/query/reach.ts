// Which members are connected: how many voters a member can exchange messages with, and since when
// it waits for a message from a leader.

import type { Server } from '../sim/servers'
import type { Simulation } from '../sim/simulation'
import type { Scene } from './scene'

/** Heartbeats without a message from the leader after which a member counts as waiting for one. */
const PATIENCE_HEARTBEATS = 1.5

/**
 * How many of the voters can exchange messages with a member now, itself included; 0 where it does
 * not run.
 */
export function reachOf(
  sim: Simulation,
  { member, state }: Server,
  voters: ReadonlySet<string>,
): number {
  if (state !== 'up') return 0
  const { name } = member.options
  const hears = (other: string): boolean =>
    other === name || (sim.arrives(name, other) && sim.arrives(other, name))
  return sim.servers.filter((other) => {
    const { ID, name: to } = other.member.options
    return other.state === 'up' && voters.has(ID) && hears(to)
  }).length
}

/** `MemberView.silentSince`. */
export function silentSince(
  { sim, ledger, last }: Scene,
  { member, state }: Server,
  voters: ReadonlySet<string>,
): number | null {
  const { options, consensus } = member
  if (state !== 'up' || consensus.isLeader || !voters.has(options.ID)) return null
  const heardAt = ledger.hearing.heardAt(options.name, last)
  if (heardAt === null) return null
  const isPatient =
    consensus.lead !== null && sim.now - heardAt <= PATIENCE_HEARTBEATS * sim.config.heartbeatMs
  return isPatient ? null : heardAt
}
