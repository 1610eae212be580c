import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Heap } from '../../base/heap'
import { ExpiryHeap } from './heap'
import type { ExpiryStructure } from './operations'
import { Operations } from './operations'
import { ScanOfAll } from './scan'
import { SortedArray } from './sorted'
import { TimingWheel } from './wheel'

/** The engine's own lease queue, as one more structure. */
class EngineQueue implements ExpiryStructure {
  readonly operations = new Operations()
  readonly #heap = new Heap()
  set(entry: number, at: number): void {
    this.#heap.set(entry, at)
  }
  delete(entry: number): void {
    this.#heap.delete(entry)
  }
  pass(now: number): number[] {
    const due: number[] = []
    while (this.#heap.peekTime() <= now) due.push(this.#heap.pop())
    return due
  }
}

const make = {
  scan: () => new ScanOfAll(),
  sorted: () => new SortedArray(),
  heap: () => new ExpiryHeap(),
  wheel: () => new TimingWheel(),
}

const entry = fc.nat(40)
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('set' as const),
      entry,
      in: fc.oneof(fc.nat(3000), fc.nat(300_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delete' as const), entry }) },
  // The pass of a frozen leader is late.
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      after: fc.oneof(fc.constant(500), fc.nat(200_000)),
    }),
  },
)
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

function play(structure: ExpiryStructure, acts: readonly Act[]): number[][] {
  const found: number[][] = []
  let now = 0
  for (const each of acts) {
    if (each.type === 'set') structure.set(each.entry, now + each.in)
    else if (each.type === 'delete') structure.delete(each.entry)
    else {
      now += each.after
      found.push(structure.pass(now))
    }
  }
  found.push(structure.pass(1e9))
  return found
}

test.each(Object.entries(make))(
  "%s finds the same leases in the same order as the engine's queue",
  (_, structure) => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        expect(play(structure(), acts)).toEqual(play(new EngineQueue(), acts))
      }),
      { numRuns: 300 },
    )
  },
)

/** Operations of one call on `count` leases that are due one millisecond apart. */
function costOf(
  structure: ExpiryStructure,
  count: number,
  does: (structure: ExpiryStructure) => void,
): [comparisons: number, moves: number] {
  for (let i = 0; i < count; i++) structure.set(i, 10_000 + i)
  const { comparisons, moves } = structure.operations
  does(structure)
  return [structure.operations.comparisons - comparisons, structure.operations.moves - moves]
}

describe('counted operations', () => {
  const renewFirst = (structure: ExpiryStructure) => structure.set(0, 20_000)
  const pass = (structure: ExpiryStructure) => structure.pass(500)
  test('a pass that finds nothing reads all leases, one lease, or two slots', () => {
    expect(costOf(make.scan(), 64, pass)).toEqual([64, 0])
    expect(costOf(make.sorted(), 64, pass)).toEqual([1, 0])
    expect(costOf(make.heap(), 64, pass)).toEqual([1, 0])
    expect(costOf(make.wheel(), 64, pass)).toEqual([2, 0])
  })
  test('a renewal moves the first lease to the last deadline', () => {
    expect(costOf(make.scan(), 64, renewFirst)).toEqual([0, 1])
    // Two searches of six comparisons. Every other lease shifts by one place, and the entry itself
    // is written.
    const [comparisons, moves] = costOf(make.sorted(), 64, renewFirst)
    expect([comparisons <= 14, moves]).toEqual([true, 64])
    // Down six levels: two comparisons and one swap each, and the deadline itself. The last level
    // has one child.
    expect(costOf(make.heap(), 64, renewFirst)[1]).toBeLessThanOrEqual(1 + 2 * 6)
    expect(costOf(make.wheel(), 64, renewFirst)).toEqual([0, 2])
  })
})
