// Log replication. Each test is named by a sentence of "In Search of an Understandable Consensus
// Algorithm" (extended version, Ongaro and Ousterhout 2014; §n) or of Ongaro's dissertation
// "Consensus: Bridging Theory and Practice" (dissertation §n). fuzz.test.ts checks the five
// properties of figure 3 over whole runs; these files test them one by one.

import { describe, expect, test } from 'vitest'
import { Checks } from './rafttest/checks'
import { appendAfter, entry, Group, vote } from './rafttest/group'
import { memberId } from './rafttest/network'

describe('§5.3 log replication', () => {
  test('a log entry is committed once the leader that created the entry has replicated it on a majority of the servers', () => {
    const group = new Group(5).elect(1)
    group.raft(1).propose('x')
    group.settle(1, 2)
    expect(group.raft(1).commit).toBe(2)
    group.raft(1).propose('y')
    group.settle(1, 2, 3)
    expect(group.raft(1).commit).toBe(4)
    expect(group.node(1).app).toEqual(['x', 'y'])
  })
  test('this also commits all preceding entries in the leader’s log, including entries created by previous leaders', () => {
    const group = new Group(3, { checkQuorum: false })
    group.withLog(1, [2, 2, 3], 3).withLog(2, [2], 3)
    group.elect(1, 2)
    expect(group.node(2).app).toEqual(['2/2', '2/3', '3/4'])
  })
  test('the leader includes the highest index it knows to be committed in future RPCs, so that the other servers eventually find out', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    group.sent(1).forEach((message) => {
      group.network.deliver(message)
    })
    group.sent(2).forEach((message) => {
      group.network.deliver(message)
    })
    group.sent(1)
    expect([group.raft(1).commit, group.raft(2).commit]).toEqual([3, 2])
    group.tick(1, 1)
    group.settle()
    expect(group.raft(2).commit).toBe(3)
  })
  test('if followers crash or run slowly, or if network packets are lost, the leader retries indefinitely', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    group.settle(1, 2)
    for (let i = 0; i < 20; i++) {
      group.tick(1, 1)
      group.settle(1, 2)
    }
    expect(group.node(3).app).toEqual([])
    group.tick(1, 1)
    group.settle()
    expect(group.node(3).app).toEqual(['x'])
  })
  test('once a follower learns that a log entry is committed, it applies the entry to its local state machine, in log order', () => {
    const group = new Group(2).elect(1)
    for (const data of ['x', 'y', 'z']) group.raft(1).propose(data)
    group.settle()
    expect(group.node(2).app).toEqual(['x', 'y', 'z'])
  })
  test('if the follower does not find an entry in its log with the same index and term, then it refuses the new entries', () => {
    const group = new Group(3).withLog(2, [2, 2], 3)
    group.step(1, 2, 3, appendAfter(4, 2, 1, entry(3, 5)))
    group.step(1, 2, 3, appendAfter(3, 3, 1, entry(3, 4)))
    expect(group.terms(2)).toEqual([2, 2])
    expect(
      group.sent(2).map((m) => m.type === 'MsgAppResp' && [m.reject, m.index, m.hint, m.logTerm]),
    ).toEqual([
      [true, 4, 3, 2],
      [true, 3, 3, 2],
    ])
  })
  test('log matching: if two entries in different logs have the same index and term, they store the same command, and so do all preceding entries', () => {
    const group = new Group(3, { checkQuorum: false })
    const checks = new Checks()
    group.withLog(1, [2, 3, 3], 3).withLog(2, [2, 2, 2, 2], 3).withLog(3, [2], 3)
    group.elect(1)
    for (const node of group.network.nodes) checks.check(group.network, node)
    expect([1, 2, 3].map((n) => group.terms(n))).toEqual(Array(3).fill([2, 3, 3, 4]))
  })
  test.each([
    ['a', [1, 1, 4, 4, 5, 5, 6, 6]],
    ['b', [1, 1, 4]],
    ['c', [1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
    ['d', [1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
    ['e', [1, 1, 4, 4, 4, 4]],
    ['f', [1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
  ])('figure 7 (%s): the leader forces the follower’s log to duplicate its own', (_, terms) => {
    const group = new Group(3, { checkQuorum: false })
    const own = [1, 1, 4, 4, 5, 5, 6, 6, 6]
    group.withLog(1, own, 7).withLog(2, own, 7).withLog(3, terms, 7)
    group.elect(1)
    expect(group.terms(3)).toEqual([...own, 8])
  })
  test('the follower can include the term of the conflicting entry: one append is required for each term with conflicting entries, rather than one per entry', () => {
    const long = (term: number) => Array<number>(100).fill(term)
    const group = new Group(3, { checkQuorum: false })
    group
      .withLog(1, [...long(1), ...long(4)], 7)
      .withLog(2, [...long(1), ...long(4)], 7)
      .withLog(3, [...long(1), ...long(2), ...long(3)], 7)
    group.raft(1).campaign()
    group.settle(1, 2)
    group.tick(1, 1)
    let rejections = 0
    for (let round = 0; round < 10; round++) {
      for (const message of group.sent(1, 2, 3)) {
        if (message.type === 'MsgAppResp' && message.reject) rejections++
        group.network.deliver(message)
      }
    }
    expect(group.terms(3)).toEqual(group.terms(1))
    expect(rejections).toBeLessThanOrEqual(2)
  })
  test('leader append-only: a leader never overwrites or deletes entries in its own log', () => {
    const group = new Group(3).withLog(1, [2, 2], 2).elect(1)
    const before = group.terms(1)
    // The term has no other leader, so no append can reach it. The leader would not accept one
    // either.
    group.step(2, 1, 3, appendAfter(1, 1, 1, entry(3, 2, 'other')))
    expect(group.terms(1)).toEqual(before)
  })
})

describe('§5.4 safety', () => {
  test.each<[string, number[], number, number, boolean]>([
    ['a later last term', [2, 2], 2, 3, true],
    ['the same last term and a longer log', [2, 2], 4, 2, true],
    ['the same log', [2, 2], 3, 2, true],
    ['the same last term and a shorter log', [2, 2], 2, 2, false],
    ['an earlier last term and a longer log', [2, 3], 9, 2, false],
  ])(
    '§5.4.1 the voter denies its vote if its own log is more up-to-date: the candidate has %s',
    (_, terms, index, logTerm, granted) => {
      const group = new Group(3).withLog(2, terms, 4)
      group.step(1, 2, 5, vote(index, logTerm))
      expect(group.raft(2).status().vote).toBe(granted ? memberId(1) : null)
    },
  )
  test('leader completeness: a candidate cannot win an election unless its log contains all committed entries', () => {
    const group = new Group(3, { checkQuorum: false }).elect(1)
    group.raft(1).propose('x')
    group.settle(1, 2)
    group.crash(1)
    group.raft(3).campaign()
    group.settle(2, 3)
    expect(group.raft(3).role).toBe('candidate')
    group.elect(2, 3)
    expect(group.node(3).app).toEqual(['x'])
  })
  test('§5.4.2 Raft never commits log entries from previous terms by counting replicas', () => {
    const group = new Group(5, { checkQuorum: false }).withLog(1, [2], 3)
    group.raft(1).campaign()
    group.sent(1)
    for (const voter of [2, 3]) group.step(voter, 1, 4, { type: 'MsgVoteResp', reject: false })
    group.sent(1)
    for (const peer of [2, 3, 4, 5])
      group.step(peer, 1, 4, { type: 'MsgAppResp', index: 2, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).commit).toBe(1)
    for (const peer of [2, 3])
      group.step(peer, 1, 4, { type: 'MsgAppResp', index: 3, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).commit).toBe(3)
  })
  test('state machine safety: the application never receives two different entries at an index, across crashes and leaders', () => {
    const checks = new Checks()
    const group = new Group(3, { checkQuorum: false })
    const seen: string[] = []
    group.elect(1).raft(1).propose('x')
    group.settle(1, 2)
    group.crash(1)
    group.elect(2, 3).raft(2).propose('y')
    group.settle(2, 3)
    group.network.restart(group.node(1))
    group.tick(2, 1)
    group.settle()
    for (const node of group.network.nodes) {
      checks.check(group.network, node)
      seen.push(node.app.join())
    }
    expect(seen).toEqual(['x,y', 'x,y', 'x,y'])
  })
})

describe('§5.5 follower and candidate crashes', () => {
  test('Raft RPCs are idempotent: a repeated RPC changes nothing', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    const appends = group.sent(1).filter(({ to }) => to === memberId(2))
    for (const message of [...appends, ...appends, ...appends]) group.network.deliver(message)
    expect(group.terms(2)).toEqual([2, 2])
    // An old append, after the log has grown, removes nothing.
    group.step(1, 2, 2, appendAfter(3, 2, 2, entry(2, 4)))
    for (const message of appends) group.network.deliver(message)
    expect(group.terms(2)).toEqual([2, 2, 2])
  })
})

describe('figure 2, dissertation §3.8: persisted state', () => {
  test('each server persists its current term and vote: it does not vote twice in a term, though it crashes in between', () => {
    const group = new Group(3)
    group.step(1, 3, 2, vote(1, 1))
    expect(group.sent(3)).toHaveLength(1)
    group.crash(3)
    group.network.restart(group.node(3))
    group.step(2, 3, 2, vote(1, 1))
    expect(group.sent(3)).toEqual([expect.objectContaining({ type: 'MsgVoteResp', reject: true })])
  })
  test('a vote leaves the server only once it is on the disk', () => {
    const group = new Group(3)
    group.node(3).slowDisk = true
    group.step(1, 3, 2, vote(1, 1))
    expect(group.sent(3)).toEqual([])
    group.network.finishWrite(group.node(3))
    expect(group.sent(3)).toHaveLength(1)
  })
  test('a candidate counts its own vote only once it is on the disk', () => {
    const group = new Group(1)
    group.node(1).slowDisk = true
    group.raft(1).campaign()
    group.sent(1)
    expect(group.raft(1).role).toBe('candidate')
    group.network.finishWrite(group.node(1))
    expect(group.raft(1).role).toBe('leader')
  })
  test('each server also persists new log entries before they are counted towards the entries’ commitment', () => {
    const group = new Group(3).elect(1)
    group.node(2).slowDisk = true
    group.raft(1).propose('x')
    group.settle(1, 2)
    expect(group.raft(1).commit).toBe(2)
    group.network.finishWrite(group.node(2))
    group.settle(1, 2)
    expect(group.raft(1).commit).toBe(3)
  })
  test('a crash loses unwritten data only', () => {
    const group = new Group(3).elect(1)
    group.node(2).slowDisk = true
    group.raft(1).propose('x')
    group.settle(1, 2)
    group.crash(2)
    group.network.restart(group.node(2))
    expect(group.terms(2)).toEqual([2])
    expect(group.raft(2).status()).toMatchObject({
      term: 2,
      vote: memberId(1),
      role: 'follower',
      lead: null,
    })
  })
  test('dissertation §10.2.1 the leader may commit an entry before it has been written to its own disk, if a majority of followers have written it', () => {
    const group = new Group(3).elect(1)
    group.node(1).slowDisk = true
    group.raft(1).propose('x')
    group.settle()
    expect(group.raft(1).commit).toBe(3)
    // etcd's loop waits for its disk before it sends the new commit index.
    expect([group.node(1).app, group.raft(2).commit]).toEqual([[], 2])
  })
  test('entries whose write a new leader overtook are not taken for the new entries', () => {
    const group = new Group(3, { checkQuorum: false })
    group.node(3).slowDisk = true
    group.step(1, 3, 2, appendAfter(1, 1, 1, entry(2, 2), entry(2, 3)))
    group.sent(3)
    group.step(2, 3, 3, appendAfter(1, 1, 1, entry(3, 2)))
    group.network.finishWrite(group.node(3))
    group.sent(3)
    group.network.finishWrite(group.node(3))
    group.crash(3)
    group.network.restart(group.node(3))
    expect(group.terms(3)).toEqual([3])
  })
})
