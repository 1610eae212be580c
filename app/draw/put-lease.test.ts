import { expect, test } from 'vitest'
import { leaseForKey } from './put-lease'

const row = (id: string, grantedAt: number, state: 'live' | 'gone' = 'live') => ({
  id,
  grantedAt,
  state,
})

test('a new key goes on the chosen lease while it lives, otherwise on the lease granted last', () => {
  const rows = [row('a', 10), row('b', 900), row('c', 300), row('d', 2000, 'gone')]
  expect(leaseForKey(rows, 'c')).toBe('c')
  expect(leaseForKey(rows, 'd')).toBe('b')
  expect(leaseForKey(rows, null)).toBe('b')
  expect(leaseForKey([row('d', 2000, 'gone')], null)).toBeNull()
})
