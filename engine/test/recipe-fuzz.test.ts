// Recipes under client faults. RECIPE_RUNS says how many seeds each is run with.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RECORDING_VERSION } from '../sim/recording'
import type { Wrong } from './recipe-fuzz'
import { brokenPromise, fuzzRecipe, PROMISES } from './recipe-fuzz'

const FOLDER = join(import.meta.dirname, '../client/recipes')
const source = (name: string): string => readFileSync(join(FOLDER, `${name}.txt`), 'utf8')
const RUNS = Number(process.env.RECIPE_RUNS ?? (process.env.CI ? 100 : 12))
/** They exclude nobody, and so have nothing to promise. */
const NO_LOCKS = ['discovery', 'observe', 'registration']

test('every recipe of a lock has its promises', () => {
  const names = readdirSync(FOLDER).map((file) => file.replace('.txt', ''))
  expect([...Object.keys(PROMISES), ...NO_LOCKS].toSorted()).toEqual(names.toSorted())
})

describe.each(Object.keys(PROMISES))('%s', { timeout: RUNS * 2000 }, (name) => {
  test('keeps what it promises', () => {
    let [entered, faults] = [0, 0]
    for (let seed = 1; seed <= RUNS; seed++) {
      const run = fuzzRecipe(name, source(name), seed)
      expect(brokenPromise(name, run), `seed ${seed}`).toBeNull()
      entered += run.entered
      faults += run.faults
    }
    expect(entered).toBeGreaterThan(1.5 * RUNS)
    expect(faults).toBeGreaterThan(5 * RUNS)
  })
})

// The seed that breaks each recipe that is broken.
describe('what is broken breaks', () => {
  test.each([
    ['check-then-put', 1, 'two hold'],
    ['put-and-hope', 1, 'two hold'],
    ['create-without-lease', 4, 'held by the dead'],
    ['no-keep-alive', 2, 'two healthy'],
    ['unlock-by-delete', 22, 'two hold'],
    ['own-clock', 4, 'stale write'],
  ] as const)('%s with seed %i: %s', (name, seed, wrong) => {
    expect(PROMISES[name]!.breaks).toBe(wrong)
    expect([...fuzzRecipe(name, source(name), seed).wrong.keys()]).toContain(wrong)
  })

  test('there is a seed for each', () => {
    const broken = Object.keys(PROMISES).filter((name) => PROMISES[name]!.breaks !== null)
    expect(broken).toHaveLength(6)
  })
})

test('without fencing a holder of the Mutex that wakes up late writes all the same', () => {
  expect(seedsWith('mutex', source('mutex'), 'stale write')).not.toEqual([])
})

test('a right recipe that is made careless is found out', () => {
  const careless = source('create-and-poll').replace(' if create = won.create', '')
  expect(seedsWith('create-and-poll', careless, 'two hold')).not.toEqual([])
})

test('a seed draws the same run each time, as one that can be played again', () => {
  const [one, two] = [fuzzRecipe('mutex', source('mutex'), 5), fuzzRecipe('mutex', source('mutex'), 5)]
  expect(one).toEqual(two)
  expect(one.recording.leasescope).toBe(RECORDING_VERSION)
})

/** The first seed, of some, that shows it. */
function seedsWith(name: string, text: string, wrong: Wrong): number[] {
  for (let seed = 1; seed <= 60; seed++) if (fuzzRecipe(name, text, seed).wrong.has(wrong)) return [seed]
  return []
}
