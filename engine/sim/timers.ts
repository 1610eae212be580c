// Timers in the schedule, found by owner and name. Each owner has one timer of a name. Setting it
// again moves it, so no due timer is ever stale.

import type { MemberName } from '../base/trace'
import type { Schedule } from '../clock/schedule'
import type { Due, Timer } from './moves'

export class Timers {
  readonly #schedule: Schedule<Due>
  /** The sequence number of each set timer. */
  readonly #set = new Map<string, number>()

  /** Timers that are already in the schedule count as set. */
  constructor(schedule: Schedule<Due>) {
    this.#schedule = schedule
    for (const { seq, entry } of schedule.list())
      if (isTimer(entry)) this.#set.set(nameOf(entry), seq)
  }

  /** Sets a timer (virtual ms), or moves it; null cancels it. */
  set(at: number | null, timer: Timer): void {
    const name = nameOf(timer)
    const set = this.#set.get(name)
    if (set !== undefined) this.#schedule.cancel(set)
    if (at === null) this.#set.delete(name)
    else this.#set.set(name, this.#schedule.add(at, timer))
  }

  /** The timer has left the schedule, because its time has come. */
  fired(timer: Timer): void {
    this.#set.delete(nameOf(timer))
  }

  /** All timers of a member are cancelled. */
  dropOf(member: MemberName): void {
    for (const { seq, entry } of this.#schedule.list()) {
      if (entry.type !== 'member-timer' || entry.member !== member) continue
      this.#schedule.cancel(seq)
      this.#set.delete(nameOf(entry))
    }
  }

  /** Moves that were kept come now: timers as timers, messages as they are. */
  bringBack(held: readonly Due[], now: number): void {
    for (const due of held) {
      if (isTimer(due)) this.set(now, due)
      else this.#schedule.add(now, due)
    }
  }
}

export function isTimer(due: Due): due is Timer {
  return (
    due.type === 'member-timer' ||
    due.type === 'client-timer' ||
    due.type === 'connection-timer' ||
    due.type === 'shell-timer'
  )
}

function nameOf(timer: Timer): string {
  switch (timer.type) {
    case 'member-timer':
      return `${timer.type} ${timer.member} ${timer.timer}`
    case 'client-timer':
      return `${timer.type} ${timer.client} ${timer.timer}`
    case 'connection-timer':
      return `${timer.type} ${timer.client} ${timer.member}`
    case 'shell-timer':
      return `${timer.type} ${timer.terminal} ${timer.timer}`
  }
}
