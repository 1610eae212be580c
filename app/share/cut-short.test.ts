import { expect, test } from 'vitest'
import { cutShortText, shortfallText } from './cut-short'

test('a run that is opened at the limit reports its place and how far it was played', () => {
  expect(cutShortText({ at: 1_958_602, cursor: 12_191_000 })).toBe(
    'Opened at 1,958.6 s. It was played to 12,191 s: play on.',
  )
})

test('a run whose commands take their own time reports no place beyond its played part', () => {
  expect(cutShortText({ at: 80_000_000, cursor: 1000 })).toBe(
    'Opened at 80,000 s. The rest of the run is too long to be played at once: play on.',
  )
})

test('a run that stops at its limit reports its place and the requested time', () => {
  const limit = { branch: null, at: 1_958_602, until: 12_191_000 }
  expect(shortfallText({ ...limit, what: 'place' })).toBe(
    'The run stops at its limit of events, at 1,958.6 s. You asked for 12,191 s: play on.',
  )
  expect(shortfallText({ ...limit, what: 'future', branch: 'main' })).toBe(
    'The branch main was played to 12,191 s. Its limit of events is at 1,958.6 s: play on from there.',
  )
  expect(shortfallText({ ...limit, what: 'beside', branch: 'main' })).toContain(
    'The branch main stops at its limit of events, at 1,958.6 s.',
  )
})

test('a step that finds no difference reports whether there is none', () => {
  expect(shortfallText({ what: 'difference', back: false, lookedTo: null })).toBe(
    'The branches have no later difference.',
  )
  expect(shortfallText({ what: 'difference', back: true, lookedTo: null })).toBe(
    'The branches have no earlier difference.',
  )
  expect(shortfallText({ what: 'difference', back: false, lookedTo: 312_400 })).toBe(
    'The branches were compared until 312.4 s. Step again to compare further.',
  )
})
