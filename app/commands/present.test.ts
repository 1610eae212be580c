import { expect, test } from 'vitest'
import type { StoryView } from '../../engine/worker/protocol'
import { OPEN_QUESTION, STORY_AT_START } from '../scene/test-story'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { showAnswer, toNextStop } from './present'

const question = (state: 'open' | 'waiting' | 'decided', atOnce = false): StoryView => ({
  ...STORY_AT_START,
  reached: 1,
  ask: { ...OPEN_QUESTION, state, atOnce },
})

function lecture(story: StoryView | null) {
  const done: string[] = []
  const act = (name: string) => (): void => void done.push(name)
  const commands = {
    stepStop: (back: boolean) => void done.push(back ? 'previous' : 'next'),
    nextStory: async () => void done.push('next story'),
    giveAnswer: act('give'),
    skipQuestion: act('skip'),
    pause: act('pause'),
  }
  const [run, ui] = [createRunStore(), createUiStore()]
  run.setState({ story })
  return { done, run, ui, commands }
}
const held = { stop: 1, answer: 2, hints: 0, hinting: false }

test('next goes to the next stop, but shows the answer of an open question first', () => {
  const before = lecture(null)
  toNextStop(before)
  const asks = lecture(question('open'))
  toNextStop(asks)
  const waits = lecture(question('waiting'))
  toNextStop(waits)
  expect([before.done, asks.done, waits.done]).toEqual([['next'], ['skip'], ['next']])
})

test('the answer of the class is given; the draft of another stop is not', () => {
  const asks = lecture(question('open'))
  asks.ui.setState({ answer: held })
  showAnswer(asks)
  asks.ui.setState({ answer: { ...held, stop: 0 } })
  showAnswer(asks)
  expect(asks.done).toEqual(['give', 'skip'])
})

test('the clock waits at the verdict on the current state', () => {
  const asks = lecture(question('open', true))
  showAnswer(asks)
  expect(asks.done).toEqual(['skip', 'pause'])
})

test('after the end of a step comes the next one of its lesson, after another story nothing', () => {
  const over: StoryView = { ...STORY_AT_START, reached: 1, over: true }
  const story = lecture(over)
  toNextStop(story)
  const step = lecture(over)
  step.ui.setState({ lesson: { name: 'cluster', step: 1 } })
  toNextStop(step)
  const last = lecture(over)
  last.ui.setState({ lesson: { name: 'cluster', step: 4 } })
  toNextStop(last)
  expect([story.done, step.done, last.done]).toEqual([['next'], ['next story'], ['next']])
})
