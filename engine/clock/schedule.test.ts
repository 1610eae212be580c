import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Schedule, type Scheduled } from './schedule'

/** The plain model: an array, sorted after every change. */
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

test('the schedule equals a sorted array, also after a save and a load', () => {
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

describe('entries with equal times', () => {
  test('entries leave in the order of scheduling, although slots are used again', () => {
    const schedule = new Schedule<string>()
    for (const entry of 'abcdef') schedule.add(9, entry)
    // Slots 5, 3 and 0 become free. The next three entries take them in another order.
    for (const seq of [1, 4, 6]) schedule.cancel(seq)
    for (const entry of 'xyz') schedule.add(9, entry)
    expect(schedule.list().map(({ entry }) => entry)).toEqual([...'bcexyz'])
    const left: string[] = []
    while (schedule.size > 0) left.push(schedule.next()!.entry)
    expect(left).toEqual([...'bcexyz'])
  })
  test('entries leave in the order of scheduling after a load, in whatever order they were saved', () => {
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

test('every number is found among thousands of numbers, most of them already removed', () => {
  const schedule = new Schedule<number>()
  const live = new Set<number>()
  for (let i = 1; i <= 5000; i++) {
    // Every tenth entry is due late and stays. The others are due at once.
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

test('changing a returned list does not change the schedule', () => {
  const schedule = new Schedule<string>()
  schedule.add(5, 'a')
  schedule.peek()!.at = 1
  schedule.list()[0]!.at = 2
  schedule.save().entries[0]!.at = 3
  expect(schedule.list()).toEqual([{ seq: 1, at: 5, entry: 'a' }])
})

test('load refuses a save with impossible numbers', () => {
  const row = { seq: 1, at: 0, entry: 'a' }
  expect(() => Schedule.load({ nextSeq: 2, entries: [row, row] })).toThrow(
    'entry 1 is a duplicate or impossible',
  )
  expect(() => Schedule.load({ nextSeq: 1, entries: [row] })).toThrow(
    'entry 1 is a duplicate or impossible; the next number is 1',
  )
})
