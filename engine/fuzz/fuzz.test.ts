import { expect, test } from 'vitest'
import { validCommand } from '../replay/validate'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { testSeeds } from '../test/seeds'
import { EnvironmentFaults } from './environment-faults'
import { fuzz } from './fuzz'

testSeeds(0, 2)

test('a seed draws the same run each time', () => {
  for (let seed = 1; seed <= 3; seed++) expect(fuzz({ seed })).toEqual(fuzz({ seed }))
})

test('the page accepts every fault, also with an added member that has no name yet', () => {
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3 }, 1, () => {})
  sim.submit({
    type: 'request',
    client: 'ops',
    request: { type: 'MemberAdd', peerURLs: ['http://127.0.0.1:40000'], isLearner: true },
  })
  sim.advance(2000)
  expect(sim.known.map(({ name }) => name)).toContain('')
  const environment = new EnvironmentFaults({ seed: 1, troubles: true })
  for (let i = 0; i < 5000; i++)
    for (const command of environment.next(sim).commands)
      if (!validCommand(command).ok) expect(validCommand(command)).toBeNull()
})
