import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  Answer,
  FiguredTtl,
  Interest,
  Machinery,
  Miniature,
  MyLock,
  Recording,
  TriedLock,
  TtlNeeds,
  View,
} from '../../engine/worker/protocol'
import type { LessonPlace } from '../scene/lessons'
import type { Scenario } from '../scene/scenario'

/** The panels of the drawer; one at a time is open. */
export type Panel = NonNullable<View['panel']> | 'stops'

/** What the timeline shows of the run. */
export interface TimelineView {
  mode: 'rows' | 'space-time'
  /**
   * The window of the timeline, as positions on its axis. Null: the page chooses it, with *now* in
   * view.
   */
  window: { from: number; to: number } | null
  /** The timeline also covers the stage. */
  full: boolean
  /** The spacing from a link or a kept run; null: the reader's preference. */
  spacing: 'true' | 'event' | null
  /**
   * The event of the Why? answer for which the reader chose the spacing. Other answers open with a
   * gap per event.
   */
  spacedFor: number | null
  /** The stop where the reader shows all rows instead of the stop's own; null for none. */
  allRowsAt: number | null
}

/** The reader's draft answer at a stop (null: none yet), and the help. */
export interface Draft {
  /** The stop of this draft. */
  stop: number
  answer: Answer
  /** The number of hints shown so far, and whether the last one is visible. */
  hints: number
  hinting: boolean
}

/** A form instead of the stage: My lock, or the TTL calculator. */
export interface LockForm {
  tab: 'lock' | 'ttl'
  /** The reader has just chosen it from a menu, so its first field takes the focus. */
  asked?: boolean
  /** The form belongs to the open story, and its runs may reach the story's goal. */
  story: boolean
  /** Null: the first settings. */
  lock: MyLock | null
  /** The worker's last result, possibly for other settings. */
  tried: TriedLock | null
  needs: TtlNeeds | null
  figured: FiguredTtl | null
  /** The run of the form that is open; null before the first. */
  opened: Recording | null
}

export interface Notice {
  kind:
    | 'restored'
    | 'crashed'
    | 'elsewhere'
    | 'earlier'
    | 'failed'
    | 'newer'
    | 'other'
    | 'short'
    | 'unopened'
    | 'removed'
    | 'dropped'
    | 'blocked'
  text: string
  /** The number of the kept run in this notice, if there is one. */
  id?: number | null
}

/** The open, chosen and half-typed things on this page. A reload loses them. */
export interface UiState {
  /** The open panel of the drawer; null: closed. */
  panel: Panel | null
  help: boolean
  /** The console's input, and the lines sent before, oldest first. */
  draft: string
  history: string[]
  /** The last gesture, as a shell line. */
  gesture: string | null
  /** A recording to copy by hand, if the browser refuses the clipboard. */
  recordingText: string | null
  /** A short message about the result of a button. */
  notice: { text: string; count: number }
  /** Notices about the run that this browser keeps, one per kind. */
  notices: Notice[]
  /** The origin of the run in this browser; null for a run that began here. */
  foreign: 'link' | 'file' | null
  /** The open run came with the state of the page: from a link, a file or a kept run. */
  brought: boolean
  /** The run had acts before it was opened here. */
  worked: boolean
  /** The worker's reason for refusing the last message, until the reader closes it. */
  refused: string | null
  interest: Interest
  /** Internal timers that run automatically between two choices, in step by move. */
  machinery: Machinery
  timeline: TimelineView
  /** The chosen lease (ID): its row stays in view, and its dial is marked. */
  lease: string | null
  /** The client whose program the drawer shows; null: the first client with a program. */
  client: string | null
  /** The form of the keys panel is open. */
  putting: boolean
  answer: Draft | null
  /** Messages between members are drawn as messages, not as a pulse. */
  heartbeats: boolean
  /** The next run of the program panel: a recipe, perhaps edited, and the number of clients. */
  labSetup: { recipe: string; source: string | null; clients: number }
  /** The run that the program panel started, to start over from; null for another run. */
  labRun: Recording | null
  /** Small pictures of stories by name, as far as they were requested. */
  pictures: Readonly<Record<string, Miniature>>
  /** The last menu that a key or another button opened; a new object each time. */
  asked: { menu: 'branches' | 'what-if' | null }
  /** The library of stories is open. */
  library: boolean
  /**
   * The page is embedded in another page. It has no top bar and no drawer, keeps nothing, and never
   * moves the focus without the reader.
   */
  embedded: boolean
  /** Present: only the story bar, stage, timeline and a short transport, enlarged for a room. */
  present: boolean
  /** A show of hands: the number for each answer, by run and stop. */
  hands: Readonly<Record<string, readonly number[]>>
  /** The reader's position in a lesson; null outside of one. */
  lesson: LessonPlace | null
  /** The number of times the reader requested a stop at the cursor. */
  stopHere: number
  /** The author tries the stops as a learner. */
  trying: boolean
  /** The chosen set of numbers of the open story; 0: as recorded. */
  numbers: number
  /** The open story; null for the reader's own run. */
  scenario: Scenario | null
  /** Null: the stage shows the run. */
  form: LockForm | null
}

export type UiStore = StoreApi<UiState>

export const firstInterest: Interest = {
  leases: { from: 0, count: 200, sort: 'remaining' },
  keys: { from: 0, count: 200 },
  log: { from: 'tail', count: 200 },
  lab: true,
}

export const firstTimeline: TimelineView = {
  mode: 'rows',
  window: null,
  full: false,
  spacing: null,
  spacedFor: null,
  allRowsAt: null,
}

export function createUiStore(): UiStore {
  return createStore<UiState>()(() => ({
    panel: null,
    help: false,
    draft: '',
    history: [],
    gesture: null,
    recordingText: null,
    notice: { text: '', count: 0 },
    notices: [],
    foreign: null,
    brought: false,
    worked: false,
    refused: null,
    interest: firstInterest,
    machinery: 'members',
    timeline: firstTimeline,
    lease: null,
    client: null,
    putting: false,
    answer: null,
    heartbeats: false,
    labSetup: { recipe: 'check-then-put', source: null, clients: 2 },
    labRun: null,
    pictures: {},
    asked: { menu: null },
    library: false,
    embedded: false,
    present: false,
    hands: {},
    lesson: null,
    stopHere: 0,
    trying: false,
    numbers: 0,
    scenario: null,
    form: null,
  }))
}

/** Replaces the earlier notice of the same kind about a kept run. */
export function notify(ui: UiStore, notice: Notice): void {
  ui.setState(({ notices }) => ({
    notices: [...notices.filter(({ kind }) => kind !== notice.kind), notice],
  }))
}

export function withdraw(ui: UiStore, ...kinds: Notice['kind'][]): void {
  ui.setState(({ notices }) => ({ notices: notices.filter(({ kind }) => !kinds.includes(kind)) }))
}
