// The connections of clients. Each process of a client has one to each member that its endpoints
// name, and sends its calls on those that are established. A call without a connection waits
// (clientv3 options.go: WaitForReady). A connection between two running processes that reach each
// other takes no time to establish.

import type { Request, StreamCall } from '../base/rpc'
import type { ClientId, EventBody, EventId, MemberName } from '../base/trace'
import type { Connection, Pings } from '../network/connection'
import { attemptMs, newConnection, nextWaitMs, pingsFailAt } from '../network/connection'
import type { RunContext } from './context'
import type { Servers } from './servers'

/** A call, or a stream without a message yet, that waits for a connection. */
export type WaitingCall = Waiting & ({ request: Request } | { call: StreamCall })

interface Waiting {
  client: ClientId
  rpc: number
  /** The client URL of the member that it must go to; null for any of the client's. */
  endpoint: string | null
  /** Failures before it. */
  attempt: number
  requiresLeader: boolean
  /** The event that reported its wait. */
  cause: EventId
}

/**
 * Why a client takes a connection for broken. Its member's process ended, its pings had no answer,
 * or a lossy link lost a message six times.
 */
type BrokenWhy = Extract<EventBody, { type: 'connection-broken' }>['why']

export interface SavedChannels {
  /** By client and member. */
  connections: Connection[]
  /** In the order in which they were made. */
  waiting: WaitingCall[]
}

/** The part of a run's clients that handles their connections. */
interface Owner {
  /** The name by which links know a client. */
  nameOf(client: ClientId): string
  /**
   * The time (virtual ms) when so many milliseconds from now have passed on a client's own clock.
   */
  after(client: ClientId, ms: number): number
  /** Neither paused nor down. */
  isRunning(client: ClientId): boolean
  /** Null for a client that sends no pings. */
  pingsOf(client: ClientId): Pings | null
  /** A connection is established: waiting calls may go. */
  established(client: ClientId, member: MemberName, cause: EventId): void
  /** The calls under way on a connection fail. `isGone`: the member's end of it is closed. */
  failed(client: ClientId, member: MemberName, isGone: boolean, cause: EventId): void
  /** An attempt to connect has failed: the next one is made after a back-off. */
  refused(client: ClientId, member: MemberName, cause: EventId): void
}

export class Channels {
  readonly #context: RunContext
  readonly #servers: Servers
  readonly #owner: Owner
  /** By client, then by member. */
  #connections = new Map<ClientId, Map<MemberName, Connection>>()
  #waiting: WaitingCall[] = []
  /** Connections that send pings. */
  #pinging = new Set<Connection>()
  /**
   * No connection has ended or broken yet, so no message needs a check. Every message reads this.
   */
  #isCalm = true

  constructor(context: RunContext, servers: Servers, owner: Owner, saved?: SavedChannels) {
    this.#context = context
    this.#servers = servers
    this.#owner = owner
    for (const each of saved?.connections ?? []) {
      const connection = { ...each }
      this.#keep(connection)
      if (connection.heardAt !== undefined) this.#pinging.add(connection)
      const { epoch, servedFrom, state } = connection
      if (epoch > 1 || servedFrom > 1 || (epoch === 1 && state !== 'established'))
        this.#isCalm = false
    }
    this.#waiting = (saved?.waiting ?? []).map((call) => ({ ...call }))
  }

  /** Undefined where a client has never tried to connect to a member. */
  find(client: ClientId, member: MemberName): Connection | undefined {
    return this.#connections.get(client)?.get(member)
  }

  /** A client connects to members as soon as it knows them (grpc-go: balancer/roundrobin). */
  open(client: ClientId, members: readonly MemberName[], cause: EventId): void {
    for (const member of members) {
      let connection = this.find(client, member)
      if (connection === undefined) {
        connection = newConnection(client, member, this.#context.seed)
        this.#keep(connection)
      }
      if (connection.state === 'idle') this.#attempt(connection, cause)
    }
  }

  /**
   * The member that a call goes to, out of those with an established connection; each failed
   * attempt takes the next one. Undefined without a candidate.
   */
  pick(
    client: ClientId,
    members: readonly MemberName[],
    attempt: number,
    cause: EventId,
  ): MemberName | undefined {
    this.open(client, members, cause)
    const ready = members.filter((member) => this.find(client, member)?.state === 'established')
    return ready[attempt % Math.max(1, ready.length)]
  }

  /** Whether the last attempt to connect to each of these members failed (TRANSIENT_FAILURE). */
  areRefused(client: ClientId, members: readonly MemberName[]): boolean {
    return members.every((member) => this.find(client, member)?.state === 'broken')
  }

  /** A call waits for a connection to one of these members. */
  wait(call: WaitingCall, members: readonly MemberName[]): void {
    this.#waiting.push(call)
    this.await(call.client, members, call.cause)
  }

  /** A client waits for a connection to one of these members, so its establishment is an event. */
  await(client: ClientId, members: readonly MemberName[], cause: EventId): void {
    for (const member of members) {
      const connection = this.find(client, member)
      if (connection?.cause === 0) connection.cause = cause
    }
  }

  /** Removes the waiting calls of a client that may go to a member. */
  takeWaiting(client: ClientId, mayGo: (call: WaitingCall) => boolean): WaitingCall[] {
    if (this.#waiting.length === 0) return []
    const taken = this.#waiting.filter((call) => call.client === client && mayGo(call))
    if (taken.length > 0) this.#waiting = this.#waiting.filter((call) => !taken.includes(call))
    return taken
  }

  /** The current epoch of a connection; 0 without a connection. */
  epochOf(client: ClientId, member: MemberName): number {
    return this.find(client, member)?.epoch ?? 0
  }

  /** Whether the process at a member still serves the connection on which a message was sent. */
  isServed(client: ClientId, member: MemberName, epoch: number): boolean {
    return this.#isCalm || epoch >= (this.find(client, member)?.servedFrom ?? 0)
  }

  /** Whether a client still reads the connection on which a message was sent. */
  isRead(client: ClientId, member: MemberName, epoch: number): boolean {
    if (this.#isCalm) return true
    const connection = this.find(client, member)
    return (
      connection === undefined || (connection.state === 'established' && connection.epoch === epoch)
    )
  }

  /** A call is sent on a connection. If its member is silent, a ping follows. */
  used(client: ClientId, member: MemberName, cause: EventId): void {
    if (this.#pinging.size === 0) return
    const connection = this.find(client, member)
    if (connection?.heardAt !== undefined && connection.at === null && this.#isSilent(connection))
      this.#watchPings(connection, false, cause)
  }

  /** From now on a client sends pings, or none. */
  pinged(client: ClientId): void {
    for (const connection of this.#of(client)) {
      if (connection.state !== 'established') continue
      this.#timer(connection, null)
      this.#ping(connection)
    }
  }

  /** A client hears a member, which restarts the time of its pings. */
  heard(client: ClientId, member: MemberName): void {
    if (this.#pinging.size === 0) return
    const connection = this.find(client, member)
    if (connection?.heardAt === undefined) return
    connection.heardAt = this.#context.now
    if (connection.at !== null) this.#watchPings(connection, true, connection.cause)
  }

  /** A client's process has ended. `forGood`: it will not start again. */
  close(client: ClientId, forGood: boolean): void {
    this.#waiting = this.#waiting.filter((call) => call.client !== client)
    if (!forGood) this.#isCalm = false
    for (const connection of this.#of(client)) {
      this.#pinging.delete(connection)
      connection.state = 'idle'
      connection.failures = 0
      connection.cause = 0
      this.#timer(connection, null)
    }
    if (forGood) this.#connections.delete(client)
  }

  /**
   * The process of a member ends, and so do its ends of all connections. Answers with those that
   * their clients have not closed; a message reports the end to them.
   */
  memberEnded(member: MemberName): { client: ClientId; owner: string; epoch: number }[] {
    this.#isCalm = false
    return this.#all().flatMap((connection) => {
      if (connection.member !== member) return []
      const { client, state, epoch, servedFrom } = connection
      connection.servedFrom = epoch + 1
      return state === 'established' && servedFrom <= epoch
        ? [{ client, owner: this.#owner.nameOf(client), epoch }]
        : []
    })
  }

  /** The end of a connection has reached its client. */
  ended(client: ClientId, member: MemberName, epoch: number, cause: EventId): void {
    const connection = this.find(client, member)
    if (connection?.state === 'established' && connection.epoch === epoch)
      this.#break(connection, 'closed', cause)
  }

  /** A lossy link has lost a message too often: both ends close the connection. */
  gaveUp(client: ClientId, member: MemberName, epoch: number, cause: EventId): void {
    const connection = this.find(client, member)
    if (connection?.state === 'established' && connection.epoch === epoch)
      this.#break(connection, 'resent too often', cause)
  }

  /** The connections of a client break: messages that have not arrived are refused. */
  reset(client: ClientId, cause: EventId): void {
    for (const connection of this.#of(client)) {
      if (connection.state !== 'established') continue
      connection.servedFrom = connection.epoch + 1
      this.#break(connection, 'reset', cause)
    }
  }

  /**
   * Cuts have come or gone, or a member was frozen, continued, or started. Attempts may succeed
   * now, and silence begins or ends.
   */
  changed(cause: EventId): void {
    for (const connection of this.#all()) {
      if (connection.state === 'connecting') this.#settle(connection, cause)
      else if (connection.state === 'established' && connection.heardAt !== undefined) {
        if (!this.#isSilent(connection)) {
          if (connection.at !== null) connection.heardAt = this.#context.now
          this.#timer(connection, null)
        } else if (connection.at === null && this.#isUsed(connection))
          this.#watchPings(connection, true, cause)
      }
    }
  }

  /** The time of an attempt, of its end, or of a ping without an answer has come. */
  timer(client: ClientId, member: MemberName, cause: EventId): void {
    const connection = this.find(client, member)
    if (connection === undefined || !this.#owner.isRunning(client)) return
    switch (connection.state) {
      case 'broken':
        return this.#attempt(connection, cause)
      case 'connecting':
        return this.#fail(connection, 'no answer', cause)
      case 'established':
        return this.#break(connection, 'no answer to a ping', cause)
      case 'idle':
    }
  }

  save(): SavedChannels {
    return {
      connections: this.#all().map((connection) => ({ ...connection })),
      waiting: this.#waiting.map((call) => ({ ...call })),
    }
  }

  #attempt(connection: Connection, cause: EventId): void {
    connection.state = 'connecting'
    this.#settle(connection, cause)
    if (connection.state === 'connecting')
      this.#timer(connection, this.#owner.after(connection.client, attemptMs(connection)))
  }

  /**
   * An attempt succeeds where the member serves, fails where nothing listens, and waits where no
   * answer comes back.
   */
  #settle(connection: Connection, cause: EventId): void {
    const { client, member } = connection
    if (this.#isSilent(connection) || !this.#owner.isRunning(client)) return
    const { state, unready, member: process } = this.#servers.server(member)
    if (state === 'down') return this.#fail(connection, 'refused', cause)
    // A member listens as soon as it starts, and answers once it knows a leader (embed/etcd.go:
    // configureClientListeners; serve.go: ReadyNotify).
    if (unready || process.isJoining) return
    connection.state = 'established'
    connection.epoch++
    connection.failures = 0
    this.#timer(connection, null)
    this.#ping(connection)
    // A connection that is established at once is no event.
    if (connection.cause === 0) return
    connection.cause = this.#context.emit(
      { type: 'connection-established', client, member },
      cause,
      connection.cause,
    )
    this.#owner.established(client, member, connection.cause)
  }

  #fail(connection: Connection, why: 'refused' | 'no answer', cause: EventId): void {
    const { client, member } = connection
    const retryAt = this.#owner.after(client, nextWaitMs(connection))
    connection.state = 'broken'
    connection.cause = this.#context.emit(
      { type: 'connection-failed', client, member, why, retryAt },
      cause,
    )
    this.#timer(connection, retryAt)
    this.#owner.refused(client, member, connection.cause)
  }

  /** A client takes its connection for broken: its calls fail, and gRPC connects again at once. */
  #break(connection: Connection, why: BrokenWhy, cause: EventId): void {
    const { client, member } = connection
    this.#isCalm = false
    connection.state = 'idle'
    this.#timer(connection, null)
    connection.cause = this.#context.emit({ type: 'connection-broken', client, member, why }, cause)
    this.#owner.failed(client, member, why === 'closed', connection.cause)
    // A client that has ended meanwhile has none.
    if (this.find(client, member) === connection && connection.state === 'idle')
      this.#attempt(connection, connection.cause)
  }

  /** Whether no message comes back from a member: its process is frozen, or a cut lies between. */
  #isSilent({ client, member }: Connection): boolean {
    const { links } = this.#context.post
    const name = this.#owner.nameOf(client)
    return (
      this.#servers.server(member).state === 'paused' ||
      !links.reaches(name, member) ||
      !links.reaches(member, name)
    )
  }

  /** A connection is established, or its client's pings have changed. */
  #ping(connection: Connection): void {
    if (this.#owner.pingsOf(connection.client) === null) {
      delete connection.heardAt
      this.#pinging.delete(connection)
      return
    }
    connection.heardAt = this.#context.now
    this.#pinging.add(connection)
  }

  /** A member is silent: the next ping has no answer. `isUsed`: calls were under way before. */
  #watchPings(connection: Connection, isUsed: boolean, cause: EventId): void {
    const { client, heardAt } = connection
    const pings = this.#owner.pingsOf(client)
    if (pings === null || heardAt === undefined) return
    const { now } = this.#context
    connection.cause = cause
    this.#timer(connection, Math.max(now, pingsFailAt(heardAt, now, isUsed, pings)))
  }

  #isUsed({ client, member }: Connection): boolean {
    return this.#context.routes.between(client, member).length > 0
  }

  /** Sets the timer of a connection, or cancels it. */
  #timer(connection: Connection, at: number | null): void {
    const { client, member, cause } = connection
    if (at === null && connection.at === null) return
    connection.at = at
    this.#context.timers.set(at, { type: 'connection-timer', client, member, cause })
  }

  #keep(connection: Connection): void {
    const mine = this.#connections.get(connection.client)
    if (mine === undefined)
      this.#connections.set(connection.client, new Map([[connection.member, connection]]))
    else mine.set(connection.member, connection)
  }

  #of(client: ClientId): Connection[] {
    return [...(this.#connections.get(client)?.values() ?? [])].sort((a, b) =>
      a.member < b.member ? -1 : 1,
    )
  }

  #all(): Connection[] {
    return [...this.#connections.keys()].sort().flatMap((client) => this.#of(client))
  }
}
