// Files and links from before new runs were 3.6 and named their engine. They play to the very same
// trace.
//
// Each hash was taken with engine 0.1. A change of a hash is right only where the engine became
// more faithful to etcd. The commit that changes the hash says how.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hash } from '../base/hash'
import { Cluster } from '../cluster/cluster'
import type { Config } from '../sim/command'
import { traceText } from '../text/describe'
import { plainLink } from './plain-link'
import { RunTree } from './run-tree'
import type { SharedRun } from './shared-form'
import { openSharedRun, readSharedRun, sharedRun } from './shared-run'

function read(text: string, form: 'json' | 'plain'): SharedRun {
  const run = readSharedRun(text, form)
  if (!run.ok) throw new Error(run.reason)
  return run.value
}

/** The hash of the trace until 20 s after its cursor and its last command. */
function traceHash(run: SharedRun): string {
  const { timeline } = openSharedRun(run)
  timeline.seek({ at: Math.max(run.cursor ?? 0, run.commands.at(-1)?.at ?? 0) + 20_000 })
  return hash(traceText(timeline.trace))
}

test.each([
  ['own-clock-set-back', 'fb40cc735bac8389'],
  // A linearizable read that arrives during a round of reads waits for the next round.
  ['check-then-put', 'd1956aa8545f84cf'],
])('the file %s', (name, expected) => {
  const text = readFileSync(
    join(import.meta.dirname, '../test/recordings/recipes', `${name}.json`),
    'utf8',
  )
  expect(text).not.toContain('"engine"')
  expect(traceHash(read(text, 'json'))).toBe(expected)
})

test.each([
  [
    'seed=42&members=3&latency=30&at=12.4&$@0.5=etcdctl+lease+grant+10&fault@3=crash+m1',
    '7c4e220e15f92862',
  ],
  ['$@0.5=etcdctl%20lease%20grant%2010', '4f4e54885df28c6e'],
])('the link %s', (link, expected) => {
  const run = read(link, 'plain')
  expect(run.config.etcd).toBe('3.4')
  expect(traceHash(run)).toBe(expected)
})

test('the first link would play differently as 3.6', () => {
  const run = read(
    'seed=42&members=3&etcd=3.6&latency=30&at=12.4&$@0.5=etcdctl+lease+grant+10&fault@3=crash+m1',
    'plain',
  )
  expect(traceHash(run)).not.toBe('7c4e220e15f92862')
})

test('a new link and a new file name version and engine, whatever the version', () => {
  const base: Config = new Cluster().config
  for (const etcd of ['3.4', '3.5', '3.6'] as const) {
    const run = sharedRun(
      new RunTree({ leasescope: 1, seed: 1, config: { ...base, etcd }, commands: [] }),
    )
    expect(plainLink(run)).toBe(`seed=1&etcd=${etcd}&engine=0.2`)
    expect(JSON.parse(JSON.stringify(run))).toMatchObject({ engine: '0.2', config: { etcd } })
  }
})

test('a new cluster is 3.6, unless its configuration names a version', () => {
  expect(new Cluster().config.etcd).toBe('3.6')
  expect(new Cluster({ etcd: '3.4' }).config.etcd).toBe('3.4')
})
