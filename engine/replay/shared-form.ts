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
   * How many steps of the cursor's instant come before it. Absent where all steps do, and for a run
   * without stops.
   */
  after?: number
  /**
   * The learner's answers to the questions of the stops, where given; null for a skipped question.
   */
  answers?: SavedAnswer[]
  /** The branch that is the recording; only with branches. */
  branch?: number
  branches?: SavedBranch[]
  view?: View
  /**
   * `checkOf` the other fields. It reveals damage that still reads as a run. A run written by hand
   * has none.
   */
  check?: string
}
