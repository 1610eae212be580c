// The checks of a member before it proposes a membership change, so that no administrator can
// destroy the cluster's quorum: etcd's strict reconfiguration check, on by default (server.go:
// mayAddMember, mayRemoveMember, mayPromoteMember; semantics §6.7). The checks use this member's
// applied state and connections, so two members may decide differently.

import { errors } from '../base/errors'
import type { MemberId, MemberInfo, RpcError } from '../base/rpc'
import type { RaftStatus } from '../raft/raft'
import type { Membership, MembershipChange, MembershipRequest } from './membership'
import { areUrls, newMember } from './membership'

/**
 * A connection to another member counts only after this many milliseconds (server.go:
 * HealthInterval).
 */
export const HEALTH_INTERVAL_MS = 5000
/**
 * The part of the leader's log that a learner must have to be promoted: 9 of 10 (server.go:
 * readyPercent).
 */
const READY_TENTHS = 9

/** The data of one member for these checks. */
export interface Judge {
  self: MemberId
  membership: Membership
  /**
   * A majority of the group with the new voter must be connected, not every voter (versions.ts:
   * addNeedsQuorum).
   */
  addNeedsQuorum: boolean
  /** versions.ts: promoteChecksMember. */
  promoteChecksMember: boolean
  /**
   * The ms for which this member has been connected to another one; null if it is not connected.
   */
  connectedFor(id: MemberId): number | null
  raft: RaftStatus
}

/**
 * The change of a request, or the error that refuses it at once. `unixSeconds` is the time of day,
 * which is part of a new member's ID.
 */
export function judged(
  request: Exclude<MembershipRequest, { type: 'MemberList' }>,
  judge: Judge,
  unixSeconds: number,
): MembershipChange | RpcError {
  switch (request.type) {
    case 'MemberAdd': {
      if (!areUrls(request.peerURLs)) return errors.MemberBadURLs
      const member = newMember(request, unixSeconds)
      return mayAdd(member, judge) ?? { type: 'MemberAdd', member }
    }
    case 'MemberRemove':
      return mayRemove(request.ID, judge) ?? { type: 'MemberRemove', ID: request.ID }
    case 'MemberPromote':
      return mayPromote(request.ID, judge) ?? { type: 'MemberPromote', ID: request.ID }
    case 'MemberUpdate':
      return { type: 'MemberUpdate', ID: request.ID, peerURLs: [...request.peerURLs] }
  }
}

function mayAdd(
  { isLearner }: MemberInfo,
  { self, membership, addNeedsQuorum, connectedFor }: Judge,
): RpcError | undefined {
  const { voters } = membership
  const started = voters.filter(isStarted).length
  // From one voter to two: otherwise a lone member could never become three (cluster.go:
  // IsReadyToAddVotingMember).
  const grows = started === 1 && voters.length === 1
  if (!isLearner && !grows && started < quorumOf(voters.length + 1))
    return errors.NotEnoughStartedMembers
  const well = voters.filter(({ ID }) => ID === self || isWell(ID, connectedFor)).length
  // A member can always join a lone member.
  const needed = addNeedsQuorum && voters.length > 1 ? quorumOf(voters.length + 1) : voters.length
  return well < needed ? errors.Unhealthy : undefined
}

function mayRemove(id: MemberId, { self, membership, connectedFor }: Judge): RpcError | undefined {
  if (membership.find(id)?.isLearner) return undefined
  const { voters } = membership
  const rest = voters.filter(({ ID }) => ID !== id)
  if (rest.length === 0 || rest.filter(isStarted).length < quorumOf(rest.length))
    return errors.NotEnoughStartedMembers
  // A member that is not connected has no part in the quorum: it may be removed.
  if (id !== self && connectedFor(id) === null) return undefined
  const active = voters.filter(({ ID }) => ID === self || isWell(ID, connectedFor)).length
  return active - 1 < 1 + Math.floor((voters.length - 1) / 2) ? errors.Unhealthy : undefined
}

/**
 * Only the leader knows a learner's progress. Other members answer ErrNotLeader, and the request is
 * forwarded (server.go: isLearnerReady).
 */
function mayPromote(
  id: MemberId,
  { membership, raft, promoteChecksMember }: Judge,
): RpcError | undefined {
  if (raft.role !== 'leader') return errors.NotLeader
  const learner = raft.progress.find((pr) => pr.id === id)
  const own = raft.progress.find((pr) => pr.id === raft.id)
  // Older versions propose the change, and its entry has no effect.
  if (learner === undefined && promoteChecksMember) return errors.MemberNotFound
  if (learner !== undefined && own !== undefined && learner.match * 10 < own.match * READY_TENTHS)
    return errors.LearnerNotReady
  const { voters } = membership
  const started = voters.filter(isStarted).length + 1
  return started < quorumOf(voters.length + 1) ? errors.NotEnoughStartedMembers : undefined
}

function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** It has published its name (membership/member.go: IsStarted). */
function isStarted({ name }: MemberInfo): boolean {
  return name !== ''
}

function isWell(id: MemberId, connectedFor: Judge['connectedFor']): boolean {
  const ms = connectedFor(id)
  return ms !== null && ms >= HEALTH_INTERVAL_MS
}
