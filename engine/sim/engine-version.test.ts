import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINE_VERSION, foreignEngine } from './engine-version'

test('is the version of the package', () => {
  const of = (file: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'))
  const { version } = of('package.json')
  expect(version.split('.').slice(0, 2).join('.')).toBe(ENGINE_VERSION)
  const lock = of('package-lock.json')
  expect([lock.version, lock.packages[''].version]).toEqual([version, version])
})

test('another version is named, and a third number makes no other version', () => {
  expect([undefined, '0.1', '0.1.9', '1.2'].map(foreignEngine)).toEqual([
    '0.1',
    '0.1',
    '0.1',
    '1.2',
  ])
  expect([ENGINE_VERSION, `${ENGINE_VERSION}.7`].map(foreignEngine)).toEqual([null, null])
})
