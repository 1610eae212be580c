// A run of one library is judged by the rules of another one: the check must notice it.

import { expect, test } from 'vitest'
import type { Library } from '../base/libraries'
import { LIBRARIES } from '../base/libraries'
import { parseScenario, playScenario } from '../scenario/scenario'
import { Simulation } from '../sim/simulation'
import { Cadence } from './cadence'

/** The check's messages for a run in which the wall clock changes and the member becomes silent. */
function judged(library: Library, as: Library, script: string): string[] {
  const { recording } = playScenario(
    parseScenario(`config seed=1\nsvc uses ${library}\nsvc session ttl=6\n${script}`),
  )
  const said = new Set<string>()
  const cadence = new Cadence((_property, _members, text) => said.add(text.replace(/ L.*/, '')), {
    svc: as,
  })
  const sim = new Simulation(recording.config, recording.seed, (event) => cadence.see(event))
  const until = (to: number): void => {
    while (sim.nextAt() <= to) {
      sim.step()
      cadence.check(sim)
    }
    sim.advance(to)
  }
  for (const { at, ...command } of recording.commands) {
    until(at)
    sim.submit(command)
  }
  until(60_000)
  return [...said].map((text) => text.replace(/ lease [0-9a-f]+/, ''))
}

const RUNS = [
  'until 7\npause m1\nuntil 40',
  'until 7\nclock svc +20s\nuntil 40',
  'until 7\nclock svc -20s\nuntil 40',
  'clock svc 50\nuntil 7\npause svc\nuntil 20\nresume svc\nuntil 25\npause m1\nuntil 60',
]

test.each(LIBRARIES)('%s keeps its own pace', (library) => {
  for (const run of RUNS) expect(judged(library, library, run)).toEqual([])
})

test('a jetcd that reads the monotonic clock is found, ahead and back', () => {
  expect(judged('clientv3', 'jetcd', RUNS[1]!)).toContain('svc still believes in')
  expect(judged('clientv3', 'jetcd', RUNS[2]!)).toContain(
    'svc asks for before a third of its TTL is over',
  )
})

test('a clientv3 that reads the wall clock, and a node that gives up after one TTL, are found', () => {
  expect(judged('jetcd', 'clientv3', RUNS[1]!)).toContain(
    'svc gives up although it should believe in it',
  )
  expect(judged('clientv3', 'node-etcd3', RUNS[0]!)).toContain(
    'svc gives up although it should believe in it',
  )
  expect(judged('node-etcd3', 'clientv3', RUNS[0]!)).toContain('svc still believes in')
})
