// Whether the run on the page has acts. The passing of time is not an act.

import type { RunState } from '../../store/run'

export interface Acts {
  /** Since the run came to the page: commands, undo, branches. */
  readonly work: boolean
  /** Answers to a story's questions. */
  readonly answers: boolean
  /** The reader wants this tab to keep its run. */
  readonly insisted: boolean
  /** A different text after every act. */
  readonly text: string
  /** The acts that a reopened run already had; null for a new run. */
  readonly brought: { work: string; answer: string } | null
}

export const noActs: Acts = {
  work: false,
  answers: false,
  insisted: false,
  text: '',
  brought: null,
}

export const isAny = ({ work, answers, insisted }: Acts): boolean => work || answers || insisted

/** The first frame of a run: a new one, a reopened kept one, or the same one after a crash. */
export function beginActs(acts: Acts, run: RunState, how: 'new' | 'again' | 'same'): Acts {
  const brought = how === 'new' ? null : { work: workOf(run), answer: answerOf(run) }
  return seeActs({ ...(how === 'same' ? acts : noActs), brought }, run)
}

/** A later frame. */
export function seeActs(acts: Acts, run: RunState): Acts {
  const { brought } = acts
  const [work, answer] = [workOf(run), answerOf(run)]
  const isWork = brought === null ? run.undo !== null || run.redo !== null : work !== brought.work
  const isAnswer = answer !== '' && answer !== brought?.answer
  return {
    ...acts,
    work: acts.work || isWork,
    answers: acts.answers || isAnswer,
    text: `${work} ${answer}`,
  }
}

function workOf({ run, undo, redo, branches }: RunState): string {
  return `${run} ${undo} ${redo} ${branches.map(({ id, name, commands }) => `${id} ${name} ${commands}`).join()}`
}

function answerOf({ story }: RunState): string {
  const ask = story?.ask
  return ask == null || ask.answer === null ? '' : `${story?.reached} ${ask.answer}`
}
