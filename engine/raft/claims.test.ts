// One test per sentence that matters of "In Search of an Understandable Consensus Algorithm" (extended version, Ongaro and Ousterhout 2014; §n) and of Ongaro's
// dissertation "Consensus: Bridging Theory and Practice" (dissertation §n), in their order and named by it. The five properties of figure 3 are watched over whole
// runs in fuzz.test.ts; here they are met one by one.

import { describe, expect, test } from 'vitest'
import { enumerate } from '../base/choice'
import { Random } from '../base/random'
import type { MessageBody } from './message'
import type { RaftConfig } from './peer'
import { DEFAULT_RAFT_CONFIG } from './peer'
import { Raft, raftConfig } from './raft'
import { emptyPersistent, written } from './storage'
import { Checks } from './test-checks'
import type { TestEntry, TestMessage, TestNode } from './test-network'
import { memberId, TestNetwork } from './test-network'

type Options = Partial<Omit<RaftConfig, 'id'>>

/** `count` servers that have an entry 1/1; server n always waits 10 + jitter[n - 1] ticks. */
class Group {
  readonly network = new TestNetwork()

  constructor(count: number, options: Options = {}, jitter: readonly number[] = [], learners: readonly number[] = []) {
    const ids = Array.from({ length: count }, (_, i) => i + 1)
    const conf = { voters: ids.filter((id) => !learners.includes(id)).map(memberId), learners: learners.map(memberId) }
    for (const id of ids) {
      const choice = { below: () => jitter[id - 1] ?? 0 }
      this.network.add(memberId(id), options, choice, { index: 1, term: 1, conf, data: [] })
    }
  }

  node(n: number): TestNode {
    return this.network.node(memberId(n))
  }

  raft(n: number): Raft<string, readonly string[]> {
    return this.network.raft(this.node(n))
  }

  /** Gives a server a message, as if it came from the network. */
  step(from: number, to: number, term: number, body: MessageBody<string, readonly string[]>): void {
    this.raft(to).step({ ...body, from: memberId(from), to: memberId(to), term })
  }

  tick(n: number, times: number): void {
    for (let i = 0; i < times; i++) this.raft(n).tick()
  }

  /** Does the work of some servers, and takes what they sent. */
  sent(...ns: number[]): TestMessage[] {
    for (const n of ns) while (this.network.processReady(this.node(n)) !== null) {}
    const { messages } = this.network
    this.network.messages = []
    return messages
  }

  /** Lets some servers, or all, talk until they have nothing more to say. What is for others is lost. */
  settle(...ns: number[]): void {
    const nodes = ns.length === 0 ? this.network.nodes : ns.map((n) => this.node(n))
    for (let busy = true; busy; ) {
      busy = false
      for (const node of nodes) while (this.network.processReady(node) !== null) busy = true
      const messages = this.network.messages
      this.network.messages = []
      for (const message of messages) {
        if (!nodes.some(({ id }) => id === message.to)) continue
        this.network.deliver(message)
        busy = true
      }
    }
  }

  elect(n: number, ...others: number[]): this {
    this.raft(n).campaign()
    this.settle(...(others.length === 0 ? [] : [n, ...others]))
    expect(this.raft(n).role).toBe('leader')
    return this
  }

  crash(n: number): void {
    this.network.crash(this.node(n))
  }

  /** Restarts a server with entries of these terms behind 1/1. */
  withLog(n: number, terms: readonly number[], term: number, commit = 1): this {
    const entries = terms.map((term, i): TestEntry => ({ type: 'normal', index: i + 2, term, data: `${term}/${i + 2}` }))
    const node = this.node(n)
    node.disk = written(node.disk, { hardState: { term, vote: null, commit }, snapshot: null, entries, mustSync: true })
    this.network.restart(node)
    return this
  }

  /** The terms of the entries behind 1/1. */
  terms(n: number): number[] {
    const { firstIndex, lastIndex } = this.raft(n).status()
    return this.raft(n)
      .entries(firstIndex, lastIndex)
      .map(({ term }) => term)
  }
}

function appendAfter(index: number, logTerm: number, commit: number, ...entries: TestEntry[]): MessageBody<string, readonly string[]> {
  return { type: 'MsgApp', index, logTerm, commit, entries }
}

function vote(index: number, logTerm: number, transfer = false): MessageBody<string, readonly string[]> {
  return { type: 'MsgVote', index, logTerm, transfer }
}

function entry(term: number, index: number, data = `${term}/${index}`): TestEntry {
  return { type: 'normal', index, term, data }
}

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
    // Who leads in an old term is told of the new one; a candidate gets no answer, and times out.
    expect(group.sent(2)).toEqual([expect.objectContaining({ type: 'MsgAppResp', to: memberId(1), term: 3 })])
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
    expect(group.sent(1).map(({ type, to }) => `${type} ${to}`)).toEqual(['MsgHeartbeat 2', 'MsgHeartbeat 3'])
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
    // A repeated request is answered as the first: the answer may have been lost.
    group.step(1, 3, 2, vote(1, 1))
    expect(group.sent(3).map(({ to, ...m }) => [to, m.type === 'MsgVoteResp' && m.reject])).toEqual([
      [memberId(1), false],
      [memberId(2), true],
      [memberId(1), false],
    ])
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
  test('election timeouts are chosen randomly from a fixed interval, for each election anew', () => {
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
    expect([...drawn.keys()].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    for (const times of drawn.values()) expect(times).toBeGreaterThan(100)
  })
  test('election safety: two candidates, every order of delivery: at most one leader, and each outcome comes to pass', () => {
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
    expect(group.sent(2).map((m) => m.type === 'MsgAppResp' && [m.reject, m.index, m.hint, m.logTerm])).toEqual([
      [true, 4, 3, 2],
      [true, 3, 3, 2],
    ])
  })
  test('log matching: if two entries in different logs have the same index and term, they store the same command, and so do all preceding entries', () => {
    const group = new Group(3, { checkQuorum: false })
    const checks = new Checks()
    group.withLog(1, [2, 3, 3], 3).withLog(2, [2, 2, 2, 2], 3).withLog(3, [2], 3)
    group.elect(1)
    for (const node of group.network.nodes) checks.look(group.network, node)
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
    // Nobody else leads its term, so no append can reach it; were there one, it would not be taken.
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
  ])('§5.4.1 the voter denies its vote if its own log is more up-to-date: the candidate has %s', (_, terms, index, logTerm, granted) => {
    const group = new Group(3).withLog(2, terms, 4)
    group.step(1, 2, 5, vote(index, logTerm))
    expect(group.raft(2).status().vote).toBe(granted ? memberId(1) : null)
  })
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
    for (const peer of [2, 3, 4, 5]) group.step(peer, 1, 4, { type: 'MsgAppResp', index: 2, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).commit).toBe(1)
    for (const peer of [2, 3]) group.step(peer, 1, 4, { type: 'MsgAppResp', index: 3, reject: false, hint: 0, logTerm: 0 })
    expect(group.raft(1).commit).toBe(3)
  })
  test('state machine safety: the application is never handed another entry at an index, across crashes and leaders', () => {
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
      checks.look(group.network, node)
      seen.push(node.app.join())
    }
    expect(seen).toEqual(['x,y', 'x,y', 'x,y'])
  })
})

describe('§5.5 follower and candidate crashes', () => {
  test('Raft RPCs are idempotent: a server that receives one again does it no harm', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    const appends = group.sent(1).filter(({ to }) => to === memberId(2))
    for (const message of [...appends, ...appends, ...appends]) group.network.deliver(message)
    expect(group.terms(2)).toEqual([2, 2])
    // An old one, after the log has grown, takes nothing away.
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
  test('a crash loses what was not written, and nothing that was', () => {
    const group = new Group(3).elect(1)
    group.node(2).slowDisk = true
    group.raft(1).propose('x')
    group.settle(1, 2)
    group.crash(2)
    group.network.restart(group.node(2))
    expect(group.terms(2)).toEqual([2])
    expect(group.raft(2).status()).toMatchObject({ term: 2, vote: memberId(1), role: 'follower', lead: null })
  })
  test('dissertation §10.2.1 the leader may commit an entry before it has been written to its own disk, if a majority of followers have written it', () => {
    const group = new Group(3).elect(1)
    group.node(1).slowDisk = true
    group.raft(1).propose('x')
    group.settle()
    expect(group.raft(1).commit).toBe(3)
    // etcd's loop waits for the disk before it says so to anybody.
    expect([group.node(1).app, group.raft(2).commit]).toEqual([[], 2])
  })
  test('what was being written when a new leader replaced it is not taken for the new one', () => {
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

describe('§6 cluster membership changes', () => {
  test('at most one change is in the log and not applied; another one becomes an entry that changes nothing', () => {
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
  test('a new leader takes no change before it has applied what it found in its log: there may be one in it', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(1, [2], 2)
    group.raft(1).campaign()
    group.sent(1)
    for (const voter of [2, 3]) group.step(voter, 1, 3, { type: 'MsgVoteResp', reject: false })
    group.raft(1).proposeConfChange({ type: 'remove', peer: memberId(3), context: null })
    expect(group.raft(1).entries(4, 4)[0]).toMatchObject({ type: 'normal', data: null })
  })
  test('a server that has not applied a committed change does not stand: it would count votes of the wrong group', () => {
    const group = new Group(3)
    const change: TestEntry = { type: 'conf-change', index: 2, term: 2, data: { type: 'add-voter', peer: memberId(4), context: null } }
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
    for (const message of appends.filter(({ to }) => to === memberId(2))) group.network.deliver(message)
    const [first] = group.sent(2)
    group.network.deliver(first!)
    group.sent(1)
    expect(group.raft(1).status()).toMatchObject({ role: 'leader', commit: 3, conf: { voters: [memberId(2), memberId(3)] } })
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
  test('usually the snapshot contains new information not already in the recipient’s log; then the follower discards its entire log', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2, 2, 2], 3)
    group.step(1, 2, 4, { type: 'MsgSnap', snapshot: { index: 3, term: 3, conf: group.raft(1).status().conf, data: ['s'] } })
    group.sent(2)
    expect(group.terms(2)).toEqual([])
    expect(group.node(2).app).toEqual(['s'])
    expect(group.raft(2).status()).toMatchObject({ commit: 3, lastIndex: 3, lastTerm: 3 })
  })
  test('if the snapshot describes a prefix of its log, entries following it are still valid and must be retained', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2, 2, 2], 3)
    group.step(1, 2, 4, { type: 'MsgSnap', snapshot: { index: 3, term: 2, conf: group.raft(1).status().conf, data: ['s'] } })
    const sent = group.sent(2)
    expect(group.terms(2)).toEqual([2, 2, 2, 2])
    expect(group.node(2).app).toEqual(['2/2', '2/3'])
    expect(sent).toEqual([expect.objectContaining({ type: 'MsgAppResp', index: 3, reject: false })])
  })
  test('an old snapshot, or one of a group that the server is not in, is ignored', () => {
    const group = new Group(3, { checkQuorum: false }).withLog(2, [2, 2], 3, 3)
    const { conf } = group.raft(1).status()
    group.step(1, 2, 4, { type: 'MsgSnap', snapshot: { index: 2, term: 2, conf, data: ['old'] } })
    group.step(1, 2, 4, {
      type: 'MsgSnap',
      snapshot: { index: 9, term: 3, conf: { voters: [memberId(1)], learners: [] }, data: ['foreign'] },
    })
    group.sent(2)
    expect(group.node(2).app).toEqual(['2/2', '2/3'])
  })
  test('a snapshot is acknowledged and applied only once it is on the disk', () => {
    const group = new Group(3)
    const node = group.node(2)
    node.slowDisk = true
    group.step(1, 2, 2, { type: 'MsgSnap', snapshot: { index: 9, term: 2, conf: group.raft(1).status().conf, data: ['s'] } })
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
    for (const message of heartbeats.filter(({ to }) => to === memberId(2))) group.network.deliver(message)
    for (const message of group.sent(2)) group.network.deliver(message)
    group.sent(1)
    expect(reads(group, 1)).toEqual([])
    for (const message of heartbeats.filter(({ to }) => to === memberId(3))) group.network.deliver(message)
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
  test('the read index is the commit index of when the read arrived, though more is committed until it is confirmed', () => {
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
  test('a leader that has been deposed answers no read', () => {
    const group = new Group(3, { checkQuorum: false }).elect(1)
    group.raft(1).readIndex('r')
    const heartbeats = group.sent(1)
    group.elect(2, 3)
    for (const message of heartbeats) group.network.deliver(message)
    group.settle()
    expect(reads(group, 1)).toEqual([])
  })
  test('followers can help offload reads: they ask the leader for the read index', () => {
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
  test('where no leader is known the question is dropped', () => {
    expect(new Group(3).raft(1).readIndex('r')).toBe('dropped')
  })
})

describe('dissertation §3.10: leadership transfer', () => {
  test('the prior leader stops accepting new client requests, and again accepts them if the transfer has not come to pass after about an election timeout', () => {
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
  test('the target’s log is made to match before it is told to stand', () => {
    const group = new Group(3).elect(1)
    group.raft(1).propose('x')
    group.sent(1)
    group.raft(1).transferLeader(memberId(2))
    expect(group.sent(1).map(({ type }) => type)).not.toContain('MsgTimeoutNow')
    group.step(2, 1, 2, { type: 'MsgAppResp', index: 3, reject: false, hint: 0, logTerm: 0 })
    expect(group.sent(1).map(({ type, to }) => `${type} ${to}`)).toContain('MsgTimeoutNow 2')
  })
  test('the target stands at once, and is elected by servers that have just heard from the leader', () => {
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
  test('stays where a majority answers', () => {
    const group = new Group(3).elect(1)
    for (let i = 0; i < 50; i++) {
      group.tick(1, 1)
      group.settle(1, 2)
    }
    expect(group.raft(1).role).toBe('leader')
  })
  test('and without the check it stays', () => {
    const group = new Group(3, { checkQuorum: false }).elect(1)
    group.tick(1, 100)
    expect(group.raft(1).role).toBe('leader')
  })
})

describe('dissertation §9.6: pre-vote', () => {
  test('a candidate only increments its term if it first learns from a majority of the cluster that they would be willing to grant it their votes', () => {
    const group = new Group(5, { preVote: true })
    group.raft(1).campaign()
    expect(group.sent(1).map(({ type, term }) => `${type} ${term}`)).toEqual(Array(4).fill('MsgPreVote 2'))
    group.step(2, 1, 2, { type: 'MsgPreVoteResp', reject: false })
    expect(group.raft(1).status()).toMatchObject({ role: 'pre-candidate', term: 1, vote: null })
    group.step(3, 1, 2, { type: 'MsgPreVoteResp', reject: false })
    expect(group.raft(1).status()).toMatchObject({ role: 'candidate', term: 2, vote: memberId(1) })
  })
  test('a pre-vote changes nothing on who grants it, so that it can grant another', () => {
    const group = new Group(3, { preVote: true })
    group.step(1, 3, 2, { type: 'MsgPreVote', index: 1, logTerm: 1, transfer: false })
    group.step(2, 3, 2, { type: 'MsgPreVote', index: 1, logTerm: 1, transfer: false })
    expect(group.raft(3).status()).toMatchObject({ term: 1, vote: null })
    expect(group.sent(3).map((m) => m.type === 'MsgPreVoteResp' && m.reject)).toEqual([false, false])
  })
  test('it is denied by who hears a leader, and by who has a more up-to-date log', () => {
    const group = new Group(3, { preVote: true }).elect(1)
    group.step(3, 2, 3, { type: 'MsgPreVote', index: 9, logTerm: 2, transfer: false })
    expect(group.sent(2)).toEqual([])
    group.withLog(3, [2, 2], 2)
    group.step(2, 3, 3, { type: 'MsgPreVote', index: 2, logTerm: 2, transfer: false })
    expect(group.sent(3)).toEqual([expect.objectContaining({ type: 'MsgPreVoteResp', reject: true })])
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
  test('without it, it does: the term it comes back with deposes the leader', () => {
    const group = new Group(3).elect(1)
    group.tick(3, 200)
    group.sent(3)
    group.tick(1, 1)
    group.settle()
    expect(group.raft(1).status()).toMatchObject({ role: 'follower', term: 22 })
  })
})

describe('as etcd uses it', () => {
  test('the defaults are etcd 3.4’s (semantics §6.1, §6.2)', () => {
    expect(DEFAULT_RAFT_CONFIG).toMatchObject({ electionTick: 10, heartbeatTick: 1, checkQuorum: true, preVote: false, maxInflight: 512 })
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
    expect(applied.map(({ data }) => data)).toEqual(voters.map((voter) => ({ type: 'add-voter', ...voter })))
    for (const entry of applied) if (entry.type === 'conf-change') raft.applyConfChange(entry.data)
    raft.applied(3)
    raft.campaign()
    expect(raft.status()).toMatchObject({ role: 'candidate', term: 2, conf: { voters: [1, 2, 3].map(memberId) } })
  })
  test('an answer from who is no member is dropped, whatever its term', () => {
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
  test('a message to somebody else, a report without a write, and a configuration that cannot be stop the run', () => {
    const group = new Group(3)
    const message: TestMessage = { type: 'MsgTimeoutNow', from: memberId(1), to: memberId(2), term: 2 }
    expect(() => group.raft(3).step(message)).toThrow('3 was given a message to 2')
    expect(() => group.raft(3).persisted()).toThrow('nothing under way')
    expect(() => raftConfig(memberId(1), { electionTick: 1 })).toThrow('election tick 1')
    expect(() => raftConfig(memberId(1), { maxInflight: 0 })).toThrow('0 messages in flight')
  })
})
