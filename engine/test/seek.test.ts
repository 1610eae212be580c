// Going to any moment gives the very state that playing to it gives: at every event of every story, in an order that goes to and fro, across many keyframes.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash } from '../base/hash'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { Recording } from '../sim/recording'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/** Virtual ms that a story is played on for after its last command. */
const ONWARD_MS = 8000
/** Close enough that most seeks begin at a keyframe, far enough that most have something to play. */
const KEYFRAME_EVENTS = 40

const stateOf = (timeline: Timeline): string => hash(JSON.stringify(timeline.sim.save()))
const recordingOf = (name: string): Recording => runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8'))).recording

/** The state after each step that had events, by the last of them. */
function statesOf(timeline: Timeline, until: number): Map<number, string> {
  const states = new Map<number, string>()
  for (;;) {
    const before = timeline.lastEvent
    if (timeline.nextAt() > until || !timeline.step()) return states
    if (timeline.lastEvent > before) states.set(timeline.lastEvent, stateOf(timeline))
  }
}

describe.each(names)('%s', (name) => {
  test('at every event', { timeout: 120_000 }, () => {
    const recording = recordingOf(name)
    const until = (recording.commands.at(-1)?.at ?? 0) + ONWARD_MS
    const states = statesOf(new Timeline(recording), until)
    const sought = new Timeline(recording, undefined, KEYFRAME_EVENTS)
    sought.advance(until)
    const trace = [...sought.trace]
    // In eleven passes, every other one backwards: each event once, none from the one beside it.
    for (let pass = 0; pass < 11; pass++) {
      const events = [...states.keys()].filter((_, i) => i % 11 === pass)
      for (const event of pass % 2 === 0 ? events : events.reverse()) {
        sought.seek({ event })
        if (stateOf(sought) !== states.get(event)) expect.fail(`the state after event ${event} is another`)
      }
    }
    expect(sought.trace).toEqual(trace)
  })
})

test('wherever one goes in between, a story goes on as if one had only played', () => {
  const recordings = names.map(recordingOf).filter(({ commands }) => commands.length < 40)
  fc.assert(
    fc.property(fc.nat(recordings.length - 1), fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }), (which, places) => {
      const recording = recordings[which]!
      const timeline = new Timeline(recording, undefined, KEYFRAME_EVENTS)
      const until = Math.min(20_000, (recording.commands.at(-1)?.at ?? 0) + 2000)
      for (const place of places) timeline.seek({ at: Math.floor((until * place) / 1000) })
      timeline.seek({ at: until })
      const played = new Timeline(recording)
      played.advance(until)
      expect(stateOf(timeline)).toBe(stateOf(played))
      expect(timeline.trace.slice(0, timeline.lastEvent)).toEqual(played.trace)
    }),
    { numRuns: 25, seed: 1 },
  )
})
