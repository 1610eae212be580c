import { expect, test } from 'vitest'
import { opening } from '../scene/opening'
import type { Earlier, Kept } from './kept'
import { isKeptAside, MOST_EARLIER, surplus } from './surplus'

const branch = {
  id: 1,
  name: 'main',
  parent: null,
  shared: 0,
  forkAt: 0,
  seed: 1,
  config: opening.config,
  commands: [],
  end: 0,
}
const run = (change: Partial<Kept>): Kept => ({
  version: 1,
  session: { branches: [branch], current: 1, cursor: 0 },
  view: {},
  hash: '',
  entry: null,
  scenario: null,
  lesson: null,
  numbers: 0,
  form: null,
  labRun: null,
  foreign: null,
  worked: true,
  name: null,
  pinned: false,
  at: 0,
  stamp: 'a 1',
  ...change,
})
const list = (...runs: (Kept | null)[]): Earlier[] => runs.map((kept, i) => ({ id: i + 1, kept }))
const many = (count: number, change: Partial<Kept>) =>
  Array.from({ length: count }, () => run(change))
const gone = (earlier: Earlier[]) => surplus(earlier).map(({ id }) => id)

test('of similar runs the oldest are removed', () => {
  expect(gone(list(...many(MOST_EARLIER, {})))).toEqual([])
  expect(gone(list(...many(MOST_EARLIER + 2, {})))).toEqual([1, 2])
})

test("a run without acts is removed before the reader's own work, even if it is newer", () => {
  const looked = many(MOST_EARLIER, { worked: false, foreign: 'file' })
  expect(gone(list(run({}), ...looked))).toEqual([2])
  expect(gone(list(null, run({}), ...looked))).toEqual([3, 4])
})

test('a named run is worth more than one without a name, and a pinned run is never removed and takes no room', () => {
  expect(gone(list(run({ name: 'Monday' }), ...many(MOST_EARLIER, {})))).toEqual([2])
  expect(gone(list(...many(5, { pinned: true }), ...many(MOST_EARLIER, {})))).toEqual([])
  expect(gone(list(...many(5, { pinned: true }), ...many(MOST_EARLIER + 1, {})))).toEqual([6])
})

test('a link without acts is its own copy; a file, a name or a pin is worth keeping', () => {
  expect(isKeptAside(run({ worked: false, foreign: 'link' }))).toBe(false)
  expect(isKeptAside(run({ worked: false }))).toBe(false)
  for (const change of [
    { worked: true },
    { foreign: 'file' },
    { name: 'Monday' },
    { pinned: true },
  ] as const)
    expect(isKeptAside(run({ worked: false, foreign: 'link', ...change }))).toBe(true)
})
