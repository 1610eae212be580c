// Calls that wait for consensus: proposals until this member applies them, a transfer of the
// leadership, a promotion (etcd: v3_server.go: processInternalRaftRequest). Each is a plain record
// with a deadline. Linearizable reads wait in read-loop.ts.

import { errors } from '../base/errors'
import type { MemberId, Request, RpcError } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { Origin } from './context'
import type { MemberAttributes, MembershipChange } from './membership'
import type { AskedProposal } from './proposal'
import type { Differences } from './versions'

export interface PendingProposal {
  type: 'proposal'
  /** Its number in this member's log entries; null before a leader has taken it. */
  id: number | null
  origin: Origin
  proposal: AskedProposal | MembershipChange | MemberAttributes
  startedAt: number
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

/** A promotion that the leader must confirm. */
export interface PendingPromotion {
  type: 'promotion'
  id: number
  origin: Origin
  ID: MemberId
  /** The leader that received it; null without a leader. */
  asked: MemberId | null
  deadlineAt: number
  cause: EventId
}

export type Pending = PendingProposal | PendingTransfer | PendingPromotion

/** The next deadline or retry of a call; Infinity for none. */
export function nextLook(pending: readonly Pending[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...pending.map(({ deadlineAt }) => deadlineAt))
}

/**
 * How etcd ends a call whose time is up (server.go: parseProposeCtxErr). `leadElectedAt`: the time
 * when this member last became the leader, null for never. Only such a member reports a leader
 * failure, because only it records the time (server.go: updateLeadership).
 */
export function timeoutOf(
  call: Pending,
  lead: string | null,
  leadElectedAt: number | null,
  electionMs: number,
  { neverProposedIsDeadline }: Pick<Differences, 'neverProposedIsDeadline'>,
): RpcError {
  if (call.type !== 'proposal') return errors.Timeout
  if (call.id === null && lead === null)
    return neverProposedIsDeadline ? errors.DeadlineExceeded : errors.NeverProposed
  const { startedAt } = call
  if (leadElectedAt === null) return errors.Timeout
  return startedAt > leadElectedAt - 2 * electionMs && startedAt < leadElectedAt
    ? errors.TimeoutDueToLeaderFail
    : errors.Timeout
}

/** The RPC of a call, as the trace names it. */
export function requestOf(call: Pending): Request['type'] {
  if (call.type === 'proposal')
    return call.proposal.type === 'MemberAttributes' ? 'MemberUpdate' : call.proposal.type
  return call.type === 'promotion' ? 'MemberPromote' : 'MoveLeader'
}
