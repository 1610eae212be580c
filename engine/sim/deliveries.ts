// Messages that arrive: requests at members, replies at clients, writes at the guarded resource.
// Each may be lost, held by a cut, or reach a receiver that is down.

import { unreachable } from '../base/assert'
import type { LeaseId } from '../base/rpc'
import type { EventBody, EventId } from '../base/trace'
import type { Clients } from './clients'
import type { RunContext } from './context'
import type { Due, Message, Write } from './moves'
import { CONNECTION, isStreamed } from './moves'
import { flightOf } from './post'
import type { Resource } from './resource'
import { RESOURCE } from './resource'
import type { Sections } from './sections'
import type { Server, Servers } from './servers'

export class Deliveries {
  readonly #context: RunContext
  readonly #servers: Servers
  readonly #clients: Clients
  readonly #resource: Resource
  readonly #sections: Sections

  constructor(
    context: RunContext,
    servers: Servers,
    clients: Clients,
    resource: Resource,
    sections: Sections,
  ) {
    this.#context = context
    this.#servers = servers
    this.#clients = clients
    this.#resource = resource
    this.#sections = sections
  }

  /** Whether a client or member runs, frozen or not; true for an unknown name. */
  isUp(name: string): boolean {
    return this.#clients.states.stateOf(name) !== 'down' && this.#servers.isUp(name)
  }

  /** A message of a connection arrives. */
  deliver(message: Message): void {
    const { client, member: name, rpc, epoch, body, cause, lost } = message
    const { member } = this.#servers.server(name)
    const toMember = body.type !== 'reply'
    const to = toMember ? name : this.#clients.nameOf(client)
    const { channels } = this.#clients
    const isOver =
      !this.isUp(to) ||
      !(toMember
        ? body.type === 'cancel' || channels.isServed(client, name, epoch)
        : channels.isRead(client, name, epoch))
    // A member cancels the calls of a connection that it closes.
    if (isOver || (lost && body.type !== 'cancel')) {
      const gone = this.#context.emit(
        {
          type: 'message-lost',
          from: toMember ? client : name,
          to: toMember ? name : client,
          what: body.type,
        },
        cause,
      )
      if (!isOver) this.#clients.gaveUp(client, name, epoch, gone)
      return
    }
    switch (body.type) {
      case 'request': {
        this.#context.routes.reached(name, client, rpc, epoch)
        const received = this.#context.emit(
          { type: 'request-received', client, member: name, rpc, request: body.request },
          cause,
        )
        return this.#servers.step(member, { ...body, client, rpc }, received)
      }
      case 'open':
        this.#context.routes.reached(name, client, rpc, epoch)
        return this.#servers.step(member, { ...body, client, rpc }, cause)
      case 'cancel': {
        this.#context.routes.served(name, client, rpc)
        const closed = this.#context.emit(
          { type: 'stream-closed', client, member: name, rpc },
          cause,
        )
        return this.#servers.step(member, { type: 'cancel', client, rpc }, closed)
      }
      case 'reply': {
        if (!this.#clients.has(client)) return
        if (rpc === CONNECTION) return channels.ended(client, name, epoch, cause)
        channels.heard(client, name)
        // A client that has cancelled the call hears nothing of it: gRPC drops later messages on a
        // stream that was reset.
        if (this.#context.routes.of(client, rpc) === undefined) return
        if (!isStreamed(body.reply)) this.#context.routes.end(client, rpc)
        const received = this.#context.emit(
          { type: 'reply-received', client, member: name, rpc, reply: body.reply },
          cause,
        )
        return this.#clients.step(client, { type: 'reply', rpc, reply: body.reply }, received)
      }
      default:
        return unreachable(body)
    }
  }

  /**
   * Whether a cut keeps a message of a connection from its receiver, which may be frozen. TCP sends
   * the message again, so it arrives after the cut.
   */
  heldByCut(due: Due): boolean {
    const message =
      due.type === 'deliver' ? due.message : due.type === 'deliver-write' ? due.write : null
    if (message === null || message.lost || message.arrived) return false
    const { from, to } = flightOf(due)!
    if (this.#context.post.links.reaches(this.#clients.nameOf(from), this.#clients.nameOf(to)))
      return false
    const what =
      due.type === 'deliver'
        ? due.message.body.type
        : due.type === 'deliver-write' && due.write.accepted === null
          ? 'write'
          : 'answer'
    this.#context.emit({ type: 'message-held', from, to, what }, message.cause)
    this.#context.post.hold(due)
    return true
  }

  /** A write arrives at the resource, or its answer at the client. */
  deliverWrite(write: Write): void {
    const { client, value, token, lease, accepted, cause, lost } = write
    const [from, to] = accepted === null ? [client, RESOURCE] : [RESOURCE, client]
    if (lost || !this.isUp(to)) {
      this.#context.emit(
        { type: 'message-lost', from, to, what: accepted === null ? 'write' : 'answer' },
        cause,
      )
      return
    }
    if (accepted !== null) {
      const answered = this.#context.emit({ type: 'write-answered', client, accepted }, cause)
      return this.#clients.step(client, { type: 'written', accepted }, answered)
    }
    const { highest } = this.#resource
    const taken = this.#resource.write(token, this.#context.config.checkTokens === true)
    const stale = lease !== null && this.#leaseIsGone(lease)
    const event = this.#context.emit(
      { type: taken ? 'write-taken' : 'write-bounced', client, value, token, highest, stale },
      cause,
    )
    this.#context.post.sendWrite(
      RESOURCE,
      client,
      { ...write, accepted: taken, cause: event },
      this.#context.now,
    )
  }

  /**
   * By the primary of the latest term; without a primary, by the first member. A frozen leader
   * stays primary and does not know of later revokes.
   */
  #leaseIsGone(lease: LeaseId): boolean {
    let primary: Server | undefined
    for (const server of this.#servers.list) {
      if (server.state === 'down' || !server.member.lessor.isPrimary) continue
      if (primary === undefined || server.member.term > primary.member.term) primary = server
    }
    return !(primary ?? this.#servers.list[0]!).member.lessor.has(lease)
  }

  /** A client has entered a section: others in it break mutual exclusion. */
  entered(entry: Extract<EventBody, { type: 'section-entered' }>, event: EventId): void {
    const crowd = this.#sections.enter(entry, event)
    if (crowd.length === 0) return
    const { client, section } = entry
    const causes = crowd.map(({ since }) => since)
    const names = crowd.map(({ other }) => other)
    const gone = [client, ...names].flatMap((name) => {
      const lease = this.#clients.list.find(({ id }) => id === name)?.beliefs.at(-1)?.lease
      return lease !== undefined && this.#leaseIsGone(lease) ? [{ client: name, lease }] : []
    })
    this.#context.emit(
      { type: 'exclusion-broken', client, section, others: names, gone },
      event,
      ...causes,
    )
  }
}
