import { expect, test } from 'vitest'
import { Host } from './host'
import type { Frame, Interest } from './protocol'

const interest: Interest = {
  leases: { from: 0, count: 10, sort: 'remaining' },
  keys: { from: 0, count: 10 },
  log: { from: 'tail', count: 10 },
}

function opened(): { look(growth?: boolean): Frame; host: Host } {
  // Every reading of the clock advances it by a millisecond.
  let wall = 0
  const host = new Host(() => wall++)
  host.receive({ type: 'open-scenario', file: 'config etcd=3.6 seed=1\nuntil 5\n' })
  return {
    host,
    look(growth) {
      if (growth !== undefined)
        host.receive({ type: 'interest', interest: { ...interest, growth } })
      const frame = host.receive({ type: 'advance', wallMs: 0 })
      if (frame?.type !== 'frame') throw new Error('no frame')
      return frame
    },
  }
}

test('the four structures are counted a little with every requested frame, and sent until the count is complete', () => {
  const { look } = opened()
  expect(look().growth).toBeUndefined()
  const first = look(true).growth
  expect(first).toMatchObject({ counting: 10, rows: [{ leases: 10, wheel: null }, {}, {}, {}, {}] })
  expect(look(false).growth).toBeUndefined()
  let frames = 0
  let last = look(true)
  for (; last.growth?.counting !== null && frames < 20_000; frames++) {
    expect(last.growth, 'while it counts every frame is news').toBeDefined()
    last = look()
  }
  expect(frames).toBeGreaterThan(10)
  expect(last.growth!.rows.every(({ heap, wheel }) => heap! > wheel!)).toBe(true)
  // A page that requests it again gets it at once, and later frames omit it.
  expect(look().growth).toBeUndefined()
  expect(look(true).growth).toEqual(last.growth)
})

test('an answered question about the count starts it, and its result marks the answer', () => {
  const { host, look } = opened()
  const choices = 'scan / sorted / heap / wheel'
  const marks = choices.split(' / ').map((name) => `fewest ${name} at 1000 => ${name}`)
  const stop = `stop at 1\nask Which?\n${choices}\nmark ${marks.join(' ; ')}\n`
  host.receive({ type: 'open-scenario', file: `config etcd=3.6 seed=1\nuntil 5\n${stop}` })
  host.receive({ type: 'seek', at: 1000 })
  expect(look()).toMatchObject({ story: { ask: { state: 'open' } } })
  expect(look().growth).toBeUndefined()
  host.receive({ type: 'answer', stop: 0, answer: 3 })
  let frame = look()
  expect(frame).toMatchObject({
    story: { ask: { state: 'waiting', truth: null } },
    growth: { counting: 10 },
  })
  for (let frames = 0; frame.story?.ask?.state !== 'decided' && frames < 20_000; frames++) {
    frame = look()
    if (frame.story === undefined) expect(frame.growth).toBeDefined()
  }
  expect(frame.story?.ask).toMatchObject({ state: 'decided', truth: 3, right: true })
})
