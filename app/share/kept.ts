import type { Recording, SavedRunTree, View } from '../../engine/worker/protocol'
import type { LessonPlace } from '../scene/lessons'
import type { LockForm } from '../store/ui'

/** A run as this browser keeps it. */
export interface Kept {
  version: 1
  session: SavedRunTree
  view: View
  /**
   * What stood behind the # of the address: a link that was opened once is not opened again over
   * what became of its run.
   */
  hash: string
  /**
   * The entry of the browser's history that it belongs to (entries.ts); null where an earlier
   * version wrote it.
   */
  entry: string | null
  scenario: string | null
  /**
   * Its place in a lesson, which of its other numbers the story has, and the form in the stage's
   * place, as in the state of the page.
   */
  lesson: LessonPlace | null
  numbers: number
  form: LockForm | null
  /** What the lab started, to start over from. */
  labRun: Recording | null
  /** How it came to this browser; null for a run that began here. */
  foreign: 'link' | 'file' | null
  /** Something was done in it: worth keeping when another run takes its place. */
  worked: boolean
  /** The name that the reader gave it; null: none. */
  name: string | null
  /** It is never removed to make room. */
  pinned: boolean
  /** Wall ms of the writing. */
  at: number
  /**
   * Who wrote it, and when in its own count: whoever finds another one than they wrote puts it
   * aside first.
   */
  stamp: string
}

/** The number of a run that was put aside; the later ones have the higher. */
export type EarlierId = number

/** A run that was put aside; `kept` is null where another version of this page wrote it. */
export interface Earlier {
  id: EarlierId
  kept: Kept | null
}
