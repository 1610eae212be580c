// The timeline of a run for one window of time and one window of rows. It is a pure function of the
// ledger. Rows that begin after the cursor are left out. The played future of a row is sent, and
// the page does not show it.

import type { LeaseId } from '../base/rpc'
import { countWhile } from '../base/search'
import { speakerOf } from '../base/speaker'
import type { ViolationMark } from './invariants'
import { breaches } from './tape/breaches'
import type { Lifetime } from './tape/lifetimes'
import { loadOf } from './tape/load'
import type { LaneName, Tape, TapeInterest, TapeLane, TapeLease, TapeRow } from './tape/rows'
import { LANE_NAMES } from './tape/rows'
import { insideSpans } from './tape/sections'
import { trueTime } from './tape/spacing'
import type { TapeLedger } from './tape/tape-ledger'
import type { View } from './tape/thinning'
import { marksIn, spansIn, thinned, viewOf } from './tape/thinning'
import type { Mark, Span, Track } from './tape/track'
import { touching } from './tape/track'

/** The most living leases with a tall row each. */
export const MOST_TALL = 12

/** A row before it is thinned to the window. */
type Draft = Pick<Track, 'id' | 'label' | 'from' | 'marks'> & {
  spans: readonly Span[]
  group?: string
  life?: Lifetime
}

/** The requested timeline. `now` is the cursor, `violations` the breaches in the whole run. */
export function tapeOf(
  ledger: TapeLedger,
  interest: TapeInterest,
  now: number,
  violations: readonly ViolationMark[],
): Tape {
  const axis = interest.spacing === 'true' ? trueTime : ledger.spacing
  const { from, to, widthPx } = interest
  const view = viewOf(axis, from, to, widthPx)
  const { leases } = ledger.lanes
  const live = leases.living[countWhile(leases.marks, ({ at }) => at <= now) - 1] ?? 0
  const many = live > MOST_TALL
  const lanes = draftsOf(ledger, now, many, violations)
  return {
    spacing: interest.spacing,
    from,
    to,
    axis: axis.window(from, to, widthPx),
    place: axis.placeOf(now),
    lanes: LANE_NAMES.map((name) => laneOf(ledger, view, name, lanes[name], interest)),
    many,
    live,
    load: many ? loadOf(leases, view) : null,
    chosen: chosenOf(ledger, view, interest.chosen, lanes.leases, now),
  }
}

/** A number that changes when the same interest would give another timeline at that cursor. */
export function tapePlaceAt({ lanes }: TapeLedger, now: number): number {
  return Object.values(lanes).reduce(
    (sum, lane) => sum + ('marks' in lane ? countWhile(lane.marks, ({ at }) => at <= now) : 0),
    0,
  )
}

function draftsOf(
  { lanes }: TapeLedger,
  now: number,
  many: boolean,
  violations: readonly ViolationMark[],
): Record<LaneName, readonly Draft[]> {
  const { leader, leases, keys, locks, sections, heartbeats, terminals, faults } = lanes
  const begun = <T extends { from: number }>(tracks: readonly T[]): readonly T[] =>
    tracks.slice(
      0,
      countWhile(tracks, ({ from }) => from <= now),
    )
  const isLock = (key: string): boolean => locks.has(key) || sections.has(key)
  const broken = breaches(violations)
  const lifetimes = begun(leases.tracks as readonly Lifetime[])
  return {
    leader: leader.tracks,
    leases: (many ? byTimeLeft(lifetimes, leases.deadlineAt.bind(leases), now) : lifetimes).map(
      (life) => ({
        ...life,
        life,
      }),
    ),
    keys: begun(keys.tracks).filter(({ id }) => !isLock(id)),
    locks: lockDrafts(lanes).filter(({ from }) => from <= now),
    heartbeats: begun(heartbeats.tracks),
    terminals: begun(terminals.tracks),
    faults: begun(faults.tracks),
    rules: broken === null ? [] : begun([broken]),
  }
}

/**
 * The living leases at an instant: those that are due first come first, uncounted leases come last.
 */
function byTimeLeft(
  lifetimes: readonly Lifetime[],
  deadlineAt: (life: Lifetime, at: number) => number,
  now: number,
): Lifetime[] {
  return lifetimes
    .filter(({ to }) => to > now)
    .map((life) => ({ life, deadline: deadlineAt(life, now) }))
    .sort((a, b) =>
      a.deadline === b.deadline ? a.life.from - b.life.from : a.deadline - b.deadline,
    )
    .map(({ life }) => life)
}

/** Each lock with its holder by the store, then each client that was ever inside. */
function lockDrafts({ locks, sections, leases }: TapeLedger['lanes']): Draft[] {
  const names = new Set([...locks.tracks.map(({ id }) => id), ...sections.names])
  return [...names].flatMap((name): Draft[] => {
    const store = locks.tracks.find(({ id }) => id === name) ?? locks.plain(name)
    const rows: Draft[] = store === null ? [] : [{ ...store, group: name }]
    for (const stay of sections.staysIn(name))
      rows.push({ ...stay, group: name, spans: insideSpans(stay, leases) })
    const [first] = rows
    if (first !== undefined) first.spans = [...first.spans, ...sections.twoIn(name)]
    return rows
  })
}

function laneOf(
  ledger: TapeLedger,
  view: View,
  lane: LaneName,
  drafts: readonly Draft[],
  interest: TapeInterest,
): TapeLane {
  const wanted = interest.lanes.find((each) => each.lane === lane)
  const total = drafts.length
  const from = Math.max(0, Math.min(wanted?.from ?? 0, total - 1))
  const rows = drafts
    .slice(from, from + (wanted?.count ?? 0))
    .map((draft) => rowOf(ledger, view, draft))
  return { lane, total, from, rows }
}

function rowOf(
  ledger: TapeLedger,
  view: View,
  { id, label, group, from, spans, marks, life }: Draft,
): TapeRow {
  const { leases } = ledger.lanes
  return {
    id,
    label,
    group: group ?? null,
    from,
    spans: spansIn(
      view,
      life === undefined
        ? touching(spans, view.from, view.to)
        : leases.spansOf(life, view.from, view.to),
    ),
    marks: marksIn(view, marks as Mark[]),
    lease: life === undefined ? null : leaseOf(ledger, view, life),
  }
}

function leaseOf({ lanes }: TapeLedger, view: View, life: Lifetime): TapeLease {
  const { leases, beliefs, keys, locks, sections } = lanes
  const of = beliefs
    .beliefsIn(life.lease)
    .filter(({ from, to }) => from <= life.to && to >= life.from)
  return {
    ttlSeconds: life.ttlSeconds,
    ended: endOf(life),
    key: keys.firstOn(life.lease, (key) => !locks.has(key) && !sections.has(key)),
    client: beliefs.ownerOf(life.lease),
    teeth: thinned(view, leases.teethOf(life, view.from, view.to)),
    beliefs: of.map((belief) => ({
      client: speakerOf(belief.client),
      teeth: thinned(view, beliefs.teethOf(belief, view.from, view.to)),
      wrong: Float64Array.from(
        beliefs
          .wrongOf(belief)
          .filter(({ from, to }) => from <= view.to && to >= view.from)
          .flatMap(({ from, to }) => [from, to]),
      ),
    })),
  }
}

function endOf({ to, marks }: Lifetime): TapeLease['ended'] {
  if (to === Number.POSITIVE_INFINITY) return null
  return { at: to, kind: marks.some(({ kind }) => kind === 'revoked') ? 'revoked' : 'expired' }
}

function chosenOf(
  ledger: TapeLedger,
  view: View,
  id: string | null,
  drafts: readonly Draft[],
  now: number,
): Tape['chosen'] {
  const life = id === null ? undefined : ledger.lanes.leases.lifetimeAt(id as LeaseId, now)
  if (life === undefined) return null
  const index = drafts.findIndex((draft) => draft.life === life)
  return { row: rowOf(ledger, view, { ...life, life }), index: index < 0 ? null : index }
}
