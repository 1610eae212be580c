import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as leasescope from '../index'
import { documented, examplesIn } from '../test/examples'
import { howToOpen } from './how-to-open'
import { fragmentOf } from './open'

const { Cluster } = leasescope
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasescope-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const argument = (command: string) => /^npx leasescope open '([^']+)'$/.exec(command)![1]!

test('a short run is in the command', () => {
  const etcd = new Cluster({ members: 3 })
  etcd.put("it's", '$(a)')
  const link = argument(howToOpen(etcd))
  expect(link).toBe(etcd.toLink())
  expect(fragmentOf(link)).toBe(link)
})

test('a long one is in a file', () => {
  const etcd = new Cluster()
  for (let i = 0; i < 100; i++) etcd.put(`${i}`, 'v')
  const file = argument(howToOpen(etcd, { folder }))
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(etcd.toJSON())
  expect(fragmentOf(file)).toMatch(/^#r1\.[\w-]+$/)
  // The same run is the same file.
  expect(argument(howToOpen(etcd, { folder }))).toBe(file)
})

test('its example holds', () => {
  const path = join(import.meta.dirname, 'how-to-open')
  const [shown] = documented(path, readFileSync(`${path}.ts`, 'utf8'))
  const examples = examplesIn(shown?.doc ?? '')
  expect(examples).toHaveLength(1)
  const names = Object.keys(leasescope)
  const run = new Function('expect', 'howToOpen', ...names, examples[0]!)
  run(expect, howToOpen, ...Object.values(leasescope))
})
