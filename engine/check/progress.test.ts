import { expect, test } from 'vitest'
import type { Command, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { Checker } from './checker'
import { backOffMs } from './progress'

/** A run that is checked at each step; commands at their virtual ms. */
function run(until: number, commands: readonly (readonly [number, Command])[], tamper?: (sim: Simulation) => void): Checker {
  const checker = new Checker()
  const sim = new Simulation({ ...DEFAULT_CONFIG, etcd: '3.6' }, 1, (event) => checker.see(event))
  const advance = (to: number): void => {
    for (; sim.nextAt() <= to; checker.look(sim)) {
      tamper?.(sim)
      sim.step()
    }
    sim.advance(to)
  }
  for (const [at, command] of commands) {
    advance(at)
    sim.submit(command)
    checker.look(sim)
  }
  advance(until)
  checker.lookAtAll(sim)
  return checker
}

const fault = (what: Fault): Command => ({ type: 'fault', fault: what })
const drop = (sim: Simulation, answers: string): void => {
  for (const { due } of sim.moves()) {
    if (due.type !== 'deliver' || due.message.body.type !== 'reply' || due.message.body.reply.type !== answers) continue
    sim.submit(fault({ type: 'message', message: due.message.id, fate: 'drop' }))
  }
}

test('a call whose answer is lost for good is found, and only after the bound', () => {
  const put: Command = { type: 'request', client: 'a', request: { type: 'Put', key: 'k', value: 'v' } }
  let dropped = false
  const lose = (sim: Simulation): void => {
    if (dropped || !sim.moves().some(({ due }) => due.type === 'deliver' && due.message.body.type === 'reply')) return
    dropped = true
    drop(sim, 'Put')
  }
  expect(run(40_000, [[1000, put]], lose).violations).toEqual([])
  dropped = false
  const [found, ...more] = run(200_000, [[1000, put]], lose).violations
  expect(more).toEqual([])
  expect(found).toMatchObject({ property: 'clients move on after a heal' })
  expect(found!.text).toMatch(/^a waits for the answer to its Put, /)
})

test('nothing is said while something is broken, or of a client that is down', () => {
  const put: Command = { type: 'request', client: 'a', request: { type: 'Put', key: 'k', value: 'v' } }
  expect(
    run(300_000, [
      [500, fault({ type: 'pause', member: 'm1' })],
      [1000, put],
    ]).violations,
  ).toEqual([])
  const script: Command = { type: 'script', client: 'a', source: 'lease = grant 5\nkeep lease\nput k v' }
  expect(
    run(300_000, [
      [500, script],
      [501, fault({ type: 'crash-client', client: 'a' })],
    ]).violations,
  ).toEqual([])
})

test('a client that waits for a lock that is held may wait', () => {
  const lock: Command = { type: 'script', client: 'a', source: 'lease = grant 5\nkeep lease\nlock /job with lease' }
  expect(
    run(300_000, [
      [0, lock],
      [100, { ...lock, client: 'b' }],
    ]).violations,
  ).toEqual([])
})

test('the back-off that an outage has grown has a bound', () => {
  expect(backOffMs(0)).toBe(1200)
  // 1 + 1.6 + 2.56 + 4.1 s of waits; the next is 6.55 s and a fifth at most.
  expect(backOffMs(9256)).toBeGreaterThan(6554 * 1.19)
  expect(backOffMs(10_000_000)).toBe(144_000)
})
