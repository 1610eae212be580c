// Two branches side by side. Both halves keep the same position for the same item, even if one half
// lacks the item.

import type {
  Belief,
  Beside,
  CompareView,
  PaneGone,
  PaneLease,
  PaneView,
} from '../../engine/worker/protocol'
import type { BeliefState } from './belief'
import { clockText } from './figures'

/** The items that each half has a position for, in this order. */
export interface CompareRows {
  clients: string[]
  members: string[]
  leases: string[]
  locks: string[]
  storage: boolean
}

/** Rows that fit in a half. */
const MOST = { clients: 4, members: 7, leases: 4, locks: 2 }

export function compareRows({ here, there }: Pick<CompareView, 'here' | 'there'>): CompareRows {
  const both = (part: (pane: PaneView) => readonly { id: string }[], most: number): string[] =>
    [...new Set([...part(here), ...part(there)].map(({ id }) => id))].slice(0, most)
  const believed = ({ is: { beliefs, program } }: PaneView['clients'][number]) =>
    beliefs.length > 0 || program !== null
  const others = both(({ clients }) => clients.filter(believed), MOST.clients)
  // A client whose library differs on the other side comes first, at all times of both runs.
  const changed = here.clients
    .flatMap(({ id, differs }) => (differs?.includes('library') ? [id] : []))
    .sort()
    .slice(0, MOST.clients)
  return {
    clients: [...changed, ...others.filter((id) => !changed.includes(id)).sort()].slice(
      0,
      MOST.clients,
    ),
    members:
      here.members.length > 1 || there.members.length > 1
        ? both(({ members }) => members, MOST.members)
        : [],
    leases: leaseIds(here, there).slice(0, MOST.leases),
    locks: both(({ locks }) => locks, MOST.locks).sort(),
    storage: here.storage.length + there.storage.length > 0,
  }
}

/**
 * Leases that live on either side, and ended leases that a client on one side still believes in.
 * Sorted by grant number.
 */
function leaseIds(here: PaneView, there: PaneView): string[] {
  const names = new Map<string, string>()
  for (const { leases, gone, clients } of [here, there]) {
    for (const { id, is } of leases) names.set(id, is.name)
    const believed = new Set(clients.flatMap(({ is }) => is.beliefs.map(({ lease }) => lease)))
    for (const { id, name } of gone) if (believed.has(id)) names.set(id, name)
  }
  const number = (id: string): number => Number(names.get(id)?.slice(1))
  return [...names.keys()].sort((a, b) => number(a) - number(b))
}

/** The state of a lease in one half: living, ended, or never granted. */
export type CompareLease = { lease: Beside<PaneLease> } | { gone: PaneGone } | null

export function leaseOf({ leases, gone }: PaneView, id: string): CompareLease {
  const lease = leases.find((each) => each.id === id)
  if (lease) return { lease }
  const ended = gone.find((each) => each.id === id)
  return ended ? { gone: ended } : null
}

/** Whether the two sides differ about a lease. */
export function leaseDiffers(mine: CompareLease, other: CompareLease): boolean {
  if (mine === null || other === null) return mine !== other
  if ('lease' in mine) return mine.lease.differs === null || mine.lease.differs.length > 0
  return 'lease' in other || mine.gone.at !== other.gone.at
}

/** A client's belief in one line. */
export function compareWords({ name, until }: Belief, state: BeliefState): string {
  switch (state) {
    case 'acts':
      return `its lease ${name} is gone`
    case 'holds':
      return until === null ? `holds ${name}` : `believes ${name} until ${clockText(until)}`
    case 'frozen':
      return `frozen with ${name}`
    case 'over':
      return `${name} is over by its clock`
    case 'told':
      return `was told: ${name} is gone`
    case 'gave-up':
      return `gave up ${name}`
    case 'waiting':
      return 'waits for its lease'
    case 'down':
      return 'is down'
  }
}
