// Rows no finer than pixels: the width of the window limits the data for the page, however many
// events there are. Marks of one kind in one column become one mark with a count. Spans that begin
// and end in one column join their neighbours.

import type { MarkKind, Marks, SpanKind, Spans } from './rows'
import type { Axis } from './spacing'
import type { Mark, Span } from './track'

/** The window in the ledger's own terms. */
export interface View {
  axis: Axis
  /** Virtual ms: the window's edges. */
  from: number
  to: number
  fromPlace: number
  toPlace: number
  columns: number
}

/** `from` and `to` are places. */
export function viewOf(axis: Axis, from: number, to: number, columns: number): View {
  return {
    axis,
    from: axis.timeOf(from),
    to: axis.timeOf(to),
    fromPlace: from,
    toPlace: to,
    columns,
  }
}

export function columnOf({ axis, fromPlace, toPlace, columns }: View, at: number): number {
  return Math.floor(((axis.placeOf(at) - fromPlace) / (toPlace - fromPlace)) * columns)
}

/** The index of the first mark that is not before `at`. */
export function firstFrom(marks: readonly Mark[], at: number): number {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (marks[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return low
}

export function marksIn(view: View, marks: readonly Mark[]): Marks[] {
  const byKind = new Map<MarkKind, { column: number; at: number[]; texts: string[] }>()
  for (let i = firstFrom(marks, view.from); i < marks.length && marks[i]!.at <= view.to; i++) {
    const { kind, at, event, text } = marks[i]!
    const column = columnOf(view, at)
    let bin = byKind.get(kind)
    if (bin === undefined) {
      bin = { column: Number.NaN, at: [], texts: [] }
      byKind.set(kind, bin)
    }
    if (bin.column === column) bin.at[bin.at.length - 1]!++
    else {
      bin.at.push(at, event, 1)
      bin.texts.push(text)
    }
    bin.column = column
  }
  return [...byKind].map(([kind, { at, texts }]) => ({
    kind,
    at: Float64Array.from(at),
    texts: texts.some(Boolean) ? texts : [],
  }))
}

/** Spans in the order of their beginnings; those of one kind that overlap are joined. */
export function spansIn(view: View, spans: readonly Span[]): Spans[] {
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
      // Links are bad side by side, and each is named. Other joined spans have no common name.
      const said = bin.texts.at(-1) ?? ''
      if (said !== text)
        bin.texts[bin.texts.length - 1] =
          kind !== 'link' ? '' : said.includes(text) ? said : `${said} · ${text}`
      continue
    }
    bin.at.push(from, to, event)
    bin.texts.push(text)
  }
  return [...byKind].map(([kind, { at, texts }]) => ({
    kind,
    at: Float64Array.from(at),
    texts: texts.some(Boolean) ? texts : [],
  }))
}

/**
 * Whether a span continues the one before it: it overlaps it, or all of this one and the gap before
 * it lie within one column.
 */
function joins(
  view: View,
  beforeFrom: number,
  beforeTo: number,
  from: number,
  to: number,
): boolean {
  if (from < beforeTo) return true
  const column = columnOf(view, from)
  if (columnOf(view, beforeTo) !== column) return false
  return (
    (to !== Number.POSITIVE_INFINITY && columnOf(view, to) === column) ||
    columnOf(view, beforeFrom) === column
  )
}

/**
 * Within a column only the lowest and the highest point of a saw-tooth are visible: its first
 * stretch and its last are kept.
 */
export function thinned(view: View, teeth: readonly number[]): Float64Array {
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
