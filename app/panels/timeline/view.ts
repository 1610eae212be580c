// The rows of the timeline for a size and a scroll position, and the length of the picture after
// *now*.

import { useEffect, useMemo } from 'react'
import type { ShownRows, Tape, TapeInterest, WhyView } from '../../../engine/worker/protocol'
import { differing } from '../../draw/timeline/compare'
import { type Fork, forksOf } from '../../draw/timeline/forks'
import { headerWidth, type Layout, layoutOf, RULER_HEIGHT } from '../../draw/timeline/layout'
import { leaseNow } from '../../draw/timeline/lease-now'
import { narrowed } from '../../draw/timeline/narrowed'
import { inView, type Placed, wanted } from '../../draw/timeline/placed'
import { layoutPresented } from '../../draw/timeline/presented'
import type { Spacing } from '../../draw/timeline/window'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'

export interface Size {
  width: number
  height: number
}

export interface TimelineParts {
  tape: Tape | null
  there: Tape | null
  spacing: Spacing
  layout: Layout
  lines: readonly Placed[]
  /** The width of the row headers, in pixels. */
  left: number
  right: number
  view: number
  differ: ReadonlySet<string>
  partsAt: number | null
  forks: readonly Fork[]
  why: WhyView | null
  /** A question about a time is open or answered, so its flag needs room. */
  asksWhen: boolean
  /** The clients that run a program in the text form. */
  programs: ReadonlySet<string>
  /** The rows of the next request, and the same rows as text. */
  wanted: TapeInterest['lanes']
  wantedKey: string
}

/** The width of the row headers in Present, in pixels. A header is only a name. */
const presentHeader = (width: number): number => (width >= 900 ? 128 : 92)

const EMPTY: Layout = { lines: [], blocks: [], pinned: 0, height: 0 }

export function useTimelineParts(size: Size, scrollTop: number, spacing: Spacing): TimelineParts {
  const rowsShown = useShownRows()
  const whole = useRun((state) => state.tape)
  const tape = useMemo(() => whole && narrowed(whole, rowsShown), [whole, rowsShown])
  const present = useUi((state) => state.present)
  const compared = useRun((state) => (present ? null : state.compare))
  const beside = useRun((state) => state.tapeThere)
  const branches = useRun((state) => state.branches)
  const why = useRun((state) => state.why)
  const clients = useRun((state) => state.clients)
  const asksWhen = useRun(({ story }) => story?.ask?.kind === 'when')
  const there = useMemo(
    () => (compared === null || beside === null ? null : narrowed(beside, rowsShown)),
    [compared, beside, rowsShown],
  )
  const view = Math.max(0, size.height - RULER_HEIGHT)
  const names = clients.flatMap(({ id, program }) => (program === null ? [] : [id])).join(' ')
  const programs = useMemo(() => new Set(names.split(' ')), [names])
  const leader = rowsShown?.includes('leader') === true
  const layout = useMemo(
    () =>
      tape === null
        ? EMPTY
        : (present ? layoutPresented : layoutOf)(
            { here: tape, there, programs, leader },
            { height: view, width: size.width },
          ),
    [tape, there, programs, leader, present, view, size.width],
  )
  const top = Math.min(scrollTop, Math.max(0, layout.height - view))
  const lines = useMemo(
    () => inView(layout, top, view, tape?.chosen ?? null),
    [layout, top, view, tape],
  )
  const { run } = useApp()
  const differ = useMemo(
    () => (there === null ? new Set<string>() : differing(layout.lines, run.getState().now)),
    [there, layout, run],
  )
  const parting = compared?.parting
  const partsAt =
    compared === null || parting == null ? null : (parting.here?.at ?? parting.there?.at ?? null)
  const forks = useMemo(() => forksOf(branches), [branches])
  const rows = wanted(layout, top, view)
  const left = (present ? presentHeader : headerWidth)(size.width)
  return {
    programs,
    wanted: rows,
    wantedKey: rows.map(({ lane, from, count }) => `${lane} ${from} ${count}`).join(),
    tape,
    there,
    spacing,
    layout,
    lines,
    left,
    right: Math.max(left + 40, size.width - 20),
    view,
    differ,
    partsAt,
    forks,
    why,
    asksWhen,
  }
}

/**
 * The groups of rows that the reached stop shows. Null means all groups, also after the reader
 * chose to see all rows.
 */
function useShownRows(): readonly ShownRows[] | null {
  const rows = useRun(({ story }) => story?.show?.rows ?? null)
  const stop = useRun(({ story }) => story?.reached ?? null)
  const all = useUi((state) => state.timeline.allRowsAt)
  return all === stop ? null : rows
}

/**
 * The panel Why? starts with spacing by events, so that its numbers do not overlap. The choice of
 * the reader comes first.
 */
export function useSpacing(): Spacing {
  const brought = useUi((state) => state.timeline.spacing)
  const kept = usePrefs((state) => state.spacing)
  const preferred = brought ?? kept
  const explains = useUi((state) => state.panel === 'why')
  const chosenFor = useUi((state) => state.timeline.spacedFor)
  const why = useRun((state) => state.why)
  return explains && why !== null && why.reasons.length > 1 && why.event !== chosenFor
    ? 'event'
    : preferred
}

/** A lease gets this much more room, so that its deadline does not lie on the edge. */
const AIR = 1.08
/** The room of a flag beyond the TTL: an election, the extra time from a new leader, and a pass. */
const FLAG_ROOM_MS = 3500
/**
 * The flag does not leave the picture. A TTL of half a minute therefore fits even into a run that
 * has just begun.
 */
const LEAST_MS = { rest: 12_000, flag: 40_000 }

/** The length of the picture after now, in virtual ms. */
export function futureOf(
  tapes: readonly (Tape | null)[],
  now: number,
  asksWhen: boolean,
): number | null {
  let most = 0
  for (const tape of tapes) {
    for (const row of tape?.lanes.find(({ lane }) => lane === 'leases')?.rows ?? []) {
      const { deadline, ended, uncounted } = leaseNow(row, now)
      if (ended !== null || row.lease === null || (deadline === null && !uncounted)) continue
      most = Math.max(most, row.lease.ttlSeconds * 1000, (deadline ?? now) - now)
    }
  }
  if (most === 0) return null
  // A lease of an hour must not push a short past out of the picture.
  const wanted = asksWhen ? most + FLAG_ROOM_MS : most * AIR
  return Math.min(wanted, Math.max(asksWhen ? LEAST_MS.flag : LEAST_MS.rest, 1.15 * now))
}

/** Draws again when a font of the page has loaded. */
export function useRedrawOnFonts(redraw: () => void): void {
  useEffect(() => {
    document.fonts.addEventListener('loadingdone', redraw)
    return () => document.fonts.removeEventListener('loadingdone', redraw)
  }, [redraw])
}
