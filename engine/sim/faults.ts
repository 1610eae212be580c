// The effect of each fault on the members, the clients and the network. A fault in a console line
// and a fault command of the page both come here.

import { unreachable } from '../base/assert'
import type { EventId } from '../base/trace'
import { linkText } from '../network/fault'
import type { Clients } from './clients'
import type { Fault } from './command'
import type { RunContext } from './context'
import type { Due } from './moves'
import { flightOf } from './post'
import type { Server, Servers } from './servers'

export class Faults {
  readonly #context: RunContext
  readonly #servers: Servers
  readonly #clients: Clients
  /** Takes a message that a fault delivers now. */
  readonly #take: (due: Due) => void

  constructor(context: RunContext, servers: Servers, clients: Clients, take: (due: Due) => void) {
    this.#context = context
    this.#servers = servers
    this.#clients = clients
    this.#take = take
  }

  /** Does one fault. A fault of an unknown member or message changes nothing. */
  do(fault: Fault, cause: EventId): void {
    if (!('member' in fault)) return this.#elsewhere(fault, cause)
    const server = this.#servers.list.find(({ member }) => member.options.name === fault.member)
    if (server !== undefined) this.#toMember(server, fault, cause)
  }

  #toMember(server: Server, fault: Extract<Fault, { member: string }>, cause: EventId): void {
    const servers = this.#servers
    const { channels } = this.#clients
    switch (fault.type) {
      case 'crash':
        return servers.end(server, 'member-crashed', cause)
      case 'restart':
        servers.restart(server, cause)
        return channels.changed(cause)
      case 'pause':
        servers.pause(server, cause)
        return channels.changed(cause)
      case 'resume':
        servers.resume(server, cause)
        return channels.changed(cause)
      case 'stop':
        return servers.stop(server, cause)
      case 'disk': {
        const { member, ms } = fault
        server.member.setDisk(ms)
        this.#context.emit({ type: 'disk-changed', member, ms }, cause)
        return
      }
      case 'member-clock':
        return servers.changeClock(server, fault.percent, cause)
      case 'wall-clock': {
        const { member, seconds } = fault
        server.member.stepWall(seconds)
        this.#context.emit({ type: 'wall-clock-stepped', member, seconds }, cause)
        return
      }
      default:
        return unreachable(fault)
    }
  }

  /** Faults of clients, links and messages. */
  #elsewhere(fault: Exclude<Fault, { member: string }>, cause: EventId): void {
    const { links } = this.#context.post
    const clients = this.#clients
    switch (fault.type) {
      case 'partition': {
        links.partition(fault.groups)
        const groups = fault.groups.map((group) => [...group])
        return this.#rerouted(this.#context.emit({ type: 'partitioned', groups }, cause))
      }
      case 'cut': {
        links.cut(fault)
        const [from, to] = [[...fault.from], [...fault.to]]
        return this.#rerouted(this.#context.emit({ type: 'cut-one-way', from, to }, cause))
      }
      case 'heal':
        links.heal()
        return this.#rerouted(this.#context.emit({ type: 'healed' }, cause))
      case 'link': {
        const { link, dial, value } = fault
        links.turn(link, dial, value)
        this.#context.emit({ type: 'link-changed', link: linkText(link), dial, value }, cause)
        return
      }
      case 'message':
        return this.#toMessage(fault, cause)
      case 'pause-client':
      case 'resume-client':
      case 'crash-client':
      case 'restart-client':
        return clients.disturb(fault.type, fault.client, cause)
      case 'clock':
        return clients.changeClock(fault.client, fault.percent, cause)
      case 'set-clock':
        return clients.setClock(fault.client, fault.ms, cause)
      case 'reset':
        return clients.reset(fault.client, cause)
      default:
        return unreachable(fault)
    }
  }

  /**
   * Links have changed. Messages that a cut held continue where their way is open now, and the
   * connections follow.
   */
  #rerouted(cause: EventId): void {
    const { now, post } = this.#context
    this.#servers.connect(now)
    post.release(now, (client) => this.#clients.nameOf(client))
    this.#clients.channels.changed(cause)
  }

  /** A message in flight is delivered, dropped or delayed by hand. */
  #toMessage(fault: Extract<Fault, { type: 'message' }>, cause: EventId): void {
    const { message, fate } = fault
    const { now, post } = this.#context
    const flight = this.#flight(message)
    if (flight === null) return
    const { from, to } = flight
    const ms = fault.fate === 'delay' ? fault.ms : 0
    this.#context.emit({ type: 'message-handled', message, from, to, fate, ms }, cause)
    const nameOf = (name: string): string => this.#clients.nameOf(name)
    switch (fate) {
      case 'deliver':
        for (const due of post.takeOut(message, nameOf)) this.#take(due)
        return
      case 'drop':
        post.drop(message, now, nameOf)
        return
      case 'delay':
        post.delay(message, ms, now, nameOf)
        return
      default:
        return unreachable(fate)
    }
  }

  #flight(id: number): ReturnType<typeof flightOf> {
    for (const { entry } of this.#context.schedule.list()) {
      const flight = flightOf(entry)
      if (flight?.id === id) return flight
    }
    return null
  }
}
