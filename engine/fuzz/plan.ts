// The draws of one seed: the cluster, the clients' requests, and the faults. Each purpose has its
// own stream, so that an added fault does not change the clients' requests.

import { ETCD_VERSIONS } from '../base/etcd-versions'
import { leaseId } from '../base/int64'
import { Random } from '../base/random'
import type { Bytes, LeaseId, Request } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { Command, Config, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Simulation } from '../sim/simulation'

export const KEYS: readonly Bytes[] = ['a', 'b', 'c']
const CLIENTS = ['c1', 'c2', 'c3', 'c4']
/** The number of newest leases that are still used. */
const LEASES_IN_USE = 3

export interface FuzzOptions {
  seed: number
  /** Drawn by default. */
  members?: number
  etcd?: Config['etcd']
  /** Whether links, disks and clocks have faults too. */
  troubles?: boolean
}

/** The probabilities of a run, as ratios of integers. */
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
const FAULTS = {
  crash: 8,
  pause: 5,
  isolateLeader: 6,
  isolate: 3,
  split: 3,
  mend: 10,
  heal: 5,
  crashAll: 1,
  moveLeader: 2,
}

const CHANGES = { add: 4, start: 4, promote: 3, remove: 2 }
const MOST_SERVERS = 9
const FUZZ_PORT = 40_000
/** A membership change has no deadline: its call may stay open for ever. */
export const ADMINISTRATOR = 'membership'

type Weights = Readonly<Record<string, number>>

/** The cluster of a run, drawn from its seed. */
export function drawConfig({ seed, members, etcd }: FuzzOptions): Config {
  const random = new Random(seed, 'fuzz/config')
  const some = {
    members: members ?? weighted(random, MEMBERS),
    etcd: etcd ?? pick(random, ETCD_VERSIONS),
  }
  const latencyMs = 1 + random.below(5)
  const peerLatencyMs = 1 + random.below(random.below(3) === 0 ? 60 : 10)
  const boot = random.below(4) === 0 ? 'cold' : 'elected'
  const disk =
    random.below(3) === 0 ? { diskMs: 1 + random.below(random.below(2) === 0 ? 20 : 120) } : {}
  const snapshots = changesMembers(seed, some.members)
    ? { snapshotCount: 20, catchUpEntries: 5 }
    : {}
  return { ...DEFAULT_CONFIG, ...some, latencyMs, peerLatencyMs, boot, ...disk, ...snapshots }
}

/**
 * In one run of four the membership of a cluster changes, and its members compact their logs early.
 */
export function changesMembers(seed: number, members: number): boolean {
  return members > 1 && new Random(seed, 'fuzz/members').below(4) === 0
}

/**
 * Changes the membership of the running cluster: members are added as voters or learners, promoted
 * and removed.
 */
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
    const ask = (request: Request): Command[] => [
      { type: 'request', client: ADMINISTRATOR, member, request },
    ]
    const known = sim.known
    const [start] = this.starts(sim)
    const one = pick(this.#random, known).ID
    switch (drawn(this.#random, CHANGES)) {
      case 'add': {
        const isLearner = this.#random.below(2) === 0
        if (sim.servers.length + sim.added.length >= MOST_SERVERS) return []
        return ask({
          type: 'MemberAdd',
          peerURLs: [`http://127.0.0.1:${FUZZ_PORT + 10 * this.#added++}`],
          isLearner,
        })
      }
      case 'start':
        return start === undefined ? [] : [start]
      case 'promote':
        return ask({
          type: 'MemberPromote',
          ID: known.find(({ isLearner }) => isLearner)?.ID ?? one,
        })
      case 'remove':
        return known.length < 3 ? [] : ask({ type: 'MemberRemove', ID: one })
    }
  }

  /** Starts every added member that has not started. */
  starts(sim: Simulation): Command[] {
    return sim.added.map(({ peerURLs: [url = ''] }) => {
      const port = Number(url.split(':').at(-1))
      const name = `f${(port - FUZZ_PORT) / 10}`
      const text = `etcd --name ${name} --initial-cluster-state existing --listen-client-urls http://127.0.0.1:${port + 1} --initial-advertise-peer-urls ${url}`
      return { type: 'console', terminal: 'ops', text, mode: 'strict' }
    })
  }
}

/** The requests of the clients, one after another. */
export class Clients {
  readonly #random: Random
  #values = 0
  #leases = 0
  /** Leases that are left to expire. */
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
    return {
      type: 'request',
      client: pick(this.#random, CLIENTS),
      request,
      member: pick(this.#random, this.#names),
    }
  }

  /**
   * A client that uses only one member: it renews the newest lease there for a while, and then no
   * client renews it. The end of the lease shows what a member promised while it was cut off or
   * deposed. `from` is virtual ms; empty without a lease.
   */
  keeper(member: string, from: number): { at: number; command: Command }[] {
    if (this.#leases === 0 || this.#left.has(this.#leases)) return []
    this.#left.add(this.#leases)
    const request = { type: 'LeaseKeepAlive', ID: leaseId(this.#leases) } as const
    const [everyMs, until] = [60 + this.#random.below(120), from + 1200 + this.#random.below(3000)]
    const requests: { at: number; command: Command }[] = []
    for (let at = from; at < until; at += everyMs)
      requests.push({ at, command: { type: 'request', client: 'keeper', request, member } })
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
        const compare = [
          { key, target: 'VALUE', result: 'EQUAL', value: `${this.#values}` } as const,
        ]
        return {
          type: 'Txn',
          compare,
          success: [{ type: 'Put', key, value: this.#value() }],
          failure: [{ type: 'Range', key }],
        }
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

/** The faults of the cluster, chosen for its current state. */
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
    // Most faults concern the leader.
    const victim = this.#random.below(2) === 0 ? leader : pick(this.#random, names)
    const rest = names.filter((name) => name !== victim)
    const dice = this.#random.below(1 << names.length)
    switch (kind) {
      case 'crash':
        return one(fault({ type: 'crash', member: victim }))
      case 'pause': {
        // Frozen long enough to be deposed, while a client continues at another member.
        const quiet = this.#random.below(2) === 0 && rest.length > 0
        return {
          ...one(fault({ type: 'pause', member: victim })),
          ...(quiet
            ? { keeper: pick(this.#random, rest), quietMs: 1500 + this.#random.below(5000) }
            : {}),
        }
      }
      case 'isolateLeader': {
        const commands = [
          fault({ type: 'partition', groups: [[leader], names.filter((name) => name !== leader)] }),
        ]
        return this.#random.below(2) === 0
          ? { commands, keeper: leader, quietMs: 4500 + this.#random.below(2500) }
          : { commands }
      }
      case 'isolate':
        return one(fault({ type: 'partition', groups: [[victim], rest] }))
      case 'split': {
        const some = names.filter((_, i) => (dice >> i) & 1)
        return one(
          fault({
            type: 'partition',
            groups: [some, names.filter((name) => !some.includes(name))],
          }),
        )
      }
      case 'mend':
        return { commands: this.mend(sim).slice(0, 1) }
      case 'heal':
        return one(fault({ type: 'heal' }))
      case 'crashAll':
        return { commands: names.map((member) => fault({ type: 'crash', member })) }
      case 'moveLeader': {
        const target = pick(this.#random, sim.members)
        return one({
          type: 'request',
          client: 'admin',
          member: leader,
          request: { type: 'MoveLeader', targetID: target.options.ID },
        })
      }
    }
  }

  /**
   * Members that were shut down before the heal may end only afterwards. Every member of the
   * cluster is started again.
   */
  restarts(sim: Simulation): Command[] {
    const known = sim.known
    const down = sim.servers.filter(
      ({ member, state }) => state === 'down' && known.some(({ ID }) => ID === member.options.ID),
    )
    return down.map(({ member }) => fault({ type: 'restart', member: member.options.name }))
  }

  /** All commands that bring members back. */
  mend(sim: Simulation): Command[] {
    const out = sim.servers.filter(({ state }) => state !== 'up')
    return out.map(({ member, state }) =>
      fault({ type: state === 'down' ? 'restart' : 'resume', member: member.options.name }),
    )
  }
}

function one(command: Command): { commands: Command[] } {
  return { commands: [command] }
}

export function fault(fault: Fault): Command {
  return { type: 'fault', fault }
}

/** The leader of the newest term; undefined for none. */
export function leaderOf(sim: Simulation): string | undefined {
  const leaders = sim.servers.filter(
    ({ member, state }) => state !== 'down' && member.consensus.isLeader,
  )
  return leaders.sort((a, b) => b.member.term - a.member.term)[0]?.member.options.name
}

export function drawn<W extends Weights>(random: Random, weights: W): keyof W & string {
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

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!
}
