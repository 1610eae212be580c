// The number of clients that may be in a critical section at once.

/**
 * The most clients that a client in the section accepts, itself included. Absent for a client that
 * needs the section alone.
 */
export type Room = number | 'any'

/**
 * Whether a section has more clients than one of them accepts. `rooms` has one entry for each
 * client in the section.
 */
export function isCrowded(rooms: readonly (Room | undefined)[]): boolean {
  return rooms.some((room = 1) => room !== 'any' && rooms.length > room)
}
