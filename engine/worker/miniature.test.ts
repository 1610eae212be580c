import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseScenario, playScenario } from '../scenario/scenario'
import { miniatureOf } from './miniature'

const folder = join(import.meta.dirname, '../scenario/catalogue')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

test('a lease goes from its whole TTL to nothing, with a jump at each renewal', () => {
  const { leases, granted, end } = miniatureOf(`config etcd=3.6 seed=1 latencyMs=30
svc session ttl=6
until 2.5
svc heartbeat off
until 12`)
  expect([granted, end]).toEqual([1, 12_000])
  const [points = []] = leases
  expect(points[0]).toEqual([30, 0])
  expect(points[1]).toEqual([30, 1])
  const jumps = points.filter(
    ([at, share], i) => points[i - 1]?.[0] === at && share > (points[i - 1]?.[1] ?? 1),
  )
  expect(jumps.length).toBeGreaterThan(1)
  expect(points.at(-1)?.[1]).toBe(0)
})

test('leaders follow each other with a gap, and no client is inside twice at once', () => {
  const { leaders, inside, asksAt } = miniatureOf(read('beat-3-leader-dies.txt'))
  expect(leaders.length).toBe(2)
  expect(leaders[0]!.to).toBeLessThan(leaders[1]!.from)
  expect(inside).toEqual([])
  expect(asksAt).toBeGreaterThan(leaders[0]!.to - 1)
  for (const spans of miniatureOf(read('beat-5-paused-holder.txt')).inside)
    for (const [i, { from }] of spans.entries())
      expect(from).toBeGreaterThanOrEqual(spans[i - 1]?.to ?? 0)
})

test.each(readdirSync(folder))('%s has a picture that matches its run', (name) => {
  const { leases, granted, asksAt, end, leaders } = miniatureOf(read(name))
  const { events } = playScenario(parseScenario(read(name)))
  expect(granted).toBe(events.filter(({ type }) => type === 'lease-granted').length)
  expect(leaders).toHaveLength(events.filter(({ type }) => type === 'promoted').length)
  for (const points of leases) {
    for (const [i, [at, share]] of points.entries()) {
      expect(at).toBeGreaterThanOrEqual(points[i - 1]?.[0] ?? 0)
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
  }
  if (asksAt !== null) expect(asksAt).toBeLessThanOrEqual(end)
})
