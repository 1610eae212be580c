import { expect, test } from 'vitest'
import type { TapeLane, TapeRow } from '../../../engine/worker/protocol'
import { layoutOf, ROW_HEIGHT, RULER_HEIGHT } from './layout'
import { scaleOf } from './scale'
import { foundAt, spoken } from './words'

const scale = scaleOf(
  { times: Float64Array.of(0), places: Float64Array.of(0), tailPerMs: 1, tailMost: Number.POSITIVE_INFINITY },
  { from: 0, to: 10_000 },
  1000,
)
const row: TapeRow = {
  id: '7c',
  label: '…007c',
  spans: [{ kind: 'live', at: Float64Array.of(0, 6000, 2), texts: [] }],
  marks: [
    { kind: 'renewed', at: Float64Array.of(3000, 5, 1, 4000, 7, 12) },
    { kind: 'expired', at: Float64Array.of(6000, 9, 1) },
    { kind: 'granted', at: Float64Array.of(5998, 8, 1) },
  ],
  teeth: null,
  counts: null,
}
const lanes: TapeLane[] = [{ lane: 'leases', total: 1, from: 0, rows: [row], summary: null }]
const at = (x: number, y = RULER_HEIGHT + ROW_HEIGHT / 2) =>
  foundAt(layoutOf({ lanes }), scale, { from: 0, to: 10_000 }, [{ at: 8000, names: ['b2'] }], x, y)

test('a mark near the pointer is named, with its own time and event', () => {
  expect(at(303)).toEqual({ text: '3 s: lease …007c renewed', event: 5, at: 3000 })
  expect(at(400)).toEqual({ text: '4 s: lease …007c 12 times renewed, the first time', event: 7, at: 4000 })
})

test('of two that stand together the end is named, which is drawn above', () => {
  expect(at(600)).toMatchObject({ text: '6 s: lease …007c expired: its revoke is applied', event: 9 })
})

test('between marks it is what the bar means there, and a click means the time', () => {
  expect(at(200)).toEqual({ text: '2 s: lease …007c: has time left, from 0 s to 6 s', event: null, at: 2000 })
  expect(at(900)).toEqual({ text: '9 s: nothing of …007c', event: null, at: 9000 })
  expect(at(123.4, 5)).toEqual({ text: '1.234 s', event: null, at: 1234 })
})

test('in the ruler, a branch is named where it parts', () => {
  expect(at(803, 5)).toEqual({ text: '8 s: branch b2 parts from this one', event: null, at: 8000 })
})

test('a count is named as what it is', () => {
  const counted: TapeRow = { ...row, spans: [], marks: [], counts: Uint32Array.of(0, 1, 37, 2) }
  const many: TapeLane[] = [{ lane: 'leases', total: 40, from: 0, rows: [], summary: counted }]
  const said = (x: number) => foundAt(layoutOf({ lanes: many }), scale, { from: 0, to: 10_000 }, [], x, RULER_HEIGHT + 5).text
  expect([said(100), said(300), said(600)]).toEqual(['1 s: no leases at most', '3 s: 1 lease at most', '6 s: 37 leases at most'])
})

test('the slider says when, which event, and what it was', () => {
  const last = {
    id: 1,
    at: 12_000,
    level: 'lease',
    type: 'lease-revoked',
    text: 'm1 lease 7c is revoked',
    causes: [],
    lease: null,
  } as const
  const progress = { past: 31, total: 88, last: { ...last, causes: [] } }
  expect(spoken({ progress, on: { ...last, causes: [] } }, 12_400)).toBe('12.4 s, event 31 of 88, m1 lease 7c is revoked')
  expect(spoken({ progress, on: null }, 12_400)).toBe('12.4 s, event 31 of 88, after: m1 lease 7c is revoked')
  expect(spoken({ progress: { past: 0, total: 0, last: null }, on: null }, 0)).toBe('0 s, event 0 of 0')
})
