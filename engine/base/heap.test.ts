import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Heap } from './heap'

type Row = { slot: number; time: number; order: number }

/** The plain model: an array, sorted on every read. */
class Sorted {
  rows: Row[] = []
  set(slot: number, time: number, order: number): void {
    this.delete(slot)
    this.rows.push({ slot, time, order })
    this.rows.sort((a, b) => a.time - b.time || a.order - b.order || a.slot - b.slot)
  }
  delete(slot: number): boolean {
    const before = this.rows.length
    this.rows = this.rows.filter((row) => row.slot !== slot)
    return this.rows.length < before
  }
}

function drained(heap: Heap): number[] {
  const slots: number[] = []
  while (heap.size > 0) slots.push(heap.pop())
  return slots
}

const small = fc.nat({ max: 90 })
const command = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('set' as const),
      slot: small,
      time: fc.nat({ max: 40 }),
      order: fc.nat({ max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), slot: small }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pop' as const) }) },
)

describe.each([false, true])('the heap equals a sorted array, ordered: %s', (ordered) => {
  test('any sets, moves, deletes and pops give the same result', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 250, size: 'max' }), (commands) => {
        const heap = new Heap({ ordered })
        const sorted = new Sorted()
        for (const c of commands) {
          if (c.type === 'set') {
            heap.set(c.slot, c.time, c.order)
            sorted.set(c.slot, c.time, ordered ? c.order : 0)
          } else if (c.type === 'delete') {
            expect(heap.delete(c.slot)).toBe(sorted.delete(c.slot))
          } else {
            expect(heap.pop()).toBe(sorted.rows.shift()?.slot ?? -1)
          }
          expect(heap.size).toBe(sorted.rows.length)
          expect(heap.peek()).toBe(sorted.rows[0]?.slot ?? -1)
          expect(heap.peekTime()).toBe(sorted.rows[0]?.time ?? Number.POSITIVE_INFINITY)
        }
        for (let slot = 0; slot <= 90; slot++) {
          const row = sorted.rows.find((r) => r.slot === slot)
          expect(heap.has(slot)).toBe(row !== undefined)
          expect(heap.timeOf(slot)).toBe(row?.time ?? Number.NaN)
        }
        expect(drained(heap)).toEqual(sorted.rows.map((row) => row.slot))
      }),
      { numRuns: 40, seed: 1 },
    )
  })
})

test.each([1000, 12])(
  'the heap equals a sorted array when it is filled and then emptied, times up to %d',
  (most) => {
    const times = fc.array(fc.nat({ max: most }), { minLength: 20, maxLength: 90, size: 'max' })
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.nat()), fc.boolean(), (times, picks, ordered) => {
        const heap = new Heap({ ordered })
        const sorted = new Sorted()
        times.forEach((time, slot) => {
          // 7 and 97 have no common factor: slots and orders go up and down.
          const moved = (slot * 7) % 97
          heap.set(moved, time, (slot * 5) % 11)
          sorted.set(moved, time, ordered ? (slot * 5) % 11 : 0)
        })
        for (const pick of picks.take(times.length / 2)) {
          heap.delete(pick % 97)
          sorted.delete(pick % 97)
        }
        expect(drained(heap)).toEqual(sorted.rows.map((row) => row.slot))
      }),
      { numRuns: 100, seed: 3 },
    )
  },
)

describe('a removed entry in the middle', () => {
  // The children of 100 are larger than the last entry, which is a child of 10.
  //
  //                 0                          index 0
  //     100       10      200     300                1 … 4
  //  101 … 104    11                                 5 … 8, 9
  function lopsided(): Heap {
    const heap = new Heap()
    const times = [0, 100, 10, 200, 300, 101, 102, 103, 104, 11]
    times.forEach((time, slot) => {
      heap.set(slot, time)
    })
    return heap
  }

  test('the last entry fills the hole and moves up', () => {
    const heap = lopsided()
    // Slot 5 has time 101. The last entry, 11, fills the hole and must move above the 100.
    expect(heap.delete(5)).toBe(true)
    expect(drained(heap)).toEqual([0, 2, 9, 1, 6, 7, 8, 3, 4])
  })
  test('the last entry fills the hole and moves down', () => {
    const heap = lopsided()
    heap.set(9, 400)
    expect(heap.delete(1)).toBe(true)
    expect(drained(heap)).toEqual([0, 2, 5, 6, 7, 8, 3, 4, 9])
  })
  test('the removed entry may be the last one', () => {
    const heap = lopsided()
    expect(heap.delete(9)).toBe(true)
    expect(heap.has(9)).toBe(false)
    expect(drained(heap)).toEqual([0, 2, 1, 5, 6, 7, 8, 3, 4])
  })
  test('the removed entry may be the only one', () => {
    const heap = new Heap()
    heap.set(3, 7)
    expect(heap.delete(3)).toBe(true)
    expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, -1, -1])
  })
})

describe('equal times', () => {
  test('equal times leave by slot, in whatever order they were added', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(60).keys()], { minLength: 20 }), (slots) => {
        const heap = new Heap()
        for (const slot of slots) heap.set(slot, 5)
        expect(drained(heap)).toEqual(slots.toSorted((a, b) => a - b))
      }),
      { seed: 2 },
    )
  })
  test('equal times leave by order in an ordered heap', () => {
    const heap = new Heap({ ordered: true })
    heap.set(1, 5, 30)
    heap.set(2, 5, 10)
    heap.set(3, 5, 20)
    heap.set(4, 4, 99)
    expect(drained(heap)).toEqual([4, 2, 3, 1])
  })
  test('equal times follow a change of the order alone, up and down', () => {
    const heap = new Heap({ ordered: true })
    for (let slot = 0; slot < 6; slot++) heap.set(slot, 5, 10 + slot)
    heap.set(5, 5, 1)
    heap.set(0, 5, 99)
    expect(drained(heap)).toEqual([5, 1, 2, 3, 4, 0])
  })
  test('entries at Infinity are entries like others', () => {
    const heap = new Heap()
    heap.set(8, Number.POSITIVE_INFINITY)
    heap.set(2, Number.POSITIVE_INFINITY)
    heap.set(5, -1)
    expect(drained(heap)).toEqual([5, 2, 8])
  })
})

test('renewing does not grow the heap', () => {
  const heap = new Heap()
  for (let slot = 0; slot < 50; slot++) heap.set(slot, slot)
  for (let time = 50; time < 5000; time++) heap.set((time * 7) % 50, time)
  expect(heap.size).toBe(50)
  expect(new Set(drained(heap)).size).toBe(50)
})

test('slots may lie far apart and beyond the capacity', () => {
  const heap = new Heap({ capacity: 4, ordered: true })
  heap.set(70_000, 1, 9)
  heap.set(3, 1, 10)
  heap.set(200_000, 0, 11)
  expect(heap.has(100_000)).toBe(false)
  expect(heap.has(300_000)).toBe(false)
  expect(heap.timeOf(300_000)).toBeNaN()
  expect(heap.delete(300_000)).toBe(false)
  expect(drained(heap)).toEqual([200_000, 70_000, 3])
})

test('a clone shares nothing', () => {
  const heap = new Heap({ ordered: true })
  for (let slot = 0; slot < 20; slot++) heap.set(slot, 1, 20 - slot)
  const copy = heap.clone()
  copy.set(19, 2, 0)
  copy.delete(18)
  heap.delete(17)
  expect(drained(heap)).toEqual([19, 18, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(drained(copy)).toEqual([17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 19])
})

test('clear removes everything', () => {
  const heap = new Heap()
  heap.set(1, 1)
  heap.set(2, 2)
  heap.clear()
  expect([heap.size, heap.has(1), heap.peekTime()]).toEqual([0, false, Number.POSITIVE_INFINITY])
  heap.set(2, 3)
  expect(drained(heap)).toEqual([2])
})

test('invalid slots and times are refused', () => {
  const heap = new Heap()
  expect(() => heap.set(-1, 5)).toThrow('not a slot: -1')
  expect(() => heap.set(1e10, 5)).toThrow('not a slot')
  expect(() => heap.set(1, Number.NaN)).toThrow('NaN')
  expect(heap.has(-1)).toBe(false)
  expect(heap.size).toBe(0)
})
