import type { Recording } from '../sim/recording'
import type { SavedAnswer, SavedBranch } from './saved-run-tree'
import type { View } from './view'

/**
 * A run in a file or a link: the recording of the current branch, with the cursor, the view and the
 * other branches.
 */
export interface SharedRun extends Recording {
  /** Virtual ms; the start where absent. */
  cursor?: number
  /**
   * How many steps of the cursor's instant come before it; absent where all do, and for a run
   * without stops.
   */
  after?: number
  /**
   * The learner's answers to the questions of the stops, as far as they are given; null for a
   * skipped one.
   */
  answers?: SavedAnswer[]
  /** Which of the branches the recording is; only with branches. */
  branch?: number
  branches?: SavedBranch[]
  view?: View
  /**
   * `checkOf` the rest, so that damage that still reads as a run is noticed. A run written by hand
   * does without.
   */
  check?: string
}
