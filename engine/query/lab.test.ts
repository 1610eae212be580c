import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from '../sim/command'
import type { LabView } from './lab'
import { labView } from './lab'
import { Ledger } from './ledger'

const recipe = (name: string): string => readFileSync(join(import.meta.dirname, `../client/recipes/${name}.txt`), 'utf8')

function run(name: string, clients: readonly string[]): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 20, expiryPhaseMs: 200 },
    commands: [],
  })
  for (const client of clients) timeline.submit({ type: 'script', client, source: recipe(name) })
  return timeline
}

function shown(timeline: Timeline): LabView {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return labView({ sim: timeline.sim, ledger, last: timeline.lastEvent })
}

test('a lock is held by the store, by belief and in the section by one, and the others wait', () => {
  const timeline = run('create-and-watch', ['a', 'b'])
  timeline.advance(400)
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({
    name: '/lock',
    holder: { client: 'a', token: 2, dead: null },
    believers: ['a'],
    inside: ['a'],
    waiting: ['b'],
  })
})

test('a holder that has crashed is dead to the lock until its lease ends', () => {
  const timeline = run('create-and-watch', ['a', 'b'])
  timeline.advance(400)
  timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
  timeline.advance(1000)
  const [lock] = shown(timeline).locks
  expect(lock).toMatchObject({ holder: { client: 'a', dead: 'down' }, believers: [], inside: [], waiting: ['b'] })
  expect(lock!.holder!.deadline).toBeGreaterThan(5000)
  timeline.advance(6000)
  expect(shown(timeline).locks[0]).toMatchObject({ holder: { client: 'b' }, inside: ['b'] })
})

test('two in the section both believe, and by the store it is the one that put last', () => {
  const timeline = run('check-then-put', ['a', 'b'])
  timeline.advance(400)
  expect(shown(timeline).locks[0]).toMatchObject({ holder: { client: 'b' }, believers: ['a', 'b'], inside: ['a', 'b'] })
})

test('the queue of a Mutex is there in the order in which it will be served', () => {
  const timeline = run('mutex', ['a', 'b', 'c'])
  timeline.advance(700)
  expect(shown(timeline).locks[0]).toMatchObject({ name: '/job', holder: { client: 'a' }, queue: ['b', 'c'] })
})

test('the ledger has the writes until the cursor, the latest first, and counts the stale ones', () => {
  const timeline = run('mutex-fenced', ['a', 'b'])
  timeline.advance(300)
  timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
  timeline.advance(9000)
  timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'a' } })
  timeline.advance(12_000)
  expect(shown(timeline)).toMatchObject({
    checks: false,
    highest: 3,
    total: 2,
    stale: 1,
    writes: [
      { client: 'a', token: 2, taken: true, stale: true, highest: 3 },
      { client: 'b', token: 3, taken: true, stale: false },
    ],
  })
  timeline.seek({ at: 8000 })
  expect(shown(timeline)).toMatchObject({ total: 1, stale: 0 })
})
