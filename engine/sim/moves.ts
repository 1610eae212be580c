// The moves that may come next. Play takes the first one by (time, sequence). Taking another one is
// a command, which the recording keeps.

import type { LeaseId, Reply, Request, StreamCall } from '../base/rpc'
import type { ClientId, EventId, MemberName } from '../base/trace'
import type { ClientTimer } from '../client/context'
import type { MemberTimer, PeerMessage } from '../member/member'

/** The `rpc` of the message that reports the closed end of a member's connection. */
export const CONNECTION = 0

/** A message between a client and a member. */
export interface Message {
  id: number
  client: ClientId
  member: MemberName
  rpc: number
  /** The epoch of its connection (network/connection.ts). */
  epoch: number
  body:
    | { type: 'open'; call: StreamCall; requiresLeader?: boolean }
    | { type: 'request'; request: Request; requiresLeader?: boolean }
    | { type: 'reply'; reply: Reply }
    | { type: 'cancel' }
  sentAt: number
  dueAt: number
  /** It will not arrive, by chance or by hand. */
  lost?: true
  /** Its receiver was frozen when it arrived, so no cut stops it any more. */
  arrived?: true
  /** The event of its sending. */
  cause: EventId
}

/** A message between two members. */
export interface PeerDelivery {
  id: number
  from: MemberName
  to: MemberName
  message: PeerMessage
  sentAt: number
  dueAt: number
  /** It will not arrive, by chance or by hand. */
  lost?: true
  cause: EventId
}

/** A write on its way to the guarded resource, or its answer on the way back. */
export interface Write {
  id: number
  client: ClientId
  value: string
  token: number | null
  /** The lease that its writer was granted last. */
  lease: LeaseId | null
  /** Null on the way there. */
  accepted: boolean | null
  sentAt: number
  dueAt: number
  /** It will not arrive, by chance or by hand. */
  lost?: true
  /** Its receiver was frozen when it arrived, so no cut stops it any more. */
  arrived?: true
  cause: EventId
}

/** A timer to fire: each owner has one of a name. */
export type Timer =
  | { type: 'member-timer'; member: MemberName; timer: MemberTimer; cause: EventId }
  | { type: 'client-timer'; client: ClientId; timer: ClientTimer; cause: EventId }
  /** An attempt to connect, its end, or the answer to a ping that did not come. */
  | { type: 'connection-timer'; client: ClientId; member: MemberName; cause: EventId }
  | { type: 'shell-timer'; terminal: ClientId; timer: string; cause: EventId }

/** Something that is due: a message to deliver or a timer to fire. */
export type Due =
  | { type: 'deliver'; message: Message }
  | { type: 'deliver-peer'; delivery: PeerDelivery }
  | { type: 'deliver-write'; write: Write }
  | Timer

/** A possible next move. `id` is the sequence number that selects it; `at` is virtual ms. */
export interface Move {
  id: number
  at: number
  due: Due
}

/** Whether more may follow on the same call. */
export function isStreamed({ type }: Reply): boolean {
  return type === 'Watch' || type === 'LeaseKeepAlive' || type === 'Leader'
}

/** The due moves that a frozen process still gets: its operating system has taken the message. */
export function arrived(due: Due): Due {
  switch (due.type) {
    case 'deliver':
      return { ...due, message: { ...due.message, arrived: true } }
    case 'deliver-write':
      return { ...due, write: { ...due.write, arrived: true } }
    default:
      return due
  }
}
