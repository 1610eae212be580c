// Goals: the reader acts, the run reports the progress, and only the goal's own acts lead to it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Fault } from '../sim/command'
import { Host } from './host'
import type { ToWorker } from './protocol'

const FILE = readFileSync(
  join(import.meta.dirname, '../scenario/catalogue/goal-late-write.txt'),
  'utf8',
)

/** The worker's host with a story, and its view of the goal. */
class Page {
  readonly host = new Host(() => 0)
  story: NonNullable<Extract<ReturnType<Host['receive']>, { type: 'frame' }>['story']> | null = null
  now = 0
  playing = false
  constructor(file: string) {
    this.send({ type: 'open-scenario', file })
  }
  send(message: ToWorker): ReturnType<Host['receive']> {
    return this.host.receive(message)
  }
  frame(): void {
    const frame = this.send({ type: 'advance', wallMs: 100 })
    if (frame?.type !== 'frame') return
    this.now = frame.now
    this.playing = frame.playing
    if (frame.story !== undefined) this.story = frame.story
  }
  /** Plays until the story pauses, or until that time. */
  play(until = 60_000): void {
    this.send({ type: 'pace', playing: true, speed: 10, slow: false })
    do this.frame()
    while (this.playing && this.now < until)
    this.send({ type: 'pace', playing: false, speed: 10 })
    this.frame()
  }
  fault(fault: Fault): ReturnType<Host['receive']> {
    return this.send({ type: 'command', command: { type: 'fault', fault } })
  }
}

const goalOf = (page: Page) => page.story?.goal

test('the run stops where the goal is set; its parts come one after the other, and the last one reaches it', () => {
  const page = new Page(FILE)
  page.play()
  expect(page.now).toBe(300)
  expect(goalOf(page)).toMatchObject({
    state: 'open',
    used: 0,
    par: 2,
    may: ['pause a', 'resume a'],
  })
  expect(page.fault({ type: 'pause-client', client: 'a' })).toBeNull()
  page.play(9000)
  expect(goalOf(page)?.parts.map(({ done }) => done)).toEqual([true, true, true, false])
  expect(goalOf(page)).toMatchObject({ state: 'open', used: 1 })
  page.fault({ type: 'resume-client', client: 'a' })
  page.play()
  expect(goalOf(page)).toMatchObject({ state: 'reached', used: 2, shown: false })
  expect(page.story).toMatchObject({ over: true, passed: true })
  // It stopped with the write.
  expect(page.now).toBeLessThan(9500)
})

test('its text describes the current state of the run', () => {
  const page = new Page(
    FILE.replace(
      'goal Make the storage take',
      'goal L1 has {left L1} s at {now} s. Make the storage take',
    ),
  )
  page.play()
  expect(goalOf(page)?.text).toMatch(/^L1 has 4\.7 s at 0\.3 s\. Make/)
})

test('waiting never reaches it', () => {
  const page = new Page(FILE)
  page.play()
  page.play(200_000)
  expect(goalOf(page)?.state).toBe('open')
  expect(page.story?.passed).toBe(false)
})

test('parts out of order do not count: a write before the lease has ended is not late', () => {
  const page = new Page(FILE)
  page.play()
  page.fault({ type: 'pause-client', client: 'a' })
  page.play(2000)
  page.fault({ type: 'resume-client', client: 'a' })
  page.play(30_000)
  expect(goalOf(page)?.parts.map(({ done }) => done)).toEqual([true, false, false, false])
})

test('other acts are refused with a sentence, also before the goal is set, and so is a change of the whole run', () => {
  const page = new Page(FILE)
  expect(page.fault({ type: 'pause-client', client: 'b' })).toEqual({
    type: 'refused',
    message: 'This story sets a goal. Press Play until it is set.',
  })
  page.play()
  const message = 'To reach this goal you may: pause a, resume a.'
  expect(page.fault({ type: 'crash', member: 'm1' })).toEqual({ type: 'refused', message })
  expect(page.send({ type: 'vary', change: { seed: 2 } })).toEqual({ type: 'refused', message })
  const typed = (text: string) =>
    page.send({
      type: 'command',
      command: { type: 'console', terminal: 't1', text, mode: 'guided' },
    })
  expect(typed('etcdctl put /job/x y')).toEqual({ type: 'refused', message })
  expect(typed('pause  a')).toBeNull()
  page.play(9000)
  expect(goalOf(page)).toMatchObject({ used: 1 })
})

test('the solution is a branch that reaches the goal with par acts, and does not pass', () => {
  const page = new Page(FILE)
  page.play()
  page.play(3000)
  page.send({ type: 'show-solution' })
  page.frame()
  expect(page.now).toBeLessThan(3000)
  page.play()
  expect(goalOf(page)).toMatchObject({ state: 'reached', used: 2, par: 2, shown: true })
  expect(page.story?.passed).toBe(false)
})

test.each([
  [
    'stop at 1\n  goal Do it.\n  may pause a\n  solve 1 pause a',
    'expected a line part, which says what reaches "Do it."',
  ],
  [
    'stop at 1\n  goal Do it.\n  part L1 ends => L1 ends\n  may pause a\n  solve 1 crash m1',
    'the solution has an act that the lines may do not allow: crash m1',
  ],
  [
    'stop at 1\n  goal Do it.\n  part L1 ends => L1 ends\n  may sing a song',
    'expected a fault or heartbeat CLIENT on|off, not "sing a song"',
  ],
  [
    'stop at 1\n  goal Do it.\n  part L1 ends => L1 ends\n  may pause a\n  solve 2 pause a\n  solve 1 pause a',
    'in the order of their times',
  ],
  ['stop at 1\n  may pause a', 'expected a line goal'],
  [
    'stop at 1\n  ask when When?\n  mark L1 ends\n  goal Do it.\n  part L1 ends => x\n  may pause a\n  solve 1 pause a',
    'a stop has a question or a goal',
  ],
])('an invalid goal is refused with the place: %s', (text, message) => {
  expect(() => playScenario(parseScenario(text))).toThrow(message)
})
