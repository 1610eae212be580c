// What the README shows is run: the snippet stands there word for word.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Cluster } from '../index'

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

test('an hour passes in a test', () => {
  // README >>>
  const etcd = new Cluster()
  const { ID } = etcd.call({ type: 'LeaseGrant', TTL: 3600 })
  etcd.call({ type: 'Put', key: 'jobs/42', value: 'mine', lease: ID })
  etcd.advance(3_599_000)
  // 59 minutes and 59 seconds later
  expect(etcd.call({ type: 'Range', key: 'jobs/42' }).count).toBe(1)
  etcd.advance(2_000)
  // the hour is over, and the key is gone
  expect(etcd.call({ type: 'Range', key: 'jobs/42' }).count).toBe(0)
  // <<< README
})

test('the README shows that very snippet', () => {
  const source = readFileSync(import.meta.filename, 'utf8')
  const lines = source
    .slice(source.indexOf('// README >>>\n') + 14, source.indexOf('  // <<< README'))
    .split('\n')
  const snippet = lines
    .map((line) => line.replace(/^ {2}/, ''))
    .join('\n')
    .trimEnd()
  expect(README).toContain(snippet)
})
