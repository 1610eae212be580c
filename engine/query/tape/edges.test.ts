// Cases that no story of the catalogue has, each made by hand and compared with the row on the
// page.

import { expect, test } from 'vitest'
import { leaseId } from '../../base/int64'
import type { Request } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import { Timeline } from '../../replay/timeline'
import type { Fault } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import { Sections } from './sections'
import { covered } from './stays'
import { TapeLedger } from './tape-ledger'

const LEASE = leaseId(1)

/** A run with these requests and faults, each at its time (virtual ms), played until `end`. */
function played(
  acts: [at: number, what: { client: string; request: Request } | { fault: Fault }][],
  end: number,
) {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, members: 3 },
    commands: [],
  })
  for (const [at, what] of acts) {
    timeline.advance(at)
    timeline.submit('fault' in what ? { type: 'fault', ...what } : { type: 'request', ...what })
  }
  timeline.advance(end)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  return { trace: timeline.trace, lanes: ledger.lanes }
}

test('a client is wrong about a lease only while the lease is gone, also where its ID is granted again', () => {
  const { trace, lanes } = played(
    [
      [0, { client: 'a', request: { type: 'LeaseGrant', TTL: 60, ID: LEASE } }],
      [1000, { client: 'op', request: { type: 'LeaseRevoke', ID: LEASE } }],
      [2000, { client: 'b', request: { type: 'LeaseGrant', TTL: 60, ID: LEASE } }],
      [3000, { client: 'op', request: { type: 'LeaseRevoke', ID: LEASE } }],
      [4000, { client: 'b', request: { type: 'LeaseGrant', TTL: 60, ID: LEASE } }],
    ],
    5000,
  )
  const times = (type: TraceEvent['type']) =>
    trace.filter((event) => event.type === type).map(({ at }) => at)
  const [first, second] = times('lease-revoked')
  const [, again, last] = times('lease-granted')
  const belief = lanes.beliefs.beliefsIn(LEASE).find(({ client }) => client === 'a')!
  expect(lanes.beliefs.wrongOf(belief)).toEqual([
    { from: first, to: again },
    { from: second, to: last },
  ])
})

test('each value of a dial lasts until the next one', () => {
  const turned = (value: number): { fault: Fault } => ({
    fault: { type: 'link', link: { from: 'm1', to: 'm2' }, dial: 'delay', value },
  })
  const { lanes } = played(
    [
      [1000, turned(20)],
      [2000, turned(40)],
      [3000, turned(0)],
    ],
    4000,
  )
  expect(
    lanes.faults.tracks.flatMap(({ spans }) => spans.map(({ from, to }) => [from, to])),
  ).toEqual([
    [1000, 2000],
    [2000, 3000],
  ])
})

test('the holder of a plain key has it until the key is deleted', () => {
  const { trace, lanes } = played(
    [
      [0, { client: 'a', request: { type: 'Put', key: 'job', value: 'a' } }],
      [1000, { client: 'a', request: { type: 'DeleteRange', key: 'job' } }],
    ],
    2000,
  )
  const at = (type: TraceEvent['type']) => trace.find((event) => event.type === type)!.at
  expect(lanes.locks.plain('job')?.spans.map(({ from, to }) => [from, to])).toEqual([
    [at('key-put'), at('key-deleted')],
  ])
})

test('two clients are inside until one is left, also where there were three', () => {
  const sections = new Sections(() => null)
  let id = 0
  const note = (at: number, type: 'section-entered' | 'section-left', client: string) =>
    sections.note({
      type,
      client,
      section: '/job',
      id: ++id,
      at,
      level: 'lease',
      causes: [],
    } as unknown as TraceEvent)
  for (const [at, client] of [
    [100, 'a'],
    [200, 'b'],
    [300, 'c'],
  ] as const)
    note(at, 'section-entered', client)
  note(400, 'section-left', 'a')
  expect(sections.twoIn('/job').map(({ from, to }) => [from, to])).toEqual([
    [200, Number.POSITIVE_INFINITY],
  ])
  note(500, 'section-left', 'b')
  expect(sections.twoIn('/job').map(({ from, to }) => [from, to])).toEqual([[200, 500]])
})

test('overlapping stretches are one stretch, as long as the longest', () => {
  const covers = [
    { from: 10, to: 50 },
    { from: 20, to: 30 },
    { from: 50, to: 55 },
    { from: 90, to: 200 },
  ]
  expect(covered({ from: 0, to: 100 }, covers)).toEqual([
    { from: 10, to: 55 },
    { from: 90, to: 100 },
  ])
})
