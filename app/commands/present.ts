// What a teacher does in Present, with one key each.

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
 * Plays to the event that answers the open question: with the answer of most hands or of the flag,
 * else without one.
 */
export function showAnswer({ run, ui, commands }: Parts): void {
  const { story } = run.getState()
  const { answer: draft } = ui.getState()
  if (story?.ask?.state !== 'open') return
  if (draft !== null && draft.stop === story.reached && draft.answer !== null)
    return commands.giveAnswer()
  commands.skipQuestion()
  // The verdict on what is so now is read before the clock runs on.
  if (story.ask.atOnce) commands.pause()
}

/**
 * A slide remote has one key to go on. It never passes a question: it shows the answer. After the
 * end of a step comes the next one.
 */
export function toNextStop(parts: Parts): void {
  const { story, playing } = parts.run.getState()
  if (story?.ask?.state === 'open') return showAnswer(parts)
  const { lesson } = parts.ui.getState()
  const isLast = lesson === null || stepAt({ ...lesson, step: lesson.step + 1 }) === undefined
  if (story?.over && !playing && !isLast) return void parts.commands.nextStory()
  parts.commands.stepStop(false)
}
