// Two futures of one story at one time: where they part, and in what they differ now.

import { text } from '../base/bytes'
import type { LeaseId } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { FOREVER } from '../lease/lessor'
import { traceLine } from '../text/describe'
import { labView } from './lab'
import type { LogLine } from './rows'
import type { Scene } from './views'
import { authority, logLine } from './views'

export interface CompareView {
  /** The branch compared with, and its name. */
  with: number
  name: string
  /** The first thing that happens in one and not in the other; null where nothing differs so far. A side is null where nothing more happens there. */
  parting: { here: LogLine | null; there: LogLine | null } | null
  leases: ComparedLease[]
  keys: Compared[]
  locks: Compared[]
  /** Rows beyond those that are listed. */
  more: number
}

/** One thing as it stands here and there, in words; null where it is not. */
export interface Compared {
  what: string
  here: string | null
  there: string | null
  same: boolean
}

/** Deadlines are virtual ms: what is left is computed by who draws. Null where nobody counts. */
export interface ComparedLease {
  id: string
  here: { ttlSeconds: number; deadline: number | null; keys: number } | null
  there: { ttlSeconds: number; deadline: number | null; keys: number } | null
  same: boolean
}

const MOST_ROWS = 50

/** `here` and `there` stand at the same time. */
export function compare(here: Scene, there: Scene, of: { id: number; name: string }): CompareView {
  const leases = leasesOf(here, there)
  const keys = keysOf(here, there)
  const locks = locksOf(here, there)
  return {
    with: of.id,
    name: of.name,
    parting: partingOf(here.ledger.log, there.ledger.log),
    leases: shown(leases),
    keys: shown(keys),
    locks: shown(locks),
    more: [leases, keys, locks].reduce((sum, rows) => sum + Math.max(0, rows.length - MOST_ROWS), 0),
  }
}

/** The first line of the two logs that is not the same. Shared events are the same objects, so that a long past costs nothing to read. */
function partingOf(here: readonly TraceEvent[], there: readonly TraceEvent[]): CompareView['parting'] {
  for (let i = 0; i < here.length || i < there.length; i++) {
    const [a, b] = [here[i], there[i]]
    if (a === b || (a !== undefined && b !== undefined && traceLine(a) === traceLine(b))) continue
    return { here: a === undefined ? null : logLine(a), there: b === undefined ? null : logLine(b) }
  }
  return null
}

function leasesOf(here: Scene, there: Scene): ComparedLease[] {
  const [a, b] = [here, there].map(({ sim }) => {
    const member = authority(sim)
    return new Map(
      member
        .leases()
        .map(({ id, ttlSeconds, deadline }) => [
          id,
          { ttlSeconds, deadline: deadline === FOREVER ? null : deadline, keys: member.lessor.keyCount(id) },
        ]),
    )
  }) as [Map<LeaseId, NonNullable<ComparedLease['here']>>, Map<LeaseId, NonNullable<ComparedLease['here']>>]
  return [...new Set([...a.keys(), ...b.keys()])].sort().map((id) => {
    const [x, y] = [a.get(id) ?? null, b.get(id) ?? null]
    return { id, here: x, there: y, same: JSON.stringify(x) === JSON.stringify(y) }
  })
}

function keysOf(here: Scene, there: Scene): Compared[] {
  return rows(here, there, ({ sim }) => {
    const { store } = authority(sim)
    return new Map(
      [...store.startingAt('')].map(({ key, value, lease }) => [
        text(key),
        `${text(value)}${lease === NO_LEASE ? '' : ` · lease …${lease.slice(-4)}`}`,
      ]),
    )
  })
}

function locksOf(here: Scene, there: Scene): Compared[] {
  return rows(here, there, (scene) => new Map(labView(scene).locks.map(({ name, holder, inside }) => [name, holderWords(holder, inside)])))
}

function holderWords(holder: { key: string; client: string | null; token: number } | null, inside: readonly string[]): string {
  const by = holder === null ? 'nobody holds it' : `held by ${holder.client ?? holder.key}, token ${holder.token}`
  return inside.length === 0 ? by : `${by}; in the section: ${inside.join(' and ')}`
}

function rows(here: Scene, there: Scene, of: (scene: Scene) => Map<string, string>): Compared[] {
  const [a, b] = [of(here), of(there)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().map((what) => {
    const [x, y] = [a.get(what) ?? null, b.get(what) ?? null]
    return { what, here: x, there: y, same: x === y }
  })
}

/** What differs comes first. */
function shown<T extends { same: boolean }>(list: readonly T[]): T[] {
  return [...list.filter(({ same }) => !same), ...list.filter(({ same }) => same)].slice(0, MOST_ROWS)
}
