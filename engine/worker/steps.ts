// Which events a step of each size looks for.

import type { TraceEvent } from '../base/trace'
import type { Machinery } from '../sim/choose'
import type { StepTo, StopOn } from './protocol'

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
 * Whether an event comes of a move that a person would choose, one card: messages of clients are,
 * and what members say to each other where that is not machinery.
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

/** What a lost message is called where a client sent it or would have received it. */
const OF_CLIENTS: ReadonlySet<string> = new Set([
  'open',
  'request',
  'reply',
  'cancel',
  'write',
  'answer',
])
