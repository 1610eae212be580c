// The checks can fail: each patch beside this file plants one bug in the engine, and the recording
// of its name breaks a rule there. On the sound engine it breaks none.
//
// FLAWS=search searches for each flaw with the fuzzer, in the seeds from 1 on. FLAWS=record also
// overwrites the recordings with the results, shortened as far as possible.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Property } from '../../check/violation'
import { fileOf, type Played, shrink } from '../../fuzz/shrink'
import { checkRecording } from '../../replay/check-recording'
import { stored, storedNames } from '../stored'
import { type Flawed, flaws, load } from './flawed'

const MOST_RUNS = 2000
const { FLAWS } = process.env
const RECORDINGS = join(import.meta.dirname, '../recordings/flaws')
/**
 * Virtual ms after the last command within which members converge; after that a check may require
 * it.
 */
const CONVERGES_MS = 60_000
/** The same for clients: after that a check requires that they make progress. */
const CLIENTS_MOVE_ON_MS = 120_000
const OF_CLIENTS: readonly Property[] = ['clients move on after a heal', 'no watch has a gap']

/** By patch: the rule that its recording breaks. */
const breaks: Record<string, Property> = {
  'acknowledged-unsaved': 'state machine safety',
  'changes-at-once': 'state machine safety',
  'commit-by-counting': 'commit in the current term',
  'conflict-kept': 'log matching',
  'cut-forgets-answers': 'convergence',
  'deposed-leader-revokes': 'no lease ends by a deposed leader',
  'follower-expiry': 'only a primary expires',
  'keys-stay': 'keys and leases agree',
  'learner-counts': 'leader completeness',
  'numbers-again': 'linearizability',
  'promotion-without-extension': 'no lease ends early',
  'proposal-doubled': 'linearizability',
  'read-unapplied': 'linearizability',
  'removed-counts': 'convergence',
  'retry-forgotten': 'clients move on after a heal',
  'revoke-order': 'revokes in key order',
  'short-log-leads': 'leader completeness',
  'snapshot-counts': 'only a primary expires',
  'snapshot-without-leases': 'same store',
  'stale-read': 'linearizability',
  'vote-forgotten': 'one vote a term',
  'vote-twice': 'one vote a term',
  'watch-resumed-late': 'no watch has a gap',
}

test('every flaw has its recording', () => {
  expect(Object.keys(breaks).sort()).toEqual(flaws())
  expect(storedNames('flaws')).toEqual(flaws())
  expect(flaws().length).toBeGreaterThanOrEqual(20)
})

describe.each(flaws())('%s', (flaw) => {
  test('breaks its rule, and only with the flaw', async () => {
    const { recording, until } = stored('flaws', flaw)
    const flawed = await load(flaw)
    expect(flawed.checkRecording(recording, until).violations[0]?.property).toBe(breaks[flaw])
    expect(checkRecording(recording, until).violations).toEqual([])
  })

  test.runIf(FLAWS)('is found by the fuzzer', { timeout: 1_200_000 }, async () => {
    const flawed = await load(flaw)
    const found = hunt(flawed)
    expect(found).not.toBeNull()
    const { seed, property, played } = found!
    console.log(`${flaw}: seed ${seed}, ${property}`)
    if (FLAWS !== 'record') return
    const shows = ({ recording, until }: Played): boolean =>
      flawed.checkRecording(recording, until).violations[0]?.property === property &&
      checkRecording(recording, until).violations.length === 0
    expect(shows(played)).toBe(true)
    writeFileSync(join(RECORDINGS, `${flaw}.json`), fileOf(shrink(played, shows)))
  })
})

/** The first seed whose run the checks refuse. */
function hunt({ fuzz }: Flawed): { seed: number; property: Property; played: Played } | null {
  for (let seed = 1; seed <= MOST_RUNS; seed++) {
    const { violation, recording, seen } = fuzz({ seed })
    if (violation === null) continue
    const last = recording.commands.at(-1)?.at ?? 0
    const { property } = violation
    const quietMs =
      property === 'convergence'
        ? CONVERGES_MS
        : OF_CLIENTS.includes(property)
          ? CLIENTS_MOVE_ON_MS
          : 0
    return { seed, property, played: { recording, until: Math.max(seen.endsAt, last + quietMs) } }
  }
  return null
}
