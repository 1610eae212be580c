// What one seed draws: the cluster, what clients ask of it, and what is done to it. Each purpose has a stream of its own, so that another fault more does not
// change what the clients ask.

import { leaseId } from '../base/int64'
import { Random } from '../base/random'
import type { Bytes, LeaseId, Request } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { Command, Config, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Simulation } from '../sim/simulation'

export const KEYS: readonly Bytes[] = ['a', 'b', 'c']
const CLIENTS = ['c1', 'c2', 'c3', 'c4']
/** Of the leases granted so far, how many of the newest are still used. */
const LEASES_IN_USE = 3

export interface FuzzOptions {
  seed: number
  /** Drawn where absent. */
  members?: number
  etcd?: Config['etcd']
  /** Whether links, disks and clocks trouble the run as well. */
  troubles?: boolean
}

/** How the run is drawn: ratios of integers. */
const MEMBERS: readonly [number, number][] = [
  [3, 12],
  [5, 4],
  [1, 1],
]
const REQUESTS = {
  put: 8,
  putWithLease: 10,
  get: 14,
  serializable: 1,
  delete: 3,
  create: 4,
  swap: 4,
  grant: 4,
  revoke: 2,
  keepAlive: 18,
  timeToLive: 2,
}
const FAULTS = { crash: 8, pause: 5, isolateLeader: 6, isolate: 3, split: 3, mend: 10, heal: 5, crashAll: 1, moveLeader: 2 }

const CHANGES = { add: 4, start: 4, promote: 3, remove: 2 }
const MOST_SERVERS = 9
const FUZZ_PORT = 40_000
/** A change of the group has no deadline: its call may stay open for ever. */
export const ADMINISTRATOR = 'membership'

type Weights = Readonly<Record<string, number>>

/** The cluster of a run, drawn from its seed. */
export function drawConfig({ seed, members, etcd }: FuzzOptions): Config {
  const random = new Random(seed, 'fuzz/config')
  const some = { members: members ?? weighted(random, MEMBERS), etcd: etcd ?? pick(random, ['3.4', '3.5', '3.6'] as const) }
  const latencyMs = 1 + random.below(5)
  const peerLatencyMs = 1 + random.below(random.below(3) === 0 ? 60 : 10)
  const boot = random.below(4) === 0 ? 'cold' : 'elected'
  const disk = random.below(3) === 0 ? { diskMs: 1 + random.below(random.below(2) === 0 ? 20 : 120) } : {}
  const snapshots = changesMembers(seed, some.members) ? { snapshotCount: 20, catchUpEntries: 5 } : {}
  return { ...DEFAULT_CONFIG, ...some, latencyMs, peerLatencyMs, boot, ...disk, ...snapshots }
}

/** In one run of four the group of a cluster changes, and its members forget their logs early. */
export function changesMembers(seed: number, members: number): boolean {
  return members > 1 && new Random(seed, 'fuzz/members').below(4) === 0
}

/** Whoever changes the group of the running cluster: members come, learn, vote and go. */
export class Administrator {
  readonly #random: Random
  #added = 0

  constructor(seed: number) {
    this.#random = new Random(seed, 'fuzz/administrator')
  }

  gapMs(): number {
    return 100 + this.#random.below(600)
  }

  next(sim: Simulation): Command[] {
    const member = pick(this.#random, sim.members).options.name
    const ask = (request: Request): Command[] => [{ type: 'request', client: ADMINISTRATOR, member, request }]
    const known = sim.known
    const [start] = this.starts(sim)
    const one = pick(this.#random, known).ID
    switch (drawn(this.#random, CHANGES)) {
      case 'add': {
        const isLearner = this.#random.below(2) === 0
        if (sim.servers.length + sim.added.length >= MOST_SERVERS) return []
        return ask({ type: 'MemberAdd', peerURLs: [`http://127.0.0.1:${FUZZ_PORT + 10 * this.#added++}`], isLearner })
      }
      case 'start':
        return start === undefined ? [] : [start]
      case 'promote':
        return ask({ type: 'MemberPromote', ID: known.find(({ isLearner }) => isLearner)?.ID ?? one })
      case 'remove':
        return known.length < 3 ? [] : ask({ type: 'MemberRemove', ID: one })
    }
  }

  /** Every member that was added and has not started is started. */
  starts(sim: Simulation): Command[] {
    return sim.added.map(({ peerURLs: [url = ''] }) => {
      const port = Number(url.split(':').at(-1))
      const name = `f${(port - FUZZ_PORT) / 10}`
      const text = `etcd --name ${name} --initial-cluster-state existing --listen-client-urls http://127.0.0.1:${port + 1} --initial-advertise-peer-urls ${url}`
      return { type: 'console', terminal: 'ops', text, mode: 'strict' }
    })
  }
}

/** What the clients ask, one request after another. */
export class Clients {
  readonly #random: Random
  #values = 0
  #leases = 0
  /** Leases that are left to their end. */
  readonly #left = new Set<number>()
  readonly #names: readonly string[]

  constructor(seed: number, members: readonly string[]) {
    this.#random = new Random(seed, 'fuzz/clients')
    this.#names = members
  }

  /** Milliseconds until the next request: bursts and pauses. */
  gapMs(): number {
    return this.#random.below(this.#random.below(5) === 0 ? 700 : 90)
  }

  next(): Command {
    const request = this.#request(drawn(this.#random, REQUESTS))
    return { type: 'request', client: pick(this.#random, CLIENTS), request, member: pick(this.#random, this.#names) }
  }

  /**
   * A client that clings to one member: it renews the newest lease there again and again for a while, and then nobody renews it any more. What a member promises while it
   * is cut off or deposed shows in when that lease ends. `from` is virtual ms; nothing where there is no lease.
   */
  keeper(member: string, from: number): { at: number; command: Command }[] {
    if (this.#leases === 0 || this.#left.has(this.#leases)) return []
    this.#left.add(this.#leases)
    const request = { type: 'LeaseKeepAlive', ID: leaseId(this.#leases) } as const
    const [everyMs, until] = [60 + this.#random.below(120), from + 1200 + this.#random.below(3000)]
    const requests: { at: number; command: Command }[] = []
    for (let at = from; at < until; at += everyMs) requests.push({ at, command: { type: 'request', client: 'keeper', request, member } })
    return requests
  }

  #request(kind: keyof typeof REQUESTS): Request {
    const key = this.#key()
    switch (kind) {
      case 'put':
        return { type: 'Put', key, value: this.#value() }
      case 'putWithLease':
        return { type: 'Put', key, value: this.#value(), lease: this.#lease() }
      case 'get':
        return { type: 'Range', key }
      case 'serializable':
        return { type: 'Range', key, serializable: true }
      case 'delete':
        return { type: 'DeleteRange', key }
      case 'create': {
        const compare = [{ key, target: 'CREATE', result: 'EQUAL', create_revision: 0 } as const]
        return {
          type: 'Txn',
          compare,
          success: [{ type: 'Put', key, value: this.#value(), lease: this.#lease() }],
          failure: [{ type: 'Range', key }],
        }
      }
      case 'swap': {
        const compare = [{ key, target: 'VALUE', result: 'EQUAL', value: `${this.#values}` } as const]
        return { type: 'Txn', compare, success: [{ type: 'Put', key, value: this.#value() }], failure: [{ type: 'Range', key }] }
      }
      case 'grant':
        return { type: 'LeaseGrant', TTL: 2 + this.#random.below(3), ID: leaseId(++this.#leases) }
      case 'revoke':
        return { type: 'LeaseRevoke', ID: this.#lease() }
      case 'keepAlive':
        return { type: 'LeaseKeepAlive', ID: this.#lease() }
      case 'timeToLive':
        return { type: 'LeaseTimeToLive', ID: this.#lease(), keys: true }
    }
  }

  #key(): Bytes {
    return pick(this.#random, KEYS)
  }

  #value(): Bytes {
    return `${++this.#values}`
  }

  #lease(): LeaseId {
    const number = this.#leases - this.#random.below(LEASES_IN_USE)
    return number < 1 || this.#left.has(number) ? NO_LEASE : leaseId(number)
  }
}

/** What is done to the cluster, resolved against how it stands. */
export class Faults {
  readonly #random: Random

  constructor(seed: number) {
    this.#random = new Random(seed, 'fuzz/faults')
  }

  gapMs(): number {
    return 50 + this.#random.below(this.#random.below(3) === 0 ? 3000 : 800)
  }

  next(sim: Simulation): { commands: Command[]; keeper?: string; quietMs?: number } {
    const names = sim.servers.map(({ member }) => member.options.name)
    const kind = drawn(this.#random, FAULTS)
    const leader = leaderOf(sim) ?? names[0]!
    // The leader is what most faults are about.
    const victim = this.#random.below(2) === 0 ? leader : pick(this.#random, names)
    const rest = names.filter((name) => name !== victim)
    const dice = this.#random.below(1 << names.length)
    switch (kind) {
      case 'crash':
        return one(fault({ type: 'crash', member: victim }))
      case 'pause': {
        // Frozen for long enough to be deposed, while a client goes on with somebody else.
        const quiet = this.#random.below(2) === 0 && rest.length > 0
        return {
          ...one(fault({ type: 'pause', member: victim })),
          ...(quiet ? { keeper: pick(this.#random, rest), quietMs: 1500 + this.#random.below(5000) } : {}),
        }
      }
      case 'isolateLeader': {
        const commands = [fault({ type: 'partition', groups: [[leader], names.filter((name) => name !== leader)] })]
        return this.#random.below(2) === 0 ? { commands, keeper: leader, quietMs: 4500 + this.#random.below(2500) } : { commands }
      }
      case 'isolate':
        return one(fault({ type: 'partition', groups: [[victim], rest] }))
      case 'split': {
        const some = names.filter((_, i) => (dice >> i) & 1)
        return one(fault({ type: 'partition', groups: [some, names.filter((name) => !some.includes(name))] }))
      }
      case 'mend':
        return { commands: this.mend(sim).slice(0, 1) }
      case 'heal':
        return one(fault({ type: 'heal' }))
      case 'crashAll':
        return { commands: names.map((member) => fault({ type: 'crash', member })) }
      case 'moveLeader': {
        const target = pick(this.#random, sim.members)
        return one({ type: 'request', client: 'admin', member: leader, request: { type: 'MoveLeader', targetID: target.options.ID } })
      }
    }
  }

  /** Who was asked to end before all was healed may do so only afterwards; whoever belongs to the cluster is started again. */
  restarts(sim: Simulation): Command[] {
    const known = sim.known
    const down = sim.servers.filter(({ member, state }) => state === 'down' && known.some(({ ID }) => ID === member.options.ID))
    return down.map(({ member }) => fault({ type: 'restart', member: member.options.name }))
  }

  /** Everything that brings members back. */
  mend(sim: Simulation): Command[] {
    const out = sim.servers.filter(({ state }) => state !== 'up')
    return out.map(({ member, state }) => fault({ type: state === 'down' ? 'restart' : 'resume', member: member.options.name }))
  }
}

const TROUBLES = {
  loss: 3,
  duplicate: 2,
  reorder: 2,
  jitter: 2,
  delay: 1,
  cut: 3,
  corner: 2,
  disk: 2,
  stop: 3,
  clock: 2,
  wall: 1,
  message: 4,
  heal: 2,
}
/** Milliseconds that a write takes at times. */
const DISKS = [0, 20, 200, 800] as const
const PERCENTS = [50, 80, 95, 100, 105, 125, 200] as const

/** What is done to links, disks and clocks, and who is asked to end, in one run of three: the others show what the faults above do by themselves. */
export class Troubles {
  readonly #random: Random
  readonly #some: boolean

  constructor({ seed, troubles }: FuzzOptions) {
    this.#random = new Random(seed, 'fuzz/troubles')
    const drawn = this.#random.below(3) === 0
    this.#some = troubles ?? drawn
  }

  /** Whether this run has any. */
  get some(): boolean {
    return this.#some
  }

  gapMs(): number {
    return this.#some ? 100 + this.#random.below(900) : Number.POSITIVE_INFINITY
  }

  next(sim: Simulation): Command[] {
    const names = sim.servers.map(({ member }) => member.options.name)
    const [member, other] = [pick(this.#random, names), pick(this.#random, names)]
    const kind = drawn(this.#random, TROUBLES)
    const value = this.#random.below(40)
    switch (kind) {
      case 'cut': {
        const to = names.filter((name) => name !== member && (value < 20 || name === other))
        return value % 2 === 0 ? [fault({ type: 'cut', from: [member], to })] : [fault({ type: 'cut', from: to, to: [member] })]
      }
      case 'corner': {
        // The leader alone with those that have no vote.
        const learners = sim.known.filter(({ isLearner }) => isLearner).map(({ name }) => name)
        const corner = [leaderOf(sim) ?? member, ...learners]
        return [fault({ type: 'partition', groups: [corner, names.filter((name) => !corner.includes(name))] })]
      }
      case 'disk':
        return [fault({ type: 'disk', member, ms: DISKS[value % DISKS.length]! })]
      case 'stop':
        return [fault({ type: 'stop', member })]
      case 'clock':
        return [fault({ type: 'member-clock', member, percent: PERCENTS[value % PERCENTS.length]! })]
      case 'wall':
        return [fault({ type: 'wall-clock', member, seconds: value - 20 })]
      case 'message':
        return this.#tamper(sim, value)
      case 'heal':
        return [fault({ type: 'heal' })]
      default: {
        // What is lost on a connection is sent again, and all that comes after it waits: where that happens to every link it is rare.
        const everywhere = value < 8 || member === other
        const link = everywhere ? null : { from: member, to: other, ...(value % 3 === 0 ? { oneWay: true as const } : {}) }
        return [
          fault({
            type: 'link',
            link,
            dial: kind,
            value: kind === 'jitter' ? value * 4 : everywhere && kind === 'loss' ? value % 8 : value,
          }),
        ]
      }
    }
  }

  /** One message that is on its way does not arrive, or late, or at once. */
  #tamper(sim: Simulation, value: number): Command[] {
    const flights = sim
      .moves()
      .flatMap(({ due }) => (due.type === 'deliver-peer' ? [due.delivery.id] : due.type === 'deliver' ? [due.message.id] : []))
    if (flights.length === 0) return []
    const message = pick(this.#random, flights)
    const fate = (['deliver', 'drop', 'delay'] as const)[value % 3]!
    return [fault(fate === 'delay' ? { type: 'message', message, fate, ms: 1 + value * 40 } : { type: 'message', message, fate })]
  }

  /** Everything that makes links, disks and clocks whole again. */
  mend(sim: Simulation): Command[] {
    const { diskMs = 0 } = sim.config
    return sim.members.flatMap((member) => {
      const { name } = member.options
      return [
        ...(member.options.diskMs === diskMs ? [] : [fault({ type: 'disk', member: name, ms: diskMs })]),
        ...(member.clockPercent === 100 ? [] : [fault({ type: 'member-clock', member: name, percent: 100 })]),
      ]
    })
  }
}

function one(command: Command): { commands: Command[] } {
  return { commands: [command] }
}

function fault(fault: Fault): Command {
  return { type: 'fault', fault }
}

/** The leader of the newest term; undefined where nobody leads. */
export function leaderOf(sim: Simulation): string | undefined {
  const leaders = sim.servers.filter(({ member, state }) => state !== 'down' && member.consensus.isLeader)
  return leaders.sort((a, b) => b.member.term - a.member.term)[0]?.member.options.name
}

function drawn<W extends Weights>(random: Random, weights: W): keyof W & string {
  return weighted(random, Object.entries(weights)) as keyof W & string
}

function weighted<T>(random: Random, choices: readonly (readonly [T, number])[]): T {
  let left = random.below(choices.reduce((sum, [, weight]) => sum + weight, 0))
  for (const [what, weight] of choices) {
    left -= weight
    if (left < 0) return what
  }
  throw new Error('nothing to draw from')
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!
}
