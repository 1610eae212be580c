// Runs drawn from seeds. A failing run prints its seed; `fuzzRaft(seed)` plays it again.

import { describe, expect, test } from 'vitest'
import { fuzzRaft } from './rafttest/fuzz'

const RUNS = 60
const FIRST = Number(process.env.SEED ?? 1)

describe(`runs of the seeds ${FIRST} to ${FIRST + RUNS - 1}`, () => {
  const results = Array.from({ length: RUNS }, (_, i) => fuzzRaft(FIRST + i))

  test('the runs keep the five properties, answer no stale read, and converge once healed', () => {
    expect(
      results.map(({ violation }) => violation).filter((violation) => violation !== null),
    ).toEqual([])
  })

  test('the runs contain the events that they should test', () => {
    const sum = (key: 'committed' | 'elections' | 'snapshots' | 'reads' | 'changes') =>
      results.reduce((total, result) => total + result[key], 0)
    for (const key of ['committed', 'elections', 'snapshots', 'reads', 'changes'] as const) {
      expect(sum(key), key).toBeGreaterThan(RUNS / 6)
    }
  })
})

test('a run is the same if each peer is saved and loaded before each step', () => {
  for (let seed = FIRST; seed < FIRST + 3; seed++)
    expect(fuzzRaft(seed, 600, true)).toEqual(fuzzRaft(seed, 600))
})
