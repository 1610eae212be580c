// Runs in which the engine once failed. Now each passes.

import { expect, test } from 'vitest'
import type { Property } from '../check/violation'
import { storedNames, verdictOn } from './stored'

/** By recording: the former fault. */
const once: Record<string, string> = {
  'crash-before-first-write':
    'a cluster that crashes before its first write is done starts from nothing',
  'two-primaries-renew':
    'a client that renews with the new primary and then with the old one is promised no more than the new one said',
  'snapshot-while-log-shrinks':
    'a follower that takes a snapshot while the leader shortens its log is sent what follows it',
}

/** By recording: the fault of etcd itself. */
const known: Record<string, [Property, string]> = {
  'deposed-leader-3.4': [
    'no lease ends by a deposed leader',
    'in 3.4 a leader whose disk hangs ends a lease that a client renewed with the next one',
  ],
  'woken-leader-3.6': [
    'no lease ends by a late revoke',
    'a frozen leader that wakes ends a lease that a client renewed with the next one',
  ],
}

test('every recording has its sentence', () => {
  expect(storedNames('fuzz')).toEqual([...Object.keys(once), ...Object.keys(known)].sort())
})

test.each(Object.entries(once))('%s: %s', (name) => {
  const { violations, known: found, keys, convergenceJudged, events } = verdictOn('fuzz', name)
  expect({ violations, found }).toEqual({ violations: [], found: [] })
  // The whole run was judged.
  expect(keys).toEqual({ judged: 3, unknown: 0, skipped: 0 })
  expect(convergenceJudged).toBe(true)
  expect(events).toBeGreaterThan(5000)
})

test.each(Object.entries(known).map(([name, [property, what]]) => ({ name, property, what })))(
  '$name: $what',
  ({ name, property }) => {
    const { known: found, violations } = verdictOn('fuzz', name)
    expect([found[0]?.property, violations]).toEqual([property, []])
  },
)
