// A run at its cursor, and the member that represents the cluster.

import type { EventId } from '../base/trace'
import type { LeaseInfo } from '../lease/lessor'
import { FOREVER } from '../lease/lessor'
import type { Member } from '../member/member'
import type { Simulation } from '../sim/simulation'
import type { Ledger } from './ledger'

/** A run at its cursor. */
export interface Scene {
  sim: Simulation
  ledger: Ledger
  /** The last event before the cursor. */
  last: EventId
}

/**
 * The member whose store and lessor represent the cluster: the primary. Without a primary, the
 * member that is up and has applied most.
 */
export function authority(sim: Simulation): Member {
  const up = sim.servers.filter(({ state }) => state !== 'down').map(({ member }) => member)
  const primaries = up.filter(({ lessor }) => lessor.isPrimary).sort((a, b) => b.term - a.term)
  const applied = (member: Member): number => member.consensus.applied
  return primaries[0] ?? up.sort((a, b) => applied(b) - applied(a))[0] ?? sim.members[0]!
}

/** Whether no running member's lessor is primary, so that no lease expires at any time. */
export function nobodyCounts(sim: Simulation): boolean {
  return sim.servers.every(({ member, state }) => state === 'down' || !member.lessor.isPrimary)
}

/**
 * When (virtual ms) a lease is due; null while no lessor counts. A member that is down keeps its
 * last deadlines, which no member checks.
 */
export function deadlineOf(sim: Simulation, { deadline }: LeaseInfo): number | null {
  return deadline === FOREVER || nobodyCounts(sim) ? null : deadline
}
