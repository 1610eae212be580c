// Whole runs drawn from seeds, as tests. They are the longest there are, so the seeds are dealt out to several test files, which run beside each other. FUZZ_RUNS says
// how many runs there are in all, SEED where to begin; a run that fails prints the line that plays it again.

import { describe, expect, test } from 'vitest'
import type { FuzzResult } from './fuzz'
import { fuzz, reproduces } from './fuzz'

const RUNS = Number(process.env.FUZZ_RUNS ?? (process.env.CI ? 2000 : 300))
const FIRST = Number(process.env.SEED ?? 1)

/** What a run broke, with the line that plays it again; null for one that holds. */
export function told({ recording, violation }: FuzzResult): string | null {
  return violation === null ? null : `${violation.property}: ${violation.text}\n  ${reproduces({ seed: recording.seed })}`
}

/** The tests of every seed of one part, from 0 on, of so many. */
export function testSeeds(part: number, parts: number): void {
  const seeds = Array.from({ length: RUNS }, (_, i) => FIRST + i).filter((_, i) => i % parts === part)

  describe(`every ${parts}th of the seeds ${FIRST} to ${FIRST + RUNS - 1}, from ${seeds[0]} on`, { timeout: RUNS * 2000 }, () => {
    const sums = { elections: 0, expired: 0, renewed: 0, answered: 0, faults: 0, unanswered: 0, unknown: 0, known: 0 }

    test('hold what they must', () => {
      for (const seed of seeds) {
        const result = fuzz({ seed })
        expect(told(result)).toBeNull()
        const { elections, expired, renewed, answered, faults, calls } = result.seen
        const byDeposed = result.known.some(({ property }) => property === 'no lease ends by a deposed leader')
        const [unanswered, known] = [calls - answered, byDeposed ? 1 : 0]
        const seen = { elections, expired, renewed, answered, faults, unanswered, unknown: result.unknown, known }
        for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += seen[key]
      }
    })

    test('see what they are meant to see', () => {
      const runs = seeds.length
      expect(sums.elections, 'more than one leader a run').toBeGreaterThan(1.5 * runs)
      expect(sums.expired, 'leases that end').toBeGreaterThan(runs)
      expect(sums.renewed, 'renewals').toBeGreaterThan(4 * runs)
      expect(sums.faults, 'faults').toBeGreaterThan(5 * runs)
      expect(sums.answered, 'calls with an answer').toBeGreaterThan(50 * runs)
      expect(sums.unanswered, 'calls without one').toBeGreaterThan(runs)
      // Of three keys a run. What nobody can judge is no proof of anything.
      expect(sums.unknown, 'histories too long to judge').toBe(0)
      if (runs >= 500) expect(sums.known, 'runs in which a deposed leader of 3.4 ends a lease').toBeGreaterThan(0)
    })
  })
}
