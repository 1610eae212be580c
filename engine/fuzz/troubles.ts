// What is done to links, disks and clocks, and who is asked to end, in one run of three: the others
// show what the faults of plan.ts do by themselves. All of it comes from one stream of its
// own, so that the runs without are what they were.

import { Random } from '../base/random'
import type { Command } from '../sim/command'
import type { Simulation } from '../sim/simulation'
import type { FuzzOptions } from './plan'
import { drawn, fault, leaderOf, pick } from './plan'

const TROUBLES = {
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
/** Milliseconds that a write takes at times. */
const DISKS = [0, 20, 200, 800] as const
/**
 * Milliseconds after which a disk that hangs is well again. What is written before takes seconds.
 */
const HANGS_FOR_MS = 400
const PERCENTS = [50, 80, 95, 100, 105, 125, 200] as const

/** What is done now, what follows later, and whom a client clings to meanwhile (Clients.keeper). */
export interface Trouble {
  commands: Command[]
  keeper?: string
  later?: { afterMs: number; command: Command }
}

/** What becomes of the network, disks and clocks, resolved against how they stand. */
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

  next(sim: Simulation): Trouble {
    const names = sim.servers.map(({ member }) => member.options.name)
    const [member, other] = [pick(this.#random, names), pick(this.#random, names)]
    const kind = drawn(this.#random, TROUBLES)
    const value = this.#random.below(40)
    if (kind === 'hang') return this.#hang(sim, names, value)
    return { commands: this.#commands(kind, { sim, names, member, other, value }) }
  }

  /**
   * The disk of the leader hangs for one write. The others elect a leader, and a client renews a
   * lease there.
   */
  #hang(sim: Simulation, names: readonly string[], value: number): Trouble {
    const leader = leaderOf(sim)
    const rest = names.filter((name) => name !== leader)
    if (leader === undefined || rest.length === 0) return { commands: [] }
    const disk = (ms: number): Command => fault({ type: 'disk', member: leader, ms })
    const later = { afterMs: HANGS_FOR_MS, command: disk(sim.config.diskMs ?? 0) }
    return { commands: [disk(3000 + value * 100)], keeper: pick(this.#random, rest), later }
  }

  #commands(
    kind: Exclude<keyof typeof TROUBLES, 'hang'>,
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
        // The leader alone with the learners. A member that was added has no name before it starts.
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
        // What is lost on a connection is sent again, and all that comes after it waits: where that
        // happens to every link it is rare.
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

  /** One message that is on its way does not arrive, or late, or at once. */
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

  /** Everything that makes links, disks and clocks whole again. */
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
