// Scripts for peers in the style of etcd-io/raft's testdata: commands, then `----`, then their
// exact output.
//
//   # Prose tells the story.
//   add-nodes 3                       commands without a `----` behind them are played in silence
//
//   campaign 1                        a block ends at an empty line
//   stabilize
//   ----
//   > 1
//     is candidate
//
// `playScript` returns the whole text with the current output. A test compares it with the file,
// and a flag writes it there.

import { assert } from '../../base/assert'
import type { MemberId } from '../../base/rpc'
import {
  describeConf,
  describeEntry,
  describeMessage,
  describeProgress,
  describeReady,
} from '../describe'
import { entriesBetween, lastIndexOf } from '../entries'
import type { ConfChange, Outcome } from '../message'
import type { RaftConfig } from '../peer'
import type { TestMessage, TestNode } from './network'
import { memberId, TestNetwork } from './network'

interface Command {
  readonly name: string
  readonly args: readonly string[]
  /** `drop=(2,3)` and `keep=1` alike: a list of words. */
  readonly options: Readonly<Record<string, readonly string[]>>
}

/** A script starts after an entry 1/1 that all servers have. */
const START = { index: 1, term: 1 }

/**
 * Plays a script from the start. With `reloads`, every peer is saved as text and loaded before each
 * step.
 */
export function playScript(text: string, reloads = false): string {
  const script = new Script(reloads)
  const out: string[] = []
  const lines = text.split('\n')
  let commands: string[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    if (line === '----') {
      out.push(line, ...script.play(commands))
      commands = []
      while (i + 1 < lines.length && lines[i + 1] !== '') i++
      continue
    }
    if (line === '') commands = script.silently(commands)
    else if (!line.startsWith('#')) commands.push(line)
    out.push(line)
  }
  script.silently(commands)
  return out.join('\n')
}

class Script {
  readonly #network: TestNetwork
  readonly #jitter = new Map<MemberId, number>()
  #lines: string[] = []

  constructor(reloads: boolean) {
    this.#network = new TestNetwork({}, reloads)
  }

  /** The output, or `ok` for none. */
  play(commands: readonly string[]): string[] {
    this.#lines = []
    for (const line of commands) this.#play(line)
    return this.#lines.length === 0 ? ['ok'] : this.#lines
  }

  silently(commands: readonly string[]): string[] {
    this.play(commands)
    return []
  }

  #play(line: string): void {
    const { name, args, options } = parseCommand(line)
    const node = () => this.#network.node(memberId(args[0]!))
    const raft = () => this.#network.raft(node())
    switch (name) {
      case 'add-nodes':
        return this.#addNodes(Number(args[0]), options)
      case 'campaign':
        return raft().campaign()
      case 'tick':
        return this.#tick(node(), Number(args[1] ?? 1))
      case 'tick-heartbeat':
        return this.#tick(node(), node().config.heartbeatTick)
      case 'tick-election': {
        const { electionElapsed, randomizedElectionTimeout } = raft().status()
        return this.#tick(node(), randomizedElectionTimeout - electionElapsed)
      }
      case 'propose':
        return this.#outcome(raft().propose(args[1]!))
      case 'propose-conf-change': {
        const type = args[1] as ConfChange['type']
        return this.#outcome(
          raft().proposeConfChange({ type, peer: memberId(args[2]!), context: null }),
        )
      }
      case 'read-index':
        return this.#outcome(raft().readIndex(args[1]!))
      case 'transfer-leadership':
        return this.#outcome(raft().transferLeader(memberId(args[1]!)))
      case 'report-unreachable':
        return raft().reportUnreachable(memberId(args[1]!))
      case 'process-ready':
        return void this.#work(node())
      case 'deliver-msgs':
        return this.#deliverMsgs(args.map(memberId), options)
      case 'stabilize':
        return this.#stabilize(
          args.length === 0
            ? this.#network.nodes
            : args.map((id) => this.#network.node(memberId(id))),
        )
      case 'jitter':
        this.#jitter.set(node().id, Number(args[1]))
        return
      case 'slow-disk':
        node().slowDisk = true
        return
      case 'finish-write':
        return this.#network.finishWrite(node())
      case 'crash':
        return this.#network.crash(node())
      case 'restart':
        return this.#network.restart(node())
      case 'isolate':
        for (const other of this.#network.nodes)
          if (other !== node()) this.#network.cutBoth(node().id, other.id)
        return
      case 'heal':
        return this.#network.cut.clear()
      case 'compact':
        return this.#network.compact(node(), Number(options.keep?.[0] ?? 0))
      case 'raft-state':
        return this.#raftState()
      case 'raft-log':
        return this.#raftLog(node())
      case 'progress':
        for (const pr of raft().status().progress) this.#print(describeProgress(pr))
        return
      default:
        throw new Error(`script: unknown line "${line}"`)
    }
  }

  #print(...lines: string[]): void {
    this.#lines.push(...lines)
  }

  #outcome(outcome: Outcome): void {
    if (outcome === 'dropped') this.#print('dropped')
  }

  #addNodes(count: number, options: Command['options']): void {
    const existing = this.#network.nodes.length
    const ids = Array.from({ length: count }, (_, i) => memberId(existing + i + 1))
    const flag = (key: string, usual: boolean) =>
      options[key] === undefined ? usual : options[key][0] === 'true'
    const number = (key: string, usual: number) => Number(options[key]?.[0] ?? usual)
    const config: Partial<RaftConfig> = {
      preVote: flag('pre-vote', false),
      checkQuorum: flag('check-quorum', true),
      stepDownOnRemoval: flag('step-down-on-removal', false),
      maxEntriesPerMessage: number('max-entries', 1024),
      maxInflight: number('max-inflight', 512),
    }
    const learners = (options.learners ?? []).map(memberId)
    const conf = { voters: ids.filter((id) => !learners.includes(id)), learners }
    for (const id of ids) {
      const choice = { below: (n: number) => Math.min(this.#jitter.get(id) ?? 0, n - 1) }
      // Later nodes are servers that have not been added to the group.
      this.#network.add(
        id,
        config,
        choice,
        existing === 0 ? { ...START, conf, data: [] } : undefined,
      )
    }
  }

  #tick(node: TestNode, times: number): void {
    for (let i = 0; i < times; i++) this.#network.raft(node).tick()
  }

  /** Processes all the work of one server; true if there was any. */
  #work(node: TestNode, heard: readonly string[] = []): boolean {
    const lines = [...heard]
    for (
      let ready = this.#network.processReady(node);
      ready !== null;
      ready = this.#network.processReady(node)
    ) {
      for (const line of describeReady(ready)) {
        const to = /^→ (\S+)/.exec(line)?.[1]
        lines.push(
          to !== undefined && this.#network.isCut(node.id, memberId(to)) ? `${line} (lost)` : line,
        )
      }
      if (ready.save?.mustSync && node.slowDisk) lines.push('waits for its disk')
    }
    if (lines.length === 0) return false
    this.#print(`> ${node.id}`, ...lines.map((line) => `  ${line}`))
    return true
  }

  /** Delivers or loses the messages in flight to `to`. */
  #receive(to: MemberId, isWanted: (m: TestMessage) => boolean, isLost: boolean): string[] {
    const taken = this.#network.messages.filter((m) => m.to === to && isWanted(m))
    this.#network.messages = this.#network.messages.filter((m) => !taken.includes(m))
    return taken.map((m) => {
      const isDown = this.#network.node(to).raft === null
      if (isLost) this.#network.lose(m)
      else this.#network.deliver(m)
      return `← ${m.from} ${describeMessage(m)}${isLost || isDown ? ' (lost)' : ''}`
    })
  }

  #deliverMsgs(to: readonly MemberId[], options: Command['options']): void {
    const isWanted = (m: TestMessage) =>
      (options.type?.includes(m.type) ?? true) && (options.from?.includes(m.from) ?? true)
    const drop = (options.drop ?? []).map(memberId)
    for (const id of [...to, ...drop]) {
      const heard = this.#receive(id, isWanted, drop.includes(id))
      if (heard.length > 0) this.#print(`> ${id}`, ...heard.map((line) => `  ${line}`))
    }
  }

  #stabilize(nodes: readonly TestNode[]): void {
    for (let busy = true, rounds = 0; busy; rounds++) {
      assert(rounds < 1000, 'script: the messages do not end')
      busy = false
      for (const node of nodes) {
        const heard = this.#receive(node.id, () => true, false)
        if (this.#work(node, heard)) busy = true
      }
    }
  }

  #raftState(): void {
    for (const node of this.#network.nodes) {
      if (node.raft === null) {
        this.#print(`${node.id} down`)
        continue
      }
      const { role, lead, term, commit, applied, lastIndex, lastTerm, conf } = this.#network
        .raft(node)
        .status()
      const follows =
        role === 'follower' ? (lead === null ? ' without a leader' : ` of ${lead}`) : ''
      this.#print(
        `${node.id} ${role}${follows}, term ${term}, commit ${commit}, applied ${applied}, log ends ${lastTerm}/${lastIndex}, ${describeConf(conf)}`,
      )
    }
  }

  /** The log in memory, or on disk for a server that is down. */
  #raftLog(node: TestNode): void {
    const status = node.raft === null ? null : this.#network.raft(node).status()
    const { entries: onDisk } = node.disk
    const entries =
      status === null
        ? entriesBetween(onDisk, onDisk.offset + 1, lastIndexOf(onDisk))
        : this.#network.raft(node).entries(status.firstIndex, status.lastIndex)
    if (entries.length === 0) this.#print('no entries')
    for (const entry of entries) this.#print(describeEntry(entry))
  }
}

function parseCommand(line: string): Command {
  const [name, ...words] = line.split(/\s+/)
  const options: Record<string, string[]> = {}
  const args: string[] = []
  for (const word of words) {
    const [key, value] = word.split('=')
    if (value === undefined) args.push(word)
    else options[key!] = value.replace(/[()]/g, '').split(',')
  }
  return { name: name!, args, options }
}
