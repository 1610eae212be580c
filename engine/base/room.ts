// How many clients may be in a critical section at once.

/**
 * The most that a client which is in it agrees to, itself among them; absent for a client that
 * wants to be alone.
 */
export type Room = number | 'any'

/**
 * Whether more clients are in a section than one of them agrees to. `rooms`: of each client that is
 * in it.
 */
export function isCrowded(rooms: readonly (Room | undefined)[]): boolean {
  return rooms.some((room = 1) => room !== 'any' && rooms.length > room)
}
