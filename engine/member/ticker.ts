// Raft's clock in one member: a tick every heartbeat interval, in a phase of its own. It stands
// still in a leader that is alone, which has nobody to hear from and nobody to tell.

import type { EventId } from '../base/trace'
import type { Consensus } from './consensus'
import type { MemberContext } from './context'
import type { MemberOptions } from './member-options'

/** Ticks for which a member trusts that it still leads (server.go: isActive). */
const ACTIVE_TICKS = 3

export type SavedTicker = [last: number, before: number]

export class Ticker {
  /** When it last ticked, and when the instant before. */
  #ticks: SavedTicker = [0, 0]

  start({ tickPhaseMs }: MemberOptions, context: MemberContext, cause: EventId): void {
    this.#ticks = [context.now, context.now]
    context.timer('tick', context.now + tickPhaseMs, cause)
  }

  /** One tick, and the next one is set. `setFor`: for when this one was set. */
  tick(
    consensus: Consensus,
    { heartbeatMs }: MemberOptions,
    setFor: number,
    context: MemberContext,
    cause: EventId,
  ): void {
    if (consensus.tick() && context.now > this.#ticks[0])
      this.#ticks = [context.now, this.#ticks[0]]
    if (!leadsAlone(consensus)) context.timer('tick', context.onTime(setFor) + heartbeatMs, cause)
  }

  /** The clock goes on, in its old phase, where the member is alone no more. */
  goOn({ heartbeatMs, tickPhaseMs }: MemberOptions, context: MemberContext): void {
    const [last, before] = this.#ticks
    const base = last === before ? last + tickPhaseMs : last
    const lastTick = base + Math.floor((context.now - base) / heartbeatMs) * heartbeatMs
    this.#ticks = [lastTick, lastTick - heartbeatMs]
    context.timer('tick', lastTick + heartbeatMs, context.cause)
  }

  /**
   * Its last tick is younger than three (server.go: isActive). A tick of this very instant does not
   * count: in a process that wakes, whoever asks may have come before it. A leader that is alone
   * does not tick here, and has nobody to depose it.
   */
  isActive(consensus: Consensus, { heartbeatMs }: MemberOptions, now: number): boolean {
    const [last, before] = this.#ticks
    return consensus.isAlone || now - (last === now ? before : last) < ACTIVE_TICKS * heartbeatMs
  }

  save(): SavedTicker {
    return [...this.#ticks]
  }

  static load(saved: SavedTicker): Ticker {
    const ticker = new Ticker()
    ticker.#ticks = [...saved]
    return ticker
  }
}

export function leadsAlone(consensus: Consensus): boolean {
  return consensus.isLeader && consensus.isAlone
}
