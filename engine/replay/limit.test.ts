// A run from outside may have more events than a user would wait for. It opens at the limit of
// events, whichever step brings them.

import { expect, test } from 'vitest'
import { DEFAULT_CONFIG } from '../sim/command'
import type { RecordedCommand, Recording } from '../sim/recording'
import { RunTree } from './run-tree'
import { openSharedRun, readSharedRun } from './shared-run'
import { Timeline } from './timeline'

const idle = (until: number, at = 0): RecordedCommand => ({
  type: 'idle',
  until,
  machinery: 'members',
  at,
})
const recording = (commands: RecordedCommand[]): Recording => ({
  leasescope: 1,
  seed: 1,
  config: { ...DEFAULT_CONFIG, members: 7, latencyMs: 1 },
  commands,
})
test('a run beyond the limit opens at the limit, is the same run so far, and plays on', () => {
  const whole = new Timeline(recording([]))
  whole.advance(20_000)
  const tree = RunTree.at(recording([]), 20_000, 2000)
  const { timeline, cutShort } = tree
  expect(timeline.lastEvent).toBeGreaterThan(1900)
  expect(timeline.trace).toEqual(whole.trace.slice(0, timeline.lastEvent))
  expect(cutShort).toEqual({ at: timeline.now, cursor: 20_000 })
  expect(timeline.now).toBeGreaterThan(1000)
  timeline.advance(20_000)
  expect(JSON.stringify(timeline.sim.save())).toBe(JSON.stringify(whole.sim.save()))
})

test('a kept run opens at the limit too, and a run at its cursor is not cut short', () => {
  const tree = RunTree.at(recording([]), 20_000)
  expect(tree.cutShort).toBeNull()
  const saved = tree.save(true)
  expect(RunTree.load(saved).cutShort).toBeNull()
  const again = RunTree.load(saved, 2000)
  expect(again.cutShort).toEqual({ at: again.timeline.now, cursor: 20_000 })
  expect(again.timeline.trace.length).toBeLessThanOrEqual(2000)
})

test('a link whose commands let internal timers run for months stops before the command that exceeds the limit', () => {
  const fields = Array.from(
    { length: 10 },
    (_, i) => `json@0={"type":"idle","until":${5000 * (i + 1)},"machinery":"members"}`,
  )
  const read = readSharedRun(`members=7&at=1&${fields.join('&')}`, 'plain')
  if (!read.ok) throw new Error(read.reason)
  const first = new Timeline({ ...read.value, commands: [] })
  first.submit({ type: 'idle', until: 5000, machinery: 'members' })
  const limit = Math.floor(1.5 * first.trace.length)
  const { timeline, cutShort } = openSharedRun(read.value, limit)
  expect(timeline.commandsTaken).toBe(1)
  expect(timeline.trace).toEqual(first.trace)
  expect(JSON.stringify(timeline.sim.save())).toBe(JSON.stringify(first.sim.save()))
  expect(cutShort).toMatchObject({ cursor: 1000 })
  // The remaining commands lie ahead.
  expect(timeline.step()).toBe(true)
  expect(timeline.commandsTaken).toBe(2)
})

test('a single command that exceeds the limit is not begun', () => {
  const { timeline, cutShort } = RunTree.at(recording([idle(40_000, 500)]), 1000, 2000)
  expect(timeline.commandsTaken).toBe(0)
  expect(timeline.trace.length).toBeLessThan(2000)
  expect(timeline.trace.at(-1)!.at).toBeLessThanOrEqual(500)
  expect(cutShort?.cursor).toBe(1000)
})

test('the limit allows exactly so many events, and not the next one', () => {
  const timeline = new Timeline(recording([]))
  timeline.advance(3000)
  const events = timeline.trace.length
  const exact = new Timeline(recording([]))
  expect(exact.reach(3000, events)).toBe(true)
  const short = new Timeline(recording([]))
  expect(short.reach(3000, events - 1)).toBe(false)
  expect(short.trace.length).toBeLessThan(events)
})

/** A run played to 3 s, and the events it has had by then. */
function played(): { tree: RunTree; events: number } {
  const tree = RunTree.at(recording([]), 3000)
  return { tree, events: tree.timeline.trace.length }
}

test('a time beyond the limit is reported, and so is the end of the run that is opened again', () => {
  const { tree, events } = played()
  expect(tree.takeLimit()).toBeNull()
  tree.timeline.advance(20_000)
  tree.seek(1000)
  const again = RunTree.load(tree.save(true), events)
  expect(again.cutShort).toBeNull()
  expect(again.timeline.now).toBe(1000)
  expect(again.takeLimit()).toEqual({
    what: 'future',
    branch: null,
    at: again.timeline.end,
    until: 20_000,
  })
  expect(again.takeLimit()).toBeNull()
  again.seek(60_000)
  expect(again.takeLimit()).toEqual({
    what: 'place',
    branch: null,
    at: again.timeline.now,
    until: 60_000,
  })
  expect(again.timeline.now).toBeLessThan(60_000)
  again.seek(again.timeline.now)
  expect(again.takeLimit()).toBeNull()
})

test('a branch beyond the limit ends early, and going there or comparing with it reports that', () => {
  const { tree, events } = played()
  tree.timeline.advance(20_000)
  tree.seek(1000)
  tree.submit(idle(1001))
  tree.seek(1500)
  const saved = tree.save(true)
  const again = RunTree.load(saved, events)
  again.switchTo(1)
  const { end, now } = again.timeline
  expect(now).toBe(1500)
  expect(end).toBeLessThan(20_000)
  expect(again.takeLimit()).toEqual({ what: 'future', branch: 'main', at: end, until: 20_000 })
  // A place of the other branch that its events do not reach any more.
  const beyond = RunTree.load(
    { ...saved, branches: saved.branches.map((each) => ({ ...each, end: 20_000 })) },
    events,
  )
  beyond.seek(20_000)
  beyond.takeLimit()
  beyond.seek(20_000)
  const from = beyond.timeline.now
  expect(from).toBeGreaterThan(end)
  beyond.takeLimit()
  beyond.switchTo(1)
  expect(beyond.takeLimit()).toEqual({
    what: 'place',
    branch: 'main',
    at: end,
    until: Math.min(from, 20_000),
  })
  expect(beyond.timeline.now).toBe(end)
  // The compared branch plays along as far as it can.
  const beside = RunTree.load(saved, events)
  beside.timelineOf(1)
  expect(beside.takeLimit()?.what).toBe('future')
  beside.follow(1, 60_000)
  expect(beside.takeLimit()).toMatchObject({ what: 'beside', branch: 'main', until: 60_000 })
})

test('the same run with a change that makes it exceed the limit stays at the same time, or reports that it ends before', () => {
  const { tree } = played()
  tree.seek(2000)
  const again = RunTree.load(tree.save(true), tree.timeline.trace.length)
  // Heartbeats ten times as often.
  const dense = { ...recording([]), config: { ...recording([]).config, heartbeatMs: 10 } }
  again.vary('dense', dense)
  const limit = again.takeLimit()
  expect(limit).toEqual({ what: 'place', branch: 'dense', at: again.timeline.now, until: 2000 })
  expect(again.timeline.now).toBeLessThan(2000)
  const early = RunTree.load({ ...tree.save(true), cursor: 10 }, tree.timeline.trace.length)
  early.vary('dense', dense)
  expect(early.timeline.now).toBe(10)
  expect(early.takeLimit()).toEqual({
    what: 'future',
    branch: 'dense',
    at: early.timeline.end,
    until: 3000,
  })
})

test('undo beyond the limit goes as far as the run reaches', () => {
  const { tree, events } = played()
  tree.timeline.advance(20_000)
  tree.submit(idle(20_001))
  tree.seek(1000)
  const again = RunTree.load(tree.save(true), events)
  expect(again.undo()).toBe(true)
  expect(again.takeLimit()).toMatchObject({ what: 'place', until: 20_000 })
  expect(again.timeline.trace.length).toBeLessThanOrEqual(2 * events)
})
