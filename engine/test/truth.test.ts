// The lock lab and the timeline against the simulation itself, at every step of some runs. In them,
// clients with a lock are paused, killed, cut off and given wrong clocks.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { text } from '../base/bytes'
import { fuzzRecipe, PROMISES } from '../fuzz/recipes'
import { labView } from '../query/lab'
import { Ledger } from '../query/ledger'
import { TapeLedger } from '../query/tape/tape-ledger'
import { Timeline } from '../replay/timeline'
import { Truth } from './truth'

const source = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../client/recipes/${name}.txt`), 'utf8')
const RUNS = Number(process.env.RECIPE_RUNS ?? (process.env.CI ? 25 : 5))

interface Counts {
  steps: number
  held: number
  believed: number
  /** Clients in a section that had given up their lease. */
  doubted: number
}

/**
 * Plays the run of a seed and compares the page's data with the truth after each step with events.
 */
function compared(name: string, seed: number): Counts {
  const beside = PROMISES[name]?.beside
  const { recording, endsAt } = fuzzRecipe(name, source(name), seed, source(beside ?? name))
  const timeline = new Timeline(recording)
  const [ledger, tape, truth] = [new Ledger(), new TapeLedger(), new Truth()]
  const counts: Counts = { steps: 0, held: 0, believed: 0, doubted: 0 }
  for (let seen = 0; timeline.nextAt() <= endsAt && timeline.step(); ) {
    const { sim, trace, lastEvent } = timeline
    if (lastEvent === seen) continue
    for (; seen < lastEvent; seen++) truth.see(trace[seen]!)
    ledger.follow(trace)
    tape.follow(trace)
    counts.steps++
    const say = (what: string, shown: unknown, there: unknown): void => {
      if (JSON.stringify(shown) !== JSON.stringify(there))
        expect({ seed, at: sim.now, what, shown }).toEqual({
          seed,
          at: sim.now,
          what,
          shown: there,
        })
    }
    const held = tape.lanes.beliefs
      .held()
      .map(({ client, lease, until }) => `${client} ${lease} ${until}`)
    say('what is believed until when', held.sort(), truth.beliefs(sim))
    for (const { name: lock, holder, inside, believers } of labView({
      sim,
      ledger,
      last: lastEvent,
    }).locks) {
      const real = truth.holder(sim, lock)
      const shown =
        holder === null
          ? null
          : [holder.key, holder.token, holder.lease, holder.lease === null ? null : holder.client]
      say(
        `who holds ${lock}`,
        shown,
        real === null ? null : [text(real.key), real.token, real.lease, real.client],
      )
      say(`who is in ${lock}`, inside, truth.inside(sim, lock))
      for (const client of inside) {
        const believes = truth.believes(sim, client)
        if (believes !== null)
          say(`whether ${client} believes`, believers.includes(client), believes)
        if (believes === false) counts.doubted++
      }
      if (real !== null) counts.held++
      counts.believed += believers.length
    }
  }
  return counts
}

test.each(Object.keys(PROMISES))(
  '%s: holder, token, belief and section are those of the run at every step',
  (name) => {
    for (let seed = 1; seed <= RUNS; seed++) expect(compared(name, seed).steps).toBeGreaterThan(100)
  },
)

test('the runs show holders, clients that trust their lease, and clients in a section that do not', () => {
  const sums: Counts = { steps: 0, held: 0, believed: 0, doubted: 0 }
  const isBlind = (): boolean => Math.min(sums.held, sums.believed, sums.doubted) === 0
  for (let seed = 1; seed <= 60 && isBlind(); seed++) {
    const counts = compared('no-keep-alive', seed)
    for (const key of Object.keys(sums) as (keyof Counts)[]) sums[key] += counts[key]
  }
  expect(isBlind()).toBe(false)
})
