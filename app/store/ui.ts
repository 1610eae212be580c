import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Interest, LaneName, Machinery, Recording } from '../../engine/worker/protocol'
import { beginScene, type Scene } from '../scene/machine'
import type { Scenario } from '../scene/scenario'

export type Tab = 'leases' | 'keys' | 'log' | 'console'

export type LabPane = 'diagram' | 'moves' | 'program' | 'storage'

/** What the tape shows of the run. */
export interface TapeView {
  /** Its window, as places; null for all of the run. */
  window: { from: number; to: number } | null
  /** Leases that show what remains of their time. */
  opened: string[]
  /** Lanes that show all their rows, however many, and from which one on. */
  all: { lane: LaneName; from: number }[]
}

export interface Tidings {
  kind: 'restored' | 'crashed' | 'elsewhere' | 'earlier' | 'failed'
  text: string
}

/** What is open, chosen and half-typed on this page; gone with a reload. */
export interface UiState {
  /** The panel that a narrow page shows below the stage. */
  tab: Tab
  help: boolean
  /** The console's input, and the lines sent before, oldest first. */
  draft: string
  history: string[]
  /** The last gesture as the line that a person would type into a shell. */
  gesture: string | null
  /** A recording to be copied by hand, where the clipboard is not to be had. */
  recordingText: string | null
  /** A short word on what a copy button did. */
  notice: { text: string; count: number }
  /** What became of the run that this browser keeps, one line a kind. */
  tidings: Tidings[]
  /** The run came from elsewhere: a link, a file, an earlier visit. */
  foreign: boolean
  /** Why the worker did not take what was sent last, until the reader puts it away. */
  refused: string | null
  interest: Interest
  /** The lock lab stands where the stage was. */
  lab: boolean
  /** What its wide part shows. */
  labPane: LabPane
  /** What moves by itself before a choice, where the reader is the scheduler. */
  machinery: Machinery
  tape: TapeView
  /** The lab starts what is set up as soon as it stands. */
  labStarts: boolean
  /** What the lab starts next: a recipe, perhaps changed, in so many clients. */
  labSetup: { recipe: string; source: string | null; clients: number }
  /** The run that the lab started, to start over from; null where it is another. */
  labRun: Recording | null
  /** The opening scene. It rests while a scenario is open. */
  scene: Scene
  /** The scenario of the catalogue that is open; null for the opening. */
  scenario: Scenario | null
}

export type UiStore = StoreApi<UiState>

export const firstInterest: Interest = {
  leases: { from: 0, count: 200, sort: 'remaining' },
  keys: { from: 0, count: 200 },
  log: { from: 'tail', count: 200 },
}

export function createUiStore(): UiStore {
  return createStore<UiState>()(() => ({
    tab: 'leases',
    help: false,
    draft: '',
    history: [],
    gesture: null,
    recordingText: null,
    notice: { text: '', count: 0 },
    tidings: [],
    foreign: false,
    refused: null,
    interest: firstInterest,
    lab: false,
    labPane: 'diagram',
    machinery: 'members',
    tape: { window: null, opened: [], all: [] },
    labStarts: false,
    labSetup: { recipe: 'check-then-put', source: null, clients: 2 },
    labRun: null,
    scene: beginScene(),
    scenario: null,
  }))
}
