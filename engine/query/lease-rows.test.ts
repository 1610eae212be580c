import { expect, test } from 'vitest'
import type { LeaseId } from '../base/rpc'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from '../sim/command'
import { clientViews } from './clients'
import { Ledger } from './ledger'
import { wholeOf } from './pane'
import type { Interest } from './rows'
import type { Scene } from './scene'
import { authority } from './scene'
import { leaseRows } from './views'

/** A client that keeps a lease of ten seconds alive, until `at` (virtual ms). */
function kept(members: number, at: number): Timeline {
  const program = [{ op: 'session', ttlSeconds: 10, as: 'lease' } as const]
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, members, latencyMs: 30 },
    commands: [{ type: 'program', client: 'svc', program, at: 0 }],
  })
  timeline.advance(at)
  return timeline
}

function sceneOf(timeline: Timeline): Scene {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return { sim: timeline.sim, ledger, last: timeline.lastEvent }
}

const rowsOf = (timeline: Timeline) =>
  leaseRows(sceneOf(timeline), { from: 0, count: 10, sort: 'remaining' }).rows
const renewals = ({ trace }: Timeline): number[] =>
  trace.flatMap((event) => (event.type === 'lease-renewed' ? [event.at] : []))

test('a new leader knows no renewal, and the row still has the last one', () => {
  const timeline = kept(3, 5000)
  timeline.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
  const last = renewals(timeline).at(-1)
  while (!timeline.trace.some(({ type, at }) => type === 'promoted' && at > 5000)) timeline.step()
  expect(last).toBeGreaterThan(0)
  expect(authority(timeline.sim).leases()[0]?.renewedAt).toBeNull()
  expect(rowsOf(timeline)).toMatchObject([{ name: 'L1', renewedAt: last }])
  expect(wholeOf(sceneOf(timeline), { violations: [], seen: 0 }).leases).toMatchObject([
    { is: { name: 'L1', renewedAt: last } },
  ])
})

test('a restarted member forgets when a lease was granted, and the row does not', () => {
  const timeline = kept(1, 5000)
  const [{ grantedAt } = { grantedAt: 0 }] = rowsOf(timeline)
  for (const type of ['crash', 'restart'] as const)
    timeline.submit({ type: 'fault', fault: { type, member: 'm1' } })
  timeline.advance(5050)
  expect(rowsOf(timeline)).toMatchObject([{ grantedAt, renewedAt: renewals(timeline).at(-1) }])
})

test('an ID that is granted again has no renewal yet', () => {
  const timeline = kept(1, 5000)
  const lease = timeline.sim.clients[0]!.beliefs[0]!.lease
  timeline.submit({ type: 'request', client: 'other', request: { type: 'LeaseRevoke', ID: lease } })
  timeline.advance(5100)
  timeline.submit({
    type: 'request',
    client: 'other',
    request: { type: 'LeaseGrant', TTL: 60, ID: lease },
  })
  timeline.advance(5200)
  expect(rowsOf(timeline)).toMatchObject([{ name: 'L2', renewedAt: null, grantedAt: 5130 }])
})

test('a client’s row has the reason why it takes its lease for lost', () => {
  const told = kept(1, 5000)
  const lease = told.sim.clients[0]!.beliefs[0]!.lease
  const silent = told.fork()
  told.submit({ type: 'request', client: 'other', request: { type: 'LeaseRevoke', ID: lease } })
  silent.submit({ type: 'fault', fault: { type: 'partition', groups: [['svc'], ['m1']] } })
  for (const timeline of [told, silent]) timeline.advance(20_000)
  const belief = (timeline: Timeline) => clientViews(sceneOf(timeline))[0]!.sessions[0]
  expect(belief(told)).toMatchObject({ lost: true, lostHow: 'told' })
  expect(belief(silent)).toMatchObject({ lost: true, lostHow: 'given-up' })
})

test('a paused client concludes nothing until it continues', () => {
  const timeline = kept(1, 5000)
  timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'svc' } })
  const before = clientViews(sceneOf(timeline))[0]!.sessions
  timeline.advance(60_000)
  const gone = timeline.trace.find(({ type }) => type === 'lease-revoked')
  expect(timeline.trace.some(({ type }) => type === 'lease-believed-lost')).toBe(false)
  expect(clientViews(sceneOf(timeline))[0]!.sessions).toEqual([
    { ...before[0]!, truth: { deadline: null, goneAt: gone!.at } },
  ])
  timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'svc' } })
  timeline.advance(62_000)
  expect(clientViews(sceneOf(timeline))[0]!.sessions[0]!.lost).toBe(true)
})

test('the time left stays when the last primary stops counting, until another counts', () => {
  const timeline = kept(3, 5000)
  const [{ deadline } = { deadline: null }] = rowsOf(timeline)
  expect(rowsOf(timeline)[0]?.stopped).toBeNull()
  timeline.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
  timeline.advance(5500)
  expect(rowsOf(timeline)).toMatchObject([
    { deadline: null, stopped: { at: 5000, left: deadline! - 5000, because: 'm1 crashed' } },
  ])
  while (!timeline.trace.some(({ type, at }) => type === 'promoted' && at > 5000)) timeline.step()
  expect(rowsOf(timeline)[0]?.stopped).toBeNull()
})

test('rows come in the requested order, in a window that may lie around a lease', () => {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 30 },
    commands: [],
  })
  const ids = ['0000000000000003', '0000000000000001', '0000000000000002'] as LeaseId[]
  const ttls = [60, 40, 20]
  for (const [i, ID] of ids.entries()) {
    timeline.submit({
      type: 'request',
      client: 'a',
      request: { type: 'LeaseGrant', TTL: ttls[i]!, ID },
    })
    timeline.advance(timeline.now + 100)
  }
  const names = (interest: Partial<Interest['leases']>): string[] =>
    leaseRows(sceneOf(timeline), { from: 0, count: 10, sort: 'remaining', ...interest }).rows.map(
      ({ name }) => name,
    )
  expect(names({ sort: 'remaining' })).toEqual(['L3', 'L2', 'L1'])
  expect(names({ sort: 'granted' })).toEqual(['L1', 'L2', 'L3'])
  expect(names({ sort: 'id' })).toEqual(['L2', 'L3', 'L1'])
  expect(names({ sort: 'granted', from: 1, count: 1 })).toEqual(['L2'])
  expect(names({ sort: 'granted', count: 1, around: 3 })).toEqual(['L3'])
  expect(names({ sort: 'granted', count: 2, around: 1 })).toEqual(['L1', 'L2'])
  expect(names({ sort: 'granted', count: 2, around: 3 })).toEqual(['L2', 'L3'])
  expect(names({ sort: 'granted', from: 2, around: 9 })).toEqual(['L3'])
  // A lease that ended a little while ago comes first, for five seconds.
  timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseRevoke', ID: ids[1]! } })
  timeline.advance(1000)
  expect(names({ sort: 'granted' })).toEqual(['L2', 'L1', 'L3'])
  expect(names({ sort: 'granted', from: 1, count: 1 })).toEqual(['L1'])
  const [ended] = leaseRows(sceneOf(timeline), { from: 0, count: 1, sort: 'id' }).rows
  timeline.advance(ended!.ended!.at + 5000)
  expect(names({ sort: 'granted' })).toEqual(['L2', 'L1', 'L3'])
  timeline.advance(ended!.ended!.at + 5001)
  expect(names({ sort: 'granted' })).toEqual(['L1', 'L3'])
})
