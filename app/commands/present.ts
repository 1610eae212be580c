// The teacher's actions in Present, one key each.

import { stepAt } from '../scene/lessons'
import type { RunStore } from '../store/run'
import type { UiStore } from '../store/ui'
import type { Commands } from './commands'

interface Parts {
  run: RunStore
  ui: UiStore
  commands: Pick<Commands, 'stepStop' | 'nextStory' | 'giveAnswer' | 'skipQuestion' | 'pause'>
}

/**
 * Plays to the event that answers the open question. Submits the answer with the most hands, or the
 * flag, if there is one.
 */
export function showAnswer({ run, ui, commands }: Parts): void {
  const { story } = run.getState()
  const { answer: draft } = ui.getState()
  if (story?.ask?.state !== 'open') return
  if (draft !== null && draft.stop === story.reached && draft.answer !== null)
    return commands.giveAnswer()
  commands.skipQuestion()
  // The room sees the verdict on the current state before the clock continues.
  if (story.ask.atOnce) commands.pause()
}

/**
 * A slide remote has one forward key. At a question the key shows the answer, and never skips it.
 * After the end of a step the key opens the next step.
 */
export function toNextStop(parts: Parts): void {
  const { story, playing } = parts.run.getState()
  if (story?.ask?.state === 'open') return showAnswer(parts)
  const { lesson } = parts.ui.getState()
  const isLast = lesson === null || stepAt({ ...lesson, step: lesson.step + 1 }) === undefined
  if (story?.over && !playing && !isLast) return void parts.commands.nextStory()
  parts.commands.stepStop(false)
}
