// Virtual clocks: ours is the schedule; the libraries replace the platform's setTimeout.

import { mock } from 'node:test'
import FakeTimers from '@sinonjs/fake-timers'
import { Heap } from '../../base/heap'
import { Random } from '../../base/random'
import { Schedule } from '../../clock/schedule'
import type { Batch } from './batch'

interface Clock {
  /** Calls `callback` with `id`, `delay` milliseconds from now. */
  set(delay: number, callback: (id: number) => void, id: number): unknown
  clear(timer: unknown): void
  /**
   * Runs every timer, including those that timers set. `gaps` are the steps from now to each time
   * at which a timer sets others, and past the last one.
   */
  runAll(gaps: Float64Array): void
}

function fakeTimers(): Clock {
  const clock = FakeTimers.createClock(0, Number.MAX_SAFE_INTEGER)
  return {
    set: (delay, callback, id) =>
      clock.setTimeout(callback as (...args: unknown[]) => void, delay, id),
    clear: (timer) => clock.clearTimeout(timer as number),
    runAll: () => {
      clock.runAll()
    },
  }
}

function nodeTest(): Clock {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout'] })
  return {
    set: (delay, callback, id) => setTimeout(callback, delay, id),
    clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
    // Its runAll leaves timers unrun, and in a long tick a callback sees the end of the tick as
    // now.
    runAll: (gaps) => {
      for (const gap of gaps) mock.timers.tick(gap)
    },
  }
}

const libraries: Record<string, () => Clock> = { 'node:test': nodeTest, 'fake-timers': fakeTimers }
export const clockNames = ['ours', ...Object.keys(libraries)]

const LONGEST = 1_000_000

/** Sets n timers at random times, then runs all. One operation is one timer. */
function timers(name: string, n: number): Batch {
  const random = new Random(n, 'delays')
  const drawn = Float64Array.from({ length: Math.max(n, 1 << 18) }, () => 1 + random.below(LONGEST))
  let from = 0
  const runAll = name === 'ours' ? ourTimers(n) : theirTimers(libraries[name]!(), n)
  const run = () => {
    if (runAll(drawn.subarray(from, from + n)) !== n) throw new Error(`${name} lost a timer`)
    from = from + 2 * n <= drawn.length ? from + n : 0
    return n
  }
  return { run, check: n }
}

function ourTimers(n: number): (delays: Float64Array) => number {
  const schedule = new Schedule<number>()
  let last = 0
  return (delays) => {
    let now = last
    let ran = 0
    for (let id = 0; id < n; id++) schedule.add(now + delays[id]!, id)
    for (let due = schedule.next(); due !== undefined; due = schedule.next()) {
      now = due.at
      ran += due.entry < n ? 1 : 0
    }
    last = now
    return ran
  }
}

function theirTimers(clock: Clock, n: number): (delays: Float64Array) => number {
  let ran = 0
  const callback = (id: number) => {
    ran += id < n ? 1 : 0
  }
  const gaps = Float64Array.of(LONGEST)
  return (delays) => {
    ran = 0
    for (let id = 0; id < n; id++) clock.set(delays[id]!, callback, id)
    clock.runAll(gaps)
    return ran
  }
}

/** The number of keep-alives of a lease before its client stops and the lease ends. */
const BEATS = 4

/**
 * n leases, each with a keep-alive timer that comes every third of its TTL and moves its expiry.
 * One operation is one keep-alive.
 */
function keepAlives(name: string, n: number): Batch {
  const random = new Random(n, 'ttls')
  const ttls = Float64Array.from({ length: n }, () => 3 * (1000 + random.below(20_000)))
  return name === 'ours' ? keptByUs(ttls) : keptByThem(libraries[name]!(), ttls)
}

/**
 * As in the engine: keep-alives are in the schedule, deadlines in a separate heap where they are
 * moved.
 */
function keptByUs(ttls: Float64Array): Batch {
  const n = ttls.length
  const schedule = new Schedule<number>()
  const expiry = new Heap({ capacity: n })
  const left = new Int32Array(n)
  let last = 0
  let check = 0
  const run = () => {
    let now = last
    let beats = 0
    let ended = 0
    left.fill(BEATS)
    for (let id = 0; id < n; id++) {
      expiry.set(id, now + ttls[id]!)
      schedule.add(now + ttls[id]! / 3, id)
    }
    while (expiry.size > 0) {
      if (schedule.nextAt() <= expiry.peekTime()) {
        const due = schedule.next()!
        const id = due.entry
        now = due.at
        beats++
        expiry.set(id, now + ttls[id]!)
        if (--left[id]! > 0) schedule.add(now + ttls[id]! / 3, id)
      } else {
        now = expiry.peekTime()
        expiry.pop()
        ended++
      }
    }
    last = now
    check = beats * 31 + ended
    return n * BEATS
  }
  run()
  return { run, check }
}

/** As with setTimeout: every keep-alive clears the expiry timer and sets another. */
function keptByThem(clock: Clock, ttls: Float64Array): Batch {
  const n = ttls.length
  let beats = 0
  let ended = 0
  const left = new Int32Array(n)
  const gaps = gapsBetween(ttls)
  const expiries: unknown[] = Array(n)
  const end = () => {
    ended++
  }
  const beat = (id: number) => {
    beats++
    clock.clear(expiries[id])
    expiries[id] = clock.set(ttls[id]!, end, id)
    if (--left[id]! > 0) clock.set(ttls[id]! / 3, beat, id)
  }
  const run = () => {
    left.fill(BEATS)
    for (let id = 0; id < n; id++) {
      expiries[id] = clock.set(ttls[id]!, end, id)
      clock.set(ttls[id]! / 3, beat, id)
    }
    clock.runAll(gaps)
    return n * BEATS
  }
  run()
  return { run, check: beats * 31 + ended }
}

/** The steps between the times at which something happens to leases of these TTLs. */
function gapsBetween(ttls: Float64Array): Float64Array {
  const instants = new Set<number>()
  for (const ttl of ttls) {
    for (let beat = 1; beat <= BEATS; beat++) instants.add((beat * ttl) / 3)
    instants.add((BEATS * ttl) / 3 + ttl)
  }
  const sorted = Float64Array.from(instants).sort()
  return sorted.map((at, i) => at - (i === 0 ? 0 : sorted[i - 1]!))
}

export const clockCells: Record<string, (name: string, n: number) => Batch> = {
  timers,
  'keep-alives': keepAlives,
}
