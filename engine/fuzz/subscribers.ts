// Clients that wait, in every other run: watches, keep-alive loops, locks, and registrations.
// Separate faults cut them off and pause them, and all must make progress after the heal. They have
// their own random stream, so that runs without them do not change. Their libraries and the faults
// of wall clocks have another one.

import type { Library } from '../base/libraries'
import { DEFAULT_LIBRARY, LIBRARIES } from '../base/libraries'
import { Random } from '../base/random'
import type { WatchCreateRequest } from '../base/rpc'
import type { Command, Config } from '../sim/command'
import type { Simulation } from '../sim/simulation'
import { drawn, fault, KEYS, pick } from './plan'

const KINDS = { watch: 4, console: 2, register: 3, lock: 3, keep: 2 }
const FAULT_WEIGHTS = { cut: 6, oneWay: 3, pause: 3, heal: 4 }
const MOST_PUTS_MS = 900

/** A registration that checks whether its lease is live, and registers again. */
const REGISTER = `again:
lease = grant 5 or goto later
keep lease
put /alive/$me up with lease or goto later
look:
sleep GAPms
if live lease goto look
later:
drop lease
sleep 200ms
goto again`

/** A holder and waiter of etcd's Mutex. */
const LOCK = `again:
lease = grant 4 or goto later
keep lease
token = lock /q with lease or goto end
sleep GAPms
unlock /q or goto end
end:
drop lease
revoke lease or goto later
later:
sleep 300ms
goto again`

/** The locks of other libraries (client/locks/), and the server's Lock service. */
const NODE_LOCK = `again:
mine = node lock /n ttl 4 or goto later
if not mine goto later
sleep GAPms
node unlock /n or goto later
later:
sleep 300ms
goto again`

const PYTHON_LOCK = `again:
mine = python lock /n ttl 2 within 3s or goto later
if not mine goto later
sleep GAPms
renew mine.lease or goto later
python unlock /n or goto later
later:
sleep 300ms
goto again`

const SERVER_LOCK = LOCK.replace('token = lock /q', 'held = server lock /q').replace(
  'unlock /q',
  'server unlock $held',
)

const LOCKS: Readonly<Record<Library, string>> = {
  clientv3: LOCK,
  etcdctl: LOCK,
  jetcd: SERVER_LOCK,
  'node-etcd3': NODE_LOCK,
  none: PYTHON_LOCK,
}

const MOST_SUBSCRIBERS = 4
/** The maximum in milliseconds by which a wall clock is set, ahead or back. */
const MOST_SET_MS = 9000

const KEEP = `lease = grant 3
keep lease
put /kept/$me up with lease
sleep 1000s`

export class Subscribers {
  readonly #random: Random
  readonly some: boolean
  readonly #names: string[] = []
  readonly #ofLibraries: Random
  readonly #libraries: Record<string, Library> = {}

  constructor({ seed }: { seed: number }) {
    this.#random = new Random(seed, 'fuzz/subscribers')
    this.some = this.#random.below(2) === 0
    this.#ofLibraries = new Random(seed, 'fuzz/libraries')
    if (!this.some || this.#ofLibraries.below(3) === 0) return
    for (let i = 1; i <= MOST_SUBSCRIBERS; i++)
      this.#libraries[`s${i}`] = pick(this.#ofLibraries, LIBRARIES)
  }

  /** The additional configuration of a run with them. */
  config(): Partial<Config> {
    const isAll = this.some && this.#random.below(2) === 0
    const hasOther = Object.keys(this.#libraries).length > 0
    return {
      ...(isAll ? { clientEndpoints: 'all' } : {}),
      ...(hasOther ? { libraries: this.#libraries } : {}),
    }
  }

  /** Their first commands. */
  starts(): Command[] {
    if (!this.some) return []
    return Array.from({ length: 1 + this.#random.below(MOST_SUBSCRIBERS) }, (_, i) =>
      this.#start(`s${i + 1}`),
    )
  }

  gapMs(): number {
    return this.some ? 200 + this.#random.below(2500) : Number.POSITIVE_INFINITY
  }

  /** Faults of one of them, or of wall clocks. */
  next(sim: Simulation): Command[] {
    return [...this.#trouble(sim), ...this.#setClock()]
  }

  #setClock(): Command[] {
    if (Object.keys(this.#libraries).length === 0 || this.#ofLibraries.below(4) > 0) return []
    const ms = (1 + this.#ofLibraries.below(MOST_SET_MS)) * (this.#ofLibraries.below(2) * 2 - 1)
    return [fault({ type: 'set-clock', client: pick(this.#ofLibraries, this.#names), ms })]
  }

  #trouble(sim: Simulation): Command[] {
    const client = pick(this.#random, this.#names)
    const members = sim.servers.map(({ member }) => member.options.name)
    const some = this.#random.below(3) === 0 ? [pick(this.#random, members)] : members
    switch (drawn(this.#random, FAULT_WEIGHTS)) {
      case 'cut':
        return [
          fault({ type: 'cut', from: [client], to: some }),
          fault({ type: 'cut', from: some, to: [client] }),
        ]
      case 'oneWay':
        return [
          fault(
            this.#random.below(2) === 0
              ? { type: 'cut', from: [client], to: some }
              : { type: 'cut', from: some, to: [client] },
          ),
        ]
      case 'pause':
        return sim.stateOf(client) === 'paused'
          ? this.mend(sim).slice(0, 1)
          : [fault({ type: 'pause-client', client })]
      case 'heal':
        return [fault({ type: 'heal' })]
    }
  }

  /** All commands that end their faults. */
  mend(sim: Simulation): Command[] {
    const paused = this.#names.filter((client) => sim.stateOf(client) === 'paused')
    return paused.map((client) => fault({ type: 'resume-client', client }))
  }

  #start(client: string): Command {
    this.#names.push(client)
    const kind = drawn(this.#random, KINDS)
    const gap = `${100 + this.#random.below(MOST_PUTS_MS)}`
    const key = pick(this.#random, KEYS)
    switch (kind) {
      case 'watch':
        return { type: 'program', client, program: [{ op: 'watch', request: this.#watch(key) }] }
      case 'console':
        return {
          type: 'console',
          terminal: client,
          text: 'etcdctl watch --prefix ""',
          mode: 'strict',
        }
      case 'register':
        return { type: 'script', client, source: REGISTER.replace('GAP', gap) }
      case 'lock':
        return { type: 'script', client, source: this.#lockOf(client).replace('GAP', gap) }
      case 'keep':
        return { type: 'script', client, source: KEEP }
    }
  }

  #lockOf(client: string): string {
    return LOCKS[this.#libraries[client] ?? DEFAULT_LIBRARY]
  }

  #watch(key: string): WatchCreateRequest {
    const range = [{ key }, { key: 'a', range_end: 'c' }, { key: '\0', range_end: '\0' }][
      this.#random.below(3)
    ]!
    const dice = this.#random.below(16)
    return {
      type: 'WatchCreate',
      ...range,
      ...(dice & 1 ? { prev_kv: true } : {}),
      ...(dice & 2 ? { start_revision: 1 } : {}),
      ...((dice & 12) === 4 ? { filters: ['NOPUT'] as const } : {}),
      ...((dice & 12) === 8 ? { filters: ['NODELETE'] as const } : {}),
    } as WatchCreateRequest
  }
}
