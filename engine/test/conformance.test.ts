// The engine against recordings of real etcds, each version against its own: every answer, every event, every message of a stream.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PATCH_VERSIONS } from '../base/etcd-versions'
import { playExchange } from '../cli/exchange/player'
import { readExchange } from '../cli/exchange/read'
import { differences } from './compare'
import { EXCEPTIONS, UNCERTAIN } from './exceptions'

const FOLDER = join(import.meta.dirname, 'recordings/api')
const recordings = (['3.4'] as const).flatMap((etcd) =>
  readdirSync(join(FOLDER, etcd)).map((file) => ({ etcd, name: `${etcd}/${file.replace('.json', '')}` })),
)

test('there are recordings, and none of the exceptions is of another', () => {
  const names = recordings.map(({ name }) => name)
  for (const etcd of ['3.4']) expect(names.filter((name) => name.startsWith(etcd)).length, etcd).toBeGreaterThan(30)
  expect([...Object.keys(EXCEPTIONS), ...Object.keys(UNCERTAIN)].filter((name) => !names.includes(name))).toEqual([])
})

describe.each(recordings)('$name', ({ etcd, name }) => {
  const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
  const recorded = readExchange(text)
  const expected = EXCEPTIONS[name] ?? {}
  const found = (seed: number) => differences(recorded, playExchange(recorded, { etcd }, seed))
  test('was answered by the version that the engine models', () => {
    expect(JSON.parse(text).etcd).toBe(PATCH_VERSIONS[etcd])
  })
  if (UNCERTAIN[name] !== undefined) {
    test(`can be played, and differs from run to run: ${UNCERTAIN[name]}`, () => expect(found(1)).toBeDefined())
    return
  }
  test('is answered as it was recorded', () => {
    const others = found(1)
    expect(others.filter(({ place }) => expected[place] === undefined)).toEqual([])
    expect(
      Object.keys(expected).filter((place) => others.every((other) => other.place !== place)),
      'exceptions that are not needed',
    ).toEqual([])
  })
  test('is answered so from any seed', () => {
    expect([2, 3].flatMap(found).filter(({ place }) => expected[place] === undefined)).toEqual([])
  })
})
