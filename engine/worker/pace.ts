// How fast the clock runs while messages of clients fly, so that a viewer can see them. The run
// does not depend on any of it: the clock decides when a step is taken, never which.

import type { TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'

/** Milliseconds of the viewer's time that a flight takes at least. */
export const FLIGHT_MS = 350
/** Requests of clients within one virtual second up to which the clock slows down. */
export const MOST_REQUESTS = 3
const SECOND = 1000

/** A message on its way, in virtual ms. */
export interface Flight {
  sent: number
  due: number
}

/**
 * Virtual ms per ms of the viewer's time at an instant. Above real time, and while clients send
 * much, it is the speed that was chosen.
 */
export function speedAt(
  chosen: number,
  now: number,
  flights: readonly Flight[],
  recentRequests: number,
): number {
  if (chosen > 1 || recentRequests > MOST_REQUESTS) return chosen
  let speed = chosen
  // A message that takes no time cannot be seen; one that is late is due at once.
  for (const { sent, due } of flights)
    if (due > now && due > sent) speed = Math.min(speed, (due - sent) / FLIGHT_MS)
  return speed
}

/**
 * The requests and answers of clients that are in flight, writes to the storage and their answers
 * included.
 */
export function flightsOf(sim: Simulation): Flight[] {
  const flights: Flight[] = []
  for (const { due } of sim.moves()) {
    if (due.type === 'deliver-write') flights.push({ sent: due.write.sentAt, due: due.write.dueAt })
    if (due.type === 'deliver' && due.message.body.type !== 'cancel')
      flights.push({ sent: due.message.sentAt, due: due.message.dueAt })
  }
  return flights
}

/**
 * How many requests and writes clients have sent within the second before `now`; more than
 * `MOST_REQUESTS` are not counted. `last`: the last event before `now`.
 */
export function recentRequests(trace: readonly TraceEvent[], last: number, now: number): number {
  let count = 0
  for (let i = last - 1; i >= 0 && count <= MOST_REQUESTS; i--) {
    const { type, at } = trace[i]!
    if (at <= now - SECOND) break
    if (type === 'request-sent' || type === 'write-sent') count++
  }
  return count
}

/** A part of a frame at one speed. Times are virtual ms, `wallMs` is the viewer's. */
export interface Leg {
  /** The whole ms to go to. */
  to: number
  /** The part of a ms that has passed beyond it. */
  carry: number
  /** What is left of the frame. */
  wallMs: number
}

/**
 * Goes on from `now` and the part of a ms beyond it: until the next step, or until the frame is
 * over.
 */
export function leg(
  now: number,
  carry: number,
  wallMs: number,
  speed: number,
  nextAt: number,
): Leg {
  const asked = wallMs * speed + carry
  const whole = Math.floor(asked)
  if (nextAt > now + whole) return { to: now + whole, carry: asked - whole, wallMs: 0 }
  const to = Math.max(now, nextAt)
  return {
    to,
    carry: 0,
    wallMs: to === now ? wallMs : Math.max(0, wallMs - (to - now - carry) / speed),
  }
}

/** Where a run stands: a `Timeline` is one. */
interface Cursor {
  readonly sim: Simulation
  readonly trace: readonly TraceEvent[]
  readonly lastEvent: number
  readonly now: number
}

/** `speedAt` of a run at its cursor. */
export function speedOf({ sim, trace, lastEvent, now }: Cursor, chosen: number): number {
  if (chosen > 1) return chosen
  const recent = recentRequests(trace, lastEvent, now)
  return speedAt(chosen, now, recent > MOST_REQUESTS ? [] : flightsOf(sim), recent)
}
