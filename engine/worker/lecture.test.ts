// A lecture: from stop to stop, and the teacher's view beside the page.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseScenario } from '../scenario/scenario'
import { accept } from './accept'
import { Host } from './host'
import type { Frame, LectureView, StoryView, ToWorker } from './protocol'

const FILE = `# Will the key survive?
config etcd=3.6 seed=1 latencyMs=30
svc session ttl=10 key=/svc/a value=up
until 4.9
svc heartbeat off
until 20
stop when heartbeat off +0.5
  say  svc no longer renews its lease.
  note Ask who runs a service like this.
stop at 6
  ask when The lease has {left L1} s left. When does the key go?
  mark key /svc/a deleted
  hint The lease was renewed before.
  note Ask for a show of hands.
stop when key /svc/a deleted +1
  say  The key is gone at {now} s.
`

/** The last Frame's story and lecture, and its one-time report. */
function opened(file = FILE) {
  const host = new Host(() => 0)
  let story: StoryView | null = null
  let lecture: LectureView | null | undefined
  const send = (message: ToWorker): void => {
    expect(accept(message)).toEqual({ ok: true, message })
    expect(host.receive(message)).toBeNull()
  }
  const frame = (): Omit<Frame, 'lecture'> & { lecture: LectureView | null | undefined } => {
    const answer = host.receive({ type: 'advance', wallMs: 0 })
    if (answer?.type !== 'frame') throw new Error('an advance is answered by a Frame')
    story = answer.story === undefined ? story : answer.story
    lecture = answer.lecture === undefined ? lecture : answer.lecture
    return { ...answer, story, lecture }
  }
  const go = (back = false) => {
    send({ type: 'step-stop', back })
    return frame()
  }
  const present = (): void => {
    const window = { from: 0, count: 10 }
    send({
      type: 'interest',
      interest: { leases: { ...window, sort: 'id' }, keys: window, log: window, lecture: true },
    })
  }
  send({ type: 'open-scenario', file })
  return { send, frame, go, present }
}

test('next goes where a playing run pauses, and stays there', () => {
  const { send, go } = opened()
  expect(go()).toMatchObject({ now: 5400, playing: false, story: { reached: 0, here: true } })
  expect(go()).toMatchObject({
    now: 6000,
    story: { reached: 1, here: true, ask: { state: 'open' } },
  })
  send({ type: 'answer', stop: 1, answer: null })
  expect(go()).toMatchObject({
    now: 13_694,
    story: { reached: 1, ask: { state: 'decided', truth: 13_694 } },
  })
  expect(go()).toMatchObject({ now: 14_694, story: { reached: 2, over: true } })
})

test('next passes an open question, and answers nothing', () => {
  const { send, go, frame } = opened()
  go()
  go()
  expect(go()).toMatchObject({ now: 14_694 })
  send({ type: 'seek', at: 13_000 })
  expect(frame().story?.ask).toMatchObject({ state: 'open', truth: null })
})

test('previous goes to the stop before this time, at last to the start', () => {
  const { send, go, frame } = opened()
  send({ type: 'seek', at: 17_000 })
  const times = Array.from({ length: 5 }, () => go(true).now)
  expect(times).toEqual([14_694, 6000, 5400, 0, 0])
  expect(frame().story).toMatchObject({ reached: null })
})

test('a stop at a time without an event is found again where members step without one', () => {
  const { send, go } = opened(
    readFileSync(join(import.meta.dirname, '../scenario/catalogue/leader-crash.txt'), 'utf8'),
  )
  expect(go()).toMatchObject({ now: 4650, story: { reached: 0, here: true } })
  send({ type: 'answer', stop: 0, answer: null })
  expect(go()).toMatchObject({ now: 14_415, story: { ask: { state: 'decided' } } })
  expect(go(true)).toMatchObject({ now: 4650, story: { reached: 0, here: true } })
})

test('without a next stop the cursor stays, and the page gets a report', () => {
  const { send, go, frame } = opened()
  send({ type: 'seek', at: 17_000 })
  expect(go()).toMatchObject({ now: 17_000, shortfall: { what: 'stop' } })
  expect(frame().shortfall).toBeUndefined()
  const never = opened(
    FILE.replace('stop when key /svc/a deleted +1', 'stop when key /svc/b deleted'),
  )
  never.send({ type: 'seek', at: 21_000 })
  expect(never.go()).toMatchObject({ now: 21_000, shortfall: { what: 'stop' } })
  expect(opened('# A run\n$ etcdctl lease grant 5\nuntil 9').go()).toMatchObject({
    now: 0,
    shortfall: { what: 'stop' },
  })
})

test('a stop is sought by its number, ahead and back', () => {
  const { send, frame } = opened()
  send({ type: 'seek-stop', stop: 1 })
  expect(frame()).toMatchObject({
    now: 6000,
    story: { reached: 1, here: true, ask: { state: 'open' } },
  })
  send({ type: 'seek-stop', stop: 0 })
  expect(frame()).toMatchObject({ now: 5400, story: { reached: 0, here: true } })
  send({ type: 'seek-stop', stop: 2 })
  expect(frame()).toMatchObject({ now: 14_694, story: { reached: 2 } })
  send({ type: 'seek-stop', stop: 9 })
  expect(frame()).toMatchObject({ now: 14_694, shortfall: { what: 'stop' } })
})

test('the teacher sees the note, the hints and the words of the next stop on request', () => {
  const { go, frame, present } = opened()
  go()
  expect(frame().lecture).toBeUndefined()
  present()
  expect(frame().lecture).toEqual({
    note: 'Ask who runs a service like this.',
    hints: [],
    next: 'The lease has … s left. When does the key go?',
    times: null,
  })
  expect(go().lecture).toMatchObject({
    note: 'Ask for a show of hands.',
    hints: ['The lease was renewed before.'],
    next: 'The key is gone at … s.',
  })
  go()
  expect(frame().lecture).toMatchObject({ note: null, next: null, times: null })
})

test('three times are offered for a moment: one is right, the others are not, and nothing of the future is played', () => {
  const { send, go, frame, present } = opened()
  present()
  go()
  go()
  const { lecture, end } = frame()
  const times = lecture?.times ?? []
  expect(end).toBe(6000)
  expect(times).toHaveLength(3)
  expect(times.filter((at) => Math.abs(at - 13_694) <= 1000)).toEqual([13_700])
  send({ type: 'answer', stop: 1, answer: 13_700 })
  expect(go().story?.ask).toMatchObject({ right: true })
  expect(frame().lecture?.times).toEqual(times)
})

test('once the stop needs another moment, the times of the old one are not offered', () => {
  const { send, go, frame, present } = opened()
  present()
  go()
  go()
  expect(frame().lecture?.times).toHaveLength(3)
  send({
    type: 'stops',
    stops: parseScenario(FILE.replace('mark key /svc/a deleted', 'mark key /svc/b deleted')).stops,
  })
  expect(frame().lecture?.times).toBeNull()
})

test('equal runs are offered equal times, and a run that never answers is offered none', () => {
  const timesOf = (file: string): number[] | null | undefined => {
    const { go, present } = opened(file)
    present()
    go()
    return go().lecture?.times
  }
  expect(timesOf(FILE)).toEqual(timesOf(FILE))
  expect(timesOf(FILE.replace('mark key /svc/a deleted', 'mark key /svc/b deleted'))).toBeNull()
})
