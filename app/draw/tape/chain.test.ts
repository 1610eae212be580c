import { expect, test } from 'vitest'
import type { LogLine, Reason, TapeLane, TapeRow, WhyView } from '../../../engine/worker/protocol'
import { chainOf, linkAt, numbersOf } from './chain'
import { layoutOf, ROW_HEIGHT, RULER_HEIGHT } from './layout'
import { scaleOf } from './scale'
import { foundAt } from './words'

const axis = { times: Float64Array.of(0), places: Float64Array.of(0), tailPerMs: 1, tailMost: Number.POSITIVE_INFINITY }
const scale = scaleOf(axis, { from: 0, to: 10_000 }, 1000)
const row = (id: string): TapeRow => ({ id, label: id, spans: [], marks: [], teeth: null, counts: null })
const lanes: TapeLane[] = [
  { lane: 'leases', total: 2, from: 0, rows: [row('7a'), row('7c')], summary: null },
  { lane: 'faults', total: 9, from: 0, rows: [], summary: row('faults') },
]
const layout = layoutOf({ lanes })
const line = (id: number, at: number): LogLine => ({ id, at, level: 'lease', type: 'x', text: `event ${id}`, causes: [], lease: null })
const reason = (id: number, at: number, place: Reason['place']): Reason => ({ depth: 0, missing: null, line: line(id, at), place })

const why: WhyView = {
  event: 9,
  reasons: [
    reason(9, 8000, { lane: 'leases', row: '7c' }),
    { depth: 1, missing: 'no renewal came', line: null, place: null },
    reason(4, 4000, { lane: 'faults', row: 'network' }),
    reason(3, 4000, { lane: 'faults', row: 'm1' }),
    reason(1, 0, null),
  ],
}

test('what has an event is numbered as its sentence is', () => {
  expect(numbersOf(why)).toEqual([1, null, 2, 3, 4])
})

test('each stands in its row, in the summary where that has none, and else in the ruler; those of one moment side by side', () => {
  const leases = RULER_HEIGHT + ROW_HEIGHT + 12
  const faults = RULER_HEIGHT + 2 * ROW_HEIGHT + 12
  expect(chainOf(why, layout, scale).map(({ number, x, y }) => [number, x, y])).toEqual([
    [1, 800, leases],
    [2, 400, faults],
    [3, 418, faults],
    [4, 0, RULER_HEIGHT / 2],
  ])
  expect(chainOf(null, layout, scale)).toEqual([])
})

test('a number says what it stands for, before whatever lies below it', () => {
  const links = chainOf(why, layout, scale)
  const [first] = links
  expect(linkAt(links, 300, 5)).toBeUndefined()
  expect(foundAt(layout, scale, { from: 0, to: 10_000 }, [], first!.x + 3, first!.y - 3, links)).toEqual({
    text: '8 s: 1 of the answer why, event 9',
    event: 9,
    at: 8000,
  })
})
