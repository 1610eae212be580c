// The expiry queue in three uses, each contender behind the same few calls. If a library cannot
// move an entry, a renewal pushes a second entry. An entry whose deadline is not the lease's own is
// stale and skipped.

import FlatQueue from 'flatqueue'
import { MinQueue } from 'heapify'
import TinyQueue from 'tinyqueue'
import { Heap } from '../../base/heap'
import { Random } from '../../base/random'
import type { Batch } from './batch'

interface Queue {
  /** Adds a new lease. */
  add(id: number, time: number): void
  /** Removes and returns the first lease; -1 for an empty queue. Only after `add`. */
  take(): number
  /** Adds a lease or moves it. */
  set(id: number, time: number): void
  delete(id: number): void
  /** Removes and returns the first lease that is due at `now`; -1 for none. */
  due(now: number): number
}

/** The common interface of the libraries. */
interface Plain {
  push(id: number, time: number): void
  pop(): number
  /** Infinity for an empty queue. */
  firstTime(): number
}

class Ours implements Queue {
  readonly #heap: Heap
  constructor(leases: number) {
    this.#heap = new Heap({ capacity: leases })
  }
  add(id: number, time: number): void {
    this.#heap.set(id, time)
  }
  take(): number {
    return this.#heap.pop()
  }
  set(id: number, time: number): void {
    this.#heap.set(id, time)
  }
  delete(id: number): void {
    this.#heap.delete(id)
  }
  due(now: number): number {
    return this.#heap.peekTime() <= now ? this.#heap.pop() : -1
  }
}

class Lazy implements Queue {
  readonly #plain: Plain
  readonly #deadlines: Float64Array
  constructor(plain: Plain, leases: number) {
    this.#plain = plain
    this.#deadlines = new Float64Array(leases).fill(-1)
  }
  add(id: number, time: number): void {
    this.#plain.push(id, time)
  }
  take(): number {
    return this.#plain.pop()
  }
  set(id: number, time: number): void {
    this.#deadlines[id] = time
    this.#plain.push(id, time)
  }
  delete(id: number): void {
    this.#deadlines[id] = -1
  }
  due(now: number): number {
    for (;;) {
      const time = this.#plain.firstTime()
      if (time > now) return -1
      const id = this.#plain.pop()
      if (id < 0) return -1
      if (this.#deadlines[id] === time) {
        this.#deadlines[id] = -1
        return id
      }
    }
  }
}

class Flat implements Plain {
  readonly #queue: FlatQueue
  constructor(capacity: number) {
    this.#queue = new FlatQueue(capacity)
  }
  push(id: number, time: number): void {
    this.#queue.push(id, time)
  }
  pop(): number {
    return this.#queue.pop() ?? -1
  }
  firstTime(): number {
    return this.#queue.peekValue() ?? Number.POSITIVE_INFINITY
  }
}

class Heapify implements Plain {
  readonly #queue: MinQueue
  constructor(capacity: number) {
    this.#queue = new MinQueue(capacity)
  }
  push(id: number, time: number): void {
    this.#queue.push(id, time)
  }
  pop(): number {
    return this.#queue.pop() ?? -1
  }
  firstTime(): number {
    return this.#queue.size === 0 ? Number.POSITIVE_INFINITY : this.#queue.peekPriority()
  }
}

class Tiny implements Plain {
  readonly #queue = new TinyQueue<{ id: number; time: number }>([], (a, b) => a.time - b.time)
  push(id: number, time: number): void {
    this.#queue.push({ id, time })
  }
  pop(): number {
    return this.#queue.pop()?.id ?? -1
  }
  firstTime(): number {
    return this.#queue.peek()?.time ?? Number.POSITIVE_INFINITY
  }
}

/** Room for the stale entries of a lazy queue. */
const PILE = 16

const contenders: Record<string, (leases: number) => Queue> = {
  ours: (leases) => new Ours(leases),
  flatqueue: (leases) => new Lazy(new Flat(PILE * leases), leases),
  heapify: (leases) => new Lazy(new Heapify(PILE * leases), leases),
  tinyqueue: (leases) => new Lazy(new Tiny(), leases),
}
export const queueNames = Object.keys(contenders)

// heapify keeps times as Uint32, so all times are integers below 2^32.
const LONGEST = 0x400_0000
/** The number of random numbers drawn in advance, for operations that need one each. */
const POOL = 1 << 20

/**
 * (a): n leases are granted with random deadlines, then all expire in order. One operation is one
 * lease.
 */
function grantAndExpire(name: string, n: number): Batch {
  const random = new Random(n, 'deadlines')
  // New deadlines each time: a branch predictor soon learns a thousand of them.
  const drawn = Float64Array.from({ length: Math.max(n, POOL) }, () => random.below(0xffff_ffff))
  let from = 0
  const next = () => {
    const times = drawn.subarray(from, from + n)
    from = from + 2 * n <= drawn.length ? from + n : 0
    return times
  }
  const queue = contenders[name]!(n)
  const times = next()
  for (let id = 0; id < n; id++) queue.add(id, times[id]!)
  let check = 0
  for (let k = 0; k < n; k++) check = (Math.imul(check, 31) + times[queue.take()]!) | 0
  const run = () => {
    const times = next()
    let sum = 0
    for (let id = 0; id < n; id++) queue.add(id, times[id]!)
    for (let k = 0; k < n; k++) sum += queue.take()
    if (sum !== (n * (n - 1)) / 2) throw new Error(`${name} lost a lease`)
    return n
  }
  return { run, check }
}

/**
 * (b): each operation renews a random lease of n by its own TTL. About 5 % of the leases miss it,
 * expire and are granted again.
 */
function renew(name: string, n: number): Batch {
  const random = new Random(n, 'renewals')
  const picks = Int32Array.from({ length: POOL }, () => random.below(n))
  // On average n operations lie between two renewals of a lease; e^-3 is 5 %.
  const ttls = Float64Array.from({ length: n }, () => Math.floor(2.5 * n) + random.below(n))
  const queue = contenders[name]!(n)
  let now = 0
  let expired = 0
  const renewals = (count: number) => {
    for (const end = now + count; now < end; now++) {
      const id = picks[now & (POOL - 1)]!
      queue.set(id, now + ttls[id]!)
      for (let gone = queue.due(now); gone >= 0; gone = queue.due(now)) {
        expired++
        queue.set(gone, now + ttls[gone]!)
      }
    }
    return count
  }
  for (let id = 0; id < n; id++) queue.set(id, ttls[id]!)
  renewals(8 * n)
  const check = expired
  return { run: () => renewals(Math.max(n, 1 << 14)), check }
}

const GRANT = 0
const RENEW = 1
const REVOKE = 2
const EXPIRE_TWO = 3

/**
 * (c): 25 % grants, 60 % renewals, 5 % revokes, 10 % that expire the first two. After every twenty
 * operations the number of leases is the same.
 */
function mixed(name: string, n: number): Batch {
  const script = mixedScript(n)
  const { ops, ids, times } = script
  let check = 0
  let queue: Queue
  const fill = () => {
    queue = contenders[name]!(script.slots)
    for (let id = 0; id < n; id++) queue.set(id, script.start[id]!)
  }
  const run = () => {
    check = 0
    for (let i = 0; i < ops.length; i++) {
      const op = ops[i]
      if (op === GRANT || op === RENEW) queue.set(ids[i]!, times[i]!)
      else if (op === REVOKE) queue.delete(ids[i]!)
      else
        check =
          (Math.imul(check, 31) + queue.due(Number.MAX_VALUE) * 7 + queue.due(Number.MAX_VALUE)) | 0
    }
    return ops.length
  }
  fill()
  run()
  return { before: fill, run, check }
}

/**
 * The operations are drawn in advance, with distinct deadlines: every contender then expires the
 * same leases in the same order.
 */
function mixedScript(n: number) {
  const random = new Random(n, 'mixed')
  const count = 20 * Math.ceil(Math.max(4 * n, 1 << 16) / 20)
  const ops = new Uint8Array(count)
  const ids = new Int32Array(count)
  const times = new Float64Array(count)
  const slots = n + 20
  const heap = new Heap({ capacity: slots })
  const taken = new Set<number>()
  let now = 0
  const deadline = () => {
    let time = now + 1 + random.below(LONGEST)
    while (taken.has(time)) time++
    taken.add(time)
    return time
  }
  const live = Int32Array.from({ length: slots }, (_, i) => i)
  const placeOf = live.slice()
  // live[0 … alive-1] are the existing leases, the rest are free slots.
  let alive = n
  const swap = (id: number, place: number) => {
    const other = live[place]!
    live[placeOf[id]!] = other
    placeOf[other] = placeOf[id]!
    live[place] = id
    placeOf[id] = place
  }
  const start = Float64Array.from({ length: n }, deadline)
  for (let id = 0; id < n; id++) heap.set(id, start[id]!)
  const block = [...Array(5).fill(GRANT), ...Array(12).fill(RENEW), REVOKE, EXPIRE_TWO, EXPIRE_TWO]
  for (let i = 0; i < count; i++) {
    const k = i % 20
    const drawn = k + random.below(20 - k)
    const op: number = block[drawn]
    block[drawn] = block[k]
    block[k] = op
    ops[i] = op
    if (op === GRANT || op === RENEW) {
      const id = op === GRANT ? live[alive++]! : live[random.below(alive)]!
      ids[i] = id
      times[i] = deadline()
      heap.set(id, times[i]!)
    } else if (op === REVOKE) {
      const id = live[random.below(alive)]!
      ids[i] = id
      heap.delete(id)
      swap(id, --alive)
    } else {
      for (let two = 0; two < 2; two++) {
        now = heap.peekTime()
        swap(heap.pop(), --alive)
      }
    }
  }
  return { ops, ids, times, start, slots }
}

export const queueCells: Record<string, (name: string, n: number) => Batch> = {
  a: grantAndExpire,
  b: renew,
  c: mixed,
}

/** Bytes per lease of our queue: with n leases, and after each was renewed three times. */
export function bytesPerLease(n: number): [number, number] {
  const before = process.memoryUsage().arrayBuffers
  const heap = new Heap({ capacity: n })
  for (let id = 0; id < n; id++) heap.set(id, id)
  const filled = process.memoryUsage().arrayBuffers
  for (let k = 0; k < 3 * n; k++) heap.set((k * 7) % n, n + k)
  const renewed = process.memoryUsage().arrayBuffers
  return heap.size === n
    ? [(filled - before) / n, (renewed - before) / n]
    : [Number.NaN, Number.NaN]
}
