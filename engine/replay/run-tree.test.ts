import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import { RunTree } from './run-tree'
import { Timeline } from './timeline'
import { validRunTree } from './validate'
import { varied } from './vary'

const STORY: Recording = {
  leasescope: 1,
  seed: 1,
  config: { ...DEFAULT_CONFIG, latencyMs: 30 },
  commands: [
    {
      type: 'program',
      client: 'svc',
      program: [
        { op: 'session', ttlSeconds: 10, as: 'lease' },
        { op: 'put', key: '/svc/a', value: 'up', lease: '$lease' },
      ],
      at: 0,
    },
  ],
}
const line = (text: string): Command => ({ type: 'console', terminal: 't1', text, mode: 'strict' })
const state = (tree: RunTree): string => JSON.stringify(tree.timeline.sim.save())
const traceOf = (recording: Recording, until: number): string => {
  const timeline = new Timeline(recording)
  timeline.advance(until)
  return JSON.stringify(timeline.trace)
}

/** Main: a put at 5 s, played until 20 s. Branch 2: another at 3 s, played until 9 s. */
function forked(): RunTree {
  const tree = new RunTree(STORY)
  tree.timeline.advance(5000)
  tree.submit(line('etcdctl put a main'))
  tree.timeline.advance(20_000)
  tree.timeline.seek({ at: 3000 })
  expect(tree.submit(line('etcdctl put a other'))).toBe(true)
  tree.timeline.advance(9000)
  return tree
}

test('a run that is opened again gives the next branch an unused number', () => {
  const tree = RunTree.load(forked().save())
  const before = tree.branches().map(({ id }) => id)
  tree.timeline.seek({ at: 1000 })
  tree.submit(line('etcdctl put a third'))
  const after = tree.branches().map(({ id }) => id)
  expect(after.length).toBe(before.length + 1)
  expect(new Set(after).size).toBe(after.length)
})

describe('acting in the past', () => {
  test('keeps the old future under its name, and shares the past', () => {
    const tree = forked()
    expect(
      tree
        .branches()
        .map(({ name, parent, forkAt, end, current }) => ({ name, parent, forkAt, end, current })),
    ).toEqual([
      { name: 'main', parent: null, forkAt: 0, end: 20_000, current: false },
      { name: 'branch 2', parent: 1, forkAt: 3000, end: 9000, current: true },
    ])
    const [main, other] = [tree.timelineOf(1)!, tree.timelineOf(2)!]
    const apart = main.trace.findIndex((event, i) => event !== other.trace[i])
    expect(main.trace[apart - 1]!.at).toBeLessThanOrEqual(3000)
    expect(main.trace[apart]!.at).toBeGreaterThanOrEqual(3000)
    expect(apart).toBeGreaterThan(10)
  })
  test('each branch equals the run of its recording', () => {
    const tree = forked()
    for (const id of [1, 2]) {
      const timeline = tree.timelineOf(id)!
      expect(JSON.stringify(timeline.trace)).toBe(traceOf(timeline.recording(), timeline.end))
    }
  })
  test('a command at the end of a run forks nothing', () => {
    const tree = new RunTree(STORY)
    tree.timeline.advance(5000)
    expect(tree.submit(line('etcdctl get a'))).toBe(false)
    expect(tree.branches()).toHaveLength(1)
  })
})

describe('branches', () => {
  test('going from one to the other finds each as it was', () => {
    const tree = forked()
    const there = state(tree)
    tree.switchTo(1)
    expect(tree.timeline.now).toBe(9000)
    expect(JSON.stringify(tree.timeline.sim.members[0]!.store.get('a'))).toContain('main')
    tree.switchTo(2)
    expect(state(tree)).toBe(there)
    expect(tree.switchTo(7)).toBe(false)
  })
  test('have names of their own', () => {
    const tree = forked()
    expect(tree.rename(2, '  what if ')).toBe(true)
    expect(tree.rename(1, 'what if')).toBe(true)
    expect(tree.branches().map(({ name }) => name)).toEqual(['what if (2)', 'what if'])
    expect(tree.rename(1, '  ')).toBe(false)
    tree.undo()
    expect(tree.branches()[0]!.name).toBe('main')
  })
  test('can be deleted and restored; the current branch stays', () => {
    const tree = forked()
    expect(tree.remove(2)).toBe(false)
    expect(tree.remove(1)).toBe(true)
    expect(tree.branches().map(({ id, parent }) => ({ id, parent }))).toEqual([
      { id: 2, parent: null },
    ])
    expect(tree.save().branches).toMatchObject([{ id: 2, parent: null, shared: 0 }])
    tree.undo()
    expect(tree.branches()).toHaveLength(2)
    tree.redo()
    expect(tree.branches()).toHaveLength(1)
  })
})

describe('undo and redo', () => {
  test('go back to before an action, with an open future, and to after it again', () => {
    const tree = new RunTree(STORY)
    tree.timeline.advance(5000)
    const before = state(tree)
    tree.submit(line('etcdctl put a 1'))
    tree.timeline.advance(7000)
    tree.undo()
    expect(state(tree)).toBe(before)
    expect(tree.undoable).toBeNull()
    // Played on, it is the run without the action.
    tree.timeline.advance(8000)
    expect(tree.timeline.sim.members[0]!.store.get('a')).toBeUndefined()
    tree.redo()
    expect(tree.timeline.now).toBe(5000)
    tree.timeline.advance(7000)
    expect(tree.timeline.sim.members[0]!.store.get('a')?.value).toBe('1')
  })
  test('an undone action that was never played leaves nothing behind', () => {
    const tree = new RunTree(STORY)
    tree.timeline.advance(5000)
    tree.submit(line('etcdctl put a 1'))
    tree.timeline.advance(7000)
    tree.undo()
    tree.redo()
    expect(tree.branches().map(({ name }) => name)).toEqual(['main'])
  })
  test('the part played after an undo stays when the user goes to another branch', () => {
    const tree = new RunTree(STORY)
    tree.timeline.advance(5000)
    tree.submit(line('etcdctl put a 1'))
    tree.timeline.advance(7000)
    tree.undo()
    tree.timeline.advance(9000)
    const played = tree.branches().length
    expect(played).toBeGreaterThan(1)
    tree.redo()
    expect(tree.branches()).toHaveLength(played)
  })
  test('the latest five hundred actions can be undone', () => {
    const tree = new RunTree(STORY)
    for (let i = 0; i < 502; i++) tree.submit(line('echo'))
    let undone = 0
    for (; tree.undoable !== null; undone++) tree.undo()
    expect(undone).toBe(500)
  })
  test('a fork is undone to where it forked, and another action ends redo', () => {
    const tree = forked()
    tree.undo()
    expect(tree.timeline.now).toBe(3000)
    expect(tree.redoable).toContain('put a other')
    tree.submit(line('etcdctl put a third'))
    expect(tree.redoable).toBeNull()
    tree.timeline.advance(4000)
    expect(tree.timeline.sim.members[0]!.store.get('a')?.value).toBe('third')
    expect(tree.timelineOf(1)!.end).toBe(20_000)
  })
})

describe('a run tree that is saved and loaded', () => {
  test('is the same tree, with the same cursor and the same state', () => {
    const tree = forked()
    const saved = JSON.parse(JSON.stringify(tree.save()))
    expect(saved.branches[1].commands).toHaveLength(1)
    const again = RunTree.load(saved)
    expect(again.save()).toEqual(tree.save())
    expect(state(again)).toBe(state(tree))
    again.switchTo(1)
    tree.switchTo(1)
    expect(state(again)).toBe(state(tree))
  })
  test.each([
    ['current', (saved: ReturnType<RunTree['save']>) => ({ ...saved, current: 9 })],
    [
      'branches.1.shared',
      (saved: ReturnType<RunTree['save']>) => ({
        ...saved,
        branches: saved.branches.map((b) => ({ ...b, shared: b.id === 2 ? 9 : 0 })),
      }),
    ],
    [
      'branches.1.parent',
      (saved: ReturnType<RunTree['save']>) => ({
        ...saved,
        branches: saved.branches.map((b) => ({ ...b, parent: b.id === 2 ? 5 : null })),
      }),
    ],
    [
      'branches.1.id',
      (saved: ReturnType<RunTree['save']>) => ({
        ...saved,
        branches: saved.branches.map((b) => ({ ...b, id: 1 })),
      }),
    ],
    [
      'branches: expected at least one',
      (saved: ReturnType<RunTree['save']>) => ({ ...saved, branches: [] }),
    ],
  ])('inconsistent data is refused with its place: %s', (place, damage) => {
    expect(() => RunTree.load(damage(forked().save()))).toThrow(place)
  })
})

describe('the undo list', () => {
  const kept = (tree: RunTree): RunTree => RunTree.load(JSON.parse(JSON.stringify(tree.save(true))))

  test('survives being saved and loaded, and so does the redo list', () => {
    const tree = new RunTree(STORY)
    tree.timeline.advance(5000)
    tree.submit(line('etcdctl put a 1'))
    tree.timeline.advance(6000)
    tree.submit(line('etcdctl put a 2'))
    tree.timeline.advance(7000)
    tree.undo()
    const again = kept(tree)
    expect([again.undoable, again.redoable]).toEqual([tree.undoable, tree.redoable])
    expect(again.redoable).toContain('put a 2')
    for (const each of [tree, again]) each.undo()
    expect(state(again)).toBe(state(tree))
    for (const each of [tree, again]) for (let i = 0; i < 2; i++) each.redo()
    expect(state(again)).toBe(state(tree))
    expect(again.redoable).toBeNull()
  })
  test('brings a deleted branch back after a reload, and the branch is not listed before', () => {
    const tree = forked()
    tree.rename(1, 'first')
    tree.remove(1)
    const again = kept(tree)
    expect(again.branches().map(({ id }) => id)).toEqual([2])
    again.undo()
    again.undo()
    expect(again.branches().map(({ id, name, end }) => ({ id, name, end }))).toEqual([
      { id: 1, name: 'main', end: 20_000 },
      { id: 2, name: 'branch 2', end: 9000 },
    ])
    again.switchTo(1)
    tree.undo()
    tree.undo()
    tree.switchTo(1)
    expect(state(again)).toBe(state(tree))
  })
  test('is bounded, and does not leave this browser', () => {
    const tree = new RunTree(STORY)
    for (let i = 0; i < 130; i++) tree.submit(line(`echo ${'x'.repeat(300)}${i}`))
    const { deeds: actions } = tree.save(true)
    expect(actions?.list).toHaveLength(100)
    expect(actions?.done).toBe(100)
    expect(actions?.list.every(({ text }) => text.length <= 200)).toBe(true)
    for (let i = 0; i < 100; i++) tree.undo()
    expect(tree.save(true).deeds).toMatchObject({ done: 0 })
    expect(validRunTree(tree.save(true))).toMatchObject({ ok: true })
    tree.remove(1)
    expect(tree.save()).not.toHaveProperty('deeds')
    expect(JSON.stringify(tree.save())).not.toContain('deleted')
  })
  test('is refused where it names branches that do not exist', () => {
    const saved = forked().save(true)
    const action = { type: 'deleted', text: 'delete main', branch: 9 } as const
    expect(() => RunTree.load({ ...saved, deeds: { list: [action], done: 1 } })).toThrow(
      'deeds.list.0: expected branches of this run',
    )
    expect(() => RunTree.load({ ...saved, deeds: { list: [], done: 1 } })).toThrow('deeds.done')
  })
})

test('after any actions in any order, each branch equals the run of its recording', () => {
  const action = fc.oneof(
    fc.record({ type: fc.constant('play' as const), ms: fc.integer({ min: 0, max: 4000 }) }),
    fc.record({ type: fc.constant('seek' as const), share: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ type: fc.constant('step' as const), steps: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ type: fc.constant('put' as const), value: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ type: fc.constant('crash' as const) }),
    fc.record({ type: fc.constantFrom('undo' as const, 'redo' as const) }),
    fc.record({ type: fc.constant('switch' as const), id: fc.integer({ min: 1, max: 5 }) }),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
      const tree = new RunTree(STORY)
      for (const each of actions) {
        const { timeline } = tree
        if (each.type === 'play') timeline.advance(timeline.now + each.ms)
        else if (each.type === 'seek')
          timeline.seek({ at: Math.floor((timeline.end * each.share) / 100) })
        else if (each.type === 'step') for (let i = 0; i < each.steps; i++) timeline.step()
        else if (each.type === 'put') tree.submit(line(`etcdctl put k ${each.value}`))
        else if (each.type === 'crash')
          tree.submit({
            type: 'fault',
            fault: { type: timeline.now % 2 === 0 ? 'crash' : 'restart', member: 'm1' },
          })
        else if (each.type === 'switch') tree.switchTo(each.id)
        else tree[each.type]()
      }
      for (const { id } of tree.branches()) {
        const timeline = tree.timelineOf(id)!
        const again = new Timeline(timeline.recording())
        again.seek(timeline.position)
        expect(JSON.stringify(again.sim.save())).toBe(JSON.stringify(timeline.sim.save()))
        expect(again.trace.slice(0, again.lastEvent)).toEqual(
          timeline.trace.slice(0, timeline.lastEvent),
        )
      }
      const again = RunTree.load(JSON.parse(JSON.stringify(tree.save())))
      expect(
        again
          .branches()
          .map(({ end, commands }) => ({ end, commands }))
          .at(-1),
      ).toBeDefined()
    }),
    { numRuns: 60, seed: 1 },
  )
})

test('a change that is reverted leads back to the branch that is that run', () => {
  const tree = new RunTree(STORY)
  tree.timeline.advance(8000)
  const withConfig = (config: Partial<Recording['config']>): Recording =>
    varied(tree.timeline.recording(), { config })
  tree.vary('tokens checked: yes', withConfig({ checkTokens: true }))
  expect(tree.branches().map(({ name, current }) => [name, current])).toEqual([
    ['main', false],
    ['tokens checked: yes', true],
  ])
  tree.timeline.seek({ at: 3000 })
  tree.vary('tokens checked: no', withConfig({ checkTokens: false }))
  expect(tree.branches().map(({ name, current }) => [name, current])).toEqual([
    ['main', true],
    ['tokens checked: yes', false],
  ])
  expect(tree.timeline.now).toBe(3000)
  // Going to the current branch changes nothing.
  const before = tree.changes
  tree.vary('tokens checked: no', withConfig({ checkTokens: false }))
  expect(tree.changes).toBe(before)
  expect(tree.undo()).toBe(true)
  expect(tree.timeline.recording().config.checkTokens).toBe(true)
  // With another command it is another run.
  tree.timeline.advance(8000)
  tree.submit(line('etcdctl put a 1'))
  tree.vary('tokens checked: no', withConfig({ checkTokens: false }))
  expect(tree.branches()).toHaveLength(4)
})

describe('a change of the whole run', () => {
  const seeded = (tree: RunTree): Recording => ({ ...tree.timeline.recording(), seed: 2 })

  test('leaves the cursor at its time, and the new run is played as far as the old one', () => {
    const tree = new RunTree(STORY)
    tree.timeline.advance(20_000)
    tree.timeline.seek({ at: 3000 })
    tree.vary('seed 2', seeded(tree))
    expect([tree.timeline.now, tree.timeline.end]).toEqual([3000, 20_000])
  })
  test('may have twice the events of the run, where that exceeds the limit of events played at once', () => {
    const most = 40
    const tree = new RunTree(STORY, most)
    while (tree.timeline.trace.length < 3 * most) tree.timeline.step()
    const { now } = tree.timeline
    tree.vary('seed 2', seeded(tree))
    expect(tree.timeline.now).toBe(now)
    expect(tree.takeLimit()).toBeNull()
  })
})
