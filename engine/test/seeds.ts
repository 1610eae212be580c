// Whole runs drawn from seeds, as tests. They are the longest tests, so several files share the
// seeds and run in parallel. FUZZ_RUNS is the total number of runs, SEED the first seed. A run that
// fails prints the line that plays it again; keep its recording (recordings/README.md), not its
// seed.

import { describe, expect, test } from 'vitest'
import type { FuzzResult } from '../fuzz/fuzz'
import { fuzz, reproduces } from '../fuzz/fuzz'
import { validRecording } from '../replay/validate'

const RUNS = Number(process.env.FUZZ_RUNS ?? (process.env.CI ? 2000 : 300))
const FIRST = Number(process.env.SEED ?? 1)

/** The breach of a run, with the line that plays it again; null for none. */
function told({ recording, violation }: FuzzResult): string | null {
  return violation === null
    ? null
    : `${violation.property}: ${violation.text}\n  ${reproduces({ seed: recording.seed })}`
}

/** Fewer seeds than these say nothing about frequencies. */
const ENOUGH = 40

interface Played {
  broken: string[]
  sums: Record<
    | 'elections'
    | 'expired'
    | 'renewed'
    | 'answered'
    | 'faults'
    | 'unanswered'
    | 'unknown'
    | 'known',
    number
  >
}

function playAll(seeds: readonly number[]): Played {
  const sums: Played['sums'] = {
    elections: 0,
    expired: 0,
    renewed: 0,
    answered: 0,
    faults: 0,
    unanswered: 0,
    unknown: 0,
    known: 0,
  }
  const broken: string[] = []
  for (const seed of seeds) {
    const result = fuzz({ seed })
    const problem = told(result)
    if (problem !== null) broken.push(problem)
    const valid = validRecording(result.recording)
    if (!valid.ok) broken.push(`seed ${seed}: the page refuses the recording: ${valid.reason}`)
    const { elections, expired, renewed, answered, faults, calls } = result.seen
    const isByWoken = result.known.some(
      ({ property }) => property === 'no lease ends by a late revoke',
    )
    const [unanswered, known] = [calls - answered, isByWoken ? 1 : 0]
    const seen = {
      elections,
      expired,
      renewed,
      answered,
      faults,
      unanswered,
      unknown: result.unknown,
      known,
    }
    for (const key of Object.keys(sums) as (keyof Played['sums'])[]) sums[key] += seen[key]
  }
  return { broken, sums }
}

/** The tests of one part's seeds; parts count from 0. */
export function testSeeds(part: number, parts: number): void {
  const seeds = Array.from({ length: RUNS }, (_, i) => FIRST + i).filter(
    (_, i) => i % parts === part,
  )
  // Played once, by the first test that needs it: each test can run alone.
  let kept: Played | null = null
  const played = (): Played => {
    kept ??= playAll(seeds)
    return kept
  }

  describe(`every ${parts}th of the seeds ${FIRST} to ${FIRST + RUNS - 1}, from ${seeds[0]} on`, {
    timeout: RUNS * 2000,
  }, () => {
    test('hold all rules', () => {
      expect(played().broken).toEqual([])
    })

    test.skipIf(seeds.length < ENOUGH)('contain the events that they should test', () => {
      const { sums } = played()
      const runs = seeds.length
      expect(sums.elections, 'more than one leader a run').toBeGreaterThan(1.5 * runs)
      expect(sums.expired, 'leases that end').toBeGreaterThan(runs)
      expect(sums.renewed, 'renewals').toBeGreaterThan(4 * runs)
      expect(sums.faults, 'faults').toBeGreaterThan(5 * runs)
      expect(sums.answered, 'calls with an answer').toBeGreaterThan(50 * runs)
      expect(sums.unanswered, 'calls without one').toBeGreaterThan(runs)
      // Of three keys a run. A history that is too long to judge proves nothing.
      expect(sums.unknown, 'histories too long to judge').toBe(0)
      if (runs >= 500)
        expect(sums.known, 'runs in which a leader that wakes ends a lease').toBeGreaterThan(0)
    })
  })
}
