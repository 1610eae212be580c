import { describe, expect, test } from 'vitest'
import type { Room } from '../base/room'
import type { LeaseId } from '../base/rpc'
import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { ViolationMark } from './invariants'
import { tapeOf } from './lanes'
import type { MarkKind, SpanKind, Tape, TapeInterest, TapeRow } from './tape/rows'
import { LANE_NAMES } from './tape/rows'
import { TapeLedger } from './tape/tape-ledger'

const a = '0000000000000001' as LeaseId
const b = '0000000000000002' as LeaseId

function traced(...bodies: [at: number, body: EventBody][]): TraceEvent[] {
  return bodies.map(([at, body], i) => ({
    ...body,
    id: i + 1,
    at,
    level: levelOf(body.type),
    causes: [],
  }))
}

const granted = (lease: LeaseId, at: number, ttlSeconds = 10): [number, EventBody] => [
  at,
  {
    type: 'lease-granted',
    member: 'm1',
    lease,
    ttlSeconds,
    askedSeconds: ttlSeconds,
    deadline: at + ttlSeconds * 1000,
  },
]
const renewed = (lease: LeaseId, at: number): [number, EventBody] => [
  at,
  { type: 'lease-renewed', member: 'm1', lease, ttlSeconds: 10, deadline: at + 10_000 },
]
const ended = (lease: LeaseId, at: number, end: 'expired' | 'revoked'): [number, EventBody] => [
  at,
  { type: 'lease-revoked', member: 'm1', lease, end, revision: 1, keys: [] },
]
const promoted: [number, EventBody] = [
  0,
  { type: 'promoted', member: 'm1', term: 2, leases: 0, extendMs: 1000 },
]

const everything: TapeInterest['lanes'] = LANE_NAMES.map((name) => ({
  lane: name,
  from: 0,
  count: 20,
}))

function ledgerOf(trace: readonly TraceEvent[]): TapeLedger {
  const ledger = new TapeLedger()
  ledger.follow(trace)
  return ledger
}

/** The timeline with the cursor at `now`. */
function shown(
  trace: TraceEvent[],
  now: number,
  change: Partial<TapeInterest> = {},
  violations: ViolationMark[] = [],
): Tape {
  const interest: TapeInterest = {
    spacing: 'true',
    from: 0,
    to: now,
    widthPx: 1000,
    lanes: everything,
    chosen: null,
    ...change,
  }
  return tapeOf(ledgerOf(trace), interest, now, violations)
}

const lane = (tape: Tape, name: string) => tape.lanes.find((each) => each.lane === name)!
const spans = (row: TapeRow | null | undefined, kind: SpanKind): number[] => [
  ...(row?.spans.find((each) => each.kind === kind)?.at ?? []),
]
const marks = (row: TapeRow | null | undefined, kind: MarkKind): number[] => [
  ...(row?.marks.find((each) => each.kind === kind)?.at ?? []),
]

describe('a lease', () => {
  test('is a span with renewals and the way it ended', () => {
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

  test('that lives has no end, and is overdue beyond its deadline', () => {
    const [row] = lane(shown(traced(promoted, granted(a, 0)), 12_000), 'leases').rows
    expect(spans(row, 'live')).toEqual([0, 10_000, 2])
    expect(spans(row, 'overdue')).toEqual([10_000, Number.POSITIVE_INFINITY, 2])
    expect(row!.marks.map(({ kind }) => kind)).toEqual(['granted'])
  })

  test('is uncounted without a primary', () => {
    const demoted: [number, EventBody] = [
      5000,
      { type: 'demoted', member: 'm1', term: 2, leases: 1 },
    ]
    const anew: [number, EventBody] = [
      8000,
      { type: 'promoted', member: 'm2', term: 3, leases: 1, extendMs: 1000 },
    ]
    const tape = shown(traced(promoted, granted(a, 0), demoted, anew), 30_000)
    const [row] = lane(tape, 'leases').rows
    expect(spans(row, 'live')).toEqual([0, 5000, 2, 8000, 19_000, 4])
    expect(spans(row, 'uncounted')).toEqual([5000, 8000, 3])
    expect(marks(row, 'recounted')).toEqual([8000, 4, 1])
    expect([...row!.lease!.teeth]).toEqual([0, 5000, 10_000, 8000, 19_000, 19_000])
  })

  test('granted again under the same ID is another row', () => {
    const trace = traced(promoted, granted(a, 0), ended(a, 2000, 'revoked'), granted(a, 5000))
    expect(lane(shown(trace, 9000), 'leases').rows.map(({ id }) => id)).toEqual([a, a])
  })

  test('stays as a row after its end, and has no row before the cursor reaches its grant', () => {
    const trace = traced(promoted, granted(a, 0), ended(a, 2000, 'revoked'), granted(b, 5000))
    const { rows, total } = lane(shown(trace, 4000, { to: 9000 }), 'leases')
    expect([total, rows.map(({ label }) => label)]).toEqual([1, ['L1']])
    const [first, second] = lane(shown(trace, 5000, { from: 3000, to: 9000 }), 'leases').rows
    expect([first?.label, second?.label]).toEqual(['L1', 'L2'])
    // Its end is known where its mark lies before the window.
    expect(marks(first, 'revoked')).toEqual([])
    expect([first?.lease?.ended, second?.lease?.ended]).toEqual([
      { at: 2000, kind: 'revoked' },
      null,
    ])
  })

  test('is named by its first key that is no lock, and by the client that requested it', () => {
    const put = (key: string): EventBody => ({
      type: 'key-put',
      member: 'm1',
      detachedFrom: '0000000000000000' as LeaseId,
      kv: { key, value: 'up', lease: a, create_revision: 2, mod_revision: 2, version: 1 },
    })
    const heard = {
      type: 'reply-received',
      client: 'b@t1#3',
      member: 'm1',
      rpc: 1,
      reply: { type: 'LeaseGrant', ID: a, TTL: 10 },
    }
    const trace = traced(
      promoted,
      granted(a, 0),
      [30, heard as EventBody],
      [40, put(`/job/${Number(a)}`)],
      [50, put('/svc/a')],
    )
    const tape = shown(trace, 100)
    expect(lane(tape, 'leases').rows[0]!.lease).toMatchObject({ key: '/svc/a', client: 'b' })
    const [key, ...others] = lane(tape, 'keys').rows
    expect([key!.label, key!.spans[0]!.texts, others]).toEqual(['/svc/a', ['up'], []])
  })

  test('requested by its ID comes with its place among the rows', () => {
    const trace = traced(promoted, granted(a, 0), granted(b, 10))
    const only = { lanes: [{ lane: 'leases' as const, from: 0, count: 1 }] }
    expect(shown(trace, 20, { ...only, chosen: b }).chosen).toMatchObject({
      row: { label: 'L2' },
      index: 1,
    })
    expect(shown(trace, 5, { ...only, chosen: b }).chosen).toBeNull()
  })
})

test('a leader that another has overtaken is deposed, and a time without a leader is a gap', () => {
  const role = (
    member: string,
    name: 'leader' | 'follower' | 'candidate',
    term: number,
  ): EventBody => ({
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
  expect(spans(row, 'leads')).toEqual([
    0,
    4200,
    1,
    4200,
    7000,
    3,
    9000,
    Number.POSITIVE_INFINITY,
    6,
  ])
  expect(row!.marks.find(({ kind }) => kind === 'fell')?.texts).toEqual(['m2 crashes'])
  expect(spans(row, 'deposed')).toEqual([4200, 4800, 3])
  expect(row!.spans[0]!.texts).toEqual(['m1 · term 2', 'm2 · term 3', 'm3 · term 4'])
  expect(marks(row, 'candidate')).toEqual([4000, 2, 1])
})

test('a leader is cut off while it reaches no quorum', () => {
  const boot = (member: string): [number, EventBody] => [0, { type: 'booted', member }]
  const leads: [number, EventBody] = [
    10,
    { type: 'role-changed', member: 'm1', role: 'leader', term: 2, lead: 'm1' },
  ]
  const cut = (at: number, ...groups: string[][]): [number, EventBody] => [
    at,
    { type: 'partitioned', groups },
  ]
  const members = ['m1', 'm2', 'm3', 'm4', 'm5'].map(boot)
  const trace = traced(
    ...members,
    leads,
    cut(1000, ['m1', 'm2', 'm3', 'a'], ['m4', 'm5']),
    cut(3000, ['m1', 'm2', 'a'], ['m3', 'm4', 'm5']),
    [4000, { type: 'healed' }],
  )
  const [row] = lane(shown(trace, 5000), 'leader').rows
  expect(spans(row, 'cut-off').slice(0, 2)).toEqual([3000, 4000])
  expect(spans(row, 'leads').slice(0, 2)).toEqual([10, 3000])
})

test('a lock is held by the oldest key of its queue, and passes on', () => {
  const put = (lease: LeaseId, revision: number): EventBody => ({
    type: 'key-put',
    member: 'm1',
    detachedFrom: '0000000000000000' as LeaseId,
    kv: {
      key: `/job/${Number(lease)}`,
      value: '',
      lease,
      create_revision: revision,
      mod_revision: revision,
      version: 1,
    },
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
  const trace = traced(
    [10, foreign],
    [1000, put(b, 5)],
    [2000, put(a, 7)],
    [6000, gone(b)],
    [8000, gone(a)],
  )
  const [row, ...others] = lane(shown(trace, 10_000), 'locks').rows
  expect(others).toEqual([])
  expect(row!.label).toBe('/job')
  expect(spans(row, 'held')).toEqual([1000, 6000, 2, 6000, 8000, 4])
  expect(row!.spans[0]!.texts).toEqual(['…0002 · token 5', '…0001 · token 7'])
  expect(marks(row, 'handed-over')).toEqual([6000, 4, 1])
})

test('a client inside a section has a row under its lock: without its lease from the end of the lease, and as two from the entry of the second client', () => {
  const heard = (client: string, lease: LeaseId): EventBody =>
    ({
      type: 'reply-received',
      client,
      member: 'm1',
      rpc: 1,
      reply: { type: 'LeaseGrant', ID: lease, TTL: 5 },
    }) as EventBody
  const section = (type: 'section-entered' | 'section-left', client: string): EventBody => ({
    type,
    client,
    section: '/job',
  })
  const plain: EventBody = {
    type: 'key-put',
    member: 'm1',
    detachedFrom: '0000000000000000' as LeaseId,
    kv: { key: '/job', value: '', lease: a, create_revision: 2, mod_revision: 2, version: 1 },
  }
  const trace = traced(
    promoted,
    granted(a, 0, 5),
    [30, heard('a', a)],
    granted(b, 40, 5),
    [70, heard('b', b)],
    [100, plain],
    [150, section('section-entered', 'a')],
    ended(a, 5200, 'expired'),
    [5351, section('section-entered', 'b')],
    [6900, section('section-left', 'a')],
  )
  const { rows } = lane(shown(trace, 7000), 'locks')
  expect(rows.map(({ id, label, group }) => [id, label, group])).toEqual([
    ['/job', '/job', '/job'],
    ['/job a', 'a inside', '/job'],
    ['/job b', 'b inside', '/job'],
  ])
  expect(rows[0]!.spans.find(({ kind }) => kind === 'held')?.texts).toEqual(['a · token 2'])
  expect(spans(rows[0], 'two')).toEqual([5351, 6900, 9])
  expect(spans(rows[1], 'inside').slice(0, 2)).toEqual([150, 5200])
  expect(spans(rows[1], 'lost').slice(0, 2)).toEqual([5200, 6900])
  expect(spans(rows[2], 'inside').slice(0, 2)).toEqual([5351, Number.POSITIVE_INFINITY])
  // A section's own key is its lock, and has no row among the keys.
  expect(lane(shown(trace, 7000), 'keys').total).toBe(0)
  // Its client acts on while it is inside, although its own time has run out.
  expect([...lane(shown(trace, 7000), 'leases').rows[0]!.lease!.beliefs[0]!.wrong]).toEqual([
    5200, 6900,
  ])
})

test('a section for two is too full from the entry of the third client on; clients that share it are never too many', () => {
  const section = (
    type: 'section-entered' | 'section-left',
    client: string,
    room?: Room,
  ): EventBody =>
    ({ type, client, section: '/pool', ...(room === undefined ? {} : { room }) }) as EventBody
  const crowded = (room: Room): number[] => {
    const trace = traced(
      promoted,
      [100, section('section-entered', 'a', room)],
      [200, section('section-entered', 'b', room)],
      [300, section('section-entered', 'c', room)],
      [400, section('section-left', 'a')],
      [500, section('section-left', 'b')],
    )
    return spans(lane(shown(trace, 600), 'locks').rows[0], 'two')
  }
  expect(crowded(2)).toEqual([300, 400, 4])
  expect(crowded('any')).toEqual([])
})

test('a client acts without its lease until it has given it up, and not beyond its own time', () => {
  const heard = (at: number, type: 'LeaseGrant' | 'LeaseKeepAlive'): [number, EventBody] => [
    at,
    {
      type: 'reply-received',
      client: 'svc',
      member: 'm1',
      rpc: 1,
      reply: { type, ID: a, TTL: 10 },
    } as EventBody,
  ]
  const lost: [number, EventBody] = [
    15_000,
    { type: 'lease-believed-lost', client: 'svc', lease: a, why: 'no-answer' },
  ]
  const trace = traced(
    promoted,
    granted(a, 0),
    heard(30, 'LeaseGrant'),
    heard(4030, 'LeaseKeepAlive'),
    ended(a, 6000, 'revoked'),
    lost,
  )
  const [belief] = lane(shown(trace, 20_000), 'leases').rows[0]!.lease!.beliefs
  expect(belief!.client).toBe('svc')
  expect([...belief!.teeth]).toEqual([30, 4030, 10_030, 4030, 15_000, 14_030])
  expect([...belief!.wrong]).toEqual([6000, 14_030])
})

test('faults are one row: each with its words and its duration', () => {
  const trace = traced(
    [1000, { type: 'member-crashed', member: 'm2' }],
    [3000, { type: 'partitioned', groups: [['m1'], ['m2', 'm3']] }],
    [4000, { type: 'member-restarted', member: 'm2' }],
    [5000, { type: 'partitioned', groups: [['m1', 'm2'], ['m3']] }],
    [6000, { type: 'healed' }],
    [7000, { type: 'member-paused', member: 'm2' }],
  )
  const [row, ...others] = lane(shown(trace, 10_000), 'faults').rows
  expect(others).toEqual([])
  expect(spans(row, 'crashed')).toEqual([1000, 4000, 1])
  expect(spans(row, 'paused')).toEqual([7000, Number.POSITIVE_INFINITY, 6])
  expect(spans(row, 'cut')).toEqual([3000, 5000, 2, 5000, 6000, 4])
  expect(row!.marks[0]!.texts).toEqual([
    'm2 crashes',
    'cut: m1 | m2 m3',
    'm2 restarts',
    'cut: m1 m2 | m3',
    'cut is healed',
    'm2 freezes',
  ])
})

test('a bad link is a fault until its dial is reset or the network is healed', () => {
  const trace = traced(
    [1000, { type: 'link-changed', link: 'm1-m2', dial: 'delay', value: 500 }],
    [2000, { type: 'link-changed', link: 'm1 to m3', dial: 'loss', value: 10 }],
    [3000, { type: 'link-changed', link: 'm1-m2', dial: 'delay', value: 0 }],
    [4000, { type: 'healed' }],
    [5000, { type: 'link-changed', link: 'all', dial: 'jitter', value: 20 }],
  )
  const [row] = lane(shown(trace, 10_000), 'faults').rows
  // Two overlapping faults are one bar with both names.
  expect(row!.spans.find(({ kind }) => kind === 'link')!.texts[0]).toBe(
    'm1–m2 takes 500 ms longer · m1 → m3 loses 10 % of its messages',
  )
  expect(spans(row, 'link')).toEqual([1000, 4000, 1, 5000, Number.POSITIVE_INFINITY, 5])
  expect(row!.marks[0]!.texts).toEqual([
    'm1–m2 takes 500 ms longer',
    'm1 → m3 loses 10 % of its messages',
    'm1–m2 has no extra delay',
    'the links are healed',
    'every link takes up to 20 ms longer, at random',
  ])
})

test('a heartbeat has its requests and its end; a terminal has the time of each command', () => {
  const sent: EventBody = {
    type: 'request-sent',
    client: 'svc',
    member: 'm1',
    rpc: 2,
    request: { type: 'LeaseKeepAlive', ID: a },
  } as EventBody
  const trace = traced(
    [30, { type: 'heartbeat-started', client: 'svc', lease: a }],
    [30, sent],
    [3537, sent],
    [4900, { type: 'heartbeat-stopped', client: 'svc', lease: a }],
    [5000, { type: 'console-line', terminal: 't1', job: 1, line: 'sleep 1' }],
    [6000, { type: 'console-line', terminal: 't1', job: 2, line: 'etcdctl get /a' }],
    [6060, { type: 'console-exit', terminal: 't1', job: 2, exit: 0 }],
  )
  const [beats] = lane(shown(trace, 10_000), 'heartbeats').rows
  expect(marks(beats, 'beat')).toEqual([30, 2, 1, 3537, 3, 1])
  expect(spans(beats, 'beats')).toEqual([30, 4900, 1])
  expect(marks(beats, 'stopped')).toEqual([4900, 4, 1])
  const [terminal] = lane(shown(trace, 10_000), 'terminals').rows
  expect(spans(terminal, 'runs')).toEqual([5000, 6000, 5, 6000, 6060, 6])
  expect(terminal!.marks[0]!.texts).toEqual(['sleep 1', 'etcdctl get /a'])
})

describe('ten thousand marks', () => {
  const many: [number, EventBody][] = [promoted]
  const ids = Array.from(
    { length: 1000 },
    (_, i) => (i + 1).toString(16).padStart(16, '0') as LeaseId,
  )
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

  test('come as rows by time left, a window at a time', () => {
    const wanted = { lanes: [{ lane: 'leases' as const, from: 40, count: 20 }] }
    const { total, from, rows } = lane(shown(trace, 30_000, wanted), 'leases')
    expect([total, from, rows.length]).toEqual([1000, 40, 20])
    // The last renewals had the order of the grants, and so do the deadlines.
    expect(rows[0]!.id).toBe(ids[40])
    expect(shown(trace, 30_000, wanted).many).toBe(true)
    expect(lane(shown(trace, 42_000, wanted), 'leases').total).toBe(
      ids.filter((_, i) => 40_001 + i * 3 > 42_000).length,
    )
  })

  test('have no more numbers than the window has columns', () => {
    const wanted = {
      lanes: [{ lane: 'leases' as const, from: 0, count: 5 }],
      from: 0,
      to: 50_000,
      widthPx: 4,
    }
    const [row] = lane(shown(trace, 30_000, wanted), 'leases').rows
    expect(marks(row, 'renewed')).toHaveLength(3 * 3)
    expect(marks(row, 'renewed').filter((_, i) => i % 3 === 2)).toEqual([4, 4, 1])
    expect(row!.lease!.teeth.length).toBeLessThanOrEqual(3 * 2 * 4)
  })

  test('have in every column the count of a scan of all leases', () => {
    const counts = [...shown(trace, 30_000, { to: 50_000 }).load!.counts]
    const lives = ids.map((_, i) => ({ from: i, to: 40_001 + i * 3 }))
    const columnMs = 50_000 / 500
    expect(counts).toHaveLength(500)
    counts.forEach((count, column) => {
      const from = column * columnMs
      // The most living leases are reached where a lease begins, or at the column's start.
      const most = Math.max(
        ...[
          from,
          ...lives.map((life) => life.from).filter((at) => at >= from && at < from + columnMs),
        ].map((at) => lives.filter((life) => life.from <= at && life.to >= at).length),
      )
      expect([column, count]).toEqual([column, most])
    })
  })

  test('have counts by the second', () => {
    const { from, binMs, renewals, revokes } = shown(trace, 30_000, { to: 50_000 }).load!
    expect([from, binMs]).toEqual([0, 1000])
    expect([...renewals].reduce((sum, n) => sum + n, 0)).toBe(9000)
    expect([...renewals].slice(2, 5)).toEqual([0, 1000, 0])
    expect(revokes[40]).toBe(333)
  })

  test('have no load row while a dozen leases live', () => {
    const few = shown(traced(promoted, ...ids.slice(0, 12).map((id, i) => granted(id, i))), 100)
    expect([few.many, few.load, few.live]).toEqual([false, null, 12])
    expect(
      shown(traced(promoted, ...ids.slice(0, 13).map((id, i) => granted(id, i))), 100).many,
    ).toBe(true)
  })
})

test('spaced by events, every instant has its own place', () => {
  const trace = traced(promoted, granted(a, 0), renewed(a, 30), renewed(a, 31), renewed(a, 60_000))
  const tape = shown(trace, 60_000, { spacing: 'event', to: 10 })
  expect([...tape.axis.times]).toEqual([0, 30, 31, 60_000])
  const { places } = tape.axis
  for (let i = 1; i < places.length; i++)
    expect(places[i]! - places[i - 1]!).toBeGreaterThanOrEqual(1)
  expect(places[3]! - places[2]!).toBe(4)
})

test('an axis converts to a place and back', () => {
  const ledger = new TapeLedger()
  ledger.follow(traced(promoted, granted(a, 17), renewed(a, 30), renewed(a, 9000)))
  const { spacing } = ledger
  for (const at of [0, 5, 17, 20, 30, 4000, 9000, 9500])
    expect(spacing.timeOf(spacing.placeOf(at))).toBeCloseTo(at, 6)
})

test('broken rules are one row with a mark at each breach', () => {
  const early = { name: 'No lease ends early', at: 4000, event: 7 }
  const violations = [
    early,
    { ...early, at: 9000, event: 9 },
    { name: 'Log matching', at: 9500, event: 11 },
  ]
  const tape = shown([], 20_000, {}, violations)
  const [row, ...others] = lane(tape, 'rules').rows
  expect(others).toEqual([])
  expect(marks(row, 'violation')).toEqual([4000, 7, 1, 9000, 9, 1, 9500, 11, 1])
  expect(row!.marks[0]!.texts).toEqual([early.name, early.name, 'Log matching'])
  expect(lane(shown([], 3000, {}, violations), 'rules').total).toBe(0)
  expect(lane(shown([], 20_000), 'rules').total).toBe(0)
})

test('the story of a stopped heartbeat ends with an expired lease and a key on it', () => {
  const file = `config seed=1 latencyMs=30\nsvc session ttl=10 key=/svc/a value=x\nuntil 8\nsvc heartbeat off\nuntil 20\n\n----\n`
  const { recording } = playScenario(parseScenario(file))
  const timeline = new Timeline(recording)
  timeline.advance(20_000)
  const tape = shown(timeline.trace as TraceEvent[], 20_000, { widthPx: 800 })
  const [lease] = lane(tape, 'leases').rows
  expect(marks(lease, 'expired')).toHaveLength(3)
  expect(lease!.lease).toMatchObject({ ttlSeconds: 10, key: '/svc/a', client: 'svc' })
  expect(spans(lane(tape, 'keys').rows[0], 'leased')).toHaveLength(3)
  expect(marks(lane(tape, 'heartbeats').rows[0], 'stopped')).toHaveLength(3)
})

test('a lane that is not requested has its number of rows, and no rows', () => {
  const tape = shown(traced(promoted, granted(a, 0)), 5000, {
    lanes: [{ lane: 'leader', from: 0, count: 20 }],
  })
  expect(lane(tape, 'leases')).toMatchObject({ total: 1, rows: [] })
  expect(lane(tape, 'leader').rows).toHaveLength(1)
})
