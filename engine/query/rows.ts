// The rows and views that the page is sent. Times are virtual milliseconds.

import type { Library } from '../base/libraries'
import type { LeaseEnd, Level } from '../base/trace'
import type { Machinery } from '../sim/choose'
import type { SpacetimeInterest } from './spacetime'
import type { TapeInterest } from './tape/rows'

/** A part of a longer list. */
export interface Window<Row> {
  total: number
  /** Index of the first row in the list; absent where the window starts where the interest says. */
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

/** Which rows the page shows; a Frame holds these and no others. */
export interface Interest {
  /**
   * `around` is the number n of a lease Ln: the window then contains that lease, in the middle
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
  /** The moves to choose from, while the panel is open; what is named stays out of sight. */
  moves?: Machinery | undefined
  /** What a teacher sees beside the page (`Frame.lecture`), while the page presents. */
  lecture?: boolean | undefined
  /**
   * What the stops of the story come to (`Frame.stops`), while their author looks at them. To
   * `write` them a goal forbids nothing.
   */
  stops?: 'read' | 'write' | undefined
  /** Absent: no tape is sent. */
  tape?: TapeInterest
  /**
   * The expiry heap, while it is drawn; the keys are those of this lease (ID), or with null of the
   * one at the root.
   */
  heap?: { lease: string | null } | undefined
  /** The count of structures.ts, while its panel is open. */
  growth?: boolean | undefined
}

/**
 * Where the cursor stands among the events that are not machinery, and the last of them before it.
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
   * What it is to the cluster. One that was added and never started has no process: its role is
   * `down`, and its name is where its peers will find it.
   */
  standing: 'voter' | 'learner' | 'unstarted' | 'unstarted-learner' | 'removed'
  /** Frozen: its clock stands while time goes on. A member that is down has the role `down`. */
  paused: boolean
  /** The member that it takes for the leader, or null. */
  lead: string | null
  /**
   * Virtual ms when a voter that is not the leader last heard from a leader, while it knows no
   * leader or has heard nothing for more than 1.5 heartbeats. Null for all others, and for a member
   * that is down or frozen.
   */
  silentSince: number | null
  /**
   * The least and the most virtual ms without a word from a leader after which it stands for
   * election. Raft draws each timeout between the two.
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
  /** The commit index as far as it knows, what it has applied, and the last entry of its log. */
  raftIndex: number
  applied: number
  lastIndex: number
  /** The end of its log, oldest first, at most eight entries. */
  log: LogCell[]
  /** Milliseconds that a write to its disk takes. */
  diskMs: number
  /**
   * How fast its clock runs, 100 is true; and by how many seconds its wall clock was put forward,
   * in all.
   */
  clockPercent: number
  wallSeconds: number
  /** It was asked to end, and is handing its leadership over. */
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
  /** Where its peers find it. */
  peerUrl: string
}

export interface ClientView {
  id: string
  kind: 'program' | 'terminal'
  member: string
  /**
   * One line of text an instruction; `line` is the index of the current one, the length of
   * `program` when it has ended. Of a terminal: the lines that wait behind the one that runs, at
   * most 20.
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
  /** The library that it keeps its leases alive with. */
  library: Library
  /** Its program in the text form; null where it has none. */
  program: ProgramView | null
}

export interface ProgramView {
  source: string
  /** The line that runs or is next, from 1; null when it has ended or its client is down. */
  line: number | null
  /** What the line waits for; null where it is only its turn. */
  waitsFor: 'sleep' | 'reply' | 'watch' | 'written' | null
  vars: { name: string; value: string }[]
  /** A debugger's hand is on it, and its turn has come meanwhile; or it runs until that line. */
  held: boolean
  ready: boolean
  until: number | null
  ended: { failed: boolean; why: string } | null
  /** The critical section that it is in, and since when (virtual ms); null outside. */
  section: string | null
  sectionSince: number | null
}

export interface LogCell {
  index: number
  term: number
  committed: boolean
  /** What the entry carries, in a word or two. */
  label: string
}

/** What a client thinks of a lease, beside what the server knows. */
export interface Belief {
  lease: string
  /** What the lease is called: `L1`. */
  name: string
  ttlSeconds: number
  /**
   * The client's own reckoning: its last good answer's arrival plus the TTL. Null before the first.
   */
  until: number | null
  /** Its keep-alive loop is switched on. A paused client sends nothing all the same. */
  heartbeat: boolean
  /** Virtual ms when the heartbeat was last switched on or off; null while it never was. */
  heartbeatAt: number | null
  /**
   * Virtual ms of the first keep-alive request without an answer: sent after the last answer, and
   * either older than one round trip or lost on its way. Null while answers come in time, and while
   * no heartbeat runs.
   */
  unansweredSince: number | null
  /**
   * Whether the client and the member that its keep-alive requests go to can exchange messages now:
   * both run, and the network lets both directions through. While it is false, no heartbeat can
   * arrive.
   */
  connected: boolean
  /**
   * The client takes itself for the holder: the lease is not lost to it, and `until` lies ahead by
   * its own clock. A paused client thinks nothing: this stays as it was when it was paused,
   * whatever time passes.
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
   * Virtual ms when the client's keep-alive gives the lease up if no answer comes. Null where
   * nothing is kept alive, and where it never notices by itself.
   */
  givesUpAt: number | null
  /**
   * What is true: the deadline that the servers count to, null where no lessor counts; and since
   * when the lease has been gone, null while it is there.
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
  /** Between members, and of no interest by itself: a heartbeat or its answer. */
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
   * What was left when the last primary stopped counting. Null while one counts, and where none
   * ever has.
   */
  stopped: StoppedCountdown | null
  /**
   * `expired`: its time has run out, the revoke has not been applied. `gone`: it has; the row stays
   * for a while.
   */
  state: 'live' | 'expired' | 'gone'
  /**
   * Seconds that a new primary would give it by its last checkpoint; null without a checkpoint that
   * counts.
   */
  checkpoint: number | null
  keys: string[]
  keyCount: number
  holders: { client: string; until: number | null; heartbeat: boolean; lost: boolean }[]
  /**
   * When its time ran out; null while it has not, and for a lease that was revoked before. The
   * primary may have seen it later.
   */
  expiredAt: number | null
  ended: { at: number; end: LeaseEnd; revision: number; event: number } | null
}

/** The end of a lease's countdown before its time. */
export interface StoppedCountdown {
  /** Virtual ms that were left, and the virtual ms when it was so. */
  left: number
  at: number
  /** What happened to the primary: `m1 crashed`. */
  because: string
}

export interface KeyRow {
  key: string
  value: string
  lease: string | null
  /** What the lease is called; null without one. */
  leaseName: string | null
  create: number
  mod: number
  version: number
  /** Struck through: who ended it, when and in which revision. */
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
   * `running` in the foreground; `done` too for what ends without an exit code: `sleep`, `wait`,
   * comments, jobs in the background.
   */
  state: 'running' | 'background' | 'done'
  /** Null while there is no such time. */
  exit: number | null
  /** The leases (IDs) that its process keeps alive, whatever the line calls them. */
  keeps: string[]
}

/**
 * All living leases at the cursor as parallel lists, sorted by deadline, at most 20,000 of them.
 */
export interface CellsView {
  /** How many leases live, with those that are not listed. */
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

/** How often something happened within the last virtual second. */
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
