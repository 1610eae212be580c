// The rows of the timeline as they are sent to the page. Times are virtual milliseconds. A row is
// no finer than the pixels of the requested window.

/** The lanes from the top down. */
export const LANE_NAMES = [
  'leader',
  'leases',
  'keys',
  'locks',
  'heartbeats',
  'terminals',
  'faults',
  'rules',
] as const
export type LaneName = (typeof LANE_NAMES)[number]

export type SpanKind =
  /**
   * A leader; a leader that reaches no quorum; a member that still takes itself for the leader
   * while another leads a later term.
   */
  | 'leads'
  | 'cut-off'
  | 'deposed'
  /**
   * A lease with time left; a lease that is due and not yet revoked; a lease that no primary
   * counts.
   */
  | 'live'
  | 'overdue'
  | 'uncounted'
  /** A key with a lease; a key without one. */
  | 'leased'
  | 'plain'
  /**
   * The holder of a lock by the store; a client in the critical section; the same after its lease
   * has ended; two clients in one section.
   */
  | 'held'
  | 'inside'
  | 'lost'
  | 'two'
  /** A client's keep-alive loop; a command of a terminal. */
  | 'beats'
  | 'runs'
  | 'crashed'
  | 'paused'
  | 'cut'
  /** A link that is slow, uneven or lossy. */
  | 'link'

export type MarkKind =
  | 'granted'
  | 'renewed'
  /** A new primary set the deadline. */
  | 'recounted'
  /** The end of a lease (its time ran out; a client requested it), and of a key. */
  | 'expired'
  | 'revoked'
  | 'deleted'
  | 'created'
  | 'modified'
  | 'handed-over'
  | 'candidate'
  /** A member crashed while it led. */
  | 'fell'
  /** A keep-alive request; the end of a keep-alive loop; a line of a terminal. */
  | 'beat'
  | 'stopped'
  | 'command'
  /** A client of the lease freezes, and continues. */
  | 'frozen'
  | 'woke'
  | 'fault'
  | 'violation'

/**
 * Spans of one kind in the order of their beginnings: from, to and the event that began it, three
 * numbers each; `to` is Infinity while it lasts.
 */
export interface Spans {
  kind: SpanKind
  at: Float64Array
  /** The text of each; empty where no span has one. */
  texts: string[]
}

/**
 * Marks of one kind: when, the first event, and how many fell into that pixel column; three numbers
 * each.
 */
export interface Marks {
  kind: MarkKind
  at: Float64Array
  /** The text of each (of the first in its column); empty where no mark has one. */
  texts: string[]
}

/** A client's belief in a lease. */
export interface TapeBelief {
  client: string
  /**
   * Stretches of (from, to, until): between `from` and `to` the client believes that it holds the
   * lease until `until`.
   */
  teeth: Float64Array
  /** Stretches of (from, to) in which the client acts as the holder although the lease is gone. */
  wrong: Float64Array
}

export interface TapeLease {
  ttlSeconds: number
  /**
   * How and when its life ended, wherever the window is; null while it lives. The end may lie after
   * the cursor.
   */
  ended: { at: number; kind: 'expired' | 'revoked' } | null
  /** The first key that was put on it, except a lock's; else the client that requested it. */
  key: string | null
  client: string | null
  /**
   * Stretches of (from, to, deadline) in which the primary counts; the remaining time is the
   * deadline less the time.
   */
  teeth: Float64Array
  beliefs: TapeBelief[]
}

export interface TapeRow {
  /**
   * A lease's ID, a key, a lock's name, `LOCK client` for a client in its section, a client, a
   * terminal.
   */
  id: string
  label: string
  /** The lock that a row of lane `locks` belongs to; null for others. */
  group: string | null
  /** When the row begins. */
  from: number
  spans: Spans[]
  marks: Marks[]
  /** Null for other rows than leases. */
  lease: TapeLease | null
}

export interface TapeLane {
  lane: LaneName
  /** Rows that have begun at the cursor, and which of them `rows` starts with. */
  total: number
  from: number
  rows: TapeRow[]
}

/** A run of many leases in numbers. */
export interface TapeLoad {
  /** How many leases lived at most in each column of the window; columns of equal width. */
  counts: Uint32Array
  /** Bins of `binMs` from virtual time `from` on: how many renewals and how many revokes. */
  from: number
  binMs: number
  renewals: Uint32Array
  revokes: Uint32Array
}

/**
 * From virtual time to places on the axis: a line through the knots. Beyond the last knot it
 * continues by `tailPerMs`, at most `tailMost`. The knots are thinned to the pixels of a window;
 * true time has one knot.
 */
export interface TapeAxis {
  times: Float64Array
  places: Float64Array
  tailPerMs: number
  tailMost: number
}

export interface Tape {
  /** As requested. */
  spacing: 'true' | 'event'
  from: number
  to: number
  axis: TapeAxis
  /** The place of the cursor, which may lie outside of the window. */
  place: number
  lanes: TapeLane[]
  /**
   * More leases live than have rows of their own: lane `leases` has the living ones by time left.
   */
  many: boolean
  /** How many leases live at the cursor. */
  live: number
  /** Null unless `many`. */
  load: TapeLoad | null
  /**
   * The row of the lease requested by its ID, and its index in lane `leases`; null for an ID that
   * the run has not granted.
   */
  chosen: { row: TapeRow; index: number | null } | null
}

/**
 * The part of the timeline that the page shows. Places are milliseconds in true time, and counted
 * in gaps between instants where it is spaced by events.
 */
export interface TapeInterest {
  spacing: 'true' | 'event'
  /** The window's edges, as places. */
  from: number
  to: number
  widthPx: number
  /** The lanes and their rows; an unlisted lane comes with its total alone. */
  lanes: { lane: LaneName; from: number; count: number }[]
  /** A lease's ID; null for none. */
  chosen: string | null
}
