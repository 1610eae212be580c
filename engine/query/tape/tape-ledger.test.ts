// The lanes against the run itself: what the ledger makes of the trace is what the simulation holds, at every event of every ready scenario.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FOREVER } from '../../lease/lessor'
import { Timeline } from '../../replay/timeline'
import { parseScenario, runScenario } from '../../scenario/scenario'
import type { Simulation } from '../../sim/simulation'
import { authority, nobodyCounts } from '../views'
import type { Life } from './lives'
import { TapeLedger } from './tape-ledger'

const FOLDER = join(import.meta.dirname, '../../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/** The deadline of every lease that the authority has, null where it does not count; leases that it has not applied yet are left out. */
function deadlinesOf(sim: Simulation): Map<string, number | null> {
  const { lessor } = authority(sim)
  const counts = !nobodyCounts(sim)
  return new Map(lessor.leases().map(({ id, deadline }) => [id, deadline === FOREVER || !counts ? null : deadline]))
}

function deadlinesIn(ledger: TapeLedger): Map<string, number | null> {
  const living = ledger.lives.tracks.filter(({ to }) => to === Number.POSITIVE_INFINITY) as Life[]
  return new Map(living.map(({ lease, deadlines }) => [lease, deadlines.at(-1) === Number.POSITIVE_INFINITY ? null : deadlines.at(-1)!]))
}

const sorted = (lines: string[]): string[] => lines.sort()

describe.each(names)('%s', (name) => {
  const { recording } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))

  test('deadlines and beliefs are those of the run at every step', () => {
    const timeline = new Timeline(recording)
    const ledger = new TapeLedger()
    const stop = (recording.commands.at(-1)?.at ?? 0) + 20_000
    let compared = 0
    while (timeline.nextAt() <= stop && timeline.step()) {
      ledger.follow(timeline.trace)
      const { sim } = timeline
      const truth = deadlinesOf(sim)
      for (const [lease, deadline] of deadlinesIn(ledger)) {
        // A member that others stand behind may not have applied it yet.
        if (!truth.has(lease)) continue
        compared++
        expect({ at: sim.now, lease, deadline }).toEqual({ at: sim.now, lease, deadline: truth.get(lease) })
      }
      const believed = sim.clients.flatMap(({ id, beliefs }) =>
        beliefs.filter(({ lost, until }) => !lost && until !== null).map(({ lease, until }) => `${id} ${lease} ${until}`),
      )
      const held = ledger.beliefs.held().map(({ client, lease, until }) => `${client} ${lease} ${until}`)
      expect({ at: sim.now, believed: sorted(held) }).toEqual({ at: sim.now, believed: sorted(believed) })
    }
    if (timeline.trace.some(({ type }) => type === 'lease-granted')) expect(compared).toBeGreaterThan(0)
  })

  test('read in pieces, and after a future was cut off, it is what reading the whole gives', () => {
    const timeline = new Timeline(recording)
    timeline.advance((recording.commands.at(-1)?.at ?? 0) + 20_000)
    const { trace } = timeline
    const whole = new TapeLedger()
    whole.follow(trace)
    const pieces = new TapeLedger()
    for (let i = 0; i < trace.length; i += 7) pieces.follow(trace.slice(0, i))
    pieces.follow(trace.slice(0, Math.floor(trace.length / 3)))
    pieces.follow(trace)
    expect(pieces.lanes).toEqual(whole.lanes)
    expect(pieces.spacing).toEqual(whole.spacing)
  })
})
