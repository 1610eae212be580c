// Matches conditions against events. Some conditions need earlier events: which lease is L1, which
// member leads, when a lease is due.

import type { EtcdVersion } from '../base/etcd-versions'
import type { Bytes, LeaseId } from '../base/rpc'
import type { ClientId, MemberName, TraceEvent } from '../base/trace'
import { Deadlines } from '../sim/deadlines'
import { ExpiryHeaps } from '../sim/expiry-heaps'
import type {
  Condition,
  Doing,
  LeaseVerb,
  Measure,
  MeasuredAtOnce,
  ProcessVerb,
} from '../sim/stops'
import { actor, sentence } from '../text/describe'
import { LeaseNames } from '../text/names'

export const OF_A_MEMBER: Partial<Record<TraceEvent['type'], ProcessVerb>> = {
  'member-crashed': 'crashes',
  'member-paused': 'pauses',
  'member-resumed': 'resumes',
  'member-restarted': 'restarts',
  'member-stopping': 'stops',
  'member-stopped': 'ends',
  'member-left': 'ends',
}
export const OF_A_CLIENT: Partial<Record<TraceEvent['type'], ProcessVerb>> = {
  'client-crashed': 'crashes',
  'client-paused': 'pauses',
  'client-resumed': 'resumes',
  'client-restarted': 'restarts',
}
const CHANGES = { added: 'MemberAdd', promoted: 'MemberPromote', removed: 'MemberRemove' } as const

export class Situation {
  readonly #names = new LeaseNames()
  /** The leases in the order of their grants: L1, L2, … */
  readonly #granted: LeaseId[] = []
  readonly #deadlines = new Deadlines()
  readonly #heaps: ExpiryHeaps
  /** The living keys, in the order of their first puts, each with its lease. */
  readonly #keys = new Map<Bytes, LeaseId>()
  /** The members and the clients that the trace has named, in that order. */
  readonly #members = new Set<MemberName>()
  readonly #clients = new Set<ClientId>()
  /** The store's revision. An empty store has revision 1. */
  #revision = 1
  /** The members that take themselves for the leader, and their terms. */
  readonly #leaders = new Map<MemberName, number>()
  /** The leader before the last event. */
  #leader: MemberName | null = null
  #lostLeader = false

  /** `etcd`: the version of the run, by which the expiry heap is kept. */
  constructor(etcd: EtcdVersion) {
    this.#heaps = new ExpiryHeaps(etcd)
  }

  /** Takes in the next event; whether a deadline may have changed. */
  note(event: TraceEvent): boolean {
    this.#leader = this.#leads()
    this.#names.note(event)
    if (event.type === 'lease-granted') this.#granted.push(event.lease)
    if (event.type === 'role-changed' && event.role === 'leader')
      this.#leaders.set(event.member, event.term)
    else if (event.type === 'promoted') this.#leaders.set(event.member, event.term)
    else if (isEndOfLeading(event)) this.#leaders.delete(event.member)
    this.#lostLeader = this.#leader !== null && this.#leaders.size === 0
    this.#noteNames(event)
    this.#heaps.note(event)
    return this.#deadlines.note(event)
  }

  /**
   * Whether a condition matches the event that was noted last. No event matches `L1 due`: deadlines
   * pass without an event.
   */
  matches(condition: Condition, event: TraceEvent): boolean {
    switch (condition.type) {
      case 'process': {
        const { does } = condition
        const who = condition.who === 'leader' ? this.#leader : condition.who
        if (OF_A_MEMBER[event.type] === does) return 'member' in event && event.member === who
        return OF_A_CLIENT[event.type] === does && 'client' in event && event.client === who
      }
      case 'leads':
        return (
          event.type === 'promoted' && (condition.who === null || event.member === condition.who)
        )
      case 'no-leader':
        return this.#lostLeader
      case 'lease':
        return isOfLease(condition.does, event) && this.#isNamed(condition.lease, event)
      case 'key':
        if (condition.does === 'deleted')
          return event.type === 'key-deleted' && event.key === condition.key
        return (
          event.type === 'key-put' &&
          event.kv.key === condition.key &&
          (condition.does === 'put' || event.kv.version === 1)
        )
      case 'enters':
      case 'leaves':
        return (
          event.type === (condition.type === 'enters' ? 'section-entered' : 'section-left') &&
          event.client === condition.client &&
          event.section === condition.section
        )
      case 'two-inside':
        return event.type === 'exclusion-broken' && event.section === condition.section
      case 'gives-up':
      case 'told-gone':
        return (
          event.type === 'lease-believed-lost' &&
          (event.why === 'gone') === (condition.type === 'told-gone') &&
          event.client === condition.client &&
          this.#isNamed(condition.lease, event)
        )
      case 'heartbeat':
        return event.type === (condition.on ? 'heartbeat-started' : 'heartbeat-stopped')
      case 'write':
        return (
          event.type === (condition.taken ? 'write-taken' : 'write-bounced') &&
          event.value === condition.value
        )
      case 'stale-write':
        return event.type === 'write-taken' && event.stale
      case 'partition':
        return event.type === 'partitioned' || event.type === 'cut-one-way'
      case 'heal':
        return event.type === 'healed'
      case 'fault':
        return event.level === 'fault'
      case 'checkpoint':
        return event.type === 'leases-checkpointed'
      case 'snapshot':
        return event.type === 'snapshot-restored'
      case 'console-exit':
        return event.type === 'console-exit'
      case 'member':
        return event.type === 'cluster-changed' && event.change === CHANGES[condition.change]
      case 'counted':
        return false
      case 'pass':
        return event.type === 'expiry-pass' && event.member === this.#heaps.counting?.member
      case 'prints':
        return event.type === 'console-output' && event.text.includes(condition.words)
      case 'happens':
        return this.lineOf(event).includes(condition.words)
    }
  }

  /** The event as its line in the trace says it, without the time. */
  lineOf(event: TraceEvent): string {
    return `${actor(event)} ${sentence(event, this.#names)}`
  }

  /** The name of a lease by its latest grant: L2. */
  nameOf(lease: LeaseId): string {
    return this.#names.nameOf(lease, Number.MAX_SAFE_INTEGER)
  }

  /**
   * Virtual ms when the n-th lease is due; Infinity for an unknown lease, and while no member
   * counts.
   */
  dueAt(lease: number): number {
    const id = this.#granted[lease - 1]
    return id === undefined ? Number.POSITIVE_INFINITY : this.#deadlines.dueAt(id)
  }

  /** Milliseconds left of the n-th lease at a time, 0 for an unknown lease. */
  left(lease: number, at: number): number {
    const id = this.#granted[lease - 1]
    return id === undefined ? 0 : this.#deadlines.left(id, at)
  }

  /**
   * The name of the lease, key, member or client that did this with the last event: L2, m3, /svc/a,
   * b. Null for none.
   */
  doer(doing: Doing, event: TraceEvent): string | null {
    switch (doing.of) {
      case 'lease':
        if (doing.does === 'root') return null
        return 'lease' in event && isOfLease(doing.does, event)
          ? this.#names.nameOf(event.lease, event.id)
          : null
      case 'key': {
        const key =
          event.type === 'key-put' ? event.kv.key : event.type === 'key-deleted' ? event.key : null
        return key !== null && this.matches({ type: 'key', key, does: doing.does }, event)
          ? key
          : null
      }
      case 'member':
        if (!('member' in event)) return null
        if (doing.does === 'leads') return event.type === 'promoted' ? event.member : null
        return OF_A_MEMBER[event.type] === doing.does ? event.member : null
      case 'client': {
        if (!('client' in event)) return null
        const { client } = event
        if ('section' in doing)
          return this.matches({ type: doing.does, client, section: doing.section }, event)
            ? client
            : null
        return OF_A_CLIENT[event.type] === doing.does ? client : null
      }
    }
  }

  /** A number of the run at a virtual time. A lease that is not there has -1 s left and no keys. */
  measured(measure: MeasuredAtOnce, at: number): number {
    if (measure.type === 'revision') return this.#revision
    const id = this.#granted[measure.lease - 1]
    if (measure.type === 'keys')
      return [...this.#keys.values()].filter((lease) => lease === id).length
    return id !== undefined && this.#deadlines.has(id)
      ? Math.floor(this.#deadlines.left(id, at) / 1000)
      : -1
  }

  /**
   * The name of the lease at the root of the expiry heap; null while no member counts, and for an
   * empty heap.
   */
  get root(): string | null {
    const root = this.#heaps.counting?.heap.entries[0]
    return root === undefined ? null : this.nameOf(root.lease)
  }

  /**
   * The swaps of the last operation on the expiry heap, or the entries that the last pass looked
   * at.
   */
  counted({ type }: Measure): number {
    const heap = this.#heaps.counting?.heap
    return (type === 'swaps' ? heap?.last?.swaps.length : heap?.pass?.looked) ?? 0
  }

  /** The names that a question of kind `which` may be answered with now. */
  names(of: Doing['of']): string[] {
    switch (of) {
      case 'lease':
        return this.#granted.flatMap((id, at) =>
          this.#deadlines.has(id) && this.#granted.lastIndexOf(id) === at ? [`L${at + 1}`] : [],
        )
      case 'key':
        return [...this.#keys.keys()]
      case 'client':
        return [...this.#clients]
      case 'member':
        return [...this.#members].sort()
    }
  }

  #noteNames(event: TraceEvent): void {
    if ('member' in event) {
      if (event.type === 'member-left') this.#members.delete(event.member)
      else this.#members.add(event.member)
    }
    if ('client' in event) this.#clients.add(event.client)
    if (event.type === 'key-put') {
      this.#keys.set(event.kv.key, event.kv.lease)
      this.#revision = Math.max(this.#revision, event.kv.mod_revision)
    } else if (event.type === 'key-deleted') {
      this.#keys.delete(event.key)
      this.#revision = Math.max(this.#revision, event.revision)
    }
  }

  /** Whether an event is about the n-th lease. */
  #isNamed(lease: number, event: TraceEvent): boolean {
    return 'lease' in event && this.#names.nameOf(event.lease, event.id) === `L${lease}`
  }

  #leads(): MemberName | null {
    let leader: MemberName | null = null
    for (const [member, term] of this.#leaders)
      if (leader === null || term > this.#leaders.get(leader)!) leader = member
    return leader
  }
}

function isEndOfLeading(event: TraceEvent): event is Extract<TraceEvent, { member: MemberName }> {
  return (
    (event.type === 'role-changed' && event.role !== 'leader') ||
    event.type === 'member-crashed' ||
    event.type === 'member-left' ||
    event.type === 'member-stopped'
  )
}

function isOfLease(does: LeaseVerb, event: TraceEvent): boolean {
  switch (does) {
    case 'granted':
      return event.type === 'lease-granted'
    case 'renewed':
      return event.type === 'lease-renewed'
    case 'due':
      return false
    case 'expired':
      return event.type === 'lease-expired'
    case 'revoked':
      return event.type === 'lease-revoked' && event.end === 'revoked'
    case 'ends':
      return event.type === 'lease-revoked'
  }
}
