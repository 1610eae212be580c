import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import { Differences } from './differences'

const config = { ...DEFAULT_CONFIG, members: 1, latencyMs: 30 }
/** A client that grants a lease and keeps it alive, or does nothing. */
const recording = (ttlSeconds: number): Recording => ({
  leasescope: 1,
  seed: 1,
  config,
  commands: [
    {
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds, as: 'lease' }],
      at: 0,
    },
  ],
})

/** Two runs played to 30 s and 20 s, with cursors at 0. They differ in the second of the cursor. */
function runs() {
  const [here, there] = [new Timeline(recording(10)), new Timeline(recording(5))]
  here.advance(30_000)
  there.advance(20_000)
  here.seek({ at: 0 })
  there.seek({ at: 0 })
  const looked: number[] = []
  const look = (): string => {
    looked.push(here.now)
    return String(Math.floor(here.now / 8000))
  }
  return { here, there, looked, look }
}

test('a step checks a limited number of times, reports how far it came, and the next step continues there', () => {
  const { here, there, looked, look } = runs()
  const all = new Differences().next(here, there, false, look)
  expect(all.at).toBeGreaterThan(0)
  const every = [...looked]
  expect(every.length).toBeGreaterThan(8)
  looked.length = 0
  // The cursor is already at 0; the next difference is the first time from 8 s on.
  const few = new Differences(2)
  expect(few.next(here, there, false, look)).toEqual({ at: null, lookedTo: every[1] })
  expect(few.next(here, there, false, look)).toEqual({ at: null, lookedTo: every[3] })
  expect(here.now).toBe(0)
  let found = few.next(here, there, false, look)
  while (found.at === null && found.lookedTo !== null) found = few.next(here, there, false, look)
  expect(found.at).toBe(every.find((at) => at >= 8000))
  expect(looked).toEqual(every.slice(0, looked.length))
})

test('a step back from beyond the checked part skips no difference', () => {
  const { here, there, looked, look } = runs()
  new Differences().next(here, there, false, look)
  const every = [...looked]
  here.seek({ at: 20_000 })
  const few = new Differences(4)
  expect(few.next(here, there, true, look)).toEqual({ at: null, lookedTo: every[3] })
  let found = few.next(here, there, true, look)
  while (found.lookedTo !== null) found = few.next(here, there, true, look)
  expect(found.at).toBe(every.find((at) => at >= 16_000))
  expect(here.now).toBe(20_000)
})

test('runs without further differences are known as such', () => {
  const { here, there, look } = runs()
  here.seek({ at: 29_999 })
  expect(new Differences().next(here, there, false, look)).toEqual({ at: null, lookedTo: null })
  // The shorter run was played as far as the longer one, and its cursor did not move.
  expect(there).toMatchObject({ now: 0, end: 30_000 })
})
