// Runs in which the engine once failed. Each holds now.

import { expect, test } from 'vitest'
import { storedNames, verdictOn } from './stored'

/** By recording: what went wrong in it. */
const once: Record<string, string> = {
  'crash-before-first-write': 'a cluster that crashes before its first write is done starts from nothing',
  'two-primaries-renew': 'a client that renews with the new primary and then with the old one is promised no more than the new one said',
  'snapshot-while-log-shrinks': 'a follower that takes a snapshot while the leader shortens its log is sent what follows it',
}

test('every recording has its sentence', () => {
  expect(storedNames('fuzz')).toEqual([...Object.keys(once), 'deposed-leader-3.4'].sort())
})

test.each(Object.entries(once))('%s: %s', (name) => {
  const { violations, known, keys, convergenceJudged, events } = verdictOn('fuzz', name)
  expect({ violations, known }).toEqual({ violations: [], known: [] })
  // The whole run was judged.
  expect(keys).toEqual({ judged: 3, unknown: 0, skipped: 0 })
  expect(convergenceJudged).toBe(true)
  expect(events).toBeGreaterThan(5000)
})

test('a deposed leader of etcd 3.4 ends a lease too early, as that version does', () => {
  const { known, violations } = verdictOn('fuzz', 'deposed-leader-3.4')
  expect([known[0]?.property, violations]).toEqual(['no lease ends by a deposed leader', []])
})
