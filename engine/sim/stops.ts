// The stops of a run's story: where a playing run pauses, the sentence that the page shows there,
// and its question. Plain data, part of the recording.
//
//   stop when b enters /job +0.3      when, afterMs
//     say  Client b has the lock.     say
//     ask  Will a write?              ask.text
//       yes / no                      ask.choices
//     mark takes from-a => yes        ask.marks: the right answer is not stored, the run gives it
//     so   yes => It took the write.  ask.so
//     hint a does not look again.     hints, one after the other
//     note Ask for a show of hands.   note, for the teacher
//     show storage, rows leases       show
//
//   stop at 0.3
//     goal Make the storage take a's late write.      goal.text
//     part a pauses => a is frozen                    goal.parts, in this order
//     part takes from-a => a writes late
//     may  pause a ; resume a                         goal.may
//     solve 0.5 pause a                               goal.solution: its length is par
//     solve 9 resume a

import type { Bytes } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { GROWTH, StructureName } from '../lease/structures/names'

/** One stop of a run's story. */
export interface Stop {
  when: Moment
  /** Milliseconds between the moment and the stop; none where absent. */
  afterMs?: number
  /** One line. May hold {left L1} and {now}. */
  say?: string
  /** A stop asks a question or sets a goal. */
  ask?: Question
  goal?: Goal
  /** Help for the question or the goal, one sentence at a time. */
  hints?: string[]
  /** A line for the teacher. Learners do not see it. */
  note?: string
  show?: Show
}

/**
 * The parts of the page that are open while the stop is the last one reached. The reader may choose
 * other parts after that.
 */
export interface Show {
  /** The panel of the drawer that opens. */
  panel?: ShownPanel
  /**
   * The groups of rows of the timeline; the others are hidden. `beliefs` are drawn in the rows of
   * `leases`.
   */
  rows?: ShownRows[]
}

export const SHOWN_PANELS = [
  'why',
  'log',
  'keys',
  'console',
  'program',
  'storage',
  'inside',
  'growth',
] as const
export type ShownPanel = (typeof SHOWN_PANELS)[number]

export const SHOWN_ROWS = [
  'leader',
  'leases',
  'beliefs',
  'keys',
  'locks',
  'heartbeats',
  'terminals',
  'faults',
  'rules',
] as const
export type ShownRows = (typeof SHOWN_ROWS)[number]

export type Question =
  /** The first mark that comes true after the stop names the right choice, by its index. */
  | { kind: 'choose'; text: string; choices: string[]; marks: Mark[]; so?: Verdict[] }
  /** The right answer is the virtual time when `mark` comes true. */
  | { kind: 'when'; text: string; mark: Condition; so?: Verdict[] }
  /**
   * The right answer is the name of the first lease, key, client or member that does what `mark`
   * says.
   */
  | { kind: 'which'; text: string; mark: Doing; so?: Verdict[] }
  /** The right answer is a number of the run: at the stop, or counted up to an event. */
  | { kind: 'how-much'; text: string; mark: Measure; so?: Verdict[] }
  /**
   * The choices are the possible moves at the stop. The right answer is the move that comes first.
   */
  | { kind: 'what-next'; text: string; so?: Verdict[] }

/** An act of any lease, key, client or member. */
export type Doing =
  | { of: 'lease'; does: Exclude<LeaseVerb, 'due'> }
  /** It is at the root of the expiry heap at the stop. */
  | { of: 'lease'; does: 'root' }
  | { of: 'key'; does: KeyVerb }
  | { of: 'client'; does: ClientVerb }
  | { of: 'client'; does: 'enters' | 'leaves'; section: string }
  | { of: 'member'; does: ProcessVerb | 'leads' }

/**
 * `swaps`: the swaps of the next renewal of the lease in the expiry heap. `looked`: the entries
 * that the next pass looks at. `left`: the TTL in whole seconds that etcd would answer, -1 for a
 * lease that is gone. `keys`: the keys on the lease. `count`: how often until then.
 */
export type Measure =
  | { type: 'left' | 'keys'; lease: number }
  | { type: 'swaps'; lease: number }
  | { type: 'looked' }
  | { type: 'revision' }
  | { type: 'count'; what: Condition; until: Condition }

/** A number that the run has at the stop itself. */
export type MeasuredAtOnce = Exclude<Measure, { type: 'count' | 'swaps' | 'looked' }>

/** A goal that the reader reaches with the ordinary controls. */
export interface Goal {
  text: string
  /** Events that must come after the stop, in this order. The last one reaches the goal. */
  parts: { when: Condition; text: string }[]
  /** The acts that the reader may use, in the console's words: `pause a`, `heartbeat svc on`. */
  may: string[]
  /** One way to reach the goal: acts at their virtual ms. */
  solution: { at: number; act: string }[]
}

/**
 * A sentence that is shown once the question is decided. With `choice` it is shown only where that
 * choice is right. The first that fits is shown.
 */
export interface Verdict {
  text: string
  choice?: number
}

export interface Mark {
  when: Moment
  choice: number
}

/** Virtual ms, or an event of the run. */
export type Moment = { type: 'at'; at: number } | Condition

/**
 * An event of the run, by its type and names and never by its sentence, except for `happens`. Names
 * that do not occur in the run never match.
 */
export type Condition =
  /** A member or a client by its name, or `leader`: the member that leads. */
  | { type: 'process'; who: string; does: ProcessVerb }
  /** A member becomes the leader; any member where `who` is null. */
  | { type: 'leads'; who: string | null }
  /** The last member that took itself for the leader stops doing so, or is down. */
  | { type: 'no-leader' }
  /** An event of the n-th lease that the run grants. */
  | { type: 'lease'; lease: number; does: LeaseVerb }
  | { type: 'key'; key: Bytes; does: KeyVerb }
  | { type: 'enters' | 'leaves'; client: ClientId; section: string }
  | { type: 'two-inside'; section: string }
  /** The client gives a lease up by itself. */
  | { type: 'gives-up'; client: ClientId; lease: number }
  /** The client learns from an answer that the lease is gone. */
  | { type: 'told-gone'; client: ClientId; lease: number }
  | { type: 'heartbeat'; on: boolean }
  | { type: 'write'; value: string; taken: boolean }
  /** The storage takes a write of a client whose lease is gone. */
  /** `pass`: the leader looks for expired leases. */
  | {
      type:
        | 'pass'
        | 'stale-write'
        | 'partition'
        | 'heal'
        | 'fault'
        | 'checkpoint'
        | 'snapshot'
        | 'console-exit'
    }
  | { type: 'member'; change: MemberChange }
  /**
   * Of four structures of leases this one takes the fewest or the most operations at so many leases
   * (lease/structures). No event says so: a count decides.
   */
  | Counted
  /** A terminal prints a line that has these words. */
  | { type: 'prints'; words: string }
  /** The event's line in the trace has these words. */
  | { type: 'happens'; words: string }

export interface Counted {
  type: 'counted'
  which: 'fewest' | 'most'
  structure: StructureName
  leases: (typeof GROWTH)[number]
}

export const PROCESS_VERBS = ['crashes', 'pauses', 'resumes', 'restarts', 'stops', 'ends'] as const
export type ProcessVerb = (typeof PROCESS_VERBS)[number]

/**
 * `due`: no time is left. `expired`: the leader finds that. `revoked`: by request. `ends`: the
 * revoke is applied, whatever its reason.
 */
export const LEASE_VERBS = ['granted', 'renewed', 'due', 'expired', 'revoked', 'ends'] as const
export type LeaseVerb = (typeof LEASE_VERBS)[number]

export const KEY_VERBS = ['created', 'put', 'deleted'] as const
export type KeyVerb = (typeof KEY_VERBS)[number]

/** The state changes of a client's process. */
export const CLIENT_VERBS = ['crashes', 'pauses', 'resumes', 'restarts'] as const
export type ClientVerb = (typeof CLIENT_VERBS)[number]

/**
 * A reader's answer: index of a choice, virtual ms, a number, or a name such as L2, m3, /svc/a or
 * b. Null for a skipped question.
 */
export type Answer = number | string | null

export const MEMBER_CHANGES = ['added', 'promoted', 'removed'] as const
export type MemberChange = (typeof MEMBER_CHANGES)[number]

/**
 * The limits of a recording: characters of a caption, of a choice and of a condition's words;
 * stops, choices and marks.
 */
export const LONGEST_CAPTION = 110
export const LONGEST_CHOICE = 40
export const LONGEST_WORDS = 200
export const MOST_STOPS = 50
export const MOST_CHOICES = 6
export const MOST_MARKS = 12
export const MOST_HINTS = 5
export const MOST_PARTS = 5
export const MOST_ACTS = 12
/** The largest number that a reader may answer. */
export const LARGEST_ANSWER = 1_000_000_000
/** Milliseconds from a moment to its stop. */
export const LONGEST_AFTER_MS = 60_000

/** The fields in braces of a caption: seconds left of the n-th lease, and the time. */
const FIELD = /\{(?:left L([1-9]\d{0,3})|now)\}/g

/**
 * The caption with its fields filled in; `left` and `now` are virtual ms. Seconds are rounded down
 * to a tenth.
 */
export function filled(caption: string, left: (lease: number) => number, now: number): string {
  return caption.replace(FIELD, (_, lease: string | undefined) =>
    tenths(lease === undefined ? now : left(Number(lease))),
  )
}

/** The fault of a caption; null for a good one. */
export function captionFault(caption: string): string | null {
  if (caption.trim() === '') return 'a sentence'
  if (caption.trim() !== caption) return 'a sentence without blanks at its ends'
  if (caption.length > LONGEST_CAPTION)
    return `at most ${LONGEST_CAPTION} characters (got ${caption.length})`
  if (/[\n\r]/.test(caption)) return 'one line'
  return /[{}]/.test(caption.replace(FIELD, '')) ? '{left L1} or {now} in braces' : null
}

function tenths(ms: number): string {
  return (Math.floor(ms / 100) / 10).toFixed(1)
}

/** The fault of the parts that a stop shows; null for good ones. */
export function showFault({
  panel,
  rows,
}: {
  panel?: unknown
  rows?: readonly string[] | undefined
}): string | null {
  if (panel === undefined && rows === undefined) return 'a panel or rows'
  if (rows === undefined) return null
  if (rows.length === 0 || new Set(rows).size < rows.length) return 'some rows, each once'
  return rows.includes('beliefs') && !rows.includes('leases')
    ? 'rows leases beliefs: beliefs are drawn in the rows of leases'
    : null
}
