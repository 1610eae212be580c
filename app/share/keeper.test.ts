import { beforeEach, expect, test, vi } from 'vitest'
import type { SavedSession, ToWorker } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import { opening } from '../scene/opening'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { FLAG } from './flags'
import { createKeeper } from './keeper'
import type { Kept, KeptRuns } from './kept-runs'
import type { Sharing } from './sharing'

const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  vi.stubGlobal('location', { hash: '' })
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
})

const session = (cursor: number): SavedSession => ({
  branches: [{ id: 1, name: 'main', parent: null, shared: 0, forkAt: 0, seed: 1, config: opening.config, commands: [], end: cursor }],
  current: 1,
  cursor,
})

/** A page with a keeper, and all that it says to the outside. */
function page(before: Kept | null = null) {
  const run = createRunStore()
  const ui = createUiStore()
  const sent: ToWorker['type'][] = []
  const begun: string[] = []
  const kept = { current: before, aside: [] as Kept[], full: false }
  const runs: KeptRuns = {
    current: async () => kept.current,
    async put(next, known) {
      if (kept.full) throw new DOMException('no room', 'QuotaExceededError')
      if (kept.current !== null && kept.current.stamp !== known) kept.aside.push(kept.current)
      kept.current = next
      return true
    },
    async putAside(stamp, whatever) {
      if (kept.current?.stamp !== stamp) return
      if (kept.current.worked || whatever) kept.aside.push(kept.current)
      kept.current = null
    },
    earlier: async () => [],
    get: async () => null,
    remove: async () => {},
  }
  const empty = { value: before !== null }
  const keeper = createKeeper({
    run,
    ui,
    commands: {
      startOver: () => void begun.push('startOver'),
      refuse: (why: string) => void begun.push(why),
      compare: () => {},
      notice: () => {},
    } as Partial<Commands> as Commands,
    sharing: { view: () => ({}), opened: () => {}, beganWith: async () => {} } as Partial<Sharing> as Sharing,
    send: ({ type }) => void sent.push(type),
    runs: async () => runs,
    locks: undefined,
    isEmpty: () => empty.value,
  })
  /** What a Frame of the run that was opened as the nth brings. */
  const frame = (opened: number, now: number, undo: string | null = 'put a 1') =>
    run.setState({ ready: true, opened, run: opened, now, undo, config: opening.config })
  const settled = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  return { run, ui, sent, begun, kept, keeper, frame, settled, empty, tidings: () => ui.getState().tidings.map(({ text }) => text) }
}

async function earlierVisit(): Promise<Kept> {
  const { frame, keeper, settled, kept } = page()
  frame(1, 100)
  keeper.session(session(100), 1)
  await settled()
  return kept.current!
}

test('a run in which something was done is kept, and no other', async () => {
  const { frame, keeper, settled, sent, kept } = page()
  frame(1, 50, null)
  expect(sent).toEqual([])
  frame(1, 100)
  expect(sent).toEqual(['export-session'])
  keeper.session(session(100), 1)
  await settled()
  expect(kept.current).toMatchObject({ session: session(100), worked: true })
  expect(stored.get(FLAG)).toBe('1')
})

test('what another run replaces goes aside as it stood then', async () => {
  const { frame, keeper, settled, kept, sent } = page()
  frame(1, 100)
  keeper.session(session(100), 1)
  await settled()
  // On the way out the page asks once more; the answer comes before the other run's first frame.
  keeper.replacing()
  expect(sent).toEqual(['export-session', 'export-session'])
  keeper.session(session(140), 1)
  frame(2, 0, null)
  await settled()
  expect(kept).toMatchObject({ current: null, aside: [{ session: session(140) }] })
  expect(stored.get(FLAG)).toBeUndefined()
})

test('a session of a run of which no frame has come yet is not taken for the one before', async () => {
  const { frame, keeper, settled, kept } = page()
  frame(1, 100)
  keeper.session(session(100), 1)
  await settled()
  keeper.session(session(7), 2)
  await settled()
  expect(kept.current).toMatchObject({ session: session(100) })
  frame(2, 7)
  keeper.session(session(7), 2)
  await settled()
  expect(kept).toMatchObject({ current: { session: session(7) }, aside: [{ session: session(100) }] })
})

test('the run of the last visit is opened, and is not put aside by being opened', async () => {
  const before = await earlierVisit()
  const { frame, keeper, settled, kept, sent, tidings } = page(before)
  await keeper.restore((await keeper.read())!)
  expect(sent).toEqual(['open-session'])
  keeper.sessionOpened()
  expect(tidings()).toEqual(['Your run is back as you left it.'])
  frame(1, 100, null)
  frame(1, 300)
  keeper.session(session(300), 1)
  await settled()
  expect(kept).toMatchObject({ current: { session: session(300) }, aside: [] })
})

test('who chose a run while the kept one was looked for keeps theirs', async () => {
  const before = await earlierVisit()
  const { keeper, sent, empty, tidings, frame, settled, kept } = page(before)
  const found = (await keeper.read())!
  empty.value = false
  await keeper.restore(found)
  expect(sent).toEqual([])
  expect(tidings()).toEqual(['The run before this one is kept.'])
  frame(1, 5)
  keeper.session(session(5), 1)
  await settled()
  expect(kept).toMatchObject({ current: { session: session(5) }, aside: [{ stamp: before.stamp }] })
})

test.each(['refused', 'crashed on its way', 'crashed before anything was heard of it'])(
  'a kept run that is %s is not tried for ever',
  async (how) => {
    const before = await earlierVisit()
    const { keeper, settled, kept, begun, tidings } = page(before)
    await keeper.restore((await keeper.read())!)
    if (how === 'refused') expect(keeper.refused('open-session: branches.0.seed: a number')).toBe(true)
    else {
      if (how.endsWith('it')) keeper.sessionOpened()
      await keeper.recover('out of memory')
    }
    await settled()
    expect(begun[0]).toBe('startOver')
    expect(kept).toMatchObject({ current: null, aside: [{ stamp: before.stamp }] })
    expect(stored.get(FLAG)).toBeUndefined()
    if (how === 'refused') expect(begun[1]).toBe('The kept run cannot be opened: branches.0.seed: a number')
    else expect(tidings().at(-1)).toContain('was put aside')
  },
)

test('after a crash the run stands where the page saw it last, and what may be missing is said', async () => {
  const { keeper, frame, settled, sent, kept, tidings } = page()
  frame(1, 100)
  keeper.session(session(100), 1)
  await settled()
  frame(1, 450, 'put b 2')
  await keeper.recover('out of luck')
  expect(sent.at(-1)).toBe('open-session')
  keeper.sessionOpened()
  expect(tidings()).toEqual([expect.stringContaining('The last change may be missing')])
  frame(1, 450)
  keeper.session(session(450), 1)
  await settled()
  expect(kept).toMatchObject({ current: { session: session(450) }, aside: [] })
  frame(2, 0, null)
  await settled()
  expect(kept).toMatchObject({ current: null, aside: [{ session: session(450) }] })
})

test('nor is it lost in the crash after that', async () => {
  const { keeper, frame, settled, sent, begun } = page()
  frame(1, 100)
  keeper.session(session(100), 1)
  await settled()
  for (const at of [150, 200]) {
    await keeper.recover('out of luck')
    expect(sent.at(-1)).toBe('open-session')
    keeper.sessionOpened()
    frame(1, at, null)
  }
  expect(begun).toEqual([])
})

test('that there is no room is told, once, until there is', async () => {
  const { keeper, frame, settled, kept, tidings } = page()
  kept.full = true
  for (const at of [100, 200]) {
    frame(1, at, `put a ${at}`)
    keeper.session(session(at), 1)
    await settled()
  }
  expect(tidings()).toEqual([expect.stringMatching(/no room left, so this run is not kept \(QuotaExceededError: no room\)/)])
  kept.full = false
  frame(1, 300, 'put a 300')
  keeper.session(session(300), 1)
  await settled()
  expect(tidings()).toEqual([])
  expect(kept).toMatchObject({ current: { session: session(300) }, aside: [] })
})

test('a refusal that is about something else is not taken for one of a kept run', () => {
  const { keeper, tidings } = page()
  expect(keeper.refused('open-session: nobody asked')).toBe(false)
  expect(keeper.refused('command: what')).toBe(false)
  expect(tidings()).toEqual([])
})
