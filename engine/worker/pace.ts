// The speed of the clock while clients' messages fly, so that a viewer can see them. The run does
// not depend on it: the clock decides when a step is taken, never which.

import type { TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'

/** The minimum of the viewer's milliseconds for a flight. */
export const FLIGHT_MS = 350
/** The clock slows down only up to this number of clients' requests in one virtual second. */
export const MOST_REQUESTS = 3
const SECOND = 1000

/** A message in flight, in virtual ms. */
export interface Flight {
  sent: number
  due: number
}

/**
 * Virtual ms per ms of the viewer's time. Above real time, and during many requests, it is the
 * chosen speed.
 */
export function speedAt(
  chosen: number,
  now: number,
  flights: readonly Flight[],
  recentRequests: number,
): number {
  if (chosen > 1 || recentRequests > MOST_REQUESTS) return chosen
  let speed = chosen
  // A message without latency cannot be seen; a late one is due at once.
  for (const { sent, due } of flights)
    if (due > now && due > sent) speed = Math.min(speed, (due - sent) / FLIGHT_MS)
  return speed
}

/**
 * The requests and answers of clients in flight, including writes to the storage and their answers.
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
 * The number of clients' requests and writes within the second before `now`, counted up to one more
 * than `MOST_REQUESTS`. `last`: the last event before `now`.
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
  /** The whole ms to advance to. */
  to: number
  /** The fraction of a ms that has passed beyond it. */
  carry: number
  /** The rest of the frame. */
  wallMs: number
}

/** Advances from `now` and its fraction of a ms until the next step, or until the frame is over. */
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

/** The place of a run: a `Timeline` is one. */
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
