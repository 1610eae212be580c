// Raft's clock in one member: a tick every heartbeat interval, in a phase of its own. It stops in a
// lone leader, which has no peers.

import type { EventId } from '../base/trace'
import type { Consensus } from './consensus'
import type { MemberContext } from './context'
import type { MemberOptions } from './member-options'

/** Ticks for which a member trusts that it still leads (server.go: isActive). */
const ACTIVE_TICKS = 3

export type SavedTicker = [last: number, before: number]

export class Ticker {
  /** The times of the last tick and of the one before. */
  #ticks: SavedTicker = [0, 0]

  start({ tickPhaseMs }: MemberOptions, context: MemberContext, cause: EventId): void {
    this.#ticks = [context.now, context.now]
    context.timer('tick', context.now + tickPhaseMs, cause)
  }

  /** One tick; sets the next one. `setFor`: the time for which this one was set. */
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

  /** The clock continues in its old phase when the member is no longer alone. */
  goOn({ heartbeatMs, tickPhaseMs }: MemberOptions, context: MemberContext): void {
    const [last, before] = this.#ticks
    const base = last === before ? last + tickPhaseMs : last
    const lastTick = base + Math.floor((context.now - base) / heartbeatMs) * heartbeatMs
    this.#ticks = [lastTick, lastTick - heartbeatMs]
    context.timer('tick', lastTick + heartbeatMs, context.cause)
  }

  /**
   * Its last tick is less than three ticks old (server.go: isActive). A tick at this very time does
   * not count: in a process that resumes, the check may come before the tick. A lone leader does
   * not tick here, and no other member can depose it.
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
