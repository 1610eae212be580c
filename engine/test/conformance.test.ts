// The engine against recordings of a real etcd 3.4.23 (recordings/api): every answer and every event.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { playExchange, readExchange } from '../cli/api'
import { differences } from './compare'

const FOLDER = join(import.meta.dirname, 'recordings/api')
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))

/** Recordings that the engine does not answer in full, each with the reason. */
const EXCEPTIONS: Record<string, string> = {}

test('there are recordings', () => {
  expect(files.length).toBeGreaterThan(15)
  expect(Object.keys(EXCEPTIONS).filter((file) => !files.includes(file))).toEqual([])
})

describe.each(files)('%s', (file) => {
  const recorded = readExchange(readFileSync(join(FOLDER, file), 'utf8'))
  test(EXCEPTIONS[file] ?? recorded.name, () => {
    const found = differences(recorded, playExchange(recorded))
    if (EXCEPTIONS[file] === undefined) expect(found).toEqual([])
    else expect(found).not.toEqual([])
  })
  test('is answered alike from any seed, but for chance', () => {
    const found = [2, 3].flatMap((seed) => differences(recorded, playExchange(recorded, {}, seed)))
    if (EXCEPTIONS[file] === undefined) expect(found).toEqual([])
  })
})
