// For the tests of versions.ts: the same run with a row on and off.

import { describe, test } from 'vitest'
import type { Reply, Request } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import type { Difference } from '../member/versions'
import type { Config, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

/**
 * A run in which a test sends requests to members by name; every answer is recorded with its time.
 */
export class Run {
  readonly trace: TraceEvent[] = []
  readonly sim: Simulation
  #clients = 0

  constructor(config: Partial<Config>) {
    this.sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, ...config }, 1, (event) =>
      this.trace.push(event),
    )
  }

  /** Sends a request as a new client, and returns the client's name. */
  send(request: Request, member: string): string {
    const client = `c${++this.#clients}`
    this.sim.submit({ type: 'request', client, request, member })
    return client
  }

  fault(fault: Fault): void {
    this.sim.submit({ type: 'fault', fault })
  }

  until(at: number): this {
    this.sim.advance(at)
    return this
  }

  /** The first answer to a client, and its time; undefined before an answer. */
  answer(client: string): { at: number; reply: Reply } | undefined {
    const event = this.trace.find(
      (other) => other.type === 'reply-received' && other.client === client,
    )
    return event?.type === 'reply-received' ? { at: event.at, reply: event.reply } : undefined
  }

  /** Sends a request, advances the time until the answer, and returns it. */
  ask(request: Request, member: string): Reply {
    const client = this.send(request, member)
    while (this.answer(client) === undefined) this.sim.step()
    return this.answer(client)!.reply
  }

  moveLeader(to: string): void {
    const leader = this.sim.members.find(({ consensus }) => consensus.isLeader)!.options.name
    const targetID = this.sim.members.find(({ options }) => options.name === to)!.options.ID
    this.send({ type: 'MoveLeader', targetID }, leader)
  }
}

/** Both sides of a row. Everything else is 3.4's, or set by `others`. */
export function row(
  difference: Difference,
  what: string,
  look: (differences: NonNullable<Config['differences']>, isOn: boolean) => void,
): void {
  describe(difference, () => {
    test(`on: ${what}`, () => look({ [difference]: true }, true))
    test('off: not so', () => look({ [difference]: false }, false))
  })
}
