// Faults of links, disks and clocks, and shutdowns, in one run of three. The other runs show the
// effects of plan.ts's faults alone. They have their own random stream, so that runs without them
// do not change.

import { Random } from '../base/random'
import type { Command } from '../sim/command'
import type { Simulation } from '../sim/simulation'
import type { FuzzOptions } from './plan'
import { drawn, fault, leaderOf, pick } from './plan'

const WEIGHTS = {
  loss: 3,
  duplicate: 2,
  reorder: 2,
  jitter: 2,
  delay: 1,
  cut: 3,
  corner: 2,
  disk: 2,
  hang: 3,
  stop: 3,
  clock: 2,
  wall: 1,
  message: 4,
  heal: 2,
}
/** Possible milliseconds of a disk write. */
const DISKS = [0, 20, 200, 800] as const
/** Milliseconds after which a hanging disk recovers. A write before that takes seconds. */
const HANGS_FOR_MS = 400
const PERCENTS = [50, 80, 95, 100, 105, 125, 200] as const

/**
 * The commands for now and for later, and the member that a client uses meanwhile (Clients.keeper).
 */
export interface EnvironmentFault {
  commands: Command[]
  keeper?: string
  later?: { afterMs: number; command: Command }
}

/** Faults of the network, disks and clocks, chosen for their current state. */
export class EnvironmentFaults {
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

  next(sim: Simulation): EnvironmentFault {
    const names = sim.servers.map(({ member }) => member.options.name)
    const [member, other] = [pick(this.#random, names), pick(this.#random, names)]
    const kind = drawn(this.#random, WEIGHTS)
    const value = this.#random.below(40)
    if (kind === 'hang') return this.#hang(sim, names, value)
    return { commands: this.#commands(kind, { sim, names, member, other, value }) }
  }

  /**
   * The disk of the leader hangs for one write. The others elect a leader, and a client renews a
   * lease there.
   */
  #hang(sim: Simulation, names: readonly string[], value: number): EnvironmentFault {
    const leader = leaderOf(sim)
    const rest = names.filter((name) => name !== leader)
    if (leader === undefined || rest.length === 0) return { commands: [] }
    const disk = (ms: number): Command => fault({ type: 'disk', member: leader, ms })
    const later = { afterMs: HANGS_FOR_MS, command: disk(sim.config.diskMs ?? 0) }
    return { commands: [disk(3000 + value * 100)], keeper: pick(this.#random, rest), later }
  }

  #commands(
    kind: Exclude<keyof typeof WEIGHTS, 'hang'>,
    {
      sim,
      names,
      member,
      other,
      value,
    }: { sim: Simulation; names: string[]; member: string; other: string; value: number },
  ): Command[] {
    switch (kind) {
      case 'cut': {
        const to = names.filter((name) => name !== member && (value < 20 || name === other))
        return value % 2 === 0
          ? [fault({ type: 'cut', from: [member], to })]
          : [fault({ type: 'cut', from: to, to: [member] })]
      }
      case 'corner': {
        // The leader alone with the learners. An added member has no name before it starts.
        const learners = sim.known
          .filter(({ isLearner, name }) => isLearner && name !== '')
          .map(({ name }) => name)
        const corner = [leaderOf(sim) ?? member, ...learners]
        return [
          fault({
            type: 'partition',
            groups: [corner, names.filter((name) => !corner.includes(name))],
          }),
        ]
      }
      case 'disk':
        return [fault({ type: 'disk', member, ms: DISKS[value % DISKS.length]! })]
      case 'stop':
        return [fault({ type: 'stop', member })]
      case 'clock':
        return [
          fault({ type: 'member-clock', member, percent: PERCENTS[value % PERCENTS.length]! }),
        ]
      case 'wall':
        return [
          fault({ type: 'wall-clock', member, seconds: value < 20 ? value - 20 : value - 19 }),
        ]
      case 'message':
        return this.#tamper(sim, value)
      case 'heal':
        return [fault({ type: 'heal' })]
      default: {
        // A connection sends lost messages again, and all later messages wait. So faults of every
        // link are rare.
        const everywhere = value < 8 || member === other
        const link = everywhere
          ? null
          : { from: member, to: other, ...(value % 3 === 0 ? { oneWay: true as const } : {}) }
        return [
          fault({
            type: 'link',
            link,
            dial: kind,
            value:
              kind === 'jitter' ? value * 4 : everywhere && kind === 'loss' ? value % 8 : value,
          }),
        ]
      }
    }
  }

  /** One message in flight is dropped, delayed, or delivered at once. */
  #tamper(sim: Simulation, value: number): Command[] {
    const flights = sim
      .moves()
      .flatMap(({ due }) =>
        due.type === 'deliver-peer'
          ? [due.delivery.id]
          : due.type === 'deliver'
            ? [due.message.id]
            : [],
      )
    if (flights.length === 0) return []
    const message = pick(this.#random, flights)
    const fate = (['deliver', 'drop', 'delay'] as const)[value % 3]!
    return [
      fault(
        fate === 'delay'
          ? { type: 'message', message, fate, ms: 1 + value * 40 }
          : { type: 'message', message, fate },
      ),
    ]
  }

  /** All commands that heal links, disks and clocks. */
  mend(sim: Simulation): Command[] {
    const { diskMs = 0 } = sim.config
    return sim.members.flatMap((member) => {
      const { name } = member.options
      return [
        ...(member.options.diskMs === diskMs
          ? []
          : [fault({ type: 'disk', member: name, ms: diskMs })]),
        ...(member.clockPercent === 100
          ? []
          : [fault({ type: 'member-clock', member: name, percent: 100 })]),
      ]
    })
  }
}
