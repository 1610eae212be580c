// The four structures under the same load, with more and more leases. Each lease is renewed every
// third of its TTL, and a pass looks for expired leases every half second. The operations of each
// structure are counted. The count runs in small portions, so that the worker stays responsive.

import { Random } from '../../base/random'
import { ExpiryHeap } from './heap'
import type { StructureName } from './names'
import { GROWTH, STRUCTURES } from './names'
import type { ExpiryStructure } from './operations'
import { ScanOfAll } from './scan'
import { SortedArray } from './sorted'
import { TimingWheel } from './wheel'

/** Operations in one virtual second, by structure; null before they are counted. */
export type GrowthRow = { leases: number; seconds: number } & Record<StructureName, number | null>

const MAKE: Record<StructureName, () => ExpiryStructure> = {
  scan: () => new ScanOfAll(),
  sorted: () => new SortedArray(),
  heap: () => new ExpiryHeap(),
  wheel: () => new TimingWheel(),
}

const SEED = 1987
const PASS_MS = 500
/** Seconds. Every lease has a whole number between these two. */
const SHORTEST_TTL = 10
const LONGEST_TTL = 60
/** The number of leases in 1000 that have lost their client when the count begins. */
const DEAD_OF_1000 = 20
/**
 * The minimum of renewals counted for each number of leases, except the largest, which runs one
 * second.
 */
const RENEWALS = 3000
/** The size of a portion, in steps of the work. */
const PORTION = 200

/** The same load for every structure. Times are virtual ms. */
interface Work {
  /** The deadline of each lease when the count begins. */
  deadlines: number[]
  /** The leases, latest deadline first: the sorted array then adds each lease at its end. */
  order: number[]
  ttls: number[]
  /** In time order. `lease` -1 is a pass. */
  steps: { at: number; lease: number }[]
  seconds: number
}

/** The load for a number of leases. */
function workOf(leases: number): Work {
  const random = new Random(SEED, `growth/${leases}`)
  // A lease is renewed about once in ten seconds.
  const seconds = Math.max(1, Math.round((RENEWALS * 10) / leases))
  const work: Work = { deadlines: [], order: [], ttls: [], steps: [], seconds }
  for (let lease = 0; lease < leases; lease++) {
    const ttl = 1000 * (SHORTEST_TTL + random.below(LONGEST_TTL - SHORTEST_TTL + 1))
    const every = Math.floor(ttl / 3)
    const first = random.below(every)
    const isDead = random.below(1000) < DEAD_OF_1000
    work.ttls.push(ttl)
    work.deadlines.push(isDead ? random.below(ttl) : first - every + ttl)
    if (!isDead)
      for (let at = first; at < seconds * 1000; at += every) work.steps.push({ at, lease })
  }
  for (let at = 0; at < seconds * 1000; at += PASS_MS) work.steps.push({ at, lease: -1 })
  work.order = work.deadlines
    .map((_, lease) => lease)
    .sort((a, b) => work.deadlines[b]! - work.deadlines[a]! || b - a)
  work.steps.sort((a, b) => a.at - b.at || a.lease - b.lease)
  return work
}

/** A count that runs in portions. */
export class Growth {
  readonly rows: GrowthRow[]
  readonly #portions: Iterator<undefined>
  #done = false

  constructor(sizes: readonly number[] = GROWTH) {
    this.rows = sizes.map((leases) => ({
      leases,
      seconds: 0,
      scan: null,
      sorted: null,
      heap: null,
      wheel: null,
    }))
    this.#portions = this.#count()
  }

  get isDone(): boolean {
    return this.#done
  }

  /** The number of leases that is being counted; null when the count is complete. */
  get counting(): number | null {
    return this.rows.find((row) => STRUCTURES.some((name) => row[name] === null))?.leases ?? null
  }

  /**
   * Counts until the count is complete or `mayGoOn` returns false. `mayGoOn` is called after each
   * portion.
   */
  go(mayGoOn: () => boolean): void {
    while (!this.#done) {
      this.#done = this.#portions.next().done === true
      if (!mayGoOn()) return
    }
  }

  /**
   * The structure with the fewest or the most operations at this number of leases. Null if that
   * number is not counted (yet).
   */
  extreme(which: 'fewest' | 'most', leases: number): StructureName | null {
    const row = this.rows.find((each) => each.leases === leases)
    if (row === undefined || STRUCTURES.some((name) => row[name] === null)) return null
    const [first] = [...STRUCTURES].sort(
      (a, b) => (which === 'fewest' ? 1 : -1) * (row[a]! - row[b]!),
    )
    return first!
  }

  *#count(): Iterator<undefined> {
    for (const row of this.rows) {
      const work = workOf(row.leases)
      row.seconds = work.seconds
      yield
      for (const name of STRUCTURES) {
        const structure = MAKE[name]()
        // Operations to fill the structure are not counted.
        const { order, deadlines } = work
        yield* inPortions(order.length, (i) => structure.set(order[i]!, deadlines[order[i]!]!))
        const before = structure.operations.total
        yield* inPortions(work.steps.length, (i) => step(structure, work, i))
        row[name] = (structure.operations.total - before) / work.seconds
        yield
      }
    }
  }
}

let whole: Growth | null = null

/** The complete count, made at the first call: about a second of work. */
export function counted(): Growth {
  whole ??= new Growth()
  whole.go(() => true)
  return whole
}

function* inPortions(count: number, does: (i: number) => void): Generator<undefined, void> {
  for (let i = 0; i < count; i++) {
    does(i)
    if (i % PORTION === PORTION - 1) yield
  }
}

/** One renewal or one pass. A client whose lease has expired gets a new lease at once. */
function step(structure: ExpiryStructure, { steps, ttls }: Work, i: number): void {
  const { at, lease } = steps[i]!
  if (lease >= 0) structure.set(lease, at + ttls[lease]!)
  else for (const expired of structure.pass(at)) structure.set(expired, at + ttls[expired]!)
}
