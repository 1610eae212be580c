// Virtual clocks: ours is the schedule with functions as entries; the libraries put their own setTimeout in the place of the platform's.

import { mock } from 'node:test'
import FakeTimers from '@sinonjs/fake-timers'
import { Heap } from '../../base/heap'
import { Random } from '../../base/random'
import { Schedule } from '../../clock/schedule'
import type { Batch } from './child'

interface Clock {
  set(at: number, callback: () => void): unknown
  runAll(): void
}

function ours(): Clock {
  const schedule = new Schedule<() => void>()
  let now = 0
  return {
    set: (delay, callback) => schedule.add(now + delay, callback),
    runAll: () => {
      for (let due = schedule.next(); due !== undefined; due = schedule.next()) {
        now = due.at
        due.entry()
      }
    },
  }
}

function fakeTimers(): Clock & { clear(timer: unknown): void } {
  const clock = FakeTimers.createClock(0, Number.MAX_SAFE_INTEGER)
  return {
    set: (delay, callback) => clock.setTimeout(callback, delay),
    clear: (timer) => clock.clearTimeout(timer as number),
    runAll: () => {
      clock.runAll()
    },
  }
}

function nodeTest(): Clock & { clear(timer: unknown): void } {
  mock.timers.enable({ apis: ['setTimeout'] })
  return {
    set: (delay, callback) => setTimeout(callback, delay),
    clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
    runAll: () => mock.timers.runAll(),
  }
}

const contenders: Record<string, () => Clock> = { ours, 'node:test': nodeTest, 'fake-timers': fakeTimers }
export const clockNames = Object.keys(contenders)

/** Schedules n timers at random times, then runs all. One operation is one timer. */
function timers(name: string, n: number): Batch {
  const random = new Random(n, 'delays')
  const delays = Array.from({ length: n }, () => 1 + random.below(1_000_000))
  const clock = contenders[name]!()
  let check = 0
  let last = 0
  const callbacks = delays.map((delay) => () => {
    if (delay < last) throw new Error(`${name} ran a timer too early`)
    last = delay
    check++
  })
  const run = () => {
    last = 0
    for (let i = 0; i < n; i++) clock.set(delays[i]!, callbacks[i]!)
    clock.runAll()
    return n
  }
  run()
  return { run, check }
}

/** How often each lease is kept alive before its client stops and the lease ends. */
const BEATS = 8

/** n leases, each with a keep-alive timer that comes every third of its TTL and moves its expiry. One operation is one keep-alive. */
function keepAlives(name: string, n: number): Batch {
  const random = new Random(n, 'ttls')
  const ttls = Float64Array.from({ length: n }, () => 3 * (1000 + random.below(20_000)))
  return name === 'ours' ? keptByUs(ttls) : keptBy(contenders[name]!() as ReturnType<typeof fakeTimers>, ttls)
}

/** As the engine does it: keep-alives are in the schedule, deadlines in a heap of their own where they are moved. */
function keptByUs(ttls: Float64Array): Batch {
  const n = ttls.length
  const schedule = new Schedule<() => void>()
  const expiry = new Heap({ capacity: n })
  let now = 0
  let beats = 0
  let ended = 0
  const left = new Int32Array(n)
  const callbacks = Array.from({ length: n }, (_, id) => () => {
    beats++
    expiry.set(id, now + ttls[id]!)
    if (--left[id]! > 0) schedule.add(now + ttls[id]! / 3, callbacks[id]!)
  })
  const run = () => {
    left.fill(BEATS)
    for (let id = 0; id < n; id++) {
      expiry.set(id, now + ttls[id]!)
      schedule.add(now + ttls[id]! / 3, callbacks[id]!)
    }
    while (expiry.size > 0) {
      if (schedule.nextAt() <= expiry.peekTime()) {
        const due = schedule.next()!
        now = due.at
        due.entry()
      } else {
        now = expiry.peekTime()
        expiry.pop()
        ended++
      }
    }
    return n * BEATS
  }
  run()
  return { run, check: beats * 31 + ended }
}

/** As one does it with setTimeout: every keep-alive clears the expiry timer and sets another. */
function keptBy(clock: ReturnType<typeof fakeTimers>, ttls: Float64Array): Batch {
  const n = ttls.length
  let beats = 0
  let ended = 0
  const left = new Int32Array(n)
  const expiries: unknown[] = Array(n)
  const end = () => {
    ended++
  }
  const callbacks = Array.from({ length: n }, (_, id) => () => {
    beats++
    clock.clear(expiries[id])
    expiries[id] = clock.set(ttls[id]!, end)
    if (--left[id]! > 0) clock.set(ttls[id]! / 3, callbacks[id]!)
  })
  const run = () => {
    left.fill(BEATS)
    for (let id = 0; id < n; id++) {
      expiries[id] = clock.set(ttls[id]!, end)
      clock.set(ttls[id]! / 3, callbacks[id]!)
    }
    clock.runAll()
    return n * BEATS
  }
  run()
  return { run, check: beats * 31 + ended }
}

export const clockCells: Record<string, (name: string, n: number) => Batch> = { timers, 'keep-alives': keepAlives }
