import { expect, test } from 'vitest'
import type { Placed } from './placed'
import { scaleOf, TRUE_AXIS } from './scale'
import { lease, marks, row, spans } from './test-tape'
import { forkAt, foundAt, spoken } from './words'

const scale = scaleOf(TRUE_AXIS, { from: 0, to: 20_000 }, 0, 2000)
const line = (change: Partial<Placed>): Placed => ({
  id: 'x',
  kind: 'lease',
  side: 'here',
  row: null,
  first: false,
  begins: false,
  top: 0,
  height: 100,
  pinned: false,
  y: 0,
  over: false,
  ...change,
})
const said = (of: Placed, x: number, now = 6000) => foundAt([of], [], scale, now, x, 60)

test('a mark is named with its event, a bar with its text', () => {
  const one = line({ row: lease('1', { label: 'L1' }) })
  expect(said(one, 352)).toEqual({ text: '3.500: L1 renewed', event: 1, at: 3500 })
  expect(said(one, 500)).toMatchObject({
    text: '5.000: L1 8.5 s left, svc believes 8.5 s',
    event: null,
  })
})

test('right of now are the deadlines, and no events that were played already', () => {
  const one = line({ row: lease('1', { label: 'L1' }) })
  expect(said(one, 800)?.text).toBe('L1 is due at 13.500 s')
  expect(said(one, 350, 3000)?.text).toBe('L1 is due at 10.020 s')
})

test('a holder, a leader and a fault are named by their texts', () => {
  const store = line({
    kind: 'store',
    row: row('/job', { spans: [spans('held', [100, 5200, 'a · token 2'])] }),
  })
  expect(said(store, 200)?.text).toBe('2.000: /job /job held by a · token 2')
  const leader = line({
    kind: 'leader',
    row: row('leader', { spans: [spans('cut-off', [0, 9000, 'm1 · term 2'])] }),
  })
  expect(said(leader, 200)?.text).toBe('2.000: m1 · term 2, leads and reaches no quorum')
  const faults = line({
    kind: 'faults',
    row: row('faults', { marks: [marks('fault', [3000, 'cut: m1 | m2 m3'])] }),
  })
  expect(said(faults, 301)).toMatchObject({ text: '3.000: cut: m1 | m2 m3', event: 1 })
})

test('where a branch parts is named on the axis', () => {
  const forks = [{ at: 3000, names: ['a wakes early'] }]
  expect(forkAt(forks, scale, 303)).toEqual({
    text: '3.000: branch a wakes early parts here',
    event: null,
    at: 3000,
  })
  expect(forkAt(forks, scale, 320)).toBeNull()
})

test('a point outside all rows has no words', () => {
  expect(foundAt([], [], scale, 6000, 100, 60)).toBeNull()
})

test('the slider says its position', () => {
  const last = {
    id: 3,
    at: 12_000,
    level: 'lease',
    type: 'lease-expired',
    text: 'L1 expired',
    causes: [],
    lease: null,
  } as const
  const progress = { past: 31, total: 88, last: { ...last, causes: [] } }
  expect(spoken({ progress, on: { ...last, causes: [] } }, 12_400)).toBe(
    '12.400 s, event 31 of 88, L1 expired',
  )
  expect(spoken({ progress, on: null }, 12_400)).toBe('12.400 s, event 31 of 88, after: L1 expired')
  expect(spoken({ progress: { past: 0, total: 0, last: null }, on: null }, 0)).toBe(
    '0.000 s, event 0 of 0',
  )
})
