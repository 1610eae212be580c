import { expect, test } from 'vitest'
import type { TapeRow } from '../../../engine/worker/protocol'
import { layoutPresented } from './presented'
import { lease, row, tapeOf } from './test-tape'

/** Below the ruler of 1280 × 720, before it is enlarged; and of 1920 × 1080. */
const LOW = { width: 731, height: 91 }
const HIGH = { width: 1097, height: 186 }

const leases = (count: number): TapeRow[] =>
  Array.from({ length: count }, (_, i) => lease(`${i}`, { label: `L${i + 1}` }))
const lock = ['/job', '/job a', '/job b'].map((id) => row(id, { group: '/job', label: id }))

function shown(
  lanes: Parameters<typeof tapeOf>[0],
  room = LOW,
  change: Parameters<typeof tapeOf>[1] = {},
) {
  const layout = layoutPresented(
    { here: tapeOf(lanes, change), there: null, programs: new Set() },
    room,
  )
  expect(layout.height).toBeLessThanOrEqual(room.height)
  return layout.lines.map(({ kind }) => kind)
}

test('the rows that fit are shown, those of the leader and of the leases first', () => {
  const lanes = {
    leader: [row('leader')],
    leases: leases(1),
    keys: [row('/svc/a')],
    heartbeats: [row('svc')],
  }
  expect(shown(lanes)).toEqual(['leader', 'lease', 'key'])
  expect(shown(lanes, HIGH)).toEqual(['leader', 'lease', 'key', 'heartbeat'])
  expect(shown({ ...lanes, leases: leases(2) })).toEqual(['leader', 'lease', 'lease'])
})

test('a key whose name is longer than a header has no row', () => {
  expect(shown({ leases: leases(1), keys: [row('/services/a')] })).toEqual(['lease'])
})

test('a lock comes before the leases', () => {
  const lanes = { leader: [row('leader')], leases: leases(2), locks: lock }
  expect(shown(lanes)).toEqual(['store', 'inside', 'inside'])
  expect(shown(lanes, HIGH)).toEqual(['leader', 'lease', 'lease', 'store', 'inside', 'inside'])
})

test('of more leases than fit the first ones are shown, and of many the count as well', () => {
  expect(shown({ leader: [row('leader')], leases: leases(9) })).toEqual(['thin', 'thin', 'thin'])
  expect(shown({ leader: [row('leader')], leases: leases(200) }, HIGH, { many: true })).toEqual([
    'load',
    'thin',
    'thin',
    'thin',
    'thin',
  ])
})
