// The time to seek to any moment of a long run, from the nearest keyframe, compared with playing
// the whole run. CPU time, so that other programs matter less.

import { Timeline } from '../../replay/timeline'
import { DEFAULT_CONFIG } from '../../sim/command'
import type { RecordedCommand } from '../../sim/recording'

const EVENTS = 100_000
const SEEKS = 150

export interface Seeks {
  story: string
  playedMs: number
  medianMs: number
  worstMs: number
  keyframes: number
}

/** Runs of 100,000 events each, sought back and forth. */
export function seekTimes(): Seeks[] {
  return [
    seeksOf('three members, one lease', 3, one()),
    seeksOf('a put every 15 ms', 3, puts()),
    seeksOf('1,000 leases', 1, leases()),
  ]
}

function seeksOf(story: string, members: number, commands: RecordedCommand[]): Seeks {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, members },
    commands,
  })
  const playedMs = taken(() => {
    while (timeline.trace.length < EVENTS) timeline.advance(timeline.now + 500)
  })
  const { end } = timeline
  // Far apart, so that none lies just before the next one.
  const places = Array.from({ length: SEEKS }, (_, i) =>
    Math.floor((end * ((i * 61) % SEEKS)) / SEEKS),
  )
  const times = places.map((at) => taken(() => timeline.seek({ at }))).sort((a, b) => a - b)
  return {
    story,
    playedMs,
    medianMs: times[SEEKS >> 1]!,
    worstMs: times.at(-1)!,
    keyframes: timeline.keyframes.size,
  }
}

function taken(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function one(): RecordedCommand[] {
  return [
    { type: 'program', client: 'svc', program: [{ op: 'session', ttlSeconds: 4, as: 'l' }], at: 0 },
  ]
}

function puts(): RecordedCommand[] {
  return Array.from({ length: 6000 }, (_, i) => ({
    type: 'request',
    client: 'c',
    request: { type: 'Put', key: `k${i % 500}`, value: 'v'.repeat(20) },
    at: i * 15,
  }))
}

function leases(): RecordedCommand[] {
  return Array.from({ length: 1000 }, (_, i) => ({
    type: 'program',
    client: `c${i}`,
    program: [
      { op: 'session', ttlSeconds: 10, as: 'l' },
      { op: 'put', key: `/svc/${i}`, value: 'up', lease: '$l' },
    ],
    at: i * 3,
  }))
}
