// A run's story as the page shows it: the stop that is reached, its sentence, and the state of its question.

export interface StoryView {
  /** How many stops the story has. */
  stops: number
  /** Index of the last stop reached at or before the cursor; null before the first. */
  reached: number | null
  /** Virtual ms when it was reached; null before the first. */
  at: number | null
  /** The cursor is at that time: nothing later is shown. */
  here: boolean
  /** Its sentence, filled in from the run; null for a stop without one, and before the first. */
  say: string | null
  ask: QuestionView | null
  /** All stops are reached, no question is open or waiting, and no command of the recording lies ahead. */
  over: boolean
}

export interface QuestionView {
  /** `choose`: one of the choices. `when`: a virtual time. */
  kind: 'choose' | 'when'
  question: string
  /** Empty for `when`. */
  choices: string[]
  /**
   * `open`: no answer yet. `waiting`: answered, and the deciding event lies ahead. `skipped`: the same without an answer. `decided`: the event lies
   * at or before the cursor, with or without an answer.
   */
  state: 'open' | 'waiting' | 'decided' | 'skipped'
  /** Index of a choice, or virtual ms; null while open, and where it was skipped. */
  answer: number | null
  /** The right answer in this run; null while it is not decided at or before the cursor. */
  truth: number | null
  /** Whether the answer is right, for `when` within a second; null without an answer or before it is decided. */
  right: boolean | null
  /** The event that decided the question; null until then, and where the time alone decided (`by`). */
  event: number | null
  /** Virtual ms when it was decided; null until then. */
  decidedAt: number | null
  /** The sentence that goes with the verdict; null until then, and for a question without one. */
  so: string | null
}
