import { expect, test } from 'vitest'
import type { LeaseRow, MemberView } from '../../engine/worker/protocol'
import { countsText, giftOf, memberLabel, memberWords } from './member-words'

const member: MemberView = {
  id: '8e9e',
  name: 'm2',
  role: 'follower',
  status: 'voter',
  paused: false,
  lead: 'm1',
  silentSince: null,
  electsBetween: [1000, 2000],
  reaches: 3,
  leaderSince: null,
  term: 2,
  revision: 2,
  raftIndex: 10,
  applied: 10,
  lastIndex: 10,
  log: [],
  diskMs: 0,
  clockPercent: 100,
  wallSeconds: 0,
  stopping: false,
  ownLeases: [],
  leases: 0,
  keys: 0,
  primary: false,
  nextPassAt: 0,
  clientUrl: '',
  peerUrl: '',
}

test('a follower names its leader until it hears no leader', () => {
  expect(memberWords(member, 3)).toMatchObject({
    look: 'follower',
    role: 'follower of m1',
    note: 'hears m1',
  })
  const silent = { ...member, silentSince: 9505 }
  expect(memberWords(silent, 3)).toMatchObject({
    role: 'follower, hears no leader',
    note: 'hears no leader',
  })
  expect(memberLabel(silent, memberWords(silent, 3), '')).toBe(
    'Member m2: follower, hears no leader, term 2, no word from a leader since 9.505 s',
  )
})

test('a leader names the members it reaches; frozen and down come first', () => {
  const leader: MemberView = { ...member, role: 'leader', lead: 'm2', reaches: 2 }
  expect(memberWords(leader, 5)).toMatchObject({ look: 'leader', note: 'with 2 of 5' })
  expect(memberWords({ ...leader, paused: true }, 5)).toMatchObject({
    look: 'frozen',
    note: 'was leader',
  })
  expect(memberWords({ ...leader, role: 'down' }, 5).look).toBe('down')
  expect(memberWords({ ...leader, status: 'removed' }, 5).role).toBe('removed')
  expect(memberWords({ ...leader, role: 'down', status: 'unstarted' }, 5)).toMatchObject({
    look: 'unstarted',
    note: 'has a vote',
  })
})

test('the words name a slow disk and a wrong clock', () => {
  expect(memberWords({ ...member, diskMs: 200, clockPercent: 150 }, 3).unusual).toBe(
    'disk 200 ms, clock 150 %',
  )
})

test('one lease is named, many are counted, and only the primary counts', () => {
  const primary = { ...member, primary: true, leases: 1, ownLeases: [{ id: '694d', deadline: 1 }] }
  const rows = [{ id: '694d', name: 'L1' }] as LeaseRow[]
  expect(countsText(primary, rows)).toBe('counts L1 down')
  expect(countsText({ ...primary, leases: 916 }, rows)).toBe('counts 916 leases')
  expect(countsText({ ...primary, primary: false }, rows)).toBe('')
  expect(countsText({ ...primary, paused: true }, rows)).toBe('')
})

test('a new leader gives time; a renewal takes the gift back', () => {
  const members = [{ ...member, primary: true, leaderSince: 5000 }]
  const lease = { grantedAt: 30, renewedAt: 3600, deadline: 16_010, ttlSeconds: 10 }
  expect(giftOf(lease, members)).toBe(1)
  expect(giftOf({ ...lease, deadline: 15_000 }, members)).toBe(0)
  expect(giftOf({ ...lease, renewedAt: 6000 }, members)).toBeNull()
  expect(giftOf({ ...lease, deadline: null }, members)).toBeNull()
  expect(giftOf({ ...lease, renewedAt: null }, [member])).toBeNull()
})
