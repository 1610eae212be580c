// A story and a question as the worker sends them at rest. Tests change a field or two.

import type { QuestionView, StoryView } from '../../engine/worker/protocol'

/** An open question without choices. */
export const OPEN_QUESTION: QuestionView = {
  kind: 'when',
  question: 'When does the key go?',
  choices: [],
  of: null,
  atOnce: false,
  hints: [],
  state: 'open',
  answer: null,
  truth: null,
  right: null,
  event: null,
  decidedAt: null,
  so: null,
}

/** A story of two stops, before the first stop. */
export const STORY_AT_START: StoryView = {
  stops: 2,
  reached: null,
  at: null,
  here: false,
  say: null,
  show: null,
  ask: null,
  goal: null,
  passed: false,
  over: false,
}
