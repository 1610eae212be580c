import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import type { Stop } from '../sim/stops'
import { plainLink } from './plain-link'
import { Session } from './session'
import { openSharedRun, readSharedRun, sharedRun } from './shared-run'
import { editBetween, edited, reversed } from './story-edit'
import { validSession } from './validate'

const RUN: Recording = { leasescope: 1, seed: 1, config: { ...DEFAULT_CONFIG }, commands: [] }
const stop = (second: number): Stop => ({ when: { type: 'at', at: second * 1000 } })
const when = (second: number): Stop => ({
  ...stop(second),
  ask: { kind: 'when', text: 'When?', mark: { type: 'fault' } },
})
const seconds = (stops: readonly Stop[]): number[] =>
  stops.map((each) => (each.when.type === 'at' ? each.when.at / 1000 : -1))
const list = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }).map((all) => all.map(stop))

test('the change between two stories leads from one to the other and back', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const edit = editBetween(before, after)
      expect(edit === null).toBe(JSON.stringify(before) === JSON.stringify(after))
      if (edit === null) return
      expect(edited(before, edit)).toEqual(after)
      expect(edited(after, reversed(edit))).toEqual(before)
      // Nothing that is the same on both sides is part of it.
      expect(edit.before[0]).not.toEqual(edit.after[0])
      if (edit.before.length * edit.after.length > 0)
        expect(edit.before.at(-1)).not.toEqual(edit.after.at(-1))
    }),
  )
})

describe('the stops of a session', () => {
  test('are those of all branches, and undo and redo go through the changes', () => {
    const session = new Session(RUN)
    session.replaceStops([stop(1)])
    session.replaceStops([stop(1), stop(2)])
    session.replaceStops([stop(2), stop(1)])
    expect(session.undoable).toBe('move 2 stops')
    session.seek(3000)
    session.timeline.seek({ at: 1000 })
    session.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    expect(seconds(session.stops)).toEqual([2, 1])
    session.replaceStops([])
    expect(session.timeline.recording()).not.toHaveProperty('stops')
    expect(session.timelineOf(1)!.recording()).not.toHaveProperty('stops')
    expect(session.undoable).toBe('delete 2 stops')
    session.undo()
    for (const { id } of session.branches())
      expect(seconds(session.timelineOf(id)!.stops!)).toEqual([2, 1])
    session.undo()
    session.undo()
    session.undo()
    expect(seconds(session.stops)).toEqual([1])
    expect(session.redoable).toBe('add stop 2')
    session.redo()
    expect(seconds(session.stops)).toEqual([1, 2])
    expect(sharedRun(session).stops).toEqual([stop(1), stop(2)])
  })
  test('that change as text are edited, and those in another order are moved', () => {
    const session = new Session({ ...RUN, stops: [stop(1), stop(2), stop(3)] })
    session.replaceStops([stop(4), stop(5), stop(3)])
    expect(session.undoable).toBe('edit 2 stops')
    session.replaceStops([stop(3), stop(5), stop(4)])
    expect(session.undoable).toBe('move 3 stops')
    session.replaceStops([stop(3), stop(4), stop(4)])
    expect(session.undoable).toBe('edit stop 2')
  })
  test('that are the same again are no action', () => {
    const session = new Session({ ...RUN, stops: [stop(1)] })
    session.replaceStops([stop(1)])
    expect(session.undoable).toBeNull()
  })
  test('keep the answers to those that stay', () => {
    const session = new Session({ ...RUN, stops: [when(1), when(2), when(3)] })
    for (const i of [0, 1, 2]) session.answer(i, 1000 * i)
    session.replaceStops([when(1), stop(9), when(8), when(3)])
    expect([...session.answers]).toEqual([
      [0, 0],
      [3, 2000],
    ])
    session.undo()
    expect([...session.answers]).toEqual([
      [0, 0],
      [2, 2000],
    ])
  })
  test('survive a reload with what can be undone, wherever undo stands', () => {
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 8 }), fc.nat(8), (stories, undone) => {
        const session = new Session(RUN)
        for (const story of stories) session.replaceStops(story)
        for (let i = 0; i < undone; i++) session.undo()
        const saved = JSON.parse(JSON.stringify(session.save(true)))
        const valid = validSession(saved)
        if (!valid.ok) throw new Error(valid.reason)
        const again = Session.load(valid.value)
        expect(again.stops).toEqual(session.stops)
        for (const each of [session, again]) while (each.redo());
        expect(again.stops).toEqual(session.stops)
        for (const each of [session, again]) while (each.undo());
        expect(again.stops).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
  test('with actions that do not fit them are refused', () => {
    const session = new Session(RUN)
    session.replaceStops([stop(1)])
    const { deeds: actions, ...saved } = session.save(true)
    const [action] = actions!.list
    expect(() => Session.load({ ...saved, stops: [stop(2)], deeds: actions! })).toThrow(
      'deeds.list.0: expected a change of this story',
    )
    expect(() => Session.load({ ...saved, deeds: { list: [action!], done: 0 } })).not.toThrow()
    expect(() => Session.load({ ...saved, deeds: { list: [action!, action!], done: 2 } })).toThrow(
      'deeds.list.0',
    )
  })
})

test('a link and a file carry them, with those that were written after the run was opened', () => {
  const session = new Session(RUN)
  session.replaceStops([stop(1), when(2)])
  session.seek(2000)
  const text = JSON.stringify(sharedRun(session))
  const read = readSharedRun(text, 'json')
  if (!read.ok) throw new Error(read.reason)
  expect(openSharedRun(read.value).stops).toEqual([stop(1), when(2)])
  // The plain form has no room for them.
  expect(plainLink(sharedRun(session))).toBeNull()
})
