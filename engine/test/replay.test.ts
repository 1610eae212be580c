// One run, one trace: played twice, saved and loaded at any step, sought back and forth.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventId, TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Recording } from '../sim/recording'
import type { SavedSimulation } from '../sim/saved-simulation'
import { Simulation } from '../sim/simulation'
import { States } from './states'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/**
 * Virtual ms that a story is played after its last command, and the part of them in which every
 * event is sought.
 */
const ONWARD_MS = 20_000
const SOUGHT_MS = 8000
/**
 * Small enough that most seeks begin at a keyframe, large enough that most have something to play.
 */
const KEYFRAME_EVENTS = 20
/**
 * Of seven events, those sought in one pass: each event once, none from its neighbour, every
 * seventh on the way back.
 */
const PASSES = [
  { back: false, places: [0, 2, 4] },
  { back: true, places: [6] },
  { back: false, places: [1, 3, 5] },
]
const OF = 7
/** The number of events at the end that are sought one by one from the last on. */
const LAST_EVENTS = 12

const recordings = new Map<string, Recording>()

/** The recording of a story, which is played once. */
function recordingOf(name: string): Recording {
  let recording = recordings.get(name)
  if (recording === undefined) {
    recording = playScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8'))).recording
    recordings.set(name, recording)
  }
  return recording
}

/** The virtual ms of its last command. */
const lastOf = ({ commands }: Recording): number => commands.at(-1)?.at ?? 0

function played(recording: Recording): Timeline {
  const timeline = new Timeline(recording)
  timeline.advance(lastOf(recording) + ONWARD_MS)
  return timeline
}

/** Compares as text first: for two equal long lists that is enough. */
function expectSame(one: readonly unknown[], other: readonly unknown[]): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) expect(one).toEqual(other)
}

/**
 * The saved state with every list of a Map in another order: correct code must not depend on it.
 */
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

/** A sought place: the step and the time, and the state if the seek began at a keyframe. */
interface Place {
  step: number
  at: number
  state: string | null
}

/** Plays until then (virtual ms). Returns the last event of each step that has events, in order. */
function playedTo(timeline: Timeline, until: number): EventId[] {
  const events: EventId[] = []
  while (timeline.nextAt() <= until) {
    const before = timeline.lastEvent
    timeline.step()
    if (timeline.lastEvent > before) events.push(timeline.lastEvent)
  }
  timeline.advance(until)
  return events
}

/** Seeks all these events, back and forth, across many keyframes. */
function soughtAt(
  events: readonly EventId[],
  timeline: Timeline,
  states: States,
): Map<EventId, Place> {
  const found = new Map<EventId, Place>()
  const seek = (event: EventId): void => {
    const { sim } = timeline
    timeline.seek({ event })
    if (timeline.lastEvent !== event)
      expect.fail(`the seek to event ${event} ends after event ${timeline.lastEvent}`)
    // A seek that plays on from the previous place equals the state that was compared there.
    const state =
      timeline.sim === sim ? (found.get(event)?.state ?? null) : states.textOf(timeline.sim.save())
    found.set(event, { ...timeline.position, state })
  }
  for (const { back, places } of PASSES) {
    const some = events.filter((_, i) => places.includes(i % OF))
    for (const event of back ? some.reverse() : some) seek(event)
    // The next pass begins elsewhere: the results of forward seeks are compared too.
    found.set(timeline.lastEvent, {
      ...timeline.position,
      state: states.textOf(timeline.sim.save()),
    })
  }
  for (const event of events.slice(-LAST_EVENTS).reverse()) seek(event)
  return found
}

/**
 * Whether the state before this step is saved, loaded and played on. A cluster takes thousands of
 * steps, most of them heartbeats.
 */
const isLoadedAt = (step: number): boolean => step <= 300 || step % (step > 6000 ? 370 : 37) === 0

test.each(names)(
  '%s: played again, sought to and fro, and saved and loaded at any step, it is the same run',
  (name) => {
    const recording = recordingOf(name)
    const end = lastOf(recording) + ONWARD_MS
    const states = new States()
    const sought = new Timeline(recording, undefined, KEYFRAME_EVENTS)
    const events = playedTo(sought, lastOf(recording) + SOUGHT_MS)
    const places = soughtAt(events, sought, states)
    sought.advance(end)

    const timeline = new Timeline(JSON.parse(JSON.stringify(recording)))
    let compared = 0
    let half: { sim: Simulation; trace: TraceEvent[]; from: EventId } | null = null
    for (let step = 0, seen = timeline.lastEvent; ; step++) {
      const { lastEvent } = timeline
      const place = lastEvent > seen ? places.get(lastEvent) : undefined
      seen = lastEvent
      if (
        place !== undefined &&
        (place.step !== timeline.position.step || place.at !== timeline.position.at)
      ) {
        expect.fail(`event ${lastEvent} is at another step or time`)
      }
      const isHalf: boolean = half === null && timeline.commandsAhead === 0
      const isLoaded = isLoadedAt(step)
      const saved: SavedSimulation | null =
        isHalf || isLoaded || (place !== undefined && place.state !== null)
          ? timeline.sim.save()
          : null
      if (saved !== null && place !== undefined && place.state !== null) {
        compared++
        if (place.state !== states.textOf(saved))
          expect.fail(`the state after event ${lastEvent} is another`)
      }
      if (saved !== null && isHalf) {
        const trace: TraceEvent[] = []
        half = {
          sim: Simulation.load(shuffled(JSON.parse(JSON.stringify(saved))), (event) =>
            trace.push(event),
          ),
          trace,
          from: lastEvent,
        }
      }
      const again: TraceEvent[] = []
      const sim =
        saved !== null && isLoaded
          ? Simulation.load(shuffled(states.throughJson(saved)), (event) => again.push(event))
          : null
      const ahead = timeline.commandsAhead
      if (timeline.nextAt() > end || !timeline.step()) break
      // A command comes from outside: the copy is compared only with the run's own steps.
      if (sim === null || timeline.commandsAhead !== ahead) continue
      sim.step()
      expectSame(again, timeline.trace.slice(lastEvent, timeline.lastEvent))
      expectSame(sim.moves(), timeline.sim.moves())
    }
    expect(compared).toBeGreaterThan(events.length / OF)
    timeline.advance(end)
    expectSame(timeline.trace, sought.trace)
    half!.sim.advance(end)
    expectSame(half!.trace, timeline.trace.slice(half!.from))
    expect(half!.sim.fingerprint()).toBe(timeline.sim.fingerprint())
  },
)

test('after any seeks, a story continues as without them', () => {
  const short = names.map(recordingOf).filter(({ commands }) => commands.length < 40)
  const states = new States()
  fc.assert(
    fc.property(
      fc.nat(short.length - 1),
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }),
      (which, places) => {
        const recording = short[which]!
        const timeline = new Timeline(recording, undefined, KEYFRAME_EVENTS)
        const until = Math.min(20_000, lastOf(recording) + 2000)
        for (const place of places) timeline.seek({ at: Math.floor((until * place) / 1000) })
        timeline.seek({ at: until })
        const played = new Timeline(recording)
        played.advance(until)
        expect(states.textOf(timeline.sim.save())).toBe(states.textOf(played.sim.save()))
        expectSame(timeline.trace.slice(0, timeline.lastEvent), played.trace)
      },
    ),
    { numRuns: 25, seed: 1 },
  )
})

describe('acting in the past', () => {
  const recording = recordingOf('heartbeat-stops.txt')

  test('cuts the future off, and the new run is a normal run', () => {
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

  test('between two entries due at one time is recorded as such', () => {
    const timeline = played(recording)
    const revoked = timeline.trace.find(({ type }) => type === 'lease-revoked')!
    timeline.seek({ at: revoked.at - 1 })
    const client = timeline.sim.clients[0]!.id
    // Two pending requests that arrive together; the next command comes between their arrivals.
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
  test('back goes to the event before the current one, and to the event that it has just passed', () => {
    const timeline = played(recordingOf('heartbeat-stops.txt'))
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

test('a state in which only time has passed has the same fingerprint', () => {
  const timeline = new Timeline(playScenario(parseScenario('')).recording)
  timeline.advance(10_000)
  const before = timeline.sim.fingerprint()
  timeline.advance(10_500)
  expect(timeline.sim.fingerprint()).toBe(before)
  timeline.advance(10_700)
  expect(timeline.sim.fingerprint()).not.toBe(before)
})
