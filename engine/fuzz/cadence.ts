// When each client library renews a lease and when it gives the lease up, checked on runs of any
// kind. The numbers are written a second time, from the libraries' documents and sources, so that a
// mistake in client/libraries/ is found.

import type { Library } from '../base/libraries'
import { DEFAULT_LIBRARY } from '../base/libraries'
import type { LeaseId } from '../base/rpc'
import type { ClientId, TraceEvent } from '../base/trace'
import type { Report } from '../check/violation'
import type { Simulation } from '../sim/simulation'

interface Pace {
  /** Its times come from the wall clock. */
  wall: boolean
  /** The TTLs after the last answer during which it believes in the lease. */
  believes: number
  /** The longest wait for the first answer in milliseconds; null for no limit. */
  first: number | null
  /** Milliseconds within which it notices the end of its belief; `ttl`: plus a TTL. */
  notices: number | 'ttl'
  /** It never renews earlier than a third of the TTL after an answer. */
  waits: boolean
}

const PACES: Readonly<Record<Library, Pace | null>> = {
  clientv3: { wall: false, believes: 1, first: 5000, notices: 1001, waits: true },
  etcdctl: { wall: false, believes: 1, first: 3000, notices: 1001, waits: true },
  jetcd: { wall: true, believes: 1, first: 10_000, notices: 1000, waits: true },
  'node-etcd3': { wall: true, believes: 2, first: null, notices: 'ttl', waits: false },
  // It renews no lease.
  none: null,
}
/** Rounding may move a time by these milliseconds on a clock that is not true. */
const ROUNDING_MS = 3
/** Node opens another stream after 100 ms, and its timer fires at whole milliseconds. */
const REOPENS_MS = 110

/** A client's own clocks at a virtual time. */
interface Clock {
  at: number
  monotonic: number
  /** The milliseconds by which the wall clock was set ahead. */
  ahead: number
  percent: number
  /** On the monotonic clock: the time of its last jump, or of the client's last resume. */
  jumped: number
}

interface Kept {
  client: ClientId
  lease: LeaseId
  /** The time of the last answer, or of the start without one, on both clocks. */
  monotonic: number
  wall: number
  /** Milliseconds; null before the first answer. */
  ttl: number | null
}

export class Cadence {
  readonly #report: Report
  readonly #libraries: Readonly<Record<ClientId, Library>>
  readonly #clocks = new Map<ClientId, Clock>()
  /** By client and lease. */
  readonly #kept = new Map<string, Kept>()

  /** `libraries`: those of the run's configuration. */
  constructor(report: Report, libraries: Readonly<Record<ClientId, Library>> = {}) {
    this.#report = report
    this.#libraries = libraries
  }

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    switch (event.type) {
      case 'clock-changed':
        this.#clock(event.client, event.at).percent = event.percent
        return this.#jump(event.client, event.at)
      case 'clock-set':
        this.#clock(event.client, event.at).ahead += event.ms
        return this.#jump(event.client, event.at)
      case 'client-resumed':
        return this.#jump(event.client, event.at)
      case 'client-crashed':
      case 'client-restarted':
        for (const [id, { client }] of this.#kept)
          if (client === event.client) this.#kept.delete(id)
        return
      case 'heartbeat-started':
        return this.#note(event.client, event.lease, event.at, null)
      case 'heartbeat-stopped':
        this.#kept.delete(`${event.client} ${event.lease}`)
        return
      case 'reply-received':
        if (event.reply.type !== 'LeaseKeepAlive' || event.reply.TTL <= 0) return
        if (this.#kept.has(`${event.client} ${event.reply.ID}`))
          this.#note(event.client, event.reply.ID, event.at, event.reply.TTL * 1000)
        return
      case 'request-sent':
        if (event.request.type === 'LeaseKeepAlive')
          this.#asks(event.client, event.request.ID, event.at)
        return
      case 'lease-believed-lost':
        if (event.why === 'no-answer' || event.why === 'clock-set')
          this.#givesUp(event.client, event.lease, event.at)
        this.#kept.delete(`${event.client} ${event.lease}`)
        return
      default:
    }
  }

  /** Must be called now and then: reports clients that should have given a lease up by now. */
  check(sim: Simulation): void {
    for (const kept of this.#kept.values()) {
      const { client, lease } = kept
      const pace = this.#paceOf(client)
      const limit = pace === null ? null : limitOf(pace, kept)
      if (pace === null || limit === null || sim.stateOf(client) !== 'up') continue
      const { notices } = pace
      const slack = (notices === 'ttl' ? (kept.ttl ?? 0) + REOPENS_MS : notices) + ROUNDING_MS
      const clock = this.#clock(client, sim.now)
      const isSettled = clock.monotonic - clock.jumped > slack
      if (isSettled && this.#since(kept, sim.now) > limit + slack)
        this.#reportPace(`${client} still believes in lease ${lease}`)
    }
  }

  #asks(client: ClientId, lease: LeaseId, at: number): void {
    const kept = this.#kept.get(`${client} ${lease}`)
    const pace = this.#paceOf(client)
    if (kept?.ttl == null || pace === null || !pace.waits) return
    if (this.#since(kept, at) + ROUNDING_MS < Math.floor(kept.ttl / 3))
      this.#reportPace(`${client} asks for lease ${lease} before a third of its TTL is over`)
  }

  #givesUp(client: ClientId, lease: LeaseId, at: number): void {
    const kept = this.#kept.get(`${client} ${lease}`)
    const pace = this.#paceOf(client)
    const limit = kept === undefined || pace === null ? null : limitOf(pace, kept)
    if (kept !== undefined && limit !== null && this.#since(kept, at) + ROUNDING_MS < limit)
      this.#reportPace(`${client} gives lease ${lease} up although it should believe in it`)
  }

  /** Milliseconds since the last answer on the clock that its library reads. */
  #since({ client, monotonic, wall }: Kept, at: number): number {
    const clock = this.#clock(client, at)
    return this.#paceOf(client)?.wall
      ? clock.monotonic + clock.ahead - wall
      : clock.monotonic - monotonic
  }

  #note(client: ClientId, lease: LeaseId, at: number, ttl: number | null): void {
    const { monotonic, ahead } = this.#clock(client, at)
    this.#kept.set(`${client} ${lease}`, { client, lease, monotonic, wall: monotonic + ahead, ttl })
  }

  #jump(client: ClientId, at: number): void {
    const clock = this.#clock(client, at)
    clock.jumped = clock.monotonic
  }

  #paceOf(client: ClientId): Pace | null {
    return PACES[this.#libraries[client] ?? DEFAULT_LIBRARY]
  }

  #clock(client: ClientId, at: number): Clock {
    const known = this.#clocks.get(client)
    if (known === undefined) {
      const clock: Clock = { at, monotonic: at, ahead: 0, percent: 100, jumped: at }
      this.#clocks.set(client, clock)
      return clock
    }
    known.monotonic += ((at - known.at) * known.percent) / 100
    known.at = at
    return known
  }

  #reportPace(text: string): void {
    this.#report('libraries keep their pace', [], text)
  }
}

function limitOf({ believes, first }: Pace, { ttl }: Kept): number | null {
  return ttl === null ? first : believes * ttl
}
