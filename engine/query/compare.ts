// Two branches of a run at one time: their first difference, and their differences now.

import type { Violation } from '../check/violation'
import { traceLine } from '../text/describe'
import type { Ledger } from './ledger'
import type { Beside, PaneView, Whole } from './pane'
import { wholeOf } from './pane'
import type { LogLine } from './rows'
import type { Scene } from './scene'
import { logLine } from './views'

export interface CompareView {
  /** The compared branch, and its name. */
  with: number
  name: string
  /**
   * The first event that only one branch has. Null while both are identical. A side is null where
   * no further event happens.
   */
  parting: { here: LogLine | null; there: LogLine | null } | null
  /** Both branches at the cursor. */
  here: PaneView
  there: PaneView
  /**
   * How many things differ at the cursor, including things on one side only and unlisted things.
   */
  different: number
  /** How many things of both sides are not listed. */
  more: number
}

/**
 * One side: its scene, how far it has been played (virtual ms), and the breaches that its checks
 * found.
 */
export interface Side {
  scene: Scene
  end: number
  checks: { violations: readonly Violation[]; seen: number }
}

const MOST = 12

/** `here` and `there` are at the same time. */
export function compare(here: Side, there: Side, of: { id: number; name: string }): CompareView {
  const [a, b] = [wholeOf(here.scene, here.checks), wholeOf(there.scene, there.checks)]
  const counts = { different: 0, more: 0 }
  const [left, right] = [paneOf(a, b, here.end, counts), paneOf(b, a, there.end, counts)]
  // A thing that differs is on both sides, so it was counted twice.
  const alone = [left, right].reduce((sum, pane) => sum + pane.alone, 0)
  return {
    with: of.id,
    name: of.name,
    parting: partingOf(here.scene.ledger, there.scene.ledger),
    here: left.pane,
    there: right.pane,
    different: (counts.different - alone) / 2 + alone,
    more: counts.more,
  }
}

/**
 * The first different line of the two logs. Shared events are the same objects, so a long past
 * costs nothing to read.
 */
function partingOf(here: Ledger, there: Ledger): CompareView['parting'] {
  for (let i = 0; i < here.log.length || i < there.log.length; i++) {
    const [a, b] = [here.log[i], there.log[i]]
    if (
      a === b ||
      (a !== undefined && b !== undefined && traceLine(a, here.names) === traceLine(b, there.names))
    )
      continue
    return {
      here: a === undefined ? null : logLine(a, here.names),
      there: b === undefined ? null : logLine(b, there.names),
    }
  }
  return null
}

function paneOf(
  mine: Whole,
  others: Whole,
  end: number,
  counts: { different: number; more: number },
): { pane: PaneView; alone: number } {
  let alone = 0
  function part<T>(
    list: readonly { id: string; is: T; facets: Record<string, unknown> }[],
    other: typeof list,
  ): Beside<T>[] {
    const there = new Map(other.map((each) => [each.id, each.facets]))
    const marked = list.map(({ id, is, facets }): Beside<T> => {
      const facetsThere = there.get(id)
      if (facetsThere === undefined) return { id, is, differs: null }
      return {
        id,
        is,
        differs: Object.keys(facets).filter(
          (name) => JSON.stringify(facets[name]) !== JSON.stringify(facetsThere[name]),
        ),
      }
    })
    alone += marked.filter(({ differs }) => differs === null).length
    counts.different += marked.filter(
      ({ differs }) => differs === null || differs.length > 0,
    ).length
    counts.more += Math.max(0, marked.length - MOST)
    if (marked.length <= MOST) return marked
    // In a long list, the different things come first.
    return [...marked.filter(isDifferent), ...marked.filter((each) => !isDifferent(each))].slice(
      0,
      MOST,
    )
  }
  const pane: PaneView = {
    end,
    nobodyCounts: mine.nobodyCounts,
    members: part(mine.members, others.members),
    leases: part(mine.leases, others.leases),
    keys: part(mine.keys, others.keys),
    clients: part(mine.clients, others.clients),
    locks: part(mine.locks, others.locks),
    storage: part(mine.storage, others.storage),
    gone: mine.gone,
    broken: part(mine.broken, others.broken),
  }
  return { pane, alone }
}

/** The differences of the two sides, as a text that changes with any difference. */
export function differencesIn({ here, there }: CompareView): string {
  const inPane = (pane: PaneView): unknown =>
    PARTS.map((part) => pane[part].filter(isDifferent).map(({ id, differs }) => [id, differs]))
  return JSON.stringify([here, there].map(inPane))
}

const PARTS = ['members', 'leases', 'keys', 'clients', 'locks', 'broken'] as const

function isDifferent({ differs }: Beside<unknown>): boolean {
  return differs === null || differs.length > 0
}
