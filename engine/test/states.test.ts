import { expect, test } from 'vitest'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { States } from './states'

function played(value: string, until = 3000): Simulation {
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3 }, 1, () => {})
  for (const key of ['a', 'b'])
    sim.submit({
      type: 'request',
      client: 'c',
      request: { type: 'Put', key, value: key === 'a' ? 'x' : value },
    })
  sim.advance(until)
  return sim
}

test('two states have the same text exactly if their JSON is the same', () => {
  const states = new States()
  const text = states.textOf(played('1').save())
  expect(states.textOf(played('1').save())).toBe(text)
  expect(states.textOf(played('2').save())).not.toBe(text)
  expect(states.textOf(played('1', 3001).save())).not.toBe(text)
})

test('a state survives JSON', () => {
  const saved = played('1').save()
  expect(new States().throughJson(saved)).toEqual(JSON.parse(JSON.stringify(saved)))
})
