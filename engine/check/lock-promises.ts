// The promises of locks, watched while a run goes on: who is in the critical section, who may be,
// and which writes the guarded resource took.

import type { Room } from '../base/room'
import { isCrowded } from '../base/room'
import type { LeaseId } from '../base/rpc'
import type { ClientId, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'

export type LockPromise =
  /**
   * Too many clients are in the critical section, and by the store their leases live: the lock
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
  /** The guarded resource took the write of a client whose lease was gone. */
  | 'stale write'
  /** The guarded resource took a lower token after a higher one. */
  | 'token goes back'

/** The first breach of a promise: virtual ms, and who did what. */
export interface Broken {
  at: number
  text: string
}

/** Virtual milliseconds without a command after which no dead client should hold anything. */
export const PEACE_MS = 40_000

/**
 * Virtual milliseconds in which a client may still do what it was about to do when it learned that
 * its lease is lost.
 */
const UNDER_WAY_MS = 100

export class LockPromises {
  /** The first breach of each promise. */
  readonly broken = new Map<LockPromise, Broken>()
  /** Entries into a section, and those of them while another client was inside. */
  entered = 0
  clashes = 0
  readonly #disturbed = new Set<ClientId>()
  /** A member that fails may cost every client its lease. */
  #membersFail = false
  readonly #gone = new Set<LeaseId>()
  readonly #owners = new Map<LeaseId, ClientId>()
  #open: Extract<TraceEvent, { type: 'exclusion-broken' }>[] = []
  /** With how many each shares its section. */
  readonly #rooms = new Map<ClientId, Room | undefined>()
  /** When each client learned that its last lease is lost. */
  readonly #lostAt = new Map<ClientId, number>()
  #highest = 0

  /** Takes every event, from the first on. */
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
        // A late answer may say that a lease which was given up is there after all.
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

  /** Whether no fault ever touched the client, nor any member. */
  isHealthy(client: ClientId): boolean {
    return !this.#membersFail && !this.#disturbed.has(client)
  }

  /** Call it after each step. */
  look(sim: Simulation): void {
    for (const { client, others, section, at } of this.#open) {
      // The last to enter, and those of the others who were let in rightly: are they too many?
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

  /** Call it after `PEACE_MS` without a command: every lease of a dead client has ended by then. */
  lookAtTheDead(sim: Simulation): void {
    const member = sim.members.find(({ consensus }) => consensus.isLeader)
    if (member === undefined) return
    const all = member.store.range('\0', '\0')
    for (const { key, value, lease } of 'kvs' in all ? all.kvs : []) {
      const owner = this.#owners.get(lease) ?? value
      if (sim.stateOf(owner) === 'down')
        this.#note('held by the dead', sim.now, `${key} is still that of ${owner}`)
    }
  }

  #seeEntry({ client, section, at }: Extract<TraceEvent, { type: 'section-entered' }>): void {
    const since = this.#lostAt.get(client)
    if (since !== undefined && at - since > UNDER_WAY_MS)
      this.#note(
        'enters though lost',
        at,
        `${client} enters ${section}, and has known since ${since} that its lease is lost`,
      )
  }

  /** By the store; a client without a lease cannot lose it. */
  #lives(sim: Simulation, client: ClientId): boolean {
    const runner = sim.clients.find(({ id }) => id === client)?.script?.runner
    const lease = runner?.vars.find(([name]) => name === 'lease')?.[1]
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
      this.#note('stale write', at, `${value} is taken, and the lease of ${client} is gone`)
    if ((token ?? 0) < this.#highest)
      this.#note('token goes back', at, `${token} after ${this.#highest}`)
    this.#highest = Math.max(this.#highest, token ?? 0)
  }

  #note(promise: LockPromise, at: number, text: string): void {
    if (!this.broken.has(promise)) this.broken.set(promise, { at, text })
  }
}
