import { expect, test } from 'vitest'
import { cutShortText } from './cut-short'

test('a run that is opened at the limit says where it is and how far it was played', () => {
  expect(cutShortText({ at: 1_958_602, cursor: 12_191_000 })).toBe('Opened at 1,958.6 s. It was played to 12,191 s: play on.')
})

test('a run whose commands bring their time along is not said to be further than it was played', () => {
  expect(cutShortText({ at: 80_000_000, cursor: 1000 })).toBe(
    'Opened at 80,000 s. The rest of the run is too long to be played at once: play on.',
  )
})
