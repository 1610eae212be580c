// A run from outside may ask for more than anybody waits for: it opens where it has so many events, whichever step brings them.

import { expect, test } from 'vitest'
import { DEFAULT_CONFIG } from '../sim/command'
import type { RecordedCommand, Recording } from '../sim/recording'
import { Session } from './session'
import { openSharedRun, readSharedRun } from './shared-run'
import { Timeline } from './timeline'

const idle = (until: number, at = 0): RecordedCommand => ({ type: 'idle', until, machinery: 'members', at })
const recording = (commands: RecordedCommand[]): Recording => ({
  leasescope: 1,
  seed: 1,
  config: { ...DEFAULT_CONFIG, members: 7, latencyMs: 1 },
  commands,
})
test('a run played beyond the limit opens there, is the same run so far, and plays on', () => {
  const whole = new Timeline(recording([]))
  whole.advance(20_000)
  const session = Session.at(recording([]), 20_000, 2000)
  const { timeline, cutShort } = session
  expect(timeline.lastEvent).toBeGreaterThan(1900)
  expect(timeline.trace).toEqual(whole.trace.slice(0, timeline.lastEvent))
  expect(cutShort).toEqual({ at: timeline.now, cursor: 20_000 })
  expect(timeline.now).toBeGreaterThan(1000)
  timeline.advance(20_000)
  expect(JSON.stringify(timeline.sim.save())).toBe(JSON.stringify(whole.sim.save()))
})

test('a kept session opens there too, and a run at its cursor is not cut short', () => {
  const session = Session.at(recording([]), 20_000)
  expect(session.cutShort).toBeNull()
  const saved = session.save(true)
  expect(Session.load(saved).cutShort).toBeNull()
  const again = Session.load(saved, 2000)
  expect(again.cutShort).toEqual({ at: again.timeline.now, cursor: 20_000 })
  expect(again.timeline.trace.length).toBeLessThanOrEqual(2000)
})

test('a link whose commands let machinery run for months stops before the one that is too much', () => {
  const fields = Array.from({ length: 10 }, (_, i) => `json@0={"type":"idle","until":${5000 * (i + 1)},"machinery":"members"}`)
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
  // The rest lies ahead.
  expect(timeline.step()).toBe(true)
  expect(timeline.commandsTaken).toBe(2)
})

test('a single command that is too much is not begun', () => {
  const { timeline, cutShort } = Session.at(recording([idle(40_000, 500)]), 1000, 2000)
  expect(timeline.commandsTaken).toBe(0)
  expect(timeline.trace.length).toBeLessThan(2000)
  expect(timeline.trace.at(-1)!.at).toBeLessThanOrEqual(500)
  expect(cutShort?.cursor).toBe(1000)
})

test('so many events may come, and the next one may not', () => {
  const timeline = new Timeline(recording([]))
  timeline.advance(3000)
  const events = timeline.trace.length
  const exact = new Timeline(recording([]))
  expect(exact.reach(3000, events)).toBe(true)
  const short = new Timeline(recording([]))
  expect(short.reach(3000, events - 1)).toBe(false)
  expect(short.trace.length).toBeLessThan(events)
})
