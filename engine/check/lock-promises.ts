// The promises of locks, checked during a run: which clients are in the critical section, which may
// be, and which writes the guarded resource accepted.

import type { Room } from '../base/room'
import { isCrowded } from '../base/room'
import type { LeaseId } from '../base/rpc'
import type { ClientId, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'

export type LockPromise =
  /**
   * Too many clients are in the critical section, and their leases exist in the store: the lock
   * itself let them in.
   */
  | 'two hold'
  /** Too many clients are in the critical section, and no fault ever touched one of them. */
  | 'two healthy'
  /**
   * A client enters the critical section although it has known for a while that its lease is lost.
   */
  | 'enters though lost'
  /** A dead client holds the lock long after its death. */
  | 'held by the dead'
  /** The guarded resource accepted a write of a client whose lease was gone. */
  | 'stale write'
  /** The guarded resource accepted a lower token after a higher one. */
  | 'token goes back'

/** The first breach of a promise: the time in virtual ms, and a sentence. */
export interface Broken {
  at: number
  text: string
}

/** Virtual milliseconds without a command after which no dead client should hold a lock. */
export const PEACE_MS = 40_000

/**
 * Virtual milliseconds in which a client may finish its current step after it learned that its
 * lease is lost.
 */
const UNDER_WAY_MS = 100

export class LockPromises {
  /** The first breach of each promise. */
  readonly broken = new Map<LockPromise, Broken>()
  /** The number of entries into a section, and of entries while another client was inside. */
  entered = 0
  clashes = 0
  readonly #disturbed = new Set<ClientId>()
  /** A failing member may cost every client its lease. */
  #membersFail = false
  readonly #gone = new Set<LeaseId>()
  readonly #owners = new Map<LeaseId, ClientId>()
  #open: Extract<TraceEvent, { type: 'exclusion-broken' }>[] = []
  /** The number of clients with which each client shares its section. */
  readonly #rooms = new Map<ClientId, Room | undefined>()
  /** The time when each client learned that its last lease is lost. */
  readonly #lostAt = new Map<ClientId, number>()
  #highest = 0

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    switch (event.type) {
      case 'section-entered':
        this.entered++
        this.#rooms.set(event.client, event.room)
        return this.#seeEntry(event)
      case 'lease-believed-lost':
        this.#lostAt.set(event.client, event.at)
        return
      case 'exclusion-broken':
        this.#open.push(event)
        this.clashes++
        return
      case 'lease-revoked':
        this.#gone.add(event.lease)
        return
      case 'reply-received':
        if (event.reply.type === 'LeaseGrant') this.#owners.set(event.reply.ID, event.client)
        // A late answer may say that a lease which the client gave up still exists.
        if (
          event.reply.type === 'LeaseGrant' ||
          (event.reply.type === 'LeaseKeepAlive' && event.reply.TTL > 0)
        )
          this.#lostAt.delete(event.client)
        return
      case 'write-taken':
        return this.#written(event)
      case 'client-paused':
      case 'client-crashed':
      case 'client-restarted':
      case 'clock-changed':
      case 'clock-set':
        this.#disturbed.add(event.client)
        return
      case 'partitioned':
        for (const name of event.groups.flat()) this.#disturbed.add(name)
        return
      case 'member-crashed':
      case 'member-paused':
      case 'member-stopping':
      case 'member-clock-changed':
      case 'wall-clock-stepped':
      case 'disk-changed':
      case 'link-changed':
      case 'cut-one-way':
      case 'message-handled':
        this.#membersFail = true
        return
      default:
    }
  }

  /** Whether no fault ever touched the client or any member. */
  isHealthy(client: ClientId): boolean {
    return !this.#membersFail && !this.#disturbed.has(client)
  }

  /** Must be called after each step. */
  check(sim: Simulation): void {
    for (const { client, others, section, at } of this.#open) {
      // The last client to enter, and the others that the lock admitted correctly: are they too
      // many?
      const crowdOf = (isMeant: (who: ClientId) => boolean): ClientId[] => {
        const those = [...others, client].filter(isMeant)
        return isMeant(client) && isCrowded(those.map((who) => this.#rooms.get(who))) ? those : []
      }
      const note = (promise: LockPromise, crowd: ClientId[]): void => {
        if (crowd.length > 0)
          this.#note(promise, at, `${crowd.join(' and ')} are in ${section} at once`)
      }
      note(
        'two hold',
        crowdOf((who) => this.#lives(sim, who)),
      )
      note(
        'two healthy',
        crowdOf((who) => this.isHealthy(who)),
      )
    }
    this.#open = []
  }

  /**
   * Must be called after `PEACE_MS` without a command: every lease of a dead client has ended by
   * then.
   */
  checkTheDead(sim: Simulation): void {
    const member = sim.members.find(({ consensus }) => consensus.isLeader)
    if (member === undefined) return
    const all = member.store.range('\0', '\0')
    for (const { key, value, lease } of 'kvs' in all ? all.kvs : []) {
      const owner = this.#owners.get(lease) ?? value
      if (sim.stateOf(owner) === 'down')
        this.#note('held by the dead', sim.now, `${key} still belongs to ${owner}`)
    }
  }

  #seeEntry({ client, section, at }: Extract<TraceEvent, { type: 'section-entered' }>): void {
    const since = this.#lostAt.get(client)
    if (since !== undefined && at - since > UNDER_WAY_MS)
      this.#note(
        'enters though lost',
        at,
        `${client} enters ${section}, although it has known since ${since} that its lease is lost`,
      )
  }

  /** Whether the lease exists in the store. A client without a lease cannot lose it. */
  #lives(sim: Simulation, client: ClientId): boolean {
    const runner = sim.clients.find(({ id }) => id === client)?.program?.runner
    // The lock of another library has its own lease: `mine.lease`.
    const lease = runner?.vars.find(([name]) => name === 'lease' || name.endsWith('.lease'))?.[1]
    return lease === undefined || !this.#gone.has(lease as LeaseId)
  }

  #written({
    at,
    client,
    value,
    token,
    stale,
  }: Extract<TraceEvent, { type: 'write-taken' }>): void {
    if (stale)
      this.#note(
        'stale write',
        at,
        `the resource accepts ${value}, and the lease of ${client} is gone`,
      )
    if ((token ?? 0) < this.#highest)
      this.#note('token goes back', at, `${token} after ${this.#highest}`)
    this.#highest = Math.max(this.#highest, token ?? 0)
  }

  #note(promise: LockPromise, at: number, text: string): void {
    if (!this.broken.has(promise)) this.broken.set(promise, { at, text })
  }
}
