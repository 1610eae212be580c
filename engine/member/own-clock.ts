// The clock of one member's machine. All times of the member are on it: its lessor's deadlines, its
// ticks, its expiry loop, its waits. Outside the member time is virtual; only this file converts
// between the two.
//
//   virtual now ─▶ MemberContext (the clock's own now) ─▶ the member
//                                    ─▶ timers, and deadlines in its events ─▶ virtual
//
// The machine also has a wall clock, which shows the date and can be set forward or back. Only
// readers of the date notice that (semantics §1.14).

import type { LeaseId } from '../base/rpc'
import type { EventBody, EventId } from '../base/trace'
import type { Clock } from '../clock/rate'
import { grainMs, isTrue, shownAt, TRUE_CLOCK, turned, virtualOf } from '../clock/rate'
import type { LeaseInfo } from '../lease/lessor'
import type { MemberOutput, MemberTimer, MemberTrace } from './context'
import { MemberContext } from './context'

export interface SavedOwnClock {
  clock: Clock
  wallMs: number
  timers: { timer: MemberTimer; at: number }[]
}

export class OwnClock {
  #clock = TRUE_CLOCK
  #wallMs = 0
  /**
   * The timers, on the clock itself: a conversion to virtual time and back would lose the fractions
   * of a fast clock.
   */
  #timers = new Map<MemberTimer, number>()
  #firedAt: number | null = null

  /** The same machine with a new process: its timers are gone. */
  static of({ clock, wallMs }: Pick<SavedOwnClock, 'clock' | 'wallMs'>): OwnClock {
    const own = new OwnClock()
    own.#clock = clock
    own.#wallMs = wallMs
    return own
  }

  get percent(): number {
    return this.#clock.percent
  }

  get isTrue(): boolean {
    return isTrue(this.#clock)
  }

  get clock(): Clock {
    return this.#clock
  }

  /** Milliseconds by which the wall clock was set forward, in all. */
  get wallMs(): number {
    return this.#wallMs
  }

  stepWall(ms: number): void {
    this.#wallMs += ms
  }

  /** From `now` (virtual) on it runs at this rate in percent. */
  change(percent: number, now: number): void {
    this.#clock = turned(this.#clock, percent, now)
  }

  /**
   * The virtual ms of a timer; undefined for a timer that is not set or that does not use the
   * clock.
   */
  dueAt(timer: MemberTimer): number | undefined {
    const at = this.#timers.get(timer)
    return at === undefined ? undefined : virtualOf(this.#clock, at)
  }

  /** The timer has fired: it is not set any more. */
  fired(timer: MemberTimer): void {
    this.#firedAt = this.#timers.get(timer) ?? null
    this.#timers.delete(timer)
  }

  /** The time on the clock itself for which the last fired timer was set; null if unknown. */
  get firedAt(): number | null {
    return this.#firedAt
  }

  /** One input at the virtual time `now`. */
  context(now: number, trace: MemberTrace, cause: EventId): MemberContext {
    if (this.isTrue) return new MemberContext(now, trace, cause)
    return new MemberContext(
      shownAt(this.#clock, now),
      this.#outward(trace),
      cause,
      grainMs(this.#clock),
    )
  }

  /** The outputs of a step, in virtual time. */
  outputs({ outputs, now: shown }: MemberContext, now: number): MemberOutput[] {
    for (const output of outputs) {
      if (output.type !== 'timer') continue
      // The disk does not depend on the clock: it has its own speed.
      if (output.timer === 'disk') output.at = output.at === null ? null : now + output.at - shown
      else output.at = this.#set(output.timer, output.at)
    }
    return outputs
  }

  /** Virtual milliseconds when the clock shows this time; Infinity is never. */
  virtual(shown: number): number {
    return virtualOf(this.#clock, shown)
  }

  /** The time that the clock shows at a virtual time. */
  shown(at: number): number {
    return shownAt(this.#clock, at)
  }

  /**
   * The deadlines in a promotion's event: those that are not the promotion's virtual time plus the
   * extension and the TTL. On a clock that is not true these are all.
   */
  promised(otherwise: [LeaseId, number][], leases: () => LeaseInfo[]): [LeaseId, number][] {
    return this.isTrue
      ? otherwise
      : leases().map(({ id, deadline }) => [id, this.virtual(deadline)])
  }

  /** A lease of the lessor, in virtual time. */
  leaseOutward(info: LeaseInfo): LeaseInfo {
    if (this.isTrue) return info
    const { deadline, grantedAt, renewedAt } = info
    return {
      ...info,
      deadline: this.virtual(deadline),
      grantedAt: this.virtual(grantedAt),
      renewedAt: renewedAt === null ? null : this.virtual(renewedAt),
    }
  }

  save(): SavedOwnClock {
    const timers = [...this.#timers]
      .map(([timer, at]) => ({ timer, at }))
      .sort((a, b) => (a.timer < b.timer ? -1 : 1))
    return { clock: { ...this.#clock }, wallMs: this.#wallMs, timers }
  }

  static load(saved: SavedOwnClock): OwnClock {
    const own = OwnClock.of(saved)
    for (const { timer, at } of saved.timers) own.#timers.set(timer, at)
    return own
  }

  #set(timer: MemberTimer, at: number | null): number | null {
    if (at === null) {
      this.#timers.delete(timer)
      return null
    }
    this.#timers.set(timer, at)
    return virtualOf(this.#clock, at)
  }

  #outward(trace: MemberTrace): MemberTrace {
    const clock = this.#clock
    return {
      emit: (body: EventBody, ...causes: EventId[]) => {
        if ('deadline' in body) body.deadline = virtualOf(clock, body.deadline)
        return trace.emit(body, ...causes)
      },
      tells: (index) => trace.tells(index),
      connectedFor: (member, to) => {
        const ms = trace.connectedFor(member, to)
        return ms === null ? null : Math.floor((ms * clock.percent) / 100)
      },
    }
  }
}
