// The messages between the page and the worker: two unions and no code. The page requests one Frame
// at a time. Frames carry deadlines, not countdowns.

import type { Interest } from '../query/rows'
import type { CutShort } from '../replay/run-tree'
import type { SavedRunTree } from '../replay/saved-run-tree'
import type { SharedForm } from '../replay/shared-run'
import type { Change } from '../replay/vary'
import type { View } from '../replay/view'
import type { Command } from '../sim/command'
import type { Recording } from '../sim/recording'
import type { Answer, Stop } from '../sim/stops'
import type { MyLock } from '../text/my-lock'
import type { TtlNeeds } from '../text/ttl-needs'
import type { Miniature } from './miniature'
import type { LockTried } from './my-lock'
import type { Frame } from './sections'
import type { TtlAnswer } from './ttl-figures'

export type { LeaseEnd, Level } from '../base/trace'
export type { Control } from '../client/control'
export type { StructureName } from '../lease/structures/names'
export type { LockOutcome, LockVerdict } from '../query/lock-verdict'
export type { BranchView, CutShort, Limit } from '../replay/run-tree'
export type { KeptBranch, SavedBranch, SavedRunTree } from '../replay/saved-run-tree'
export type { SharedForm } from '../replay/shared-run'
export type { Change } from '../replay/vary'
export type { View } from '../replay/view'
export type { Machinery } from '../sim/choose'
export type { Command, Config } from '../sim/command'
export type { Recording } from '../sim/recording'
export type { Answer, Question, ShownRows, Stop } from '../sim/stops'
export type { MyLock } from '../text/my-lock'
export type { TtlNeeds } from '../text/ttl-needs'
export type { Miniature } from './miniature'
export type { LockTried, LockWay } from './my-lock'
export type * from './sections'
export type { TtlAnswer, TtlFigure } from './ttl-figures'

export type ToWorker =
  /**
   * Replaces the run. `at` is the start of the cursor (virtual ms); everything up to it is played.
   */
  | { type: 'open'; recording: Recording; at: number }
  /**
   * The same with a scenario file (engine/scenario), from its start; its commands lie ahead.
   * `numbers` selects its draw. An unreadable file is refused.
   */
  | { type: 'open-scenario'; file: string; numbers?: number }
  /** The page's animation frame: answered by exactly one Frame. `wallMs` is clamped to 0–100. */
  | { type: 'advance'; wallMs: number }
  /**
   * Play or pause. `stopOn` pauses the run on the first event of those kinds, on the event itself.
   * `speed` is 0.1–100; without it the speed stays. Up to 1 the clock slows down while clients'
   * messages fly, so that a flight is visible; `slow: false` turns this off.
   */
  | { type: 'pace'; playing: boolean; speed?: number; stopOn?: StopOn; slow?: boolean }
  /** Another speed, playing or not. */
  | { type: 'speed'; speed: number }
  /**
   * One step of that size; `event` skips machinery. `move` takes the first move by (time,
   * sequence); its back goes to before the last step that was not machinery. `difference` goes to
   * the next or previous event where the two compared runs differ in a new way; without a
   * comparison it does nothing. Back undoes nothing: it moves the cursor.
   */
  | { type: 'step'; to: StepTo; back: boolean }
  /**
   * To the next pause of the run's story (a stop, the verdict on an answered or skipped question,
   * the end), or back to the previous stop; to the start before the first. A seek: the run does not
   * change. Without a next one the cursor stays, and a shortfall reports it.
   */
  | { type: 'step-stop'; back: boolean }
  /**
   * To a stop by its index. If the run does not reach it, the cursor stays, and a shortfall reports
   * it.
   */
  | { type: 'seek-stop'; stop: number }
  /** Plays until that client begins another line, ten virtual seconds at most. */
  | { type: 'step-client'; client: string }
  /** Virtual ms, clamped at 0. Beyond the end the run is played up to there. */
  | { type: 'seek'; at: number }
  /** To just after an event of this run; an unknown ID is ignored. */
  | { type: 'seek-event'; id: number }
  /**
   * Acts at the cursor. An existing future stays, and the act becomes another branch. `hold` leaves
   * a console line in flight while paused; otherwise the clock runs until it has its answer.
   */
  | { type: 'command'; command: Command; hold?: boolean }
  | { type: 'interest'; interest: Interest }
  /**
   * The same commands with a change, as a separate branch, played up to the cursor. With `beside`
   * it is compared with the previous branch, with `stay` the previous branch is compared with it.
   * An invalid change is refused, and nothing changes.
   */
  | { type: 'vary'; change: Change; beside?: boolean | 'stay' }
  /** Unknown branches are ignored. The current branch cannot be deleted. */
  | { type: 'branch'; op: BranchOp }
  /**
   * Requests the chain of an event's causes with every Frame, until another event or null. An
   * unknown event has none.
   */
  | { type: 'why'; event: number | null }
  /** Compares with another branch, which follows the cursor, until null or another run. */
  | { type: 'compare'; with: number | null }
  /** Undoes or redoes a gesture or a change of the branches. */
  | { type: 'undo' }
  | { type: 'redo' }
  /**
   * A run with all its branches, as in `exported-tree`. Answered by an `opened-tree`; an
   * inconsistent one is refused.
   */
  | { type: 'open-tree'; tree: SavedRunTree }
  /** Answered by an `exported-tree`. */
  | { type: 'export-tree' }
  /**
   * A shared run, at its cursor or at the maximum of events for an opened run: the text of a file
   * (`json`) or the text after `#r1?` in a link (`plain`). Answered by `opened`, or refused with
   * the place.
   */
  | { type: 'open-shared'; text: string; form: SharedForm }
  /** The run to share. Answered by a `shared`, or refused with `share:` and the reason. */
  | { type: 'share'; form: ShareForm; view: View }
  /**
   * Answers the question of a stop: the index of a choice or virtual ms; null skips it. Ignored if
   * no such question is open or waiting at the cursor.
   */
  | { type: 'answer'; stop: number; answer: Answer }
  /**
   * Replaces the stops of the run and all its branches; undo restores them. Invalid stops are
   * refused, and nothing changes.
   */
  | { type: 'stops'; stops: Stop[] }
  /**
   * Plays the run without the acts that follow a stop, as a branch, up to that stop. Ignored
   * without such acts.
   */
  | { type: 'leave-out'; stop: number }
  /**
   * Tries the run from its start as a learner would, without any answer. Changes until `end-try`
   * leave no trace.
   */
  | { type: 'try' }
  | { type: 'end-try' }
  /**
   * Plays the stored solution of the open goal as a branch, from where the goal was set. Ignored
   * without an open goal.
   */
  | { type: 'show-solution' }
  /** Answered by an `exported`. */
  | { type: 'export' }
  /**
   * Plays a lock with these settings beside the open run, which does not change. `file`: a scenario
   * whose stops go with the recording. Answered by a `lock-tried`; settings out of range are
   * refused.
   */
  | { type: 'try-lock'; lock: MyLock; file?: string }
  /**
   * The figures of a TTL, each with its run, beside the open run. Answered by a `ttl-figured`;
   * inputs out of range are refused.
   */
  | { type: 'figure-ttl'; needs: TtlNeeds }
  /**
   * A scenario file as a small picture. The open run does not change. Answered by a `pictured`; an
   * unreadable file is refused.
   */
  | { type: 'picture'; name: string; file: string }

export type StepTo = 'event' | 'lease' | 'fault' | 'move' | 'difference'

export type BranchOp =
  | { type: 'switch'; id: number }
  | { type: 'rename'; id: number; name: string }
  | { type: 'delete'; id: number }

/**
 * A link, a recording's file, the text trace of the played part, and a shell script for a real
 * cluster.
 */
export type ShareForm = 'link' | 'file' | 'trace' | 'etcdctl'

export type StopOn = 'lease-end' | 'lease-event'

/**
 * The name of a new worker. A worker `without-locks` takes no lock (`Ready.life`): it is in a page
 * that is embedded in another one.
 */
export type WorkerName = '' | 'without-locks'

export type FromWorker =
  | Ready
  | Frame
  | Stopped
  | Exported
  | ExportedTree
  | OpenedTree
  | Opened
  | Shared
  | Pictured
  | TriedLock
  | FiguredTtl
  | Refused

/** The worker has loaded. */
export interface Ready {
  type: 'ready'
  /** The name of a lock that this worker holds as long as it lives; null without locks. */
  life: string | null
}

/** The engine threw. The run stops; its recording is here to copy. */
export interface Stopped {
  type: 'stopped'
  message: string
  recording: Recording
}

export interface Exported {
  type: 'exported'
  recording: Recording
  /**
   * The number of events of the run so far, and a hash of them all: equal runs have equal hashes on
   * every machine.
   */
  events: number
  traceHash: string
}

export interface ExportedTree {
  type: 'exported-tree'
  tree: SavedRunTree
  /** The number of this run among those that the worker opened (`Frame.opened`). */
  opened: number
}

/** A run tree is open. */
export interface OpenedTree {
  type: 'opened-tree'
  /** The number of this run among those that the worker opened (`Frame.opened`). */
  opened: number
  /** Absent for a run that is at its cursor. */
  cutShort?: CutShort
}

/** The shared run is open. */
export interface Opened {
  type: 'opened'
  view: View
  /** Absent for a run that is at its cursor. */
  cutShort?: CutShort
}

export interface Shared {
  type: 'shared'
  form: ShareForm
  text: string
  /** For a link: the plain form, if the run is short enough to be read. */
  plain: string | null
}

/** `name` is the name in the request. */
export interface Pictured {
  type: 'pictured'
  name: string
  miniature: Miniature
}

/** The result of a lock with these settings. */
export interface TriedLock extends LockTried {
  type: 'lock-tried'
  lock: MyLock
}

/** The figures for these inputs. */
export interface FiguredTtl extends TtlAnswer {
  type: 'ttl-figured'
  needs: TtlNeeds
}

/** A message that the worker does not know or cannot accept. The run does not change. */
export interface Refused {
  type: 'refused'
  message: string
}
