import { expect, test, vi } from 'vitest'
import { Store } from '../mvcc/store'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { Checker } from './checker'

const STEPS = 10_000

/** A client puts the same key many times. */
function longRun(): { sim: Simulation; checker: Checker } {
  const checker = new Checker({ bounded: true })
  const sim = new Simulation(DEFAULT_CONFIG, 1, (event) => checker.see(event))
  sim.submit({ type: 'script', client: 'a', source: 'again:\nput /k v\nsleep 5ms\ngoto again' })
  return { sim, checker }
}

test('a bounded checker reads no more history in a late step than in an early one', () => {
  const { sim, checker } = longRun()
  let read = 0
  const save = vi.spyOn(Store.prototype, 'save').mockImplementation(function (this: Store) {
    read += this.revision
    return { revision: this.revision } as unknown as ReturnType<Store['save']>
  })
  const spans: number[] = []
  for (let span = 0; span < 4; span++) {
    read = 0
    for (let i = 0; i < STEPS; i++) {
      sim.step()
      checker.check(sim)
    }
    spans.push(read)
  }
  save.mockRestore()
  expect(sim.servers[0]?.member.store.revision).toBeGreaterThan(3000)
  const [first = 0] = spans
  expect(first).toBeGreaterThan(0)
  expect(Math.max(...spans.slice(1)), spans.join()).toBeLessThan(2 * (spans[1] ?? 0))
  expect(checker.violations).toEqual([])
})
