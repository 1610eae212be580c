// After a cut, and after a restart of a member, every recipe continues: none hangs for ever.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

const FOLDER = join(import.meta.dirname, '../client/recipes')
const RECIPES = readdirSync(FOLDER).map((file) => file.replace('.txt', ''))
/** Recipes without an end. */
const ENDLESS = ['discovery', 'observe', 'registration', 'registration-comes-back']
const CUT_AT_MS = [700, 1100, 1300]
const CUT_FOR_MS = [1500, 4000]
/**
 * Long enough for the longest wait of gRPC, for leases to end, and for every client to have its
 * turn.
 */
const UNTIL_MS = 120_000

/** The clients whose programs have not ended. */
function standing(
  recipe: string,
  members: number,
  faults: { at: number; fault: Fault }[],
): string[] {
  const source = readFileSync(join(FOLDER, `${recipe}.txt`), 'utf8')
  const ended = new Set<string>()
  const config = {
    ...DEFAULT_CONFIG,
    members,
    ...(members > 1 ? { clientEndpoints: 'all' as const } : {}),
  }
  const sim = new Simulation(config, 1, (event) => {
    if (event.type === 'program-ended') ended.add(event.client)
  })
  for (const client of ['a', 'b']) sim.submit({ type: 'script', client, source })
  for (const { at, fault } of faults) {
    sim.advance(at)
    sim.submit({ type: 'fault', fault })
  }
  sim.advance(UNTIL_MS)
  return ['a', 'b'].filter((client) => !ended.has(client))
}

for (const recipe of RECIPES.filter((name) => !ENDLESS.includes(name))) {
  for (const members of [1, 3]) {
    test(`${recipe} ends on ${members === 1 ? 'one member' : 'three members'} after cuts, and after a restart`, () => {
      expect(standing(recipe, members, []), 'in peace').toEqual([])
      for (const at of CUT_AT_MS) {
        for (const forMs of CUT_FOR_MS) {
          const cut: Fault = { type: 'partition', groups: [['b'], ['m1', 'm2', 'm3']] }
          expect(
            standing(recipe, members, [
              { at, fault: cut },
              { at: at + forMs, fault: { type: 'heal' } },
            ]),
            `cut at ${at} for ${forMs}`,
          ).toEqual([])
        }
        const [crash, restart] = (['crash', 'restart'] as const).map(
          (type): Fault => ({ type, member: 'm1' }),
        )
        expect(
          standing(recipe, members, [
            { at, fault: crash! },
            { at: at + 4000, fault: restart! },
          ]),
          `crash at ${at}`,
        ).toEqual([])
      }
    })
  }
}
