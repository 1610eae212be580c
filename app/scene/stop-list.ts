// The stops that an author writes: the page is ahead of the worker, which tells the list back with
// every Frame that has another one.

import type { Stop } from '../../engine/worker/protocol'

export interface StopList {
  list: readonly Stop[]
  /** The worker has not told this list back yet: what it tells meanwhile is older. */
  waits: boolean
  /**
   * Counts up where the stop at a place may be another one: with every list that came from
   * elsewhere (undo, another run), and where stops are deleted.
   */
  turn: number
}

export const NO_STOPS: StopList = { list: [], waits: false, turn: 0 }

/** The author has written another list. */
export function written(state: StopList, list: readonly Stop[]): StopList {
  if (isSame(state.list, list)) return state
  return { list, waits: true, turn: state.turn + (list.length < state.list.length ? 1 : 0) }
}

/** The worker has told a list. */
export function told(state: StopList, list: readonly Stop[]): StopList {
  if (isSame(state.list, list)) return state.waits ? { ...state, waits: false } : state
  return state.waits ? state : { list, waits: false, turn: state.turn + 1 }
}

/** The worker has refused the list, or another run is open: what it tells next counts. */
export function freed(state: StopList): StopList {
  return state.waits ? { ...state, waits: false } : state
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
