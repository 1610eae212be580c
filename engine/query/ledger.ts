// Indexes for the views, kept in step with the trace. They hold the lines of the log, the ends of
// leases and keys, and the events of terminals. Each is a list of event ids, ascending, so that "as
// of the cursor" is a binary search. Nothing is recomputed from the start.

import type { Bytes, LeaseId } from '../base/rpc'
import type { ClientId, EventId, TraceEvent } from '../base/trace'
import { LeaseNames } from '../text/names'
import { BeliefSpans } from './belief-spans'
import { Hearing } from './hearing'
import { KeepAlives } from './keep-alives'
import { Sections } from './sections'
import { append, countUntil, lastUntil } from './until'

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

export type LeaseEndEvent = Of<'lease-revoked'>
export type KeyEndEvent = Of<'key-deleted'>
export type ConsoleEvent = Of<'console-line' | 'console-output' | 'console-exit'>
export type TrafficEvent = Of<
  | 'request-sent'
  | 'request-received'
  | 'reply-sent'
  | 'reply-received'
  | 'message-lost'
  | 'message-held'
  | 'peer-sent'
  | 'peer-received'
  | 'write-sent'
  | 'write-taken'
  | 'write-bounced'
  | 'write-answered'
>
/** The events that stop a member or client for a while, and those that bring it back. */
export type TurnEvent = Of<
  | 'member-crashed'
  | 'member-left'
  | 'member-stopped'
  | 'member-restarted'
  | 'member-paused'
  | 'member-resumed'
  | 'client-paused'
  | 'client-resumed'
  | 'client-crashed'
  | 'client-restarted'
  | 'section-entered'
  | 'section-left'
>
/** The events that change which member counts the leases down. */
export type CountEvent = Of<
  'promoted' | 'demoted' | 'member-crashed' | 'member-stopped' | 'member-left'
>
export type WriteEvent = Of<'write-taken' | 'write-bounced'>
export type MarkEvent = Of<'lease-granted' | 'lease-renewed' | 'lease-expired' | 'lease-revoked'>

export class Ledger {
  /** The names of the run's leases. */
  readonly names = new LeaseNames()
  readonly log: TraceEvent[] = []
  readonly leaseLog: TraceEvent[] = []
  readonly leaseEnds: LeaseEndEvent[] = []
  readonly keyEnds: KeyEndEvent[] = []
  readonly console: ConsoleEvent[] = []
  readonly marks: MarkEvent[] = []
  readonly grants: Of<'lease-granted'>[] = []
  /** Messages, heartbeats between members excepted. */
  readonly traffic: TrafficEvent[] = []
  /** The primaries, and when each was promoted. */
  readonly promotions: Of<'promoted' | 'demoted'>[] = []
  readonly turns: TurnEvent[] = []
  readonly counts: CountEvent[] = []
  readonly partitions: Of<'partitioned' | 'healed'>[] = []
  readonly writes: WriteEvent[] = []
  /** The writes that were stale and taken, and those that were refused. */
  readonly staleWrites: WriteEvent[] = []
  readonly bouncedWrites: WriteEvent[] = []
  readonly clashes: Of<'exclusion-broken'>[] = []
  beliefs = new BeliefSpans()
  hearing = new Hearing()
  sections = new Sections()
  keepAlives = new KeepAlives()
  #grantees = new Map<LeaseId, ClientId>()
  #ends = new Map<LeaseId, LeaseEndEvent[]>()
  #grants = new Map<LeaseId, Of<'lease-granted'>[]>()
  #renewals = new Map<LeaseId, Of<'lease-renewed'>[]>()
  #expiries = new Map<LeaseId, Of<'lease-expired'>[]>()
  #puts = new Map<Bytes, Of<'key-put'>[]>()
  #noted = 0
  #latest: TraceEvent | undefined

  /**
   * Takes in the new events of the trace. A trace of another branch has other event objects; it is
   * read again from its start.
   */
  follow(trace: readonly TraceEvent[]): void {
    if (trace.length < this.#noted || trace[this.#noted - 1] !== this.#latest) this.#clear()
    for (; this.#noted < trace.length; this.#noted++) this.#note(trace[this.#noted]!)
    this.#latest = trace[this.#noted - 1]
  }

  /** Forgets the trace that it followed. */
  #clear(): void {
    this.#noted = 0
    this.names.truncate(0)
    this.beliefs = new BeliefSpans()
    this.hearing = new Hearing()
    this.sections = new Sections()
    this.keepAlives = new KeepAlives()
    for (const list of [
      this.log,
      this.leaseLog,
      this.leaseEnds,
      this.keyEnds,
      this.console,
      this.marks,
      this.grants,
      this.traffic,
      this.promotions,
      this.turns,
      this.counts,
      this.partitions,
      this.writes,
      this.staleWrites,
      this.bouncedWrites,
      this.clashes,
    ])
      list.length = 0
    for (const map of [this.#grants, this.#renewals, this.#expiries, this.#puts, this.#ends])
      map.clear()
  }

  grantOf(lease: LeaseId, last: EventId): Of<'lease-granted'> | undefined {
    return lastUntil(this.#grants.get(lease), last)
  }

  renewalOf(lease: LeaseId, last: EventId): Of<'lease-renewed'> | undefined {
    return lastUntil(this.#renewals.get(lease), last)
  }

  /**
   * When a lease was granted and last renewed (virtual ms), by any member: a new leader does not
   * know earlier renewals. Null for never. For an ID that was granted again only the latest grant
   * counts.
   */
  datesOf(lease: LeaseId, last: EventId): { grantedAt: number | null; renewedAt: number | null } {
    const grant = this.grantOf(lease, last)
    const renewal = this.renewalOf(lease, last)
    const isOfThisGrant = renewal !== undefined && renewal.id > (grant?.id ?? 0)
    return { grantedAt: grant?.at ?? null, renewedAt: isOfThisGrant ? renewal.at : null }
  }

  /** All of them until an event, the first one first. */
  renewalsOf(lease: LeaseId, last: EventId): readonly Of<'lease-renewed'>[] {
    const list = this.#renewals.get(lease) ?? []
    return list.slice(0, countUntil(list, last))
  }

  /**
   * The client that learned of a lease's grant; undefined if no client did. A future that was cut
   * off counts too: IDs are given once.
   */
  granteeOf(lease: LeaseId): ClientId | undefined {
    return this.#grantees.get(lease)
  }

  endOf(lease: LeaseId, last: EventId): LeaseEndEvent | undefined {
    return lastUntil(this.#ends.get(lease), last)
  }

  expiryOf(lease: LeaseId, last: EventId): Of<'lease-expired'> | undefined {
    return lastUntil(this.#expiries.get(lease), last)
  }

  putOf(key: Bytes, last: EventId): Of<'key-put'> | undefined {
    return lastUntil(this.#puts.get(key), last)
  }

  /** All of them until an event, the first one first. */
  putsOf(key: Bytes, last: EventId): readonly Of<'key-put'>[] {
    const list = this.#puts.get(key) ?? []
    return list.slice(0, countUntil(list, last))
  }

  /** The client whose request made the last put of a key, or undefined. */
  putterOf(key: Bytes, last: EventId): ClientId | undefined {
    for (const id of this.putOf(key, last)?.causes ?? []) {
      const cause = this.traffic[countUntil(this.traffic, id) - 1]
      if (cause?.id === id && cause.type === 'request-received') return cause.client
    }
    return undefined
  }

  #note(event: TraceEvent): void {
    this.names.note(event)
    this.beliefs.note(event)
    this.hearing.note(event)
    this.sections.note(event)
    this.keepAlives.note(event)
    if (isLogged(event)) this.log.push(event)
    if (event.level === 'lease' || event.level === 'fault') this.leaseLog.push(event)
    switch (event.type) {
      case 'lease-granted':
        this.marks.push(event)
        this.grants.push(event)
        return append(this.#grants, event.lease, event)
      case 'lease-renewed':
        this.marks.push(event)
        return append(this.#renewals, event.lease, event)
      case 'lease-expired':
        this.marks.push(event)
        return append(this.#expiries, event.lease, event)
      case 'lease-revoked':
        this.marks.push(event)
        this.leaseEnds.push(event)
        return append(this.#ends, event.lease, event)
      case 'request-sent':
      case 'request-received':
      case 'reply-sent':
      case 'message-lost':
      case 'message-held':
        this.traffic.push(event)
        return
      case 'reply-received':
        this.traffic.push(event)
        if (event.reply.type === 'LeaseGrant') this.#grantees.set(event.reply.ID, event.client)
        return
      case 'peer-sent':
      case 'peer-received':
        if (!/^MsgHeartbeat/.test(event.what)) this.traffic.push(event)
        return
      case 'write-sent':
      case 'write-answered':
        this.traffic.push(event)
        return
      case 'write-taken':
      case 'write-bounced':
        this.traffic.push(event)
        this.writes.push(event)
        if (event.type === 'write-bounced') this.bouncedWrites.push(event)
        else if (event.stale) this.staleWrites.push(event)
        return
      case 'promoted':
      case 'demoted':
        this.promotions.push(event)
        this.counts.push(event)
        return
      case 'exclusion-broken':
        this.clashes.push(event)
        return
      case 'section-entered':
      case 'section-left':
      case 'client-paused':
      case 'client-resumed':
      case 'client-crashed':
      case 'client-restarted':
      case 'member-restarted':
      case 'member-paused':
      case 'member-resumed':
        this.turns.push(event)
        return
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
        this.turns.push(event)
        this.counts.push(event)
        return
      case 'partitioned':
      case 'healed':
        this.partitions.push(event)
        return
      case 'key-put':
        return append(this.#puts, event.kv.key, event)
      case 'key-deleted':
        this.keyEnds.push(event)
        return
      case 'console-line':
      case 'console-output':
      case 'console-exit':
        this.console.push(event)
        return
    }
  }
}

/**
 * Internal events are left out. The terminal shows its own output. A pasted text appears line by
 * line as its lines begin.
 */
function isLogged(event: TraceEvent): boolean {
  if (event.level === 'machinery' || event.type === 'console-output') return false
  return event.type !== 'command' || event.kind !== 'console'
}
