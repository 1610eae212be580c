// The space-time diagram as it is sent to the page. Times are virtual ms, up to the cursor and
// never beyond it.

import type { EventId } from '../../base/trace'

export interface SpacetimeInterest {
  /** Columns at most, the latest before the cursor: 2 to 200. */
  columns: number
  /** Adds columns for successful keep-alives and for Raft messages without heartbeats. */
  all?: boolean | undefined
}

export interface SpacetimeView {
  /**
   * One for each instant with an important event, ascending. Events within the next 2 ms share the
   * column. The last column is the cursor.
   */
  columns: number[]
  /**
   * From top to bottom: the first half of the clients, the members, the other clients, the storage.
   */
  lanes: SpacetimeLane[]
  /** By their sending. */
  messages: SpacetimeMessage[]
  /** By their beginning. */
  spans: SpacetimeSpan[]
  /** By their event. */
  notes: SpacetimeNote[]
  /** There are earlier columns. */
  cut: boolean
}

export interface SpacetimeLane {
  id: string
  kind: 'client' | 'member' | 'storage'
  /**
   * Its state at the cursor, in a word or two: `leader`, `frozen`, `inside /job`. Empty for an
   * ordinary state.
   */
  state: string
  /** It leads, or has an event in the window. A member without events can be left out. */
  part: boolean
}

export interface SpacetimeMessage {
  /** The event of its sending. */
  event: EventId
  from: string
  to: string
  kind: 'request' | 'reply'
  /** The whole sentence: `a asks m1: LeaseGrant 5 s`. */
  text: string
  /** A refusal, or an answer that the lease is gone. */
  bad: boolean
  sent: number
  /** Null while it is in flight, and for a lost one. */
  received: number | null
  /** When a message in flight is due. A message beyond its due time is held up. */
  due: number | null
  lost: number | null
}

export interface SpacetimeSpan {
  /** A `held` span lies on the lane of the leader, and is cut where another member takes over. */
  lane: string
  /**
   * `belief`: the client believes that its lease is alive. `stale`: it still does, or is in its
   * critical section, and the lease is gone. `inside`: it is in a critical section. `held`: the
   * store has its key for a lock. `down`, `paused`: the process. `lead`: the member's lessor is
   * primary.
   */
  kind: 'belief' | 'stale' | 'inside' | 'held' | 'down' | 'paused' | 'lead'
  /** The event that began it. */
  event: EventId
  from: number
  /** Null: it lasts at the cursor. */
  to: number | null
  /** `a holds /job, token 2`. */
  text: string
}

/** An event of one lane; its label is drawn where there is room. */
export interface SpacetimeNote {
  event: EventId
  at: number
  /** Null for the network between all of them. */
  lane: string | null
  kind:
    | 'freeze'
    | 'resume'
    | 'crash'
    | 'restart'
    | 'gone'
    | 'taken'
    | 'refused'
    | 'network'
    | 'other'
  /** A few words: `gets token 2`; empty where only the sentence is shown. */
  label: string
  /** The whole sentence, with its subject. */
  text: string
  /** The higher, the sooner its label is drawn. */
  weight: number
  bad: boolean
}
