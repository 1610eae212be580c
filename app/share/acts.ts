// Whether the reader has changed the run on the page. The passing of time is no change.

import type { RunState } from '../store/run'

export interface Acts {
  /**
   * Since the run came to the page: commands, undo, branches; and with `any` also answers to a
   * story's questions.
   */
  readonly changed: boolean
  readonly any: boolean
  /** Another text after every act. */
  readonly text: string
  /**
   * The first frame of a run: a new one, one that was kept and comes again, or the same one after a
   * crash.
   */
  begin(state: RunState, how: 'new' | 'again' | 'same'): void
  /** A later frame. */
  see(state: RunState): void
  /** The reader wants it to count. */
  insist(): void
}

export function createActs(): Acts {
  let changed = false
  let answers = false
  let insisted = false
  let text = ''
  /** What a run that comes again brought along; null for a new one. */
  let brought: { changed: string; answer: string } | null = null

  function see(state: RunState): void {
    const now = { changed: changesOf(state), answer: answerOf(state) }
    text = `${now.changed} ${now.answer}`
    if (brought === null) {
      changed ||= state.undo !== null || state.redo !== null
      answers ||= now.answer !== ''
      return
    }
    changed ||= now.changed !== brought.changed
    answers ||= now.answer !== '' && now.answer !== brought.answer
  }
  return {
    get changed() {
      return changed
    },
    get any() {
      return changed || answers || insisted
    },
    get text() {
      return text
    },
    begin(state, how) {
      brought = how === 'new' ? null : { changed: changesOf(state), answer: answerOf(state) }
      if (how !== 'same') {
        changed = false
        answers = false
        insisted = false
      }
      see(state)
    },
    see,
    insist() {
      insisted = true
    },
  }
}

function changesOf({ run, undo, redo, branches }: RunState): string {
  return `${run} ${undo} ${redo} ${branches.map(({ id, name, commands }) => `${id} ${name} ${commands}`).join()}`
}

function answerOf({ story }: RunState): string {
  const ask = story?.ask
  return ask == null || ask.answer === null ? '' : `${story?.reached} ${ask.answer}`
}
