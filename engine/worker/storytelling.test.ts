import { describe, expect, test } from 'vitest'
import { accept } from './accept'
import { Host } from './host'
import type { Command, Frame, SavedRunTree, StoryView, ToWorker } from './protocol'

const FILE = `# Will the key survive?
config etcd=3.6 seed=1 latencyMs=30
svc session ttl=10 key=/svc/a value=up
until 4.9
svc heartbeat off
until 20
start 3.2
stop when heartbeat off +0.5
  say  svc no longer renews its lease.
stop at 6
  ask  Will the key survive?
    Yes / No
  mark key /svc/a deleted => no ; by 15 => yes
stop when key /svc/a deleted +1
  say  The key is gone.
`

/** A page in front of a worker: it keeps the sections that a Frame omits. */
class Page {
  readonly host = new Host(() => 0)
  #story: StoryView | null | undefined
  frame(wallMs = 0): Frame {
    const answer = this.host.receive({ type: 'advance', wallMs })
    if (answer?.type !== 'frame') throw new Error('an advance is answered by a Frame')
    if (answer.story !== undefined) this.#story = answer.story
    return answer
  }
  send(message: ToWorker): void {
    expect(accept(message)).toEqual({ ok: true, message })
    expect(this.host.receive(message)?.type ?? null).not.toBe('refused')
  }
  /** Plays until the run pauses by itself. */
  play(speed = 10): { now: number; story: StoryView } {
    this.send({ type: 'pace', playing: true, speed })
    for (let i = 0; i < 1000; i++) {
      const { playing, now } = this.frame(100)
      if (!playing) return { now, story: this.story }
      if (now > 60_000) break
    }
    throw new Error('the run never pauses')
  }
  get story(): StoryView {
    this.frame()
    if (this.#story === null || this.#story === undefined) throw new Error('no story')
    return this.#story
  }
}

function opened(file = FILE): Page {
  const page = new Page()
  page.send({ type: 'open-scenario', file })
  return page
}

describe('a playing run', () => {
  test.each([0.1, 1, 7, 100])(
    'pauses exactly at each stop and at the deciding event, at speed %d',
    (speed) => {
      const page = opened()
      expect(page.frame()).toMatchObject({
        now: 3200,
        playing: false,
        story: { stops: 3, reached: null },
      })
      expect(page.play(speed)).toMatchObject({ now: 5400, story: { reached: 0, here: true } })
      expect(page.play(speed)).toMatchObject({
        now: 6000,
        story: { reached: 1, here: true, ask: { state: 'open' } },
      })
      page.send({ type: 'answer', stop: 1, answer: 0 })
      expect(page.play(speed)).toMatchObject({
        now: 13_694,
        story: { reached: 1, ask: { state: 'decided', right: false, truth: 1 } },
      })
      expect(page.play(speed)).toMatchObject({
        now: 14_694,
        story: { reached: 2, here: true, over: true },
      })
    },
  )
  test('skips an open question, and still pauses at its decision', () => {
    const page = opened()
    page.play()
    page.play()
    expect(page.play()).toMatchObject({
      now: 13_694,
      story: { ask: { state: 'decided', answer: null, right: null, truth: 1 } },
    })
    expect(page.play()).toMatchObject({ now: 14_694 })
    page.send({ type: 'seek', at: 7000 })
    expect(page.story.ask).toMatchObject({ state: 'skipped', truth: null })
  })
  test('does not pause again at a stop, unless the cursor went back before it', () => {
    const page = opened()
    page.play()
    page.send({ type: 'seek', at: 5400 })
    expect(page.play().now).toBe(6000)
    page.send({ type: 'seek', at: 5399 })
    expect(page.play().now).toBe(5400)
  })
  test('pauses at the end of the story: after its last command and all stops', () => {
    const page = opened(
      'svc session ttl=10 key=/svc/a value=up\nuntil 9\nsvc heartbeat off\nuntil 20\nstop at 5\n  say Half.',
    )
    expect(page.play()).toMatchObject({ now: 5000, story: { over: false } })
    expect(page.play()).toMatchObject({ now: 9000, story: { over: true } })
  })
  test('pauses at a stop that an action causes', () => {
    const page = opened(
      'svc session ttl=10 key=/svc/a value=up\nuntil 20\nstop when heartbeat off\n  say Off.',
    )
    page.send({ type: 'seek', at: 2000 })
    const lease = page.frame().leases!.rows[0]!.id as Extract<
      Command,
      { type: 'heartbeat' }
    >['lease']
    page.send({ type: 'pace', playing: true, speed: 1 })
    page.send({ type: 'command', command: { type: 'heartbeat', client: 'svc', lease, on: false } })
    expect(page.frame(16)).toMatchObject({
      now: 2000,
      playing: false,
      story: { reached: 0, here: true },
    })
  })
  test('does not pause for a line whose answer a paused run waits for', () => {
    const page = opened()
    page.send({ type: 'seek', at: 5000 })
    page.send({
      type: 'command',
      command: { type: 'console', terminal: 't1', text: 'sleep 2', mode: 'strict' },
    })
    for (let i = 0; i < 100 && page.frame(100).answering; i++);
    expect(page.frame().now).toBe(7000)
    expect(page.story).toMatchObject({ reached: 1, ask: { state: 'open' } })
  })
})

describe('stepping, seeking and acting', () => {
  test('are never blocked by a question, and answer none', () => {
    const page = opened()
    page.send({ type: 'seek', at: 6000 })
    page.send({ type: 'step', to: 'lease', back: false })
    expect(page.frame().now).toBe(13_694)
    expect(page.story.ask).toMatchObject({ state: 'decided', answer: null, truth: 1, right: null })
    page.send({ type: 'seek', at: 13_693 })
    expect(page.story.ask).toMatchObject({ state: 'open', truth: null })
  })
  test('in the past make a branch with the same story, marked by itself; undo returns to the other', () => {
    const page = opened()
    page.play()
    page.play()
    page.send({ type: 'answer', stop: 1, answer: 0 })
    expect(page.play().story.ask).toMatchObject({ right: false })
    page.send({ type: 'seek', at: 8000 })
    const lease = page.frame().leases!.rows[0]!.id as Extract<
      Command,
      { type: 'heartbeat' }
    >['lease']
    page.send({ type: 'command', command: { type: 'heartbeat', client: 'svc', lease, on: true } })
    expect(page.story.ask).toMatchObject({ state: 'waiting', answer: 0 })
    expect(page.play()).toMatchObject({
      now: 15_000,
      story: { ask: { right: true, truth: 0, event: null } },
    })
    page.send({ type: 'branch', op: { type: 'switch', id: 1 } })
    page.send({ type: 'seek', at: 14_000 })
    expect(page.story.ask).toMatchObject({ right: false })
    page.send({ type: 'undo' })
    page.send({ type: 'undo' })
    expect(page.frame().now).toBe(8000)
    expect(page.story.ask).toMatchObject({ state: 'waiting', answer: 0 })
  })
  test('an answer to an unknown or decided stop is ignored', () => {
    const page = opened()
    page.send({ type: 'seek', at: 6000 })
    for (const [stop, answer] of [
      [9, 0],
      [-1, 0],
      [0, 0],
      [1, 7],
    ] as const)
      page.send({ type: 'answer', stop, answer })
    expect(page.story.ask).toMatchObject({ state: 'open' })
    page.send({ type: 'answer', stop: 1, answer: 0 })
    page.send({ type: 'answer', stop: 1, answer: 1 })
    page.send({ type: 'seek', at: 14_000 })
    page.send({ type: 'answer', stop: 1, answer: 0 })
    expect(page.story.ask).toMatchObject({ answer: 1, right: true })
  })
})

test('a run without stops has no story', () => {
  const page = opened('# A run\n$ etcdctl lease grant 5\nuntil 9')
  expect(page.frame().story).toBe(null)
  expect(page.frame().story).toBeUndefined()
  page.send({ type: 'answer', stop: 0, answer: 0 })
})

test('a reload keeps stops, answers and decisions', () => {
  const page = opened()
  page.send({ type: 'seek', at: 6000 })
  page.send({ type: 'answer', stop: 1, answer: 1 })
  page.send({ type: 'seek', at: 14_000 })
  const exported = page.host.receive({ type: 'export-tree' })
  if (exported?.type !== 'exported-tree') throw new Error('no run tree')
  const again = new Page()
  const tree = JSON.parse(JSON.stringify(exported.tree)) as SavedRunTree
  again.send({ type: 'open-tree', tree })
  expect(again.story).toEqual(page.story)
  expect(again.story.ask).toMatchObject({ state: 'decided', answer: 1, right: true })
})

test('the answer to a time is kept in whole milliseconds', () => {
  const page = opened(
    FILE.replace(
      / {2}ask[\s\S]*yes\n/,
      '  ask when When does the key go?\n  mark key /svc/a deleted\n',
    ),
  )
  page.send({ type: 'seek', at: 6000 })
  page.send({ type: 'answer', stop: 1, answer: 13_000.4 })
  expect(page.play()).toMatchObject({
    now: 13_694,
    story: { ask: { kind: 'when', answer: 13_000, truth: 13_694, right: true } },
  })
})
