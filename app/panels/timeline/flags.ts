import type { Answer, StoryView } from '../../../engine/worker/protocol'
import type { Draft } from '../../store/ui'

/** The reader's answer to a question about a time, and once it is decided the truth; null where there is none. */
export function flagsOf(story: StoryView | null, draft: Draft | null): { answer: number | null; truth: number | null } {
  const ask = story?.ask
  if (ask == null || ask.kind !== 'when') return { answer: null, truth: null }
  const held = draft !== null && draft.stop === story?.reached ? draft.answer : null
  return { answer: moment(ask.state === 'open' ? held : ask.answer), truth: moment(ask.truth) }
}

function moment(answer: Answer): number | null {
  return typeof answer === 'number' ? answer : null
}
