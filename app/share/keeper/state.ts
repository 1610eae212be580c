// The keeper's state, inputs and outputs. No code except the first state.

import type { CutShort, SavedRunTree, ToWorker } from '../../../engine/worker/protocol'
import type { Scenario } from '../../scene/scenario'
import { emptyRun, type RunState } from '../../store/run'
import type { Notice } from '../../store/ui'
import type { EarlierId, Kept } from '../kept'
import type { Aside, Put } from '../kept-runs'
import { type Acts, noActs } from './acts'

/** The data of a run besides its tree of branches. */
export type About = Omit<Kept, 'version' | 'session' | 'stamp'>
/** A run to be written. */
export type Whole = Omit<Kept, 'stamp'>
/** A kept run for reopening. */
export type Opened = Omit<Kept, 'version' | 'stamp' | 'entry' | 'scenario' | 'at'>

/**
 * The reason why a kept run comes to the page. `visit`: the run of the last visit. `tab`: that run,
 * continued in another tab. `crash`: the run on the page, in another worker. `earlier`: a run that
 * was put aside.
 */
export type From = 'visit' | 'tab' | 'crash' | 'earlier'

/** A kept run on its way to the page. */
export interface Pending extends Opened {
  from: From
  /** The story of the run; null for a run without one. */
  scenario: Scenario | null
  /** The notice when it is open. */
  notice: Notice | null
  /** Its place among the earlier runs; null if it is not one of them. */
  id: EarlierId | null
}

/**
 * A kept run that the worker has opened. Its first frame is awaited. `opened`: its number among the
 * worker's runs; a frame of a later run may come first.
 */
export interface Arriving {
  from: From
  id: EarlierId | null
  opened: number
}

/** The progress of a kept run on its way to the page. */
export type Coming =
  | { step: 'none' }
  /** The run was sent to the worker. `before`: one that was sent earlier, and is open. */
  | { step: 'sent'; what: Pending; before: Arriving | null }
  | { step: 'open'; what: Arriving }

/** A run that was requested from the worker. */
export interface Ask {
  about: About
  opened: number
  /** The page goes to another entry of the history. */
  leaving: boolean
}

/** Jobs for the store, one after the other. */
export type Job =
  /**
   * `isWork`: the run has acts, so it may put another one aside. `instead`: its own place among the
   * earlier runs, which it leaves.
   */
  | { type: 'write'; whole: Whole; isWork: boolean; instead: EarlierId | null }
  /**
   * The current run goes aside: another one is on the page. `left`: its work that the store does
   * not have; null for none.
   */
  | { type: 'aside'; left: Whole | null }
  /** A run that cannot be opened goes aside in any case. `isSaid`: the reader is notified. */
  | { type: 'forsake'; left: Whole | null; isSaid: boolean }
  /** Another tab may write, and this one shows that tab's run. */
  | { type: 'step-back' }

/** The wait of the first job in the queue. */
export type Storing =
  | { step: 'idle' }
  | { step: 'turn' }
  | { step: 'put'; stamp: string; whole: Whole; instead: EarlierId | null }
  | { step: 'aside' }
  | { step: 'look' }

export interface State {
  /** The name of this tab in its stamps, and the number of runs that it has written. */
  readonly tab: string
  readonly written: number
  /** The browser has locks: of several tabs one has the turn to write. */
  readonly hasLocks: boolean

  /** The run as the page shows it. */
  readonly run: RunState
  readonly acts: Acts
  /** The reader's name for the run, and whether it is pinned. */
  readonly label: Pick<Kept, 'name' | 'pinned'>
  readonly coming: Coming
  /**
   * The run of this entry of the history is on the page, and is remembered when the page leaves the
   * entry.
   */
  readonly isHere: boolean

  /** The worker's last tree of this run, and its other data. */
  readonly latest: SavedRunTree | null
  readonly about: About | null
  readonly asks: readonly Ask[]
  /** The acts at the last request to the worker. */
  readonly askedAt: string
  /** A timer runs, at the end of which the worker receives a request. */
  readonly isWaiting: boolean
  /** The run has acts since it was reopened: there is something to write. */
  readonly isTouched: boolean
  /** The part of this run that is not in the store yet; null for none. */
  readonly unwritten: Whole | null

  /**
   * The stamp of the kept run as this tab last read or wrote it; null if the run on the page is not
   * the kept one.
   */
  readonly known: string | null
  /** The stamp of the kept run when the page began: the reader knows of it. */
  readonly seen: string | null
  /** The place of this run among the earlier ones, until it is kept as the current one. */
  readonly instead: EarlierId | null
  readonly queue: readonly Job[]
  readonly storing: Storing
  /** The notice that the browser keeps no settings was shown. */
  readonly isBlockedSaid: boolean
}

/** The state of the page at an input. */
export interface Page extends Omit<About, 'name' | 'pinned' | 'scenario' | 'hash' | 'entry'> {
  /**
   * The entry of the history whose run the page shows. The address has another one until its run is
   * open.
   */
  shown: Pick<About, 'hash' | 'entry'>
  here: Pick<About, 'hash' | 'entry'>
  scenario: Scenario | null
  /** The run had acts before it came to this page. */
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
  | { type: 'tree'; tree: SavedRunTree; opened: number }
  | { type: 'opened'; opened: number; cutShort: CutShort | null }
  | { type: 'refused'; why: string }
  /** The worker was replaced. `crashed`: the previous one ended by itself. */
  | { type: 'lost'; why: string; crashed: boolean }
  | { type: 'hangs' }
  /**
   * The page finds the run of the last visit, and opens it. `hung`: it took so long then that the
   * reader could stop it.
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
  /** The page may be closed at any moment. */
  | { type: 'leave' }
  /** From now on this tab keeps its run; then the answer to its request for the turn. */
  | { type: 'take-over' }
  | { type: 'taken-over' }
  /** Whether this tab has the turn that the first job requested. */
  | { type: 'turn'; isMine: boolean }
  /** This tab has waited for its turn, and has it; another tab has it. */
  | { type: 'turn-came' }
  | { type: 'turn-lost' }
  /** The store's answers to the first job; `not-stored` for a failure. */
  | { type: 'put'; put: Put }
  | { type: 'aside'; aside: Aside }
  | { type: 'current'; kept: Kept | null }
  | { type: 'not-stored' }
  /** The browser keeps no settings. */
  | { type: 'blocked'; why: 'blocked' | 'full' }

export type Output =
  | { do: 'send'; message: ToWorker }
  /** Starts the timer; stops it. */
  | { do: 'wait' }
  | { do: 'wait-no-more' }
  | { do: 'notify'; notice: Notice }
  | { do: 'withdraw'; kinds: Notice['kind'][] }
  /** In localStorage; null removes it. */
  | { do: 'remember'; key: string; value: string | null }
  /** The turn to write: requests it, takes it from another tab, releases it, loses it. */
  | { do: 'take-turn' }
  | { do: 'steal-turn' }
  | { do: 'release-turn' }
  | { do: 'lose-turn' }
  /** The store. One input answers each. */
  | { do: 'put'; kept: Kept; known: string | null; instead: EarlierId | null; may: MayReplace }
  | { do: 'put-aside'; stamp: string; whatever: boolean }
  | { do: 'look' }
  /** A run was written: storage works, and the page checks whether the browser keeps settings. */
  | { do: 'stored' }
  | { do: 'went'; gone: Omit<Aside, 'id'> }
  /** A run with the reader's work that the store does not have: this page still has it. */
  | { do: 'offer'; left: Whole }
  /** Finds the story of a kept run, which is then sent. */
  | { do: 'find-story'; what: Omit<Pending, 'scenario'>; name: string | null }
  /** The worker has opened a kept run: the page shows it as it was left. */
  | { do: 'show'; what: Pending; cutShort: CutShort | null }
  /** The run on the page is the one of this entry of the history. */
  | { do: 'arrived' }
  | { do: 'visit'; about: About; tree: SavedRunTree }
  /** The page forgets the worker's run. */
  | { do: 'reset' }
  | { do: 'start-over' }
  | { do: 'refuse'; why: string }
  | { do: 'notify-earlier'; before: Opened }

/** The other run that may be put aside: the one with that stamp, or `any`. */
export interface MayReplace {
  seen: string | null
  any: boolean
}

/** A step in progress: the state and the outputs so far. */
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
