import { describe, expect, test } from 'vitest'
import type { LeaseId } from '../base/rpc'
import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { ViolationMark } from './invariants'
import { tapeOf } from './lanes'
import type { MarkKind, SpanKind, Tape, TapeInterest, TapeRow } from './tape/rows'
import { TapeLedger } from './tape/tape-ledger'

const a = '0000000000000001' as LeaseId
const b = '0000000000000002' as LeaseId

function traced(...bodies: [at: number, body: EventBody][]): TraceEvent[] {
  return bodies.map(([at, body], i) => ({ ...body, id: i + 1, at, level: levelOf(body.type), causes: [] }))
}

const granted = (lease: LeaseId, at: number, ttlSeconds = 10): [number, EventBody] => [
  at,
  { type: 'lease-granted', member: 'm1', lease, ttlSeconds, askedSeconds: ttlSeconds, deadline: at + ttlSeconds * 1000 },
]
const renewed = (lease: LeaseId, at: number): [number, EventBody] => [
  at,
  { type: 'lease-renewed', member: 'm1', lease, ttlSeconds: 10, deadline: at + 10_000 },
]
const ended = (lease: LeaseId, at: number, end: 'expired' | 'revoked'): [number, EventBody] => [
  at,
  { type: 'lease-revoked', member: 'm1', lease, end, revision: 1, keys: [] },
]
const promoted: [number, EventBody] = [0, { type: 'promoted', member: 'm1', term: 2, leases: 0, extendMs: 1000 }]

const everything: TapeInterest['lanes'] = (['leader', 'leases', 'keys', 'locks', 'beliefs', 'faults', 'invariants'] as const).map(
  (lane) => ({
    lane,
    from: 0,
    count: 20,
    all: false,
  }),
)

function shown(trace: TraceEvent[], end: number, change: Partial<TapeInterest> = {}, violations: ViolationMark[] = []): Tape {
  const ledger = new TapeLedger()
  ledger.follow(trace)
  return tapeOf(ledger, { spacing: 'true', from: 0, to: end, widthPx: 1000, opened: [], lanes: everything, ...change }, end, violations)
}

const lane = (tape: Tape, name: string) => tape.lanes.find((each) => each.lane === name)!
const spans = (row: TapeRow | null | undefined, kind: SpanKind): number[] => [...(row?.spans.find((each) => each.kind === kind)?.at ?? [])]
const marks = (row: TapeRow | null | undefined, kind: MarkKind): number[] => [...(row?.marks.find((each) => each.kind === kind)?.at ?? [])]

describe('a lease', () => {
  test('is a bar with notches and a cap that says how it ended', () => {
    const trace = traced(
      promoted,
      granted(a, 0),
      renewed(a, 3000),
      granted(b, 4000),
      ended(b, 6000, 'revoked'),
      ended(a, 13_400, 'expired'),
    )
    const [first, second] = lane(shown(trace, 20_000), 'leases').rows
    expect(spans(first, 'live')).toEqual([0, 13_000, 2])
    expect(spans(first, 'overdue')).toEqual([13_000, 13_400, 3])
    expect(marks(first, 'renewed')).toEqual([3000, 3, 1])
    expect(marks(first, 'expired')).toEqual([13_400, 6, 1])
    expect(marks(first, 'revoked')).toEqual([])
    expect(marks(second, 'revoked')).toEqual([6000, 5, 1])
    expect(spans(second, 'overdue')).toEqual([])
  })

  test('that goes on has no cap, and is overdue beyond its deadline', () => {
    const [row] = lane(shown(traced(promoted, granted(a, 0)), 12_000), 'leases').rows
    expect(spans(row, 'live')).toEqual([0, 10_000, 2])
    expect(spans(row, 'overdue')).toEqual([10_000, Number.POSITIVE_INFINITY, 2])
    expect(row!.marks.map(({ kind }) => kind)).toEqual(['granted'])
  })

  test('that nobody counts is told from one with time left', () => {
    const demoted: [number, EventBody] = [5000, { type: 'demoted', member: 'm1', term: 2, leases: 1 }]
    const anew: [number, EventBody] = [8000, { type: 'promoted', member: 'm2', term: 3, leases: 1, extendMs: 1000 }]
    const tape = shown(traced(promoted, granted(a, 0), demoted, anew), 30_000, { opened: [a] })
    const [row] = lane(tape, 'leases').rows
    expect(spans(row, 'live')).toEqual([0, 5000, 2, 8000, 19_000, 4])
    expect(spans(row, 'uncounted')).toEqual([5000, 8000, 3])
    expect(marks(row, 'recounted')).toEqual([8000, 4, 1])
    expect([...row!.teeth!]).toEqual([0, 5000, 10_000, 8000, 19_000, 19_000])
  })

  test('granted again under the same ID is another row', () => {
    const trace = traced(promoted, granted(a, 0), ended(a, 2000, 'revoked'), granted(a, 5000))
    expect(lane(shown(trace, 9000), 'leases').rows.map(({ id }) => id)).toEqual([a, a])
  })

  test('outside of the window has no row', () => {
    const trace = traced(promoted, granted(a, 0), ended(a, 2000, 'revoked'), granted(b, 5000))
    const { rows, total, summary } = lane(shown(trace, 9000, { from: 3000, to: 9000 }), 'leases')
    expect(rows.map(({ id }) => id)).toEqual([b])
    expect([total, summary]).toEqual([1, null])
    expect(marks(rows[0], 'granted')).toEqual([5000, 4, 1])
  })
})

test('a leader that another has overtaken is deposed, and where nobody leads there is a gap', () => {
  const role = (member: string, name: 'leader' | 'follower' | 'candidate', term: number): EventBody => ({
    type: 'role-changed',
    member,
    role: name,
    term,
    lead: null,
  })
  const trace = traced(
    [0, role('m1', 'leader', 2)],
    [4000, role('m2', 'candidate', 3)],
    [4200, role('m2', 'leader', 3)],
    [4800, role('m1', 'follower', 3)],
    [7000, { type: 'member-crashed', member: 'm2' }],
    [9000, role('m3', 'leader', 4)],
  )
  const [row] = lane(shown(trace, 10_000), 'leader').rows
  expect(spans(row, 'leads')).toEqual([0, 4200, 1, 4200, 7000, 3, 9000, Number.POSITIVE_INFINITY, 6])
  expect(spans(row, 'deposed')).toEqual([4200, 4800, 3])
  expect(row!.spans[0]!.texts).toEqual(['m1 · term 2', 'm2 · term 3', 'm3 · term 4'])
  expect(marks(row, 'candidate')).toEqual([4000, 2, 1])
})

test('a lock is held by the oldest key of its queue, and handed over', () => {
  const put = (lease: LeaseId, revision: number): EventBody => ({
    type: 'key-put',
    member: 'm1',
    detachedFrom: '0000000000000000' as LeaseId,
    kv: { key: `/job/${Number(lease)}`, value: '', lease, create_revision: revision, mod_revision: revision, version: 1 },
  })
  const gone = (lease: LeaseId): EventBody => ({
    type: 'key-deleted',
    member: 'm1',
    key: `/job/${Number(lease)}`,
    revision: 9,
    lease,
    end: 'expired',
  })
  const foreign: EventBody = {
    ...put(a, 1),
    type: 'key-put',
    kv: { key: '/job/x', value: '', lease: a, create_revision: 1, mod_revision: 1, version: 1 },
  } as EventBody
  const trace = traced([10, foreign], [1000, put(b, 5)], [2000, put(a, 7)], [6000, gone(b)], [8000, gone(a)])
  const [row, ...others] = lane(shown(trace, 10_000), 'locks').rows
  expect(others).toEqual([])
  expect(row!.label).toBe('/job')
  expect(spans(row, 'held')).toEqual([1000, 6000, 2, 6000, 8000, 4])
  expect(marks(row, 'handed-over')).toEqual([6000, 4, 1])
})

test('a client is wrong from the end of a lease until it concludes so', () => {
  const heard = (at: number, body: { type: 'LeaseGrant' | 'LeaseKeepAlive' }): [number, EventBody] =>
    [at, { type: 'reply-received', client: 'svc', member: 'm1', rpc: 1, reply: { ...body, ID: a, TTL: 10 } }] as [number, EventBody]
  const trace = traced(
    promoted,
    granted(a, 0),
    heard(30, { type: 'LeaseGrant' }),
    heard(4030, { type: 'LeaseKeepAlive' }),
    ended(a, 6000, 'revoked'),
    [15_000, { type: 'lease-believed-lost', client: 'svc', lease: a, why: 'no-answer' }],
  )
  const [row] = lane(shown(trace, 20_000), 'beliefs').rows
  expect(row!.label).toBe('svc L1')
  expect(spans(row, 'believes')).toEqual([30, 6000, 3])
  expect(spans(row, 'wrong')).toEqual([6000, 15_000, 5])
  expect(marks(row, 'concluded')).toEqual([15_000, 6, 1])
})

test('faults last from what was done until it was undone', () => {
  const trace = traced(
    [1000, { type: 'member-crashed', member: 'm2' }],
    [3000, { type: 'partitioned', groups: [['m1'], ['m2', 'm3']] }],
    [4000, { type: 'member-restarted', member: 'm2' }],
    [5000, { type: 'partitioned', groups: [['m1', 'm2'], ['m3']] }],
    [6000, { type: 'healed' }],
    [7000, { type: 'member-paused', member: 'm2' }],
  )
  const [member, network] = lane(shown(trace, 10_000), 'faults').rows
  expect(spans(member, 'crashed')).toEqual([1000, 4000, 1])
  expect(spans(member, 'paused')).toEqual([7000, Number.POSITIVE_INFINITY, 6])
  expect(spans(network, 'cut')).toEqual([3000, 5000, 2, 5000, 6000, 4])
  expect(network!.spans[0]!.texts).toEqual(['m1 | m2 m3', 'm1 m2 | m3'])
})

describe('ten thousand marks', () => {
  const many: [number, EventBody][] = [promoted]
  const ids = Array.from({ length: 1000 }, (_, i) => (i + 1).toString(16).padStart(16, '0') as LeaseId)
  ids.forEach((id, i) => {
    many.push(granted(id, i))
  })
  for (let round = 1; round <= 9; round++)
    ids.forEach((id, i) => {
      many.push(renewed(id, round * 3000 + i))
    })
  ids.forEach((id, i) => {
    many.push(ended(id, 40_001 + i * 3, i % 10 === 0 ? 'revoked' : 'expired'))
  })
  const trace = traced(...many)
  const tape = shown(trace, 50_000)
  const { total, rows, summary } = lane(tape, 'leases')

  test('are one row that says how many, none of them lost', () => {
    expect([total, rows.length]).toEqual([1000, 0])
    const counted = (kind: MarkKind): number =>
      marks(summary, kind)
        .filter((_, i) => i % 3 === 2)
        .reduce((sum, n) => sum + n, 0)
    expect([counted('granted'), counted('renewed'), counted('expired'), counted('revoked')]).toEqual([1000, 9000, 900, 100])
  })

  test('are no more numbers than the tape has columns', () => {
    for (const { at } of summary!.marks) expect(at.length).toBeLessThanOrEqual(3 * 1000)
    expect(summary!.counts!.length).toBe(500)
  })

  test('count in every column what a scan of all leases counts', () => {
    const counts = [...summary!.counts!]
    const lives = ids.map((_, i) => ({ from: i, to: 40_001 + i * 3 }))
    const columnMs = 50_000 / 500
    counts.forEach((count, column) => {
      const from = column * columnMs
      // At any instant of the column: the most that live is reached where one begins, or at the column's start.
      const most = Math.max(
        ...[from, ...lives.map((life) => life.from).filter((at) => at >= from && at < from + columnMs)].map(
          (at) => lives.filter((life) => life.from <= at && life.to >= at).length,
        ),
      )
      expect([column, count]).toEqual([column, most])
    })
  })

  test('come as rows where they are asked for, a page at a time', () => {
    const { rows: page, total: all } = lane(shown(trace, 50_000, { lanes: [{ lane: 'leases', from: 40, count: 20, all: true }] }), 'leases')
    expect([all, page.length, page[0]!.id]).toEqual([1000, 20, ids[40]])
  })
})

test('spaced by events, every instant has its room', () => {
  const trace = traced(promoted, granted(a, 0), renewed(a, 30), renewed(a, 31), renewed(a, 60_000))
  const tape = shown(trace, 60_000, { spacing: 'event', to: 10 })
  expect([...tape.axis.times]).toEqual([0, 30, 31, 60_000])
  const { places } = tape.axis
  for (let i = 1; i < places.length; i++) expect(places[i]! - places[i - 1]!).toBeGreaterThanOrEqual(1)
  expect(places[3]! - places[2]!).toBe(4)
})

test('an axis leads there and back', () => {
  const ledger = new TapeLedger()
  ledger.follow(traced(promoted, granted(a, 17), renewed(a, 30), renewed(a, 9000)))
  const { spacing } = ledger
  for (const at of [0, 5, 17, 20, 30, 4000, 9000, 9500]) expect(spacing.timeOf(spacing.placeOf(at))).toBeCloseTo(at, 6)
})

test('an invariant that was broken has a row with a mark at each breach, where they are', () => {
  const early = { name: 'No lease ends early', at: 4000, event: 7 }
  const violations = [early, { ...early, at: 9000, event: 9 }, { name: 'Log matching', at: 9500, event: 11 }]
  const tape = shown([], 20_000, {}, violations)
  expect(lane(tape, 'invariants').rows.map((row) => [row.label, marks(row, 'violation')])).toEqual([
    ['No lease ends early', [4000, 7, 1, 9000, 9, 1]],
    ['Log matching', [9500, 11, 1]],
  ])
  expect(lane(shown([], 20_000, { from: 9200 }, violations), 'invariants').rows.map(({ label }) => label)).toEqual(['Log matching'])
  expect(lane(shown([], 20_000), 'invariants').total).toBe(0)
})

test('the story of a stopped heartbeat ends with an expired lease and a key on it', () => {
  const file = `config seed=1 latencyMs=30\nsvc session ttl=10 key=/svc/a value=x\nuntil 8\nsvc heartbeat off\nuntil 20\n\n----\n`
  const { recording } = runScenario(parseScenario(file))
  const timeline = new Timeline(recording)
  timeline.advance(20_000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const tape = tapeOf(ledger, { spacing: 'true', from: 0, to: 20_000, widthPx: 800, opened: [], lanes: everything }, 20_000, [])
  expect(marks(lane(tape, 'leases').rows[0], 'expired')).toHaveLength(3)
  const [believer] = lane(tape, 'beliefs').rows
  // Its reckoning began with the answer's arrival, 30 ms after the server's; the revoke comes with the next pass of the primary's loop.
  expect(believer!.label).toBe('svc L1')
  expect(spans(lane(tape, 'keys').rows[0], 'leased')).toHaveLength(3)
})
