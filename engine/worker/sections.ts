// What one Frame carries. A new section is one line of `Sections`, made in frame.ts. Its value
// before the first Frame stands in app/store/run.ts; the compiler asks for it.

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

/** Where the run is, and how it moves. Every Frame has all of it. */
export interface Head {
  /** Another number after another run was opened or another branch chosen. */
  run: number
  /** Virtual ms: the cursor, and how far this run has been played. */
  now: number
  end: number
  playing: boolean
  speed: number
  /** The speed at which the clock is held so that a message can be seen; null while it is not. */
  held: number | null
  /**
   * Nothing is under way or due but the members' own loops: time may pass, nothing will happen by
   * itself.
   */
  quiet: boolean
  /** A console line, entered in a paused run, lets the clock run until it has its answer. */
  answering: boolean
}

/**
 * What the page shows of a run. A Frame leaves out a section that has not changed since the last
 * one, and one that `Interest` does not ask for.
 */
export interface Sections {
  /** How many runs this worker has opened. */
  opened: number
  /** Null before the first Frame, as is `seed`. */
  config: Config | null
  seed: number | null
  /** The version of the engine that made the run, as `0.1`; null where this one did. */
  madeWith: string | null
  members: MemberView[]
  clients: ClientView[]
  messages: MessageView[]
  leases: Window<LeaseRow>
  /** How many leases live, and how many have ended so far in this run. */
  live: number
  ended: number
  /** Null until it was asked for. */
  cells: CellsView | null
  rates: Rates
  /**
   * The first breach of mutual exclusion at or before the cursor; null where there was none. It is
   * no breach of etcd's rules (`invariants`).
   */
  exclusion: Exclusion | null
  keys: Window<KeyRow>
  log: LogWindow
  console: ConsoleEntry[]
  /**
   * The rows of the timeline as `Interest.tape` asks for them, with what was played after the
   * cursor; null until they were asked for.
   */
  tape: Tape | null
  /** The same of the branch that is compared with; null while none is. */
  tapeThere: Tape | null
  progress: Progress
  /** The groups that the network has fallen into; null while it is whole. */
  partition: string[][] | null
  /** Walls that stop one direction, and links that are not as they should be. */
  network: NetworkView
  /** No member's lessor is primary: no countdown runs. */
  nobodyCounts: boolean
  /** The event at the cursor; null where no event is there. */
  on: LogLine | null
  /** What a run may never do, and whether it holds at this instant; null before the first check. */
  invariants: InvariantsView | null
  /** Where in the whole run a rule was broken, also after the cursor. */
  violations: ViolationMark[]
  /** Null until they were asked for, as are `moves`, `heap`, `growth` and `lab`. */
  spacetime: SpacetimeView | null
  moves: MovesView | null
  heap: HeapView | null
  growth: GrowthView | null
  lab: LabView | null
  /** The guarded resource; null for a run without one. */
  storage: StorageView | null
  /** Every branch of the run, the oldest first. */
  branches: BranchView[]
  /** What `why` and `compare` ask for; null where they ask for nothing. */
  why: WhyView | null
  compare: CompareView | null
  /** The TTLs that the run's commands ask for, in seconds, ascending. */
  ttls: number[]
  /** What undo takes back and redo does again, in words. */
  undo: string | null
  redo: string | null
  /** The run's story at the cursor; null for a run without stops. */
  story: StoryView | null
  /** The stops for their author; null until they were asked for. */
  stops: StopsView | null
  /** What a teacher sees beside the page; null until asked for, and for a run without stops. */
  lecture: LectureView | null
}

/** One animation frame's news. */
export interface Frame extends Head, Partial<Sections> {
  type: 'frame'
  /** The part of a virtual ms that has passed beyond `now`; absent while the clock is not held. */
  fraction?: number
  /** Said in one Frame, and not again. */
  shortfall?: Shortfall
}

/**
 * The count of operations as leases grow, so far; `counting` is the number of leases that is
 * counted now, null once all are.
 */
export interface GrowthView {
  rows: GrowthRow[]
  counting: number | null
}

/**
 * What came to less than was asked for: a limit of events, a step to a stop that found none, or a
 * step to the next difference that found none. `lookedTo` (virtual ms): the runs go on, and were
 * looked at until there so far; another such step looks further. Null: there is none.
 */
export type Shortfall =
  | Limit
  | { what: 'difference'; back: boolean; lookedTo: number | null }
  | { what: 'stop' }
