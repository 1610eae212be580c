import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  BranchView,
  CellsView,
  ClientView,
  CompareView,
  Config,
  ConsoleEntry,
  Exclusion,
  Frame,
  GrowthView,
  HeapView,
  InvariantsView,
  KeyRow,
  LabView,
  LeaseRow,
  LectureView,
  LogLine,
  MemberView,
  MessageView,
  MovesView,
  NetworkView,
  Progress,
  Rates,
  Recording,
  SpacetimeView,
  StopsView,
  StorageView,
  StoryView,
  Tape,
  ViolationMark,
  WhyView,
} from '../../engine/worker/protocol'
import { keep } from './keep'

/** Why a run has stopped, and what is left of it; null where nothing is known of it. */
export interface StoppedRun {
  message: string
  recording: Recording | null
  /**
   * `run`: the engine threw in this run; another one can be opened. `crashed`: no worker is left.
   * `not-loaded`: none ever came.
   */
  what: 'run' | 'crashed' | 'not-loaded'
}

/**
 * What the worker last published, and nothing derived from it. Before the first Frame: an empty run
 * at 0.
 */
export interface RunState {
  /** A Frame has come. */
  ready: boolean
  run: number
  /** How many runs this worker has opened. */
  opened: number
  now: number
  end: number
  playing: boolean
  speed: number
  /** The speed that the clock is held at so that a message can be seen; null while it is not. */
  held: number | null
  quiet: boolean
  answering: boolean
  config: Config | null
  seed: number | null
  /** The version of another engine that made the run, as `0.1`; null where this one did. */
  madeWith: string | null
  members: MemberView[]
  clients: ClientView[]
  messages: MessageView[]
  /** `from`: index of the first row, where the window was placed around a lease. */
  leases: { total: number; from?: number; rows: LeaseRow[] }
  /** How many leases live, and how many have ended in this run so far. */
  live: number
  ended: number
  /** Null until it was asked for. */
  cells: CellsView | null
  rates: Rates
  /** The first breach of mutual exclusion until the cursor; null where there was none. */
  exclusion: Exclusion | null
  keys: { total: number; rows: KeyRow[] }
  log: { total: number; from: number; past: number; lines: LogLine[] }
  console: ConsoleEntry[]
  /** Null until it was asked for. */
  tape: Tape | null
  /** The same of the branch that is compared with; null while none is. */
  tapeThere: Tape | null
  progress: Progress
  /** The groups that the network has fallen into; null while it is whole. */
  partition: string[][] | null
  /** Walls that stop one direction, and links that are not as they should be. */
  network: NetworkView
  /** No member's lessor is primary. */
  nobodyCounts: boolean
  on: LogLine | null
  /** Null before the first word of the checks. */
  invariants: InvariantsView | null
  violations: ViolationMark[]
  /** Null while nobody asked for it. */
  spacetime: SpacetimeView | null
  moves: MovesView | null
  heap: HeapView | null
  growth: GrowthView | null
  /** Every branch of the run, the oldest first. */
  branches: BranchView[]
  why: WhyView | null
  compare: CompareView | null
  /** The TTLs that the run's commands ask for, in seconds. */
  ttls: number[]
  /** What undo takes back and redo does again, in words. */
  undo: string | null
  redo: string | null
  lab: LabView | null
  /** The guarded resource; null where the run has nothing to do with it. */
  storage: StorageView | null
  /** The run's story at the cursor; null for a run without stops. */
  story: StoryView | null
  /** The stops for the one who writes them; null until they were asked for. */
  stops: StopsView | null
  /** What a teacher sees beside the page; null unless asked for, and for a run without stops. */
  lecture: LectureView | null
  /** Nothing more comes from this run; null while it goes on. */
  stopped: StoppedRun | null
  /**
   * An answer of the engine takes long, or so long that the reader may stop it; the same of its
   * file.
   */
  waiting: 'none' | 'working' | 'long' | 'loading' | 'stalled'
}

export const emptyRun: RunState = {
  ready: false,
  run: 0,
  opened: 0,
  now: 0,
  end: 0,
  playing: false,
  speed: 1,
  held: null,
  quiet: true,
  answering: false,
  config: null,
  seed: null,
  madeWith: null,
  members: [],
  clients: [],
  messages: [],
  leases: { total: 0, rows: [] },
  live: 0,
  ended: 0,
  cells: null,
  rates: { renewals: 0, revokes: 0 },
  exclusion: null,
  keys: { total: 0, rows: [] },
  log: { total: 0, from: 0, past: 0, lines: [] },
  console: [],
  tape: null,
  tapeThere: null,
  progress: { past: 0, total: 0, last: null },
  partition: null,
  network: { since: null, cuts: [], dials: [], links: [] },
  nobodyCounts: false,
  on: null,
  invariants: null,
  violations: [],
  spacetime: null,
  moves: null,
  heap: null,
  growth: null,
  branches: [],
  why: null,
  compare: null,
  ttls: [],
  undo: null,
  redo: null,
  lab: null,
  storage: null,
  story: null,
  stops: null,
  lecture: null,
  stopped: null,
  waiting: 'none',
}

export type RunStore = StoreApi<RunState>

export function createRunStore(): RunStore {
  return createStore<RunState>()(() => emptyRun)
}

/**
 * The state after a Frame. A section that the Frame leaves out keeps its value, and a row that came
 * again unchanged keeps its identity.
 */
export function receiveFrame(state: RunState, frame: Frame): RunState {
  return {
    ...state,
    ready: true,
    run: frame.run,
    opened: frame.opened ?? state.opened,
    now: frame.now,
    end: frame.end,
    playing: frame.playing,
    speed: frame.speed,
    held: frame.held,
    quiet: frame.quiet,
    answering: frame.answering,
    config: frame.config ?? state.config,
    seed: frame.seed ?? state.seed,
    madeWith: frame.madeWith === undefined ? state.madeWith : frame.madeWith,
    members: section(state.members, frame.members),
    clients: section(state.clients, frame.clients),
    messages: section(state.messages, frame.messages),
    leases: section(state.leases, frame.leases),
    live: frame.live ?? state.live,
    ended: frame.ended ?? state.ended,
    // Thousands of numbers, as with the tape below.
    cells: frame.cells ?? state.cells,
    rates: section(state.rates, frame.rates),
    exclusion: section(state.exclusion, frame.exclusion),
    keys: section(state.keys, frame.keys),
    log: section(state.log, frame.log),
    console: section(state.console, frame.console),
    // Thousands of numbers that come together: to look for those that stayed would cost more than
    // to draw them.
    tape: frame.tape ?? state.tape,
    tapeThere: frame.tapeThere === undefined ? state.tapeThere : frame.tapeThere,
    progress: section(state.progress, frame.progress),
    partition: section(state.partition, frame.partition),
    network: section(state.network, frame.network),
    nobodyCounts: frame.nobodyCounts ?? state.nobodyCounts,
    spacetime: section(state.spacetime, frame.spacetime),
    moves: section(state.moves, frame.moves),
    heap: section(state.heap, frame.heap),
    growth: section(state.growth, frame.growth),
    branches: section(state.branches, frame.branches),
    why: section(state.why, frame.why),
    compare: section(state.compare, frame.compare),
    ttls: section(state.ttls, frame.ttls),
    undo: frame.undo === undefined ? state.undo : frame.undo,
    redo: frame.redo === undefined ? state.redo : frame.redo,
    lab: section(state.lab, frame.lab),
    storage: section(state.storage, frame.storage),
    story: frame.story === undefined ? state.story : keep(state.story, frame.story),
    stops: section(state.stops, frame.stops),
    lecture: section(state.lecture, frame.lecture),
    invariants: section(state.invariants, frame.invariants),
    violations: section(state.violations, frame.violations),
    on: frame.on === undefined ? state.on : keep(state.on, frame.on),
  }
}

function section<T>(before: T, after: T | undefined): T {
  return after === undefined ? before : keep(before, after)
}

/**
 * Whether a Frame says anything that the page does not show yet: while it does, there may be more
 * to come.
 */
export function isNews(state: RunState, frame: Frame): boolean {
  const {
    type: _type,
    run,
    now,
    end,
    playing,
    speed,
    held,
    quiet: _quiet,
    answering: _answering,
    ...sections
  } = frame
  if (run !== state.run || now !== state.now || end !== state.end) return true
  if (playing !== state.playing || speed !== state.speed || held !== state.held) return true
  return Object.values(sections).some((part) => part !== undefined)
}
