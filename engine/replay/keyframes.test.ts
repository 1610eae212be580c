import { expect, test } from 'vitest'
import { DEFAULT_CONFIG } from '../sim/command'
import { States } from '../test/states'
import { Timeline } from './timeline'

function long(): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 3,
    config: { ...DEFAULT_CONFIG, members: 3, latencyMs: 5 },
    commands: [
      {
        type: 'program',
        client: 'svc',
        program: [{ op: 'session', ttlSeconds: 4, as: 'l' }],
        at: 0,
      },
      { type: 'fault', fault: { type: 'crash', member: 'm1' }, at: 20_000 },
      { type: 'console', terminal: 't1', text: 'etcdctl put a 1', mode: 'strict', at: 45_000 },
      { type: 'fault', fault: { type: 'restart', member: 'm1' }, at: 60_000 },
    ],
  })
  timeline.advance(180_000)
  return timeline
}

test('a seek from a keyframe gives the state that playing gives', () => {
  const played = new Timeline(long().recording())
  const sought = long()
  const states = new States()
  expect(sought.keyframes.size).toBeGreaterThan(5)
  const texts = new Map<number, string>()
  for (let at = 0; at <= 180_000; at += 9_137) {
    played.advance(at)
    texts.set(at, states.textOf(played.sim.save()))
  }
  const times = [...texts.keys()]
  for (const at of [...times.reverse(), ...times.filter((_, i) => i % 3 === 0)]) {
    sought.seek({ at })
    expect(states.textOf(sought.sim.save())).toBe(texts.get(at))
  }
})

test('playing on from a keyframe changes no keyframe', () => {
  const timeline = long()
  const before = JSON.stringify(timeline.keyframes)
  for (const frame of timeline.keyframes.list()) freeze(frame)
  for (const at of [170_000, 3_000, 61_000, 30_000, 180_000, 0, 180_000]) timeline.seek({ at })
  expect(JSON.stringify(timeline.keyframes)).toBe(before)
})

test('the number of keyframes is limited, and the newest lie closest together', () => {
  // A tenth of the usual distance, so that a tenth of the time is long enough to thin them.
  const timeline = new Timeline(
    { leasescope: 1, seed: 1, config: { ...DEFAULT_CONFIG, members: 3 }, commands: [] },
    undefined,
    80,
  )
  timeline.advance(250_000)
  const at = timeline.keyframes.list().map(({ last }) => last)
  expect(at.length).toBeLessThanOrEqual(128)
  expect(timeline.trace.length).toBeGreaterThan(128 * 100)
  const gaps = at.slice(1).map((last, i) => last - at[i]!)
  expect(gaps.at(-1)).toBeLessThan(300)
  expect(Math.max(...gaps)).toBeLessThan(timeline.trace.length / 6)
})

function freeze(value: unknown): void {
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.isFrozen(value) ||
    ArrayBuffer.isView(value)
  )
    return
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
}
