import { expect, test } from 'vitest'
import type { WhyView } from '../../../engine/worker/protocol'
import { chainOf, linkAt, numbersOf } from './chain'
import { layoutOf } from './layout'
import { inView } from './placed'
import { scaleOf, TRUE_AXIS } from './scale'
import { lease, tapeOf } from './test-tape'

const line = (id: number, at: number) =>
  ({
    id,
    at,
    level: 'lease',
    type: 'lease-renewed',
    text: `event ${id}`,
    causes: [],
    lease: null,
  }) as const
const reason = (id: number, at: number, row: string | null) => ({
  depth: 0,
  missing: null,
  line: { ...line(id, at), causes: [] },
  place: row === null ? null : { lane: 'leases', row },
})
const why = {
  event: 9,
  reasons: [
    reason(9, 5000, '1'),
    reason(8, 5000, '1'),
    { depth: 1, missing: 'no renewal', line: null, place: null },
    reason(3, 1000, null),
  ],
} as unknown as WhyView

const layout = layoutOf(
  { here: tapeOf({ leases: [lease('1')] }), there: null, programs: new Set() },
  { width: 1000, height: 300 },
)
const lines = inView(layout, 0, 300, null)
const scale = scaleOf(TRUE_AXIS, { from: 0, to: 10_000 }, 100, 1100)

test('reasons with an event count up from 1', () => {
  expect(numbersOf(why)).toEqual([1, 2, null, 3])
})

test('each stands in its row at its time; two of one moment stand side by side', () => {
  const links = chainOf(why, lines, scale)
  expect(links.map(({ number, x }) => [number, x])).toEqual([
    [1, 600],
    [2, 620],
    [3, 200],
  ])
  expect(links[0]?.y).toBe(links[1]?.y)
  expect(links[2]?.y).toBe(15)
  expect(linkAt(links, 622, links[1]?.y ?? 0)?.event).toBe(8)
  expect(linkAt(links, 700, 15)).toBeUndefined()
})

test('without an answer there are none, and none out of the window', () => {
  expect(chainOf(null, lines, scale)).toEqual([])
  expect(
    chainOf(why, lines, scaleOf(TRUE_AXIS, { from: 3000, to: 10_000 }, 100, 1100)),
  ).toHaveLength(2)
})
