// The lanes against the run itself: what the ledger makes of the trace is what the simulation holds, at every event of every ready scenario.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FOREVER } from '../../lease/lessor'
import { Timeline } from '../../replay/timeline'
import { parseScenario, runScenario } from '../../scenario/scenario'
import type { Fault } from '../../sim/command'
import type { Recording } from '../../sim/recording'
import type { Simulation } from '../../sim/simulation'
import { fuzz } from '../../test/fuzz'
import { authority, nobodyCounts } from '../views'
import type { Life } from './lives'
import { TapeLedger } from './tape-ledger'

const FOLDER = join(import.meta.dirname, '../../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/** The deadline of every lease that the authority has, null where it does not count; leases that it has not applied yet are left out. */
function deadlinesOf(sim: Simulation): Map<string, number | null> {
  const counts = !nobodyCounts(sim)
  return new Map(
    authority(sim)
      .leases()
      .map(({ id, deadline }) => [id, deadline === FOREVER || !counts ? null : deadline]),
  )
}

function deadlinesIn(ledger: TapeLedger): Map<string, number | null> {
  const living = ledger.lives.tracks.filter(({ to }) => to === Number.POSITIVE_INFINITY) as Life[]
  return new Map(living.map(({ lease, deadlines }) => [lease, deadlines.at(-1) === Number.POSITIVE_INFINITY ? null : deadlines.at(-1)!]))
}

/** All that a ledger tells: what it keeps to itself is not compared. */
function contents(ledger: TapeLedger): unknown {
  const lanes = Object.entries(ledger.lanes).map(([name, { tracks, marks, living }]) => ({ name, tracks, marks, living }))
  const places = ledger.spacing.window(0, 1e9, 1e9)
  return JSON.stringify({ lanes, times: [...places.times], places: [...places.places] })
}

const sorted = (lines: string[]): string[] => lines.sort()

/** Plays a recording step by step until `stop` and holds the ledger against the run at each; how many deadlines were compared. */
function compared(recording: Recording, stop: number): number {
  const timeline = new Timeline(recording)
  const ledger = new TapeLedger()
  let count = 0
  while (timeline.nextAt() <= stop && timeline.step()) {
    ledger.follow(timeline.trace)
    const { sim } = timeline
    const truth = deadlinesOf(sim)
    for (const [lease, deadline] of deadlinesIn(ledger)) {
      // A member that others stand behind may not have applied it yet.
      if (!truth.has(lease)) continue
      count++
      if (deadline !== truth.get(lease))
        expect({ at: sim.now, lease, deadline }).toEqual({ at: sim.now, lease, deadline: truth.get(lease) })
    }
    const believed = sim.clients.flatMap(({ id, beliefs }) =>
      beliefs.filter(({ lost, until }) => !lost && until !== null).map(({ lease, until }) => `${id} ${lease} ${until}`),
    )
    const held = ledger.beliefs.held().map(({ client, lease, until }) => `${client} ${lease} ${until}`)
    if (sorted(held).join() !== sorted(believed).join()) expect({ at: sim.now, believed: held }).toEqual({ at: sim.now, believed })
  }
  return count
}

describe.each(names)('%s', (name) => {
  const { recording } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))

  test('deadlines and beliefs are those of the run at every step', () => {
    const count = compared(recording, (recording.commands.at(-1)?.at ?? 0) + 20_000)
    const timeline = new Timeline(recording)
    timeline.advance((recording.commands.at(-1)?.at ?? 0) + 20_000)
    if (timeline.trace.some(({ type }) => type === 'lease-granted')) expect(count).toBeGreaterThan(0)
  })

  test('read in pieces, and after a future was cut off, it is what reading the whole gives', () => {
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

test.each([1, 2, 3, 4, 5])('deadlines and beliefs are those of a random run with faults, seed %i', (seed) => {
  const { recording } = fuzz({ seed })
  expect(compared(recording, (recording.commands.at(-1)?.at ?? 0) + 10_000)).toBeGreaterThan(0)
})

test('a client that is paused, killed, or whose clock runs fast believes what the run says it believes', () => {
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
  const commands = [...recording.commands, ...faults.map(([at, fault]) => ({ type: 'fault' as const, at, fault }))]
  const disturbed = { ...recording, commands: commands.sort((a, b) => a.at - b.at) }
  expect(compared(disturbed, 30_000)).toBeGreaterThan(0)
  const timeline = new Timeline(disturbed)
  timeline.advance(30_000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const { faults: lane, beliefs } = ledger.lanes
  const spans = lane.tracks.flatMap((track) =>
    lane.spansOf(track, 0, 30_000, 30_000).map(({ kind, from, to }) => [track.label, kind, from, to]),
  )
  expect(spans).toContainEqual(['b', 'paused', 3000, 12_000])
  // Frozen beyond its TTL, it goes on believing in a lease that is gone.
  const wrong = beliefs.tracks.flatMap((track) => beliefs.spansOf(track, 0, 30_000, 30_000)).filter(({ kind }) => kind === 'wrong')
  expect(wrong.length).toBeGreaterThan(0)
})

test('a member that was asked to end is down on the tape, leads nobody and counts nothing, as one that was killed', () => {
  const lines = ['config members=1 seed=5', '$ etcdctl lease grant 20', 'until 4', 'stop m1', 'until 9', 'restart m1', 'until 20', '----']
  const { recording } = runScenario(parseScenario(lines.join('\n')))
  expect(compared(recording, 20_000)).toBeGreaterThan(0)
  const timeline = new Timeline(recording)
  timeline.advance(20_000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const { faults, leader: leaders } = ledger.lanes
  const spans = (lane: typeof faults | typeof leaders) =>
    lane.tracks.flatMap((track) => lane.spansOf(track, 0, 20_000, 20_000).map(({ kind, from, to }) => [kind, from, to]))
  expect(spans(faults)).toContainEqual(['crashed', 4000, 9000])
  expect(spans(leaders)[0]).toEqual(['leads', 0, 4000])
  const [life] = ledger.lives.tracks
  const counted = ledger.lives.spansOf(life!, 0, 20_000).filter(({ from }) => from < 20_000)
  expect(counted.map(({ kind }) => kind)).toEqual(['live', 'uncounted', 'live'])
})
