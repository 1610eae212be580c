import { expect, test } from 'vitest'
import { unsignedDecimal } from '../base/int64'
import { Cluster } from '../cluster/cluster'
import { memberOptions } from './bootstrap'
import { DEFAULT_CONFIG } from './command'
import { hostAndPort } from './endpoint'

test('a lone member has the IDs that a real etcd 3.4.23 has with the same URLs', () => {
  const [m1] = memberOptions(DEFAULT_CONFIG, 1)
  expect(m1?.ID).toBe('b71f75320dc06a6c')
  expect(unsignedDecimal(m1!.clusterId)).toBe('2037210783374497686')
})

test('its lease IDs begin as that etcd’s do, and two in a row differ by two or more', () => {
  const etcd = new Cluster()
  const [first, second] = [1, 2].map(() => etcd.call({ type: 'LeaseGrant', TTL: 10 }).ID)
  expect(first).toMatch(/^6a6c/)
  expect(
    Number.parseInt(second!.slice(-8), 16) - Number.parseInt(first!.slice(-8), 16),
  ).toBeGreaterThanOrEqual(2)
})

test('an endpoint is the same with and without its scheme, and localhost is this host', () => {
  for (const endpoint of [
    '127.0.0.1:2379',
    'http://127.0.0.1:2379/',
    'localhost:2379',
    'https://localhost:2379',
  ])
    expect(hostAndPort(endpoint)).toBe('127.0.0.1:2379')
})
