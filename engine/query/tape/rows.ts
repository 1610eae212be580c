// What the tape shows, as it crosses to the page: rows of spans and marks in virtual milliseconds, of one window, no finer than its pixels.

/** The lanes from the top down. */
export type LaneName = 'leader' | 'leases' | 'keys' | 'locks' | 'beliefs' | 'faults' | 'invariants'

export type SpanKind =
  /** Leads; thinks that it still leads while another does in a later term. */
  | 'leads'
  | 'deposed'
  /** A lease with time left; one whose time has run out and that is still there; one that nobody counts down. */
  | 'live'
  | 'overdue'
  | 'uncounted'
  /** A key that hangs on a lease; one that hangs on none. */
  | 'leased'
  | 'plain'
  /** Whose key is the oldest under the lock's name. */
  | 'held'
  /** A client believes in a lease that is there; its own reckoning has run out and it has not concluded anything yet; it believes in one that is gone. */
  | 'believes'
  | 'unsure'
  | 'wrong'
  | 'crashed'
  | 'paused'
  | 'cut'
  /** Two are in a critical section. */
  | 'broken'

export type MarkKind =
  | 'granted'
  | 'renewed'
  /** The primary began to count anew, as it does when it is promoted. */
  | 'recounted'
  /** A life that ended: its time had run out; somebody asked for it; a key that was deleted by itself. */
  | 'expired'
  | 'revoked'
  | 'deleted'
  | 'created'
  | 'modified'
  | 'handed-over'
  | 'candidate'
  | 'concluded'
  | 'fault'
  | 'violation'

/** Spans of one kind in the order of their beginnings: from, to and the event that began it, three numbers each; `to` is Infinity while it goes on. */
export interface Spans {
  kind: SpanKind
  at: Float64Array
  /** What stands in each; empty where nothing stands in any. */
  texts: string[]
}

/** Marks of one kind: when, the first event, and how many fell into that pixel column; three numbers each. */
export interface Marks {
  kind: MarkKind
  at: Float64Array
}

export interface TapeRow {
  id: string
  label: string
  spans: Spans[]
  marks: Marks[]
  /** A lease opened up: stretches of counting down (from, to, deadline: three numbers each), what remains being the deadline less the time. Null for others. */
  teeth: Float64Array | null
  /** Of a summary: how many there were at most in each column of the window, columns of equal width. Null for others. */
  counts: Uint32Array | null
}

export interface TapeLane {
  lane: LaneName
  /** Rows that have anything in this window, and which of them `rows` begins with. */
  total: number
  from: number
  rows: TapeRow[]
  /** All of the lane in one row: where `rows` is not all of it, or nothing was asked for. */
  summary: TapeRow | null
}

/**
 * From virtual time to places on the tape: a line through the knots. Beyond the last one it goes on by `tailPerMs`, at most `tailMost`. The knots are thinned
 * to the pixels of a window; true time has one knot.
 */
export interface TapeAxis {
  times: Float64Array
  places: Float64Array
  tailPerMs: number
  tailMost: number
}

export interface Tape {
  /** As it was asked for. */
  spacing: 'true' | 'event'
  from: number
  to: number
  axis: TapeAxis
  lanes: TapeLane[]
  /** The whole run, from place 0 to `to`: its axis, and each lane in one row. */
  whole: { to: number; axis: TapeAxis; lanes: TapeLane[] }
}

/** The tape that the page shows. Places are milliseconds in true time, and counted in gaps between instants where they are spaced by events. */
export interface TapeInterest {
  spacing: 'true' | 'event'
  /** The window's edges, as places. */
  from: number
  to: number
  widthPx: number
  /** Leases that show their saw-tooth. */
  opened: string[]
  /** Lanes with rows of their own and which of them; the others come as summaries. `all` asks for rows even where there are more than `count`. */
  lanes: { lane: LaneName; from: number; count: number; all: boolean }[]
}
