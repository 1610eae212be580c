import { expect, test } from 'vitest'
import type { Bar } from './bar'
import { embeddedBar } from './embedded-bar'

const bar = (primary: Bar['primary'], others: Bar['others']): Bar => ({
  title: '',
  detail: '',
  tone: 'plain',
  sides: [],
  choices: [],
  number: false,
  held: null,
  parts: [],
  score: null,
  hint: null,
  primary,
  others,
  progress: null,
  event: null,
})
const AGAIN = { act: 'again', word: 'Again' } as const

test('at the end, Again replaces the button to another story', () => {
  const end = bar({ act: 'next', word: 'Next story' }, [
    AGAIN,
    { act: 'what-if', word: 'What if…' },
  ])
  expect(embeddedBar(end)).toEqual(bar(AGAIN, []))
})

test('the buttons of the story itself stay', () => {
  const asked = bar({ act: 'answer', word: 'Go on' }, [
    { act: 'hint', word: 'Hint' },
    { act: 'skip', word: 'Skip' },
  ])
  expect(embeddedBar(asked)).toEqual(asked)
  const verdict = bar({ act: 'go-on', word: 'Go on' }, [{ act: 'why', word: 'Why?' }])
  expect(embeddedBar(verdict)).toEqual(verdict)
})
