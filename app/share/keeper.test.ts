import { beforeEach, expect, test, vi } from 'vitest'
import { opening } from '../scene/opening'
import { OPEN_QUESTION, STORY_AT_START } from '../scene/test-story'
import type { LockForm } from '../store/ui'
import { FLAG, HUNG } from './flags'
import type { Kept } from './kept'
import { browser, lockQueue, page, savedTree, stored, stubBrowser } from './test-browser'

beforeEach(stubBrowser)

async function earlierVisit(): Promise<Kept> {
  const { frame, keeper, settled, kept } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  return kept.current!
}

test('a run with an act in it is kept, and no other', async () => {
  const { frame, keeper, settled, sent, kept } = page()
  frame(1, 50, null)
  expect(sent).toEqual([])
  frame(1, 100)
  expect(sent).toEqual(['export-tree'])
  keeper.tree(savedTree(100), 1)
  await settled()
  expect(kept.current).toMatchObject({ session: savedTree(100), worked: true })
  expect(stored.get(FLAG)).toBe('1')
})

test('a replaced run goes aside in its last state', async () => {
  const { frame, keeper, settled, kept, sent } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  // On the way out the page requests the session once more; the answer comes before the other run's
  // first frame.
  keeper.replacing()
  expect(sent).toEqual(['export-tree', 'export-tree'])
  keeper.tree(savedTree(140), 1)
  frame(2, 0, null)
  await settled()
  expect(kept).toMatchObject({ current: null, aside: [{ session: savedTree(140) }] })
  expect(stored.get(FLAG)).toBeUndefined()
})

test('a session of a run without a frame so far is not taken for the previous one', async () => {
  const { frame, keeper, settled, kept } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  keeper.tree(savedTree(7), 2)
  await settled()
  expect(kept.current).toMatchObject({ session: savedTree(100) })
  frame(2, 7)
  keeper.tree(savedTree(7), 2)
  await settled()
  expect(kept).toMatchObject({
    current: { session: savedTree(7) },
    aside: [{ session: savedTree(100) }],
  })
})

test('the run of the last visit is opened, and opening it does not put it aside', async () => {
  const before = await earlierVisit()
  const { frame, keeper, settled, kept, sent, notices } = page(before)
  await keeper.restore((await keeper.read())!)
  expect(sent).toEqual(['open-tree'])
  keeper.treeOpened()
  expect(notices()).toEqual(['Your run is back as you left it.'])
  frame(1, 100, null)
  frame(1, 300)
  keeper.tree(savedTree(300), 1)
  await settled()
  expect(kept).toMatchObject({ current: { session: savedTree(300) }, aside: [] })
})

test('a reader who opens a run during the search for the kept one keeps that run', async () => {
  const before = await earlierVisit()
  const { keeper, sent, empty, notices, frame, settled, kept } = page(before)
  const found = (await keeper.read())!
  empty.value = false
  await keeper.restore(found)
  expect(sent).toEqual([])
  expect(notices()).toEqual(['The run before this one is kept.'])
  frame(1, 5)
  keeper.tree(savedTree(5), 1)
  await settled()
  expect(kept).toMatchObject({
    current: { session: savedTree(5) },
    aside: [{ stamp: before.stamp }],
  })
})

test.each(['refused', 'crashed on its way', 'crashed before anything was heard of it'])(
  'a kept run that is %s is not tried for ever',
  async (how) => {
    const before = await earlierVisit()
    const { keeper, settled, kept, begun, notices } = page(before)
    await keeper.restore((await keeper.read())!)
    if (how === 'refused') expect(keeper.refused('open-tree: branches.0.seed: a number')).toBe(true)
    else {
      if (how.endsWith('it')) keeper.treeOpened()
      await keeper.recover('out of memory')
    }
    await settled()
    expect(begun[0]).toBe('startOver')
    expect(kept).toMatchObject({ current: null, aside: [{ stamp: before.stamp }] })
    expect(stored.get(FLAG)).toBeUndefined()
    if (how === 'refused')
      expect(begun[1]).toBe('The kept run cannot be opened: branches.0.seed: a number')
    else expect(notices().at(-1)).toContain('was put aside')
  },
)

test('after a crash the run is where the page saw it last, and a notice names the missing part', async () => {
  const { ui, keeper, frame, settled, sent, kept, notices } = page()
  ui.setState({ lesson: { name: 'locks', step: 1 }, numbers: 2 })
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  frame(1, 450, 'put b 2')
  await keeper.recover('out of luck')
  expect(sent.at(-1)).toBe('open-tree')
  keeper.treeOpened()
  expect(ui.getState()).toMatchObject({ lesson: { name: 'locks', step: 1 }, numbers: 2 })
  expect(notices()).toEqual([expect.stringContaining('The last change may be missing')])
  frame(1, 450)
  keeper.tree(savedTree(450), 1)
  await settled()
  expect(kept).toMatchObject({ current: { session: savedTree(450) }, aside: [] })
  frame(2, 0, null)
  await settled()
  expect(kept).toMatchObject({ current: null, aside: [{ session: savedTree(450) }] })
})

test('it survives the next crash too', async () => {
  const { keeper, frame, settled, sent, begun } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  for (const at of [150, 200]) {
    await keeper.recover('out of luck')
    expect(sent.at(-1)).toBe('open-tree')
    keeper.treeOpened()
    frame(1, at, null)
  }
  expect(begun).toEqual([])
})

test('a full store is reported once, until there is room again', async () => {
  const { keeper, frame, settled, kept, notices } = page()
  kept.full = true
  for (const at of [100, 200]) {
    frame(1, at, `put a ${at}`)
    keeper.tree(savedTree(at), 1)
    await settled()
  }
  expect(notices()).toEqual([
    expect.stringMatching(/no room left, so this run is not kept \(QuotaExceededError: no room\)/),
  ])
  kept.full = false
  frame(1, 300, 'put a 300')
  keeper.tree(savedTree(300), 1)
  await settled()
  expect(notices()).toEqual([])
  expect(kept).toMatchObject({ current: { session: savedTree(300) }, aside: [] })
})

test('another refusal is not taken for that of a kept run', () => {
  const { keeper, notices } = page()
  expect(keeper.refused('open-tree: nobody asked')).toBe(false)
  expect(keeper.refused('command: what')).toBe(false)
  expect(notices()).toEqual([])
})

test('a run that is too long opens at the limit, reports it, and is not put aside for that', async () => {
  const before = await earlierVisit()
  const { keeper, settled, kept, begun, ui, frame, notices } = page(before)
  await keeper.restore((await keeper.read())!)
  keeper.treeOpened({ at: 1_958_602, cursor: 12_191_000 })
  frame(1, 1_958_602, null)
  await settled()
  expect(begun).toEqual([])
  expect(kept).toMatchObject({ current: { stamp: before.stamp }, aside: [] })
  expect(notices()).not.toContain('Your run is back as you left it.')
  expect(ui.getState().worked).toBe(true)
})

test('a link without acts is not put aside, and a link with acts is', async () => {
  const { keeper, frame, settled, kept, ui } = page()
  for (const [opened, undo] of [
    [1, null],
    [2, 'put a 1'],
    [3, null],
  ] as const) {
    ui.setState({ foreign: 'link', worked: false })
    frame(opened, 10 * opened, null)
    frame(opened, 10 * opened + 1, undo)
    for (let answers = undo === null ? 1 : 2; answers > 0; answers--)
      keeper.tree(savedTree(10 * opened), opened)
    await settled()
    expect(kept.current).toMatchObject({ worked: undo !== null, foreign: 'link' })
  }
  expect(kept.aside).toMatchObject([{ session: savedTree(20), worked: true }])
})

test('a run that was removed to make room is reported, and can be restored', async () => {
  const { keeper, frame, settled, kept, told } = page()
  frame(1, 10)
  keeper.tree(savedTree(10), 1)
  await settled()
  kept.removed = [{ ...kept.current!, name: 'Monday' }]
  frame(2, 0, null)
  await settled()
  expect(told()).toMatchObject([
    { kind: 'removed', text: expect.stringContaining('so one was removed: Monday') },
  ])
  await keeper.bringBack()
  expect(kept.aside.at(-1)).toMatchObject({ name: 'Monday', pinned: true })
  expect(told()).toEqual([])
})

test('removed runs are counted, also when they are removed one after the other, and all can be restored', async () => {
  const { keeper, frame, settled, kept, told } = page()
  for (const [opened, names] of [
    [1, []],
    [2, ['Monday', 'Tuesday']],
    [3, [null]],
  ] as const) {
    kept.removed = names.map((name) => ({ ...kept.current!, name }))
    frame(opened, 10 * opened, null)
    await settled()
    frame(opened, 10 * opened + 1)
    keeper.tree(savedTree(10 * opened), opened)
    await settled()
  }
  expect(told()).toMatchObject([
    { kind: 'removed', text: 'More than 20 runs were kept, so 3 were removed: Monday, Tuesday.' },
  ])
  await keeper.bringBack()
  expect(kept.aside.slice(-3)).toMatchObject([
    { name: 'Monday' },
    { name: 'Tuesday' },
    { name: null, pinned: true },
  ])
})

test('a link that is not kept is reported as gone, and can be opened again', async () => {
  const { keeper, frame, settled, kept, ui, told, opened } = page()
  ui.setState({ foreign: 'link' })
  frame(1, 10, null)
  keeper.tree(savedTree(10), 1)
  await settled()
  expect(told()).toEqual([])
  ui.setState({ foreign: null })
  frame(2, 0, null)
  await settled()
  expect(kept).toMatchObject({ current: null, aside: [] })
  expect(told()).toMatchObject([{ kind: 'dropped', text: expect.stringContaining('was not kept') }])
  await keeper.openEarlier()
  expect(opened).toEqual([savedTree(10)])
})

test('a run of the last visit that another run removes is not reported as kept', async () => {
  const looked: Kept = { ...(await earlierVisit()), worked: false, foreign: 'link' }
  const { keeper, frame, settled, kept, notices, told, empty, opened } = page(looked)
  const found = (await keeper.read())!
  empty.value = false
  keeper.notifyEarlier(found)
  expect(notices()).toEqual(['The run of your last visit is here until this one is kept.'])
  frame(1, 5)
  keeper.tree(savedTree(5), 1)
  await settled()
  expect(kept).toMatchObject({ current: { session: savedTree(5) }, aside: [] })
  expect(told()).toMatchObject([{ kind: 'dropped' }])
  await keeper.openEarlier()
  expect(opened).toEqual([looked.session])
})

test('with a full localStorage the run is found at the next visit, and the full storage is reported', async () => {
  const before = await earlierVisit()
  stored.clear()
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: full, removeItem: () => {} })
  const { keeper, frame, settled, notices } = page(before)
  expect(await keeper.read()).toMatchObject({ stamp: before.stamp })
  frame(1, 5)
  keeper.tree(savedTree(5), 1)
  await settled()
  expect(notices()).toEqual([
    expect.stringMatching(/no room left .*localStorage.*The run is kept\./),
  ])
})

test('if there was no room for the flag, and there is now, the run is offered', async () => {
  const before = await earlierVisit()
  stored.clear()
  const { keeper, notices, opened } = page(before)
  expect(await keeper.read()).toBeNull()
  await keeper.findForgotten()
  expect(notices()).toEqual(['A run of an earlier visit is kept.'])
  await keeper.openEarlier()
  expect(opened).toEqual([before.session])
  // If the page has searched, or the run is of this visit, there is nothing to offer.
  const { keeper: other, frame, settled, notices: said } = page()
  frame(1, 5)
  other.tree(savedTree(5), 1)
  await settled()
  await other.findForgotten()
  expect(said()).toEqual([])
})

test('an answer to a question of a story is kept', async () => {
  const { run, frame, keeper, settled, kept, sent } = page()
  frame(1, 50, null)
  expect(sent).toEqual([])
  const ask = { ...OPEN_QUESTION, state: 'waiting', answer: 1 } as const
  run.setState({ story: { ...STORY_AT_START, stops: 1, reached: 0, at: 50, here: true, ask } })
  expect(sent).toEqual(['export-tree'])
  keeper.tree(savedTree(50), 1)
  await settled()
  // It is not the reader's own work: another story does not put it aside.
  expect(kept.current).toMatchObject({ session: savedTree(50), worked: false })
})

test('a tab without acts never overwrites the newer run of the other tab', async () => {
  const visit = await earlierVisit()
  const shared = browser(visit)
  const manager = lockQueue()
  let close = () => {}
  const a = page(visit, shared, manager(new Promise((resolve) => (close = resolve))))
  const b = page(visit, shared, manager(new Promise(() => {})))
  for (const tab of [a, b]) {
    await tab.keeper.restore((await tab.keeper.read())!)
    tab.keeper.treeOpened()
    tab.frame(1, 100, null)
    tab.keeper.tree(savedTree(100), 1)
    await tab.settled()
  }
  // In B the reader only watches; in A the reader works.
  a.frame(1, 200, 'put a 2')
  a.keeper.tree(savedTree(200), 1)
  await a.settled()
  b.frame(1, 150, null)
  b.keeper.tree(savedTree(150), 1)
  await b.settled()
  close()
  await b.settled()
  expect(shared.state).toMatchObject({ current: { session: savedTree(200) }, aside: [] })
  expect(b.opened.at(-1)).toEqual(savedTree(200))
  b.keeper.treeOpened()
  expect(b.notices()).toEqual(['Your run is here as the other tab left it.'])
})

test('a tab that puts the run of another tab aside reports it, and the run can be opened', async () => {
  const visit = await earlierVisit()
  const shared = browser(visit)
  const manager = lockQueue()
  let close = () => {}
  const a = page(visit, shared, manager(new Promise((resolve) => (close = resolve))))
  const b = page(visit, shared, manager(new Promise(() => {})))
  for (const tab of [a, b]) {
    await tab.keeper.restore((await tab.keeper.read())!)
    tab.keeper.treeOpened()
    tab.frame(1, 100, null)
  }
  for (const tab of [a, b]) {
    tab.frame(1, tab === a ? 200 : 300, tab === a ? 'in a' : 'in b')
    tab.keeper.tree(savedTree(tab === a ? 200 : 300), 1)
    await tab.settled()
  }
  expect(b.told()).toMatchObject([{}, { kind: 'elsewhere' }])
  close()
  await b.settled()
  expect(shared.state).toMatchObject({
    current: { session: savedTree(300) },
    aside: [{ session: savedTree(200) }],
  })
  expect(b.told().at(-1)).toEqual({
    kind: 'other',
    text: 'The run of the other tab is kept.',
    id: 1,
  })
  await b.keeper.openEarlier(1)
  expect(b.opened.at(-1)).toEqual(savedTree(200))
})

test('back goes to the previous run, with its acts', async () => {
  const { keeper, frame, settled, kept, go, opened, ui } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  // A link is followed; the answer of the worker comes before the first frame of its run.
  const away = go(1)
  expect(away).toMatchObject({ type: 'new', from: 'entry 1' })
  keeper.tree(savedTree(130), 1)
  ui.setState({ foreign: 'link' })
  frame(2, 7, null)
  await settled()
  const back = go(-1)
  for (const at of [7, 8]) keeper.tree(savedTree(at), 2)
  expect(await keeper.returnTo('entry 1')).toBe(true)
  expect(opened.at(-1)).toEqual(savedTree(130))
  keeper.treeOpened()
  frame(3, 130)
  keeper.tree(savedTree(131), 3)
  await settled()
  expect(back).toMatchObject({ type: 'back', to: 'entry 1' })
  expect(kept.current).toMatchObject({ session: savedTree(131), entry: 'entry 1' })
  // And forward again: that run has no acts, and still exists.
  go(1)
  expect(await keeper.returnTo('entry 2')).toBe(true)
  expect(opened.at(-1)).toEqual(savedTree(8))
})

test('after a reload a run that was put aside is found by its entry, and another is not', async () => {
  const { keeper, frame, settled, go, opened } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  frame(2, 0, null)
  await settled()
  go(1)
  go(-1)
  expect(await keeper.returnTo('entry 1')).toBe(true)
  expect(opened).toEqual([savedTree(100)])
  go(1)
  go(1)
  expect(await keeper.returnTo('entry 3')).toBe(false)
})

test('a blocked localStorage is reported, and the run is still found', async () => {
  const refuse = () => {
    throw new DOMException('blocked', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })
  const before = await earlierVisit()
  const { keeper, frame, settled, notices } = page(before)
  expect(await keeper.read()).toMatchObject({ stamp: before.stamp })
  frame(1, 5)
  keeper.tree(savedTree(5), 1)
  await settled()
  expect(notices()).toEqual([expect.stringContaining('localStorage')])
})

test('the run of a crashed engine can be copied, however often it crashes', async () => {
  const { keeper, frame, settled } = page()
  expect(keeper.leftOver()).toBeNull()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  for (let crash = 0; crash < 4; crash++) {
    expect(keeper.leftOver()).toEqual({
      leasescope: 1,
      seed: 1,
      config: opening.config,
      commands: [],
      cursor: 100,
    })
    await keeper.recover('out of luck')
    keeper.treeOpened()
    frame(1, 100)
  }
})

test('a reader who stops the engine gets the previous run back, and a kept run that hung is offered', async () => {
  const { keeper, frame, settled, opened, notices } = page()
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  // A link is loading for too long: no frame of it ever came.
  await keeper.giveUp()
  expect(opened).toEqual([savedTree(100)])
  keeper.treeOpened()
  expect(notices()).toEqual(['The engine was stopped. The run is restored.'])

  const before = await earlierVisit()
  const hung = page(before)
  await hung.keeper.restore((await hung.keeper.read())!)
  await hung.keeper.giveUp()
  await hung.settled()
  expect(hung.begun).toEqual(['startOver'])
  expect(hung.told()).toEqual([{ kind: 'unopened', text: 'The last run did not open.', id: 1 }])
  await hung.keeper.openEarlier(1)
  expect(hung.opened.at(-1)).toEqual(before.session)
})

test('a kept run that hung at the last visit is not opened again by itself', async () => {
  const before = await earlierVisit()
  const last = page(before)
  await last.keeper.restore((await last.keeper.read())!)
  last.keeper.hangs()
  expect(stored.get(HUNG)).toBe(before.stamp)
  // The page is closed meanwhile.
  const next = page(before)
  await next.keeper.restore((await next.keeper.read())!)
  expect(next.sent).toEqual([])
  expect(next.begun).toEqual(['startOver'])
  expect(next.kept).toMatchObject({ current: null, aside: [{ stamp: before.stamp }] })
  expect(next.told()).toEqual([{ kind: 'unopened', text: 'The last run did not open.', id: 1 }])
  expect(stored.get(HUNG)).toBeUndefined()
})

test('a run that opens late is not taken for one that hangs', async () => {
  const before = await earlierVisit()
  const { keeper, frame } = page(before)
  await keeper.restore((await keeper.read())!)
  keeper.hangs()
  keeper.treeOpened()
  frame(1, 100, null)
  expect(stored.get(HUNG)).toBeUndefined()
})

const LOCK_FORM: LockForm = {
  tab: 'lock',
  story: true,
  lock: null,
  tried: null,
  needs: null,
  figured: null,
  opened: null,
}

test('a run comes back in its step of a lesson, with its numbers and its form, after a reload and from the earlier runs', async () => {
  const before = page()
  const place = { lesson: { name: 'operating', step: 1 }, numbers: 2, form: LOCK_FORM }
  before.ui.setState(place)
  before.frame(1, 100)
  before.keeper.tree(savedTree(100), 1)
  await before.settled()
  expect(before.kept.current).toMatchObject(place)
  const next = page(before.kept.current)
  await next.keeper.restore((await next.keeper.read())!)
  next.keeper.treeOpened()
  expect(next.ui.getState()).toMatchObject(place)
  next.frame(1, 100)
  // Another run, and back.
  next.ui.setState({ lesson: null, numbers: 0, form: null })
  next.frame(2, 0, null)
  await next.settled()
  await next.keeper.openEarlier()
  next.keeper.treeOpened()
  expect(next.ui.getState()).toMatchObject(place)
})

test('a closed form stays closed', async () => {
  vi.useFakeTimers()
  const { ui, keeper, frame, settled, sent, kept } = page()
  ui.setState({ form: LOCK_FORM })
  frame(1, 100)
  keeper.tree(savedTree(100), 1)
  await settled()
  expect(kept.current!.form).toEqual(LOCK_FORM)
  sent.length = 0
  ui.setState({ form: null })
  vi.runAllTimers()
  expect(sent).toEqual(['export-tree'])
  keeper.tree(savedTree(100), 1)
  await settled()
  expect(kept.current!.form).toBeNull()
  vi.useRealTimers()
})

test.each([
  ['is said to be kept', 'put a 1', ['Your run before this form is kept.']],
  ['is not worth a word where nothing was done in it', null, []],
])('the run that a form replaces %s', async (_, undo, said) => {
  const { ui, run, keeper, frame, settled, notices, kept } = page()
  frame(1, 100, undo)
  run.setState({ branches: [], config: { ...opening.config, members: 3 } })
  keeper.tree(savedTree(100), 1)
  await settled()
  expect(kept.current).not.toBeNull()
  ui.setState({ form: { ...LOCK_FORM, story: false } })
  frame(2, 0, null)
  await settled()
  expect(notices()).toEqual(said)
})

test('an earlier run asked for while the run of a link is written is that earlier run', async () => {
  const first = page()
  first.ui.setState({ foreign: 'link' })
  first.frame(1, 100, null)
  first.keeper.tree(savedTree(100), 1)
  await first.settled()
  const before: Kept = first.kept.current!
  const shared = browser(before)
  const { current } = shared.runs
  const tab = page(before, shared)
  let answer = () => {}
  await tab.keeper.read()
  shared.runs.current = async () => {
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    return current()
  }
  tab.empty.value = false
  const asked = tab.keeper.openEarlier()
  await tab.settled()
  tab.ui.setState({ foreign: 'link' })
  tab.frame(1, 7, null)
  tab.frame(1, 8, null)
  tab.keeper.tree(savedTree(7), 1)
  await tab.settled()
  answer()
  await asked
  expect(tab.opened.at(-1)).toEqual(savedTree(100))
})

test('an earlier run asked for while a run is being written is that earlier run', async () => {
  const first = page()
  first.ui.setState({ foreign: 'link' })
  first.frame(1, 100, null)
  first.keeper.tree(savedTree(100), 1)
  await first.settled()
  const before: Kept = first.kept.current!
  const shared = browser(before)
  const { put } = shared.runs
  const tab = page(before, shared)
  await tab.keeper.read()
  let answer = () => {}
  // The store has the new run, and its answer is on its way.
  shared.runs.put = async (...args) => {
    const done = await put(...args)
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    return done
  }
  tab.empty.value = false
  const asked = tab.keeper.openEarlier()
  tab.ui.setState({ foreign: 'link' })
  tab.frame(1, 7, null)
  tab.frame(1, 8, null)
  tab.keeper.tree(savedTree(7), 1)
  await tab.settled()
  answer()
  await asked
  expect(tab.opened.at(-1)).toEqual(savedTree(100))
})
