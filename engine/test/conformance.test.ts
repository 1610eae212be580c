// The engine against recordings of real etcds, each version against its own: every answer, every
// event, every message of a stream.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ETCD_VERSIONS, PATCH_VERSIONS } from '../base/etcd-versions'
import { playExchange } from '../cli/exchange/player'
import { readExchange } from '../cli/exchange/read'
import type { Difference } from './compare'
import { differences } from './compare'
import { BY_CHANCE, EXCEPTIONS } from './exceptions'

const FOLDER = join(import.meta.dirname, 'recordings/api')
const recordings = ETCD_VERSIONS.flatMap((etcd) =>
  readdirSync(join(FOLDER, etcd)).map((file) => ({
    etcd,
    name: `${etcd}/${file.replace('.json', '')}`,
  })),
)

test('there are recordings, and every exception belongs to one', () => {
  const names = recordings.map(({ name }) => name)
  for (const etcd of ETCD_VERSIONS)
    expect(names.filter((name) => name.startsWith(etcd)).length, etcd).toBeGreaterThan(90)
  expect(
    [EXCEPTIONS, BY_CHANCE].flatMap(Object.keys).filter((name) => !names.includes(name)),
  ).toEqual([])
})

describe.each(recordings)('$name', ({ etcd, name }) => {
  const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
  const recorded = readExchange(text)
  const exceptions = Object.keys(EXCEPTIONS[name] ?? {})
  const found = (seed: number) => differences(recorded, playExchange(recorded, { etcd }, seed))
  const covers = (exception: string, place: string) =>
    place === exception || (exception.startsWith('stream') && place.startsWith(`${exception} `))
  const others = (all: readonly Difference[]) =>
    all.filter(({ place }) => !exceptions.some((exception) => covers(exception, place)))
  test('was answered by the version that the engine models', () => {
    expect(JSON.parse(text).etcd).toBe(PATCH_VERSIONS[etcd])
  })
  test('is answered as recorded', () => {
    const all = found(BY_CHANCE[name]?.seed ?? 1)
    expect(others(all)).toEqual([])
    const needless = exceptions.filter(
      (exception) => !all.some(({ place }) => covers(exception, place)),
    )
    expect(needless, 'exceptions that are not needed').toEqual([])
  })
  if (BY_CHANCE[name] === undefined) {
    test('is answered as recorded with any seed', () =>
      expect([2, 3].flatMap((seed) => others(found(seed)))).toEqual([]))
    return
  }
  test(`is not answered so with every seed: ${BY_CHANCE[name].why}`, () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].some((seed) => others(found(seed)).length > 0)).toBe(true)
  })
})
