import { expect, test } from 'vitest'
import type { LogLine } from '../../engine/worker/protocol'
import { announcement } from './announce'

const line = (id: number, at: number, text: string): LogLine => ({
  id,
  at,
  level: 'lease',
  type: 'lease-renewed',
  text,
  causes: [],
  lease: null,
})
const lines = [line(1, 30, 'granted'), line(2, 90, 'renewed'), line(3, 3_000, 'renewed again')]
const heard = (past: number, now: number, playing: boolean) => ({
  run: 1,
  now,
  playing,
  log: { total: 3, from: 0, past, lines },
  on: null,
})
const said = { run: 1, now: 0, past: 0, at: 0, playing: true }

test('while playing: one summary a second, or silence without events', () => {
  expect(announcement(said, heard(2, 100, true), 999)).toBeNull()
  expect(announcement(said, heard(2, 100, true), 1000)).toBe('0.090 seconds, 2 events: renewed')
  expect(announcement({ ...said, past: 2 }, heard(2, 2_000, true), 5000)).toBeNull()
})

test('while stepping: every event, at once', () => {
  const on = lines[1] ?? null
  expect(announcement({ ...said, playing: false }, { ...heard(2, 90, false), on }, 1)).toBe(
    '0.090 seconds: renewed',
  )
  expect(announcement({ ...said, playing: false }, heard(2, 100, false), 1)).toBe('0.100 seconds.')
  expect(
    announcement({ ...said, playing: false, now: 100, past: 2 }, heard(2, 100, false), 1),
  ).toBeNull()
})

test('when the run stops, the pending events are announced', () => {
  expect(announcement({ ...said, past: 2, at: 900 }, heard(3, 3_000, false), 1000)).toBe(
    'Paused. 3.000 seconds, 1 event: renewed again',
  )
  expect(announcement({ ...said, past: 3 }, heard(3, 3_100, false), 1000)).toBe(
    'Paused at 3.100 seconds.',
  )
})

test('another run is not compared with the one before', () => {
  expect(announcement({ ...said, run: 0 }, heard(2, 100, true), 5000)).toBeNull()
})
