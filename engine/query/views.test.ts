import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import type { Config, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { cellsOf, cellsState, MOST_CELLS } from './cells'
import { clientViews } from './clients'
import { exclusionOf, leaseCounts, ratesOf } from './counts'
import { Hearing } from './hearing'
import { labView } from './lab'
import { Ledger } from './ledger'
import { memberViews } from './members'
import type { Belief, ClientView, MemberView } from './rows'
import type { Scene } from './scene'
import { consoleEntries, leaseRows } from './views'

const recipe = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../client/recipes/${name}.txt`), 'utf8')

function run(config: Partial<Config> = {}): Timeline {
  const given: Config = {
    ...DEFAULT_CONFIG,
    etcd: '3.6',
    latencyMs: 30,
    expiryPhaseMs: 200,
    ...config,
  }
  return new Timeline({ leasescope: 1, seed: 1, config: given, commands: [] })
}

function sceneOf(timeline: Timeline): Scene {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return { sim: timeline.sim, ledger, last: timeline.lastEvent }
}

function at(timeline: Timeline, ms: number): Scene {
  timeline.seek({ at: ms })
  return sceneOf(timeline)
}

function fault(timeline: Timeline, ms: number, what: Fault): void {
  timeline.advance(ms)
  timeline.submit({ type: 'fault', fault: what })
}

const of = (scene: Scene, name: string): MemberView =>
  memberViews(scene).find((member) => member.name === name)!

const eventAt = (timeline: Timeline, fits: (event: Timeline['trace'][number]) => boolean): number =>
  timeline.trace.find(fits)!.at

describe('a member', () => {
  const cluster = (members = 3): Timeline => run({ members })
  test('is silent since the last message of a leader, after one and a half heartbeats without one, until another member leads', () => {
    const timeline = cluster()
    fault(timeline, 3000, { type: 'crash', member: 'm1' })
    timeline.advance(6000)
    const heard = timeline.trace.findLast(
      ({ type, at }) => type === 'peer-received' && at <= 3030,
    )!.at
    expect(heard).toBeGreaterThan(2900)
    expect(of(at(timeline, 2990), 'm2').silentSince).toBeNull()
    expect(of(at(timeline, heard + 150), 'm2').silentSince).toBeNull()
    expect(of(at(timeline, heard + 151), 'm2')).toMatchObject({ silentSince: heard, lead: 'm1' })
    const elected = timeline.trace.find(
      (event) => event.type === 'role-changed' && event.role === 'leader' && event.at > 0,
    )!
    expect(of(at(timeline, elected.at - 1), 'm3')).toMatchObject({ silentSince: heard, lead: null })
    const after = at(timeline, elected.at + 40)
    expect(['m2', 'm3'].map((name) => of(after, name).silentSince)).toEqual([null, null])
    // A member that is down does not wait. A restarted member waits from its start on.
    expect(of(after, 'm1').silentSince).toBeNull()
    timeline.seek({ at: 6000 })
    fault(timeline, 6000, { type: 'partition', groups: [['m1'], ['m2', 'm3']] })
    timeline.submit({ type: 'fault', fault: { type: 'restart', member: 'm1' } })
    expect(of(at(timeline, 6500), 'm1').silentSince).toBe(6000)
  })

  test('does not count messages of a leader of an older term, nor messages to others', () => {
    const hearing = new Hearing()
    const lead = (id: number, lead: string | null): unknown => ({
      id,
      at: id,
      type: 'role-changed',
      member: 'm2',
      role: 'follower',
      term: 2,
      lead,
    })
    const word = (id: number, from: string, what: string): unknown => ({
      id,
      at: id,
      type: 'peer-received',
      member: 'm2',
      from,
      what,
    })
    const events = [
      lead(10, 'm1'),
      word(20, 'm1', 'MsgHeartbeat'),
      lead(30, null),
      word(40, 'm1', 'MsgHeartbeat'),
      lead(50, 'm3'),
    ]
    for (const event of [...events, word(60, 'm1', 'MsgApp'), word(70, 'm3', 'MsgVote')])
      hearing.note(event as TraceEvent)
    expect([9, 10, 25, 45, 50, 70].map((last) => hearing.heardAt('m2', last))).toEqual([
      null,
      10,
      20,
      20,
      50,
      50,
    ])
    expect(hearing.heardAt('m3', 70)).toBeNull()
  })

  test('is not silent while it leads, is frozen, or has no vote', () => {
    const timeline = run({ members: 1 })
    expect(of(at(timeline, 5000), 'm1')).toMatchObject({
      role: 'leader',
      silentSince: null,
      leaderSince: 0,
      electsBetween: [1000, 2000],
    })
    const three = cluster()
    fault(three, 3000, { type: 'crash', member: 'm1' })
    fault(three, 3000, { type: 'pause', member: 'm2' })
    expect(of(at(three, 3900), 'm2').silentSince).toBeNull()
  })

  test('leads since its election, until it stops leading', () => {
    const timeline = cluster()
    fault(timeline, 3000, { type: 'crash', member: 'm1' })
    timeline.advance(6000)
    const elected = timeline.trace.find(
      (event) => event.type === 'role-changed' && event.role === 'leader' && event.at > 0,
    )!
    const leader = memberViews(at(timeline, 6000)).find(({ role }) => role === 'leader')!
    expect(leader.leaderSince).toBe(elected.at)
    expect(memberViews(at(timeline, 6000)).map(({ leaderSince }) => leaderSince === null)).toEqual(
      ['m1', 'm2', 'm3'].map((name) => name !== leader.name),
    )
    expect(of(at(timeline, 2000), 'm1').leaderSince).toBe(0)
  })

  test('reaches the voters that it can exchange messages with, itself included', () => {
    const reaches = (timeline: Timeline): number[] =>
      memberViews(sceneOf(timeline)).map((member) => member.reaches)
    const timeline = cluster(5)
    expect(reaches(timeline)).toEqual([5, 5, 5, 5, 5])
    fault(timeline, 100, {
      type: 'partition',
      groups: [
        ['m1', 'm2'],
        ['m3', 'm4', 'm5'],
      ],
    })
    expect(reaches(timeline)).toEqual([2, 2, 3, 3, 3])
    fault(timeline, 200, { type: 'crash', member: 'm2' })
    fault(timeline, 200, { type: 'pause', member: 'm5' })
    expect(reaches(timeline)).toEqual([1, 0, 2, 2, 0])
    fault(timeline, 300, { type: 'heal' })
    // A message that the others do not receive is no exchange.
    fault(timeline, 300, { type: 'cut', from: ['m1'], to: ['m3'] })
    expect(reaches(timeline)).toEqual([2, 0, 2, 3, 0])
  })
})

describe('a client', () => {
  const kept = (config: Partial<Config> = {}): Timeline => {
    const timeline = run(config)
    timeline.submit({
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 5, as: 'lease' }],
    })
    return timeline
  }
  const svc = (scene: Scene): ClientView => clientViews(scene)[0]!
  const belief = (scene: Scene): Belief => svc(scene).sessions[0]!
  const sends = (timeline: Timeline): number[] =>
    timeline.trace.flatMap((event) =>
      event.type === 'request-sent' && event.request.type === 'LeaseKeepAlive' ? [event.at] : [],
    )

  test('has its state since the last change of it', () => {
    const timeline = kept()
    expect(svc(at(timeline, 500))).toMatchObject({ state: 'up', since: 0 })
    fault(timeline, 1000, { type: 'pause-client', client: 'svc' })
    fault(timeline, 2000, { type: 'resume-client', client: 'svc' })
    fault(timeline, 3000, { type: 'crash-client', client: 'svc' })
    expect(svc(at(timeline, 1500))).toMatchObject({ state: 'paused', since: 1000 })
    expect(svc(at(timeline, 2500))).toMatchObject({ state: 'up', since: 2000 })
    expect(svc(at(timeline, 3500))).toMatchObject({ state: 'down', since: 3000 })
  })

  test('has its heartbeat switched on with its session, off by hand, and off when it gives the lease up', () => {
    const timeline = kept()
    timeline.advance(3000)
    const { lease } = belief(sceneOf(timeline))
    expect(belief(at(timeline, 3000))).toMatchObject({ heartbeat: true, heartbeatAt: 60 })
    timeline.submit({ type: 'heartbeat', client: 'svc', lease: lease as never, on: false })
    expect(belief(at(timeline, 4000))).toMatchObject({
      heartbeat: false,
      heartbeatAt: 3000,
      unansweredSince: null,
    })
    // A request by hand is no heartbeat.
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['svc'], ['m1']] } })
    timeline.submit({
      type: 'request',
      client: 'svc',
      request: { type: 'LeaseKeepAlive', ID: lease as never },
    })
    expect(belief(at(timeline, 4500)).unansweredSince).toBeNull()
    const cut = kept()
    fault(cut, 3000, { type: 'partition', groups: [['svc'], ['m1']] })
    cut.advance(20_000)
    const lost = eventAt(cut, ({ type }) => type === 'lease-believed-lost')
    expect(belief(at(cut, 20_000))).toMatchObject({
      heartbeat: false,
      heartbeatAt: lost,
      lost: true,
    })
  })

  test('has a heartbeat with answers in time, whichever member gets the requests', () => {
    const asksAFollower = run({ members: 3 })
    fault(asksAFollower, 0, { type: 'crash', member: 'm1' })
    fault(asksAFollower, 100, { type: 'restart', member: 'm1' })
    asksAFollower.advance(5000)
    expect(of(sceneOf(asksAFollower), 'm1').role).toBe('follower')
    asksAFollower.submit({
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 5, as: 'lease' }],
    })
    for (const timeline of [kept(), kept({ members: 3 }), asksAFollower]) {
      const start = timeline.now
      timeline.advance(start + 6000)
      expect(sends(timeline).length).toBeGreaterThan(2)
      for (let ms = start + 400; ms <= start + 6000; ms += 10)
        expect(belief(at(timeline, ms)).unansweredSince, `at ${ms}`).toBeNull()
    }
  })

  test('has no working heartbeat while the network drops its requests', () => {
    const timeline = kept()
    fault(timeline, 2500, { type: 'partition', groups: [['svc'], ['m1']] })
    timeline.advance(5000)
    const asked = sends(timeline).find((ms) => ms > 2500)!
    expect(belief(at(timeline, asked - 1)).unansweredSince).toBeNull()
    // It cannot arrive. That is known at its sending, and stays so when it is lost and sent again.
    expect(belief(at(timeline, asked + 1))).toMatchObject({
      heartbeat: true,
      unansweredSince: asked,
    })
    expect(belief(at(timeline, asked + 45)).unansweredSince).toBe(asked)
    expect(belief(at(timeline, asked + 700)).unansweredSince).toBe(asked)
    fault(timeline, 5000, { type: 'heal' })
    expect(belief(at(timeline, 6000)).unansweredSince).toBeNull()
  })

  test('has no working heartbeat after more than a round trip without an answer', () => {
    const timeline = kept()
    fault(timeline, 2500, { type: 'pause', member: 'm1' })
    timeline.advance(5000)
    const asked = sends(timeline).find((ms) => ms > 2500)!
    expect(belief(at(timeline, asked + 60)).unansweredSince).toBeNull()
    expect(belief(at(timeline, asked + 61)).unansweredSince).toBe(asked)
  })

  test('is not connected while one of the two ends does not run or the network stops one direction, even before the next request', () => {
    const troubles: Fault[] = [
      { type: 'partition', groups: [['svc'], ['m1']] },
      { type: 'cut', from: ['svc'], to: ['m1'] },
      { type: 'cut', from: ['m1'], to: ['svc'] },
      { type: 'pause', member: 'm1' },
      { type: 'crash', member: 'm1' },
      { type: 'pause-client', client: 'svc' },
    ]
    for (const trouble of troubles) {
      const timeline = kept()
      timeline.advance(2500)
      expect(belief(sceneOf(timeline))).toMatchObject({ heartbeat: true, connected: true })
      timeline.submit({ type: 'fault', fault: trouble })
      expect(belief(sceneOf(timeline)), trouble.type).toMatchObject({
        heartbeat: true,
        unansweredSince: null,
        connected: false,
      })
    }
  })

  test('is connected to the member that it has switched to', () => {
    const timeline = kept({ members: 3, clientEndpoints: 'all' })
    timeline.advance(3000)
    const asked = sends(timeline).at(-1)!
    timeline.seek({ at: asked + 10 })
    timeline.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    expect(belief(sceneOf(timeline)).connected).toBe(false)
    timeline.advance(6000)
    const again = eventAt(
      timeline,
      (event) => event.type === 'request-sent' && event.member !== 'm1',
    )
    expect(belief(at(timeline, again - 1))).toMatchObject({
      connected: false,
      unansweredSince: asked,
    })
    // The first request is still without an answer. The next member calls the new leader as soon as
    // there is one.
    expect(belief(at(timeline, again))).toMatchObject({ connected: true, unansweredSince: asked })
    expect(belief(at(timeline, 6000))).toMatchObject({
      heartbeat: true,
      connected: true,
      unansweredSince: null,
    })
  })

  test('that is paused keeps its belief: it continues as the holder, while a running one has given up its lease', () => {
    const paused = kept()
    fault(paused, 3000, { type: 'pause-client', client: 'svc' })
    const cut = kept()
    fault(cut, 3000, { type: 'partition', groups: [['svc'], ['m1']] })
    expect(belief(at(paused, 12_000))).toMatchObject({
      holds: true,
      lost: false,
      truth: { goneAt: expect.any(Number) },
    })
    expect(belief(sceneOf(paused)).until).toBeLessThan(12_000)
    expect(belief(at(cut, 4500)).holds).toBe(true)
    expect(belief(at(cut, belief(sceneOf(cut)).until! + 1)).holds).toBe(false)
    fault(paused, 12_000, { type: 'resume-client', client: 'svc' })
    expect(belief(sceneOf(paused)).holds).toBe(false)
  })
})

describe('the lab', () => {
  const two = (name: string, members = 1): Timeline => {
    const timeline = run({ latencyMs: 20, members })
    for (const client of ['a', 'b']) {
      timeline.submit({ type: 'script', client, source: recipe(name) })
      timeline.advance(timeline.now + 5)
    }
    return timeline
  }
  const entered = (timeline: Timeline, client: string): number =>
    eventAt(timeline, (event) => event.type === 'section-entered' && event.client === client)
  const left = (timeline: Timeline, client: string): number =>
    eventAt(timeline, (event) => event.type === 'section-left' && event.client === client)

  test('knows since when each client is inside, and since when two are', () => {
    const timeline = two('check-then-put')
    timeline.advance(10_000)
    const [a, b] = [entered(timeline, 'a'), entered(timeline, 'b')]
    expect(labView(at(timeline, b - 1)).locks[0]).toMatchObject({
      insideSince: [{ client: 'a', at: a }],
      bothSince: null,
    })
    expect(labView(at(timeline, b + 100)).locks[0]).toMatchObject({
      insideSince: [
        { client: 'a', at: a },
        { client: 'b', at: b },
      ],
      bothSince: b,
    })
    expect(clientViews(at(timeline, b + 100)).map(({ program }) => program!.sectionSince)).toEqual([
      a,
      b,
    ])
    expect(clientViews(at(timeline, 10_000)).map(({ program }) => program!.sectionSince)).toEqual([
      null,
      null,
    ])
  })

  test('mutual exclusion is broken from the first clash on, until fewer than two are inside', () => {
    const timeline = two('check-then-put')
    timeline.advance(10_000)
    const clash = timeline.trace.find(({ type }) => type === 'exclusion-broken')!
    const over = Math.min(left(timeline, 'a'), left(timeline, 'b'))
    expect(exclusionOf(at(timeline, clash.at - 1))).toBeNull()
    expect(exclusionOf(at(timeline, clash.at))).toEqual({
      at: clash.at,
      event: clash.id,
      section: '/lock',
      until: null,
    })
    expect(exclusionOf(at(timeline, over - 1))?.until).toBeNull()
    expect(exclusionOf(at(timeline, 10_000))).toMatchObject({ at: clash.at, until: over })
    timeline.seek({ at: clash.at + 100 })
    timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
    expect(exclusionOf(sceneOf(timeline))?.until).toBe(clash.at + 100)
  })

  test('a ledger that follows another run has dropped the earlier one', () => {
    const [first, second] = [two('mutex', 3), two('check-then-put', 3)]
    fault(first, 400, { type: 'pause-client', client: 'b' })
    first.advance(10_000)
    second.advance(1000)
    const ledger = new Ledger()
    ledger.follow(first.trace)
    ledger.follow(second.trace)
    const fresh = sceneOf(second).ledger
    const leases = [first, second].flatMap((timeline) =>
      clientViews(sceneOf(timeline)).flatMap(({ sessions }) => sessions),
    )
    const facts = ({ hearing, sections, keepAlives }: Ledger, last: number): unknown => [
      hearing.heardAt('m2', last),
      sections.enteredAt('a', last),
      sections.stateSince('b', last),
      sections.crowdedSince('/lock', last),
      leases.map(({ lease }) => keepAlives.switchedAt('a', lease as never, last)),
    ]
    for (let last = 1; last <= first.lastEvent; last++)
      expect(facts(ledger, last)).toEqual(facts(fresh, last))
  })

  test('a paused client still believes that it holds the lock', () => {
    const timeline = two('mutex')
    timeline.advance(300)
    const holder = labView(sceneOf(timeline)).locks[0]!.inside[0]!
    fault(timeline, 300, { type: 'pause-client', client: holder })
    const [lock] = labView(at(timeline, 15_000)).locks
    expect(lock!.believers).toContain(holder)
    expect(lock!.holder?.client).not.toBe(holder)
  })
})

describe('many leases', () => {
  const granted = (count: number): Timeline => {
    const timeline = run()
    for (let i = 0; i < count; i++)
      timeline.submit({
        type: 'program',
        client: `c${i}`,
        program: [{ op: 'grant', ttlSeconds: 10 - i, as: 'l' }],
      })
    return timeline
  }

  test('are counted while they live, and after', () => {
    const timeline = granted(4)
    expect([0, 100, 8000, 9000, 20_000].map((ms) => leaseCounts(at(timeline, ms)))).toEqual([
      { live: 0, ended: 0 },
      { live: 4, ended: 0 },
      { live: 3, ended: 1 },
      { live: 2, ended: 2 },
      { live: 0, ended: 4 },
    ])
  })

  test('have rates of the last second', () => {
    const timeline = granted(4)
    timeline.submit({
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 5, as: 'lease' }],
    })
    timeline.advance(9000)
    const renewed = timeline.trace.flatMap(({ type, at }) => (type === 'lease-renewed' ? [at] : []))
    expect(renewed.length).toBeGreaterThan(3)
    expect(ratesOf(at(timeline, renewed[1]!))).toEqual({ renewals: 1, revokes: 0 })
    expect(ratesOf(at(timeline, renewed[1]! + 999))).toMatchObject({ renewals: 1 })
    expect(ratesOf(at(timeline, renewed[1]! + 1000))).toMatchObject({ renewals: 0 })
    const revoked = eventAt(timeline, ({ type }) => type === 'lease-revoked')
    expect(ratesOf(at(timeline, revoked)).revokes).toBe(1)
  })

  test('are cells in the order of their deadlines', () => {
    const timeline = granted(3)
    timeline.submit({
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 30, as: 'lease' }],
    })
    const scene = at(timeline, 100)
    expect(cellsOf(scene)).toEqual({
      total: 4,
      numbers: Int32Array.of(3, 2, 1, 4),
      deadlines: Float64Array.of(8030, 9030, 10_030, 30_090),
      ttls: Float64Array.of(8, 9, 10, 30),
      renewedAt: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 90),
    })
    const counted = cellsState(scene)
    fault(timeline, 200, { type: 'crash', member: 'm1' })
    fault(timeline, 300, { type: 'restart', member: 'm1' })
    const down = at(timeline, 250)
    expect(cellsState(down)).not.toBe(counted)
    expect([...cellsOf(down).deadlines]).toEqual(Array(4).fill(Number.POSITIVE_INFINITY))
    // A renewal before the crash stays a renewal on the page.
    expect(
      [...cellsOf(at(timeline, 5000)).renewedAt].filter((ms) => !Number.isNaN(ms)),
    ).toHaveLength(1)
    expect(MOST_CELLS).toBe(20_000)
  })

  test('have cells that are another list when a lease comes, goes or is renewed, and not when time passes', () => {
    const timeline = granted(3)
    timeline.submit({
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 30, as: 'lease' }],
    })
    timeline.advance(60_000)
    const ended = eventAt(timeline, ({ type }) => type === 'lease-revoked')
    const renewed = timeline.trace.findLast(({ type }) => type === 'lease-renewed')!.at
    const states = [500, 5000, ended - 1, ended, renewed - 1, renewed].map((ms) =>
      cellsState(at(timeline, ms)),
    )
    expect(states[1]).toBe(states[0])
    expect(states[3]).not.toBe(states[2])
    expect(states[5]).not.toBe(states[4])
  })

  test('have a window around the lease that is named', () => {
    const timeline = granted(8)
    const scene = at(timeline, 100)
    const names = (around?: number): (string | number | undefined)[] => {
      const { from, rows } = leaseRows(scene, { from: 0, count: 3, sort: 'remaining', around })
      return [from, ...rows.map(({ name }) => name)]
    }
    // L8 has the shortest TTL.
    expect(names()).toEqual([undefined, 'L8', 'L7', 'L6'])
    expect(names(4)).toEqual([3, 'L5', 'L4', 'L3'])
    expect(names(8)).toEqual([0, 'L8', 'L7', 'L6'])
    expect(names(1)).toEqual([5, 'L3', 'L2', 'L1'])
    expect(names(99)).toEqual([undefined, 'L8', 'L7', 'L6'])
  })
})

test('a line of the console lists the leases that it keeps alive, under any name, until it ends', () => {
  const timeline = run()
  const enter = (text: string): void => {
    timeline.submit({ type: 'console', terminal: 't1', text, mode: 'strict' })
    timeline.advance(timeline.now + 1000)
  }
  enter('etcdctl lease grant 10')
  enter('etcdctl lease keep-alive $L1')
  const entries = consoleEntries(sceneOf(timeline))
  const { id } = leaseRows(sceneOf(timeline), { from: 0, count: 1, sort: 'remaining' }).rows[0]!
  expect(entries.map(({ keeps }) => keeps)).toEqual([[], [id]])
  timeline.submit({ type: 'interrupt', terminal: 't1', job: entries[1]!.job })
  timeline.advance(timeline.now + 1000)
  expect(consoleEntries(sceneOf(timeline)).map(({ keeps }) => keeps)).toEqual([[], []])
})

test('the console has the last two hundred lines, and before them the running ones', () => {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] })
  const enter = (terminal: string, text: string) =>
    timeline.submit({ type: 'console', terminal, text, mode: 'strict' })
  enter('t2', 'etcdctl watch a')
  for (let i = 1; i <= 203; i++) {
    enter('t1', `etcdctl get k${i}`)
    timeline.advance(timeline.now + 100)
  }
  const lines = consoleEntries(sceneOf(timeline)).map(({ line, state }) => `${line} ${state}`)
  expect(lines).toHaveLength(201)
  expect(lines.slice(0, 2)).toEqual(['etcdctl watch a running', 'etcdctl get k4 done'])
  expect(lines.at(-1)).toBe('etcdctl get k203 done')
})
