// Going to any moment gives the very state that playing to it gives: at every event of every story, in an order that goes to and fro, across many keyframes.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import { States } from './states'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/** Virtual ms that a story is played on for after its last command. */
const ONWARD_MS = 8000
/** Close enough that most seeks begin at a keyframe, far enough that most have something to play. */
const KEYFRAME_EVENTS = 20
/** Of seven events, which are sought in one pass: each event once, none from the one beside it, every seventh on the way back. */
const PASSES = [
  { back: false, places: [0, 2, 4] },
  { back: true, places: [6] },
  { back: false, places: [1, 3, 5] },
]
const OF = 7
/** So many events at the end are sought one by one from the last on. */
const LAST_EVENTS = 12

const recordings = new Map(names.map((name) => [name, runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8'))).recording]))

/** A place that was sought: the step and the time, and the state where the seek began at a keyframe. */
interface Place {
  step: number
  at: number
  state: string | null
}

/** Plays until then (virtual ms). The last event of each step that has events, the first one first. */
function playedTo(timeline: Timeline, until: number): number[] {
  const events: number[] = []
  while (timeline.nextAt() <= until) {
    const before = timeline.lastEvent
    timeline.step()
    if (timeline.lastEvent > before) events.push(timeline.lastEvent)
  }
  timeline.advance(until)
  return events
}

describe.each(names)('%s', (name) => {
  test('at every event', { timeout: 120_000 }, () => {
    const recording = recordings.get(name)!
    const until = (recording.commands.at(-1)?.at ?? 0) + ONWARD_MS
    const states = new States()
    const sought = new Timeline(recording, undefined, KEYFRAME_EVENTS)
    const events = playedTo(sought, until)
    const found = new Map<number, Place>()
    const seek = (event: number): void => {
      const { sim } = sought
      sought.seek({ event })
      if (sought.lastEvent !== event) expect.fail(`the seek to event ${event} ends after event ${sought.lastEvent}`)
      // A seek that plays on from the place before is one with what was compared there.
      const state = sought.sim === sim ? (found.get(event)?.state ?? null) : states.textOf(sought.sim)
      found.set(event, { ...sought.position, state })
    }
    for (const { back, places } of PASSES) {
      const some = events.filter((_, i) => places.includes(i % OF))
      for (const event of back ? some.reverse() : some) seek(event)
      // The next pass begins elsewhere: what the seeks forward led to is compared too.
      found.set(sought.lastEvent, { ...sought.position, state: states.textOf(sought.sim) })
    }
    for (const event of events.slice(-LAST_EVENTS).reverse()) seek(event)
    sought.seek({ at: until })

    const played = new Timeline(recording)
    let compared = 0
    for (const event of events) {
      while (played.lastEvent < event) played.step()
      const { step, at, state } = found.get(event)!
      if (step !== played.position.step || at !== played.position.at) expect.fail(`event ${event} is at another step or time`)
      if (state === null) continue
      compared++
      if (state !== states.textOf(played.sim)) expect.fail(`the state after event ${event} is another`)
    }
    expect(compared).toBeGreaterThan(events.length / OF)
    played.advance(until)
    if (JSON.stringify(sought.trace) !== JSON.stringify(played.trace)) expect(sought.trace).toEqual(played.trace)
  })
})

test('wherever one goes in between, a story goes on as if one had only played', () => {
  const short = [...recordings.values()].filter(({ commands }) => commands.length < 40)
  const states = new States()
  fc.assert(
    fc.property(fc.nat(short.length - 1), fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }), (which, places) => {
      const recording = short[which]!
      const timeline = new Timeline(recording, undefined, KEYFRAME_EVENTS)
      const until = Math.min(20_000, (recording.commands.at(-1)?.at ?? 0) + 2000)
      for (const place of places) timeline.seek({ at: Math.floor((until * place) / 1000) })
      timeline.seek({ at: until })
      const played = new Timeline(recording)
      played.advance(until)
      expect(states.textOf(timeline.sim)).toBe(states.textOf(played.sim))
      expect(timeline.trace.slice(0, timeline.lastEvent)).toEqual(played.trace)
    }),
    { numRuns: 25, seed: 1 },
  )
})
