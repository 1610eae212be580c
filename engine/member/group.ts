// The member's part in membership changes: requests, forwarded promotions, and the effects of an
// applied change (etcd: server.go: AddMember …, applyConfChange; semantics §6.7).

import { errors } from '../base/errors'
import type { MemberId, Reply } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { ConfChangeEntry } from './consensus'
import type { MemberContext, Origin } from './context'
import type { MemberAttributes, MembershipChange, MembershipRequest } from './membership'
import { idOf, isChange } from './membership'
import type { ClusterMessage } from './messages'
import type { MemberParts } from './parts'
import { judged } from './reconfiguration'

/** Milliseconds after which a removed member ends (server.go: stopWithDelay). */
const REMOVED_STOPS_MS = 1000

export function answerMembership(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  request: MembershipRequest,
  cause: EventId,
): void {
  const { options, membership, consensus, calls, ids } = parts
  if (request.type === 'MemberList')
    return context.answer(
      origin,
      { type: 'MemberList', header: parts.header(0), members: membership.list() },
      cause,
    )
  const { ID: self, startedAtMs } = options
  const connectedFor = (id: MemberId) => context.trace.connectedFor(self, id)
  const { addNeedsQuorum, promoteChecksMember } = parts.differences
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
    Math.floor((startedAtMs + context.now + parts.ownClock.wallMs) / 1000),
  )
  if (change.type !== 'error') {
    ids.skip()
    return calls.proposeChange(parts, context, origin, change, cause)
  }
  if (request.type !== 'MemberPromote' || change !== errors.NotLeader || origin.type === 'peer')
    return parts.refuse(context, origin, request, change, cause)
  calls.promote(parts, context, origin, request.ID, cause)
}

export function takeClusterMessage(
  parts: MemberParts,
  context: MemberContext,
  from: MemberId,
  message: Exclude<ClusterMessage, { type: `snapshot-${string}` | `downgrade-${string}` }>,
  cause: EventId,
): void {
  switch (message.type) {
    case 'removed':
      return context.exit(cause)
    case 'promote-forward': {
      const origin: Origin = { type: 'peer', member: from, id: message.id }
      return answerMembership(
        parts,
        context,
        origin,
        { type: 'MemberPromote', ID: message.ID },
        cause,
      )
    }
    case 'promote-answer':
      return parts.calls.promotionAnswered(parts, context, message.id, message.reply, cause)
  }
}

/**
 * Applies a membership change. Every member checks it now, so all refuse the same changes. Returns
 * whether it was applied.
 */
export function applyChange(
  parts: MemberParts,
  context: MemberContext,
  { index, data }: ConfChangeEntry,
): boolean {
  const { options, membership, calls } = parts
  const { name: member, ID: self } = options
  const tells = context.trace.tells(index)
  if (data.context === null || data.context.proposal === null || !isChange(data.context.proposal))
    return true
  const { proposal: change, from, id, cause } = data.context
  const call = from === self ? calls.proposal(id) : undefined
  const refused = membership.refusal(change)
  if (refused !== undefined) {
    if (call !== undefined) calls.refuse(parts, context, call, refused)
    return false
  }
  membership.apply(change)
  const event = tells
    ? context.trace.emit(
        { type: 'cluster-changed', member, change: change.type, ...changed(parts, change) },
        context.cause,
        cause,
      )
    : context.trace.emit({ type: 'entry-applied', member, index }, context.cause, cause)
  if (call !== undefined) {
    const added = change.type === 'MemberAdd' ? { member: change.member } : {}
    const reply = {
      type: change.type,
      header: parts.header(0),
      members: membership.list(),
      ...added,
    } as Reply
    calls.answer(context, call, reply, event)
  }
  if (change.type !== 'MemberRemove') return true
  // The others close its streams, and it ends when it tries to open them again, at the latest a
  // second later (server.go: applyConfChange, stopWithDelay).
  if (change.ID === self) context.timer('exit', context.now + REMOVED_STOPS_MS, event)
  else context.send(change.ID, { type: 'removed' }, event)
  return true
}

/** A member has published its name. `own` is the number of the proposal, if it is this member's. */
export function applyAttributes(
  parts: MemberParts,
  context: MemberContext,
  attributes: MemberAttributes,
  own: number | null,
  tells: boolean,
  cause: EventId,
): void {
  const { options, membership, calls } = parts
  membership.setAttributes(attributes)
  const { ID: peer, name } = attributes
  if (tells)
    context.trace.emit(
      { type: 'member-named', member: options.name, peer, name },
      context.cause,
      cause,
    )
  if (own !== null) calls.published(own)
}

function changed(
  { membership }: MemberParts,
  change: MembershipChange,
): { peer: MemberId; learner: boolean; voters: number } {
  const peer = idOf(change)
  return {
    peer,
    learner: membership.find(peer)?.isLearner ?? false,
    voters: membership.voters.length,
  }
}
