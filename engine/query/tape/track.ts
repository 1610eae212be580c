// What the lanes remember of a run: tracks (one lease's life, one key's, one member's troubles), each with its spans and its marks, in the order in which
// they began. A lane only ever appends; whoever cuts off a future reads the trace again from its start.

import type { EventId, TraceEvent } from '../../base/trace'
import type { MarkKind, SpanKind } from './rows'

export type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

export interface Span {
  kind: SpanKind
  from: number
  /** Infinity while it goes on. */
  to: number
  /** What began it. */
  event: EventId
  text: string
}

export interface Mark {
  kind: MarkKind
  at: number
  event: EventId
}

export interface Track {
  id: string
  label: string
  from: number
  /** Infinity while it goes on. */
  to: number
  spans: Span[]
  marks: Mark[]
}

export interface Lane {
  readonly tracks: readonly Track[]
  /** Every mark of the lane, in the order in which they happened. */
  readonly marks: readonly Mark[]
  /** How many tracks went on after each of `marks`, where that is worth a summary; else null. */
  readonly living: readonly number[] | null
  /** A track's spans that touch the time from `from` to `to`, in order. `end` is how far the run has been played. */
  spansOf(track: Track, from: number, to: number, end: number): Span[]
}

/** The bookkeeping that lanes share. */
export class Tracks {
  readonly tracks: Track[] = []
  readonly marks: Mark[] = []
  readonly living: number[] = []
  #living = 0

  begin(id: string, label: string, at: number): Track {
    const track: Track = { id, label, from: at, to: Number.POSITIVE_INFINITY, spans: [], marks: [] }
    this.tracks.push(track)
    this.#living++
    return track
  }

  end(track: Track, at: number): void {
    if (track.to !== Number.POSITIVE_INFINITY) return
    track.to = at
    this.#living--
    const open = track.spans.at(-1)
    if (open?.to === Number.POSITIVE_INFINITY) open.to = at
  }

  mark(track: Track, kind: MarkKind, { at, id }: Pick<TraceEvent, 'at' | 'id'>): void {
    const mark = { kind, at, event: id }
    track.marks.push(mark)
    this.marks.push(mark)
    this.living.push(this.#living)
  }

  /** Takes back the last track, which came to nothing. */
  drop(track: Track): void {
    const index = this.tracks.lastIndexOf(track)
    if (index < 0) return
    this.tracks.splice(index, 1)
    if (track.to === Number.POSITIVE_INFINITY) this.#living--
  }
}

/** Ends the span that goes on, if one does, and begins another. */
export function turnTo(track: Track, kind: SpanKind, at: number, event: EventId, text = ''): void {
  const open = track.spans.at(-1)
  if (open?.to === Number.POSITIVE_INFINITY) {
    if (open.kind === kind && open.text === text) return
    if (open.from === at) track.spans.pop()
    else open.to = at
  }
  track.spans.push({ kind, from: at, to: Number.POSITIVE_INFINITY, event, text })
}

/** The spans of a list, which begin one after the other, that touch a stretch of time. */
export function touching(spans: readonly Span[], from: number, to: number): Span[] {
  return spans.filter((span) => span.from <= to && span.to >= from)
}
