import { expect, test } from 'vitest'
import type { LogLine } from '../../engine/worker/protocol'
import { emptyRun } from '../store/run'
import { eventToExplain } from './explain'

const line = (id: number, level: LogLine['level']): LogLine => ({
  id,
  at: id,
  level,
  type: 'x',
  text: '',
  causes: [],
  lease: null,
})
const log = {
  total: 4,
  from: 0,
  past: 3,
  lines: [line(1, 'lease'), line(2, 'fault'), line(3, 'story'), line(4, 'lease')],
}
const progress = { past: 3, total: 4, last: line(3, 'story') }
const broken = { at: 2, event: 2, section: '/job' }

test('the event at the cursor comes first, then two inside one section', () => {
  const state = { ...emptyRun, log, progress, exclusion: { ...broken, until: null } }
  expect(eventToExplain({ ...state, on: line(3, 'story') })).toBe(3)
  expect(eventToExplain(state)).toBe(2)
})

test('else the last lease event or fault before the cursor, else the last event at all', () => {
  expect(
    eventToExplain({ ...emptyRun, log, progress, exclusion: { ...broken, event: 9, until: 5 } }),
  ).toBe(2)
  expect(eventToExplain({ ...emptyRun, log: { ...log, past: 0 }, progress })).toBe(3)
  expect(eventToExplain(emptyRun)).toBeNull()
})
