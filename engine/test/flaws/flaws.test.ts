// The fuzzer can fail: each patch beside this file puts one bug into a copy of the engine, and the fuzzer finds it. The seed that finds it is written down, so that
// this is quick; FLAWS=search looks for it from seed 1 on, within 500 runs.

import { expect, test } from 'vitest'
import { fuzz } from '../fuzz'
import { flaws, hunt } from './flawed'

const MOST_RUNS = 500
const searches = process.env.FLAWS === 'search'

/** By patch: the seed that finds it, and what it is found to break. */
const found: Record<string, [number, string]> = {
  'acknowledged-unsaved': [274, 'state machine safety'],
  'changes-at-once': [328, 'state machine safety'],
  'commit-by-counting': [1, 'commit in the current term'],
  'conflict-kept': [1, 'log matching'],
  'deposed-leader-revokes': [317, 'no lease ends by a deposed leader'],
  'follower-expiry': [1, 'only a primary expires'],
  'keys-stay': [4, 'keys and leases agree'],
  'learner-counts': [345, 'leader completeness'],
  'numbers-again': [408, 'linearizability'],
  'promotion-without-extension': [48, 'no lease ends early'],
  'proposal-doubled': [15, 'linearizability'],
  'read-unapplied': [21, 'linearizability'],
  'removed-counts': [33, 'convergence'],
  'revoke-order': [41, 'revokes in key order'],
  'short-log-leads': [22, 'leader completeness'],
  'snapshot-counts': [49, 'only a primary expires'],
  'snapshot-without-leases': [5, 'same store'],
  'stale-read': [48, 'linearizability'],
  'vote-forgotten': [8, 'one vote a term'],
  'vote-twice': [3, 'one vote a term'],
}

test('every flaw is looked for', () => {
  expect(Object.keys(found).sort()).toEqual(flaws())
  expect(flaws().length).toBeGreaterThanOrEqual(8)
})

test.each(flaws())('%s', { timeout: 300_000 }, (flaw) => {
  const [seed, property] = found[flaw]!
  const find = searches ? hunt(flaw, 1, MOST_RUNS) : hunt(flaw, seed, 1)
  if (searches) console.log(`${flaw}: seed ${find?.seed}, ${find?.property}`)
  else expect(find?.property, `fuzz --seed ${seed} on the engine with ${flaw}`).toBe(property)
  expect(find).not.toBeNull()
})

test('without a flaw the same seeds hold', { timeout: 300_000 }, () => {
  for (const [seed] of Object.values(found)) expect(fuzz({ seed }).violation, `seed ${seed}`).toBeNull()
})
