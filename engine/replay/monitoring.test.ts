// The checks along a run that the reader seeks to and fro. Their results at an instant do not
// depend on the way there.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseScenario, runScenario } from '../scenario/scenario'
import { Monitoring } from './monitoring'
import { Timeline } from './timeline'

const catalogue = `${import.meta.dirname}/../scenario/catalogue`
const { recording } = runScenario(
  parseScenario(readFileSync(`${catalogue}/stale-leader-revokes.txt`, 'utf8')),
)

/** The breaches of the run played from the start to its end. */
function straight(): Monitoring {
  const run = new Timeline(recording)
  const monitoring = new Monitoring(run)
  run.advance(9000)
  return monitoring
}

test('the lease that a deposed leader ended is a breach, at the event of its revoke', () => {
  const run = new Timeline(recording)
  const monitoring = new Monitoring(run)
  run.advance(7002)
  expect(monitoring.violations).toEqual([])
  run.advance(9000)
  const [breach] = monitoring.violations
  expect(monitoring.violations).toHaveLength(1)
  expect(breach).toMatchObject({
    property: 'no lease ends by a late revoke',
    at: 7003,
    members: ['m3', 'm1'],
  })
  expect(run.trace[breach!.event - 1]).toMatchObject({ type: 'lease-revoked' })
})

test('seeking back and forth over a checked part changes nothing and checks nothing again', () => {
  const run = new Timeline(recording)
  const monitoring = new Monitoring(run)
  for (const at of [5000, 1000, 7500, 0, 7002, 9000, 3000, 8000]) {
    run.seek({ at })
    expect(monitoring.isBehind).toBe(false)
    expect(monitoring.seen).toBe(run.trace.length)
  }
  expect(monitoring.violations).toEqual(straight().violations)
})

test('after a future was cut off the checks start over, and a breach that never happened is gone', () => {
  const run = new Timeline(recording)
  const monitoring = new Monitoring(run)
  run.advance(9000)
  run.seek({ at: 6900 })
  // m1 never wakes in this future.
  run.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
  expect(monitoring.isBehind).toBe(true)
  expect(monitoring.violations).toEqual([])
  run.advance(8000)
  for (let frames = 0; monitoring.isBehind; frames++) {
    let steps = 0
    monitoring.catchUp(() => steps++ < 50)
    expect(frames).toBeLessThan(1000)
  }
  expect(monitoring.seen).toBe(run.trace.length)
  expect(monitoring.violations).toEqual([])
  run.advance(9000)
  expect(monitoring.seen).toBe(run.trace.length)
})

test('a future that was cut off before it was checked costs nothing', () => {
  const run = new Timeline(recording)
  const monitoring = new Monitoring(run)
  run.advance(500)
  run.submit({ type: 'fault', fault: { type: 'crash', member: 'm3' } })
  expect(monitoring.isBehind).toBe(false)
  run.advance(2000)
  expect(monitoring.seen).toBe(run.trace.length)
})
