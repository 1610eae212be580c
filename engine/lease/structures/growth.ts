// The four structures at the same work, with more and more leases: each lease is renewed every
// third of its TTL, and a pass looks for expired leases every half second. The operations of each
// are counted. The count goes on in small portions, so that the worker stays free in between.

import { Random } from '../../base/random'
import { ExpiryHeap } from './heap'
import type { StructureName } from './names'
import { GROWTH, STRUCTURES } from './names'
import type { ExpiryStructure } from './operations'
import { ScanOfAll } from './scan'
import { SortedArray } from './sorted'
import { TimingWheel } from './wheel'

/** Operations in one virtual second, by structure; null: not counted yet. */
export type GrowthRow = { leases: number; seconds: number } & Record<StructureName, number | null>

const MAKE: Record<StructureName, () => ExpiryStructure> = {
  scan: () => new ScanOfAll(),
  sorted: () => new SortedArray(),
  heap: () => new ExpiryHeap(),
  wheel: () => new TimingWheel(),
}

const SEED = 1987
const PASS_MS = 500
/** Seconds: every lease has a whole number between them. */
const SHORTEST_TTL = 10
const LONGEST_TTL = 60
/** Of a thousand leases so many have lost their client when the count begins. */
const DEAD_OF_1000 = 20
/** Renewals that are counted at least, but for the second that the largest number takes. */
const RENEWALS = 3000
/** A portion, in steps of the work. */
const PORTION = 200

/** What happens to the leases, the same for every structure. Times are virtual ms. */
interface Work {
  /** The deadline of each lease when the count begins. */
  deadlines: number[]
  /** The leases, the latest deadline first: the sorted array takes each one at its end. */
  order: number[]
  ttls: number[]
  /** In the order of time; `lease` -1 is a pass. */
  steps: { at: number; lease: number }[]
  seconds: number
}

/** The work of so many leases. */
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

/** A count that goes on. */
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

  /** How many leases are being counted now; null once all are. */
  get counting(): number | null {
    return this.rows.find((row) => STRUCTURES.some((name) => row[name] === null))?.leases ?? null
  }

  /** Counts until all is counted or `mayGoOn` answers false, which is asked after each portion. */
  go(mayGoOn: () => boolean): void {
    while (!this.#done) {
      this.#done = this.#portions.next().done === true
      if (!mayGoOn()) return
    }
  }

  /**
   * The structure with the fewest or the most operations at so many leases; null before that is
   * counted, and for a number that is not counted.
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
        // Filling is not counted.
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

/** The whole count, made at the first call: about a second of work. */
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

/** One renewal, or one pass; a client whose lease has expired registers again at once. */
function step(structure: ExpiryStructure, { steps, ttls }: Work, i: number): void {
  const { at, lease } = steps[i]!
  if (lease >= 0) structure.set(lease, at + ttls[lease]!)
  else for (const expired of structure.pass(at)) structure.set(expired, at + ttls[expired]!)
}
