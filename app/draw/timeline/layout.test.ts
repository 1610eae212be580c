import { describe, expect, test } from 'vitest'
import { layoutOf, type Shown } from './layout'
import { covered, inView, wanted } from './placed'
import { lease, marks, row, spans, tapeOf } from './test-tape'

const steady = row('leader', {
  spans: [spans('leads', [0, Number.POSITIVE_INFINITY, 'm1 · term 2'])],
})
const shown = (change: Parameters<typeof tapeOf>[0], more: Partial<Shown> = {}): Shown => ({
  here: tapeOf({ leader: [steady], ...change }),
  there: null,
  programs: new Set(),
  ...more,
})
const heights = (layout: ReturnType<typeof layoutOf>): [string, number][] =>
  layout.lines.map(({ kind, height }) => [kind, height])

describe('the rows', () => {
  test('of one lease with a key and a heartbeat fill the timeline of a large window', () => {
    const layout = layoutOf(
      shown({ leases: [lease('1')], keys: [row('/svc/a')], heartbeats: [row('svc')] }),
      { width: 1376, height: 302 },
    )
    expect(heights(layout)).toEqual([
      ['leader', 32],
      ['lease', 152],
      ['key', 40],
      ['heartbeat', 40],
      ['grant', 36],
    ])
  })

  test('of a small window are lower, and the button below them scrolls away', () => {
    const layout = layoutOf(
      shown({ leases: [lease('1')], keys: [row('/svc/a')], heartbeats: [row('svc')] }),
      { width: 980, height: 186 },
    )
    expect(heights(layout).slice(0, 4)).toEqual([
      ['leader', 28],
      ['lease', 92],
      ['key', 32],
      ['heartbeat', 32],
    ])
    expect(layout.height).toBeGreaterThan(186)
  })

  test('shrink where that makes them fit: two leases with a lock on a projector, two with keys and faults on a desktop', () => {
    const locks = ['/job', '/job a', '/job b'].map((id) => row(id, { group: '/job' }))
    const leases = [lease('1'), lease('2')]
    const bottom = (layout: ReturnType<typeof layoutOf>) => layout.height - 36
    const lab = layoutOf(shown({ leases, locks }), { width: 1216, height: 217 })
    expect(bottom(lab)).toBeLessThanOrEqual(217)
    const fallen = layoutOf(shown({ leases, locks, faults: [row('faults')] }), {
      width: 1216,
      height: 217,
    })
    expect(bottom(fallen)).toBeLessThanOrEqual(217)
    expect(
      Math.min(...heights(fallen).flatMap(([kind, height]) => (kind === 'lease' ? [height] : []))),
    ).toBeGreaterThanOrEqual(44)
    const own = {
      leases,
      keys: [row('/a'), row('/b')],
      heartbeats: [row('svc')],
      terminals: [row('t1')],
      faults: [row('faults')],
    }
    expect(bottom(layoutOf(shown(own), { width: 1376, height: 302 }))).toBeLessThanOrEqual(302)
  })

  test('shrink only if that lets all rows fit', () => {
    const leases = Array.from({ length: 9 }, (_, i) => lease(String(i)))
    const { lines } = layoutOf(shown({ leases }), { width: 1376, height: 302 })
    expect(lines.filter(({ kind }) => kind === 'lease').every(({ height }) => height === 76)).toBe(
      true,
    )
  })

  test('stand below each other without gaps', () => {
    const locks = [
      row('/job', { group: '/job' }),
      row('/job a', { group: '/job' }),
      row('/b', { group: '/b' }),
    ]
    const { lines, height } = layoutOf(shown({ leases: [lease('1'), lease('2')], locks }), {
      width: 1056,
      height: 302,
    })
    let top = 0
    for (const line of lines) {
      expect([line.id, line.top]).toEqual([line.id, top])
      top += line.height
    }
    expect(height).toBe(top)
    expect(lines.filter(({ kind }) => kind === 'store').map(({ first }) => first)).toEqual([
      true,
      true,
    ])
  })

  test('leave out a single leader beside locks, and show it if its row says something', () => {
    const locks = [row('/job', { group: '/job' })]
    const room = { width: 1056, height: 302 }
    expect(layoutOf(shown({ locks }), room).lines.some(({ kind }) => kind === 'leader')).toBe(false)
    const fallen = row('leader', {
      spans: steady.spans,
      marks: [marks('fell', [5000, 'm1 crashes'])],
    })
    const ended = row('leader', { spans: [spans('leads', [0, 5000, 'm1 · term 2'])] })
    for (const leader of [fallen, ended])
      expect(
        layoutOf(shown({ locks, leader: [leader] }), room).lines.some(
          ({ kind }) => kind === 'leader',
        ),
      ).toBe(true)
  })

  test('have two levels of leaders if two members believe they lead', () => {
    const two = row('leader', {
      spans: [
        spans('leads', [0, 4000, 'm1'], [4000, 9000, 'm2']),
        spans('deposed', [4000, 5000, 'm1']),
      ],
    })
    const [line] = layoutOf(shown({ leader: [two] }), { width: 1376, height: 302 }).lines
    expect(line?.height).toBe(54)
  })

  test('have no heartbeat of a client that runs a program', () => {
    const heartbeats = [row('svc'), row('a')]
    const { lines } = layoutOf(shown({ heartbeats }, { programs: new Set(['a']) }), {
      width: 1376,
      height: 302,
    })
    expect(
      lines.filter(({ kind }) => kind === 'heartbeat').map(({ row: each }) => each?.id),
    ).toEqual(['svc'])
  })
})

describe('many leases', () => {
  const here = tapeOf({ leader: [steady] }, { many: true })
  const leases = {
    lane: 'leases' as const,
    total: 916,
    from: 376,
    rows: Array.from({ length: 24 }, (_, i) => lease(String(i))),
  }
  const all = { ...here, lanes: here.lanes.map((lane) => (lane.lane === 'leases' ? leases : lane)) }
  const layout = layoutOf(
    { here: all, there: null, programs: new Set() },
    { width: 1376, height: 302 },
  )

  test('have room for all of them, and counts above that stay', () => {
    expect(layout.pinned).toBe(58 + 48 + 26)
    expect(layout.height).toBe(layout.pinned + 916 * 26 + 36)
    expect(layout.lines.filter(({ pinned }) => pinned).map(({ kind }) => kind)).toEqual([
      'load',
      'rates',
      'count',
    ])
  })

  test('are requested if they are in view', () => {
    const top = 400 * 26
    const asks = wanted(layout, top, 302).find(({ lane }) => lane === 'leases')
    expect(asks?.from).toBeLessThanOrEqual(395)
    expect((asks?.from ?? 0) + (asks?.count ?? 0)).toBeGreaterThanOrEqual(405)
    expect(asks?.count).toBeLessThanOrEqual(190)
    // One more pixel asks for the same rows.
    expect(wanted(layout, top + 1, 302)).toEqual(wanted(layout, top, 302))
  })

  test('scroll below what stays', () => {
    const placed = inView(layout, 380 * 26, 302, null)
    const thin = placed.filter(({ kind }) => kind === 'thin')
    expect(thin[0]?.y).toBeGreaterThan(layout.pinned - 26)
    expect(thin.at(-1)?.y).toBeLessThan(302)
    expect(placed.filter(({ over }) => over).map(({ y }) => y)).toEqual([0, 58, 106])
  })
})

test('the part of a line under fixed lines is known by its edges', () => {
  const line = (y: number, height: number, over: boolean) => ({
    ...inView(layoutOf(shown({}), { width: 1000, height: 300 }), 0, 300, null)[0]!,
    y,
    height,
    over,
  })
  const lines = [line(0, 100, true), line(250, 50, true)]
  expect(covered(line(90, 26, false), lines)).toEqual({ top: 10, bottom: 0 })
  expect(covered(line(240, 26, false), lines)).toEqual({ top: 0, bottom: 16 })
  expect(covered(line(120, 26, false), lines)).toBeNull()
  expect(covered(line(90, 26, true), lines)).toBeNull()
})

describe('the chosen lease', () => {
  const leases = Array.from({ length: 9 }, (_, i) => lease(String(i)))
  const layout = layoutOf(shown({ leases }), { width: 1376, height: 302 })
  const chosen = (index: number) => ({ row: leases[index] ?? lease('x'), index })

  test('stays in view, above or below, over the others', () => {
    const low = inView(layout, 0, 302, chosen(8)).find(({ row: each }) => each?.id === '8')
    expect([low?.over, (low?.y ?? 0) + (low?.height ?? 0)]).toEqual([true, 302])
    const high = inView(layout, 500, 302, chosen(0)).find(({ row: each }) => each?.id === '0')
    expect([high?.over, high?.y]).toEqual([true, layout.pinned])
  })

  test('is in view although the worker did not send its row', () => {
    const placed = inView(layout, 0, 302, { row: lease('far'), index: 200 })
    expect(placed.find(({ row: each }) => each?.id === 'far')?.over).toBe(true)
  })
})

test('in a comparison every row appears twice, and all rows fit if possible', () => {
  const locks = ['/job', '/job a', '/job b'].map((id) => row(id, { group: '/job' }))
  const side = tapeOf({ leader: [steady], leases: [lease('1'), lease('2')], locks })
  const layout = layoutOf(
    { here: side, there: side, programs: new Set() },
    { width: 1376, height: 302 },
  )
  expect(layout.lines.map(({ kind }) => kind)).toEqual([
    'lease',
    'lease',
    'store',
    'inside',
    'inside',
    'lease',
    'lease',
    'store',
    'inside',
    'inside',
  ])
  expect(layout.lines.filter(({ begins }) => begins).map(({ side: each }) => each)).toEqual([
    'here',
    'there',
  ])
  expect(layout.height).toBeLessThanOrEqual(302)
  expect(new Set(layout.lines.map(({ id }) => id)).size).toBe(10)
})
