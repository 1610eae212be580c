// The group as one member takes part in it: what it is asked to change, what the others pass on to
// it, and what a change does once it is applied (etcd: server.go: AddMember …, applyConfChange;
// semantics §6.7).

import { errors } from '../base/errors'
import type { MemberId, Reply } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { Around } from './around'
import type { Calls } from './calls'
import type { ConfChangeEntry } from './consensus'
import type { MemberAttributes, MembershipChange, MembershipRequest } from './membership'
import { idOf, isChange } from './membership'
import type { ClusterMessage } from './messages'
import { judged } from './reconfiguration'
import type { RequestIds } from './request-ids'
import type { Origin } from './turn'

/** Milliseconds after which a member that was removed ends (server.go: stopWithDelay). */
const REMOVED_STOPS_MS = 1000

export interface GroupContext extends Around {
  readonly calls: Calls
  readonly ids: RequestIds
  /** What its wall clock is ahead of its own. */
  readonly wallMs: number
}

export function answerMembership(
  origin: Origin,
  request: MembershipRequest,
  context: GroupContext,
  cause: EventId,
): void {
  const { turn, options, membership, consensus, calls, ids } = context
  if (request.type === 'MemberList')
    return turn.answer(
      origin,
      { type: 'MemberList', header: context.header(0), members: membership.list() },
      cause,
    )
  const { ID: self, startedAtMs } = options
  const connectedFor = (id: MemberId) => turn.trace.connectedFor(self, id)
  const { addNeedsQuorum, promoteChecksMember } = context.differences
  const judge = {
    self,
    membership,
    addNeedsQuorum,
    promoteChecksMember,
    connectedFor,
    raft: consensus.status(),
  }
  const change = judged(
    request,
    judge,
    Math.floor((startedAtMs + turn.now + context.wallMs) / 1000),
  )
  if (change.type !== 'error') {
    ids.skip()
    return calls.proposeChange(origin, change, context, cause)
  }
  if (request.type !== 'MemberPromote' || change !== errors.NotLeader || origin.type === 'peer')
    return context.refuse(origin, request, change, cause)
  calls.promote(origin, request.ID, context, cause)
}

export function takeClusterMessage(
  from: MemberId,
  message: Exclude<ClusterMessage, { type: `snapshot-${string}` | `downgrade-${string}` }>,
  context: GroupContext,
  cause: EventId,
): void {
  switch (message.type) {
    case 'removed':
      return context.turn.exit(cause)
    case 'promote-forward': {
      const origin: Origin = { type: 'peer', member: from, id: message.id }
      return answerMembership(origin, { type: 'MemberPromote', ID: message.ID }, context, cause)
    }
    case 'promote-answer':
      return context.calls.promotionAnswered(message.id, message.reply, context, cause)
  }
}

/**
 * A change of the group is applied: everybody checks it then, so that all refuse the same. Answers
 * whether it is one.
 */
export function applyChange({ index, data }: ConfChangeEntry, around: GroupContext): boolean {
  const { turn, options, membership, calls } = around
  const { name: member, ID: self } = options
  const tells = turn.trace.tells(index)
  if (data.context === null || data.context.proposal === null || !isChange(data.context.proposal))
    return true
  const { proposal: change, from, id, cause } = data.context
  const call = from === self ? calls.proposal(id) : undefined
  const refused = membership.refusal(change)
  if (refused !== undefined) {
    if (call !== undefined) calls.refuse(call, refused, around)
    return false
  }
  membership.apply(change)
  const event = tells
    ? turn.trace.emit(
        { type: 'cluster-changed', member, change: change.type, ...changed(change, around) },
        turn.cause,
        cause,
      )
    : turn.trace.emit({ type: 'entry-applied', member, index }, turn.cause, cause)
  if (call !== undefined) {
    const added = change.type === 'MemberAdd' ? { member: change.member } : {}
    const reply = {
      type: change.type,
      header: around.header(0),
      members: membership.list(),
      ...added,
    } as Reply
    calls.answer(call, reply, around, event)
  }
  if (change.type !== 'MemberRemove') return true
  // The others close its streams, and it ends when it wants to open them again; by itself a second
  // later (server.go: applyConfChange, stopWithDelay).
  if (change.ID === self) turn.timer('exit', turn.now + REMOVED_STOPS_MS, event)
  else turn.send(change.ID, { type: 'removed' }, event)
  return true
}

/** A member has said its name. `own`: the number of the proposal, where it is this member's. */
export function applyAttributes(
  attributes: MemberAttributes,
  own: number | null,
  tells: boolean,
  around: GroupContext,
  cause: EventId,
): void {
  const { turn, options, membership, calls } = around
  membership.setAttributes(attributes)
  const { ID: peer, name } = attributes
  if (tells)
    turn.trace.emit({ type: 'member-named', member: options.name, peer, name }, turn.cause, cause)
  if (own !== null) calls.published(own)
}

function changed(
  change: MembershipChange,
  { membership }: Around,
): { peer: MemberId; learner: boolean; voters: number } {
  const peer = idOf(change)
  return {
    peer,
    learner: membership.find(peer)?.isLearner ?? false,
    voters: membership.voters.length,
  }
}
