// Leader election. Each test is named by a sentence of "In Search of an Understandable Consensus
// Algorithm" (extended version, Ongaro and Ousterhout 2014; §n) or of Ongaro's dissertation
// "Consensus: Bridging Theory and Practice" (dissertation §n). fuzz.test.ts checks the five
// properties of figure 3 over whole runs; these files test them one by one.

import { describe, expect, test } from 'vitest'
import { enumerate } from '../base/choice'
import { Random } from '../base/random'
import { Raft, raftConfig } from './raft'
import { appendAfter, entry, Group, vote } from './rafttest/group'
import { memberId } from './rafttest/network'

describe('§5.1 terms', () => {
  test('if one server’s current term is smaller than the other’s, then it updates its current term to the larger value', () => {
    const group = new Group(3)
    group.step(1, 2, 5, { type: 'MsgHeartbeat', commit: 1, context: 0 })
    expect(group.raft(2).term).toBe(5)
    expect(group.raft(2).lead).toBe(memberId(1))
  })
  test('if a candidate or leader discovers that its term is out of date, it immediately reverts to follower state', () => {
    const group = new Group(3).elect(1)
    group.step(2, 1, 3, { type: 'MsgAppResp', index: 0, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).status()).toMatchObject({ role: 'follower', term: 3, lead: null })
    group.raft(2).campaign()
    expect(group.raft(2).role).toBe('candidate')
    group.step(3, 2, 9, { type: 'MsgVoteResp', reject: true })
    expect(group.raft(2).status()).toMatchObject({ role: 'follower', term: 9 })
  })
  test('if a server receives a request with a stale term number, it rejects the request', () => {
    const group = new Group(3).withLog(2, [3], 3)
    group.step(1, 2, 2, appendAfter(1, 1, 1, entry(2, 2)))
    group.step(3, 2, 2, vote(9, 2))
    expect(group.terms(2)).toEqual([3])
    expect(group.raft(2).status()).toMatchObject({ term: 3, vote: null, lead: null })
    // The leader of an old term receives the new term; a candidate gets no answer, and times out.
    expect(group.sent(2)).toEqual([
      expect.objectContaining({ type: 'MsgAppResp', to: memberId(1), term: 3 }),
    ])
  })
})

describe('§5.2 leader election', () => {
  test('when servers start up, they begin as followers', () => {
    expect(new Group(3).raft(1).status()).toMatchObject({ role: 'follower', lead: null, term: 1 })
  })
  test('if a follower receives no communication over an election timeout, it increments its current term, votes for itself and asks the others', () => {
    const group = new Group(3)
    group.tick(1, 9)
    expect(group.raft(1).role).toBe('follower')
    group.tick(1, 1)
    expect(group.raft(1).status()).toMatchObject({ role: 'candidate', term: 2, vote: memberId(1) })
    expect(group.sent(1).map(({ type, to }) => [type, to])).toEqual([
      ['MsgVote', memberId(2)],
      ['MsgVote', memberId(3)],
    ])
  })
  test('a server remains in follower state as long as it receives valid RPCs from a leader or candidate', () => {
    const group = new Group(3).elect(1)
    for (let i = 0; i < 5; i++) {
      group.tick(2, 9)
      group.step(1, 2, 2, { type: 'MsgHeartbeat', commit: 1, context: 0 })
    }
    expect(group.raft(2).role).toBe('follower')
    group.tick(3, 9)
    group.step(2, 3, 3, vote(9, 9, true))
    group.tick(3, 9)
    expect(group.raft(3).status()).toMatchObject({ role: 'follower', vote: memberId(2) })
  })
  test('leaders send periodic heartbeats to all followers', () => {
    const group = new Group(3).elect(1)
    group.tick(1, 1)
    expect(group.sent(1).map(({ type, to }) => `${type} ${to}`)).toEqual([
      'MsgHeartbeat 2',
      'MsgHeartbeat 3',
    ])
  })
  test('a candidate wins an election if it receives votes from a majority of the servers in the full cluster for the same term', () => {
    const group = new Group(5)
    group.raft(1).campaign()
    group.sent(1)
    group.step(2, 1, 2, { type: 'MsgVoteResp', reject: false })
    group.step(2, 1, 2, { type: 'MsgVoteResp', reject: false })
    group.step(3, 1, 1, { type: 'MsgVoteResp', reject: false })
    expect(group.raft(1).role).toBe('candidate')
    group.step(3, 1, 2, { type: 'MsgVoteResp', reject: false })
    expect(group.raft(1).role).toBe('leader')
  })
  test('each server will vote for at most one candidate in a given term, on a first-come-first-served basis', () => {
    const group = new Group(3)
    group.step(1, 3, 2, vote(1, 1))
    group.step(2, 3, 2, vote(1, 1))
    // A repeated request gets the same answer: the first answer may have been lost.
    group.step(1, 3, 2, vote(1, 1))
    expect(group.sent(3).map(({ to, ...m }) => [to, m.type === 'MsgVoteResp' && m.reject])).toEqual(
      [
        [memberId(1), false],
        [memberId(2), true],
        [memberId(1), false],
      ],
    )
  })
  test('while waiting for votes, a candidate that hears a leader of at least its own term returns to follower state', () => {
    const group = new Group(3)
    group.raft(1).campaign()
    group.step(2, 1, 2, { type: 'MsgHeartbeat', commit: 1, context: 0 })
    expect(group.raft(1).status()).toMatchObject({ role: 'follower', lead: memberId(2), term: 2 })
  })
  test('if the term in the RPC is smaller than the candidate’s current term, then the candidate rejects the RPC and continues in candidate state', () => {
    const group = new Group(3)
    group.raft(1).campaign()
    group.step(2, 1, 1, appendAfter(1, 1, 1, entry(1, 2)))
    expect(group.raft(1).role).toBe('candidate')
    expect(group.terms(1)).toEqual([])
  })
  test('if many followers become candidates at the same time, votes could be split; each times out and starts a new election', () => {
    const group = new Group(4, {}, [0, 5])
    group.raft(1).campaign()
    group.raft(2).campaign()
    const requests = group.sent(1, 2)
    const wanted = [
      ...requests.filter((m) => m.from === memberId(1) && m.to !== memberId(4)),
      ...requests.filter((m) => m.from === memberId(2)),
    ]
    for (const message of wanted) group.network.deliver(message)
    group.settle()
    expect([1, 2].map((n) => group.raft(n).role)).not.toContain('leader')
    group.tick(1, 10)
    group.settle()
    expect(group.raft(1).status()).toMatchObject({ role: 'leader', term: 3 })
  })
  test('election timeouts are chosen randomly from a fixed interval for each election', () => {
    const raft = Raft.bootstrap(
      raftConfig(memberId(1)),
      [1, 2, 3].map((n) => ({ peer: memberId(n), context: null })),
      new Random(7, 'timeouts'),
    )
    for (let ready = raft.ready(); ready !== null; ready = raft.ready()) {
      for (const entry of ready.committed) raft.applied(entry.index)
      if (ready.save?.mustSync) raft.persisted()
    }
    const drawn = new Map<number, number>()
    for (let i = 0; i < 2000; i++) {
      raft.campaign()
      const { randomizedElectionTimeout } = raft.status()
      drawn.set(randomizedElectionTimeout, (drawn.get(randomizedElectionTimeout) ?? 0) + 1)
    }
    expect([...drawn.keys()].sort((a, b) => a - b)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ])
    for (const times of drawn.values()) expect(times).toBeGreaterThan(100)
  })
  test('election safety: with two candidates, every order of delivery elects at most one leader, and each outcome occurs', () => {
    const outcomes = new Set<string>()
    enumerate((choice) => {
      const group = new Group(3)
      group.raft(1).campaign()
      group.raft(2).campaign()
      const pending = group.sent(1, 2)
      while (pending.length > 0) {
        group.network.deliver(pending.splice(choice.below(pending.length), 1)[0]!)
        pending.push(...group.sent(1, 2, 3).filter(({ type }) => type === 'MsgVoteResp'))
        if ([1, 2].some((n) => group.raft(n).role === 'leader')) break
      }
      const leaders = [1, 2, 3].filter((n) => group.raft(n).role === 'leader')
      expect(leaders.length).toBeLessThan(2)
      outcomes.add(leaders.join())
    })
    expect(outcomes).toEqual(new Set(['1', '2']))
  })
})

describe('dissertation §3.10: leadership transfer', () => {
  test('the prior leader stops accepting new client requests, and accepts them again if the transfer has not completed after about an election timeout', () => {
    const group = new Group(3).elect(1)
    group.raft(1).transferLeader(memberId(2))
    expect(group.raft(1).propose('x')).toBe('dropped')
    group.sent(1)
    group.tick(1, 9)
    group.step(3, 1, 2, { type: 'MsgHeartbeatResp', context: 0 })
    expect(group.raft(1).propose('x')).toBe('dropped')
    group.tick(1, 1)
    expect(group.raft(1).propose('x')).toBe('taken')
  })
  test('the target’s log is brought up to date before the target receives the request to start an election', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    group.sent(1)
    group.raft(1).transferLeader(memberId(2))
    expect(group.sent(1).map(({ type }) => type)).not.toContain('MsgTimeoutNow')
    group.step(2, 1, 2, { type: 'MsgAppResp', index: 3, reject: false, hint: 0, logTerm: 0 })
    expect(group.sent(1).map(({ type, to }) => `${type} ${to}`)).toContain('MsgTimeoutNow 2')
  })
  test('the target starts an election at once, and servers that have just heard from the leader vote for it', () => {
    const group = new Group(3, { preVote: true }).elect(1)
    group.raft(1).transferLeader(memberId(2))
    group.settle()
    expect(group.raft(2).status()).toMatchObject({ role: 'leader', term: 3 })
  })
})

describe('dissertation §6.2: a leader in a minority', () => {
  test('steps down if an election timeout elapses without a successful round of heartbeats to a majority', () => {
    const group = new Group(3).elect(1)
    group.tick(1, 19)
    expect(group.raft(1).role).toBe('leader')
    group.tick(1, 1)
    expect(group.raft(1).status()).toMatchObject({ role: 'follower', term: 2, lead: null })
  })
  test('a leader stays if a majority answers', () => {
    const group = new Group(3).elect(1)
    for (let i = 0; i < 50; i++) {
      group.tick(1, 1)
      group.settle(1, 2)
    }
    expect(group.raft(1).role).toBe('leader')
  })
  test('without the check the leader stays', () => {
    const group = new Group(3, { checkQuorum: false }).elect(1)
    group.tick(1, 100)
    expect(group.raft(1).role).toBe('leader')
  })
})

describe('dissertation §9.6: pre-vote', () => {
  test('a candidate only increments its term if it first learns from a majority of the cluster that they would be willing to grant it their votes', () => {
    const group = new Group(5, { preVote: true })
    group.raft(1).campaign()
    expect(group.sent(1).map(({ type, term }) => `${type} ${term}`)).toEqual(
      Array(4).fill('MsgPreVote 2'),
    )
    group.step(2, 1, 2, { type: 'MsgPreVoteResp', reject: false })
    expect(group.raft(1).status()).toMatchObject({ role: 'pre-candidate', term: 1, vote: null })
    group.step(3, 1, 2, { type: 'MsgPreVoteResp', reject: false })
    expect(group.raft(1).status()).toMatchObject({ role: 'candidate', term: 2, vote: memberId(1) })
  })
  test('a late pre-vote does not count as a vote, nor a vote as a pre-vote', () => {
    const group = new Group(5, { preVote: true })
    group.raft(1).campaign()
    for (const from of [2, 3]) group.step(from, 1, 2, { type: 'MsgPreVoteResp', reject: false })
    expect(group.sent(1).map(({ type }) => type)).toContain('MsgVote')
    for (const from of [4, 5]) group.step(from, 1, 2, { type: 'MsgPreVoteResp', reject: false })
    expect(group.raft(1).role).toBe('candidate')
    group.tick(1, 20)
    expect(group.raft(1).role).toBe('pre-candidate')
    for (const from of [2, 3, 4]) group.step(from, 1, 2, { type: 'MsgVoteResp', reject: false })
    expect(group.raft(1).role).toBe('pre-candidate')
  })
  test('granting a pre-vote changes no state, so a server may grant several', () => {
    const group = new Group(3, { preVote: true })
    group.step(1, 3, 2, { type: 'MsgPreVote', index: 1, logTerm: 1, transfer: false })
    group.step(2, 3, 2, { type: 'MsgPreVote', index: 1, logTerm: 1, transfer: false })
    expect(group.raft(3).status()).toMatchObject({ term: 1, vote: null })
    expect(group.sent(3).map((m) => m.type === 'MsgPreVoteResp' && m.reject)).toEqual([
      false,
      false,
    ])
  })
  test('a server denies a pre-vote if it hears a leader, or if its log is more up to date', () => {
    const group = new Group(3, { preVote: true }).elect(1)
    group.step(3, 2, 3, { type: 'MsgPreVote', index: 9, logTerm: 2, transfer: false })
    expect(group.sent(2)).toEqual([])
    group.withLog(3, [2, 2], 2)
    group.step(2, 3, 3, { type: 'MsgPreVote', index: 2, logTerm: 2, transfer: false })
    expect(group.sent(3)).toEqual([
      expect.objectContaining({ type: 'MsgPreVoteResp', reject: true }),
    ])
  })
  test('a server that was cut off does not disrupt the cluster on its return', () => {
    const group = new Group(3, { preVote: true }).elect(1)
    group.tick(3, 200)
    group.sent(3)
    group.tick(1, 1)
    group.settle()
    expect([1, 2, 3].map((n) => group.raft(n).status().term)).toEqual([2, 2, 2])
    expect(group.raft(1).role).toBe('leader')
  })
  test('without pre-vote it does: its higher term deposes the leader', () => {
    const group = new Group(3).elect(1)
    group.tick(3, 200)
    group.sent(3)
    group.tick(1, 1)
    group.settle()
    expect(group.raft(1).status()).toMatchObject({ role: 'follower', term: 22 })
  })
})
