// Membership, snapshots, reads, and their use in etcd. Each test is named by a sentence of "In
// Search of an Understandable Consensus Algorithm" (extended version, Ongaro and Ousterhout 2014;
// §n) or of Ongaro's dissertation "Consensus: Bridging Theory and Practice" (dissertation §n).
// fuzz.test.ts checks the five properties of figure 3 over whole runs; these files test them one by
// one.

import { describe, expect, test } from 'vitest'
import { DEFAULT_RAFT_CONFIG } from './peer'
import { Raft, raftConfig } from './raft'
import { appendAfter, Group, vote } from './rafttest/group'
import type { TestEntry, TestMessage } from './rafttest/network'
import { memberId } from './rafttest/network'
import { emptyPersistent, written } from './storage'

describe('§6 cluster membership changes', () => {
  test('at most one change is in the log and not applied; a second one becomes an entry without data', () => {
    const group = new Group(3).elect(1)
    group.raft(1).proposeConfChange({ type: 'remove', peer: memberId(2), context: null })
    group.raft(1).proposeConfChange({ type: 'remove', peer: memberId(3), context: null })
    group.settle()
    expect(group.raft(1).status().conf.voters).toEqual([memberId(1), memberId(3)])
    expect(group.raft(1).entries(4, 4)[0]).toMatchObject({ type: 'normal', data: null })
    group.raft(1).proposeConfChange({ type: 'remove', peer: memberId(3), context: null })
    group.settle()
    expect(group.raft(1).status().conf.voters).toEqual([memberId(1)])
  })
  test('a new leader accepts no change before it has applied its whole log, which may contain one', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(1, [2], 2)
    group.raft(1).campaign()
    group.sent(1)
    for (const voter of [2, 3]) group.step(voter, 1, 3, { type: 'MsgVoteResp', reject: false })
    group.raft(1).proposeConfChange({ type: 'remove', peer: memberId(3), context: null })
    expect(group.raft(1).entries(4, 4)[0]).toMatchObject({ type: 'normal', data: null })
  })
  test('a server that has not applied a committed change does not campaign: it would count votes of the wrong group', () => {
    const group = new Group(3)
    const change: TestEntry = {
      type: 'conf-change',
      index: 2,
      term: 2,
      data: { type: 'add-voter', peer: memberId(4), context: null },
    }
    group.node(2).slowDisk = true
    group.step(1, 2, 2, appendAfter(1, 1, 2, change))
    group.sent(2)
    group.raft(2).campaign()
    expect(group.raft(2).role).toBe('follower')
    group.network.finishWrite(group.node(2))
    group.sent(2)
    group.raft(2).campaign()
    expect(group.raft(2).role).toBe('candidate')
    expect(group.sent(2).length).toBe(0)
    group.network.finishWrite(group.node(2))
    expect(group.sent(2).map(({ to }) => to)).toEqual([1, 3, 4].map(memberId))
  })
  test('a leader that is not in the new configuration manages a cluster that does not include itself; it does not count itself in majorities', () => {
    const group = new Group(3).elect(1)
    group.raft(1).proposeConfChange({ type: 'remove', peer: memberId(1), context: null })
    group.raft(1).propose('x')
    const appends = group.sent(1)
    for (const message of appends.filter(({ to }) => to === memberId(2)))
      group.network.deliver(message)
    const [first] = group.sent(2)
    group.network.deliver(first!)
    group.sent(1)
    expect(group.raft(1).status()).toMatchObject({
      role: 'leader',
      commit: 3,
      conf: { voters: [memberId(2), memberId(3)] },
    })
    group.step(2, 1, 2, { type: 'MsgAppResp', index: 4, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).commit).toBe(3)
    group.step(3, 1, 2, { type: 'MsgAppResp', index: 4, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).commit).toBe(4)
    expect(group.raft(1).propose('y')).toBe('dropped')
  })
  test('servers disregard RequestVote RPCs when they believe a current leader exists (dissertation §4.2.3: disruptive servers)', () => {
    const group = new Group(3).elect(1)
    group.tick(2, 9)
    group.step(3, 2, 7, vote(9, 6))
    expect(group.raft(2).term).toBe(2)
    group.step(3, 1, 7, vote(9, 6))
    expect(group.raft(1).status()).toMatchObject({ role: 'leader', term: 2 })
  })
  test('new servers join as non-voting members; they are not considered for majorities (dissertation §4.2.1)', () => {
    const group = new Group(4, {}, [], [3, 4]).elect(1)
    group.raft(1).propose('x')
    group.settle(1, 3, 4)
    expect(group.raft(1).commit).toBe(2)
    group.tick(3, 40)
    expect(group.raft(3).role).toBe('follower')
    group.raft(1).propose('y')
    group.tick(1, 1)
    group.settle(1, 2)
    expect(group.raft(1).commit).toBe(4)
  })
})

describe('§7 log compaction', () => {
  test('if the leader has already discarded the next log entry that it needs to send to a follower, it sends a snapshot', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    group.settle(1, 2)
    group.network.compact(group.node(1), 0)
    group.tick(1, 1)
    group.settle()
    expect(group.node(3).app).toEqual(['x'])
    expect(group.raft(3).status().firstIndex).toBe(4)
  })
  // etcd sends no snapshot to a server that may be down (raft.go: maybeSendSnapshot).
  test('a server that has been silent since the last quorum check gets no snapshot until it answers', () => {
    const group = new Group(3).elect(1)
    for (let i = 0; i < 25; i++) {
      group.tick(1, 1)
      group.settle(1, 2)
    }
    group.raft(1).propose('x')
    group.settle(1, 2)
    group.network.compact(group.node(1), 0)
    group.raft(1).reportUnreachable(memberId(3))
    group.raft(1).propose('y')
    const snapshots = () => group.sent(1).filter(({ type }) => type === 'MsgSnap')
    expect(snapshots()).toEqual([])
    group.tick(1, 1)
    group.settle()
    expect(group.node(3).app).toEqual(['x', 'y'])
  })
  test('a late snapshot does not replace a newer one', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2], 3)
    const { conf } = group.raft(1).status()
    const snapshot = (index: number) =>
      group.step(1, 2, 4, {
        type: 'MsgSnap',
        snapshot: { index, term: 3, conf, data: [`s${index}`] },
      })
    snapshot(9)
    group.sent(2)
    snapshot(5)
    group.sent(2)
    expect(group.raft(2).status()).toMatchObject({ commit: 9, lastIndex: 9 })
    expect(group.node(2).app).toEqual(['s9'])
  })
  test('usually the snapshot contains new information not already in the recipient’s log; then the follower discards its entire log', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2, 2, 2], 3)
    group.step(1, 2, 4, {
      type: 'MsgSnap',
      snapshot: { index: 3, term: 3, conf: group.raft(1).status().conf, data: ['s'] },
    })
    group.sent(2)
    expect(group.terms(2)).toEqual([])
    expect(group.node(2).app).toEqual(['s'])
    expect(group.raft(2).status()).toMatchObject({ commit: 3, lastIndex: 3, lastTerm: 3 })
  })
  test('if the snapshot describes a prefix of its log, entries following it are still valid and must be retained', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2, 2, 2], 3)
    group.step(1, 2, 4, {
      type: 'MsgSnap',
      snapshot: { index: 3, term: 2, conf: group.raft(1).status().conf, data: ['s'] },
    })
    const sent = group.sent(2)
    expect(group.terms(2)).toEqual([2, 2, 2, 2])
    expect(group.node(2).app).toEqual(['2/2', '2/3'])
    expect(sent).toEqual([expect.objectContaining({ type: 'MsgAppResp', index: 3, reject: false })])
  })
  test('an old snapshot is ignored, and so is one of a group without the server', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2], 3, 3)
    const { conf } = group.raft(1).status()
    group.step(1, 2, 4, { type: 'MsgSnap', snapshot: { index: 2, term: 2, conf, data: ['old'] } })
    group.step(1, 2, 4, {
      type: 'MsgSnap',
      snapshot: {
        index: 9,
        term: 3,
        conf: { voters: [memberId(1)], learners: [] },
        data: ['foreign'],
      },
    })
    group.sent(2)
    expect(group.node(2).app).toEqual(['2/2', '2/3'])
  })
  test('a snapshot is acknowledged and applied only once it is on the disk', () => {
    const group = new Group(3)
    const node = group.node(2)
    node.slowDisk = true
    group.step(1, 2, 2, {
      type: 'MsgSnap',
      snapshot: { index: 9, term: 2, conf: group.raft(1).status().conf, data: ['s'] },
    })
    expect(group.sent(2)).toEqual([])
    expect(node.app).toEqual([])
    group.raft(2).campaign()
    expect(group.raft(2).role).toBe('follower')
    group.network.finishWrite(node)
    expect(group.sent(2)).toEqual([expect.objectContaining({ type: 'MsgAppResp', index: 9 })])
    expect(node.app).toEqual(['s'])
  })
})

describe('§8, dissertation §6.4: reads', () => {
  function reads(group: Group, n: number): [string, number][] {
    return group
      .node(n)
      .reads.splice(0)
      .map(({ context, index }) => [context, index])
  }
  test('each leader commits a blank no-op entry at the start of its term', () => {
    const group = new Group(3).elect(1)
    expect(group.raft(1).entries(2, 2)[0]).toMatchObject({ type: 'normal', term: 2, data: null })
    expect(group.raft(1).commit).toBe(2)
  })
  test('a leader must exchange heartbeat messages with a majority of the cluster before it answers a read', () => {
    const group = new Group(5).elect(1)
    group.raft(1).readIndex('r')
    const heartbeats = group.sent(1)
    expect(reads(group, 1)).toEqual([])
    for (const message of heartbeats.filter(({ to }) => to === memberId(2)))
      group.network.deliver(message)
    for (const message of group.sent(2)) group.network.deliver(message)
    group.sent(1)
    expect(reads(group, 1)).toEqual([])
    for (const message of heartbeats.filter(({ to }) => to === memberId(3)))
      group.network.deliver(message)
    for (const message of group.sent(3)) group.network.deliver(message)
    group.sent(1)
    expect(reads(group, 1)).toEqual([['r', 2]])
  })
  test('if the leader has not yet marked an entry from its current term committed, it waits until it has done so', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(1, [2, 2], 2)
    group.raft(1).campaign()
    group.sent(1)
    group.step(2, 1, 3, { type: 'MsgVoteResp', reject: false })
    group.raft(1).readIndex('r')
    group.sent(1)
    group.step(2, 1, 3, { type: 'MsgHeartbeatResp', context: 1 })
    group.sent(1)
    expect(reads(group, 1)).toEqual([])
    group.tick(1, 1)
    group.settle()
    expect(reads(group, 1)).toEqual([['r', 4]])
  })
  test('the read index is the commit index at the arrival of the read, even if more is committed before it is confirmed', () => {
    const group = new Group(3).elect(1)
    group.raft(1).readIndex('r')
    const heartbeats = group.sent(1)
    group.raft(1).propose('x')
    group.settle()
    expect(reads(group, 1)).toEqual([])
    for (const message of heartbeats) group.network.deliver(message)
    group.settle()
    expect(reads(group, 1)).toEqual([['r', 2]])
  })
  test('a deposed leader answers no read', () => {
    const group = new Group(3, { checkQuorum: false }).elect(1)
    group.raft(1).readIndex('r')
    const heartbeats = group.sent(1)
    group.elect(2, 3)
    for (const message of heartbeats) group.network.deliver(message)
    group.settle()
    expect(reads(group, 1)).toEqual([])
  })
  test('followers can help offload reads: they request the read index from the leader', () => {
    const group = new Group(3).elect(1)
    group.raft(3).readIndex('r')
    group.settle()
    expect(reads(group, 3)).toEqual([['r', 2]])
    expect(reads(group, 1)).toEqual([])
  })
  test('a lone voter answers at once', () => {
    const group = new Group(1).elect(1)
    group.raft(1).readIndex('r')
    expect(group.sent(1)).toEqual([])
    expect(reads(group, 1)).toEqual([['r', 2]])
  })
  test('without a known leader the request is dropped', () => {
    expect(new Group(3).raft(1).readIndex('r')).toBe('dropped')
  })
})

describe('the use in etcd', () => {
  test('the defaults are etcd 3.4’s (semantics §6.1, §6.2)', () => {
    expect(DEFAULT_RAFT_CONFIG).toMatchObject({
      electionTick: 10,
      heartbeatTick: 1,
      checkQuorum: true,
      preVote: false,
      maxInflight: 512,
    })
  })
  test('a bootstrapped group begins with one change per voter in term 1, and elects in term 2 (semantics §6.1)', () => {
    const voters = [1, 2, 3].map((n) => ({ peer: memberId(n), context: `m${n}` }))
    const raft = Raft.bootstrap<string, never>(raftConfig(memberId(2)), voters, { below: () => 0 })
    let disk = emptyPersistent<string, never>()
    const first = raft.ready()!
    disk = written(disk, first.save!)
    expect(disk.hardState).toEqual({ term: 1, vote: null, commit: 3 })
    raft.campaign()
    expect(raft.role).toBe('follower')
    raft.persisted()
    const applied = raft.ready()!.committed
    expect(applied.map(({ data }) => data)).toEqual(
      voters.map((voter) => ({ type: 'add-voter', ...voter })),
    )
    for (const entry of applied) if (entry.type === 'conf-change') raft.applyConfChange(entry.data)
    raft.applied(3)
    raft.campaign()
    expect(raft.status()).toMatchObject({
      role: 'candidate',
      term: 2,
      conf: { voters: [1, 2, 3].map(memberId) },
    })
  })
  test('an answer from a server outside the group is dropped in any term', () => {
    const group = new Group(3).elect(1)
    group.step(7, 1, 99, { type: 'MsgAppResp', index: 0, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).status()).toMatchObject({ role: 'leader', term: 2 })
  })
  test('outcomes are named: taken by the leader, forwarded by a follower, dropped without a leader', () => {
    const group = new Group(3)
    expect(group.raft(2).propose('x')).toBe('dropped')
    group.elect(1)
    expect([group.raft(1).propose('x'), group.raft(2).propose('x')]).toEqual(['taken', 'forwarded'])
    expect(group.raft(2).transferLeader(memberId(2))).toBe('forwarded')
    group.settle()
    expect(group.raft(2).role).toBe('leader')
  })
  test('a message for another server, a report without a write, and an invalid configuration stop the run', () => {
    const group = new Group(3)
    const message: TestMessage = {
      type: 'MsgTimeoutNow',
      from: memberId(1),
      to: memberId(2),
      term: 2,
    }
    expect(() => group.raft(3).step(message)).toThrow('3 received a message for 2')
    expect(() => group.raft(3).persisted()).toThrow('no write in progress')
    expect(() => raftConfig(memberId(1), { electionTick: 1 })).toThrow('election tick 1')
    expect(() => raftConfig(memberId(1), { maxInflight: 0 })).toThrow('0 messages in flight')
  })
})

// raft.go: becomeLeader. A leader has its own log.
test('a leader replicates to itself, and probes the others until they answer', () => {
  const group = new Group(3)
  group.raft(1).campaign()
  group.settle(1, 2)
  const states = group
    .raft(1)
    .status()
    .progress.map(({ id, state }) => [id, state])
  expect(states).toEqual([
    [memberId(1), 'replicate'],
    [memberId(2), 'replicate'],
    [memberId(3), 'probe'],
  ])
})
