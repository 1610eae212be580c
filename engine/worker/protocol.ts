// The wire between the page and the worker: two unions and no code. The page asks, one Frame at a
// time; deadlines cross, countdowns do not.

import type { Interest } from '../query/rows'
import type { CutShort, SavedRunTree } from '../replay/run-tree'
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
export type {
  BranchView,
  CutShort,
  KeptBranch,
  Limit,
  SavedBranch,
  SavedRunTree,
} from '../replay/run-tree'
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
   * Replaces the run. `at` is where the cursor starts (virtual ms; everything up to it has then
   * been played).
   */
  | { type: 'open'; recording: Recording; at: number }
  /**
   * The same with a scenario file (engine/scenario), from its start; its commands lie ahead.
   * `numbers`: which of its draws. One that cannot be read is refused.
   */
  | { type: 'open-scenario'; file: string; numbers?: number }
  /** The page's animation frame: answered by exactly one Frame. `wallMs` is clamped to 0–100. */
  | { type: 'advance'; wallMs: number }
  /**
   * Play or pause. `stopOn` pauses the run on the first event of those kinds, on the event itself.
   * `speed` is 0.1–100; without it the speed stays. Up to 1 the clock slows down while messages of
   * clients fly, so that a flight can be seen; `slow: false` switches that off.
   */
  | { type: 'pace'; playing: boolean; speed?: number; stopOn?: StopOn; slow?: boolean }
  /** Another speed, playing or not. */
  | { type: 'speed'; speed: number }
  /**
   * One step of that size; `event` skips machinery. `move` takes the first move by (time,
   * sequence), and back goes to before the last step that was not machinery. `difference` goes to
   * the next or previous event at which the two compared runs differ otherwise than before; without
   * a comparison it does nothing. Back undoes nothing: it moves the cursor.
   */
  | { type: 'step'; to: StepTo; back: boolean }
  /**
   * To the next pause of the run's story (a stop, the verdict on a question that was answered or
   * skipped, the end), or back to the stop before this time; to the start before the first. A seek:
   * nothing of the run changes. Where there is no next one the cursor stays, and a shortfall says
   * so.
   */
  | { type: 'step-stop'; back: boolean }
  /**
   * To a stop by its index. One that the run does not reach leaves the cursor where it is, and a
   * shortfall says so.
   */
  | { type: 'seek-stop'; stop: number }
  /** On until that client begins another line, ten virtual seconds at most. */
  | { type: 'step-client'; client: string }
  /** Virtual ms, clamped at 0. Beyond the end the run is played on until there. */
  | { type: 'seek'; at: number }
  /** To just after an event of this run; an id it does not have is ignored. */
  | { type: 'seek-event'; id: number }
  /**
   * Acts at the cursor. A future that is there already stays, and this becomes another branch.
   * `hold` leaves a console line in flight while paused; otherwise the clock runs until it has its
   * answer.
   */
  | { type: 'command'; command: Command; hold?: boolean }
  | { type: 'interest'; interest: Interest }
  /**
   * The same commands with something changed, as a branch of its own, played until where the cursor
   * stands; with `beside` it is compared with the one before, with `stay` the one before is
   * compared with it. What does not fit is refused, and nothing changes.
   */
  | { type: 'vary'; change: Change; beside?: boolean | 'stay' }
  /** An unknown branch is ignored, and so is deleting the one that one stands on. */
  | { type: 'branch'; op: BranchOp }
  /**
   * Asks for the chain of an event's causes with every Frame, until another is asked for or null.
   * An event that is not there has none.
   */
  | { type: 'why'; event: number | null }
  /** Compares with another branch, which goes along, until null or another run. */
  | { type: 'compare'; with: number | null }
  /** Takes back, or does again, a gesture or what was done to the branches. */
  | { type: 'undo' }
  | { type: 'redo' }
  /**
   * A run with all its branches, as `exported-tree` had it. Answered by an `opened-tree`; one
   * that does not fit together is refused.
   */
  | { type: 'open-tree'; tree: SavedRunTree }
  /** Answered by an `exported-tree`. */
  | { type: 'export-tree' }
  /**
   * A run as somebody handed it on, at its cursor or where it has as many events as an opened run
   * may have: the text of a file (`json`) or what stands behind `#r1?` in a link (`plain`).
   * Answered by `opened`, or refused with the place.
   */
  | { type: 'open-shared'; text: string; form: SharedForm }
  /** The run to be handed on. Answered by a `shared`, or refused with `share:` and why not. */
  | { type: 'share'; form: ShareForm; view: View }
  /**
   * Answers the question of a stop: the index of a choice or virtual ms; null skips it. Ignored
   * where no such question is open or waiting at the cursor.
   */
  | { type: 'answer'; stop: number; answer: Answer }
  /**
   * Gives the run, with all its branches, these stops in place of its own; undo takes it back.
   * Stops that are not as they should be are refused, and nothing changes.
   */
  | { type: 'stops'; stops: Stop[] }
  /**
   * Plays the run without the acts that follow a stop, as a branch, up to that stop. Ignored where
   * there are none.
   */
  | { type: 'leave-out'; stop: number }
  /**
   * Tries the run from its start as a learner would, without any answer. Whatever is done until
   * `end-try` leaves no trace.
   */
  | { type: 'try' }
  | { type: 'end-try' }
  /**
   * Plays the stored solution of the open goal as a branch, from where the goal was set. Ignored
   * where no goal is open.
   */
  | { type: 'show-solution' }
  /** Answered by an `exported`. */
  | { type: 'export' }
  /**
   * Plays a lock with these settings beside the run that is open, which stays as it is. `file`: a
   * scenario whose stops go with the recording. Answered by a `lock-tried`; settings out of bounds
   * are refused.
   */
  | { type: 'try-lock'; lock: MyLock; file?: string }
  /**
   * The figures of a TTL, each with its run, beside the run that is open. Answered by a
   * `ttl-figured`; needs out of bounds are refused.
   */
  | { type: 'figure-ttl'; needs: TtlNeeds }
  /**
   * A scenario file as a small picture. The run that is open stays as it is. Answered by a
   * `pictured`; a file that cannot be read is refused.
   */
  | { type: 'picture'; name: string; file: string }

export type StepTo = 'event' | 'lease' | 'fault' | 'move' | 'difference'

export type BranchOp =
  | { type: 'switch'; id: number }
  | { type: 'rename'; id: number; name: string }
  | { type: 'delete'; id: number }

/**
 * A link, a recording's file, the text trace of what was played, and a shell script for a real
 * cluster.
 */
export type ShareForm = 'link' | 'file' | 'trace' | 'etcdctl'

export type StopOn = 'lease-end' | 'lease-event'

/**
 * What a worker is called when it is made. One `without-locks` takes no lock (`Ready.life`): in a
 * page that is embedded in another one.
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
  /**
   * The name of a lock that this worker holds as long as it lives; null where there are no locks.
   */
  life: string | null
}

/** The engine threw. The run stands; its recording is here to copy. */
export interface Stopped {
  type: 'stopped'
  message: string
  recording: Recording
}

export interface Exported {
  type: 'exported'
  recording: Recording
  /**
   * How many events the run has so far, and a hash of them all: equal runs have equal ones,
   * whatever machine they ran on.
   */
  events: number
  traceHash: string
}

export interface ExportedTree {
  type: 'exported-tree'
  tree: SavedRunTree
  /** Which of the runs that this worker opened it is (`Frame.opened`). */
  opened: number
}

/** A run tree is open. */
export interface OpenedTree {
  type: 'opened-tree'
  /** Which of the runs that this worker opened it is (`Frame.opened`). */
  opened: number
  /** Absent for a run that is at its cursor. */
  cutShort?: CutShort
}

/** What was handed on is open. */
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
  /** Of a link: the plain form, where the run is short enough to be read. */
  plain: string | null
}

/** `name` is the one that the picture was asked for with. */
export interface Pictured {
  type: 'pictured'
  name: string
  miniature: Miniature
}

/** What became of a lock with these settings. */
export interface TriedLock extends LockTried {
  type: 'lock-tried'
  lock: MyLock
}

/** What to take for these needs. */
export interface FiguredTtl extends TtlAnswer {
  type: 'ttl-figured'
  needs: TtlNeeds
}

/**
 * A message that the worker does not know or cannot take. The run goes on as if it had not come.
 */
export interface Refused {
  type: 'refused'
  message: string
}
