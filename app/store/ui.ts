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
  /** Its window, as places on its axis; null: chosen by the page, with *now* in view. */
  window: { from: number; to: number } | null
  /** It takes the stage's place too. */
  full: boolean
  /** The spacing that a link or a kept run brought along; null: as the reader prefers. */
  spacing: 'true' | 'event' | null
  /**
   * The event of the answer to Why? for which the reader chose the spacing; for others it opens by
   * event.
   */
  spacedFor: number | null
  /**
   * The stop at which the reader shows all rows, though the stop shows some of them; null: none.
   */
  allRowsAt: number | null
}

/**
 * What the reader holds ready at a stop: the answer before it is given (null: none yet), and the
 * help.
 */
export interface Draft {
  /** The stop that it belongs to. */
  stop: number
  answer: Answer
  /** How many hints were shown, and whether the last of them is. */
  hints: number
  hinting: boolean
}

/** A form in the stage's place: a lock of one's own, or what TTL to take. */
export interface LockForm {
  tab: 'lock' | 'ttl'
  /** The reader has just chosen it from a menu: its first field takes the focus. */
  asked?: boolean
  /** It belongs to the open story, whose goal its runs may reach. */
  story: boolean
  /** Null: the first settings. */
  lock: MyLock | null
  /** What the worker last found, maybe of other settings. */
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
  /** The number of the kept run that it is about, where there is one. */
  id?: number | null
}

/** What is open, chosen and half-typed on this page; gone with a reload. */
export interface UiState {
  /** The open panel of the drawer; null: closed. */
  panel: Panel | null
  help: boolean
  /** The console's input, and the lines sent before, oldest first. */
  draft: string
  history: string[]
  /** The last gesture as the line that a person would type into a shell. */
  gesture: string | null
  /** A recording to be copied by hand, where the clipboard is refused. */
  recordingText: string | null
  /** A short message on what a button did. */
  notice: { text: string; count: number }
  /** What became of the run that this browser keeps, one line a kind. */
  notices: Notice[]
  /** How the run came to this browser; null for one that began here. */
  foreign: 'link' | 'file' | null
  /** The open run came with what the page shows: a link, a file or a kept run. */
  brought: boolean
  /** Something was done in it before it was opened again. */
  worked: boolean
  /** Why the worker refused the last message, until the reader dismisses it. */
  refused: string | null
  interest: Interest
  /** Internal timers that run by themselves between two choices, in step by move. */
  machinery: Machinery
  timeline: TimelineView
  /** The lease (ID) whose row is chosen: it stays in view, and its dial is marked. */
  lease: string | null
  /** The client whose program the drawer shows; null: the first that has one. */
  client: string | null
  /** The form of the panel of keys is open. */
  putting: boolean
  answer: Draft | null
  /** Messages between members are drawn as messages, not as a pulse. */
  heartbeats: boolean
  /** What the program panel starts next: a recipe, perhaps edited, in so many clients. */
  labSetup: { recipe: string; source: string | null; clients: number }
  /** The run that the program panel started, to start over from; null for another run. */
  labRun: Recording | null
  /** Small pictures of stories, by name, as far as they were asked for. */
  pictures: Readonly<Record<string, Miniature>>
  /** The menu that a key or a button elsewhere asked for last; another object every time. */
  asked: { menu: 'branches' | 'what-if' | null }
  /** The library of stories is open. */
  library: boolean
  /**
   * The page is part of another one: it has no top bar and no drawer, keeps nothing, and takes no
   * focus by itself.
   */
  embedded: boolean
  /** For a room: story bar, stage, timeline and a short transport alone, in large. */
  present: boolean
  /** A show of hands: how many for each answer, by run and stop. */
  hands: Readonly<Record<string, readonly number[]>>
  /** Where the reader is in a lesson; null outside of one. */
  lesson: LessonPlace | null
  /** How often the reader asked for a stop at the cursor. */
  stopHere: number
  /** The author tries the stops as a learner would. */
  trying: boolean
  /** Which of its other numbers the open story has: 0 as it is recorded. */
  numbers: number
  /** The story that is open; null for a run of one's own. */
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

/** Says what became of a kept run, in place of what was said of that kind before. */
export function tell(ui: UiStore, told: Notice): void {
  ui.setState(({ notices }) => ({
    notices: [...notices.filter(({ kind }) => kind !== told.kind), told],
  }))
}

export function untell(ui: UiStore, ...kinds: Notice['kind'][]): void {
  ui.setState(({ notices }) => ({ notices: notices.filter(({ kind }) => !kinds.includes(kind)) }))
}
