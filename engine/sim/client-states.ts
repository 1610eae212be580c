// A client process may be paused, killed and restarted, and it has its own clock. The client's own
// times (deadlines of its loops, its beliefs) are on that clock; the schedule is on virtual time.
// This file converts between the two.

import type { ClientId } from '../base/trace'
import type { Clock } from '../clock/rate'
import { shownAt, TRUE_CLOCK, turned, virtualOf } from '../clock/rate'
import type { Due } from './moves'

export type ClientState = 'up' | 'paused' | 'down'

export interface SavedClientStates {
  states: { client: ClientId; state: ClientState; held: Due[] }[]
  clocks: (Clock & { client: ClientId })[]
  /** The ms by which clocks were set ahead, in total. */
  set: { client: ClientId; ms: number }[]
}

/** The state and clock of every client; a client that is not listed is up, with a true clock. */
export class ClientStates {
  #states = new Map<ClientId, { state: ClientState; held: Due[] }>()
  #clocks = new Map<ClientId, Clock>()
  #set = new Map<ClientId, number>()

  stateOf(client: ClientId): ClientState {
    return this.#states.get(client)?.state ?? 'up'
  }

  percentOf(client: ClientId): number {
    return this.#clockOf(client).percent
  }

  pause(client: ClientId): void {
    this.#states.set(client, { state: 'paused', held: [] })
  }

  /** Messages that came while it was paused are dropped. */
  crash(client: ClientId): void {
    this.#states.set(client, { state: 'down', held: [] })
  }

  /** It is up again. The messages that were kept for it come out. */
  wake(client: ClientId): Due[] {
    const held = this.#states.get(client)?.held ?? []
    this.#states.delete(client)
    return held
  }

  /** Keeps a message for a paused client until the client continues. */
  keep(client: ClientId, due: Due): void {
    this.#states.get(client)?.held.push(due)
  }

  /** The client's clock at a virtual time. */
  local(client: ClientId, at: number): number {
    return shownAt(this.#clockOf(client), at)
  }

  /** The virtual time when the client's clock will show that value, and not before. */
  virtual(client: ClientId, shown: number): number {
    return virtualOf(this.#clockOf(client), shown)
  }

  /**
   * When (virtual ms) a client's clock last changed its speed. How far it was ahead of the true
   * time on the wall then, with all later settings (negative: behind).
   */
  ahead(client: ClientId): { at: number; ahead: number } {
    const { virtual, local } = this.#clockOf(client)
    return { at: virtual, ahead: local + (this.#set.get(client) ?? 0) - virtual }
  }

  /**
   * Sets the wall clock ahead, or back where negative. Waits do not change: `local` is the
   * monotonic clock, which cannot be set.
   */
  setWall(client: ClientId, ms: number): void {
    this.#set.set(client, (this.#set.get(client) ?? 0) + ms)
  }

  setClock(client: ClientId, percent: number, now: number): void {
    this.#clocks.set(client, turned(this.#clockOf(client), percent, now))
  }

  save(): SavedClientStates {
    const byClient = <T extends { client: ClientId }>(a: T, b: T): number =>
      a.client < b.client ? -1 : 1
    return {
      states: [...this.#states]
        .map(([client, { state, held }]) => ({ client, state, held: [...held] }))
        .sort(byClient),
      clocks: [...this.#clocks].map(([client, clock]) => ({ client, ...clock })).sort(byClient),
      set: [...this.#set].map(([client, ms]) => ({ client, ms })).sort(byClient),
    }
  }

  static load({ states, clocks, set }: SavedClientStates): ClientStates {
    const loaded = new ClientStates()
    for (const { client, state, held } of states)
      loaded.#states.set(client, { state, held: [...held] })
    for (const { client, ...clock } of clocks) loaded.#clocks.set(client, clock)
    for (const { client, ms } of set) loaded.#set.set(client, ms)
    return loaded
  }

  #clockOf(client: ClientId): Clock {
    return this.#clocks.get(client) ?? TRUE_CLOCK
  }
}
