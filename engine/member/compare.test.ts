import { expect, test } from 'vitest'
import type { Compare } from '../base/rpc'
import { LoneMember } from '../test/lone-member'

/**
 * Whether a transaction with one compare of the keys from a to b succeeds, if they have these
 * values.
 */
function succeeds(
  values: Record<string, string>,
  compare: Omit<Compare, 'key' | 'range_end'>,
): boolean {
  const member = new LoneMember()
  for (const [key, value] of Object.entries(values)) member.ask({ type: 'Put', key, value })
  const reply = member.ask({ type: 'Txn', compare: [{ key: 'a', range_end: 'c', ...compare }] })
  return reply.type === 'Txn' && reply.succeeded
}

test('a compare over a range holds only if every key of the range passes it', () => {
  const isOne = { target: 'VALUE', result: 'EQUAL', value: '1' } as const
  expect(succeeds({ a: '1', b: '1' }, isOne)).toBe(true)
  expect(succeeds({ a: '1', b: '2' }, isOne)).toBe(false)
  expect(succeeds({ a: '2', b: '1' }, isOne)).toBe(false)
  // A key after the range does not count.
  expect(succeeds({ a: '1', b: '1', c: '2' }, isOne)).toBe(true)
})

test('over a range without keys no compare of values holds, and every other compare sees zero', () => {
  expect(succeeds({}, { target: 'VALUE', result: 'EQUAL', value: '' })).toBe(false)
  expect(succeeds({}, { target: 'CREATE', result: 'EQUAL', create_revision: 0 })).toBe(true)
})
