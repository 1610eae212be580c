import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import { Session } from './session'
import { Timeline } from './timeline'
import { validSession } from './validate'
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
const state = (session: Session): string => JSON.stringify(session.timeline.sim.save())
const traceOf = (recording: Recording, until: number): string => {
  const timeline = new Timeline(recording)
  timeline.advance(until)
  return JSON.stringify(timeline.trace)
}

/** Main: a put at 5 s, played until 20 s. Branch 2: another at 3 s, played until 9 s. */
function forked(): Session {
  const session = new Session(STORY)
  session.timeline.advance(5000)
  session.submit(line('etcdctl put a main'))
  session.timeline.advance(20_000)
  session.timeline.seek({ at: 3000 })
  expect(session.submit(line('etcdctl put a other'))).toBe(true)
  session.timeline.advance(9000)
  return session
}

test('a session that is opened again gives the next branch a number of its own', () => {
  const session = Session.load(forked().save())
  const before = session.branches().map(({ id }) => id)
  session.timeline.seek({ at: 1000 })
  session.submit(line('etcdctl put a third'))
  const after = session.branches().map(({ id }) => id)
  expect(after.length).toBe(before.length + 1)
  expect(new Set(after).size).toBe(after.length)
})

describe('acting in the past', () => {
  test('keeps the old future under its name, and shares what came before', () => {
    const session = forked()
    expect(
      session
        .branches()
        .map(({ name, parent, forkAt, end, current }) => ({ name, parent, forkAt, end, current })),
    ).toEqual([
      { name: 'main', parent: null, forkAt: 0, end: 20_000, current: false },
      { name: 'branch 2', parent: 1, forkAt: 3000, end: 9000, current: true },
    ])
    const [main, other] = [session.timelineOf(1)!, session.timelineOf(2)!]
    const apart = main.trace.findIndex((event, i) => event !== other.trace[i])
    expect(main.trace[apart - 1]!.at).toBeLessThanOrEqual(3000)
    expect(main.trace[apart]!.at).toBeGreaterThanOrEqual(3000)
    expect(apart).toBeGreaterThan(10)
  })
  test('each branch is what its recording gives', () => {
    const session = forked()
    for (const id of [1, 2]) {
      const timeline = session.timelineOf(id)!
      expect(JSON.stringify(timeline.trace)).toBe(traceOf(timeline.recording(), timeline.end))
    }
  })
  test('at the end of a run it forks nothing', () => {
    const session = new Session(STORY)
    session.timeline.advance(5000)
    expect(session.submit(line('etcdctl get a'))).toBe(false)
    expect(session.branches()).toHaveLength(1)
  })
})

describe('branches', () => {
  test('one goes from one to the other and finds each as it was', () => {
    const session = forked()
    const there = state(session)
    session.switchTo(1)
    expect(session.timeline.now).toBe(9000)
    expect(JSON.stringify(session.timeline.sim.members[0]!.store.get('a'))).toContain('main')
    session.switchTo(2)
    expect(state(session)).toBe(there)
    expect(session.switchTo(7)).toBe(false)
  })
  test('have names of their own', () => {
    const session = forked()
    expect(session.rename(2, '  what if ')).toBe(true)
    expect(session.rename(1, 'what if')).toBe(true)
    expect(session.branches().map(({ name }) => name)).toEqual(['what if (2)', 'what if'])
    expect(session.rename(1, '  ')).toBe(false)
    session.undo()
    expect(session.branches()[0]!.name).toBe('main')
  })
  test('are taken away and come back; the one that one stands on stays', () => {
    const session = forked()
    expect(session.remove(2)).toBe(false)
    expect(session.remove(1)).toBe(true)
    expect(session.branches().map(({ id, parent }) => ({ id, parent }))).toEqual([
      { id: 2, parent: null },
    ])
    expect(session.save().branches).toMatchObject([{ id: 2, parent: null, shared: 0 }])
    session.undo()
    expect(session.branches()).toHaveLength(2)
    session.redo()
    expect(session.branches()).toHaveLength(1)
  })
})

describe('undo and redo', () => {
  test('go back to before a gesture, with an open future, and to after it again', () => {
    const session = new Session(STORY)
    session.timeline.advance(5000)
    const before = state(session)
    session.submit(line('etcdctl put a 1'))
    session.timeline.advance(7000)
    session.undo()
    expect(state(session)).toBe(before)
    expect(session.undoable).toBeNull()
    // Played on, it is the run without the gesture.
    session.timeline.advance(8000)
    expect(session.timeline.sim.members[0]!.store.get('a')).toBeUndefined()
    session.redo()
    expect(session.timeline.now).toBe(5000)
    session.timeline.advance(7000)
    expect(session.timeline.sim.members[0]!.store.get('a')?.value).toBe('1')
  })
  test('what was undone and never played leaves nothing behind', () => {
    const session = new Session(STORY)
    session.timeline.advance(5000)
    session.submit(line('etcdctl put a 1'))
    session.timeline.advance(7000)
    session.undo()
    session.redo()
    expect(session.branches().map(({ name }) => name)).toEqual(['main'])
  })
  test('what was played where an undo led stays when one goes elsewhere', () => {
    const session = new Session(STORY)
    session.timeline.advance(5000)
    session.submit(line('etcdctl put a 1'))
    session.timeline.advance(7000)
    session.undo()
    session.timeline.advance(9000)
    const played = session.branches().length
    expect(played).toBeGreaterThan(1)
    session.redo()
    expect(session.branches()).toHaveLength(played)
  })
  test('the latest five hundred actions can be undone', () => {
    const session = new Session(STORY)
    for (let i = 0; i < 502; i++) session.submit(line('echo'))
    let undone = 0
    for (; session.undoable !== null; undone++) session.undo()
    expect(undone).toBe(500)
  })
  test('a fork is undone to where it forked, and another action ends redo', () => {
    const session = forked()
    session.undo()
    expect(session.timeline.now).toBe(3000)
    expect(session.redoable).toContain('put a other')
    session.submit(line('etcdctl put a third'))
    expect(session.redoable).toBeNull()
    session.timeline.advance(4000)
    expect(session.timeline.sim.members[0]!.store.get('a')?.value).toBe('third')
    expect(session.timelineOf(1)!.end).toBe(20_000)
  })
})

describe('saved and loaded', () => {
  test('it is the same tree, the same cursor and the same state', () => {
    const session = forked()
    const saved = JSON.parse(JSON.stringify(session.save()))
    expect(saved.branches[1].commands).toHaveLength(1)
    const again = Session.load(saved)
    expect(again.save()).toEqual(session.save())
    expect(state(again)).toBe(state(session))
    again.switchTo(1)
    session.switchTo(1)
    expect(state(again)).toBe(state(session))
  })
  test.each([
    ['current', (saved: ReturnType<Session['save']>) => ({ ...saved, current: 9 })],
    [
      'branches.1.shared',
      (saved: ReturnType<Session['save']>) => ({
        ...saved,
        branches: saved.branches.map((b) => ({ ...b, shared: b.id === 2 ? 9 : 0 })),
      }),
    ],
    [
      'branches.1.parent',
      (saved: ReturnType<Session['save']>) => ({
        ...saved,
        branches: saved.branches.map((b) => ({ ...b, parent: b.id === 2 ? 5 : null })),
      }),
    ],
    [
      'branches.1.id',
      (saved: ReturnType<Session['save']>) => ({
        ...saved,
        branches: saved.branches.map((b) => ({ ...b, id: 1 })),
      }),
    ],
    [
      'branches: expected at least one',
      (saved: ReturnType<Session['save']>) => ({ ...saved, branches: [] }),
    ],
  ])('what does not fit together is refused with its place: %s', (place, damage) => {
    expect(() => Session.load(damage(forked().save()))).toThrow(place)
  })
})

describe('what can be undone', () => {
  const kept = (session: Session): Session =>
    Session.load(JSON.parse(JSON.stringify(session.save(true))))

  test('survives being saved and loaded, and what can be done again too', () => {
    const session = new Session(STORY)
    session.timeline.advance(5000)
    session.submit(line('etcdctl put a 1'))
    session.timeline.advance(6000)
    session.submit(line('etcdctl put a 2'))
    session.timeline.advance(7000)
    session.undo()
    const again = kept(session)
    expect([again.undoable, again.redoable]).toEqual([session.undoable, session.redoable])
    expect(again.redoable).toContain('put a 2')
    for (const each of [session, again]) each.undo()
    expect(state(again)).toBe(state(session))
    for (const each of [session, again]) for (let i = 0; i < 2; i++) each.redo()
    expect(state(again)).toBe(state(session))
    expect(again.redoable).toBeNull()
  })
  test('brings a deleted branch back after a reload, which is listed no sooner', () => {
    const session = forked()
    session.rename(1, 'first')
    session.remove(1)
    const again = kept(session)
    expect(again.branches().map(({ id }) => id)).toEqual([2])
    again.undo()
    again.undo()
    expect(again.branches().map(({ id, name, end }) => ({ id, name, end }))).toEqual([
      { id: 1, name: 'main', end: 20_000 },
      { id: 2, name: 'branch 2', end: 9000 },
    ])
    again.switchTo(1)
    session.undo()
    session.undo()
    session.switchTo(1)
    expect(state(again)).toBe(state(session))
  })
  test('is bounded, and does not leave this browser', () => {
    const session = new Session(STORY)
    for (let i = 0; i < 130; i++) session.submit(line(`echo ${'x'.repeat(300)}${i}`))
    const { deeds: actions } = session.save(true)
    expect(actions?.list).toHaveLength(100)
    expect(actions?.done).toBe(100)
    expect(actions?.list.every(({ text }) => text.length <= 200)).toBe(true)
    for (let i = 0; i < 100; i++) session.undo()
    expect(session.save(true).deeds).toMatchObject({ done: 0 })
    expect(validSession(session.save(true))).toMatchObject({ ok: true })
    session.remove(1)
    expect(session.save()).not.toHaveProperty('deeds')
    expect(JSON.stringify(session.save())).not.toContain('deleted')
  })
  test('is refused where it speaks of branches that are not there', () => {
    const saved = forked().save(true)
    const action = { type: 'deleted', text: 'delete main', branch: 9 } as const
    expect(() => Session.load({ ...saved, deeds: { list: [action], done: 1 } })).toThrow(
      'deeds.list.0: expected branches of this run',
    )
    expect(() => Session.load({ ...saved, deeds: { list: [], done: 1 } })).toThrow('deeds.done')
  })
})

test('whatever is done in whatever order, each branch gives what its recording gives', () => {
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
      const session = new Session(STORY)
      for (const each of actions) {
        const { timeline } = session
        if (each.type === 'play') timeline.advance(timeline.now + each.ms)
        else if (each.type === 'seek')
          timeline.seek({ at: Math.floor((timeline.end * each.share) / 100) })
        else if (each.type === 'step') for (let i = 0; i < each.steps; i++) timeline.step()
        else if (each.type === 'put') session.submit(line(`etcdctl put k ${each.value}`))
        else if (each.type === 'crash')
          session.submit({
            type: 'fault',
            fault: { type: timeline.now % 2 === 0 ? 'crash' : 'restart', member: 'm1' },
          })
        else if (each.type === 'switch') session.switchTo(each.id)
        else session[each.type]()
      }
      for (const { id } of session.branches()) {
        const timeline = session.timelineOf(id)!
        const again = new Timeline(timeline.recording())
        again.seek(timeline.position)
        expect(JSON.stringify(again.sim.save())).toBe(JSON.stringify(timeline.sim.save()))
        expect(again.trace.slice(0, again.lastEvent)).toEqual(
          timeline.trace.slice(0, timeline.lastEvent),
        )
      }
      const again = Session.load(JSON.parse(JSON.stringify(session.save())))
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

test('a change that is taken back leads back to the branch that is that run', () => {
  const session = new Session(STORY)
  session.timeline.advance(8000)
  const withConfig = (config: Partial<Recording['config']>): Recording =>
    varied(session.timeline.recording(), { config })
  session.vary('tokens checked: yes', withConfig({ checkTokens: true }))
  expect(session.branches().map(({ name, current }) => [name, current])).toEqual([
    ['main', false],
    ['tokens checked: yes', true],
  ])
  session.timeline.seek({ at: 3000 })
  session.vary('tokens checked: no', withConfig({ checkTokens: false }))
  expect(session.branches().map(({ name, current }) => [name, current])).toEqual([
    ['main', true],
    ['tokens checked: yes', false],
  ])
  expect(session.timeline.now).toBe(3000)
  // To what one stands on already there is nowhere to go.
  const before = session.changes
  session.vary('tokens checked: no', withConfig({ checkTokens: false }))
  expect(session.changes).toBe(before)
  expect(session.undo()).toBe(true)
  expect(session.timeline.recording().config.checkTokens).toBe(true)
  // Another command makes it another run.
  session.timeline.advance(8000)
  session.submit(line('etcdctl put a 1'))
  session.vary('tokens checked: no', withConfig({ checkTokens: false }))
  expect(session.branches()).toHaveLength(4)
})

describe('a change of the whole run', () => {
  const seeded = (session: Session): Recording => ({ ...session.timeline.recording(), seed: 2 })

  test('leaves the cursor at its time, and the new run is played as far as the old one', () => {
    const session = new Session(STORY)
    session.timeline.advance(20_000)
    session.timeline.seek({ at: 3000 })
    session.vary('seed 2', seeded(session))
    expect([session.timeline.now, session.timeline.end]).toEqual([3000, 20_000])
  })
  test('may have twice the events of the run, where that is more than is played at once', () => {
    const most = 40
    const session = new Session(STORY, most)
    while (session.timeline.trace.length < 3 * most) session.timeline.step()
    const { now } = session.timeline
    session.vary('seed 2', seeded(session))
    expect(session.timeline.now).toBe(now)
    expect(session.takeLimit()).toBeNull()
  })
})
