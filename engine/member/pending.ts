// Who waits for consensus: proposals until this member applies them, linearizable reads until their point is applied (etcd: v3_server.go: processInternalRaftRequest,
// linearizableReadNotify). Each is a plain record with a deadline.

import { errors } from '../base/errors'
import type { MemberId, RangeRequest, Request, RpcError, TxnRequest } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { AskedProposal } from './apply'
import type { MemberAttributes, MembershipChange } from './membership'
import type { Origin } from './turn'
import type { Differences } from './versions'

/** Milliseconds after which a read that has not been confirmed is asked for again (v3_server.go: readIndexRetryTime). */
export const READ_RETRY_MS = 500

export interface PendingProposal {
  type: 'proposal'
  /** Its number in this member's log entries; null while it has not been taken (no leader is known). */
  id: number | null
  origin: Origin
  proposal: AskedProposal | MembershipChange | MemberAttributes
  startedAt: number
  deadlineAt: number
  cause: EventId
}

export interface PendingRead {
  type: 'read'
  /** The context of its last question to the leader. */
  context: string
  origin: Origin
  request: RangeRequest | TxnRequest
  retryAt: number
  deadlineAt: number
  cause: EventId
}

export interface PendingTransfer {
  type: 'transfer'
  origin: Origin
  to: string
  deadlineAt: number
  cause: EventId
}

/** A promotion that the leader is asked for. */
export interface PendingPromotion {
  type: 'promotion'
  id: number
  origin: Origin
  ID: MemberId
  /** Null while there is no leader to ask. */
  asked: MemberId | null
  deadlineAt: number
  cause: EventId
}

export type Pending = PendingProposal | PendingRead | PendingTransfer | PendingPromotion

/** When one of them has to be looked at; Infinity for never. */
export function nextLook(pending: readonly Pending[]): number {
  let next = Number.POSITIVE_INFINITY
  for (const call of pending) next = Math.min(next, call.deadlineAt, call.type === 'read' ? call.retryAt : Number.POSITIVE_INFINITY)
  return next
}

/** How etcd ends a call whose time is up (v3_server.go: parseProposeCtxErr). */
export function timeoutOf(
  call: Pending,
  lead: string | null,
  leadElectedAt: number,
  electionMs: number,
  { neverProposedIsDeadline }: Pick<Differences, 'neverProposedIsDeadline'>,
): RpcError {
  if (call.type !== 'proposal') return errors.Timeout
  if (call.id === null && lead === null) return neverProposedIsDeadline ? errors.DeadlineExceeded : errors.NeverProposed
  const { startedAt } = call
  return startedAt > leadElectedAt - 2 * electionMs && startedAt < leadElectedAt ? errors.TimeoutDueToLeaderFail : errors.Timeout
}

/** The RPC that a call is the answer to, as the trace names it. */
export function requestOf(call: Pending): Request['type'] {
  if (call.type === 'proposal') return call.proposal.type === 'MemberAttributes' ? 'MemberUpdate' : call.proposal.type
  if (call.type === 'promotion') return 'MemberPromote'
  return call.type === 'read' ? call.request.type : 'MoveLeader'
}
