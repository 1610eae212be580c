import type { Recording, SavedRunTree, View } from '../../engine/worker/protocol'
import type { LessonPlace } from '../scene/lessons'
import type { LockForm } from '../store/ui'

/** A run as this browser keeps it. */
export interface Kept {
  version: 1
  /** The run with its branches, under the key of the first version. */
  session: SavedRunTree
  view: View
  /**
   * The part of the address from # on: a link that was opened once does not replace its run later.
   */
  hash: string
  /**
   * The entry of the browser's history that it belongs to (entries.ts); null if an earlier version
   * wrote it.
   */
  entry: string | null
  scenario: string | null
  /**
   * Its place in a lesson, the selected numbers of its story, and the form in the stage's place, as
   * in the state of the page.
   */
  lesson: LessonPlace | null
  numbers: number
  form: LockForm | null
  /** The run that the lab started, to start over from. */
  labRun: Recording | null
  /** The way it came to this browser; null for a run that began here. */
  foreign: 'link' | 'file' | null
  /** It has acts: worth keeping when another run replaces it. */
  worked: boolean
  /** The reader's name for it; null for none. */
  name: string | null
  /** It is never removed to make room. */
  pinned: boolean
  /** Wall ms of the writing. */
  at: number
  /**
   * The writer, and its own count. A writer that finds another stamp than its own puts that run
   * aside first.
   */
  stamp: string
}

/** The number of a run that was put aside; later runs have higher numbers. */
export type EarlierId = number

/** A run that was put aside; `kept` is null if another version of this page wrote it. */
export interface Earlier {
  id: EarlierId
  kept: Kept | null
}
