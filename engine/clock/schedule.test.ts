import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Schedule, type Scheduled } from './schedule'

/** The plain version: an array, sorted after every change. */
class Sorted {
  rows: Scheduled<string>[] = []
  nextSeq = 1
  add(at: number, entry: string): number {
    this.rows.push({ seq: this.nextSeq, at, entry })
    this.rows.sort((a, b) => a.at - b.at || a.seq - b.seq)
    return this.nextSeq++
  }
  take(seq: number): Scheduled<string> | undefined {
    const i = this.rows.findIndex((row) => row.seq === seq)
    return i < 0 ? undefined : this.rows.splice(i, 1)[0]
  }
}

const command = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({ type: fc.constant('add' as const), at: fc.nat({ max: 20 }) }),
  },
  {
    weight: 15,
    arbitrary: fc.record({ type: fc.constant('take' as const), seq: fc.nat({ max: 150 }) }),
  },
  {
    weight: 15,
    arbitrary: fc.record({ type: fc.constant('cancel' as const), seq: fc.nat({ max: 150 }) }),
  },
  { weight: 30, arbitrary: fc.record({ type: fc.constant('next' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reload' as const) }) },
)

test('against a sorted array, saved and loaded on the way', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 300, size: 'max' }), (commands) => {
      let schedule = new Schedule<string>()
      const sorted = new Sorted()
      for (const [i, c] of commands.entries()) {
        if (c.type === 'add') {
          expect(schedule.add(c.at, `e${i}`)).toBe(sorted.add(c.at, `e${i}`))
        } else if (c.type === 'take') {
          expect(schedule.has(c.seq)).toBe(sorted.rows.some((row) => row.seq === c.seq))
          expect(schedule.take(c.seq)).toEqual(sorted.take(c.seq))
        } else if (c.type === 'cancel') {
          expect(schedule.cancel(c.seq)).toBe(sorted.take(c.seq) !== undefined)
        } else if (c.type === 'next') {
          expect(schedule.next()).toEqual(sorted.rows.shift())
        } else {
          const saved = schedule.save()
          schedule = Schedule.load(JSON.parse(JSON.stringify(saved)))
          expect(schedule.save()).toEqual(saved)
        }
        expect(schedule.size).toBe(sorted.rows.length)
        expect(schedule.nextAt()).toBe(sorted.rows[0]?.at ?? Number.POSITIVE_INFINITY)
        expect(schedule.peek()).toEqual(sorted.rows[0])
      }
      expect(schedule.list()).toEqual(sorted.rows)
      expect(schedule.save()).toEqual({ nextSeq: sorted.nextSeq, entries: sorted.rows })
      for (let seq = 0; seq <= sorted.nextSeq; seq++)
        expect(schedule.has(seq)).toBe(sorted.rows.some((row) => row.seq === seq))
    }),
    { seed: 1, numRuns: 40 },
  )
})

describe('equal times', () => {
  test('leave in the order of scheduling, although slots are used again', () => {
    const schedule = new Schedule<string>()
    for (const entry of 'abcdef') schedule.add(9, entry)
    // Slots 5, 3 and 0 become free, and the next three entries take them in another order than
    // theirs.
    for (const seq of [1, 4, 6]) schedule.cancel(seq)
    for (const entry of 'xyz') schedule.add(9, entry)
    expect(schedule.list().map(({ entry }) => entry)).toEqual([...'bcexyz'])
    const left: string[] = []
    while (schedule.size > 0) left.push(schedule.next()!.entry)
    expect(left).toEqual([...'bcexyz'])
  })
  test('leave in the order of scheduling after a load, whatever order was loaded', () => {
    const schedule = Schedule.load<string>({
      nextSeq: 9,
      entries: [
        { seq: 8, at: 4, entry: 'c' },
        { seq: 2, at: 4, entry: 'a' },
        { seq: 5, at: 4, entry: 'b' },
      ],
    })
    expect([schedule.next()!.entry, schedule.next()!.entry, schedule.next()!.entry]).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(schedule.add(4, 'd')).toBe(9)
  })
})

test('every number is found among thousands, most of them long gone', () => {
  const schedule = new Schedule<number>()
  const live = new Set<number>()
  for (let i = 1; i <= 5000; i++) {
    // Every tenth is due late and stays; the others are due at once.
    live.add(schedule.add(i % 10 === 0 ? 1_000_000 - i : i, i))
    if (i % 10 === 5) while (schedule.nextAt() <= i) live.delete(schedule.next()!.seq)
    if (i % 70 === 0) {
      expect(schedule.take(i)).toEqual({ seq: i, at: 1_000_000 - i, entry: i })
      live.delete(i)
    }
  }
  expect(schedule.size).toBe(live.size)
  for (let seq = 0; seq <= 5001; seq++)
    if (schedule.has(seq) !== live.has(seq)) expect.fail(`entry ${seq}`)
  for (const seq of live) expect(schedule.take(seq)?.entry).toBe(seq)
  expect(schedule.next()).toBeUndefined()
})

test('numbers are never used again', () => {
  const schedule = new Schedule<string>()
  expect(schedule.add(1, 'a')).toBe(1)
  schedule.next()
  expect(schedule.add(1, 'b')).toBe(2)
  schedule.cancel(2)
  expect(Schedule.load(schedule.save()).add(1, 'c')).toBe(3)
})

test('what it hands out is not what it holds', () => {
  const schedule = new Schedule<string>()
  schedule.add(5, 'a')
  schedule.peek()!.at = 1
  schedule.list()[0]!.at = 2
  schedule.save().entries[0]!.at = 3
  expect(schedule.list()).toEqual([{ seq: 1, at: 5, entry: 'a' }])
})

test('a save that cannot be is refused', () => {
  const row = { seq: 1, at: 0, entry: 'a' }
  expect(() => Schedule.load({ nextSeq: 2, entries: [row, row] })).toThrow(
    'entry 1 cannot be, or is there twice',
  )
  expect(() => Schedule.load({ nextSeq: 1, entries: [row] })).toThrow(
    'entry 1 cannot be, or is there twice; the next one is 1',
  )
})
