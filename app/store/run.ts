import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Frame, Head, Recording, Sections } from '../../engine/worker/protocol'
import { keep } from './keep'

/** The reason why a run has stopped, and whether it can be recovered; null if unknown. */
export interface StoppedRun {
  message: string
  recording: Recording | null
  /**
   * `run`: the engine threw an error in this run; another run can be opened. `crashed`: the worker
   * is lost. `not-loaded`: the worker never loaded.
   */
  what: 'run' | 'crashed' | 'not-loaded'
}

/**
 * The worker's last published state, and nothing derived from it. Before the first Frame: an empty
 * run at 0.
 */
export interface RunState extends Head, Sections {
  /** A Frame has arrived. */
  ready: boolean
  /** The reason why this run sends nothing more; null while it continues. */
  stopped: StoppedRun | null
  /** An answer of the engine, or its file, takes long. `long`: the reader may stop it. */
  waiting: 'none' | 'working' | 'long' | 'loading' | 'stalled'
}

const emptyHead: Head = {
  run: 0,
  now: 0,
  end: 0,
  playing: false,
  speed: 1,
  held: null,
  quiet: true,
  answering: false,
}

const emptySections: Sections = {
  opened: 0,
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
}

export const emptyRun: RunState = {
  ...emptyHead,
  ...emptySections,
  ready: false,
  stopped: null,
  waiting: 'none',
}

const HEAD = Object.keys(emptyHead) as (keyof Head)[]
const SECTIONS = Object.keys(emptySections) as (keyof Sections)[]
/**
 * Thousands of numbers that arrive together. A search for the unchanged ones costs more than
 * drawing them.
 */
const WHOLE: ReadonlySet<keyof Sections> = new Set(['cells', 'tape', 'tapeThere'])

/** Parts of the head that change with nothing else. */
const SILENT: ReadonlySet<keyof Head> = new Set(['quiet', 'answering'])

export type RunStore = StoreApi<RunState>

export function createRunStore(): RunStore {
  return createStore<RunState>()(() => emptyRun)
}

/**
 * The state after a Frame. A section that the Frame leaves out keeps its value. An unchanged row
 * keeps its identity.
 */
export function receiveFrame(state: RunState, frame: Frame): RunState {
  const next: RunState = { ...state, ready: true }
  for (const name of HEAD) set(next, name, frame[name])
  for (const name of SECTIONS) receiveSection(next, name, frame[name])
  return next
}

function receiveSection<K extends keyof Sections>(
  next: Sections,
  name: K,
  after: Sections[K] | undefined,
): void {
  if (after !== undefined) set(next, name, WHOLE.has(name) ? after : keep(next[name], after))
}

function set<State, K extends keyof State>(next: State, name: K, value: State[K]): void {
  next[name] = value
}

/**
 * Whether a Frame has news for the page. News may be followed by more. `quiet` and `answering`
 * alone are not news.
 */
export function isNews(state: RunState, frame: Frame): boolean {
  const moved = HEAD.some((name) => !SILENT.has(name) && frame[name] !== state[name])
  return moved || Object.keys(frame).some((name) => name !== 'type' && !(name in emptyHead))
}
