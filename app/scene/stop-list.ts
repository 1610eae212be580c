// The stops that an author writes. The page is ahead of the worker. The worker sends the list back
// with every Frame whose list has changed.

import type { Stop } from '../../engine/worker/protocol'

export interface StopList {
  list: readonly Stop[]
  /** The worker has not confirmed this list yet: any list that it sends meanwhile is older. */
  waits: boolean
  /**
   * Increases when the stop at a position may be another stop. That happens with every list from
   * elsewhere (undo, another run), and when stops are deleted.
   */
  turn: number
}

export const NO_STOPS: StopList = { list: [], waits: false, turn: 0 }

/** The author has written a different list. */
export function written(state: StopList, list: readonly Stop[]): StopList {
  if (isSame(state.list, list)) return state
  return { list, waits: true, turn: state.turn + (list.length < state.list.length ? 1 : 0) }
}

/** The worker has sent a list. */
export function told(state: StopList, list: readonly Stop[]): StopList {
  if (isSame(state.list, list)) return state.waits ? { ...state, waits: false } : state
  return state.waits ? state : { list, waits: false, turn: state.turn + 1 }
}

/**
 * The worker has refused the list, or another run is open: the next list from the worker counts.
 */
export function freed(state: StopList): StopList {
  return state.waits ? { ...state, waits: false } : state
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
