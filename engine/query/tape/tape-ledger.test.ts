// The lanes against the run itself: at every event of every ready scenario, the ledger's reading of
// the trace agrees with the simulation.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaseId } from '../../base/int64'
import type { LeaseId } from '../../base/rpc'
import { fuzz } from '../../fuzz/fuzz'
import { FOREVER } from '../../lease/lessor'
import { Timeline } from '../../replay/timeline'
import { parseScenario, runScenario } from '../../scenario/scenario'
import type { Fault } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import type { Recording } from '../../sim/recording'
import type { Simulation } from '../../sim/simulation'
import { authority, nobodyCounts } from '../scene'
import type { Lifetime } from './lifetimes'
import { TapeLedger } from './tape-ledger'

const FOLDER = join(import.meta.dirname, '../../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/**
 * The deadline of every lease in the authority, null where it does not count. Leases that it has
 * not applied yet are left out.
 */
function deadlinesOf(sim: Simulation): Map<string, number | null> {
  const counts = !nobodyCounts(sim)
  return new Map(
    authority(sim)
      .leases()
      .map(({ id, deadline }) => [id, deadline === FOREVER || !counts ? null : deadline]),
  )
}

function deadlinesIn(ledger: TapeLedger): Map<string, number | null> {
  const living = ledger.lanes.leases.tracks.filter(
    ({ to }) => to === Number.POSITIVE_INFINITY,
  ) as Lifetime[]
  return new Map(
    living.map(({ lease, deadlines }) => [
      lease,
      deadlines.at(-1) === Number.POSITIVE_INFINITY ? null : deadlines.at(-1)!,
    ]),
  )
}

/** The public results of a ledger; its private state is not compared. */
function contents(ledger: TapeLedger): unknown {
  const { beliefs, ...rest } = ledger.lanes
  const lanes = Object.entries(rest).map(([name, { tracks, marks }]) => ({ name, tracks, marks }))
  const believed = rest.leases.tracks.map(({ id }) => beliefs.beliefsIn(id as LeaseId))
  const places = ledger.spacing.window(0, 1e9, 1e9)
  return JSON.stringify({
    lanes,
    believed,
    living: rest.leases.living,
    times: [...places.times],
    places: [...places.places],
  })
}

const sorted = (lines: string[]): string[] => lines.sort()

/**
 * Plays a recording step by step until `stop` and compares the ledger with the run at each step.
 * Returns how many deadlines were compared.
 */
function compared(recording: Recording, stop: number): number {
  const timeline = new Timeline(recording)
  const ledger = new TapeLedger()
  let count = 0
  while (timeline.nextAt() <= stop && timeline.step()) {
    ledger.follow(timeline.trace)
    const { sim } = timeline
    const truth = deadlinesOf(sim)
    for (const [lease, deadline] of deadlinesIn(ledger)) {
      // The member that represents the cluster may not have applied it yet.
      if (!truth.has(lease)) continue
      count++
      if (deadline !== truth.get(lease))
        expect({ at: sim.now, lease, deadline }).toEqual({
          at: sim.now,
          lease,
          deadline: truth.get(lease),
        })
    }
    const believed = sim.clients.flatMap(({ id, beliefs }) =>
      beliefs
        .filter(({ lost, until }) => !lost && until !== null)
        .map(({ lease, until }) => `${id} ${lease} ${until}`),
    )
    const held = ledger.lanes.beliefs
      .held()
      .map(({ client, lease, until }) => `${client} ${lease} ${until}`)
    if (sorted(held).join() !== sorted(believed).join())
      expect({ at: sim.now, believed: held }).toEqual({ at: sim.now, believed })
  }
  return count
}

describe.each(names)('%s', (name) => {
  const { recording } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))

  test('deadlines and beliefs are those of the run at every step', () => {
    const count = compared(recording, (recording.commands.at(-1)?.at ?? 0) + 20_000)
    const timeline = new Timeline(recording)
    timeline.advance((recording.commands.at(-1)?.at ?? 0) + 20_000)
    if (timeline.trace.some(({ type }) => type === 'lease-granted'))
      expect(count).toBeGreaterThan(0)
  })

  test('reading in pieces, and after a future was cut off, gives the same as reading the whole', () => {
    const timeline = new Timeline(recording)
    timeline.advance((recording.commands.at(-1)?.at ?? 0) + 20_000)
    const { trace } = timeline
    const whole = new TapeLedger()
    whole.follow(trace)
    const pieces = new TapeLedger()
    for (let i = 0; i < trace.length; i += 7) pieces.follow(trace.slice(0, i))
    pieces.follow(trace.slice(0, Math.floor(trace.length / 3)))
    pieces.follow(trace)
    expect(contents(pieces)).toEqual(contents(whole))
  })
})

test.each([
  'frozen-leader',
  'lab-leader-change',
  'old-leader-behind-a-wall',
  'lab-late-write-fence-off',
])(
  'in %s the version counts up with every change of the shown rows, and with nothing else',
  (name) => {
    const { recording } = runScenario(
      parseScenario(readFileSync(join(FOLDER, `${name}.txt`), 'utf8')),
    )
    const timeline = new Timeline(recording)
    timeline.advance(9000)
    const ledger = new TapeLedger()
    for (
      let id = 1, { version } = ledger, shown = contents(ledger);
      id <= timeline.trace.length;
      id++
    ) {
      ledger.follow(timeline.trace.slice(0, id))
      const now = contents(ledger)
      const { type } = timeline.trace[id - 1]!
      const counts = ledger.version > version
      // A new primary counts every lease again, and without a primary no member counts.
      const expected = now !== shown || (counts && (type === 'promoted' || type === 'demoted'))
      if (counts !== expected) expect({ id, type, counts }).toEqual({ id, type, counts: expected })
      shown = now
      version = ledger.version
    }
  },
)

test('deadlines and beliefs are those of random runs with faults', () => {
  let count = 0
  for (let seed = 1; seed <= 5; seed++) {
    const { recording } = fuzz({ seed })
    count += compared(recording, (recording.commands.at(-1)?.at ?? 0) + 10_000)
  }
  expect(count).toBeGreaterThan(0)
})

test('a client that is paused, killed, or has a fast clock has the beliefs of the run', () => {
  const lines = [
    'config members=3 seed=5',
    'svc session ttl=5 key=/svc/a value=x',
    'b session ttl=8 key=/svc/b value=y',
    'until 20',
    '',
    '----',
    '',
  ]
  const { recording } = runScenario(parseScenario(lines.join('\n')))
  const faults: [number, Fault][] = [
    [2000, { type: 'clock', client: 'svc', percent: 150 }],
    [3000, { type: 'pause-client', client: 'b' }],
    [6000, { type: 'clock', client: 'svc', percent: 40 }],
    [7000, { type: 'set-clock', client: 'svc', ms: -2500 }],
    [8000, { type: 'set-clock', client: 'svc', ms: 900 }],
    [12_000, { type: 'resume-client', client: 'b' }],
    [15_000, { type: 'crash-client', client: 'svc' }],
  ]
  const commands = [
    ...recording.commands,
    ...faults.map(([at, fault]) => ({ type: 'fault' as const, at, fault })),
  ]
  const disturbed = { ...recording, commands: commands.sort((a, b) => a.at - b.at) }
  expect(compared(disturbed, 30_000)).toBeGreaterThan(0)
  const timeline = new Timeline(disturbed)
  timeline.advance(30_000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const { leases, beliefs, faults: troubles } = ledger.lanes
  // The pause of b is in the row of its lease, and not among the faults.
  const ofB = leases.tracks.find(({ marks }) => marks.some(({ text }) => text === 'b freezes'))!
  expect(
    ofB.marks
      .filter(({ kind }) => kind === 'frozen' || kind === 'woke')
      .map(({ kind, at }) => [kind, at]),
  ).toEqual([
    ['frozen', 3000],
    ['woke', 12_000],
  ])
  expect(troubles.marks.map(({ text }) => text)).toContain('svc crashes')
  expect(troubles.marks.map(({ text }) => text).join()).not.toContain('b freezes')
  // Frozen beyond its TTL, b acts as the holder of a lease that is gone until it learns of the end.
  const [wrong] = beliefs.beliefsIn(ofB.id as LeaseId).flatMap((belief) => beliefs.wrongOf(belief))
  expect(wrong!.from).toBe(ofB.to)
  expect(wrong!.to).toBeGreaterThanOrEqual(12_000)
})

test('the row of a lease has the name of the client that was granted it, whichever client renews it later', () => {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] })
  timeline.submit({
    type: 'request',
    client: 'svc',
    request: { type: 'LeaseGrant', TTL: 10, ID: leaseId(1) },
  })
  timeline.advance(500)
  timeline.submit({
    type: 'request',
    client: 'other',
    request: { type: 'LeaseKeepAlive', ID: leaseId(1) },
  })
  timeline.advance(1000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const { beliefs } = ledger.lanes
  expect(beliefs.beliefsIn(leaseId(1)).map(({ client }) => client)).toEqual(['svc', 'other'])
  expect(beliefs.ownerOf(leaseId(1))).toBe('svc')
})

test('a terminated member is down on the timeline, leads no member and counts nothing, as a killed one', () => {
  const lines = [
    'config members=1 seed=5',
    '$ etcdctl lease grant 20',
    'until 4',
    'stop m1',
    'until 9',
    'restart m1',
    'until 20',
    '----',
  ]
  const { recording } = runScenario(parseScenario(lines.join('\n')))
  expect(compared(recording, 20_000)).toBeGreaterThan(0)
  const timeline = new Timeline(recording)
  timeline.advance(20_000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const { faults, leader: leaders } = ledger.lanes
  const [led] = leaders.tracks[0]!.spans
  expect([led!.kind, led!.from, led!.to]).toEqual(['leads', 0, 4000])
  expect(leaders.marks.find(({ kind }) => kind === 'fell')).toMatchObject({
    at: 4000,
    text: 'm1 stops',
  })
  expect(faults.marks.find(({ at }) => at === 9000)?.text).toBe('m1 restarts')
  const { leases } = ledger.lanes
  const counted = leases
    .spansOf(leases.tracks[0] as Lifetime, 0, 20_000)
    .filter(({ from }) => from < 20_000)
  expect(counted.map(({ kind }) => kind)).toEqual(['live', 'uncounted', 'live'])
})

test.each(['heartbeat-stops.txt', 'lab-late-write-fence-off.txt', 'lab-slow-clock.txt'])(
  '%s: the belief at every step agrees with its history',
  (name) => {
    const { recording } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))
    const timeline = new Timeline(recording)
    const stop = (recording.commands.at(-1)?.at ?? 0) + 20_000
    // The belief of each client at the end of each instant, by the run itself and in virtual time.
    const believed = new Map<string, Map<number, number>>()
    while (timeline.nextAt() <= stop && timeline.step()) {
      const { sim } = timeline
      for (const { id, beliefs } of sim.clients)
        for (const { lease, until, lost } of beliefs) {
          const row = believed.get(`${id} ${lease}`) ?? new Map<number, number>()
          believed.set(`${id} ${lease}`, row)
          if (lost === null && until !== null) row.set(sim.now, sim.virtualOf(id, until))
          else row.delete(sim.now)
        }
    }
    const ledger = new TapeLedger()
    ledger.follow(timeline.trace)
    const { beliefs } = ledger.lanes
    expect(believed.size).toBeGreaterThan(0)
    for (const [whose, row] of believed) {
      const [client, lease] = whose.split(' ')
      const history = beliefs
        .beliefsIn(lease as LeaseId)
        .filter((belief) => belief.client === client)
      const teeth = history.flatMap((belief) => beliefs.teethOf(belief, 0, stop))
      for (const [at, until] of row) {
        let told = Number.NaN
        for (let i = 0; i < teeth.length; i += 3)
          if (teeth[i]! <= at && teeth[i + 1]! > at) told = teeth[i + 2]!
        if (told !== until) expect({ whose, at, told }).toEqual({ whose, at, told: until })
      }
    }
  },
)
