import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entries } from './entries'
import {
  appended,
  entriesBetween,
  entryAt,
  lastIndexOf,
  noEntries,
  truncatedAfter,
  withoutThrough,
} from './entries'
import type { Entry } from './message'

function entry(index: number, term: number): Entry<string> {
  return { type: 'normal', index, term, data: `${term}/${index}` }
}

function following(index: number, count: number, term: number): Entry<string>[] {
  return Array.from({ length: count }, (_, i) => entry(index + 1 + i, term))
}

function listOf(list: Entries<string>): readonly Entry<string>[] {
  return entriesBetween(list, list.offset + 1, lastIndexOf(list))
}

test('the list equals an array, through appends, cuts at either end and JSON, while earlier lists do not change', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('append' as const), count: fc.integer({ min: 0, max: 150 }) }),
    fc.record({
      type: fc.constant('truncate' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({
      type: fc.constant('drop' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ type: fc.constant('json' as const) }),
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.array(step, { maxLength: 20 }),
      (offset, steps) => {
        let list = noEntries<string>(offset)
        let model = { offset, entries: [] as Entry<string>[] }
        const earlier: [Entries<string>, typeof model][] = []
        steps.forEach((step, term) => {
          earlier.push([list, model])
          const last = model.offset + model.entries.length
          if (step.type === 'append') {
            const more = following(last, step.count, term)
            list = appended(list, more)
            model = { offset: model.offset, entries: [...model.entries, ...more] }
          } else if (step.type === 'truncate') {
            const keep = Math.floor(step.at * model.entries.length)
            list = truncatedAfter(list, model.offset + keep)
            model = { offset: model.offset, entries: model.entries.slice(0, keep) }
          } else if (step.type === 'drop') {
            const drop = Math.floor(step.at * model.entries.length)
            list = withoutThrough(list, model.offset + drop)
            model = { offset: model.offset + drop, entries: model.entries.slice(drop) }
          } else list = JSON.parse(JSON.stringify(list))
        })
        for (const [then, expected] of [...earlier, [list, model] as const]) {
          expect(then.offset).toBe(expected.offset)
          expect(listOf(then)).toEqual(expected.entries)
          expect(entryAt(then, expected.offset)).toBeUndefined()
          expect(entryAt(then, lastIndexOf(then) + 1)).toBeUndefined()
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('an append shares the unchanged chunks', () => {
  const list = appended(noEntries<string>(0), following(0, 200, 1))
  const more = appended(list, following(200, 1, 1))
  expect(more.chunks.map((chunk, i) => chunk === list.chunks[i])).toEqual([true, true, true, false])
})

test('a gap is refused, and so is a cut outside the list', () => {
  const list = appended(noEntries<string>(5), following(5, 3, 1))
  expect(() => appended(list, following(9, 1, 1))).toThrow('10 cannot follow 8')
  expect(() => truncatedAfter(list, 4)).toThrow('cannot cut after 4')
  expect(() => withoutThrough(list, 9)).toThrow('cannot drop through 9')
  expect(() => entriesBetween(list, 5, 6)).toThrow('no entry 5')
})
