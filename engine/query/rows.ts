// The rows and views that the page is sent. Times are virtual milliseconds.

import type { Library } from '../base/libraries'
import type { LeaseEnd, Level } from '../base/trace'
import type { Machinery } from '../sim/choose'
import type { SpacetimeInterest } from './spacetime'
import type { TapeInterest } from './tape/rows'

/** A part of a longer list. */
export interface Window<Row> {
  total: number
  /** Index of the first row in the list; absent where the window starts as requested. */
  from?: number
  rows: Row[]
}

export interface LogWindow {
  total: number
  from: number
  /** How many of all lines lie at or before the cursor. */
  past: number
  lines: LogLine[]
}

/** The rows that the page shows; a Frame has only these. */
export interface Interest {
  /**
   * `around` is the number n of a lease Ln. The window then contains that lease, in the middle
   * where the list is long enough, and `from` is ignored. A lease without a row (it ended long ago,
   * or was never granted) leaves the window at `from`.
   */
  leases: {
    from: number
    count: number
    sort: 'remaining' | 'id' | 'granted'
    around?: number | undefined
  }
  keys: { from: number; count: number }
  /** `tail` follows the cursor; `only` leaves out every line that is not about a lease. */
  log: { from: number | 'tail'; count: number; only?: 'lease' }
  /** The space-time diagram, while it is open. */
  spacetime?: SpacetimeInterest | undefined
  /** The locks and the guarded resource, while the lab is open. */
  lab?: boolean | undefined
  /** All living leases as numbers (`Frame.cells`), while the page draws them as cells. */
  cells?: boolean | undefined
  /** The moves to choose from, while the panel is open; the named moves are hidden. */
  moves?: Machinery | undefined
  /** The teacher's view beside the page (`Frame.lecture`), while the page presents. */
  lecture?: boolean | undefined
  /**
   * The effects of the story's stops (`Frame.stops`), while their author edits them. For `write` a
   * goal forbids nothing.
   */
  stops?: 'read' | 'write' | undefined
  /** Absent: no tape is sent. */
  tape?: TapeInterest
  /**
   * The expiry heap, while it is drawn. The keys are those of this lease (ID), or with null of the
   * lease at the root.
   */
  heap?: { lease: string | null } | undefined
  /** The count of structures.ts, while its panel is open. */
  growth?: boolean | undefined
}

/**
 * The place of the cursor among the events that are not internal, and the last such event before
 * it.
 */
export interface Progress {
  past: number
  total: number
  last: LogLine | null
}

export interface MemberView {
  id: string
  name: string
  role: 'leader' | 'follower' | 'pre-candidate' | 'candidate' | 'learner' | 'down'
  /**
   * Its role in the cluster. An added member that has never started has no process: its role is
   * `down`, and its name is its peer address.
   */
  status: 'voter' | 'learner' | 'unstarted' | 'unstarted-learner' | 'removed'
  /**
   * Frozen: its clock stands still while time passes. A member that is down has the role `down`.
   */
  paused: boolean
  /** The member that it takes for the leader, or null. */
  lead: string | null
  /**
   * Virtual ms when a voter last heard from a leader, if the voter does not lead and misses its
   * leader. It misses its leader if it knows none, or has heard nothing for more than 1.5
   * heartbeats. Null for all others, and for a member that is down or frozen.
   */
  silentSince: number | null
  /**
   * The least and the most virtual ms without a message from a leader before it starts an election.
   * Raft draws each timeout between the two.
   */
  electsBetween: [number, number]
  /**
   * How many voters can exchange messages with it now, itself included: walls, crashed and frozen
   * members are considered. 0 for a member that is down or frozen.
   */
  reaches: number
  /** Virtual ms when it became the leader; null while it is not the leader. */
  leaderSince: number | null
  term: number
  revision: number
  /** The commit index that it knows, its applied index, and the last entry of its log. */
  raftIndex: number
  applied: number
  lastIndex: number
  /** The end of its log, oldest first, at most eight entries. */
  log: LogCell[]
  /** Milliseconds that a write to its disk takes. */
  diskMs: number
  /**
   * The rate of its clock, 100 is true; and by how many seconds its wall clock was set ahead, in
   * total.
   */
  clockPercent: number
  wallSeconds: number
  /** It got SIGTERM, and hands its leadership over. */
  stopping: boolean
  /**
   * Its own view of the first leases, by what remains; `deadline` is null where it does not count.
   */
  ownLeases: { id: string; deadline: number | null }[]
  leases: number
  keys: number
  /** Its lessor counts down. */
  primary: boolean
  /** Virtual ms of the next pass of its expiry loop. */
  nextPassAt: number
  clientUrl: string
  /** Its peer address. */
  peerUrl: string
}

export interface ClientView {
  id: string
  kind: 'program' | 'terminal'
  member: string
  /**
   * One line of text for each instruction. `line` is the index of the current line; the length of
   * `program` after its end. For a terminal: the lines that wait behind the running one, at most
   * 20.
   */
  instructions: string[]
  line: number
  sessions: Belief[]
  /** Whether its process runs, and since when (virtual ms; 0 from the start of the run). */
  state: 'up' | 'paused' | 'down'
  since: number
  /** How fast its clock runs, in percent. */
  clockPercent: number
  /**
   * At virtual time `at` its clock showed `ahead` ms more than the true time (less where negative).
   */
  clockAhead: { at: number; ahead: number }
  /** The library that keeps its leases alive. */
  library: Library
  /** Its program in the text form; null where it has none. */
  program: ProgramView | null
}

export interface ProgramView {
  source: string
  /** The line that runs or is next, from 1; null after its end or while its client is down. */
  line: number | null
  /** The event that the line waits for; null where it only waits for its turn. */
  waitsFor: 'sleep' | 'reply' | 'watch' | 'written' | null
  vars: { name: string; value: string }[]
  /** A debugger holds it, and its turn has come meanwhile; or it runs until that line. */
  held: boolean
  ready: boolean
  until: number | null
  ended: { failed: boolean; why: string } | null
  /** Its critical section, and since when (virtual ms); null outside. */
  section: string | null
  sectionSince: number | null
}

export interface LogCell {
  index: number
  term: number
  committed: boolean
  /** The content of the entry, in a word or two. */
  label: string
}

/** A client's belief about a lease, beside the servers' state. */
export interface Belief {
  lease: string
  /** The name of the lease: `L1`. */
  name: string
  ttlSeconds: number
  /**
   * The end of the lease by the client's own count: its last good answer's arrival plus the TTL.
   * Null before the first.
   */
  until: number | null
  /** Its keep-alive loop is switched on. A paused client still sends nothing. */
  heartbeat: boolean
  /** Virtual ms when the heartbeat was last switched on or off; null while it never was. */
  heartbeatAt: number | null
  /**
   * Virtual ms of the first keep-alive request without an answer. It was sent after the last
   * answer, and is older than one round trip or lost. Null while answers come in time, and without
   * a heartbeat.
   */
  unansweredSince: number | null
  /**
   * Whether the client and the member that its keep-alive requests go to can exchange messages now:
   * both run, and the network lets both directions through. While it is false, no heartbeat can
   * arrive.
   */
  connected: boolean
  /**
   * The client believes that it holds the lease: the lease is not lost to it, and `until` lies
   * ahead by its own clock. A paused client keeps its belief of the pause, whatever time passes.
   */
  holds: boolean
  /** The client takes the lease for lost: `lostHow` is not null. */
  lost: boolean
  /**
   * `told`: an answer said that the lease is gone. `given-up`: the client concluded it by itself.
   * Null while it does not take the lease for lost.
   */
  lostHow: 'told' | 'given-up' | null
  lastAnswerAt: number | null
  /**
   * Virtual ms when the client's keep-alive gives the lease up without an answer. Null without a
   * keep-alive, and where the library never notices by itself.
   */
  givesUpAt: number | null
  /**
   * The true state: the deadline that the servers count to, null where no lessor counts; and since
   * when the lease is gone, null while it lives.
   */
  truth: { deadline: number | null; goneAt: number | null }
}

export interface MessageView {
  id: number
  from: string
  to: string
  kind: 'request' | 'reply'
  /** The RPC's name. */
  label: string
  /** The answer is an error, or a keep-alive's TTL 0. */
  bad: boolean
  sent: number
  due: number
  /** A routine message between members: a heartbeat or its answer. */
  machinery: boolean
  /** It does not arrive: its link between members is cut, or its receiver is down. */
  doomed: boolean
  /** A cut keeps it from its receiver. TCP sends it again until the cut ends. */
  held: boolean
}

export interface LeaseRow {
  id: string
  /** `L1` for the first grant of the run. */
  name: string
  ttlSeconds: number
  grantedAt: number
  /** Null: never renewed. */
  renewedAt: number | null
  /** Null: this lessor is not primary, so it does not count. */
  deadline: number | null
  /**
   * The time left when the last primary stopped counting. Null while a primary counts, and before
   * the first primary.
   */
  stopped: StoppedCountdown | null
  /**
   * `expired`: its time has run out, the revoke has not been applied. `gone`: the revoke has been
   * applied; the row stays for a while.
   */
  state: 'live' | 'expired' | 'gone'
  /**
   * Seconds that a new primary would give it by its last checkpoint; null without a valid
   * checkpoint.
   */
  checkpoint: number | null
  keys: string[]
  keyCount: number
  holders: { client: string; until: number | null; heartbeat: boolean; lost: boolean }[]
  /**
   * When its time ran out. Null while time is left, and for a lease that was revoked before. The
   * primary may have noticed later.
   */
  expiredAt: number | null
  ended: { at: number; end: LeaseEnd; revision: number; event: number } | null
}

/** A lease's countdown that stopped before its end. */
export interface StoppedCountdown {
  /** Virtual ms that were left, and the virtual ms of the stop. */
  left: number
  at: number
  /** The fault of the primary: `m1 crashed`. */
  because: string
}

export interface KeyRow {
  key: string
  value: string
  lease: string | null
  /** The name of the lease; null without one. */
  leaseName: string | null
  create: number
  mod: number
  version: number
  /** Struck through: the cause of its end, the time and the revision. */
  gone: {
    at: number
    revision: number
    lease: string | null
    end: LeaseEnd | 'deleted'
    event: number
  } | null
}

export interface LogLine {
  id: number
  at: number
  level: Level
  type: string
  /** One sentence for people. */
  text: string
  causes: number[]
  lease: string | null
}

export interface ConsoleEntry {
  terminal: string
  job: number
  line: string
  at: number
  /** The event of its line, to seek to. */
  event: number
  /** `at`: virtual ms when it was printed. */
  output: { stream: 'stdout' | 'stderr' | 'note'; text: string; at: number }[]
  /**
   * `running` in the foreground. `done` also for commands without an exit code: `sleep`, `wait`,
   * comments, background jobs.
   */
  state: 'running' | 'background' | 'done'
  /** Null while there is no such time. */
  exit: number | null
  /** The leases (IDs) that its process keeps alive, under any name in the line. */
  keeps: string[]
}

/**
 * All living leases at the cursor as parallel lists, sorted by deadline, at most 20,000 of them.
 */
export interface CellsView {
  /** How many leases live, with unlisted ones. */
  total: number
  /** The n of each Ln. */
  numbers: Int32Array
  /** Virtual ms; Infinity while no primary counts. */
  deadlines: Float64Array
  /** Seconds. */
  ttls: Float64Array
  /** Virtual ms of the last renewal; NaN for a lease that was never renewed. */
  renewedAt: Float64Array
}

/** The number of events within the last virtual second. */
export interface Rates {
  renewals: number
  revokes: number
}

/** The first time that two clients were in one critical section. */
export interface Exclusion {
  /** Virtual ms, and the event. */
  at: number
  event: number
  section: string
  /** Virtual ms when only one of them was left inside; null while both are. */
  until: number | null
}
