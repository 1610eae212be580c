// Two libraries that lock one name with keys that do not exclude each other.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import { DEFAULT_CONFIG } from '../sim/command'
import type { LockView } from './lab'
import { labView } from './lab'
import { Ledger } from './ledger'
import { why } from './why'

const CATALOGUE = join(import.meta.dirname, '../scenario/catalogue')
const REPORTS = join(import.meta.dirname, '../test/recordings/reports')
const RECIPES = join(import.meta.dirname, '../client/recipes')

const isMixed = ({ schemes }: LockView): boolean => schemes.length > 0

function locksOf(timeline: Timeline) {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return labView({ sim: timeline.sim, ledger, last: timeline.lastEvent }).locks
}

function started(sources: Record<string, string>): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 20, expiryPhaseMs: 200 },
    commands: [],
  })
  for (const [client, source] of Object.entries(sources))
    timeline.submit({ type: 'script', client, source })
  return timeline
}

const GO = 'lease = grant 10\nlock /job with lease\nenter /job\nsleep 3s\nleave\nunlock /job'
const PLAIN = 'lease = grant 10\nwon = create /job "" with lease\nenter /job\nsleep 3s\nleave'
const TXN = [
  'lease = grant 10',
  'won = txn if create /job = 0 then put /job $me with lease',
  'enter /job',
  'sleep 3s',
].join('\n')
const NODE = 'token = node lock /job\nenter /job\nsleep 3s\nleave\nnode unlock /job'
const PYTHON = NODE.replaceAll('node', 'python')

test.each([
  ['create', PLAIN],
  ['a transaction', TXN],
  ['the lock of node', NODE],
  ['the lock of python', PYTHON],
])('%s puts the name itself, and does not exclude the Mutex of Go', (_, source) => {
  const timeline = started({ a: GO, b: source })
  const [before] = locksOf(timeline)
  expect(before?.schemes).toEqual([
    { keys: 'plain', clients: ['b'] },
    { keys: 'queue', clients: ['a'] },
  ])
  timeline.advance(400)
  // The run agrees with the warning.
  expect(locksOf(timeline)[0]).toMatchObject({ verdict: 'broken', inside: ['a', 'b'] })
})

test('Why two are inside: each has its own key, and no such reason where one of the leases is gone', () => {
  const reasons = (timeline: Timeline) => {
    const clash = timeline.trace.find(({ type }) => type === 'exclusion-broken')!
    const ledger = new Ledger()
    ledger.follow(timeline.trace)
    return why(timeline.trace, clash.id, ledger.names)!.reasons
  }
  const two = started({ a: GO, b: NODE })
  two.advance(400)
  expect(reasons(two)[1]).toMatchObject({
    depth: 1,
    missing: expect.stringMatching(/^The locks are two keys, \/job and \/job\/[0-9a-f]{16}: /),
  })
  const one = started({ a: GO.replace('grant 10', 'grant 2').replace('3s', '9s'), b: GO })
  one.advance(4000)
  expect(reasons(one).some(({ missing }) => missing?.startsWith('The locks'))).toBe(false)
})

test('a single library, and two libraries that put the same key, give no warning', () => {
  for (const sources of [
    { a: GO, b: GO },
    { a: NODE, b: PLAIN },
    { a: GO, b: 'lease = grant 10\nserver lock /job with lease\nenter /job' },
  ])
    expect(locksOf(started(sources)).map(isMixed)).toEqual([false])
})

test('node and etcdctl under one name give the warning while both hold the lock', () => {
  const file = readFileSync(join(REPORTS, 'node-lock-and-etcdctl-lock.txt'), 'utf8')
  const timeline = new Timeline(playScenario(parseScenario(file)).recording)
  timeline.advance(2000)
  expect(locksOf(timeline)[0]).toMatchObject({
    name: 'mylock2',
    schemes: [
      { keys: 'plain', clients: ['a'] },
      { keys: 'queue', clients: ['t1'] },
    ],
  })
})

test('etcdctl has no program: its key says how it locks', () => {
  const timeline = started({ a: NODE.replaceAll('/job', 'job') })
  timeline.submit({
    type: 'console',
    terminal: 't1',
    text: 'etcdctl lock job sleep 5',
    mode: 'strict',
  })
  timeline.advance(400)
  expect(locksOf(timeline)[0]?.schemes).toEqual([
    { keys: 'plain', clients: ['a'] },
    { keys: 'queue', clients: ['t1'] },
  ])
})

test('an ended program without a key does not count', () => {
  const timeline = started({ a: GO, b: NODE })
  timeline.advance(2000)
  expect(isMixed(locksOf(timeline)[0]!)).toBe(true)
  timeline.advance(60_000)
  expect(locksOf(timeline).some(isMixed)).toBe(false)
})

test('no recipe warns, and of the stories only the one about two libraries', () => {
  for (const name of readdirSync(RECIPES)) {
    const source = readFileSync(join(RECIPES, name), 'utf8')
    const timeline = started({ a: source, b: source })
    for (const at of [0, 500, 5000]) {
      timeline.advance(at)
      expect(locksOf(timeline).filter(isMixed), name).toEqual([])
    }
  }
  const warned = readdirSync(CATALOGUE).filter((name) => {
    const scenario = parseScenario(readFileSync(join(CATALOGUE, name), 'utf8'))
    if (!scenario.steps.some(({ type }) => type === 'script')) return false
    const { recording } = playScenario(scenario)
    const timeline = new Timeline(recording)
    return [200, 1500, 4000, 8000].some((at) => {
      timeline.advance(at)
      return locksOf(timeline).some(isMixed)
    })
  })
  expect(warned).toEqual(['field-two-schemes-of-keys.txt'])
})
