// Every step of every lesson can be passed with right answers and the acts of its goal. Nothing
// else passes it.

import { describe, expect, test } from 'vitest'
import type { LeaseId } from '../../engine/base/rpc'
import { Host } from '../../engine/worker/host'
import type {
  Answer,
  Command,
  QuestionView,
  StoryView,
  ToWorker,
} from '../../engine/worker/protocol'
import { catalogue } from './catalogue'
import { LESSONS, nextToDo, passedOf, readLessonAddress, stepAt } from './lessons'

test('each step is a story, and no lesson repeats a story', () => {
  for (const { steps, name } of LESSONS) {
    expect(steps.length, name).toBeGreaterThanOrEqual(3)
    expect(steps.length, name).toBeLessThanOrEqual(6)
    expect(new Set(steps).size).toBe(steps.length)
    for (const step of steps) expect(catalogue.map((story) => story.name)).toContain(step)
  }
})

test('addresses name a lesson and a step, counted from 1', () => {
  expect(readLessonAddress('#lesson/cluster/2')).toEqual({ name: 'cluster', step: 1 })
  expect(readLessonAddress('#lesson/locks')).toEqual({ name: 'locks', step: 0 })
  for (const hash of [
    '#lesson/',
    '#lesson/none/1',
    '#lesson/cluster/0',
    '#lesson/cluster/9',
    '#lesson/cluster/x',
  ])
    expect(readLessonAddress(hash), hash).toBeNull()
  expect(stepAt({ name: 'leases', step: 1 })).toBe('goal-keep-alive')
})

test('the next step is the first that is not passed', () => {
  const [lesson] = LESSONS
  expect([nextToDo(lesson!, []), nextToDo(lesson!, lesson!.steps), passedOf(lesson!, [])]).toEqual([
    0, 0, 0,
  ])
  expect(nextToDo(lesson!, [lesson!.steps[0]!, lesson!.steps[2]!])).toBe(1)
})

/**
 * Questions about a rule, not about the numbers: the right answer is the same in every draw. The
 * texts of the questions, by step.
 */
const THE_SAME: Record<string, RegExp> = {
  'revoke-and-ttl-0': /^(An operator revokes L1|svc does not know)/,
  'leader-stops': /^m1 is shutting down/,
  'paused-holder': /^Client a wakes up/,
  'inside-pass': /^No lease is due/,
  'inside-growth': /^Which of the four/,
  'articles-say': /^“(The key goes|Only its owner)/,
}

/** The tolerance of an answer to a question of kind `when`, in ms. */
const NEAR_MS = 1000

/** A reader who talks to the worker's host. */
class Reader {
  readonly host = new Host(() => 0)
  story: StoryView | null = null
  playing = false
  now = 0
  /** The ID of the first lease. */
  lease = ''
  constructor(file: string, numbers: number) {
    this.send({ type: 'open-scenario', file, numbers })
  }
  send(message: ToWorker): void {
    expect(this.host.receive(message)).toBeNull()
  }
  play(until: number): void {
    this.send({ type: 'pace', playing: true, speed: 20, slow: false })
    do {
      const frame = this.host.receive({ type: 'advance', wallMs: 100 })
      if (frame?.type !== 'frame') throw new Error('no frame')
      this.now = frame.now
      this.playing = frame.playing
      this.lease = frame.leases?.rows[0]?.id ?? this.lease
      this.story = frame.story === undefined ? this.story : frame.story
    } while (this.playing && this.now < until)
    this.send({ type: 'pace', playing: false, speed: 1 })
  }
  /** Requests the changes; no time passes. */
  refresh(): void {
    const frame = this.host.receive({ type: 'advance', wallMs: 0 })
    if (frame?.type === 'frame' && frame.story !== undefined) this.story = frame.story
  }
  /** Plays the whole story. `answer` gives the answer to each question; null skips the question. */
  read(
    answer: (stop: number) => Answer,
    solve: boolean,
    note: (story: StoryView) => void = () => {},
  ): StoryView {
    for (let rounds = 0; rounds < 40 && this.story?.over !== true; rounds++) {
      this.play(this.now + 120_000)
      const { reached, ask, goal } = this.story!
      note(this.story!)
      if (ask?.state === 'open')
        this.send({ type: 'answer', stop: reached!, answer: answer(reached!) })
      // A question about the state at the stop is decided at once.
      if (ask?.state === 'open' && ask.atOnce) {
        this.refresh()
        note(this.story!)
      }
      if (goal?.state === 'open') {
        if (!solve) return this.story!
        this.solve()
      }
    }
    return this.story!
  }
  /** Performs the stored solution with the ordinary commands. */
  solve(): void {
    const { stops = [] } = this.host.recording()
    const { solution } = stops[this.story!.reached!]!.goal!
    for (const { at, act } of solution) {
      this.send({ type: 'seek', at })
      const [, client, state] = /^heartbeat (\S+) (on|off)$/.exec(act) ?? []
      const command: Command =
        client === undefined
          ? { type: 'console', terminal: 't1', text: act, mode: 'guided' }
          : { type: 'heartbeat', client, lease: this.lease as LeaseId, on: state === 'on' }
      this.send({ type: 'command', command })
    }
  }
}

interface Asked {
  kind: QuestionView['kind']
  question: string
  truth: Answer
}

/**
 * The questions by stop, each with its right answer. Only a finished run gives the right answers.
 */
function asked(file: string, numbers: number): Map<number, Asked> {
  const found = new Map<number, Asked>()
  const reader = new Reader(file, numbers)
  reader.read(
    () => null,
    true,
    ({ reached, ask }) => {
      if (ask?.state === 'decided')
        found.set(reached!, { kind: ask.kind, question: ask.question, truth: ask.truth })
    },
  )
  return found
}

/** A different answer of the same kind. */
function wrongAnswer({ kind, truth }: Asked): Answer {
  switch (kind) {
    case 'choose':
    case 'what-next':
      return truth === 0 ? 1 : 0
    case 'when':
      return Number(truth) + 5000
    case 'how-much':
      return Number(truth) + 1
    case 'which':
      return `${truth}x`
  }
}

describe.each(LESSONS.flatMap(({ name, steps }) => steps.map((step) => [name, step] as const)))(
  '%s: %s',
  (_, step) => {
    const { file, combinations } = catalogue.find(({ name }) => name === step)!
    const draws = Array.from({ length: combinations }, (_, numbers) => asked(file, numbers))
    const right = (numbers: number) => (stop: number) => draws[numbers]?.get(stop)?.truth ?? null

    test.each(draws.map((_, numbers) => numbers))(
      'is passed with right answers and the acts of its goal, with the numbers %s',
      (numbers) => {
        const story = new Reader(file, numbers).read(right(numbers), true)
        expect(story.passed).toBe(true)
      },
    )
    test('is not passed by skipping or by waiting', () => {
      expect(new Reader(file, 0).read(() => null, false).passed).toBe(false)
    })
    test('is not passed with one wrong answer', () => {
      for (const [stop, question] of draws[0]!) {
        const answer = (each: number) => (each === stop ? wrongAnswer(question) : right(0)(each))
        expect(new Reader(file, 0).read(answer, true).passed, question.question).toBe(false)
      }
    })
    test('has other numbers, which give other right answers', () => {
      expect(combinations).toBeGreaterThan(1)
      for (const [stop, { kind, question }] of draws[0]!) {
        const answers = draws.map((draw) => draw.get(stop)!.truth)
        if (THE_SAME[step]?.test(question)) expect(new Set(answers).size, question).toBe(1)
        else if (kind === 'when') {
          const sorted = answers.map(Number).toSorted((a, b) => a - b)
          for (let i = 1; i < sorted.length; i++)
            expect(sorted[i]! - sorted[i - 1]!, question).toBeGreaterThan(NEAR_MS)
        } else expect(new Set(answers).size, question).toBeGreaterThan(1)
      }
    })
  },
)
