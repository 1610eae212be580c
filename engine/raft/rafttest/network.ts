// A few peers, their disks, a list as the application, and the messages between them, all moved by
// hand. For tests.

import { assert } from '../../base/assert'
import type { Choice } from '../../base/choice'
import type { MemberId } from '../../base/rpc'
import type { Entry, Message, ReadState, Snapshot } from '../message'
import type { RaftConfig } from '../peer'
import { Raft, raftConfig } from '../raft'
import type { Ready } from '../ready'
import type { Persistent, Save } from '../storage'
import { emptyPersistent, snapshotWritten, written } from '../storage'

/** The state of the application: everything applied, in order. */
export type App = readonly string[]
export type TestMessage = Message<string, App>
export type TestEntry = Entry<string>

/** In tests a member is a number. */
export function memberId(n: number | string): MemberId {
  return String(n) as MemberId
}

/** One server: its running peer and its disk. */
export interface TestNode {
  readonly id: MemberId
  readonly config: RaftConfig
  readonly choice: Choice
  /** null while it is down. */
  raft: Raft<string, App> | null
  disk: Persistent<string, App>
  /** The disk as of the last fsync, which survives every crash. */
  synced: Persistent<string, App>
  /** The write in progress. */
  writing: Save<string, App> | null
  /** Writes end only when the test says so. */
  slowDisk: boolean
  app: App
  applied: number
  reads: ReadState[]
}

/** Callbacks for a test. */
export interface Observer {
  ready?(node: TestNode, ready: Ready<string, App>): void
  applied?(node: TestNode, entry: TestEntry): void
  restored?(node: TestNode, snapshot: Snapshot<App>): void
}

export class TestNetwork {
  readonly nodes: TestNode[] = []
  /** In order of sending. */
  messages: TestMessage[] = []
  /** `from>to`: links that lose everything. */
  readonly cut = new Set<string>()
  /** Every peer is saved as text and loaded before each use. */
  readonly reloads: boolean
  readonly #observer: Observer

  constructor(observer: Observer = {}, reloads = false) {
    this.#observer = observer
    this.reloads = reloads
  }

  /**
   * A server whose disk has `snapshot` (the start), or an empty disk: then it waits to be added.
   */
  add(
    id: MemberId,
    options: Partial<Omit<RaftConfig, 'id'>>,
    choice: Choice,
    snapshot?: Snapshot<App>,
  ): TestNode {
    const config = raftConfig(id, options)
    const empty = emptyPersistent<string, App>()
    const disk = snapshot === undefined ? empty : written(empty, startedAt(snapshot))
    const node: TestNode = {
      id,
      config,
      choice,
      raft: null,
      disk,
      synced: disk,
      writing: null,
      slowDisk: false,
      app: [],
      applied: 0,
      reads: [],
    }
    this.nodes.push(node)
    this.restart(node)
    return node
  }

  node(id: MemberId): TestNode {
    const node = this.nodes.find((candidate) => candidate.id === id)
    assert(node !== undefined, `test network: no node ${id}`)
    return node
  }

  /** The running peer; throws if it is down. */
  raft(node: TestNode): Raft<string, App> {
    assert(node.raft !== null, `test network: ${node.id} is down`)
    if (this.reloads)
      node.raft = Raft.load(node.config, JSON.parse(JSON.stringify(node.raft.save())), node.choice)
    return node.raft
  }

  /**
   * Unwritten data is lost, including the write in progress. Data written without fsync may be lost
   * too.
   */
  crash(node: TestNode, losesUnsynced = false): void {
    node.raft = null
    node.writing = null
    node.reads = []
    if (losesUnsynced) node.disk = node.synced
    node.synced = node.disk
  }

  restart(node: TestNode): void {
    node.raft = Raft.restart(node.config, node.disk, node.choice)
    node.app = node.disk.snapshot.data ?? []
    node.applied = node.disk.snapshot.index
  }

  /** Processes one bundle of work and returns it; null for none. */
  processReady(node: TestNode): Ready<string, App> | null {
    if (node.raft === null) return null
    const taken = this.raft(node).ready()
    if (taken === null) return null
    const ready = {
      ...taken,
      messages: taken.messages.map((message) => this.#withSnapshot(node, message)),
    }
    this.#observer.ready?.(node, ready)
    if (ready.save?.mustSync) node.writing = ready.save
    else if (ready.save !== null) node.disk = written(node.disk, ready.save)
    for (const message of ready.messages) this.#send(message)
    if (ready.snapshot !== null) this.#restore(node, ready.snapshot)
    for (const entry of ready.committed) this.#apply(node, entry)
    if (node.writing !== null && !node.slowDisk) this.finishWrite(node)
    node.reads.push(...ready.readStates)
    return ready
  }

  /**
   * Completes the write in progress. With `isReported` false the server crashes before its peer
   * learns of it.
   */
  finishWrite(node: TestNode, isReported = true): void {
    assert(node.writing !== null, `test network: ${node.id} has no write in progress`)
    node.disk = written(node.disk, node.writing)
    node.synced = node.disk
    node.writing = null
    if (isReported) this.raft(node).persisted()
    else this.crash(node)
  }

  isCut(from: MemberId, to: MemberId): boolean {
    return this.cut.has(`${from}>${to}`)
  }

  cutBoth(a: MemberId, b: MemberId): void {
    this.cut.add(`${a}>${b}`)
    this.cut.add(`${b}>${a}`)
  }

  /** Delivers one message; a message to a server that is down is lost. */
  deliver(message: TestMessage): void {
    const node = this.node(message.to)
    if (node.raft === null) return this.lose(message)
    this.raft(node).step(message)
    this.#report(message, true)
  }

  lose(message: TestMessage): void {
    this.#report(message, false)
  }

  /**
   * As in etcd's transport, the sender learns the result of a snapshot, but not of other messages.
   */
  #report(message: TestMessage, arrived: boolean): void {
    const sender = this.node(message.from)
    if (message.type === 'MsgSnap' && sender.raft !== null)
      this.raft(sender).reportSnapshot(message.to, arrived)
  }

  /**
   * The application makes a snapshot of its state, and the log keeps only `keep` entries before it.
   */
  compact(node: TestNode, keep: number): void {
    const snapshot = this.raft(node).createSnapshot(node.app)
    node.disk = snapshotWritten(node.disk, snapshot)
    node.synced = node.disk
    this.raft(node).compact(snapshot, keep)
  }

  /**
   * As in etcd: the sent snapshot is the current state, which has members that the last snapshot
   * does not.
   */
  #withSnapshot(node: TestNode, message: TestMessage): TestMessage {
    return message.type === 'MsgSnap'
      ? { ...message, snapshot: this.raft(node).createSnapshot(node.app) }
      : message
  }

  #send(message: TestMessage): void {
    if (this.isCut(message.from, message.to)) this.lose(message)
    else this.messages.push(message)
  }

  #restore(node: TestNode, snapshot: Snapshot<App>): void {
    node.app = snapshot.data ?? []
    node.applied = snapshot.index
    this.#observer.restored?.(node, snapshot)
    this.raft(node).applied(snapshot.index)
  }

  #apply(node: TestNode, entry: TestEntry): void {
    this.#observer.applied?.(node, entry)
    if (entry.type === 'conf-change') {
      // As in etcd, a change is checked again when it is applied: the last voter stays.
      const { voters } = this.raft(node).status().conf
      const isLast = voters.length === 1 && voters[0] === entry.data.peer
      if (!isLast || entry.data.type === 'update') this.raft(node).applyConfChange(entry.data)
    } else if (entry.data !== null) node.app = [...node.app, entry.data]
    node.applied = entry.index
    this.raft(node).applied(entry.index)
  }
}

function startedAt(snapshot: Snapshot<App>): Save<string, App> {
  return {
    hardState: { term: snapshot.term, vote: null, commit: snapshot.index },
    snapshot,
    entries: [],
    mustSync: true,
  }
}
