// A reader, two tabs, the worker and the browser's store act in any order. Work that the keeper
// received is always in the store, or the reader was notified that it is not.

import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SavedRunTree, ToWorker } from '../../engine/worker/protocol'
import { opening } from '../scene/opening'
import type { Notice } from '../store/ui'
import { browser, lockQueue, page, savedTree, stubBrowser } from './test-browser'

beforeEach(() => {
  stubBrowser()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => void vi.useRealTimers())

/** The acts in a run: `run 3: 7 9`. */
interface Work {
  run: number
  acts: readonly number[]
}

const treeOf = ({ run, acts }: Work, cursor: number): SavedRunTree => {
  const saved = savedTree(cursor)
  return { ...saved, branches: [{ ...saved.branches[0]!, seed: run, name: acts.join(' ') }] }
}
const workOf = ({ branches: [branch] }: SavedRunTree): Work => ({
  run: branch!.seed,
  acts: branch!.name === '' ? [] : branch!.name.split(' ').map(Number),
})
const has = (whole: Work, part: Work): boolean =>
  whole.run === part.run && part.acts.every((act, i) => whole.acts[i] === act)

/** While a notice of these kinds is shown, the reader knows that this tab keeps nothing. */
const LOSS: ReadonlySet<Notice['kind']> = new Set(['failed', 'elsewhere'])

interface World {
  shared: ReturnType<typeof browser>
  locks: ReturnType<typeof lockQueue> | null
  /** Unique numbers for runs and acts. */
  next(): number
}

/** A tab with its worker. The worker answers one message at a time, on command. */
function openTab({ shared, locks, next }: World) {
  type Message =
    | { what: 'open'; work: Work; foreign: 'link' | null }
    | { what: 'act'; act: number }
    | ToWorker
  let inbox: Message[] = []
  let worker: { opened: number; work: Work | null } = { opened: 0, work: null }
  let now = 0
  /** The acts in the run that the page shows. */
  let shown: Work | null = null
  let refuses = false
  let close = () => {}
  const given: Work[] = []
  /** Work on the page when a notice said that a run is not kept. */
  const said = new Set<Work>()
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  const open = (foreign: 'link' | null) => {
    inbox.push({ what: 'open', work: { run: next(), acts: [] }, foreign })
  }
  const tab = page(null, shared, locks?.(closed), {
    send: (message) => void inbox.push(message),
    startOver: () => open(null),
  })
  const { keeper, run, ui, empty } = tab
  empty.value = true
  ui.subscribe(({ notices }) => {
    if (notices.some(({ kind }) => kind === 'dropped')) for (const work of given) said.add(work)
  })
  const frame = () => {
    const { opened, work } = worker
    if (work === null) return
    const undo = work.acts.length === 0 ? null : `act ${work.acts.at(-1)}`
    shown = work
    run.setState({ ready: true, opened, run: opened, now: ++now, undo, config: opening.config })
  }
  const show = (work: Work) => {
    empty.value = false
    worker = { opened: worker.opened + 1, work }
  }
  const deliver = () => {
    const message = inbox.shift()
    if (message === undefined) return
    if ('what' in message && message.what === 'act') {
      if (worker.work === null) return
      worker.work = { ...worker.work, acts: [...worker.work.acts, message.act] }
    } else if ('what' in message) {
      show(message.work)
      ui.setState({ foreign: message.foreign, worked: false })
    } else if (message.type === 'open-tree' && refuses) {
      refuses = false
      keeper.refused('open-tree: another engine made it')
    } else if (message.type === 'open-tree') {
      show(workOf(message.tree))
      keeper.treeOpened(null, worker.opened)
    } else if (message.type === 'export-tree' && worker.work !== null) {
      const isKnown = worker.work === shown && run.getState().opened === worker.opened
      if (isKnown && worker.work.acts.length > 0) given.push(worker.work)
      keeper.tree(treeOf(worker.work, now), worker.opened)
    }
  }
  const lose = (how: 'recover' | 'giveUp') => {
    inbox = []
    worker = { opened: 0, work: null }
    return keeper[how]('out of memory')
  }
  const acts = {
    work() {
      // A reader acts on the visible run.
      const isComing = inbox.some((each) => !('what' in each) && each.type === 'open-tree')
      if (shown !== null && run.getState().opened === worker.opened && !isComing)
        inbox.push({ what: 'act', act: next() })
    },
    frame,
    deliver,
    link() {
      if (!empty.value) keeper.replacing()
      open('link')
    },
    startOver() {
      if (!empty.value) keeper.replacing()
      open(null)
    },
    crash: () => void lose('recover'),
    stop: () => void lose('giveUp'),
    refuse() {
      refuses = true
    },
    earlier: () => void keeper.openEarlier(),
    takeOver: () => keeper.takeOver(),
    hide: () => keeper.leave(),
  }
  return {
    acts,
    keeper,
    settled: tab.settled,
    async begin(): Promise<void> {
      const kept = await keeper.read()
      if (kept === null) open(null)
      else await keeper.restore(kept)
    },
    /** The worker answers everything, and the page shows it. */
    async rest(rounds = 12): Promise<void> {
      for (let i = 0; i < rounds; i++) {
        await tab.settled()
        while (inbox.length > 0) deliver()
        frame()
      }
    },
    close,
    /** The work that is neither in the store nor reported. */
    silentlyLost(): Work[] {
      if (ui.getState().notices.some(({ kind }) => LOSS.has(kind))) return []
      const kept = [shared.state.current, ...shared.state.aside].flatMap((each) =>
        each === null ? [] : [workOf(each.session)],
      )
      return given.filter((work) => !said.has(work) && !kept.some((each) => has(each, work)))
    },
  }
}

type Act = keyof ReturnType<typeof openTab>['acts']
const ACTS: { weight: number; name: Act | 'settle' | 'rest' | 'reload' | 'full' | 'wait' }[] = [
  { weight: 8, name: 'work' },
  { weight: 6, name: 'frame' },
  { weight: 9, name: 'deliver' },
  { weight: 5, name: 'settle' },
  { weight: 9, name: 'rest' },
  { weight: 2, name: 'link' },
  { weight: 2, name: 'startOver' },
  { weight: 2, name: 'crash' },
  { weight: 1, name: 'stop' },
  { weight: 1, name: 'refuse' },
  { weight: 3, name: 'earlier' },
  { weight: 1, name: 'takeOver' },
  { weight: 1, name: 'hide' },
  { weight: 1, name: 'wait' },
  { weight: 4, name: 'full' },
  { weight: 2, name: 'reload' },
]
const acts = fc.oneof(...ACTS.map(({ weight, name }) => ({ weight, arbitrary: fc.constant(name) })))

type Name = (typeof ACTS)[number]['name']
/** Where work was lost once, in the first tab. */
const ONCE: Name[][] = [
  // The frame of another run was taken for that of the run that comes back.
  ['work', 'rest', 'crash', 'settle', 'startOver', 'rest', 'work', 'rest'],
  // There is room again for the next run.
  ['full', 'work', 'rest', 'link', 'rest', 'full', 'work', 'rest'],
  // The engine ends twice on a run for which there was no room.
  ['full', 'work', 'rest', 'crash', 'settle', 'full', 'crash', 'rest', 'work', 'rest'],
  // A link was opened before an earlier run was written.
  ['work', 'rest', 'startOver', 'rest', 'full', 'earlier', 'rest', 'link', 'rest', 'full', 'work'],
  // The tab took the turn from itself.
  ['work', 'rest', 'takeOver', 'takeOver', 'work', 'rest'],
]

test.each([
  ['with locks', true],
  ['without locks', false],
])('no work is lost without a notice, with two tabs %s', async (_, hasLocks) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(acts, fc.constantFrom(0, 0, 0, 1)), { minLength: 5, maxLength: 60 }),
      async (all) => {
        stubBrowser()
        let count = 0
        const shared = browser()
        const locks = hasLocks ? lockQueue() : null
        const world: World = { shared, locks, next: () => ++count }
        const tabs = [openTab(world), openTab(world)]
        const lost: Work[] = []
        const leave = async (tab: (typeof tabs)[number]) => {
          await tab.rest()
          lost.push(...tab.silentlyLost())
          tab.close()
        }
        for (const tab of tabs) {
          await tab.begin()
          await tab.rest()
        }
        for (const [act, at] of all) {
          const tab = tabs[at]!
          if (act === 'settle') await tab.settled()
          else if (act === 'rest') await tab.rest(2)
          else if (act === 'wait') vi.advanceTimersByTime(1000)
          else if (act === 'full') shared.state.full = !shared.state.full
          else if (act === 'reload') {
            await leave(tab)
            tabs[at] = openTab(world)
            await tabs[at].begin()
          } else tab.acts[act]()
          for (let i = 0; i < count % 5; i++) await Promise.resolve()
        }
        for (const tab of tabs) await leave(tab)
        expect(lost).toEqual([])
      },
    ),
    {
      seed: Number(process.env.KEEPER_SEED ?? 1),
      numRuns: Number(process.env.KEEPER_RUNS ?? 200),
      examples: ONCE.map((names) => [names.map((name): [Name, number] => [name, 0])]),
    },
  )
})
