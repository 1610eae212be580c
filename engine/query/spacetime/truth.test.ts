// The diagram against the run itself, at many steps of some stories. Its spans and messages at the
// cursor are those of the simulation.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Timeline } from '../../replay/timeline'
import { parseScenario, runScenario } from '../../scenario/scenario'
import type { Simulation } from '../../sim/simulation'
import { Truth } from '../../test/truth'
import { lockNames } from '../lab'
import { Ledger } from '../ledger'
import { spacetime } from '../spacetime'
import type { SpacetimeSpan, SpacetimeView } from './rows'

/** The leader that is up; of several leaders the one of the newest term. */
function leaderOf(sim: Simulation): string[] {
  const primaries = sim.servers.filter(
    ({ member, state }) => state !== 'down' && member.lessor.isPrimary,
  )
  return primaries
    .sort((a, b) => b.member.term - a.member.term)
    .slice(0, 1)
    .map(({ member }) => member.options.name)
}

const programs = (sim: Simulation) => sim.clients.filter(({ kind }) => kind === 'program')

function lasting(sim: Simulation): Record<string, string[]> {
  const inState = (wanted: 'down' | 'paused'): string[] => [
    ...sim.servers.filter(({ state }) => state === wanted).map(({ member }) => member.options.name),
    ...programs(sim)
      .filter(({ id }) => sim.stateOf(id) === wanted)
      .map(({ id }) => id),
  ]
  const inside = programs(sim).flatMap(({ id, program }) =>
    program?.runner?.position.section == null
      ? []
      : [`${id} is inside ${program.runner.position.section}`],
  )
  return {
    down: inState('down').sort(),
    paused: inState('paused').sort(),
    inside: inside.sort(),
    lead: leaderOf(sim),
  }
}

function drawn({ spans }: SpacetimeView): Record<string, string[]> {
  const open = (kind: SpacetimeSpan['kind']): SpacetimeSpan[] =>
    spans.filter((span) => span.kind === kind && span.to === null)
  const lanes = (kind: SpacetimeSpan['kind']): string[] => open(kind).map(({ lane }) => lane)
  return {
    down: lanes('down').sort(),
    paused: lanes('paused').sort(),
    inside: open('inside')
      .map(({ text }) => text)
      .sort(),
    lead: lanes('lead'),
  }
}

const underWay = (sim: Simulation): number =>
  sim
    .moves()
    .filter(
      ({ due }) =>
        due.type === 'deliver' || due.type === 'deliver-write' || due.type === 'deliver-peer',
    ).length

test.each([
  'lab-late-write-fence-off',
  'lab-crash-with-a-lease',
  'lab-leader-change',
  'lab-served-in-order',
  'frozen-leader',
  'leader-crash',
  'leader-stops',
])('%s', (name) => {
  const text = readFileSync(
    join(import.meta.dirname, `../../scenario/catalogue/${name}.txt`),
    'utf8',
  )
  const { recording } = runScenario(parseScenario(text))
  const timeline = new Timeline(recording)
  const [ledger, truth] = [new Ledger(), new Truth()]
  const stop = Math.min((recording.commands.at(-1)?.at ?? 0) + 6000, 12_000)
  let seen = 0
  for (let steps = 0; timeline.nextAt() <= stop && timeline.step(); steps++) {
    for (; seen < timeline.trace.length; seen++) truth.see(timeline.trace[seen]!)
    if (steps % 17 !== 0) continue
    const { sim } = timeline
    ledger.follow(timeline.trace)
    const scene = { sim, ledger, last: timeline.lastEvent }
    const view = spacetime(scene, { columns: 200, all: true })
    expect({ at: sim.now, ...drawn(view) }).toEqual({ at: sim.now, ...lasting(sim) })
    // One lane of a lock, the leader's, names the holder.
    const held = view.spans
      .filter((span) => span.kind === 'held' && span.to === null)
      .map(({ text }) => text)
    const holders = lockNames(scene).flatMap((lock) => {
      const holder = truth.holder(sim, lock)
      return holder === null
        ? []
        : [`${holder.client ?? 'an unknown client'} holds ${lock}, token ${holder.token}`]
    })
    expect({ at: sim.now, held: held.sort() }).toEqual({ at: sim.now, held: holders.sort() })
    for (const { id, state } of view.lanes) {
      const frozen = lasting(sim).paused!.includes(id)
      expect({ at: sim.now, id, frozen: state === 'frozen' }).toEqual({ at: sim.now, id, frozen })
    }
    const due = view.messages.filter((message) => message.due !== null)
    expect(due.every(({ received, lost }) => received === null && lost === null)).toBe(true)
    expect(due.length).toBeLessThanOrEqual(underWay(sim))
    for (const { sent, received, lost } of view.messages)
      expect(received ?? lost ?? sim.now).toBeGreaterThanOrEqual(sent)
  }
  expect(seen).toBeGreaterThan(100)
})
