// The events that a step of each size seeks, and the way there.

import type { TraceEvent } from '../base/trace'
import type { Timeline } from '../replay/timeline'
import type { Machinery } from '../sim/choose'
import type { StepTo, StopOn } from './protocol'
import { isQuiet } from './quiet'

/** The maximum of steps of "next event": more than a virtual day of a lone member's passes. */
const STEP_LIMIT = 200_000
/** Virtual ms in which a client has to begin another line. */
const STEP_CLIENT_MS = 10_000

export const STOPS: Record<StopOn, (event: TraceEvent) => boolean> = {
  'lease-end': ({ type }) => type === 'lease-revoked',
  'lease-event': ({ level }) => level === 'lease',
}

export const STEPS: Record<
  Exclude<StepTo, 'move' | 'difference'>,
  (event: TraceEvent) => boolean
> = {
  event: ({ level }) => level !== 'machinery',
  lease: ({ level }) => level === 'lease',
  fault: ({ level }) => level === 'fault',
}

/**
 * One step of that size. `machinery` tells which moves are no separate step. If only the members'
 * own loops are due, a step forward does nothing.
 */
export function step(
  run: Timeline,
  to: Exclude<StepTo, 'difference'>,
  back: boolean,
  machinery: Machinery,
): void {
  const fits =
    to === 'move' ? (event: TraceEvent): boolean => isOfCard(event, machinery) : STEPS[to]
  if (!back && !isQuiet(run)) run.stepUntil(fits, STEP_LIMIT)
  if (back && to === 'move') run.stepBefore(fits)
  else if (back) run.stepBack(fits)
}

/** Plays until that client begins another line of its program. */
export function stepClient(run: Timeline, client: string): void {
  const from = run.now
  const begins = (event: TraceEvent): boolean =>
    event.type === 'program-line' && event.client === client
  run.stepUntil((event) => begins(event) || event.at >= from + STEP_CLIENT_MS, STEP_LIMIT)
}

/**
 * Whether an event belongs to a move that a person would choose, one card: clients' messages, and
 * members' messages that are not machinery.
 */
export function isOfCard(event: TraceEvent, machinery: Machinery): boolean {
  if (event.level !== 'machinery') return true
  switch (event.type) {
    case 'request-received':
    case 'stream-closed':
      return true
    case 'peer-received':
      return machinery === 'ticks' && !/^MsgHeartbeat/.test(event.what)
    case 'message-lost':
      return (
        OF_CLIENTS.has(event.what) || (machinery === 'ticks' && !/^MsgHeartbeat/.test(event.what))
      )
    default:
      return false
  }
}

/** The names of lost messages that a client sent or would have received. */
const OF_CLIENTS: ReadonlySet<string> = new Set([
  'open',
  'request',
  'reply',
  'cancel',
  'write',
  'answer',
])
