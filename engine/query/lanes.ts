// The tape of a run, for a window of it: rows no finer than the window's pixels, so that what crosses to the page is bounded by how wide the tape is and not by
// how much has happened. Pure over the ledger.
//
// Marks of one kind that fall into one column become one mark that says how many; spans that begin and end in one column join those beside them. A lane with
// more rows than the page has room for comes as one summary, which says how many there were.

import type { ViolationMark } from './invariants'
import { breachesLane } from './tape/breaches'
import type { Life } from './tape/lives'
import type { LaneName, MarkKind, Marks, SpanKind, Spans, Tape, TapeInterest, TapeLane, TapeRow } from './tape/rows'
import type { Axis } from './tape/spacing'
import { trueTime } from './tape/spacing'
import type { TapeLedger } from './tape/tape-ledger'
import type { Lane, Mark, Span, Track } from './tape/track'

/** From the top down. What may never happen stands where nobody has to scroll for it; it takes no room while there is none. */
export const LANES: readonly LaneName[] = ['leader', 'invariants', 'leases', 'keys', 'locks', 'beliefs', 'faults']

/** Pixels: what a summary counts in. */
const SUMMARY_COLUMN_PX = 2

/** What is asked for, in the ledger's own terms. */
interface View {
  axis: Axis
  /** Virtual ms: the window's edges. */
  from: number
  to: number
  fromPlace: number
  toPlace: number
  columns: number
  /** How far the run has been played. */
  end: number
}

/** The tape as it was asked for. `end` is how far the run has been played, `violations` what the checks found in it. */
export function tapeOf(ledger: TapeLedger, interest: TapeInterest, end: number, violations: readonly ViolationMark[]): Tape {
  const lanes = { ...ledger.lanes, invariants: breachesLane(violations) }
  const axis = interest.spacing === 'true' ? trueTime : ledger.spacing
  const { from, to, widthPx } = interest
  const view = viewOf(axis, from, to, widthPx, end)
  const whole = viewOf(axis, 0, Math.max(axis.placeOf(end), 1), widthPx, end)
  const opened = new Set(interest.opened)
  return {
    spacing: interest.spacing,
    from,
    to,
    axis: axis.window(from, to, widthPx),
    lanes: LANES.map((name) => {
      const wanted = interest.lanes.find(({ lane }) => lane === name)
      return laneOf(ledger, lanes[name], name, view, wanted, opened)
    }),
    whole: {
      to: whole.toPlace,
      axis: axis.window(0, whole.toPlace, widthPx),
      lanes: LANES.map((name) => laneOf(ledger, lanes[name], name, whole, undefined, opened)),
    },
  }
}

function viewOf(axis: Axis, from: number, to: number, columns: number, end: number): View {
  return { axis, from: axis.timeOf(from), to: axis.timeOf(to), fromPlace: from, toPlace: to, columns, end }
}

function laneOf(
  ledger: TapeLedger,
  lane: Lane,
  name: LaneName,
  view: View,
  wanted: TapeInterest['lanes'][number] | undefined,
  opened: ReadonlySet<string>,
): TapeLane {
  const shown = lane.tracks.filter((track) => track.from <= Math.min(view.to, view.end) && track.to >= view.from)
  const total = shown.length
  const fits = wanted !== undefined && (total <= wanted.count || wanted.all)
  const from = fits ? Math.max(0, Math.min(wanted.from, total - 1)) : 0
  const rows = fits ? shown.slice(from, from + wanted.count).map((track) => rowOf(ledger, lane, name, track, view, opened)) : []
  return { lane: name, total, from, rows, summary: rows.length < total ? summaryOf(lane, name, shown, view) : null }
}

function rowOf(ledger: TapeLedger, lane: Lane, name: LaneName, track: Track, view: View, opened: ReadonlySet<string>): TapeRow {
  const isOpened = name === 'leases' && opened.has(track.id)
  return {
    id: track.id,
    label: track.label,
    spans: spansIn(view, lane.spansOf(track, view.from, view.to, view.end)),
    marks: marksIn(view, track.marks),
    teeth: isOpened ? thinned(view, ledger.lives.teethOf(track as Life, view.from, view.to)) : null,
    counts: null,
  }
}

function summaryOf(lane: Lane, name: LaneName, shown: readonly Track[], view: View): TapeRow {
  const counted = lane.living !== null
  const spans = counted ? [] : shown.flatMap((track) => lane.spansOf(track, view.from, view.to, view.end)).sort((a, b) => a.from - b.from)
  return {
    id: name,
    label: name,
    spans: spansIn(view, spans),
    marks: marksIn(view, lane.marks),
    teeth: null,
    counts: lane.living === null ? null : countsIn(view, lane.marks, lane.living),
  }
}

// Binning ------------------------------------------------------------------------------------------------------------------------------------------

function columnOf({ axis, fromPlace, toPlace, columns }: View, at: number): number {
  return Math.floor(((axis.placeOf(at) - fromPlace) / (toPlace - fromPlace)) * columns)
}

/** The index of the first mark that is not before `at`. */
function firstFrom(marks: readonly Mark[], at: number): number {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (marks[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return low
}

function marksIn(view: View, marks: readonly Mark[]): Marks[] {
  const byKind = new Map<MarkKind, { column: number; at: number[] }>()
  for (let i = firstFrom(marks, view.from); i < marks.length && marks[i]!.at <= view.to; i++) {
    const { kind, at, event } = marks[i]!
    const column = columnOf(view, at)
    let bin = byKind.get(kind)
    if (bin === undefined) {
      bin = { column: Number.NaN, at: [] }
      byKind.set(kind, bin)
    }
    if (bin.column === column) bin.at[bin.at.length - 1]!++
    else bin.at.push(at, event, 1)
    bin.column = column
  }
  return [...byKind].map(([kind, bin]) => ({ kind, at: Float64Array.from(bin.at) }))
}

/** Spans in the order of their beginnings; several of one kind may overlap where they are a summary's, and are joined then. */
function spansIn(view: View, spans: readonly Span[]): Spans[] {
  const byKind = new Map<SpanKind, { at: number[]; texts: string[] }>()
  for (const { kind, from, to, event, text } of spans) {
    let bin = byKind.get(kind)
    if (bin === undefined) {
      bin = { at: [], texts: [] }
      byKind.set(kind, bin)
    }
    const before = bin.at[bin.at.length - 2]
    if (before !== undefined && joins(view, bin.at[bin.at.length - 3]!, before, from, to)) {
      bin.at[bin.at.length - 2] = Math.max(before, to)
      if (bin.texts.at(-1) !== text) bin.texts[bin.texts.length - 1] = ''
      continue
    }
    bin.at.push(from, to, event)
    bin.texts.push(text)
  }
  return [...byKind].map(([kind, { at, texts }]) => ({
    kind,
    at: Float64Array.from(at),
    texts: texts.some((text) => text !== '') ? texts : [],
  }))
}

/** Whether a span goes on from the one before it: it overlaps it, or all of this one and the gap before it lie within one column. */
function joins(view: View, beforeFrom: number, beforeTo: number, from: number, to: number): boolean {
  if (from < beforeTo) return true
  const column = columnOf(view, from)
  if (columnOf(view, beforeTo) !== column) return false
  return (to !== Number.POSITIVE_INFINITY && columnOf(view, to) === column) || columnOf(view, beforeFrom) === column
}

/** Within a column only the lowest and the highest point of a saw-tooth can be told apart: its first stretch and its last are kept. */
function thinned(view: View, teeth: readonly number[]): Float64Array {
  const kept: number[] = []
  let column = Number.NaN
  let inColumn = 0
  for (let i = 0; i < teeth.length; i += 3) {
    const begins = columnOf(view, teeth[i]!)
    inColumn = begins === column ? inColumn + 1 : 0
    column = begins
    if (inColumn >= 2) kept.length -= 3
    kept.push(teeth[i]!, teeth[i + 1]!, teeth[i + 2]!)
  }
  return Float64Array.from(kept)
}

/** How many went on at most in each column of a summary; what goes on at the end goes on to the last column. */
function countsIn(view: View, marks: readonly Mark[], living: readonly number[]): Uint32Array {
  const columns = Math.max(1, Math.ceil(view.columns / SUMMARY_COLUMN_PX))
  const counts = new Uint32Array(columns)
  const narrow = { ...view, columns }
  let i = firstFrom(marks, view.from)
  let now = i > 0 ? living[i - 1]! : 0
  let column = 0
  counts[0] = now
  for (; i < marks.length && marks[i]!.at <= view.to; i++) {
    const next = Math.min(columns - 1, columnOf(narrow, marks[i]!.at))
    for (; column < next; counts[++column] = now);
    now = living[i]!
    if (now > counts[column]!) counts[column] = now
  }
  for (; column < columns - 1; counts[++column] = now);
  return counts
}
