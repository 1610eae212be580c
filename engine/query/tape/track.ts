// The memory of the lanes: tracks (one lease's life, one key, one client in a section), each with
// its spans and its marks, in the order in which they began. A lane only ever appends; when a
// future is cut off, the trace is read again from its start.

import type { EventId, TraceEvent } from '../../base/trace'
import { visibleLine } from '../../text/visible'
import type { MarkKind, SpanKind } from './rows'

export type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

export interface Span {
  kind: SpanKind
  from: number
  /** Infinity while it lasts. */
  to: number
  /** The event that began it. */
  event: EventId
  text: string
}

export interface Mark {
  kind: MarkKind
  at: number
  event: EventId
  text: string
}

export interface Track {
  id: string
  label: string
  from: number
  /** Infinity while it lasts. */
  to: number
  spans: Span[]
  marks: Mark[]
}

export interface Lane {
  readonly tracks: readonly Track[]
  /** Every mark of the lane, in the order in which they happened. */
  readonly marks: readonly Mark[]
  /** Takes in the next event of the trace; whether it changed anything. */
  note(event: TraceEvent): boolean
}

/** The bookkeeping that lanes share. */
export class Tracks {
  readonly tracks: Track[] = []
  readonly marks: Mark[] = []

  begin(id: string, words: string, at: number): Track {
    const track: Track = {
      id,
      label: visibleLine(words),
      from: at,
      to: Number.POSITIVE_INFINITY,
      spans: [],
      marks: [],
    }
    this.tracks.push(track)
    return track
  }

  end(track: Track, at: number): void {
    if (track.to !== Number.POSITIVE_INFINITY) return
    track.to = at
    endSpan(track, at)
  }

  mark(track: Track, kind: MarkKind, { at, id }: Pick<TraceEvent, 'at' | 'id'>, words = ''): void {
    const mark = { kind, at, event: id, text: visibleLine(words) }
    track.marks.push(mark)
    this.marks.push(mark)
  }
}

/** Begins a span without an end. */
export function beginSpan(
  track: Track,
  kind: SpanKind,
  { at, id }: Pick<TraceEvent, 'at' | 'id'>,
  words: string,
): Span {
  const span: Span = {
    kind,
    from: at,
    to: Number.POSITIVE_INFINITY,
    event: id,
    text: visibleLine(words),
  }
  track.spans.push(span)
  return span
}

/** Ends the span that lasts, if one does, and begins another. */
export function turnTo(track: Track, kind: SpanKind, at: number, event: EventId, words = ''): void {
  const text = visibleLine(words)
  const open = track.spans.at(-1)
  if (open?.to === Number.POSITIVE_INFINITY) {
    if (open.kind === kind && open.text === text) return
    if (open.from === at) track.spans.pop()
    else open.to = at
  }
  track.spans.push({ kind, from: at, to: Number.POSITIVE_INFINITY, event, text })
}

/** Ends the span that lasts; whether there was one. */
export function endSpan(track: Track | undefined, at: number): boolean {
  const open = track?.spans.at(-1)
  if (open?.to !== Number.POSITIVE_INFINITY) return false
  open.to = at
  return true
}

/** The spans of a list that touch a stretch of time. They begin one after the other. */
export function touching(spans: readonly Span[], from: number, to: number): Span[] {
  return spans.filter((span) => span.from <= to && span.to >= from)
}
