// What a member refuses before it proposes a change of the cluster, so that no administrator talks
// a cluster out of its quorum: etcd's strict reconfiguration check, on by default (server.go:
// mayAddMember, mayRemoveMember, mayPromoteMember; semantics §6.7). It judges by what this member
// has applied and by whom it is connected to, so that two members may judge differently.

import { errors } from '../base/errors'
import type { MemberId, MemberInfo, RpcError } from '../base/rpc'
import type { RaftStatus } from '../raft/raft'
import type { Membership, MembershipChange, MembershipRequest } from './membership'
import { areUrls, newMember } from './membership'

/**
 * Milliseconds for which a member must have been connected to another to count it as well
 * (server.go: HealthInterval).
 */
export const HEALTH_INTERVAL_MS = 5000
/**
 * The part of the leader's log that a learner must have to be promoted: 9 of 10 (server.go:
 * readyPercent).
 */
const READY_TENTHS = 9

/** Judges with the eyes of one member. */
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
   * How many ms this member has been connected to another one; null for one that it is not
   * connected to.
   */
  connectedFor(id: MemberId): number | null
  raft: RaftStatus
}

/**
 * The change that a request asks for, or why it is refused at once. `unixSeconds` is the time of
 * day: the ID of a new member is made of it.
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
  // One voter and a second: else a lone member could never be made three (cluster.go:
  // IsReadyToAddVotingMember).
  const grows = started === 1 && voters.length === 1
  if (!isLearner && !grows && started < quorumOf(voters.length + 1))
    return errors.NotEnoughStartedMembers
  const well = voters.filter(({ ID }) => ID === self || isWell(ID, connectedFor)).length
  // A lone member may always be joined.
  const needed = addNeedsQuorum && voters.length > 1 ? quorumOf(voters.length + 1) : voters.length
  return well < needed ? errors.Unhealthy : undefined
}

function mayRemove(id: MemberId, { self, membership, connectedFor }: Judge): RpcError | undefined {
  if (membership.find(id)?.isLearner) return undefined
  const { voters } = membership
  const rest = voters.filter(({ ID }) => ID !== id)
  if (rest.length === 0 || rest.filter(isStarted).length < quorumOf(rest.length))
    return errors.NotEnoughStartedMembers
  // Who is not connected has no part in the quorum: it may go.
  if (id !== self && connectedFor(id) === null) return undefined
  const active = voters.filter(({ ID }) => ID === self || isWell(ID, connectedFor)).length
  return active - 1 < 1 + Math.floor((voters.length - 1) / 2) ? errors.Unhealthy : undefined
}

/**
 * Only a leader knows how far a learner is; whoever is none answers so, and the request is passed
 * on (server.go: isLearnerReady).
 */
function mayPromote(
  id: MemberId,
  { membership, raft, promoteChecksMember }: Judge,
): RpcError | undefined {
  if (raft.role !== 'leader') return errors.NotLeader
  const learner = raft.progress.find((pr) => pr.id === id)
  const own = raft.progress.find((pr) => pr.id === raft.id)
  // Older versions propose the change, and its entry comes to nothing.
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

/** It has said its name (membership/member.go: IsStarted). */
function isStarted({ name }: MemberInfo): boolean {
  return name !== ''
}

function isWell(id: MemberId, connectedFor: Judge['connectedFor']): boolean {
  const ms = connectedFor(id)
  return ms !== null && ms >= HEALTH_INTERVAL_MS
}
