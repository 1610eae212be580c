// A group for tests of one rule. The test sets the logs and delivers the messages.

import { assert } from '../../base/assert'
import type { MessageBody } from '../message'
import type { RaftConfig } from '../peer'
import type { Raft } from '../raft'
import { written } from '../storage'
import type { App, TestEntry, TestMessage, TestNode } from './network'
import { memberId, TestNetwork } from './network'

type Options = Partial<Omit<RaftConfig, 'id'>>

type Body = MessageBody<string, App>

/** `count` servers that have an entry 1/1; server n always waits 10 + jitter[n - 1] ticks. */
export class Group {
  readonly network = new TestNetwork()

  constructor(
    count: number,
    options: Options = {},
    jitter: readonly number[] = [],
    learners: readonly number[] = [],
  ) {
    const ids = Array.from({ length: count }, (_, i) => i + 1)
    const conf = {
      voters: ids.filter((id) => !learners.includes(id)).map(memberId),
      learners: learners.map(memberId),
    }
    for (const id of ids) {
      const choice = { below: () => jitter[id - 1] ?? 0 }
      this.network.add(memberId(id), options, choice, { index: 1, term: 1, conf, data: [] })
    }
  }

  node(n: number): TestNode {
    return this.network.node(memberId(n))
  }

  raft(n: number): Raft<string, App> {
    return this.network.raft(this.node(n))
  }

  /** Delivers a message to a server, as if it came from the network. */
  step(from: number, to: number, term: number, body: Body): void {
    this.raft(to).step({ ...body, from: memberId(from), to: memberId(to), term })
  }

  tick(n: number, times: number): void {
    for (let i = 0; i < times; i++) this.raft(n).tick()
  }

  /** Processes the work of some servers, and returns their messages. */
  sent(...ns: number[]): TestMessage[] {
    for (const n of ns) while (this.network.processReady(this.node(n)) !== null) {}
    const { messages } = this.network
    this.network.messages = []
    return messages
  }

  /**
   * Delivers messages between some or all servers until none are left. Messages for others are
   * lost.
   */
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
    assert(this.raft(n).role === 'leader', `test group: ${n} is not elected`)
    return this
  }

  crash(n: number): void {
    this.network.crash(this.node(n))
  }

  /** Restarts a server with entries of these terms behind 1/1. */
  withLog(n: number, terms: readonly number[], term: number, commit = 1): this {
    const entries = terms.map(
      (term, i): TestEntry => ({ type: 'normal', index: i + 2, term, data: `${term}/${i + 2}` }),
    )
    const node = this.node(n)
    node.disk = written(node.disk, {
      hardState: { term, vote: null, commit },
      snapshot: null,
      entries,
      mustSync: true,
    })
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

export function appendAfter(
  index: number,
  logTerm: number,
  commit: number,
  ...entries: TestEntry[]
): Body {
  return { type: 'MsgApp', index, logTerm, commit, entries }
}

export function vote(index: number, logTerm: number, transfer = false): Body {
  return { type: 'MsgVote', index, logTerm, transfer }
}

export function entry(term: number, index: number, data = `${term}/${index}`): TestEntry {
  return { type: 'normal', index, term, data }
}
