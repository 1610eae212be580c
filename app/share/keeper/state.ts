// What the keeper knows, what it takes, and what it wants done. No code but the first state.

import type { CutShort, SavedRunTree, ToWorker } from '../../../engine/worker/protocol'
import type { Scenario } from '../../scene/scenario'
import { emptyRun, type RunState } from '../../store/run'
import type { Notice } from '../../store/ui'
import type { EarlierId, Kept } from '../kept'
import type { Aside, Put } from '../kept-runs'
import { type Acts, noActs } from './acts'

/** What is known of a run beside its session. */
export type About = Omit<Kept, 'version' | 'session' | 'stamp'>
/** A run to be written. */
export type Whole = Omit<Kept, 'stamp'>
/** A kept run as it is opened again. */
export type Opened = Omit<Kept, 'version' | 'stamp' | 'entry' | 'scenario' | 'at'>

/**
 * Why a kept run comes to the page. `visit`: the run of the last visit. `tab`: that run as another
 * tab went on with it. `crash`: the run on the page, in another worker. `earlier`: a run that was
 * put aside.
 */
export type From = 'visit' | 'tab' | 'crash' | 'earlier'

/** A kept run on its way to the page. */
export interface Pending extends Opened {
  from: From
  /** The story of the run; null for a run without one. */
  scenario: Scenario | null
  /** What is said when it is open. */
  notice: Notice | null
  /** Its place among the earlier runs; null where it is not one of them. */
  id: EarlierId | null
}

/**
 * A kept run that the worker has opened. Its first frame is awaited. `opened`: which of the
 * worker's runs it is; a frame of a later one may come first.
 */
export interface Arriving {
  from: From
  id: EarlierId | null
  opened: number
}

/** How far a kept run has come on its way to the page. */
export type Coming =
  | { step: 'none' }
  /** The worker was sent the run. `before`: one that it was sent earlier, and has opened. */
  | { step: 'sent'; what: Pending; before: Arriving | null }
  | { step: 'open'; what: Arriving }

/** A session that the worker was asked for. */
export interface Ask {
  about: About
  opened: number
  /** The page goes to another entry of the history. */
  leaving: boolean
}

/** Something to do in the store, one after the other. */
export type Job =
  /**
   * `isWork`: something was done in the run, so it may put another one aside. `instead`: its own
   * place among the earlier runs, which it leaves.
   */
  | { type: 'write'; whole: Whole; isWork: boolean; instead: EarlierId | null }
  /**
   * The current run goes aside: another one is on the page. `left`: the work in it that the store
   * does not have; null where it has all.
   */
  | { type: 'aside'; left: Whole | null }
  /** A run that cannot be opened goes aside, whatever it is. `isSaid`: the reader is told. */
  | { type: 'forsake'; left: Whole | null; isSaid: boolean }
  /** Another tab may write, and this one shows what that tab wrote. */
  | { type: 'step-back' }

/** What the first job of the queue waits for. */
export type Storing =
  | { step: 'idle' }
  | { step: 'turn' }
  | { step: 'put'; stamp: string; whole: Whole; instead: EarlierId | null }
  | { step: 'aside' }
  | { step: 'look' }

export interface State {
  /** The name of this tab in its stamps, and how many runs it has written. */
  readonly tab: string
  readonly written: number
  /** The browser has locks: of several tabs one has the turn to write. */
  readonly hasLocks: boolean

  /** The run as the page shows it. */
  readonly run: RunState
  readonly acts: Acts
  /** The name that the reader gave the run, and whether it is pinned. */
  readonly label: Pick<Kept, 'name' | 'pinned'>
  readonly coming: Coming
  /** The run of this entry of the history is on the page, and is remembered on the way out. */
  readonly isHere: boolean

  /** The last session that the worker gave of this run, and what is known beside it. */
  readonly latest: SavedRunTree | null
  readonly about: About | null
  readonly asks: readonly Ask[]
  /** What was done when the worker was asked last. */
  readonly askedAt: string
  /** A timer runs, at the end of which the worker is asked. */
  readonly isWaiting: boolean
  /** Something happened in the run since it was opened again: there is something to write. */
  readonly isTouched: boolean
  /** What the store does not have yet of this run; null where it has all. */
  readonly unwritten: Whole | null

  /**
   * The stamp of the kept run as this tab last read or wrote it; null while the run on the page is
   * not the one that is kept.
   */
  readonly known: string | null
  /** The stamp of the run that was kept when the page began: the reader knows of it. */
  readonly seen: string | null
  /** The place of this run among the earlier ones, until it is kept as the current one. */
  readonly instead: EarlierId | null
  readonly queue: readonly Job[]
  readonly storing: Storing
  /** It was said that the browser keeps no settings. */
  readonly isBlockedSaid: boolean
}

/** What is true of the page at the moment of an input. */
export interface Page extends Omit<About, 'name' | 'pinned' | 'scenario' | 'hash' | 'entry'> {
  /**
   * The entry of the history whose run the page shows, and the one of the address: another one
   * until what the address asks for is open.
   */
  shown: Pick<About, 'hash' | 'entry'>
  here: Pick<About, 'hash' | 'entry'>
  scenario: Scenario | null
  /** What was done in the run before it came to this page. */
  worked: boolean
  /** No run has been opened yet. */
  isEmpty: boolean
}

export type Input =
  /** The page shows something else of the run. */
  | { type: 'run'; run: RunState }
  /** The form in the stage's place has changed. */
  | { type: 'form' }
  | { type: 'waited' }
  /** The worker's answers. */
  | { type: 'session'; session: SavedRunTree; opened: number }
  | { type: 'opened'; opened: number; cutShort: CutShort | null }
  | { type: 'refused'; why: string }
  /** Another worker is there. `crashed`: the one before ended by itself. */
  | { type: 'lost'; why: string; crashed: boolean }
  | { type: 'hangs' }
  /**
   * The page looks for the run of the last visit, and opens it. `hung`: it took so long then that
   * the reader could stop it.
   */
  | { type: 'found'; stamp: string | null }
  | { type: 'restore'; kept: Kept; hung: boolean }
  /** A run that was put aside, or that is remembered. */
  | { type: 'reopen'; kept: Omit<Kept, 'version' | 'stamp'>; id: EarlierId | null }
  /** The story of a kept run is known, so that it can be opened. */
  | { type: 'send'; what: Pending }
  /** Another run is about to be opened. */
  | { type: 'replacing' }
  /** The page goes to another entry of the history, or stays at this one after all. */
  | { type: 'leave-entry' }
  | { type: 'stays' }
  /** The page may be gone the next moment. */
  | { type: 'leave' }
  /** This tab keeps its run from now on; then it has the turn, or has not. */
  | { type: 'take-over' }
  | { type: 'taken-over' }
  /** Whether this tab has the turn that the first job asked for. */
  | { type: 'turn'; isMine: boolean }
  /** This tab has waited for its turn, and has it; another tab has it. */
  | { type: 'turn-came' }
  | { type: 'turn-lost' }
  /** The store's answers to the first job; `not-stored` where it failed. */
  | { type: 'put'; put: Put }
  | { type: 'aside'; aside: Aside }
  | { type: 'current'; kept: Kept | null }
  | { type: 'not-stored' }
  /** The browser keeps no settings. */
  | { type: 'blocked'; why: 'blocked' | 'full' }

export type Output =
  | { do: 'send'; message: ToWorker }
  /** Starts the timer, ends it. */
  | { do: 'wait' }
  | { do: 'wait-no-more' }
  | { do: 'tell'; notice: Notice }
  | { do: 'untell'; kinds: Notice['kind'][] }
  /** In localStorage; null forgets it. */
  | { do: 'remember'; key: string; value: string | null }
  /** The turn to write: asks for it, takes it from another tab, gives it back, leaves it. */
  | { do: 'take-turn' }
  | { do: 'steal-turn' }
  | { do: 'release-turn' }
  | { do: 'lose-turn' }
  /** The store. Each is answered by one input. */
  | { do: 'put'; kept: Kept; known: string | null; instead: EarlierId | null; may: MayReplace }
  | { do: 'put-aside'; stamp: string; whatever: boolean }
  | { do: 'look' }
  /** A run was written: storage works, and the browser is asked whether it keeps settings. */
  | { do: 'stored' }
  | { do: 'went'; gone: Omit<Aside, 'id'> }
  /** A run with the reader's work that the store does not have: this page still has it. */
  | { do: 'offer'; left: Whole }
  /** Looks for the story of a kept run, which is then sent. */
  | { do: 'find-story'; what: Omit<Pending, 'scenario'>; name: string | null }
  /** The worker has opened a kept run: the page shows it as it was left. */
  | { do: 'show'; what: Pending; cutShort: CutShort | null }
  /** The run on the page is the one of this entry of the history. */
  | { do: 'arrived' }
  | { do: 'visit'; about: About; session: SavedRunTree }
  /** The page forgets the worker's run. */
  | { do: 'reset' }
  | { do: 'start-over' }
  | { do: 'refuse'; why: string }
  | { do: 'tell-earlier'; before: Opened }

/** Which other run may be put aside: the one with that stamp, or `any`. */
export interface MayReplace {
  seen: string | null
  any: boolean
}

/** A step under way: the state so far, and what is wanted. */
export interface Draft {
  readonly now: { -readonly [Name in keyof State]: State[Name] }
  readonly outputs: Output[]
  page: Page
}

export function firstState(tab: string, hasLocks: boolean): State {
  return {
    tab,
    written: 0,
    hasLocks,
    run: emptyRun,
    acts: noActs,
    label: { name: null, pinned: false },
    coming: { step: 'none' },
    isHere: true,
    latest: null,
    about: null,
    asks: [],
    askedAt: '',
    isWaiting: false,
    isTouched: false,
    unwritten: null,
    known: null,
    seen: null,
    instead: null,
    queue: [],
    storing: { step: 'idle' },
    isBlockedSaid: false,
  }
}
