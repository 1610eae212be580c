// A run's story as the page shows it: the stop that is reached, its sentence, and the state of its
// question.

import type { Question, Show } from '../sim/stops'

export interface StoryView {
  /** How many stops the story has. */
  stops: number
  /** Index of the last stop reached at or before the cursor; null before the first. */
  reached: number | null
  /** Virtual ms when it was reached; null before the first. */
  at: number | null
  /** The cursor is at that time: nothing later is shown. */
  here: boolean
  /**
   * Its sentence, filled in from the run; null for a stop without a sentence, and before the first.
   */
  say: string | null
  /**
   * The panel and rows of the last stop reached; null for a stop without them, and before the
   * first.
   */
  show: Show | null
  ask: QuestionView | null
  /** The goal of the last stop reached; null for a stop without one. */
  goal: GoalView | null
  /**
   * Every stop is reached. The reader answered every question right and reached every goal without
   * the solution.
   */
  passed: boolean
  /**
   * All stops are reached, no question is open or waiting, no goal is open, and no command of the
   * recording lies ahead.
   */
  over: boolean
}

export interface GoalView {
  text: string
  state: 'open' | 'reached'
  /** In the order in which they must come. */
  parts: { text: string; done: boolean }[]
  /** The number of acts in this run since the goal was set, and in the stored solution. */
  used: number
  par: number
  /** The acts that the reader may use, in the console's words. */
  may: string[]
  /** Help, one sentence at a time. */
  hints: string[]
  /** The solution was shown. */
  shown: boolean
  /** The event that reached the goal; null until then. */
  event: number | null
}

export interface QuestionView {
  /**
   * `choose`, `what-next`: one of the choices. `when`: a virtual time. `which`: a name. `how-much`:
   * a whole number.
   */
  kind: Question['kind']
  question: string
  /**
   * For `choose` its choices; for `what-next` the possible moves; for `which` the names at the
   * stop, where they are few. Else empty.
   */
  choices: string[]
  /** What a question of kind `which` asks for; null for the other kinds. */
  of: 'lease' | 'key' | 'client' | 'member' | null
  /** The run answers at the stop: the clock need not run. */
  atOnce: boolean
  /** Help, one sentence at a time. */
  hints: string[]
  /**
   * `open`: no answer yet. `waiting`: answered, and the deciding event lies ahead. `skipped`: the
   * same without an answer. `decided`: the event lies at or before the cursor, with or without an
   * answer.
   */
  state: 'open' | 'waiting' | 'decided' | 'skipped'
  /**
   * Index of a choice, virtual ms, a number, or a name such as L2, m3, /svc/a; null while open, and
   * where it was skipped.
   */
  answer: number | string | null
  /** The right answer in this run; null while it is not decided at or before the cursor. */
  truth: number | string | null
  /**
   * Whether the answer is right, for `when` within a second; null without an answer or before it is
   * decided.
   */
  right: boolean | null
  /**
   * The event that decided the question; null until then, and where the time alone decided (`by`).
   */
  event: number | null
  /** Virtual ms when it was decided; null until then. */
  decidedAt: number | null
  /**
   * The sentence for the verdict, or else the event that decided, in words. Null until then, and
   * where the time alone decided without a sentence.
   */
  so: string | null
}
