import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import type { Stop } from '../sim/stops'
import { plainLink } from './plain-link'
import { RunTree } from './run-tree'
import { openSharedRun, readSharedRun, sharedRun } from './shared-run'
import { editBetween, edited, reversed } from './story-edit'
import { validRunTree } from './validate'

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
      // The edit has no part that is the same on both sides.
      expect(edit.before[0]).not.toEqual(edit.after[0])
      if (edit.before.length * edit.after.length > 0)
        expect(edit.before.at(-1)).not.toEqual(edit.after.at(-1))
    }),
  )
})

describe('the stops of a run tree', () => {
  test('are those of all branches, and undo and redo go through the changes', () => {
    const tree = new RunTree(RUN)
    tree.replaceStops([stop(1)])
    tree.replaceStops([stop(1), stop(2)])
    tree.replaceStops([stop(2), stop(1)])
    expect(tree.undoable).toBe('move 2 stops')
    tree.seek(3000)
    tree.timeline.seek({ at: 1000 })
    tree.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    expect(seconds(tree.stops)).toEqual([2, 1])
    tree.replaceStops([])
    expect(tree.timeline.recording()).not.toHaveProperty('stops')
    expect(tree.timelineOf(1)!.recording()).not.toHaveProperty('stops')
    expect(tree.undoable).toBe('delete 2 stops')
    tree.undo()
    for (const { id } of tree.branches())
      expect(seconds(tree.timelineOf(id)!.stops!)).toEqual([2, 1])
    tree.undo()
    tree.undo()
    tree.undo()
    expect(seconds(tree.stops)).toEqual([1])
    expect(tree.redoable).toBe('add stop 2')
    tree.redo()
    expect(seconds(tree.stops)).toEqual([1, 2])
    expect(sharedRun(tree).stops).toEqual([stop(1), stop(2)])
  })
  test('that change as text are edited, and those in another order are moved', () => {
    const tree = new RunTree({ ...RUN, stops: [stop(1), stop(2), stop(3)] })
    tree.replaceStops([stop(4), stop(5), stop(3)])
    expect(tree.undoable).toBe('edit 2 stops')
    tree.replaceStops([stop(3), stop(5), stop(4)])
    expect(tree.undoable).toBe('move 3 stops')
    tree.replaceStops([stop(3), stop(4), stop(4)])
    expect(tree.undoable).toBe('edit stop 2')
  })
  test('that do not change are no action', () => {
    const tree = new RunTree({ ...RUN, stops: [stop(1)] })
    tree.replaceStops([stop(1)])
    expect(tree.undoable).toBeNull()
  })
  test('keep the answers to unchanged stops', () => {
    const tree = new RunTree({ ...RUN, stops: [when(1), when(2), when(3)] })
    for (const i of [0, 1, 2]) tree.answer(i, 1000 * i)
    tree.replaceStops([when(1), stop(9), when(8), when(3)])
    expect([...tree.answers]).toEqual([
      [0, 0],
      [3, 2000],
    ])
    tree.undo()
    expect([...tree.answers]).toEqual([
      [0, 0],
      [2, 2000],
    ])
  })
  test('survive a reload with the undo list, wherever undo is', () => {
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 8 }), fc.nat(8), (stories, undone) => {
        const tree = new RunTree(RUN)
        for (const story of stories) tree.replaceStops(story)
        for (let i = 0; i < undone; i++) tree.undo()
        const saved = JSON.parse(JSON.stringify(tree.save(true)))
        const valid = validRunTree(saved)
        if (!valid.ok) throw new Error(valid.reason)
        const again = RunTree.load(valid.value)
        expect(again.stops).toEqual(tree.stops)
        for (const each of [tree, again]) while (each.redo());
        expect(again.stops).toEqual(tree.stops)
        for (const each of [tree, again]) while (each.undo());
        expect(again.stops).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
  test('with actions that do not fit them are refused', () => {
    const tree = new RunTree(RUN)
    tree.replaceStops([stop(1)])
    const { deeds: actions, ...saved } = tree.save(true)
    const [action] = actions!.list
    expect(() => RunTree.load({ ...saved, stops: [stop(2)], deeds: actions! })).toThrow(
      'deeds.list.0: expected a change of this story',
    )
    expect(() => RunTree.load({ ...saved, deeds: { list: [action!], done: 0 } })).not.toThrow()
    expect(() => RunTree.load({ ...saved, deeds: { list: [action!, action!], done: 2 } })).toThrow(
      'deeds.list.0',
    )
  })
})

test('a link and a file carry the stops, with those that were written after the run was opened', () => {
  const tree = new RunTree(RUN)
  tree.replaceStops([stop(1), when(2)])
  tree.seek(2000)
  const text = JSON.stringify(sharedRun(tree))
  const read = readSharedRun(text, 'json')
  if (!read.ok) throw new Error(read.reason)
  expect(openSharedRun(read.value).stops).toEqual([stop(1), when(2)])
  // The plain form has no room for them.
  expect(plainLink(sharedRun(tree))).toBeNull()
})
