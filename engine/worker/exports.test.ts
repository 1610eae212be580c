// A link, a file and a kept run open at the stop where they were made: with its sentence, its
// question or goal, and the learner's progress.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSharedRun } from '../replay/shared-run'
import { accept } from './accept'
import { Host } from './host'
import type { Answer, Frame, SavedRunTree, StoryView, ToWorker } from './protocol'

class Page {
  readonly host = new Host(() => 0)
  story: StoryView | null = null
  send(message: ToWorker): ReturnType<Host['receive']> {
    const answer = this.host.receive(message)
    if (answer?.type === 'refused') throw new Error(answer.message)
    return answer
  }
  frame(wallMs = 0): Frame {
    const frame = this.send({ type: 'advance', wallMs })
    if (frame?.type !== 'frame') throw new Error('an advance is answered by a Frame')
    if (frame.story !== undefined) this.story = frame.story
    return frame
  }
  /** Plays until the run pauses by itself. */
  play(): this {
    this.send({ type: 'pace', playing: true, speed: 20, slow: false })
    for (let i = 0; i < 2000; i++) if (!this.frame(100).playing) return this
    throw new Error('the run never pauses')
  }
  /** The visible part of the story, and its time. */
  get sight() {
    const { now, playing } = this.frame()
    return { now, playing, story: this.story }
  }
}

function opened(file: string): Page {
  const page = new Page()
  page.send({ type: 'open-scenario', file })
  return page
}

/** The same run in another browser: by link, by file, and as a browser keeps it. */
const WAYS: [string, (page: Page) => Page][] = [
  ['a link', (page) => sharedAs(page, 'link')],
  ['a file', (page) => sharedAs(page, 'file')],
  [
    'a kept run',
    (page) => {
      const exported = page.send({ type: 'export-tree' })
      if (exported?.type !== 'exported-tree') throw new Error('no run tree')
      const again = new Page()
      again.send({
        type: 'open-tree',
        tree: JSON.parse(JSON.stringify(exported.tree)) as SavedRunTree,
      })
      return again
    },
  ],
]

function textOf(page: Page, form: 'link' | 'file'): string {
  const shared = page.send({ type: 'share', form, view: {} })
  if (shared?.type !== 'shared') throw new Error('not shared')
  return shared.text
}

function sharedAs(page: Page, form: 'link' | 'file'): Page {
  const again = new Page()
  again.send({ type: 'open-shared', text: textOf(page, form), form: 'json' })
  return again
}

function expectSame(page: Page): void {
  for (const [way, open] of WAYS)
    expect(open(page).sight, way).toEqual({ ...page.sight, playing: false })
}

const RUN = `config etcd=3.6 seed=1 latencyMs=30
a session ttl=6 key=/a value=1
until 0.2
b session ttl=10 key=/b value=2
until 0.5
a heartbeat off
until 20
stop at 1
  say  Lease L1 has {left L1} s.
`
const RACE = `config etcd=3.6 seed=1 latencyMs=30
until 1
a asks m1 put /k a
until 1.01
b asks m1 put /k b
until 3
stop at 1.02
`

const SAME_INSTANT = `config etcd=3.6 seed=1 latencyMs=30
until 1
a asks m1 put /x 1
b asks m1 put /y 1
until 3
stop when key /x created
`

const QUESTIONS: [string, string, Answer][] = [
  [
    'choose',
    `${RUN}ask Which ends?\n  /a / /b\nmark key /a deleted => /a ; key /b deleted => /b\nso /a => L1 had {left L1} s left.\nhint Look at L1.`,
    1,
  ],
  ['when', `${RUN}ask when When does /a go?\nmark key /a deleted\nnote Ask for hands.`, 7654],
  [
    'which',
    `${RUN}ask which Which lease ends?\nmark any lease ends\nhint One has no heartbeat.\nhint It is a's.`,
    'L2',
  ],
  ['how-much', `${RUN}ask how-much What does timetolive say?\nmark left L1`, 4],
  ['how-much, counted', `${RUN}ask how-much How often?\nmark count L2 renewed until L1 ends`, 2],
  ['what-next', `${RACE}ask what-next Which comes first?`, 1],
  [
    'choose, of what comes in the same instant',
    `${SAME_INSTANT}ask Is /y there?\n  yes / no\nmark key /y created => yes`,
    0,
  ],
]

describe.each(QUESTIONS)('a question of kind %s', (_, file, answer) => {
  const atStop = () => opened(file).play()
  test('is open again', () => {
    const page = atStop()
    expect(page.story).toMatchObject({
      here: true,
      ask: { state: 'open', answer: null, truth: null },
    })
    expectSame(page)
  })
  test('has its answer again, before the event that decides it', () => {
    const page = atStop()
    page.send({ type: 'answer', stop: 0, answer })
    page.frame()
    expect(page.story?.ask?.answer).toBe(answer)
    expect(page.story?.ask?.state).toBe(page.story?.ask?.atOnce ? 'decided' : 'waiting')
    expectSame(page)
  })
  test('is decided in the same way, also on the way there', () => {
    const page = atStop()
    page.send({ type: 'answer', stop: 0, answer })
    const early = WAYS.map(([, open]) => open(page))
    const decide = (each: Page) => (each.sight.story?.ask?.atOnce ? each : each.play())
    expect(decide(page).story?.ask).toMatchObject({ state: 'decided', answer })
    expectSame(page)
    for (const [i, other] of early.entries())
      expect(decide(other).sight, WAYS[i]![0]).toEqual(page.sight)
  })
  test('is skipped again', () => {
    const page = atStop()
    page.send({ type: 'answer', stop: 0, answer: null })
    page.frame()
    expectSame(page)
    if (!page.story?.ask?.atOnce) page.play()
    expect(page.story?.ask).toMatchObject({ state: 'decided', answer: null, right: null })
    expectSame(page)
  })
})

describe('a goal', () => {
  const FILE = `config etcd=3.6 seed=1 latencyMs=30
a session ttl=6 key=/a value=1
until 30
start 0.5
stop at 1
  goal Let the key go.
  part a pauses => a is frozen
  part key /a deleted => the key is gone
  may  pause a ; resume a
  solve 1.5 pause a
  hint A frozen client renews nothing.
`
  const pause: ToWorker = {
    type: 'command',
    command: { type: 'fault', fault: { type: 'pause-client', client: 'a' } },
  }
  test('is open again, with its done parts and used hints', () => {
    const page = opened(FILE).play()
    expect(page.story?.goal).toMatchObject({ state: 'open', used: 0 })
    expectSame(page)
    page.send(pause)
    page.frame()
    expect(page.story?.goal).toMatchObject({
      state: 'open',
      used: 1,
      parts: [{ done: true }, { done: false }],
    })
    expectSame(page)
  })
  test('is reached again, and only its own acts lead to it', () => {
    const page = opened(FILE).play()
    page.send(pause)
    for (const [, open] of WAYS)
      expect(() =>
        open(page).send({
          type: 'command',
          command: { type: 'fault', fault: { type: 'crash', member: 'm1' } },
        }),
      ).toThrow('you may')
    page.play()
    expect(page.story).toMatchObject({ goal: { state: 'reached', shown: false }, passed: true })
    expectSame(page)
  })
  test('is not passed there either after its solution was shown', () => {
    const page = opened(FILE).play()
    page.send({ type: 'show-solution' })
    page.play()
    expect(page.story).toMatchObject({ goal: { state: 'reached', shown: true }, passed: false })
    expectSame(page)
  })
})

test('a lecture of many stops opens at each of them', () => {
  const stops = Array.from(
    { length: 30 },
    (_, i) => `stop at ${i / 2 + 1}\n  say Stop ${i} at {now} s.\n`,
  ).join('')
  const page = opened(RUN.slice(0, RUN.indexOf('stop')) + stops)
  for (let i = 0; i < 30; i++) {
    page.play()
    expect(page.story).toMatchObject({ reached: i, here: true })
    expect(sharedAs(page, 'link').sight).toEqual(page.sight)
  }
})

describe('answers from outside', () => {
  const page = opened(RUN + QUESTIONS[0]![1].slice(RUN.length)).play()
  const text = textOf(page, 'link')
  const withAnswers = (answers: unknown, more: object = {}) => {
    const { check: _check, ...run } = JSON.parse(text) as Record<string, unknown>
    return JSON.stringify({ ...run, ...more, answers })
  }
  test.each<[string, unknown]>([
    ['answers.0: expected the index of a choice', [{ stop: 0, answer: 2 }]],
    ['answers.0: expected the index of a choice', [{ stop: 0, answer: 'yes' }]],
    [
      'answers.1: expected a stop with a question or a goal',
      [
        { stop: 0, answer: 0 },
        { stop: 1, answer: 0 },
      ],
    ],
    [
      'answers: expected one answer a stop',
      [
        { stop: 0, answer: 0 },
        { stop: 0, answer: 1 },
      ],
    ],
    ['answers.0.answer', [{ stop: 0, answer: 1e300 }]],
    ['answers.0.right: this field is not known', [{ stop: 0, answer: 0, right: true }]],
  ])('are refused with the place: %s', (reason, answers) => {
    expect(readSharedRun(withAnswers(answers), 'json')).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    })
  })
  test('without stops are refused, and so is a fraction of a step', () => {
    const bare = { stops: undefined }
    expect(readSharedRun(withAnswers([{ stop: 0, answer: 0 }], bare), 'json')).toMatchObject({
      ok: false,
    })
    expect(readSharedRun(withAnswers([], { after: 0.5 }), 'json')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('after'),
    })
  })
  test('a place with more steps than its time has is the end of that time', () => {
    const again = new Page()
    again.send({
      type: 'open-shared',
      text: withAnswers([], { after: Number.MAX_SAFE_INTEGER }),
      form: 'json',
    })
    expect(again.sight).toEqual(page.sight)
  })
  test('with any answers, the run opens and its story works, or the place is reported', () => {
    const answer = fc.oneof(
      fc.jsonValue(),
      fc.integer(),
      fc.constantFrom(null, 'shown', 'L1', '', 0, 1, 2),
    )
    const stop = fc.oneof(fc.constantFrom(0, 1), fc.integer(), fc.jsonValue())
    const answers = fc.array(fc.record({ stop, answer }), { maxLength: 3 })
    let taken = 0
    fc.assert(
      fc.property(answers, fc.option(fc.nat(50), { nil: undefined }), (list, after) => {
        const run = withAnswers(list, after === undefined ? {} : { after })
        const read = readSharedRun(run, 'json')
        if (!read.ok) {
          expect(read.reason).toMatch(/^(answers|after)[\w.]*: \S/)
          return
        }
        const again = new Page()
        again.send({ type: 'open-shared', text: run, form: 'json' })
        const kept = list.flatMap((each) => (each.stop === 0 ? [each.answer] : []))
        expect(again.sight.story?.ask?.answer ?? null).toEqual(kept[0] ?? null)
        expect(JSON.parse(textOf(again, 'link')).answers ?? []).toEqual(list)
        taken++
      }),
      { numRuns: 200 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})

test('a run without stops, and a story without an answer, keep their old form', () => {
  const plain = opened(RUN.slice(0, RUN.indexOf('stop')))
  plain.send({ type: 'seek', at: 3000 })
  expect(Object.keys(JSON.parse(textOf(plain, 'link')) as object)).toEqual([
    'leasescope',
    'engine',
    'seed',
    'config',
    'commands',
    'cursor',
    'check',
  ])
  const story = opened(QUESTIONS[0]![1]).play()
  const keys = ['leasescope', 'engine', 'seed', 'config', 'commands', 'stops', 'cursor', 'check']
  expect(Object.keys(JSON.parse(textOf(story, 'link')) as object)).toEqual(keys)
})

test('a run that cannot be shared is refused in the answer to that message', () => {
  const share: ToWorker = { type: 'share', form: 'link', view: {} }
  expect(new Host(() => 0).receive(share)).toEqual({
    type: 'refused',
    message: 'share: no run is open',
  })
  const refused = accept({ ...share, view: { panel: 'no such panel' } })
  expect(refused.ok || refused.reason).toMatch(/^share: /)
})
