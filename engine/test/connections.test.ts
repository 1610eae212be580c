// The engine's clients behave as real clients of etcd 3.4, 3.5 and 3.6 did over cut connections,
// with dead members and frozen members.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { differences } from './connections/play'
import type { ConnectionRecording } from './connections/recording'

const FOLDER = join(import.meta.dirname, 'recordings/connections')
const recordings = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as ConnectionRecording)

/** Recordings that the engine cannot play yet, with the reason. */
const cannot: Record<string, string> = {
  'keep-alive-over-a-reset':
    'its runs differ: a lease of 5 s is renewed every 2 s in some, every 3.6 s in others, before any fault',
}
/** Recordings that the engine plays differently. The list must shrink. */
const notYet: ReadonlySet<string> = new Set()

const playable = recordings.filter(({ name }) => cannot[name] === undefined)

for (const recording of playable) {
  const { name, about, recorded } = recording
  const run = notYet.has(name) ? test.fails : test
  run(`${name}: ${about}`, () => {
    expect(
      recorded.flatMap((etcd) => differences(recording, etcd).map((text) => `${etcd}: ${text}`)),
    ).toEqual([])
  })
}

test('the lists name recordings', () => {
  const names = recordings.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining([...Object.keys(cannot), ...notYet]))
})
