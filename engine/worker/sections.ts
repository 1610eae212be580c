// The content of one Frame. A new section is one line of `Sections`, made in frame.ts. Its value
// before the first Frame is in app/store/run.ts; the compiler requires it.

import type { GrowthRow } from '../lease/structures/growth'
import type { CompareView } from '../query/compare'
import type { HeapView } from '../query/heap'
import type { InvariantsView, ViolationMark } from '../query/invariants'
import type { LabView, StorageView } from '../query/lab'
import type { MovesView } from '../query/moves'
import type { NetworkView } from '../query/network'
import type {
  CellsView,
  ClientView,
  ConsoleEntry,
  Exclusion,
  KeyRow,
  LeaseRow,
  LogLine,
  LogWindow,
  MemberView,
  MessageView,
  Progress,
  Rates,
  Window,
} from '../query/rows'
import type { SpacetimeView } from '../query/spacetime'
import type { Tape } from '../query/tape/rows'
import type { WhyView } from '../query/why'
import type { LectureView } from '../replay/lecture'
import type { BranchView, Limit } from '../replay/run-tree'
import type { StoryView } from '../replay/story-view'
import type { Config } from '../sim/command'
import type { StopsView } from './rehearsal'

export type * from '../lease/structures/growth'
export type * from '../query/compare'
export type * from '../query/heap'
export type * from '../query/invariants'
export type * from '../query/lab'
export type * from '../query/moves'
export type * from '../query/network'
export type * from '../query/pane'
export type * from '../query/rows'
export type * from '../query/spacetime'
export type * from '../query/tape/rows'
export type * from '../query/why'
export type * from '../replay/lecture'
export type * from '../replay/story-view'
export type * from './rehearsal'

/** The cursor and the movement of the run. Every Frame has all of it. */
export interface Head {
  /** A different number after another run was opened or another branch chosen. */
  run: number
  /** Virtual ms: the cursor, and the end of the played part. */
  now: number
  end: number
  playing: boolean
  speed: number
  /** The speed of a clock that is slowed so that a message is visible; null otherwise. */
  held: number | null
  /** Only the members' own loops are due: time may pass, but no event will happen by itself. */
  quiet: boolean
  /** A console line, entered in a paused run, lets the clock run until it has its answer. */
  answering: boolean
}

/**
 * The sections of a run on the page. A Frame omits unchanged sections and those that `Interest`
 * does not request.
 */
export interface Sections {
  /** The number of runs that this worker has opened. */
  opened: number
  /** Null before the first Frame, as is `seed`. */
  config: Config | null
  seed: number | null
  /** The version of the engine that made the run, as `0.1`; null for this one. */
  madeWith: string | null
  members: MemberView[]
  clients: ClientView[]
  messages: MessageView[]
  leases: Window<LeaseRow>
  /** The numbers of live leases and of ended leases so far in this run. */
  live: number
  ended: number
  /** Null until requested. */
  cells: CellsView | null
  rates: Rates
  /**
   * The first breach of mutual exclusion at or before the cursor; null for none. It is not a breach
   * of etcd's rules (`invariants`).
   */
  exclusion: Exclusion | null
  keys: Window<KeyRow>
  log: LogWindow
  console: ConsoleEntry[]
  /**
   * The rows of the timeline that `Interest.tape` requests, including the played part after the
   * cursor; null until requested.
   */
  tape: Tape | null
  /** The same for the compared branch; null without a comparison. */
  tapeThere: Tape | null
  progress: Progress
  /** The groups of the partition; null without a partition. */
  partition: string[][] | null
  /** One-way cuts, and links that differ from the configuration. */
  network: NetworkView
  /** No member's lessor is primary: no countdown runs. */
  nobodyCounts: boolean
  /** The event at the cursor; null for none. */
  on: LogLine | null
  /** The rules of a run, and whether they hold at this time; null before the first check. */
  invariants: InvariantsView | null
  /** The breaches in the whole run, also after the cursor. */
  violations: ViolationMark[]
  /** Null until requested, as are `moves`, `heap`, `growth` and `lab`. */
  spacetime: SpacetimeView | null
  moves: MovesView | null
  heap: HeapView | null
  growth: GrowthView | null
  lab: LabView | null
  /** The guarded resource; null for a run without one. */
  storage: StorageView | null
  /** Every branch of the run, the oldest first. */
  branches: BranchView[]
  /** The results of `why` and `compare`; null without a request. */
  why: WhyView | null
  compare: CompareView | null
  /** The TTLs that the run's commands request, in seconds, ascending. */
  ttls: number[]
  /** The actions that undo and redo would take, in words. */
  undo: string | null
  redo: string | null
  /** The run's story at the cursor; null for a run without stops. */
  story: StoryView | null
  /** The stops for their author; null until requested. */
  stops: StopsView | null
  /** The teacher's view beside the page; null until requested, and for a run without stops. */
  lecture: LectureView | null
}

/** The changes of one animation frame. */
export interface Frame extends Head, Partial<Sections> {
  type: 'frame'
  /** The fraction of a virtual ms beyond `now`; absent while the clock is not held. */
  fraction?: number
  /** Sent in one Frame only. */
  shortfall?: Shortfall
}

/**
 * The count of operations as leases grow, so far; `counting` is the number of leases that is being
 * counted, null when complete.
 */
export interface GrowthView {
  rows: GrowthRow[]
  counting: number | null
}

/**
 * A request with less than the full effect: a limit of events, or a step to a stop or to a
 * difference that found none. `lookedTo` (virtual ms): the runs were checked up to there so far;
 * another such step checks further. Null if there is no such step.
 */
export type Shortfall =
  | Limit
  | { what: 'difference'; back: boolean; lookedTo: number | null }
  | { what: 'stop' }
