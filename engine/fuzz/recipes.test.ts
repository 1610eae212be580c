// Recipes under client faults. RECIPE_RUNS is the number of seeds for each.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { validRecording } from '../replay/validate'
import { RECORDING_VERSION } from '../sim/recording'
import { stored, storedNames, verdictOn } from '../test/stored'
import type { Wrong } from './recipes'
import { brokenPromise, fuzzRecipe, PROMISES } from './recipes'

const FOLDER = join(import.meta.dirname, '../client/recipes')
const source = (name: string): string => readFileSync(join(FOLDER, `${name}.txt`), 'utf8')
const RUNS = Number(process.env.RECIPE_RUNS ?? (process.env.CI ? 100 : 12))
const beside = (name: string): string | undefined => {
  const other = PROMISES[name]?.beside
  return other === undefined ? undefined : source(other)
}
/** Recipes without a section. */
const NO_SECTIONS = ['discovery', 'registration', 'registration-comes-back']

test('every recipe has its promises', () => {
  const names = readdirSync(FOLDER).map((file) => file.replace('.txt', ''))
  expect(Object.keys(PROMISES).toSorted()).toEqual(names.toSorted())
})

describe.each(Object.keys(PROMISES))('%s', { timeout: RUNS * 2000 }, (name) => {
  test('keeps its promise', () => {
    let [entered, faults] = [0, 0]
    for (let seed = 1; seed <= RUNS; seed++) {
      const run = fuzzRecipe(name, source(name), seed, beside(name))
      expect(brokenPromise(name, run), `seed ${seed}`).toBeNull()
      entered += run.entered
      faults += run.faults
    }
    // A few runs say nothing about frequencies.
    if (RUNS < 10) return
    if (!NO_SECTIONS.includes(name)) expect(entered).toBeGreaterThan(1.5 * RUNS)
    expect(faults).toBeGreaterThan(5 * RUNS)
  })
})

// Each broken recipe has a recording in which it breaks.
describe('broken recipes break', () => {
  const broken = Object.entries(PROMISES).flatMap(([name, { breaks }]) =>
    breaks === null || breaks === 'blind watcher' ? [] : [[name, breaks] as const],
  )

  test.each(broken)('%s: %s', (name, wrong) => {
    const { locks, violations } = verdictOn('recipes', name)
    expect([...locks.keys()]).toContain(wrong)
    expect(violations).toEqual([])
    expect(stored('recipes', name).recording.commands[0]).toMatchObject({
      type: 'script',
      source: source(name),
    })
  })

  test('each broken recipe has a recording', () => {
    expect(broken).toHaveLength(9)
    expect(storedNames('recipes')).toEqual(
      [...broken.map(([name]) => name), 'own-clock-set-back'].sort(),
    )
  })
})

test('a clock that is set back is enough to break a client that trusts its own clock', () => {
  const { recording } = stored('recipes', 'own-clock-set-back')
  const faults = recording.commands.flatMap((command) =>
    command.type === 'fault' ? [command.fault] : [],
  )
  expect(faults).toEqual([{ type: 'set-clock', client: 'c', ms: -1700 }])
  expect(verdictOn('recipes', 'own-clock-set-back').locks.get('stale write')?.text).toBe(
    'the resource accepts from-c, and the lease of c is gone',
  )
})

test('without fencing a holder of the Mutex that resumes late still writes', () => {
  expect(seedsWith('mutex', source('mutex'), 'stale write')).not.toEqual([])
})

test('a correct recipe that is made careless is found', () => {
  const careless = source('create-and-poll').replace(' if create = won.create', '')
  expect(seedsWith('create-and-poll', careless, 'two hold')).not.toEqual([])
})

test('careless watchers and a registration without a lease are found', () => {
  const forgetful = source('observe').replace('if key goto follow\ngoto look', 'goto follow')
  expect(seedsWith('observe', forgetful, 'blind watcher')).not.toEqual([])
  const gloomy = source('discovery').replace('/services/ changed', '/services/ deleted')
  expect(seedsWith('discovery', gloomy, 'blind watcher')).not.toEqual([])
  const forever = source('registration').replace(' with lease', '').replace('10.0.0.7:8080', '$me')
  expect(seedsWith('registration', forever, 'held by the dead')).not.toEqual([])
})

test('a candidate that waits longer than its session is elected without its lease', () => {
  const careless = source('campaign-while')
    .replace('while lease', 'with lease')
    .replace('if not live lease goto over\n', '')
  expect(seedsWith('campaign-while', careless, 'enters though lost')).not.toEqual([])
})

test('a semaphore that admits a third client, and a writer that counts as a reader, are found', () => {
  expect(
    seedsWith('semaphore', source('semaphore').replace('older < 2', 'older < 3'), 'two hold'),
  ).not.toEqual([])
  expect(
    seedsWith(
      'rwmutex-checked',
      source('rwmutex-checked').replace('newest /rw/ before', 'newest /rw/write before'),
      'two hold',
    ),
  ).not.toEqual([])
})

test('a registration that only keeps its lease alive does not come back', () => {
  expect(seedsWith('registration', source('registration'), 'not registered')).not.toEqual([])
})

test('a seed draws the same run each time, and its recording plays again', () => {
  const [one, two] = [
    fuzzRecipe('mutex', source('mutex'), 5),
    fuzzRecipe('mutex', source('mutex'), 5),
  ]
  expect(one).toEqual(two)
  expect(one.recording.leasescope).toBe(RECORDING_VERSION)
  expect(validRecording(one.recording)).toMatchObject({ ok: true })
})

/** The first of some seeds that shows it. */
function seedsWith(name: string, text: string, wrong: Wrong): number[] {
  for (let seed = 1; seed <= 60; seed++)
    if (fuzzRecipe(name, text, seed, beside(name)).wrong.has(wrong)) return [seed]
  return []
}
