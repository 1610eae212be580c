// One run, one trace: played twice, saved and loaded at any step. (seek.test.ts goes to and fro.)

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { Recording } from '../sim/recording'
import type { SavedSimulation } from '../sim/simulation'
import { Simulation } from '../sim/simulation'
import { States } from './states'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

function played(recording: Recording): Timeline {
  const timeline = new Timeline(recording)
  while (timeline.commandsAhead > 0) timeline.step()
  timeline.advance(timeline.now + 20_000)
  return timeline
}

/** Compares as text first: of two long traces that are the same that is all it takes. */
function expectSame(one: readonly TraceEvent[], other: readonly TraceEvent[]): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) expect(one).toEqual(other)
}

/** The saved state with every list that stands for a Map in another order: what is right must not depend on it. */
function shuffled(saved: SavedSimulation): SavedSimulation {
  const { clients, processes, shells, links } = saved
  return {
    ...saved,
    clients: clients.toReversed(),
    processes: processes.toReversed(),
    shells: shells.toReversed(),
    links: { ...links, arrivals: links.arrivals.toReversed() },
  }
}

describe.each(names)('%s', (name) => {
  const { recording } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))
  const whole = played(recording)

  test('played again it gives the same trace; saved and loaded at any step, and halfway, it goes on the same way', () => {
    const timeline = new Timeline(JSON.parse(JSON.stringify(recording)))
    const states = new States()
    const end = whole.now
    let half: { sim: Simulation; trace: TraceEvent[]; from: number } | null = null
    for (let steps = 0; ; steps++) {
      if (half === null && timeline.commandsAhead === 0) {
        const trace: TraceEvent[] = []
        const saved = JSON.parse(JSON.stringify(timeline.sim.save()))
        half = { sim: Simulation.load(shuffled(saved), (event) => trace.push(event)), trace, from: timeline.lastEvent }
      }
      // A cluster takes thousands of steps, most of them heartbeats: after the first few hundred one in 37 is enough, and of minutes of them one in 370.
      if (steps > 300 && steps % (steps > 6000 ? 370 : 37) !== 0) {
        if (timeline.nextAt() > end || !timeline.step()) break
        continue
      }
      const saved = states.throughJson(timeline.sim.save())
      const before = timeline.lastEvent
      const again: TraceEvent[] = []
      const sim = Simulation.load(shuffled(saved), (event) => again.push(event))
      const next = timeline.nextAt()
      const ahead = timeline.commandsAhead
      if (next > end || !timeline.step()) break
      // A command comes from outside: the copy is only held against what the run does by itself.
      if (timeline.commandsAhead === ahead) sim.step()
      else continue
      expectSame(again, timeline.trace.slice(before, timeline.lastEvent))
      if (JSON.stringify(sim.moves()) !== JSON.stringify(timeline.sim.moves())) expect(sim.moves()).toEqual(timeline.sim.moves())
    }
    timeline.advance(end)
    expectSame(timeline.trace, whole.trace)
    half!.sim.advance(end)
    expectSame(half!.trace, timeline.trace.slice(half!.from))
    expect(half!.sim.fingerprint()).toBe(timeline.sim.fingerprint())
  })
})

describe('acting in the past', () => {
  const recording: Recording = runScenario(parseScenario(readFileSync(join(FOLDER, 'heartbeat-stops.txt'), 'utf8'))).recording

  test('cuts the future off, and the new run is a run like any other', () => {
    const timeline = played(recording)
    const lost = timeline.trace.length
    timeline.seek({ at: 15_000 })
    expect(timeline.trace.length).toBe(lost)
    const lease = timeline.sim.members[0]!.lessor.leases()[0]!.id
    timeline.submit({ type: 'heartbeat', client: 'svc', lease, on: true })
    expect(timeline.trace.length).toBeLessThan(lost)
    timeline.advance(30_000)
    expect(timeline.sim.members[0]!.store.size).toBe(1)
    const again = new Timeline(timeline.recording())
    again.advance(30_000)
    expect(again.trace).toEqual(timeline.trace)
  })

  test('between two things due at one instant is recorded as such', () => {
    const timeline = played(recording)
    const revoked = timeline.trace.find(({ type }) => type === 'lease-revoked')!
    timeline.seek({ at: revoked.at - 1 })
    const client = timeline.sim.clients[0]!.id
    // Two requests under way that arrive together; the next command comes between their arrivals.
    timeline.submit({ type: 'request', client, request: { type: 'LeaseLeases' } })
    timeline.submit({ type: 'request', client, request: { type: 'LeaseLeases' } })
    while (timeline.trace[timeline.lastEvent - 2]?.type !== 'request-received') timeline.step()
    timeline.submit({ type: 'request', client, request: { type: 'Put', key: 'between' } })
    expect(timeline.recording().commands.at(-1)).toMatchObject({ after: 1 })
    timeline.advance(timeline.now + 1000)
    const again = new Timeline(timeline.recording())
    again.advance(timeline.now)
    expect(again.trace).toEqual(timeline.trace)
  })
})

describe('stepping', () => {
  test('back goes to the event before the one the cursor stands on, and to the event it has just passed', () => {
    const timeline = played(runScenario(parseScenario(readFileSync(join(FOLDER, 'heartbeat-stops.txt'), 'utf8'))).recording)
    const lease = (event: TraceEvent): boolean => event.level === 'lease'
    timeline.seek({ at: 19_000 })
    timeline.stepBack(lease)
    expect(timeline.now).toBe(17_194)
    timeline.stepBack(lease)
    expect(timeline.now).toBe(7_104)
    timeline.seek({ at: 0 })
    timeline.stepBack(lease)
    expect(timeline.now).toBe(0)
  })
})

test('a state that only time has passed over has the same fingerprint', () => {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: { ...runScenario(parseScenario('')).recording.config }, commands: [] })
  timeline.advance(10_000)
  const before = timeline.sim.fingerprint()
  timeline.advance(10_500)
  expect(timeline.sim.fingerprint()).toBe(before)
  timeline.advance(10_700)
  expect(timeline.sim.fingerprint()).not.toBe(before)
})
