// A story and a question as the worker tells them at rest, for tests that change a field or two.

import type { QuestionView, StoryView } from '../../engine/worker/protocol'

/** An open question with nothing to choose from. */
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

/** A story of two stops before the first of them. */
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
