// The context that servers and clients share: the time, the schedule, the post and the trace. The
// simulation owns it, and neither servers nor clients import the simulation.

import type { ClientId, EventBody, EventId, MemberName } from '../base/trace'
import type { Schedule } from '../clock/schedule'
import type { Config } from './command'
import type { Due } from './moves'
import type { Post } from './post'
import type { Timers } from './timers'

export interface RunContext {
  readonly config: Config
  readonly seed: number
  /** Virtual milliseconds. */
  readonly now: number
  readonly schedule: Schedule<Due>
  readonly timers: Timers
  readonly post: Post
  readonly routes: Routes
  emit(body: EventBody, ...causes: EventId[]): EventId
}

/** The context of one run: its parts, and the time and the trace of its simulation. */
export function contextOf(
  run: Pick<RunContext, 'now' | 'emit'>,
  parts: Omit<RunContext, 'now' | 'emit'>,
): RunContext {
  return new Context(run, parts)
}

/** A class: an object literal with its own getter is slow, and its memory is freed late. */
class Context implements RunContext {
  readonly config: Config
  readonly seed: number
  readonly schedule: Schedule<Due>
  readonly timers: Timers
  readonly post: Post
  readonly routes: Routes
  readonly #run: Pick<RunContext, 'now' | 'emit'>

  constructor(
    run: Pick<RunContext, 'now' | 'emit'>,
    { config, seed, schedule, timers, post, routes }: Omit<RunContext, 'now' | 'emit'>,
  ) {
    this.#run = run
    this.config = config
    this.seed = seed
    this.schedule = schedule
    this.timers = timers
    this.post = post
    this.routes = routes
  }

  get now(): number {
    return this.#run.now
  }

  emit(body: EventBody, ...causes: EventId[]): EventId {
    return this.#run.emit(body, ...causes)
  }
}

/** A member, and the epoch of the connection that a call was made on. */
export interface Route {
  member: MemberName
  epoch: number
}

/** Sorted. */
export interface SavedRoutes {
  /** `client rpc` and its route. */
  calls: [string, Route][]
  /** `member client rpc` and the epoch of its connection, where that is not the first. */
  served: [string, number][]
}

/** The epoch of a connection that has never been broken. */
const FIRST_EPOCH = 1

/** The member that each call under way was made to. */
export class Routes {
  #routes = new Map<string, Route>()
  /** The connections on which members serve calls. Their clients may have closed them. */
  #served = new Map<string, number>()

  /** Undefined for a call that is not under way. */
  of(client: ClientId, rpc: number): Route | undefined {
    return this.#routes.get(`${client} ${rpc}`)
  }

  begin(client: ClientId, rpc: number, route: Route): void {
    this.#routes.set(`${client} ${rpc}`, route)
  }

  end(client: ClientId, rpc: number): void {
    this.#routes.delete(`${client} ${rpc}`)
  }

  /** The calls of a client under way to a member, in the order in which they were made. */
  between(client: ClientId, member: MemberName): number[] {
    const rpcs: number[] = []
    for (const [call, route] of this.#routes) {
      const [caller, rpc] = call.split(' ')
      if (caller === client && route.member === member) rpcs.push(Number(rpc))
    }
    return rpcs.sort((a, b) => a - b)
  }

  /** A call, or one more message of it, has reached a member. */
  reached(member: MemberName, client: ClientId, rpc: number, epoch: number): void {
    if (epoch > FIRST_EPOCH) this.#served.set(`${member} ${client} ${rpc}`, epoch)
  }

  /** The epoch of the connection on which a member serves a call. */
  servedOn(member: MemberName, client: ClientId, rpc: number): number {
    return (
      (this.#served.size > 0 ? this.#served.get(`${member} ${client} ${rpc}`) : undefined) ??
      FIRST_EPOCH
    )
  }

  /** A member has answered a call, or learned that it is cancelled. */
  served(member: MemberName, client: ClientId, rpc: number): void {
    if (this.#served.size > 0) this.#served.delete(`${member} ${client} ${rpc}`)
  }

  /** The process of a member has ended. */
  ended(member: MemberName): void {
    for (const call of [...this.#served.keys()])
      if (call.startsWith(`${member} `)) this.#served.delete(call)
  }

  save(): SavedRoutes {
    const byCall = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1)
    return {
      calls: [...this.#routes].sort(byCall).map(([call, route]) => [call, { ...route }]),
      served: [...this.#served].sort(byCall),
    }
  }

  static load({ calls, served }: SavedRoutes): Routes {
    const routes = new Routes()
    routes.#routes = new Map(calls.map(([call, route]) => [call, { ...route }]))
    routes.#served = new Map(served)
    return routes
  }
}
