import { describe, expect, test } from 'vitest'
import type { LockView, QuestionView, StoryView } from '../../engine/worker/protocol'
import { type BarState, barOf, lockLine } from './bar'
import { OPEN_QUESTION, STORY_AT_START } from './test-story'

const scenario = {
  name: 'x',
  title: 'Will it?',
  sentence: 'A key.',
  members: 1,
  shelf: 'leases',
  etcd: '3.6',
  source: null,
  combinations: 1,
  file: '',
} as const
const atRest: BarState = {
  scenario,
  story: null,
  playing: false,
  now: 6000,
  answer: null,
  hints: 0,
  hinting: false,
  locks: [],
  last: null,
  beat: null,
  step: null,
  form: null,
}
const story: StoryView = { ...STORY_AT_START, reached: 0, at: 6000, here: true, say: 'It stopped.' }
const open: QuestionView = {
  ...OPEN_QUESTION,
  kind: 'choose',
  question: 'Will the key survive?',
  choices: ['Yes', 'No'],
}
const asking = (ask: Partial<QuestionView>, state: Partial<BarState> = {}) =>
  barOf({ ...atRest, story: { ...story, ask: { ...open, ...ask } }, ...state })

test('a story waits for its start and says its subject', () => {
  expect(barOf(atRest)).toMatchObject({
    title: 'Will it?',
    detail: 'A key.',
    primary: { act: 'start' },
  })
  expect(barOf({ ...atRest, playing: true }).primary).toBeNull()
})

describe('a question', () => {
  test('has no filled button before an answer is chosen, and can be skipped', () => {
    expect(asking({})).toMatchObject({
      title: 'Will the key survive?',
      choices: [
        { word: 'Yes', answer: 0 },
        { word: 'No', answer: 1 },
      ],
      primary: null,
      others: [{ act: 'skip' }],
    })
  })
  test('offers Go on after the choice', () => {
    expect(asking({}, { answer: 1 })).toMatchObject({
      primary: { act: 'answer', word: 'Go on' },
      others: [],
    })
  })
  test('does not show the truth in the bar before the question is decided', () => {
    const waiting = asking({ state: 'waiting', answer: 1 }, { playing: true })
    expect(waiting.title).toBe('Will the key survive?')
    expect(waiting.detail).toBe('You say “No”. The clock runs until the run shows it.')
  })
  test('waits for a count without a button, because the run need not continue', () => {
    expect(asking({ state: 'waiting', answer: 1, atOnce: true })).toMatchObject({
      title: 'Will the key survive?',
      detail: 'You say “No”. It is being counted.',
      primary: null,
      others: [],
    })
  })
  test('is marked by the engine', () => {
    const decided = {
      state: 'decided',
      truth: 1,
      event: 40,
      decidedAt: 13_944,
      so: 'The key went with its lease.',
    } as const
    expect(asking({ ...decided, answer: 1, right: true })).toMatchObject({
      title: 'The key went with its lease.',
      detail: 'You said “No”. Right.',
      tone: 'right',
      sides: ['You said “No”.', 'Right.'],
      others: [{ act: 'why' }],
      primary: { act: 'go-on' },
      event: 40,
    })
    expect(asking({ ...decided, answer: 0, right: false })).toMatchObject({
      detail: 'You said “Yes”. The answer is “No”.',
      tone: 'wrong',
    })
    expect(asking({ ...decided, answer: null })).toMatchObject({
      detail: 'The answer is “No”.',
      tone: 'plain',
      sides: [],
    })
  })
  test('of kind when is marked by the distance in time', () => {
    const when: Partial<QuestionView> = {
      kind: 'when',
      choices: [],
      state: 'decided',
      truth: 21_915,
      answer: 15_700,
      right: false,
    }
    expect(asking(when).detail).toBe(
      'You said 15.700 s. It was at 21.915 s: 6.2 s later than you said.',
    )
    expect(asking({ ...when, answer: 22_000, right: true })).toMatchObject({ tone: 'right' })
    expect(asking({ ...when, answer: 21_900, right: true }).detail).toBe(
      'You said 21.900 s. It was at 21.915 s, as you said.',
    )
  })
})

test('a finished story offers Again, What if… and the next story; a beat of the opening goes on', () => {
  const over = { ...atRest, story: { ...story, reached: 1, over: true } }
  expect(barOf(over)).toMatchObject({
    primary: { act: 'next', word: 'Next story' },
    others: [{ act: 'again' }, { act: 'what-if' }],
  })
  expect(barOf({ ...over, beat: { number: 1, of: 6 } }).primary).toEqual({
    act: 'next',
    word: 'Go on',
  })
  expect(barOf({ ...over, beat: { number: 6, of: 6 } }).primary).toEqual({
    act: 'stories',
    word: 'Go to the lessons',
  })
  // A run from a link has stops but no story, so there is no next story.
  expect(barOf({ ...over, scenario: null }).primary).toBeNull()
})

test('a passed step leads to the next step or lesson; a step that is not passed is repeated', () => {
  const over = { ...atRest, story: { ...story, reached: 1, over: true, passed: true } }
  const word = (number: number, more: boolean, passed = true) =>
    barOf({ ...over, story: { ...over.story, passed }, step: { number, of: 5, more } }).primary
      ?.word
  expect([word(1, true), word(5, true), word(5, false), word(5, true, false)]).toEqual([
    'Next step',
    'Next lesson',
    'The lesson is done',
    'Try again',
  ])
})

test('a step that is not passed can wait; if its last answer was right, the bar says why', () => {
  const ask = { ...open, state: 'decided', truth: 1, answer: 1, right: true } as const
  const left = (number: number, more: boolean, answer: Partial<QuestionView> = {}) =>
    barOf({
      ...atRest,
      story: { ...story, ask: { ...ask, ...answer }, reached: 1, over: true, passed: false },
      step: { number, of: 5, more },
    })
  const onward = (bar: ReturnType<typeof left>) =>
    bar.others.find(({ act }) => act === 'next' || act === 'stories')?.word
  expect([onward(left(1, true)), onward(left(5, true)), onward(left(5, false))]).toEqual([
    'Next step',
    'Next lesson',
    'Go to the lessons',
  ])
  expect(left(1, true).score).toBe('An earlier answer was not right')
  expect(left(1, true, { answer: 0, right: false }).score).toBeNull()
  expect(left(1, true, { answer: null, right: null }).score).toBeNull()
})

test('a goal names the allowed acts and their places', () => {
  const goal = {
    text: 'Do it.',
    state: 'open',
    parts: [],
    used: 0,
    par: 1,
    may: [],
    hints: [],
    shown: false,
    event: null,
  } as const
  const may = (...acts: string[]) =>
    barOf({ ...atRest, story: { ...story, goal: { ...goal, parts: [], hints: [], may: acts } } })
      .detail
  expect(may('heartbeat svc on')).toBe('Click svc: you may start its heartbeat.')
  expect(may('pause a', 'resume a')).toBe('Click a: you may pause it and let it go on.')
  expect(may('pause a', 'crash m1')).toBe('You may: pause a, crash m1.')
  expect(may('pause m1')).toBe('You may: pause m1.')
})

test('below the sentence of a stop: the progress and where to look, and no log', () => {
  const last = { at: 3597, text: 'L1 is renewed' }
  const below = (change: Partial<StoryView> = {}, state: Partial<BarState> = {}) =>
    barOf({ ...atRest, last, story: { ...story, ...change }, ...state }).detail
  expect(below()).toBe('Stop 1 of 2.')
  expect(below({ stops: 1 })).toBe('')
  expect(below({ show: { rows: ['leases', 'beliefs'] } })).toBe(
    'Stop 1 of 2. Look at the leases and beliefs of clients on the timeline.',
  )
  expect(below({ show: { panel: 'inside', rows: ['leases'] } })).toBe('Stop 1 of 2.')
  expect(below({}, { playing: true })).toBe('The clock runs until the next stop.')
  expect(below({ reached: 1 }, { playing: true })).toBe('The clock runs until the story ends.')
  // The reader steps on from the stop.
  expect(below({ here: false })).toBe('3.597 s: L1 is renewed')
})

test("the reader's own run has no button and shows the last event", () => {
  const bar = barOf({ ...atRest, scenario: null, last: { at: 3597, text: 'L1 is renewed' } })
  expect(bar).toMatchObject({ title: '3.597 s: L1 is renewed', primary: null, others: [] })
})

describe('the line of a lock', () => {
  const lock: LockView = {
    name: '/job',
    verdict: 'broken',
    because: null,
    holder: {
      key: '/job/2',
      client: 'b',
      token: 3,
      lease: null,
      leaseName: null,
      deadline: null,
      revokedAt: null,
      dead: null,
    },
    believers: ['b'],
    inside: ['a', 'b'],
    bothSince: 5351,
    insideSince: [],
    waiting: [],
    schemes: [],
  }
  test('names the holder according to the store, and a client that is inside without the lock', () => {
    expect(lockLine([lock])).toEqual({
      text: 'Two inside since 5.351 s: b holds /job by the store, a is inside too.',
      tone: 'bad',
      verdict: 'broken',
    })
  })
  test('describes the lock with the worst problem', () => {
    const free: LockView = {
      ...lock,
      name: '/other',
      verdict: 'free',
      holder: null,
      inside: [],
      bothSince: null,
    }
    expect(lockLine([free, lock])?.text).toMatch(/^Two inside/)
    expect(lockLine([free])?.text).toBe('/other is free.')
    expect(lockLine([])).toBeNull()
  })
  test("warns about two kinds of keys in the reader's own run, and not in a story", () => {
    const mixed: LockView = {
      ...lock,
      verdict: 'held',
      inside: ['b'],
      bothSince: null,
      schemes: [
        { keys: 'plain', clients: ['a'] },
        { keys: 'queue', clients: ['b'] },
      ],
    }
    expect(barOf({ ...atRest, scenario: null, locks: [mixed] })).toMatchObject({
      detail: 'a puts the key /job, b puts a key below /job/. Neither looks at the other key.',
      tone: 'bad',
    })
    const both = { ...mixed, verdict: 'broken' as const, inside: ['a', 'b'], bothSince: 5351 }
    expect(barOf({ ...atRest, scenario: null, locks: [both] }).detail).toMatch(/^Two inside/)
    expect(lockLine([mixed])?.tone).toBe('plain')
  })
  test('begins a sentence with the kind of a client if its name is one letter', () => {
    const held: LockView = {
      ...lock,
      verdict: 'held',
      inside: ['b'],
      waiting: [{ who: 'a', how: 'queued' }],
    }
    expect(lockLine([held])?.text).toBe(
      'Client b holds /job by the store and is inside. Client a waits.',
    )
  })
})
