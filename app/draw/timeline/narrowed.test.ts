import { expect, test } from 'vitest'
import { layoutOf } from './layout'
import { narrowed } from './narrowed'
import { lease, row, tapeOf } from './test-tape'

const tape = tapeOf({
  leader: [row('leader')],
  leases: [lease('1')],
  keys: [row('/svc/a')],
  locks: [row('/job', { group: '/job' })],
  heartbeats: [row('svc')],
})
const kinds = (shown: Parameters<typeof narrowed>[1]): string[] =>
  layoutOf(
    { here: narrowed(tape, shown), there: null, programs: new Set() },
    { width: 1376, height: 302 },
  ).lines.map(({ kind }) => kind)

test('a stop shows its groups of rows alone, in the order of the timeline', () => {
  expect(kinds(['locks', 'leases'])).toEqual(['lease', 'store', 'grant'])
  expect(kinds(['keys'])).toEqual(['key', 'grant'])
  expect(narrowed(tape, null)).toBe(tape)
})

test('beliefs are in the rows of leases where they are shown', () => {
  const beliefs = (shown: Parameters<typeof narrowed>[1]) =>
    narrowed({ ...tape, chosen: { row: lease('1'), index: 0 } }, shown).lanes.flatMap(({ rows }) =>
      rows.flatMap((each) => each.lease?.beliefs ?? []),
    )
  expect(beliefs(['leases', 'beliefs']).length).toBeGreaterThan(0)
  expect(beliefs(['leases'])).toEqual([])
})

test('the leader of a stop has its row, even if it always leads', () => {
  const leases = [lease('1'), lease('2')]
  const steady = row('leader', {
    spans: [{ kind: 'leads', at: Float64Array.of(0, Number.POSITIVE_INFINITY, 1), texts: ['m1'] }],
  })
  const shown = (rows: Parameters<typeof narrowed>[1]) =>
    layoutOf(
      {
        here: narrowed(tapeOf({ leader: [steady], leases }), rows),
        there: null,
        programs: new Set(),
        leader: rows !== null,
      },
      { width: 1376, height: 302 },
    ).lines.some(({ kind }) => kind === 'leader')
  expect(shown(null)).toBe(false)
  expect(shown(['leader', 'leases'])).toBe(true)
})
