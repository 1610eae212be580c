// What servers and clients stand on: the time, what is due, the post and the trace. The simulation owns it; each side takes from it what it needs, and neither knows the
// simulation.

import type { ClientId, EventBody, EventId, MemberName } from '../base/trace'
import type { Schedule } from '../clock/schedule'
import type { Config } from './command'
import type { Due } from './moves'
import type { Post } from './post'
import type { Timers } from './timers'

export interface Ground {
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

/** The ground of one run: its parts, and the time and the trace of its simulation. */
export function groundOf(run: Pick<Ground, 'now' | 'emit'>, parts: Omit<Ground, 'now' | 'emit'>): Ground {
  return new RunGround(run, parts)
}

/** A class: a literal with a getter of its own is a slow object, and its memory is freed late. */
class RunGround implements Ground {
  readonly config: Config
  readonly seed: number
  readonly schedule: Schedule<Due>
  readonly timers: Timers
  readonly post: Post
  readonly routes: Routes
  readonly #run: Pick<Ground, 'now' | 'emit'>

  constructor(run: Pick<Ground, 'now' | 'emit'>, { config, seed, schedule, timers, post, routes }: Omit<Ground, 'now' | 'emit'>) {
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

/** `client rpc` and the member, sorted. */
export type SavedRoutes = [string, MemberName][]

/** Which member each call under way was made to. */
export class Routes {
  #members = new Map<string, MemberName>()

  /** Undefined for a call that is not under way. */
  of(client: ClientId, rpc: number): MemberName | undefined {
    return this.#members.get(`${client} ${rpc}`)
  }

  begin(client: ClientId, rpc: number, member: MemberName): void {
    this.#members.set(`${client} ${rpc}`, member)
  }

  end(client: ClientId, rpc: number): void {
    this.#members.delete(`${client} ${rpc}`)
  }

  /** The calls that are under way to a member, sorted by the text of client and number. */
  to(member: MemberName): { client: ClientId; rpc: number }[] {
    return this.save().flatMap(([call, other]) => {
      const [client = '', rpc = ''] = call.split(' ')
      return other === member ? [{ client, rpc: Number(rpc) }] : []
    })
  }

  save(): SavedRoutes {
    return [...this.#members].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  static load(saved: SavedRoutes): Routes {
    const routes = new Routes()
    routes.#members = new Map(saved)
    return routes
  }
}
