// A whole run drawn from one seed: a group, a phase of faults, then a healed phase that must
// converge. Faults are loss, duplication, reordering, partitions one way and both, crashes that
// lose unwritten data, slow disks, and membership changes. The checks run after each step.

import { Random } from '../../base/random'
import type { MemberId } from '../../base/rpc'
import { Checks } from './checks'
import type { TestNode } from './network'
import { memberId, TestNetwork } from './network'

export interface FuzzResult {
  /** The breach; null for none. */
  readonly violation: string | null
  /** The results of the run, which show that it was not idle. */
  readonly committed: number
  readonly elections: number
  readonly snapshots: number
  readonly reads: number
  readonly changes: number
}

/**
 * Plays the run of `seed`. With `reloads`, each peer is saved as text and loaded before each step.
 */
export function fuzzRaft(seed: number, steps = 1500, reloads = false): FuzzResult {
  const run = new FuzzRun(seed, reloads)
  let violation: string | null = null
  try {
    run.faults(steps)
    run.heal()
  } catch (error) {
    violation = `seed ${seed}: ${error instanceof Error ? error.message : error}`
  }
  return { violation, ...run.seen }
}

/** The maximum number of servers. */
const MOST = 7

class FuzzRun {
  readonly seen = { committed: 0, elections: 0, snapshots: 0, reads: 0, changes: 0 }
  readonly #random: Random
  readonly #checks = new Checks()
  readonly #network: TestNetwork
  readonly #options
  /**
   * The weights of the events, also random: a run of elections finds other faults than a run of
   * membership changes.
   */
  readonly #weights
  readonly #askWeights
  readonly #faultWeights
  readonly #loss: number
  #asked = 0
  /** Removed servers never return. */
  readonly #removed = new Set<MemberId>()

  constructor(seed: number, reloads: boolean) {
    this.#random = new Random(seed, 'raft')
    const checks = this.#checks
    const { seen } = this
    this.#network = new TestNetwork(
      {
        ready: (_, ready) => {
          if (ready.softState?.role === 'leader') seen.elections++
        },
        applied: (node, entry) => {
          checks.applied(node, entry)
          if (entry.type === 'conf-change') seen.changes++
        },
        restored: () => {
          seen.snapshots++
        },
      },
      reloads,
    )
    const ids = Array.from({ length: [1, 2, 3, 3, 3, 4, 5, 5][this.#below(8)]! }, (_, i) =>
      memberId(i + 1),
    )
    this.#options = {
      electionTick: 6,
      heartbeatTick: 2,
      checkQuorum: this.#below(2) === 0,
      preVote: this.#below(2) === 0,
      stepDownOnRemoval: this.#below(2) === 0,
      maxEntriesPerMessage: [1, 1, 2, 5][this.#below(4)]!,
      maxInflight: 1 + this.#below(4),
    }
    this.#weights = {
      deliver: 60,
      work: 28,
      tick: 5 + this.#below(20),
      ask: 5 + this.#below(12),
      fault: 1 + this.#below(6),
      campaign: [0, 0, 1, 1, 2, 5][this.#below(6)]!,
    }
    this.#askWeights = {
      propose: 10,
      read: this.#below(10),
      transfer: this.#below(3),
      change: this.#below(2) * this.#below(10),
    }
    this.#faultWeights = {
      crash: this.#below(5),
      compact: this.#below(4),
      cut: this.#below(3),
      isolate: this.#below(4),
      heal: 2 + this.#below(4),
    }
    this.#loss = this.#below(20)
    const conf = { voters: ids, learners: [] }
    for (const id of ids) this.#add(id, { index: 1, term: 1, conf, data: [] })
  }

  faults(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const node = this.#pick(this.#network.nodes)
      this.#step(node)
      this.#checks.check(this.#network, node)
      this.seen.committed = this.#checks.committed
    }
  }

  /**
   * All links and servers are healed. The group must elect a leader, agree, and accept a proposal.
   */
  heal(): void {
    const network = this.#network
    network.cut.clear()
    for (const node of network.nodes) {
      node.slowDisk = false
      if (node.raft === null) network.restart(node)
      if (node.writing !== null) network.finishWrite(node)
    }
    for (let round = 0; round < 600; round++) {
      const members = this.#members()
      const running = network.nodes.filter(({ raft }) => raft !== null)
      for (const node of running) this.#round(node)
      if (round % 20 === 19) this.#propose(members[this.#below(members.length)]!)
      if (round > 60 && round % 20 === 15 && this.#agree(members)) return
    }
    if (!this.#isStranded()) throw new Error('no convergence after healing')
  }

  /**
   * The one way to lose a group for good, as in etcd. A leader that has removed itself is gone
   * (crashed, or stepped down) before the others know, and they need its vote. Its log is longer
   * than theirs, so it votes for no other server, and it does not campaign itself.
   */
  #isStranded(): boolean {
    const states = this.#network.nodes
      .filter(({ raft }) => raft !== null)
      .map((node) => this.#network.raft(node).status())
    const isMember = ({ id, conf }: (typeof states)[number]) => conf.voters.includes(id)
    return states.some(
      (gone) =>
        gone.role === 'follower' &&
        gone.conf.voters.length > 0 &&
        !isMember(gone) &&
        states.every(
          (other) =>
            !isMember(other) ||
            (other.conf.voters.includes(gone.id) && other.lastIndex < gone.lastIndex),
        ),
    )
  }

  /**
   * The members of the group, by the server that has applied most. A removed server is stopped once
   * every member knows: a removed leader may be the only one that knows.
   */
  #members(): readonly TestNode[] {
    const network = this.#network
    const confOf = (node: TestNode) => network.raft(node).status().conf
    const running = network.nodes.filter(({ raft }) => raft !== null)
    const { voters, learners } = confOf([...running].sort((a, b) => b.applied - a.applied)[0]!)
    const members = network.nodes.filter(({ id }) => voters.includes(id) || learners.includes(id))
    // A late change has brought back a removed server.
    for (const node of members) if (node.raft === null) network.restart(node)
    const known = new Set(members.map((node) => JSON.stringify(confOf(node))))
    if (known.size === 1)
      for (const node of running)
        if (!members.includes(node) && this.#removed.has(node.id)) network.crash(node)
    return members
  }

  #round(node: TestNode): void {
    const network = this.#network
    network.raft(node).tick()
    const mine = network.messages.filter(({ to }) => to === node.id)
    network.messages = network.messages.filter(({ to }) => to !== node.id)
    for (const message of mine) {
      network.deliver(message)
      this.#checks.check(network, node)
    }
    this.#work(node)
  }

  #agree(members: readonly TestNode[]): boolean {
    const states = members.map((node) => this.#network.raft(node).status())
    const leader = states.find(({ role }) => role === 'leader')
    if (leader === undefined || leader.commit <= this.seen.committed) return false
    const apps = new Set(members.map(({ app }) => JSON.stringify(app)))
    return (
      apps.size === 1 &&
      states.every(({ lead, applied }) => lead === leader.id && applied === leader.lastIndex)
    )
  }

  #step(node: TestNode): void {
    if (node.raft === null && this.#below(8) === 0) return this.#network.restart(node)
    switch (this.#draw(this.#weights)) {
      case 'deliver':
        return this.#deliver()
      case 'work':
        return this.#work(node)
      case 'tick':
        return this.#tick()
      case 'ask':
        return this.#ask(node)
      case 'fault':
        return this.#fault(node)
      case 'campaign':
        if (node.raft !== null) this.#network.raft(node).campaign()
    }
  }

  #deliver(): void {
    const { messages } = this.#network
    if (messages.length === 0) return this.#work(this.#pick(this.#network.nodes))
    const message = messages[this.#below(Math.min(messages.length, 12))]!
    const dice = this.#below(100)
    // A duplicate stays in flight.
    if (dice >= 5) this.#network.messages = messages.filter((other) => other !== message)
    if (dice < 100 - this.#loss && !this.#network.isCut(message.from, message.to))
      this.#network.deliver(message)
    else this.#network.lose(message)
    const to = this.#network.node(message.to)
    this.#checks.check(this.#network, to)
    if (this.#below(2) === 0) this.#work(to)
  }

  #work(node: TestNode): void {
    if (node.writing !== null) this.#network.finishWrite(node)
    else while (this.#network.processReady(node) !== null) {}
    this.#checks.check(this.#network, node)
    for (const { context, index } of node.reads.splice(0)) {
      this.seen.reads++
      this.#checks.answered(node, context, index)
    }
  }

  /** Time passes, at different speeds. A server that waits for its disk does not tick. */
  #tick(): void {
    for (const node of this.#network.nodes) {
      if (this.#below(4) > 0 && node.raft !== null && node.writing === null)
        this.#network.raft(node).tick()
    }
  }

  #ask(node: TestNode): void {
    if (node.raft === null) return
    switch (this.#draw(this.#askWeights)) {
      case 'propose':
        return this.#propose(node)
      case 'read': {
        const context = `r${++this.#asked}`
        this.#checks.asked(context)
        this.#network.raft(node).readIndex(context)
        return
      }
      case 'transfer':
        this.#network.raft(node).transferLeader(this.#pick(this.#network.nodes).id)
        return
      case 'change':
        this.#changeGroup(node)
    }
  }

  #propose(node: TestNode): void {
    this.#network.raft(node).propose(`p${++this.#asked}`)
  }

  #changeGroup(node: TestNode): void {
    const { voters, learners } = this.#network.raft(node).status().conf
    const dice = this.#below(3)
    const some = [...voters, ...learners]
    if (dice === 0 && this.#network.nodes.length < MOST) {
      const id = memberId(this.#network.nodes.length + 1)
      this.#add(id)
      const type = this.#below(2) === 0 ? 'add-learner' : 'add-voter'
      this.#network.raft(node).proposeConfChange({ type, peer: id, context: null })
    } else if (dice === 1 && learners.length > 0) {
      this.#network
        .raft(node)
        .proposeConfChange({ type: 'add-voter', peer: this.#pick(learners), context: null })
    } else if (dice === 2 && some.length > 2) {
      const peer = this.#pick(some)
      this.#removed.add(peer)
      this.#network.raft(node).proposeConfChange({ type: 'remove', peer, context: null })
    }
  }

  #fault(node: TestNode): void {
    const network = this.#network
    if (node.raft === null) return
    switch (this.#draw(this.#faultWeights)) {
      case 'crash':
        // Before or after the write reaches the disk.
        if (node.writing !== null && this.#below(2) === 0) network.finishWrite(node, false)
        else network.crash(node, this.#below(2) === 0)
        return
      case 'compact':
        if (
          node.writing === null &&
          node.applied > 1 &&
          node.applied + 1 >= network.raft(node).status().firstIndex
        )
          network.compact(node, this.#below(4))
        return
      case 'cut':
        return void network.cut.add(`${node.id}>${this.#pick(network.nodes).id}`)
      case 'isolate':
        for (const other of network.nodes) if (other !== node) network.cutBoth(node.id, other.id)
        return
      case 'heal':
        return network.cut.clear()
    }
  }

  /** The disk is slow: a crash can lose any write. */
  #add(id: MemberId, snapshot?: Parameters<TestNetwork['add']>[3]): void {
    this.#network.add(id, this.#options, this.#random, snapshot).slowDisk = true
  }

  /** A random name, by weight. */
  #draw<K extends string>(weights: Readonly<Record<K, number>>): K {
    const names = Object.keys(weights) as K[]
    let left = this.#below(names.reduce((sum, name) => sum + weights[name], 0))
    for (const name of names) {
      left -= weights[name]
      if (left < 0) return name
    }
    throw new Error('fuzz: nothing to draw from')
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!
  }

  #below(n: number): number {
    return this.#random.below(n)
  }
}
