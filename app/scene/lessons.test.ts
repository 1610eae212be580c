// Every step of every lesson can be passed, by right answers and the goal's own acts, and by nothing else.

import { describe, expect, test } from 'vitest'
import type { LeaseId } from '../../engine/base/rpc'
import { Host } from '../../engine/worker/host'
import type { Answer, Command, StoryView, ToWorker } from '../../engine/worker/protocol'
import { catalogue } from './catalogue'
import { LESSONS, nextToDo, passedOf, readLessonAddress, stepAt } from './lessons'

test('each step is a story, and no lesson has one twice', () => {
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
  for (const hash of ['#lesson/', '#lesson/none/1', '#lesson/cluster/0', '#lesson/cluster/9', '#lesson/cluster/x'])
    expect(readLessonAddress(hash), hash).toBeNull()
  expect(stepAt({ name: 'leases', step: 1 })).toBe('goal-keep-alive')
})

test('the next step is the first that is not passed', () => {
  const [lesson] = LESSONS
  expect([nextToDo(lesson!, []), nextToDo(lesson!, lesson!.steps), passedOf(lesson!, [])]).toEqual([0, 0, 0])
  expect(nextToDo(lesson!, [lesson!.steps[0]!, lesson!.steps[2]!])).toBe(1)
})

/** A reader at the worker's host. */
class Reader {
  readonly host = new Host(() => 0)
  story: StoryView | null = null
  playing = false
  now = 0
  /** The ID of the first lease. */
  lease = ''
  constructor(file: string) {
    this.send({ type: 'open-scenario', file })
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
  /** Goes through the whole story; `answer` gives the answer to each question, null to skip it. */
  read(answer: (stop: number) => Answer, solve: boolean): StoryView {
    for (let rounds = 0; rounds < 40 && this.story?.over !== true; rounds++) {
      this.play(this.now + 120_000)
      const { reached, ask, goal } = this.story!
      if (ask?.state === 'open') this.send({ type: 'answer', stop: reached!, answer: answer(reached!) })
      if (goal?.state === 'open') {
        if (!solve) return this.story!
        this.solve()
      }
    }
    return this.story!
  }
  /** Does what the stored solution does, with the ordinary commands. */
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

/** The right answers, which only a run that has been played tells. */
function truths(file: string): Map<number, Answer> {
  const found = new Map<number, Answer>()
  const reader = new Reader(file)
  for (let rounds = 0; rounds < 40 && reader.story?.over !== true; rounds++) {
    reader.play(reader.now + 120_000)
    const { reached, ask, goal } = reader.story!
    if (ask?.state === 'decided') found.set(reached!, ask.truth)
    if (goal?.state === 'open') break
  }
  return found
}

describe.each(LESSONS.flatMap(({ name, steps }) => steps.map((step) => [name, step] as const)))('%s: %s', (_, step) => {
  const { file } = catalogue.find(({ name }) => name === step)!
  const right = truths(file)
  test('is passed by right answers and the acts of its goal', () => {
    expect(new Reader(file).read((stop) => right.get(stop) ?? null, true).passed).toBe(true)
  })
  test('is not passed by skipping, nor by waiting', () => {
    expect(new Reader(file).read(() => null, false).passed).toBe(false)
  })
  test('is not passed by a wrong answer', () => {
    const wrong = (stop: number): Answer => {
      const truth = right.get(stop) ?? null
      return typeof truth === 'number' ? (truth < 6 ? 1 - Math.min(1, truth) : truth + 5000) : null
    }
    if (right.size > 0) expect(new Reader(file).read(wrong, true).passed).toBe(false)
  })
})
